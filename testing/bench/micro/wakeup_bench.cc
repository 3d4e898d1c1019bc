// What waking a worker costs: one that is awake (an atomic exchange), and one that sleeps (an eventfd, a
// context switch, and back).
#include <poll.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "benchmark/benchmark.h"
#include "hpsocket/core/io/wakeup.h"

namespace hpsocket::core {
namespace {

void BM_NotifyAwake(benchmark::State& state) {
  Wakeup wakeup;
  wakeup.Open();
  for (auto _ : state) wakeup.Notify();
}
BENCHMARK(BM_NotifyAwake);

// What a worker pays for a sleep that does not come about.
void BM_PrepareAndAwake(benchmark::State& state) {
  Wakeup wakeup;
  wakeup.Open();
  for (auto _ : state) {
    benchmark::DoNotOptimize(wakeup.PrepareToSleep());
    benchmark::DoNotOptimize(wakeup.Awake());
  }
}
BENCHMARK(BM_PrepareAndAwake);

void SleepUntilNotified(Wakeup& wakeup) {
  if (wakeup.PrepareToSleep()) {
    pollfd readable{wakeup.fd(), POLLIN, 0};
    poll(&readable, 1, -1);
    wakeup.Drain();
  }
  wakeup.Awake();
}

// Two threads that wake each other in turn; per round trip.
void BM_RoundTripOfSleepers(benchmark::State& state) {
  Wakeup here;
  Wakeup there;
  here.Open();
  there.Open();
  std::atomic<bool> done{false};
  std::atomic<uint64_t> asked{0};
  std::atomic<uint64_t> answered{0};
  std::thread other([&] {
    while (!done.load()) {
      SleepUntilNotified(there);
      const uint64_t seen = asked.load();
      if (answered.exchange(seen) != seen) here.Notify();
    }
  });
  for (auto _ : state) {
    const uint64_t question = asked.fetch_add(1) + 1;
    there.Notify();
    while (answered.load() != question) SleepUntilNotified(here);
  }
  done.store(true);
  there.Notify();
  other.join();
}
BENCHMARK(BM_RoundTripOfSleepers)->UseRealTime();

}  // namespace
}  // namespace hpsocket::core
