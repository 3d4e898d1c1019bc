// Public.
//
// CHPSocketPtr owns one component: made from a listener, destroyed with the pointer.
//
// Threads:  as a plain pointer: no two threads may change it at once.
// Owner:    it owns the component and destroys it by Creator::Destroy, which stops it first, so
//           events may come during destruction. It does not own the listener.
// Lifetime: the listener outlives the component. While the component is being destroyed this still
//           points to it, so a listener may go on using the pointer in its last events.
#ifndef HPSOCKET_CORE_API_SOCKET_PTR_H_
#define HPSOCKET_CORE_API_SOCKET_PTR_H_

namespace hpsocket {

// Creator has `static T* Create(Listener*)` and `static void Destroy(T*)`.
// Spec: §3.2, api §4
template <class T, class Listener, class Creator>
class CHPSocketPtr {
 public:
  // Creates a component if there is a listener, else holds nothing.
  CHPSocketPtr(Listener* listener = nullptr)  // NOLINT: implicit, as the original
      : object_(listener != nullptr ? Creator::Create(listener) : nullptr) {}
  ~CHPSocketPtr() { Reset(); }

  // Destroys the component held, unless it is `object` itself, and takes ownership of `object`.
  CHPSocketPtr& Reset(T* object = nullptr) {
    if (object != object_) {
      if (object_ != nullptr) Creator::Destroy(object_);
      object_ = object;
    }
    return *this;
  }
  CHPSocketPtr& Attach(T* object) { return Reset(object); }

  // Gives the component up: the caller destroys it.
  T* Detach() {
    T* const object = object_;
    object_ = nullptr;
    return object;
  }

  bool IsValid() const { return object_ != nullptr; }
  T* Get() const { return object_; }
  T* operator->() const { return object_; }
  operator T*() const { return object_; }  // NOLINT: implicit, as the original
  CHPSocketPtr& operator=(T* object) { return Reset(object); }

 private:
  CHPSocketPtr(const CHPSocketPtr&) = delete;
  CHPSocketPtr& operator=(const CHPSocketPtr&) = delete;

  T* object_;
};

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_SOCKET_PTR_H_
