// Internal to core. Tests only.
//
// The simulated world's threads. Each has a thread of the system, so that whatever is one per thread
// is, but only one of them runs at any moment: whoever waits decides, by the seed, who is next, and
// hands over. A runnable is called one round at a time; a wait inside a round, or in a thread of the
// test's own, blocks that thread only.
//
// Time moves when nobody can do anything: three rounds in a row without effect from every runnable,
// whatever else happened before. (A runnable may have been handed work in a way that the world does not
// see, such as an inbox; asking again is how it is noticed.) What never ends takes a little time, too.
//
// Threads:  the one that created it and those that it started, one at a time; any other that comes in
//           stops the program.
// Owner:    FakeWorld.
// Lifetime: every thread has finished and was joined before it is destroyed.
#ifndef HPSOCKET_CORE_IO_STEP_DRIVER_H_
#define HPSOCKET_CORE_IO_STEP_DRIVER_H_

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
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
  // The thread that made the world: the test itself.
  static constexpr int kOutside = 0;

  StepDriver(FakeClock& clock, FakeFaults& faults, FakeKernel& kernel, FakeTrace& trace);
  StepDriver(const StepDriver&) = delete;
  StepDriver& operator=(const StepDriver&) = delete;
  ~StepDriver();

  std::unique_ptr<RunningThread> Start(Runnable& runnable, const std::string& name);
  // A thread of the test's own: `body` runs once, and its waits let the others go on.
  std::unique_ptr<RunningThread> StartThread(std::function<void()> body, const std::string& name);

  // Blocks the calling thread until `done()` holds or `deadline` has passed: the last done(). Any thread
  // of the world may ask for it, also again after it held. Meanwhile the others go on. `what` stands in the
  // report when neither can ever come.
  bool PumpUntil(const std::string& what, absl::FunctionRef<bool()> done, TimePoint deadline);

  // Lets the others go on now and then, for calls that often have no need to wait.
  void GiveWay();

  // Whose turn it is: a runnable, a thread of the test's own, or kOutside.
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

  // Stops the program if another thread calls than the one whose turn it is.
  void CheckThread() const;

 private:
  class Handle;

  // Given by whoever runs to who runs next. Not std's semaphore: that spins and yields before it sleeps, and
  // here nobody else can give while somebody spins.
  class Turn {
   public:
    Turn() { sem_init(&given_, 0, 0); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { sem_destroy(&given_); }
    void Give() { sem_post(&given_); }
    void Take() {
      while (sem_wait(&given_) != 0 && errno == EINTR) {
      }
    }

   private:
    sem_t given_;
  };

  struct Wait {
    const std::string what;
    absl::FunctionRef<bool()> done;
    TimePoint deadline;
    bool result = false;
  };
  struct Entry {
    int id = 0;
    std::string name;
    std::thread thread;  // none for the test itself
    Turn turn;
    Runnable* runnable = nullptr;  // null for the test and its threads
    Wait* wait = nullptr;          // what it is blocked in
    bool begun = false;            // a thread of the test's own
    bool finished = false;
    bool in_round = false;
    bool slept = false;  // in its last round
    TimePoint sleep_deadline = kForever;
    int idle_rounds = 0;
  };
  struct Port {
    SteppedPort* port;
    int owner;
  };

  Entry& Find(int id) const { return *entries_[static_cast<size_t>(id)]; }
  Entry& NewEntry(const std::string& name);
  void Begin(Entry& entry, std::function<void()> body);
  bool HasPort(int id) const;
  bool PortHasWork(int id) const;
  bool MayRun(const Entry& entry) const;
  bool IsOver(Wait& wait) const;

  // Lets the world go on until it is somebody's turn, and says whose.
  Entry& Next();
  Entry& ContinueOneOf(const std::vector<Entry*>& over);
  // Gives the turn to whoever is next; returns when it is `self`'s again.
  void Yield(Entry& self);
  // Gives the turn away for good.
  void Leave(Entry& self);
  void RunRounds(Entry& self);
  void RunBody(Entry& self, const std::function<void()>& body);
  void RunRound(Entry& self);
  void AdvanceClock();
  void AdvanceTo(TimePoint time);
  void Stir();
  [[noreturn]] void Hang(const char* reason) const;

  FakeClock& clock_;
  FakeFaults& faults_;
  FakeKernel& kernel_;
  FakeTrace& trace_;

  std::vector<std::unique_ptr<Entry>> entries_;  // the place is the id
  std::vector<Port> ports_;
  int current_ = kOutside;
  std::atomic<std::thread::id> running_thread_{std::this_thread::get_id()};
  int running_ = 0;  // not finished
  uint64_t effects_ = 0;
  uint64_t rounds_ = 0;  // since nobody could do anything, or a thread of the test could
  uint64_t waits_at_this_time_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_STEP_DRIVER_H_
