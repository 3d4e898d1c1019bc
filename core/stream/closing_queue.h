// Internal to core.
//
// Connections whose last event does not wait for their own worker, because that worker is inside
// their OnReceive: RP_PARALLEL. Every worker looks here once a round; whoever pushes wakes one that
// sleeps.
//
// Threads:  any.
// Owner:    the engine; it never owns connections. One in the queue is not freed (Worker::FreeRetired).
// Order:    first in, first out; the closing word decides who delivers, so an entry may find that the
//           connection's own worker has been quicker.
// Spec: decisions 3.2
#ifndef HPSOCKET_CORE_STREAM_CLOSING_QUEUE_H_
#define HPSOCKET_CORE_STREAM_CLOSING_QUEUE_H_

#include <atomic>

#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {

class Connection;

class ClosingQueue {
 public:
  ClosingQueue() = default;
  ClosingQueue(const ClosingQueue&) = delete;
  ClosingQueue& operator=(const ClosingQueue&) = delete;

  void Push(Connection& connection);
  // Null when there is none.
  Connection* Pop();
  // seq_cst: a worker looks here after it has said that it sleeps, a pusher looks for sleepers after
  // it has pushed; one of them sees the other.
  bool empty() const { return head_.load(std::memory_order_seq_cst) == nullptr; }

 private:
  SmallMutex mutex_;
  std::atomic<Connection*> head_{nullptr};  // written under the mutex
  Connection* tail_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CLOSING_QUEUE_H_
