#include "hpsocket/core/io/fake_world.h"

#include "hpsocket/core/io/fake_port.h"

namespace hpsocket::core {

FakeWorld::FakeWorld(const FakeWorldOptions& options)
    : faults_(options, trace_),
      kernel_(clock_, faults_, trace_),
      driver_(clock_, faults_, kernel_, trace_),
      network_(clock_, kernel_, faults_, driver_) {}

std::unique_ptr<CompletionPort> FakeWorld::NewPort(PortChoice choice, int* error, std::string* why) {
  driver_.CheckThread();
  driver_.CountEffect();
  *error = faults_.Call(FakeCall::kNewPort);
  if (*error != 0) {
    *why = "simulated: " + faults_.last_failure();
    return nullptr;
  }
  *why = "simulated";
  const bool sends_at_once = choice == PortChoice::kAuto ? faults_.Chance(0.5) : choice == PortChoice::kEpoll;
  return std::make_unique<FakePort>(clock_, kernel_, faults_, driver_, trace_, sends_at_once);
}

std::unique_ptr<RunningThread> FakeWorld::StartThread(Runnable& runnable, const std::string& name,
                                                      int* error) {
  driver_.CheckThread();
  const int failure = faults_.Call(FakeCall::kStartThread);
  *error = -failure;
  if (failure != 0) return nullptr;
  return driver_.Start(runnable, name);
}

bool FakeWorld::Await(Mutex& mutex, CondVar&, absl::FunctionRef<bool()> done, TimePoint deadline) {
  // Nobody else runs between the last done() and the lock that follows.
  mutex.unlock();
  const bool result = driver_.PumpUntil(
      "Await",
      [&mutex, &done]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
        const MutexLock lock(mutex);
        return done();
      },
      deadline);
  mutex.lock();
  return result;
}

bool FakeWorld::RunUntil(absl::FunctionRef<bool()> done, Duration patience) {
  return driver_.PumpUntil("RunUntil", done, clock_.Now() + patience);
}

void FakeWorld::RunFor(Duration duration) {
  driver_.PumpUntil(
      "RunFor", [] { return false; }, clock_.Now() + duration);
}

}  // namespace hpsocket::core
