#include "hpsocket/core/lifecycle/wait_graph.h"

#include <new>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/lifecycle/callback_scope.h"

namespace hpsocket::core {

thread_local const CallbackScope* CallbackScope::innermost_ = nullptr;

// The edges of the process, a handful at most: each is looked at as often as it takes.
class WaitGraph {
 public:
  static WaitGraph& Instance() {
    // Never destroyed: components that are globals are destroyed after this file's statics would be.
    alignas(WaitGraph) static unsigned char place[sizeof(WaitGraph)];
    static WaitGraph& graph = *::new (static_cast<void*>(place)) WaitGraph;
    return graph;
  }

  // Lists it, unless it would close a circle: then says whom that goes through.
  void Add(WaitEdge& edge) {
    MutexLock lock(mutex_);
    MarkReachable(edge.target_);
    for (const CallbackScope* scope = edge.inside_; scope != nullptr; scope = scope->outer()) {
      if (!IsReached(edge.target_, scope->component())) continue;
      edge.waited_for_by_ = &scope->component();
      return;
    }
    edge.next_ = first_;
    first_ = &edge;
  }

  void Remove(const WaitEdge& edge) {
    MutexLock lock(mutex_);
    WaitEdge** link = &first_;
    while (*link != &edge) link = &(*link)->next_;
    *link = edge.next_;
  }

 private:
  // Marks every edge that a wait for `start` is behind.
  void MarkReachable(const Lifecycle& start) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (WaitEdge* edge = first_; edge != nullptr; edge = edge->next_) edge->reached_ = false;
    for (bool more = true; more;) {
      more = false;
      for (WaitEdge* edge = first_; edge != nullptr; edge = edge->next_) {
        if (edge->reached_ || !LeavesReached(*edge, start)) continue;
        edge->reached_ = more = true;
      }
    }
  }

  bool LeavesReached(const WaitEdge& edge, const Lifecycle& start) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const CallbackScope* scope = edge.inside_; scope != nullptr; scope = scope->outer()) {
      if (IsReached(start, scope->component())) return true;
    }
    return false;
  }

  bool IsReached(const Lifecycle& start, const Lifecycle& component) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (&component == &start) return true;
    for (const WaitEdge* edge = first_; edge != nullptr; edge = edge->next_) {
      if (edge->reached_ && &edge->target_ == &component) return true;
    }
    return false;
  }

  Mutex mutex_;
  WaitEdge* first_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

WaitEdge::WaitEdge(const Lifecycle& target) : target_(target), inside_(CallbackScope::innermost()) {
  if (inside_ != nullptr) WaitGraph::Instance().Add(*this);
}

WaitEdge::~WaitEdge() {
  if (inside_ != nullptr && may_block()) WaitGraph::Instance().Remove(*this);
}

}  // namespace hpsocket::core
