#include "hpsocket/core/lifecycle/wait_graph.h"

#include <algorithm>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/lifecycle/callback_scope.h"

namespace hpsocket::core {

thread_local const CallbackScope* CallbackScope::innermost_ = nullptr;

namespace {

struct Edge {
  const Lifecycle* from;
  const Lifecycle* to;
};

struct Graph {
  Mutex mutex;
  std::vector<Edge> edges ABSL_GUARDED_BY(mutex);
};

// Leaked: components that are globals are destroyed after this file's statics would be.
Graph& TheGraph() {
  static Graph& graph = *new Graph;
  return graph;
}

// Everything that can be reached from `start`, itself included. A handful of edges at most.
std::vector<const Lifecycle*> Reachable(const std::vector<Edge>& edges, const Lifecycle* start) {
  std::vector<const Lifecycle*> seen{start};
  for (size_t i = 0; i < seen.size(); ++i) {
    for (const Edge& edge : edges) {
      if (edge.from == seen[i] && std::find(seen.begin(), seen.end(), edge.to) == seen.end())
        seen.push_back(edge.to);
    }
  }
  return seen;
}

}  // namespace

WaitEdge::WaitEdge(const Lifecycle& target) : target_(target) {
  std::vector<const Lifecycle*> inside;
  for (const CallbackScope* scope = CallbackScope::innermost(); scope != nullptr; scope = scope->outer()) {
    inside.push_back(&scope->component());
  }
  if (inside.empty()) return;
  Graph& graph = TheGraph();
  MutexLock lock(graph.mutex);
  const std::vector<const Lifecycle*> reachable = Reachable(graph.edges, &target);
  for (const Lifecycle* component : inside) {
    if (std::find(reachable.begin(), reachable.end(), component) != reachable.end()) {
      waited_for_by_ = component;
      return;
    }
  }
  for (const Lifecycle* component : inside) graph.edges.push_back({component, &target});
  sources_ = std::move(inside);
}

WaitEdge::~WaitEdge() {
  if (sources_.empty()) return;
  Graph& graph = TheGraph();
  MutexLock lock(graph.mutex);
  for (const Lifecycle* source : sources_) {
    const auto edge = std::find_if(graph.edges.begin(), graph.edges.end(), [&](const Edge& candidate) {
      return candidate.from == source && candidate.to == &target_;
    });
    graph.edges.erase(edge);
  }
}

}  // namespace hpsocket::core
