// Internal to core.
//
// Reads the component's one socket. The workers pass a token round: its holder reads a batch, hands
// every datagram to the worker that its peer meets, and lets the token go before it runs callbacks of
// its own. So datagrams of one peer stay in the order in which the kernel gave them, and a blocked
// callback never stops reception.
//
// Threads:  its worker.
// Owner:    its worker.
// Spec: decisions 6.2
#ifndef HPSOCKET_CORE_DATAGRAM_DATAGRAM_READER_H_
#define HPSOCKET_CORE_DATAGRAM_DATAGRAM_READER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/datagram/packet.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/net/receive_batch.h"

namespace hpsocket::core {

class DatagramEngine;
class DatagramWorker;

class DatagramReader final : private ReadinessOperation {
 public:
  DatagramReader(DatagramEngine& engine, DatagramWorker& worker);

  // Throws std::bad_alloc.
  void Open(uint32_t batch, uint32_t datagram_size, PolledSocket& socket);

  // Before the worker waits: takes the token if nobody has it, and asks to be told when there is
  // something to read. True: there is already.
  bool Prepare();
  // After it has waited.
  void Run();
  // Stop: reads no more; ended() turns true in a later round.
  void BeginEnd();
  bool ended() const { return !in_flight(); }
  // The last batch was full, or the port says that there is something.
  bool has_more() const { return ready_; }
  // When Prepare() wants to be called again at the latest.
  TimePoint next_deadline() const { return waits_until_ == kAtOnce ? kForever : waits_until_; }
  uint64_t receive_calls() const { return receive_calls_; }
  size_t memory_bytes() const { return batch_ == nullptr ? 0 : batch_->memory_bytes(); }

 private:
  void HandleReady(int result) override;
  int ReadBatch();
  void LookForRuns(uint32_t count);
  void Deliver(const ReceiveBatch::Message& message, uint64_t hash);
  // The socket has one peer, or one worker: no datagram changes hands.
  void DeliverAll(uint32_t count);
  bool Distribute(uint32_t count);
  void HandOver(uint32_t count);

  DatagramEngine& engine_;
  DatagramWorker& worker_;
  std::unique_ptr<ReceiveBatch> batch_;
  bool ready_ = false;
  TimePoint waits_until_ = kAtOnce;  // nobody is asked before whether there is something to read
  bool ending_ = false;
  uint64_t receive_calls_ = 0;
  // The kernel has been asked to merge runs of datagrams: from now on `batch_` is this. Null before, where
  // only this worker reads; and after.
  std::unique_ptr<ReceiveBatch> for_messages_;
  uint32_t runs_ = 0;             // batches in a row
  bool may_ask_to_merge_ = true;  // the kernel has not refused
  // Of a batch that is distributed: the hash of each slot's peer; each worker's bytes, then memory.
  std::vector<uint64_t> hashes_;
  std::vector<uint32_t> room_;
  std::vector<Arrivals*> shares_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_DATAGRAM_READER_H_
