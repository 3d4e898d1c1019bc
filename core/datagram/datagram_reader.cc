#include "hpsocket/core/datagram/datagram_reader.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"

namespace hpsocket::core {
namespace {

// A connected socket tells one by one what ICMP said of what was sent: not of interest, and no reason to
// read later.
constexpr int kMostReports = 16;
// Batches in a row after which a peer is believed to send in runs.
constexpr uint32_t kRunsToBelieve = 4;
// Each holds up to 64 datagrams; more would not stay in the cache until they are delivered.
constexpr uint32_t kMostMessages = 16;

std::unique_ptr<ReceiveBatch> NewBatchForMessages(uint32_t datagrams, uint32_t datagram_size,
                                                  bool addressed) {
  return std::make_unique<ReceiveBatch>(std::min(datagrams, kMostMessages), datagram_size,
                                        ReceiveBatch::Slots::kMessage, addressed);
}

}  // namespace

DatagramReader::DatagramReader(DatagramEngine& engine, DatagramWorker& worker)
    : engine_(engine), worker_(worker) {}

void DatagramReader::Open(uint32_t batch, uint32_t datagram_size, PolledSocket& polled) {
  socket = &polled;
  batch_ = std::make_unique<ReceiveBatch>(batch, datagram_size, ReceiveBatch::Slots::kDatagram,
                                          engine_.tells_local());
  const size_t workers = engine_.planned_workers();
  if (workers == 1) return;
  // Any of them may ask the kernel to merge, and then all have to read so.
  for_messages_ = NewBatchForMessages(batch, datagram_size, engine_.tells_local());
  hashes_.resize(batch);
  room_.resize(workers);
  shares_.resize(workers);
}

bool DatagramReader::Prepare() {
  if (waits_until_ != kAtOnce && worker_.now() >= waits_until_) waits_until_ = kAtOnce;
  if (ending_ || socket->fd < 0 || !engine_.TakeReaderToken(worker_.index())) return false;
  if (!ready_ && !in_flight() && waits_until_ == kAtOnce) worker_.port().AwaitReady(*this);
  return ready_;
}

void DatagramReader::HandleReady(int result) {
  if (ending_) return;
  ready_ = true;  // after an error, too: there may be something
  if (result != 0) waits_until_ = worker_.now() + kBlindPeriod;
}

void DatagramReader::BeginEnd() {
  ending_ = true;
  ready_ = false;
  waits_until_ = kAtOnce;
  if (in_flight()) worker_.port().Cancel(*this);
}

int DatagramReader::ReadBatch() {
  if (engine_.merges() && !batch_->holds_messages()) batch_ = std::move(for_messages_);
  for (int reports = 0; reports < kMostReports; ++reports) {
    ++receive_calls_;
    const int count = engine_.world().network().ReceiveDatagrams(socket->fd, *batch_);
    if (count >= 0 || count == -EAGAIN) return std::max(count, 0);
    // Anything else speaks of datagrams that were sent.
    if (count != -ENOMEM && count != -ENOBUFS) continue;
    // Short of memory. Not as soon as there is something to read, which is now.
    waits_until_ = worker_.now() + kBlindPeriod;
    break;
  }
  return 0;
}

// Asks the kernel to hand over many datagrams as one message, where a peer sends so that it can. It stays so:
// what is merged already could not be told from one datagram otherwise.
void DatagramReader::LookForRuns(uint32_t count) {
  if (!may_ask_to_merge_ || batch_->holds_messages() || count < ReceiveBatch::kShortestRun) return;
  runs_ = batch_->IsRun(count) ? runs_ + 1 : 0;
  if (runs_ < kRunsToBelieve) return;
  runs_ = 0;
  if (for_messages_ == nullptr) {
    try {
      for_messages_ =
          NewBatchForMessages(batch_->capacity(), engine_.running().max_datagram_size, engine_.tells_local());
    } catch (const std::bad_alloc&) {
      return;  // there may be memory later
    }
  }
  if (engine_.world().network().SetOption(socket->fd, SOL_UDP, UDP_GRO, 1) == 0) {
    engine_.NoteMerges();
  } else {
    may_ask_to_merge_ = false;
  }
}

void DatagramReader::Run() {
  if (!ready_ || ending_) return;
  ready_ = false;
  if (!engine_.HasReaderToken(worker_.index())) return;
  // Read before this batch, so delivered before it. Where that is much, somebody else reads meanwhile.
  if (!worker_.CollectArrivals()) return worker_.LetOthersRead();
  const bool older = worker_.has_arrivals();
  const uint32_t count = static_cast<uint32_t>(ReadBatch());
  if (count == batch_->capacity()) ready_ = true;  // there is more; no need to ask
  LookForRuns(count);
  if (engine_.planned_workers() == 1) {
    DeliverAll(count);
    return;
  }
  if (Distribute(count) || older) {
    ready_ = false;
    worker_.LetOthersRead();
  }
  worker_.DeliverArrivals();
  const uint32_t own = worker_.index();
  for (uint32_t i = 0; i < count; ++i) {
    if (engine_.WorkerOfHash(hashes_[i]) == own) Deliver(batch_->at(i), hashes_[i]);
  }
}

void DatagramReader::Deliver(const ReceiveBatch::Message& message, uint64_t hash) {
  const Origin origin{message.from, message.to, hash};
  batch_->ForEachDatagram(message, [&](const uint8_t* data, uint32_t length, bool oversize) {
    worker_.Deliver(origin, data, length, oversize);
  });
}

void DatagramReader::DeliverAll(uint32_t count) {
  const bool server = engine_.role() == Role::kServer;
  for (uint32_t i = 0; i < count; ++i) {
    const ReceiveBatch::Message message = batch_->at(i);
    Deliver(message, server ? engine_.HashOf(message.from) : 0);
  }
}

// Whether some are for this worker.
bool DatagramReader::Distribute(uint32_t count) {
  const uint32_t own = worker_.index();
  bool has_own = false;
  std::fill(room_.begin(), room_.end(), 0);
  for (uint32_t i = 0; i < count; ++i) {
    const ReceiveBatch::Message message = batch_->at(i);
    hashes_[i] = engine_.HashOf(message.from);
    const uint32_t target = engine_.WorkerOfHash(hashes_[i]);
    if (target == own) {
      has_own = true;
    } else {
      batch_->ForEachDatagram(message, [&](const uint8_t*, uint32_t length, bool) {
        room_[target] += static_cast<uint32_t>(Arrivals::Room(length));
      });
    }
  }
  HandOver(count);
  return has_own;
}

void DatagramReader::HandOver(uint32_t count) {
  for (size_t target = 0; target < room_.size(); ++target)
    shares_[target] = room_[target] == 0 ? nullptr : worker_.NewArrivals(room_[target]);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t target = engine_.WorkerOfHash(hashes_[i]);
    if (target == worker_.index()) continue;
    const ReceiveBatch::Message message = batch_->at(i);
    const Origin origin{message.from, message.to, hashes_[i]};
    if (engine_.parallel()) engine_.workers()[target].watch().NoteHeard(hashes_[i], worker_.now());
    batch_->ForEachDatagram(message, [&](const uint8_t* data, uint32_t length, bool oversize) {
      if (shares_[target] == nullptr) {
        engine_.CountUndelivered(1);
      } else {
        shares_[target]->Add({origin, length, oversize}, data);
      }
    });
  }
  for (size_t target = 0; target < room_.size(); ++target) {
    if (shares_[target] != nullptr) engine_.workers()[target].PushArrivals(shares_[target]);
  }
}

}  // namespace hpsocket::core
