#include "hpsocket/testing/harness/conformance_main.h"

#include <malloc.h>

#include <climits>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/harness/network_namespace.h"
#include "hpsocket/testing/harness/simulated_worlds.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::harness {
namespace {

std::string* g_skip_reason = new std::string;

// Ends the program, with the test's name, when a test hangs in a call that has no deadline.
class Watchdog final : public ::testing::EmptyTestEventListener {
 public:
  Watchdog() : thread_([this] { Watch(); }) {}
  ~Watchdog() override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void OnTestStart(const ::testing::TestInfo& test) override {
    SetTest(std::string(test.test_suite_name()) + "." + test.name());
  }
  void OnTestEnd(const ::testing::TestInfo&) override { SetTest(""); }

 private:
  static constexpr std::chrono::seconds kLongestTest{240};

  void SetTest(const std::string& name) {
    std::lock_guard<std::mutex> lock(mutex_);
    test_ = name;
    since_ = core::Clock::System().Now();
    changed_.notify_all();
  }

  void Watch() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!done_) {
      if (test_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const core::TimePoint limit = since_ + kLongestTest;
      if (core::Clock::System().Now() >= limit) {
        std::fprintf(stderr, "\n%s hangs: it has run for %d s.\n", test_.c_str(),
                     static_cast<int>(kLongestTest.count()));
        std::abort();
      }
      changed_.wait_until(lock, limit);
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::string test_;
  core::TimePoint since_;
  std::thread thread_;
};

// A simulated world makes and forgets so much, one thread at a time, that a third of the time would go into
// pages which the system takes back and gives out anew.
void KeepFreedMemory() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 16 << 20);
}

// Whether a variant on io_uring that cannot run is an error instead of skipped tests.
bool UringRequired() {
  const char* const value = std::getenv("HPSOCKET_REQUIRE_IO_URING");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace

const std::string& SkipReason() {
  static const std::string& failed_before = *new std::string("failed with an earlier seed");
  return FailedWithAnEarlierSeed() ? failed_before : *g_skip_reason;
}

int RunConformance(int argc, char** argv) {
  std::string error;
  if (!ParseVariant(argc, argv, &error)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 2;
  }
  const bool simulated = CurrentVariant().simulated;
  if (simulated && !HasSimulatedWorlds()) {
    std::fprintf(stderr, "this program has registered no simulated worlds\n");
    return 2;
  }
  if (!simulated) *g_skip_reason = EnterOwnNetwork();
  if (!g_skip_reason->empty() && OwnNetworkRequired()) {
    std::fprintf(stderr, "HPSOCKET_REQUIRE_NETNS is set, but: %s\n", g_skip_reason->c_str());
    return 2;
  }
  if (g_skip_reason->empty()) {
    *g_skip_reason = WhyVariantCannotRun();
    if (!g_skip_reason->empty() && UringRequired()) {
      std::fprintf(stderr, "HPSOCKET_REQUIRE_IO_URING is set, but: %s\n", g_skip_reason->c_str());
      return 2;
    }
  }

  std::string replay;
  for (int i = 0; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--gtest_", 0) != 0) replay += (i == 0 ? "" : " ") + argument;
  }
  if (simulated) {
    KeepFreedMemory();
    PreparePassPerSeed();
  }
  ::testing::InitGoogleTest(&argc, argv);
  if (simulated) RunInSimulatedWorlds(replay);
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ::testing::UnitTest::GetInstance()->listeners().Append(new Watchdog);
  return RUN_ALL_TESTS();
}

}  // namespace hpsocket::harness
