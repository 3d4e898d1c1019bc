// What taking and giving back memory costs: a worker's buffers and objects, and what threads share.
#include <cstddef>
#include <cstdint>

#include "benchmark/benchmark.h"
#include "hpsocket/core/memory/buffer_pool.h"
#include "hpsocket/core/memory/private_heap.h"
#include "hpsocket/core/memory/shared_pool.h"
#include "hpsocket/core/memory/slab.h"

namespace hpsocket::core {
namespace {

constexpr size_t kKeep = 300;
constexpr size_t kHold = 900;

void BM_BufferPoolWarm(benchmark::State& state) {
  PrivateHeap heap;
  BufferPool pool(heap, kKeep, kHold);
  const auto bytes = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    Chunk* const chunk = pool.Take(bytes);
    benchmark::DoNotOptimize(chunk);
    pool.Give(chunk);
  }
}
BENCHMARK(BM_BufferPoolWarm)->Arg(64)->Arg(4096)->Arg(65536);

void BM_BufferPoolFromHeap(benchmark::State& state) {
  PrivateHeap heap;
  BufferPool pool(heap, 0, 0);
  const auto bytes = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    Chunk* const chunk = pool.Take(bytes);
    benchmark::DoNotOptimize(chunk);
    pool.Give(chunk);
  }
}
BENCHMARK(BM_BufferPoolFromHeap)->Arg(64)->Arg(4096);

struct Object {
  uint64_t words[12];
};

void BM_SlabWarm(benchmark::State& state) {
  PrivateHeap heap;
  Slab<Object> slab(heap, kKeep, kHold);
  for (auto _ : state) {
    Object* const object = slab.New();
    benchmark::DoNotOptimize(object);
    slab.Delete(object);
  }
}
BENCHMARK(BM_SlabWarm);

void BM_SharedChunk(benchmark::State& state) {
  static SharedPool pool;
  for (auto _ : state) {
    Chunk* const chunk = BufferPool::TakeShared(pool, 64);
    benchmark::DoNotOptimize(chunk);
    BufferPool::GiveShared(pool, chunk);
  }
}
BENCHMARK(BM_SharedChunk)->ThreadRange(1, 2);

}  // namespace
}  // namespace hpsocket::core
