#include "hpsocket/core/stream/closing_queue.h"

#include "hpsocket/core/stream/connection.h"

namespace hpsocket::core {

void ClosingQueue::Push(Connection& connection) {
  SmallMutexLock lock(mutex_);
  connection.next_closing = nullptr;
  if (head_.load(std::memory_order_relaxed) == nullptr) {
    head_.store(&connection, std::memory_order_seq_cst);
  } else {
    tail_->next_closing = &connection;
  }
  tail_ = &connection;
}

Connection* ClosingQueue::Pop() {
  if (empty()) return nullptr;
  SmallMutexLock lock(mutex_);
  Connection* const first = head_.load(std::memory_order_relaxed);
  if (first != nullptr) head_.store(first->next_closing, std::memory_order_seq_cst);
  return first;
}

}  // namespace hpsocket::core
