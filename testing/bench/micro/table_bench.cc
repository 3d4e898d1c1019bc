// What finding a connection by its ID costs: on its own worker, and through the gate from elsewhere.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "benchmark/benchmark.h"
#include "hpsocket/core/engine/call_gate.h"
#include "hpsocket/core/engine/connection_table.h"

namespace hpsocket::core {
namespace {

class Connection;
using Table = ConnectionTable<Connection>;

constexpr uint32_t kWorker = 3;

// A table of that many connections, which are never looked into, and their IDs in random order.
class FilledTable {
 public:
  explicit FilledTable(size_t count) : places_(count), ids_(count) {
    for (size_t i = 0; i < count; ++i) {
      std::atomic<CONNID> id{0};
      table_.Insert(reinterpret_cast<Connection*>(&places_[i]), kWorker, &id);
      ids_[i] = id.load();
    }
    std::shuffle(ids_.begin(), ids_.end(), std::mt19937(1));
  }

  Table& table() { return table_; }
  CONNID Next() {
    next_ = next_ + 1 == ids_.size() ? 0 : next_ + 1;
    return ids_[next_];
  }

 private:
  Table table_;
  std::vector<uint64_t> places_;
  std::vector<CONNID> ids_;
  size_t next_ = 0;
};

void BM_FindOwned(benchmark::State& state) {
  FilledTable filled(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(filled.table().FindOwned(filled.Next(), kWorker));
}
BENCHMARK(BM_FindOwned)->Arg(1)->Arg(1000)->Arg(100000);

void BM_FindThroughGate(benchmark::State& state) {
  FilledTable filled(static_cast<size_t>(state.range(0)));
  CallGate gate;
  for (auto _ : state) {
    const CallGate::Scope scope(gate);
    benchmark::DoNotOptimize(filled.table().Find(filled.Next()));
  }
}
BENCHMARK(BM_FindThroughGate)->Arg(1)->Arg(1000)->Arg(100000);

// A connection that comes and goes beside that many others.
void BM_InsertAndRemove(benchmark::State& state) {
  FilledTable filled(static_cast<size_t>(state.range(0)));
  uint64_t place = 0;
  for (auto _ : state) {
    std::atomic<CONNID> id{0};
    filled.table().Insert(reinterpret_cast<Connection*>(&place), kWorker, &id);
    filled.table().Remove(id.load());
  }
}
BENCHMARK(BM_InsertAndRemove)->Arg(1)->Arg(1000)->Arg(100000);

}  // namespace
}  // namespace hpsocket::core
