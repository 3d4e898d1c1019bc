// Internal to core.
//
// A doubly linked list whose links live in its elements: no allocation, removal in O(1) without
// knowing the list. An element is in at most one list per link member.
//
// Threads:  not synchronised; one owner.
// Owner:    the list never owns its elements.
// Lifetime: an element unlinks itself when it is destroyed.
#ifndef HPSOCKET_CORE_BASE_INTRUSIVE_LIST_H_
#define HPSOCKET_CORE_BASE_INTRUSIVE_LIST_H_

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {

template <class T>
class IntrusiveList;

// Inherit `ListLink<Tag>`-wise: struct T : ListLink<T>. For several lists use distinct tag types.
template <class T>
class ListLink {
 public:
  ListLink() = default;
  ListLink(const ListLink&) = delete;
  ListLink& operator=(const ListLink&) = delete;
  ~ListLink() { Unlink(); }

  bool linked() const { return next_ != nullptr; }

  void Unlink() {
    if (next_ == nullptr) return;
    prev_->next_ = next_;
    next_->prev_ = prev_;
    next_ = prev_ = nullptr;
  }

 private:
  friend class IntrusiveList<T>;
  ListLink* next_ = nullptr;
  ListLink* prev_ = nullptr;
};

template <class T>
class IntrusiveList {
 public:
  IntrusiveList() { root_.next_ = root_.prev_ = &root_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    Clear();
    root_.next_ = root_.prev_ = nullptr;
  }

  bool empty() const { return root_.next_ == &root_; }

  void PushBack(T& element) { Insert(element, *root_.prev_); }
  void PushFront(T& element) { Insert(element, root_); }

  T* front() { return empty() ? nullptr : static_cast<T*>(root_.next_); }
  T* back() { return empty() ? nullptr : static_cast<T*>(root_.prev_); }

  // The element after `element`, or null at the end. Take it before `element` may unlink itself.
  T* next(T& element) {
    ListLink<T>* link = static_cast<ListLink<T>&>(element).next_;
    return link == &root_ ? nullptr : static_cast<T*>(link);
  }

  T* PopFront() {
    T* element = front();
    if (element != nullptr) static_cast<ListLink<T>*>(element)->Unlink();
    return element;
  }

  // Moves everything of `other` to the end of this list.
  void Splice(IntrusiveList& other) {
    if (other.empty()) return;
    other.root_.next_->prev_ = root_.prev_;
    root_.prev_->next_ = other.root_.next_;
    other.root_.prev_->next_ = &root_;
    root_.prev_ = other.root_.prev_;
    other.root_.next_ = other.root_.prev_ = &other.root_;
  }

  void Clear() {
    while (!empty()) root_.next_->Unlink();
  }

 private:
  void Insert(ListLink<T>& link, ListLink<T>& after) {
    HP_DCHECK(!link.linked());
    link.prev_ = &after;
    link.next_ = after.next_;
    after.next_->prev_ = &link;
    after.next_ = &link;
  }

  ListLink<T> root_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_BASE_INTRUSIVE_LIST_H_
