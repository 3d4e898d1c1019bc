#include "hpsocket/core/io/fake_port.h"

#include <limits.h>

#include <algorithm>
#include <cerrno>

namespace hpsocket::core {
namespace {

constexpr double kCoin = 0.5;
// A port with one socket keeps this many buffers.
constexpr uint32_t kSingleSocketBuffers = 4;
// What a large buffer holds here: more than a socket, and cheap to fill and compare.
constexpr uint32_t kLargestBuffer = 128 * 1024;
constexpr uint32_t kMostLargeBuffers = 2;

}  // namespace

FakePort::FakePort(FakeClock& clock, FakeKernel& kernel, FakeFaults& faults, StepDriver& driver,
                   FakeTrace& trace, bool sends_at_once)
    : clock_(clock),
      kernel_(kernel),
      faults_(faults),
      driver_(driver),
      trace_(trace),
      sends_at_once_(sends_at_once) {}

FakePort::~FakePort() {
  if (in_run_once_) HP_FATAL("a port was destroyed inside its own RunOnce()");
  if (!flights_.empty()) HP_FATAL(("a port was destroyed with operations in flight: " + Describe()).c_str());
  CloseDeferred();
  for (const auto& [fd, ids] : by_fd_) kernel_.Watch(fd, nullptr);
  if (open_) driver_.RemovePort(*this);
}

int FakePort::Open(const PortOptions& options, std::string* why) {
  driver_.CheckThread();
  if (open_) HP_FATAL("Open() of a port that is open");
  driver_.CountEffect();
  if (const int error = faults_.Call(FakeCall::kPortOpen)) {
    *why = "simulated: " + faults_.last_failure();
    return -error;
  }
  open_ = true;
  owner_ = driver_.current();
  driver_.AddPort(*this, owner_);
  uint32_t count = options.single_socket ? kSingleSocketBuffers : options.small_buffer_count;
  if (faults_.options().receive_buffers != 0) count = std::min(count, faults_.options().receive_buffers);
  const auto recycled = [this] { Unpark(); };
  small_ = std::make_unique<FakeBuffers>(options.small_buffer_size, std::max(count, 1u), recycled);
  if (!options.single_socket && options.large_buffer_count > 0) {
    large_ = std::make_unique<FakeBuffers>(std::min(options.large_buffer_size, kLargestBuffer),
                                           std::min(options.large_buffer_count, kMostLargeBuffers), recycled);
  }
  return 0;
}

void FakePort::Accept(AcceptOperation& operation) { Submit(Kind::kAccept, operation, operation.socket); }

void FakePort::Connect(ConnectOperation& operation) { Submit(Kind::kConnect, operation, operation.socket); }

void FakePort::Receive(ReceiveOperation& operation) {
  if (operation.socket != nullptr && operation.socket->receive != nullptr) {
    HP_FATAL("two receives in flight on one socket");
  }
  Submit(Kind::kReceive, operation, operation.socket);
  operation.socket->receive = &operation;
}

int64_t FakePort::Send(SendOperation& operation, const iovec* pieces, int count) {
  if (operation.socket != nullptr && operation.socket->send != nullptr)
    HP_FATAL("two sends in flight on one socket");
  HP_CHECK(count > 0 && count <= IOV_MAX);
  Flight& flight = Submit(Kind::kSend, operation, operation.socket);
  operation.socket->send = &operation;
  flight.pieces.assign(pieces, pieces + count);
  size_t total = 0;
  for (const iovec& piece : flight.pieces) total += piece.iov_len;
  if (total == 0) HP_FATAL("Send() of nothing");
  // Reads the bytes: AddressSanitizer finds what is not there.
  flight.checksum = ChecksumOf(flight.pieces);

  const bool now = sends_at_once_ != faults_.Chance(faults_.options().send_other_way);
  if (!now) return kPending;
  const int64_t result = WriteNow(flight.fd, pieces, count);
  if (result == -EAGAIN) return kPending;
  trace_.Add("sent at once", flight.fd, result);
  Forget(flight);
  operation.socket->send = nullptr;
  operation.PortEnd();
  return result;
}

void FakePort::Cancel(AcceptOperation& operation) {
  CancelFlight(Kind::kAccept, operation, operation.socket);
}
void FakePort::Cancel(ConnectOperation& operation) {
  CancelFlight(Kind::kConnect, operation, operation.socket);
}
void FakePort::Cancel(ReceiveOperation& operation) {
  CancelFlight(Kind::kReceive, operation, operation.socket);
}
void FakePort::Cancel(SendOperation& operation) { CancelFlight(Kind::kSend, operation, operation.socket); }

void FakePort::AwaitReady(ReadinessOperation& operation) {
  Submit(operation.to_write ? Kind::kWritable : Kind::kReadable, operation, operation.socket);
  (operation.to_write ? operation.socket->writer : operation.socket->reader) = &operation;
}

void FakePort::Cancel(ReadinessOperation& operation) {
  CancelFlight(operation.to_write ? Kind::kWritable : Kind::kReadable, operation, operation.socket);
}

void FakePort::Forget(PolledSocket& socket) {
  CheckOwner();
  driver_.CountEffect();
  if (socket.fd < 0) return;
  const auto known = by_fd_.find(socket.fd);
  if ((known != by_fd_.end() && !known->second.empty()) || socket.reader != nullptr ||
      socket.writer != nullptr) {
    HP_FATAL(("Forget() of a socket with operations in flight: " + Describe()).c_str());
  }
  if (known != by_fd_.end()) by_fd_.erase(known);
  kernel_.Unwatch(socket.fd, this);
  socket.fd = -1;
}

void FakePort::Close(PortSocket& socket) {
  CheckOwner();
  driver_.CountEffect();
  const FakeSocket& record = kernel_.Get(socket.fd);
  const auto known = by_fd_.find(socket.fd);
  if (record.watcher != nullptr && record.watcher != this) HP_FATAL("Close() of another port's socket");
  if ((known != by_fd_.end() && !known->second.empty()) || socket.receive != nullptr ||
      socket.send != nullptr) {
    HP_FATAL(("Close() of a socket with operations in flight: " + Describe()).c_str());
  }
  if (known != by_fd_.end()) by_fd_.erase(known);
  trace_.Add("port close", socket.fd);
  kernel_.Watch(socket.fd, nullptr);
  if (faults_.Chance(kCoin)) {
    // As io_uring does it: the descriptor stays until the close has been submitted.
    deferred_closes_.push_back(socket.fd);
  } else {
    kernel_.Close(socket.fd);
  }
  socket.fd = -1;
}

void FakePort::RunOnce(TimePoint deadline) {
  CheckOwner();
  if (in_run_once_) HP_FATAL("RunOnce() inside a handler of the same port");
  CloseDeferred();
  BeginSubmitted();
  if (!HasWork() && deadline > clock_.Now() && !driver_.SleepInRound(deadline)) {
    driver_.PumpUntil(
        "RunOnce of the test's port", [this] { return HasWork(); }, deadline);
  }
  const std::vector<uint64_t> ready = TakeReady();
  if (woken_ || !ready.empty()) driver_.CountEffect();
  woken_ = false;
  if (!ready.empty() && faults_.Chance(faults_.options().queue_overflow)) ++stats_.cq_overflows;
  in_run_once_ = true;
  for (const uint64_t id : ready) {
    Flight* flight = FindFlight(id);
    if (flight != nullptr && flight->state == State::kReady) GoOn(*flight);
  }
  in_run_once_ = false;
}

bool FakePort::Wake() {
  driver_.CheckThread();
  driver_.CountEffect();
  const bool waited = !in_run_once_ && !woken_;
  woken_ = true;
  return waited;
}

PortStats FakePort::stats() const {
  PortStats stats = stats_;
  for (const FakeBuffers* buffers : {small_.get(), large_.get()}) {
    if (buffers == nullptr) continue;
    stats.buffer_bytes += buffers->bytes();
    stats.leases += buffers->leased();
  }
  return stats;
}

bool FakePort::HasWork() const { return woken_ || !new_.empty() || !ready_.empty(); }

std::string FakePort::Describe() const {
  static constexpr const char* kKinds[] = {"accept", "connect", "receive", "send", "readable", "writable"};
  static constexpr const char* kStates[] = {"new", "waiting", "delayed", "ready", "without a buffer"};
  std::string text = "port with " + std::to_string(flights_.size()) + " operations in flight";
  for (const auto& [id, flight] : flights_) {
    text += "\n        " + std::string(kKinds[static_cast<int>(flight.kind)]) + " " +
            kStates[static_cast<int>(flight.state)] + (flight.cancelled ? ", cancelled, " : ", ") +
            kernel_.Describe(flight.fd);
  }
  return text;
}

void FakePort::HandleSocketChange(int fd) {
  const auto known = by_fd_.find(fd);
  if (known == by_fd_.end()) return;
  for (const uint64_t id : known->second) Consider(*FindFlight(id));
}

bool FakePort::SendInFlight(int fd) const {
  const auto known = by_fd_.find(fd);
  if (known == by_fd_.end()) return false;
  return std::any_of(known->second.begin(), known->second.end(),
                     [this](uint64_t id) { return flights_.at(id).kind == Kind::kSend; });
}

void FakePort::CheckOwner() const {
  driver_.CheckThread();
  if (!open_) HP_FATAL("a port is used before Open()");
  // What a finished worker has left may be cleared away by whoever waited for it.
  if (owner_ != driver_.current() && !driver_.finished(owner_)) {
    HP_FATAL("a port is used by another thread than its worker");
  }
}

FakePort::Flight& FakePort::Submit(Kind kind, Operation& operation, PortSocket* socket) {
  CheckOwner();
  if (operation.in_flight()) HP_FATAL("an operation was submitted while it is in flight");
  if (socket == nullptr || !kernel_.Exists(socket->fd))
    HP_FATAL("an operation was submitted on no open socket");
  driver_.CountEffect();
  std::set<uint64_t>& ids = by_fd_[socket->fd];
  for (const uint64_t id : ids) {
    if (flights_.at(id).kind == kind) HP_FATAL("two operations of one kind in flight on one socket");
  }
  kernel_.Watch(socket->fd, this);
  operation.PortBegin();
  Flight flight;
  flight.id = ++last_flight_;
  flight.kind = kind;
  flight.fd = socket->fd;
  flight.socket = socket;
  flight.operation = &operation;
  ids.insert(flight.id);
  trace_.Add("submit", static_cast<int64_t>(kind), flight.fd);
  new_.insert(flight.id);
  return flights_[flight.id] = flight;
}

void FakePort::CancelFlight(Kind kind, Operation& operation, const PortSocket* socket) {
  CheckOwner();
  if (!operation.in_flight()) return;
  const auto known = by_fd_.find(socket->fd);
  for (const uint64_t id : known == by_fd_.end() ? std::set<uint64_t>() : known->second) {
    Flight& flight = flights_.at(id);
    if (flight.operation != &operation) continue;
    trace_.Add("cancel", static_cast<int64_t>(kind), flight.fd);
    driver_.CountEffect();
    operation.PortMarkCancelled();
    flight.cancelled = true;
    if (flight.state != State::kNew) {
      SetState(flight, State::kWaiting);
      MakeReadyLater(flight, faults_.Delay());
    }
    return;
  }
  HP_FATAL("an operation was cancelled at another port than the one it is in flight at");
}

void FakePort::SetState(Flight& flight, State state) {
  flight.state = state;
  new_.erase(flight.id);
  if (state == State::kReady) {
    ready_.insert(flight.id);
  } else {
    ready_.erase(flight.id);
  }
}

FakePort::Flight* FakePort::FindFlight(uint64_t id) {
  const auto found = flights_.find(id);
  return found == flights_.end() ? nullptr : &found->second;
}

void FakePort::BeginSubmitted() {
  for (const uint64_t id : std::exchange(new_, {})) {
    Flight& flight = flights_.at(id);
    SetState(flight, State::kWaiting);
    if (flight.kind == Kind::kReadable || flight.kind == Kind::kWritable) flight.error = ErrorOfWaiting();
    if (flight.kind == Kind::kConnect) {
      auto& operation = *static_cast<ConnectOperation*>(flight.operation);
      const int result = kernel_.StartConnect(flight.fd, operation.address);
      // A refusal on the spot is found by ConnectResult() like any other.
      if (result < 0) kernel_.RememberConnectResult(flight.fd, result);
    }
    if (flight.cancelled) {
      MakeReadyLater(flight, faults_.Delay());
    } else {
      Consider(flight);
    }
  }
}

bool FakePort::CanGoOn(const Flight& flight) const {
  if (flight.error != 0) return true;
  switch (flight.kind) {
    case Kind::kAccept:
      return kernel_.Acceptable(flight.fd);
    case Kind::kConnect:
      return kernel_.ConnectResult(flight.fd) != -EINPROGRESS;
    case Kind::kReceive:
      return kernel_.Readable(flight.fd);
    case Kind::kSend:
    case Kind::kWritable:
      return kernel_.Writable(flight.fd);
    case Kind::kReadable:
      return kernel_.Readable(flight.fd);
  }
  return false;
}

void FakePort::Consider(Flight& flight) {
  if (flight.state == State::kWaiting && CanGoOn(flight)) MakeReadyLater(flight, faults_.Delay());
}

void FakePort::MakeReadyLater(Flight& flight, Duration delay) {
  if (delay == Duration::zero()) {
    SetState(flight, State::kReady);
    return;
  }
  if (flight.state != State::kParked) SetState(flight, State::kDelayed);
  kernel_.After(delay, [weak = std::weak_ptr<FakePort*>(self_), id = flight.id] {
    const std::shared_ptr<FakePort*> port = weak.lock();
    Flight* late = port == nullptr ? nullptr : (*port)->FindFlight(id);
    if (late != nullptr && (late->state == State::kDelayed || late->state == State::kParked)) {
      (*port)->SetState(*late, State::kReady);
    }
  });
}

std::vector<uint64_t> FakePort::TakeReady() {
  std::vector<uint64_t> ready(ready_.begin(), ready_.end());
  const double reorder = faults_.options().reorder;
  for (size_t i = 1; i < ready.size(); ++i) {
    if (faults_.Chance(reorder)) std::swap(ready[i], ready[faults_.IndexBelow(i + 1)]);
  }
  // Some have not ended yet as far as this round is concerned; one has.
  while (ready.size() > 1 && faults_.Chance(reorder / 2)) ready.pop_back();
  return ready;
}

void FakePort::Forget(const Flight& flight) {
  by_fd_[flight.fd].erase(flight.id);
  new_.erase(flight.id);
  ready_.erase(flight.id);
  flights_.erase(flight.id);
}

void FakePort::End(Flight& flight, int64_t result) {
  const Kind kind = flight.kind;
  Operation* operation = flight.operation;
  PortSocket* socket = flight.socket;
  if (socket->fd != flight.fd) HP_FATAL("a PortSocket was changed while an operation was in flight on it");
  trace_.Add("end", static_cast<int64_t>(kind) << 32 | flight.fd, result);
  Forget(flight);
  operation->PortEnd();
  switch (kind) {
    case Kind::kAccept:
      static_cast<AcceptOperation*>(operation)->HandleAcceptEnded(static_cast<int>(result));
      break;
    case Kind::kConnect:
      static_cast<ConnectOperation*>(operation)->HandleConnected(static_cast<int>(result));
      break;
    case Kind::kReceive:
      socket->receive = nullptr;
      static_cast<ReceiveOperation*>(operation)->HandleReceiveEnded(static_cast<int>(result));
      break;
    case Kind::kSend:
      socket->send = nullptr;
      static_cast<SendOperation*>(operation)->HandleSent(result);
      break;
    case Kind::kReadable:
      static_cast<PolledSocket*>(socket)->reader = nullptr;
      static_cast<ReadinessOperation*>(operation)->HandleReady(static_cast<int>(result));
      break;
    case Kind::kWritable:
      static_cast<PolledSocket*>(socket)->writer = nullptr;
      static_cast<ReadinessOperation*>(operation)->HandleReady(static_cast<int>(result));
      break;
  }
}

void FakePort::CloseDeferred() {
  for (const int fd : std::exchange(deferred_closes_, {})) kernel_.Close(fd);
}

void FakePort::Unpark() {
  CheckOwner();
  driver_.CountEffect();
  for (auto& [id, flight] : flights_) {
    if (flight.state == State::kParked) SetState(flight, State::kReady);
  }
}

}  // namespace hpsocket::core
