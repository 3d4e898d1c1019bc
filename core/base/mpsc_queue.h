// Internal to core.
//
// Many producers, one consumer, first in first out, links inside the elements. A push is one atomic
// exchange loop on a stack; the consumer takes the whole stack and turns it round.
//
// Threads:  Push from any thread; TakeAll by the one consumer.
// Owner:    the queue never owns its elements.
// Order:    elements of one producer come out in the order it pushed them.
#ifndef HPSOCKET_CORE_BASE_MPSC_QUEUE_H_
#define HPSOCKET_CORE_BASE_MPSC_QUEUE_H_

#include <atomic>

namespace hpsocket::core {

template <class T>
class MpscQueue;

template <class T>
class MpscNode {
 private:
  friend class MpscQueue<T>;
  T* mpsc_next_ = nullptr;
};

template <class T>
class MpscQueue {
 public:
  MpscQueue() = default;
  MpscQueue(const MpscQueue&) = delete;
  MpscQueue& operator=(const MpscQueue&) = delete;

  // True when the queue was empty before: the consumer may need a wake-up.
  bool Push(T* element) {
    T* head = head_.load(std::memory_order_relaxed);
    do {
      static_cast<MpscNode<T>*>(element)->mpsc_next_ = head;
      // seq_cst: the producer next reads "does the consumer sleep", the consumer wrote that before
      // it last looked here; one of them must see the other.
    } while (
        !head_.compare_exchange_weak(head, element, std::memory_order_seq_cst, std::memory_order_relaxed));
    return head == nullptr;
  }

  bool empty() const { return head_.load(std::memory_order_seq_cst) == nullptr; }

  // Calls `visit(T*)` for every element, oldest first. An element is no longer linked when it is
  // visited, so it may be pushed again from inside the visit; it then comes with the next TakeAll.
  template <class Visit>
  void TakeAll(Visit&& visit) {
    if (head_.load(std::memory_order_relaxed) == nullptr) return;
    T* newest = head_.exchange(nullptr, std::memory_order_acquire);
    T* oldest = nullptr;
    while (newest != nullptr) {
      MpscNode<T>* node = newest;
      T* next = node->mpsc_next_;
      node->mpsc_next_ = oldest;
      oldest = newest;
      newest = next;
    }
    while (oldest != nullptr) {
      MpscNode<T>* node = oldest;
      T* current = oldest;
      oldest = node->mpsc_next_;
      node->mpsc_next_ = nullptr;
      visit(current);
    }
  }

 private:
  std::atomic<T*> head_{nullptr};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_BASE_MPSC_QUEUE_H_
