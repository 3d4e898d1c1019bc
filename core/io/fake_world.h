// Internal to core. Tests only.
//
// The simulated world: World on virtual time and simulated sockets, one thread at a time, in which
// every choice comes from one seed. A test makes one, puts it in place with World::ReplaceForTest(), runs the
// program against FakePeers, and decides through faults() and kernel() what goes wrong. The same seed
// and the same calls give the same run, which trace_hash() proves.
//
// Threads:  the thread that made it; any other that comes in stops the program.
// Lifetime: outlives everything that lives in it.
#ifndef HPSOCKET_CORE_IO_FAKE_WORLD_H_
#define HPSOCKET_CORE_IO_FAKE_WORLD_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/io/fake_clock.h"
#include "hpsocket/core/io/fake_faults.h"
#include "hpsocket/core/io/fake_kernel.h"
#include "hpsocket/core/io/fake_network.h"
#include "hpsocket/core/io/fake_trace.h"
#include "hpsocket/core/io/step_driver.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

class FakeWorld final : public World {
 public:
  explicit FakeWorld(const FakeWorldOptions& options = {});

  const Clock& clock() override { return clock_; }
  Network& network() override { return network_; }
  // kUring: a port whose sends usually end later; kEpoll: at once; kAuto: the seed chooses.
  std::unique_ptr<CompletionPort> NewPort(PortChoice choice, int* error, std::string* why) override;
  std::unique_ptr<RunningThread> StartThread(Runnable& runnable, const std::string& name,
                                             int* error) override;
  bool Await(Mutex& mutex, CondVar& changed, absl::FunctionRef<bool()> done, TimePoint deadline) override
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  bool simulated() const override { return true; }

  // --- For tests ---

  // Steps the world until `done()` holds or so much virtual time has passed: the last done().
  bool RunUntil(absl::FunctionRef<bool()> done, Duration patience = std::chrono::minutes(1));
  // Steps the world for so much virtual time.
  void RunFor(Duration duration);
  // Moves the clock without stepping anything.
  void Advance(Duration duration) { clock_.Advance(duration); }

  FakeFaults& faults() { return faults_; }
  FakeKernel& kernel() { return kernel_; }
  FakeNetwork& fake_network() { return network_; }
  StepDriver& driver() { return driver_; }

  void FailCall(uint64_t n, int error = 0) { faults_.FailCall(n, error); }
  uint64_t calls() const { return faults_.calls(); }
  // Descriptors of the program that are open.
  size_t open_descriptors() const { return kernel_.open_descriptors(); }
  uint64_t trace_hash() const { return trace_.hash(); }
  const FakeTrace& trace() const { return trace_; }

 private:
  FakeClock clock_;
  FakeTrace trace_;
  FakeFaults faults_;
  FakeKernel kernel_;
  StepDriver driver_;
  FakeNetwork network_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_WORLD_H_
