// Internal to core.
//
// Which component's callbacks wait for which other component to stop, process-wide. A stop that
// would close a circle must not block.
//
// Threads:  any.
// Errors:   none: an edge needs no memory but its own, which is on the stack of the thread that waits.
#ifndef HPSOCKET_CORE_LIFECYCLE_WAIT_GRAPH_H_
#define HPSOCKET_CORE_LIFECYCLE_WAIT_GRAPH_H_

namespace hpsocket::core {

class CallbackScope;
class Lifecycle;

// For as long as it lives (and may_block()), the calling thread waits for `target` on behalf of
// every component whose callback it is in.
class WaitEdge {
 public:
  explicit WaitEdge(const Lifecycle& target);
  WaitEdge(const WaitEdge&) = delete;
  WaitEdge& operator=(const WaitEdge&) = delete;
  ~WaitEdge();

  // False when `target`, through any chain, waits for a callback that this thread is in.
  bool may_block() const { return waited_for_by_ == nullptr; }
  // The component of that callback, else null.
  const Lifecycle* waited_for_by() const { return waited_for_by_; }

 private:
  friend class WaitGraph;

  const Lifecycle& target_;
  // The innermost of the thread that waits; null: it keeps nobody waiting.
  const CallbackScope* const inside_;
  const Lifecycle* waited_for_by_ = nullptr;

  // The graph's.
  WaitEdge* next_ = nullptr;
  bool reached_ = false;  // while a circle is looked for
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_LIFECYCLE_WAIT_GRAPH_H_
