// What handing something to a worker costs, and taking it there.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmark/benchmark.h"
#include "hpsocket/core/base/mpsc_queue.h"

namespace hpsocket::core {
namespace {

struct Element : MpscNode<Element> {
  std::atomic<bool> out{true};
};

// Push and take of batches of that many elements, on one thread; per element.
void BM_PushAndTakeAll(benchmark::State& state) {
  MpscQueue<Element> queue;
  std::vector<Element> elements(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    for (Element& element : elements) queue.Push(&element);
    queue.TakeAll([](Element* element) { benchmark::DoNotOptimize(element); });
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_PushAndTakeAll)->Arg(1)->Arg(32);

// A look at an empty queue: what a round pays when nobody has anything to say.
void BM_TakeAllOfNothing(benchmark::State& state) {
  MpscQueue<Element> queue;
  for (auto _ : state) queue.TakeAll([](Element* element) { benchmark::DoNotOptimize(element); });
}
BENCHMARK(BM_TakeAllOfNothing);

// Every thread pushes batches of its own and takes until they are out again. (What one thread takes no
// other can take, so several may, though the queue promises only one consumer.)
void BM_Contended(benchmark::State& state) {
  static MpscQueue<Element> queue;
  constexpr size_t kBatch = 256;
  std::vector<Element> elements(kBatch);
  const auto take = [] {
    queue.TakeAll([](Element* element) { element->out.store(true, std::memory_order_release); });
  };
  for (auto _ : state) {
    for (Element& element : elements) {
      element.out.store(false, std::memory_order_relaxed);
      queue.Push(&element);
    }
    for (Element& element : elements) {
      while (!element.out.load(std::memory_order_acquire)) take();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
}
BENCHMARK(BM_Contended)->ThreadRange(1, 2)->UseRealTime();

}  // namespace
}  // namespace hpsocket::core
