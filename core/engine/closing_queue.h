// Internal to core.
//
// Connections whose last event does not wait for their own worker, because that worker is inside
// their OnReceive: RP_PARALLEL. Every worker looks here once a round; whoever pushes wakes one that
// sleeps.
//
// Threads:  any.
// Owner:    the engine; it never owns connections. One in the queue is not freed by its worker.
// Order:    first in, first out; the closing word decides who delivers, so an entry may find that the
//           connection's own worker has been quicker.
// Errors:   none: an entry is a link in the connection (T::next_closing).
// Spec: decisions 3.2
#ifndef HPSOCKET_CORE_ENGINE_CLOSING_QUEUE_H_
#define HPSOCKET_CORE_ENGINE_CLOSING_QUEUE_H_

#include <atomic>

#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {

template <class T>
class ClosingQueue {
 public:
  ClosingQueue() = default;
  ClosingQueue(const ClosingQueue&) = delete;
  ClosingQueue& operator=(const ClosingQueue&) = delete;

  void Push(T& connection) {
    SmallMutexLock lock(mutex_);
    connection.next_closing = nullptr;
    if (head_.load(std::memory_order_relaxed) == nullptr) {
      head_.store(&connection, std::memory_order_seq_cst);
    } else {
      tail_->next_closing = &connection;
    }
    tail_ = &connection;
  }

  // Null when there is none.
  T* Pop() {
    if (empty()) return nullptr;
    SmallMutexLock lock(mutex_);
    T* const first = head_.load(std::memory_order_relaxed);
    if (first != nullptr) head_.store(first->next_closing, std::memory_order_seq_cst);
    return first;
  }

  // seq_cst: a worker looks here after it has said that it sleeps, a pusher looks for sleepers after
  // it has pushed; one of them sees the other.
  bool empty() const { return head_.load(std::memory_order_seq_cst) == nullptr; }

 private:
  SmallMutex mutex_;
  std::atomic<T*> head_{nullptr};  // written under the mutex
  T* tail_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_CLOSING_QUEUE_H_
