// Internal to core. Tests only.
//
// The simulated world's threads: a list of runnables that one thread steps, one round at a time, in
// an order that the seed decides. Every wait in the world steps the others meanwhile, so runnables
// nest on the stack; one that is on the stack already is never entered again.
//
// Time moves only when nobody can do anything: three rounds in a row without effect from every
// runnable, whatever else happened before. (A runnable may have been handed work in a way that the
// world does not see, such as an inbox; asking again is how it is noticed.)
//
// Threads:  the thread that created it.
// Owner:    FakeWorld.
// Lifetime: every runnable has finished and was joined before it is destroyed.
#ifndef HPSOCKET_CORE_IO_STEP_DRIVER_H_
#define HPSOCKET_CORE_IO_STEP_DRIVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/io/fake_clock.h"
#include "hpsocket/core/io/fake_faults.h"
#include "hpsocket/core/io/fake_kernel.h"
#include "hpsocket/core/io/fake_trace.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

// A port as the driver sees it.
class SteppedPort {
 public:
  // A RunOnce() would have something to do.
  virtual bool HasWork() const = 0;
  // What it has in flight, for the report of a hang.
  virtual std::string Describe() const = 0;

 protected:
  ~SteppedPort() = default;
};

class StepDriver {
 public:
  // Nobody's runnable: the test itself.
  static constexpr int kOutside = 0;

  StepDriver(FakeClock& clock, FakeFaults& faults, FakeKernel& kernel, FakeTrace& trace);
  StepDriver(const StepDriver&) = delete;
  StepDriver& operator=(const StepDriver&) = delete;
  ~StepDriver();

  std::unique_ptr<RunningThread> Start(Runnable& runnable, const std::string& name);

  // Steps the world until `done()` holds or `deadline` has passed: the last done(). `what` stands in
  // the report when neither can ever come.
  bool PumpUntil(const std::string& what, absl::FunctionRef<bool()> done, TimePoint deadline);

  // The runnable whose round this is, or kOutside.
  int current() const { return current_; }
  bool finished(int runnable) const;

  // --- For ports ---
  void AddPort(SteppedPort& port, int owner);
  void RemovePort(SteppedPort& port);
  // In a round of the port's owner: the runnable sleeps until `deadline` or until the port has work,
  // and RunOnce() returns. False outside of rounds: the port has to pump.
  bool SleepInRound(TimePoint deadline);
  // Something had an effect.
  void CountEffect() { ++effects_; }

  // Stops the program if another thread than the world's calls.
  void CheckThread() const;

 private:
  class Handle;

  struct Entry {
    int id = 0;
    std::string name;
    Runnable* runnable = nullptr;
    bool finished = false;
    bool on_stack = false;
    bool slept = false;  // in its last round
    TimePoint sleep_deadline = kForever;
    int idle_rounds = 0;
  };
  struct Wait {
    std::string what;
    TimePoint deadline;
    int inside;
  };
  struct Port {
    SteppedPort* port;
    int owner;
  };

  Entry& Find(int id) { return *entries_[static_cast<size_t>(id - 1)]; }
  bool HasPort(int id) const;
  bool PortHasWork(int id) const;
  bool MayRun(const Entry& entry) const;
  void Step();
  void RunRound(Entry& entry);
  void AdvanceClock();
  void Stir();
  [[noreturn]] void Hang(const char* reason) const;

  FakeClock& clock_;
  FakeFaults& faults_;
  FakeKernel& kernel_;
  FakeTrace& trace_;
  const std::thread::id thread_ = std::this_thread::get_id();

  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<Port> ports_;
  std::vector<Wait> waits_;
  int current_ = kOutside;
  int running_ = 0;  // not finished
  uint64_t effects_ = 0;
  uint64_t rounds_at_this_time_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_STEP_DRIVER_H_
