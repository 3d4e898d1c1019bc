// Internal to core.
//
// A port's own first-in-first-out list of operations in flight, through the link that every
// Operation brings along. An operation is in at most one such list.
//
// Threads:  the port's worker only.
// Owner:    the queue never owns an operation.
#ifndef HPSOCKET_CORE_IO_OPERATION_QUEUE_H_
#define HPSOCKET_CORE_IO_OPERATION_QUEUE_H_

#include "hpsocket/core/io/operation.h"

namespace hpsocket::core {

class OperationQueue {
 public:
  OperationQueue() = default;
  OperationQueue(const OperationQueue&) = delete;
  OperationQueue& operator=(const OperationQueue&) = delete;

  bool empty() const { return first_ == nullptr; }

  void PushBack(Operation& operation) {
    HP_DCHECK(!operation.port_queued);
    operation.port_queued = true;
    operation.port_next = nullptr;
    (last_ == nullptr ? first_ : last_->port_next) = &operation;
    last_ = &operation;
  }

  Operation* PopFront() {
    Operation* operation = first_;
    if (operation == nullptr) return nullptr;
    first_ = operation->port_next;
    if (first_ == nullptr) last_ = nullptr;
    operation->port_next = nullptr;
    operation->port_queued = false;
    return operation;
  }

  // Takes one out of the middle; looks for it from the front.
  void Remove(Operation& operation) {
    Operation* before = nullptr;
    for (Operation* at = first_; at != &operation; at = at->port_next) before = at;
    (before == nullptr ? first_ : before->port_next) = operation.port_next;
    if (last_ == &operation) last_ = before;
    operation.port_next = nullptr;
    operation.port_queued = false;
  }

  // The last of those that are in the queue now, to stop a walk that adds to the queue.
  Operation* last() const { return last_; }

 private:
  Operation* first_ = nullptr;
  Operation* last_ = nullptr;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_OPERATION_QUEUE_H_
