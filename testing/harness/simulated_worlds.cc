#include "hpsocket/testing/harness/simulated_worlds.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/variant.h"

// The sanitizers', where one is linked in.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace hpsocket::harness {
namespace {

std::unique_ptr<SimulatedWorlds>& Registered() {
  static auto& worlds = *new std::unique_ptr<SimulatedWorlds>;
  return worlds;
}

// How to run the test at hand again; told by a signal handler too.
char g_replay[1024];
bool g_failed_before = false;

void TellReplay() {
  const size_t length = strlen(g_replay);
  if (length > 0 && write(STDERR_FILENO, g_replay, length) < 0) _exit(EXIT_FAILURE);
}

// Threads take turns, so a second processor would only be woken and sent to sleep again, which takes as long
// as the tests.
void StayOnOneProcessor() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(std::max(sched_getcpu(), 0)), &one);
  sched_setaffinity(0, sizeof(one), &one);  // if not, it only takes longer
}

void HandleDeath(int signal_number) {
  TellReplay();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

class WorldPerTest final : public ::testing::EmptyTestEventListener {
 public:
  WorldPerTest(SimulatedWorlds& worlds, std::string replay)
      : worlds_(worlds), replay_(std::move(replay)), seeds_(worlds.Seeds()) {}

  void OnTestIterationStart(const ::testing::UnitTest&, int iteration) override {
    seed_ = seeds_[static_cast<size_t>(iteration)];
  }

  void OnTestStart(const ::testing::TestInfo& test) override {
    const std::string name = NameOf(test);
    g_failed_before = failed_.count(name) > 0;
    std::snprintf(g_replay, sizeof(g_replay), "replay: HPSOCKET_SEED=%llu %s --gtest_filter=%s\n",
                  static_cast<unsigned long long>(seed_), replay_.c_str(), name.c_str());
    LeaveRestToSeed(seed_);
    worlds_.Begin(seed_);
  }

  void OnTestEnd(const ::testing::TestInfo& test) override {
    const std::string left = worlds_.End();
    if (!left.empty() && !g_failed_before) ADD_FAILURE() << "the test has left behind " << left;
    const ::testing::TestResult& result = *test.result();
    if (g_failed_before) {
      // Counted with the seed that it failed with.
    } else if (result.Failed()) {
      std::fputs(g_replay, stdout);
      failed_[NameOf(test)] = seed_;
    } else if (result.Skipped() && result.total_part_count() > 0) {
      skipped_[NameOf(test)] = result.GetTestPartResult(0).message();
    } else {
      ++passed_;
    }
    g_replay[0] = '\0';
  }

  void OnTestProgramEnd(const ::testing::UnitTest&) override {
    std::printf("simulated worlds: %zu seeds, %zu passed, %zu tests failed, %zu tests skipped\n",
                seeds_.size(), passed_, failed_.size(), skipped_.size());
    for (const auto& [name, seed] : failed_)
      std::printf("  failed with seed %llu: %s\n", static_cast<unsigned long long>(seed), name.c_str());
    for (const auto& [name, why] : skipped_) std::printf("  skipped: %s: %s\n", name.c_str(), why.c_str());
  }

 private:
  static std::string NameOf(const ::testing::TestInfo& test) {
    return std::string(test.test_suite_name()) + "." + test.name();
  }

  SimulatedWorlds& worlds_;
  const std::string replay_;
  const std::vector<uint64_t> seeds_;
  uint64_t seed_ = 0;
  size_t passed_ = 0;
  std::map<std::string, uint64_t> failed_;
  std::map<std::string, std::string> skipped_;
};

}  // namespace

void RegisterSimulatedWorlds(std::unique_ptr<SimulatedWorlds> worlds) { Registered() = std::move(worlds); }

bool HasSimulatedWorlds() { return Registered() != nullptr; }

void PreparePassPerSeed() {
  const size_t seeds = Registered()->Seeds().size();
  GTEST_FLAG_SET(repeat, static_cast<int>(seeds));
  GTEST_FLAG_SET(brief, seeds > 1);
}

void RunInSimulatedWorlds(const std::string& replay) {
  StayOnOneProcessor();
  ::testing::UnitTest::GetInstance()->listeners().Append(new WorldPerTest(*Registered(), replay));
  for (const int signal_number : {SIGABRT, SIGSEGV, SIGBUS}) signal(signal_number, HandleDeath);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(TellReplay);
}

bool FailedWithAnEarlierSeed() { return g_failed_before; }

}  // namespace hpsocket::harness
