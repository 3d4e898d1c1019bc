#include "hpsocket/core/stream/connection_table.h"

#include <new>

namespace hpsocket::core {
namespace {

constexpr size_t kFirstSize = 64;

std::atomic<CONNID>& IdCounter() {
  static std::atomic<CONNID> counter{1};
  return counter;
}

}  // namespace

CONNID NextConnectionId() {
  CONNID id;
  do {
    id = IdCounter().fetch_add(1, std::memory_order_relaxed);
  } while (id == 0);
  return id;
}

void SetNextConnectionIdForTest(CONNID id) { IdCounter().store(id, std::memory_order_relaxed); }

ConnectionTable::ConnectionTable() { Reset(); }

ConnectionTable::~ConnectionTable() = default;

std::unique_ptr<ConnectionTable::Array> ConnectionTable::NewArray(size_t size) {
  std::unique_ptr<Slot[]> slots(new (std::nothrow) Slot[size]);
  if (slots == nullptr) return nullptr;
  std::unique_ptr<Array> array(new (std::nothrow) Array);
  if (array == nullptr) return nullptr;
  array->mask = size - 1;
  array->slots = std::move(slots);
  return array;
}

void ConnectionTable::Fill(Slot& slot, CONNID id, Connection* connection, uint32_t worker) {
  slot.connection.store(connection, std::memory_order_relaxed);
  slot.worker.store(worker, std::memory_order_relaxed);
  slot.id.store(id, std::memory_order_release);
}

bool ConnectionTable::GrowIfFull() {
  const Array& current = *arrays_.back();
  const size_t size = current.mask + 1;
  if (count_.load(std::memory_order_relaxed) < size - size / 4) return true;
  std::unique_ptr<Array> grown = NewArray(size * 2);
  if (grown == nullptr) return count_.load(std::memory_order_relaxed) < size;
  for (size_t i = 0; i < size; ++i) {
    const Slot& slot = current.slots[i];
    const CONNID id = slot.id.load(std::memory_order_relaxed);
    if (id == 0) continue;
    Fill(grown->slots[id & grown->mask], id, slot.connection.load(std::memory_order_relaxed),
         slot.worker.load(std::memory_order_relaxed));
  }
  array_.store(grown.get(), std::memory_order_release);
  arrays_.push_back(std::move(grown));
  return true;
}

bool ConnectionTable::Insert(Connection* connection, uint32_t worker, std::atomic<CONNID>* id) {
  MutexLock lock(mutex_);
  if (closed_ || !GrowIfFull()) return false;
  const Array& array = *arrays_.back();
  for (;;) {
    const CONNID next = NextConnectionId();
    Slot& slot = array.slots[next & array.mask];
    if (slot.id.load(std::memory_order_relaxed) != 0) continue;
    id->store(next, std::memory_order_release);
    Fill(slot, next, connection, worker);
    count_.fetch_add(1, std::memory_order_release);
    return true;
  }
}

bool ConnectionTable::InsertAs(CONNID id, Connection* connection, uint32_t worker) {
  MutexLock lock(mutex_);
  if (closed_ || !GrowIfFull()) return false;
  const Array& array = *arrays_.back();
  Slot& slot = array.slots[id & array.mask];
  if (slot.id.load(std::memory_order_relaxed) != 0) return false;
  Fill(slot, id, connection, worker);
  count_.fetch_add(1, std::memory_order_release);
  return true;
}

void ConnectionTable::Remove(CONNID id) {
  MutexLock lock(mutex_);
  const Array& array = *arrays_.back();
  Slot& slot = array.slots[id & array.mask];
  if (slot.id.load(std::memory_order_relaxed) != id) return;
  slot.id.store(0, std::memory_order_seq_cst);
  slot.connection.store(nullptr, std::memory_order_relaxed);
  count_.fetch_sub(1, std::memory_order_release);
}

void ConnectionTable::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
}

void ConnectionTable::Reset() {
  MutexLock lock(mutex_);
  std::unique_ptr<Array> first = NewArray(kFirstSize);
  if (first == nullptr) {
    // An empty table is all that is needed; the first array can serve again.
    arrays_.resize(1);
    for (size_t i = 0; i <= arrays_[0]->mask; ++i) Fill(arrays_[0]->slots[i], 0, nullptr, kNoWorker);
    array_.store(arrays_[0].get(), std::memory_order_release);
  } else {
    array_.store(first.get(), std::memory_order_release);
    arrays_.clear();
    arrays_.push_back(std::move(first));
  }
  count_.store(0, std::memory_order_relaxed);
  closed_ = false;
}

std::vector<CONNID> ConnectionTable::AllIds() const {
  MutexLock lock(mutex_);
  std::vector<CONNID> ids;
  ids.reserve(count_.load(std::memory_order_relaxed));
  const Array& array = *arrays_.back();
  for (size_t i = 0; i <= array.mask; ++i) {
    const CONNID id = array.slots[i].id.load(std::memory_order_relaxed);
    if (id != 0) ids.push_back(id);
  }
  return ids;
}

size_t ConnectionTable::memory_bytes() const {
  MutexLock lock(mutex_);
  size_t bytes = 0;
  for (const std::unique_ptr<Array>& array : arrays_) bytes += (array->mask + 1) * sizeof(Slot);
  return bytes;
}

}  // namespace hpsocket::core
