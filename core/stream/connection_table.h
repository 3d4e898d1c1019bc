// Internal to core.
//
// Finds connections by ID. Direct-mapped: an ID's slot is `id & mask`, because IDs may be skipped
// until one fits, so a lookup is one load and one compare. The array doubles when it is 3/4 full;
// the old ones stay until Clear(), since somebody may still be looking.
//
// Threads:  Find* any thread, lock-free; the rest any thread, by a lock.
// Owner:    the table owns its arrays, not the connections.
// Lifetime: what Find gives is safe to touch on the connection's own worker, and elsewhere inside
//           the CallGate (then under the connection's lock, comparing the ID again).
// Errors:   an insert that finds no memory fails.
#ifndef HPSOCKET_CORE_STREAM_CONNECTION_TABLE_H_
#define HPSOCKET_CORE_STREAM_CONNECTION_TABLE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {

class Connection;

// The process-wide counter. Starts at 1, skips 0 when it wraps. Spec: decisions 1.4
CONNID NextConnectionId();
// The next ID will be `id`. Tests of the wrap-around, and of runs that have to replay.
void SetNextConnectionIdForTest(CONNID id);

class ConnectionTable {
 public:
  static constexpr uint32_t kNoWorker = UINT32_MAX;

  ConnectionTable();
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;
  ~ConnectionTable();

  // Gives `connection` an ID, which `*id` has before anybody can find it, unless closed. False when
  // closed or out of memory.
  bool Insert(Connection* connection, uint32_t worker, std::atomic<CONNID>* id);
  // The same with an ID that was taken from NextConnectionId() before; false when its slot is taken.
  bool InsertAs(CONNID id, Connection* connection, uint32_t worker);
  void Remove(CONNID id);

  // Stop: no insert succeeds any more.
  void Close();
  // Empty, open, with the memory of a new one. Nobody may be looking.
  void Reset();

  // Null unless `id` is in the table and belongs to `worker`.
  Connection* FindOwned(CONNID id, uint32_t worker) const {
    const Array* array = array_.load(std::memory_order_acquire);
    const Slot& slot = array->slots[id & array->mask];
    if (slot.id.load(std::memory_order_acquire) != id ||
        slot.worker.load(std::memory_order_relaxed) != worker) {
      return nullptr;
    }
    return slot.connection.load(std::memory_order_relaxed);
  }

  // Any worker's. Inside the gate.
  Connection* Find(CONNID id) const {
    const Array* array = array_.load(std::memory_order_acquire);
    const Slot& slot = array->slots[id & array->mask];
    if (id == 0 || slot.id.load(std::memory_order_acquire) != id) return nullptr;
    return slot.connection.load(std::memory_order_relaxed);
  }

  uint32_t count() const { return count_.load(std::memory_order_acquire); }
  std::vector<CONNID> AllIds() const;
  size_t memory_bytes() const;

 private:
  struct Slot {
    std::atomic<CONNID> id{0};
    std::atomic<Connection*> connection{nullptr};
    std::atomic<uint32_t> worker{kNoWorker};
  };

  struct Array {
    size_t mask = 0;
    std::unique_ptr<Slot[]> slots;
  };

  static std::unique_ptr<Array> NewArray(size_t size);
  static void Fill(Slot& slot, CONNID id, Connection* connection, uint32_t worker);
  bool GrowIfFull() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::atomic<Array*> array_;
  std::atomic<uint32_t> count_{0};
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Array>> arrays_ ABSL_GUARDED_BY(mutex_);  // the last one is current
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CONNECTION_TABLE_H_
