// Internal to core.
//
// Finds connections by ID. Direct-mapped: an ID's slot is `id & mask`, because IDs may be skipped
// until one fits, so a lookup is three loads of one cache line. The array grows fourfold when it is 3/4 full;
// the old ones stay until Clear(), since somebody may still be looking.
//
// Threads:  Find* any thread, lock-free; the rest any thread, by a lock.
// Owner:    the table owns its arrays, not the connections.
// Lifetime: what Find gives is safe to touch on the connection's own worker, and elsewhere inside
//           the CallGate (then under the connection's lock, comparing the ID again).
// Errors:   an insert that finds no memory fails.
#ifndef HPSOCKET_CORE_ENGINE_CONNECTION_TABLE_H_
#define HPSOCKET_CORE_ENGINE_CONNECTION_TABLE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {

// The process-wide counter. Starts at 1, skips 0 when it wraps. Spec: decisions 1.4
CONNID NextConnectionId();
// The next ID will be `id`. Tests of the wrap-around, and of runs that have to replay.
void SetNextConnectionIdForTest(CONNID id);

// The table without the type of what it finds; use ConnectionTable.
class ConnectionTableBase {
 public:
  static constexpr uint32_t kNoWorker = UINT16_MAX;

  ConnectionTableBase();  // may throw std::bad_alloc
  ConnectionTableBase(const ConnectionTableBase&) = delete;
  ConnectionTableBase& operator=(const ConnectionTableBase&) = delete;
  ~ConnectionTableBase();

  // Gives `connection` an ID, which `*id` has before anybody can find it, unless closed. False when
  // closed or out of memory.
  bool Insert(void* connection, uint32_t worker, std::atomic<CONNID>* id);
  void Remove(CONNID id);

  // For a connection that has an ID before there is a connection: an ID that nobody finds until Fill(),
  // whose place is kept until then or until Release(). `limit`: of connections and reservations; 0 = none.
  struct Reservation {
    CONNID id = 0;
    int error = 0;  // without an ID: ECANCELED closed, ENOSR the limit is reached, ENOMEM
  };
  Reservation Reserve(uint32_t limit);
  // False when closed meanwhile; the reservation stays.
  bool Fill(CONNID id, void* connection, uint32_t worker);
  // Of a reservation that was filled, too: does nothing then.
  void Release(CONNID id);

  // Stop: no insert succeeds any more.
  void Close();
  // Empty, open, with the memory of a new one. Nobody may be looking.
  void Reset();

  // Null unless `id` is in the table and belongs to `worker`.
  void* FindOwned(CONNID id, uint32_t worker) const {
    const Array* array = array_.load(std::memory_order_acquire);
    const Slot& slot = array->slots[id & array->mask];
    if (id == 0 || slot.id.load(std::memory_order_acquire) != id) return nullptr;
    // Acquire: what Fill() published.
    const uint64_t where = slot.where.load(std::memory_order_acquire);
    if (WorkerOf(where) != worker) return nullptr;
    // Another worker's connection may have left the slot between the two looks, and one of ours have come.
    return slot.id.load(std::memory_order_acquire) == id ? ConnectionOf(where) : nullptr;
  }

  // Any worker's. Inside the gate.
  void* Find(CONNID id) const {
    const Array* array = array_.load(std::memory_order_acquire);
    const Slot& slot = array->slots[id & array->mask];
    if (id == 0 || slot.id.load(std::memory_order_acquire) != id) return nullptr;
    // Null while it is only reserved.
    return ConnectionOf(slot.where.load(std::memory_order_acquire));
  }

  uint32_t count() const { return count_.load(std::memory_order_acquire); }
  std::vector<CONNID> AllIds() const;
  size_t memory_bytes() const;

 private:
  // The worker's index stands above the pointer, which has 48 bits where programs run (checked when it
  // is written): every connection pays for a slot and a half.
  struct Slot {
    std::atomic<CONNID> id{0};
    std::atomic<uint64_t> where{Where(nullptr, kNoWorker)};
  };
  static constexpr int kPointerBits = 48;

  static uint64_t Where(void* connection, uint32_t worker) {
    return reinterpret_cast<uintptr_t>(connection) | uint64_t{worker} << kPointerBits;
  }
  static uint32_t WorkerOf(uint64_t where) { return static_cast<uint32_t>(where >> kPointerBits); }
  static void* ConnectionOf(uint64_t where) {
    return reinterpret_cast<void*>(static_cast<uintptr_t>(where & ((uint64_t{1} << kPointerBits) - 1)));
  }

  struct Array {
    size_t mask = 0;
    std::unique_ptr<Slot[]> slots;
  };

  static std::unique_ptr<Array> NewArray(size_t size);
  static void Write(Slot& slot, CONNID id, void* connection, uint32_t worker);
  CONNID TakeNextFree(void* connection, uint32_t worker, std::atomic<CONNID>* id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool GrowIfFull() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::atomic<Array*> array_;
  std::atomic<uint32_t> count_{0};
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Array>> arrays_ ABSL_GUARDED_BY(mutex_);  // the last one is current
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  uint32_t reserved_ ABSL_GUARDED_BY(mutex_) = 0;
};

template <class T>
class ConnectionTable : public ConnectionTableBase {
 public:
  bool Insert(T* connection, uint32_t worker, std::atomic<CONNID>* id) {
    return ConnectionTableBase::Insert(connection, worker, id);
  }
  bool Fill(CONNID id, T* connection, uint32_t worker) {
    return ConnectionTableBase::Fill(id, connection, worker);
  }
  T* FindOwned(CONNID id, uint32_t worker) const {
    return static_cast<T*>(ConnectionTableBase::FindOwned(id, worker));
  }
  T* Find(CONNID id) const { return static_cast<T*>(ConnectionTableBase::Find(id)); }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_CONNECTION_TABLE_H_
