// Internal to core.
//
// Which components' callbacks the calling thread is in. A worker thread is inside its component for
// as long as it runs a round; a caller's thread while the library calls a listener on it.
//
// Threads:  each thread sees its own.
#ifndef HPSOCKET_CORE_LIFECYCLE_CALLBACK_SCOPE_H_
#define HPSOCKET_CORE_LIFECYCLE_CALLBACK_SCOPE_H_

namespace hpsocket::core {

class Lifecycle;

class CallbackScope {
 public:
  explicit CallbackScope(const Lifecycle& component) : component_(&component), outer_(innermost_) {
    innermost_ = this;
  }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
  ~CallbackScope() { innermost_ = outer_; }

  static bool Inside(const Lifecycle& component) {
    for (const CallbackScope* scope = innermost_; scope != nullptr; scope = scope->outer_) {
      if (scope->component_ == &component) return true;
    }
    return false;
  }

  // From the innermost scope outwards.
  static const CallbackScope* innermost() { return innermost_; }
  const CallbackScope* outer() const { return outer_; }
  const Lifecycle& component() const { return *component_; }

 private:
  const Lifecycle* const component_;
  const CallbackScope* const outer_;
  static thread_local const CallbackScope* innermost_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_LIFECYCLE_CALLBACK_SCOPE_H_
