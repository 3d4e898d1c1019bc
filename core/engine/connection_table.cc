#include "hpsocket/core/engine/connection_table.h"

#include <cerrno>
#include <new>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

constexpr size_t kFirstSize = 64;
// Old arrays stay until the next Start, so they are to be few and small: a third of the current one, all
// together.
constexpr size_t kGrowth = 4;
// More than memory has room for: growing needs no memory beside the array itself.
constexpr size_t kMostArrays = 16;

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

ConnectionTableBase::ConnectionTableBase() {
  {
    MutexLock lock(mutex_);
    arrays_.reserve(kMostArrays);
  }
  Reset();
}

ConnectionTableBase::~ConnectionTableBase() = default;

std::unique_ptr<ConnectionTableBase::Array> ConnectionTableBase::NewArray(size_t size) {
  std::unique_ptr<Slot[]> slots(new (std::nothrow) Slot[size]);
  if (slots == nullptr) return nullptr;
  std::unique_ptr<Array> array(new (std::nothrow) Array);
  if (array == nullptr) return nullptr;
  array->mask = size - 1;
  array->slots = std::move(slots);
  return array;
}

void ConnectionTableBase::Write(Slot& slot, CONNID id, void* connection, uint32_t worker) {
  HP_CHECK(ConnectionOf(Where(connection, worker)) == connection && worker <= kNoWorker);
  slot.where.store(Where(connection, worker), std::memory_order_release);
  slot.id.store(id, std::memory_order_release);
}

bool ConnectionTableBase::GrowIfFull() {
  const Array& current = *arrays_.back();
  const size_t size = current.mask + 1;
  const size_t used = size_t{count_.load(std::memory_order_relaxed)} + reserved_;
  if (used < size - size / 4) return true;
  std::unique_ptr<Array> grown = NewArray(size * kGrowth);
  if (grown == nullptr) return used < size;
  for (size_t i = 0; i < size; ++i) {
    const Slot& slot = current.slots[i];
    const CONNID id = slot.id.load(std::memory_order_relaxed);
    if (id == 0) continue;
    const uint64_t where = slot.where.load(std::memory_order_relaxed);
    Write(grown->slots[id & grown->mask], id, ConnectionOf(where), WorkerOf(where));
  }
  array_.store(grown.get(), std::memory_order_release);
  arrays_.push_back(std::move(grown));
  return true;
}

CONNID ConnectionTableBase::TakeNextFree(void* connection, uint32_t worker, std::atomic<CONNID>* id) {
  const Array& array = *arrays_.back();
  for (;;) {
    const CONNID next = NextConnectionId();
    Slot& slot = array.slots[next & array.mask];
    if (slot.id.load(std::memory_order_relaxed) != 0) continue;
    if (id != nullptr) id->store(next, std::memory_order_release);
    Write(slot, next, connection, worker);
    return next;
  }
}

bool ConnectionTableBase::Insert(void* connection, uint32_t worker, std::atomic<CONNID>* id) {
  MutexLock lock(mutex_);
  if (closed_ || !GrowIfFull()) return false;
  TakeNextFree(connection, worker, id);
  count_.fetch_add(1, std::memory_order_release);
  return true;
}

ConnectionTableBase::Reservation ConnectionTableBase::Reserve(uint32_t limit) {
  MutexLock lock(mutex_);
  if (closed_) return {0, ECANCELED};
  if (limit != 0 && count_.load(std::memory_order_relaxed) + reserved_ >= limit) return {0, ENOSR};
  if (!GrowIfFull()) return {0, ENOMEM};
  ++reserved_;
  return {TakeNextFree(nullptr, kNoWorker, nullptr), 0};
}

bool ConnectionTableBase::Fill(CONNID id, void* connection, uint32_t worker) {
  MutexLock lock(mutex_);
  if (closed_) return false;
  const Array& array = *arrays_.back();
  Write(array.slots[id & array.mask], id, connection, worker);
  --reserved_;
  count_.fetch_add(1, std::memory_order_release);
  return true;
}

void ConnectionTableBase::Release(CONNID id) {
  MutexLock lock(mutex_);
  const Array& array = *arrays_.back();
  Slot& slot = array.slots[id & array.mask];
  if (slot.id.load(std::memory_order_relaxed) != id ||
      ConnectionOf(slot.where.load(std::memory_order_relaxed)) != nullptr) {
    return;
  }
  slot.id.store(0, std::memory_order_seq_cst);
  --reserved_;
}

void ConnectionTableBase::Remove(CONNID id) {
  MutexLock lock(mutex_);
  const Array& array = *arrays_.back();
  Slot& slot = array.slots[id & array.mask];
  if (slot.id.load(std::memory_order_relaxed) != id) return;
  slot.id.store(0, std::memory_order_seq_cst);
  slot.where.store(Where(nullptr, kNoWorker), std::memory_order_relaxed);
  count_.fetch_sub(1, std::memory_order_release);
}

void ConnectionTableBase::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
}

void ConnectionTableBase::Reset() {
  MutexLock lock(mutex_);
  std::unique_ptr<Array> first = NewArray(kFirstSize);
  if (first == nullptr) {
    if (arrays_.empty()) throw std::bad_alloc();  // a new table
    // An empty table is all that is needed; the first array can serve again.
    arrays_.resize(1);
    for (size_t i = 0; i <= arrays_[0]->mask; ++i) Write(arrays_[0]->slots[i], 0, nullptr, kNoWorker);
    array_.store(arrays_[0].get(), std::memory_order_release);
  } else {
    array_.store(first.get(), std::memory_order_release);
    arrays_.clear();
    arrays_.push_back(std::move(first));
  }
  count_.store(0, std::memory_order_relaxed);
  reserved_ = 0;
  closed_ = false;
}

std::vector<CONNID> ConnectionTableBase::AllIds() const {
  MutexLock lock(mutex_);
  std::vector<CONNID> ids;
  ids.reserve(count_.load(std::memory_order_relaxed));
  const Array& array = *arrays_.back();
  for (size_t i = 0; i <= array.mask; ++i) {
    const Slot& slot = array.slots[i];
    const bool reserved = ConnectionOf(slot.where.load(std::memory_order_relaxed)) == nullptr;
    const CONNID id = slot.id.load(std::memory_order_relaxed);
    if (id != 0 && !reserved) ids.push_back(id);
  }
  return ids;
}

size_t ConnectionTableBase::memory_bytes() const {
  MutexLock lock(mutex_);
  size_t bytes = 0;
  for (const std::unique_ptr<Array>& array : arrays_) bytes += (array->mask + 1) * sizeof(Slot);
  return bytes;
}

}  // namespace hpsocket::core
