// World::System(): the kernel's ports, the machine's threads, and the choice of the current world.
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/base/fork_generation.h"
#include "hpsocket/core/io/port_factory.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {
namespace {

constexpr size_t kLongestName = 15;

// What a new thread is told; it frees it.
struct ThreadStart {
  Runnable* runnable;
  std::string name;
};

void* RunThread(void* argument) {
  Runnable* runnable = nullptr;
  {
    const std::unique_ptr<ThreadStart> start(static_cast<ThreadStart*>(argument));
    pthread_setname_np(pthread_self(), start->name.c_str());
    runnable = start->runnable;
  }
  while (runnable->RunRound(/*may_block=*/true)) {
  }
  return nullptr;
}

// Where pointers have 32 bits, 500 stacks of the usual 8 MiB would take all the addresses there are.
constexpr size_t kLargestStack = sizeof(void*) == 4 ? size_t{1} << 20 : SIZE_MAX;

class ThreadAttributes {
 public:
  ThreadAttributes() {
    HP_CHECK(pthread_attr_init(&attributes_) == 0);
    size_t usual = 0;
    HP_CHECK(pthread_attr_getstacksize(&attributes_, &usual) == 0);
    if (usual > kLargestStack) HP_CHECK(pthread_attr_setstacksize(&attributes_, kLargestStack) == 0);
  }
  ThreadAttributes(const ThreadAttributes&) = delete;
  ThreadAttributes& operator=(const ThreadAttributes&) = delete;
  ~ThreadAttributes() { pthread_attr_destroy(&attributes_); }
  const pthread_attr_t* get() const { return &attributes_; }

 private:
  pthread_attr_t attributes_;
};

// While it lives the calling thread, and with it every thread that it starts, takes no signal.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former_);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &former_, nullptr); }

 private:
  sigset_t former_;
};

class SystemThread final : public RunningThread {
 public:
  SystemThread() = default;
  ~SystemThread() override { HP_CHECK(joined_); }

  // 0 or errno.
  int Begin(ThreadStart* start) {
    // Blocked before the thread exists, so that it never runs a handler of the application.
    const AllSignalsBlocked blocked;
    const ThreadAttributes attributes;
    const int result = pthread_create(&thread_, attributes.get(), &RunThread, start);
    joined_ = result != 0;
    return result;
  }

  void Join() override {
    // A forked child has this object, but not the thread.
    if (joined_ || generation_ != ForkGeneration::Now()) {
      joined_ = true;
      return;
    }
    HP_CHECK(pthread_equal(thread_, pthread_self()) == 0);
    HP_CHECK(pthread_join(thread_, nullptr) == 0);
    joined_ = true;
  }

 private:
  pthread_t thread_{};
  const uint32_t generation_ = ForkGeneration::Now();
  bool joined_ = true;  // also before it has begun
};

class SystemWorld final : public World {
 public:
  const Clock& clock() override { return Clock::System(); }
  Network& network() override { return Network::System(); }

  std::unique_ptr<CompletionPort> NewPort(PortChoice choice, int* error, std::string* why) override {
    return NewKernelPort(choice, error, why);
  }

  std::unique_ptr<RunningThread> StartThread(Runnable& runnable, const std::string& name,
                                             int* error) override {
    ForkGeneration::Watch();
    std::unique_ptr<ThreadStart> start;
    std::unique_ptr<SystemThread> thread;
    int result = ENOMEM;
    try {
      start = std::make_unique<ThreadStart>(ThreadStart{&runnable, name.substr(0, kLongestName)});
      thread = std::make_unique<SystemThread>();
      result = thread->Begin(start.get());
    } catch (const std::bad_alloc&) {  // before there is a thread
    }
    *error = -result;
    if (result != 0) return nullptr;
    static_cast<void>(start.release());
    return thread;
  }

  bool Await(Mutex& mutex, CondVar& changed, absl::FunctionRef<bool()> done, TimePoint deadline) override
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    while (!done()) {
      if (deadline == kAtOnce || !changed.WaitUntil(mutex, deadline)) return done();
    }
    return true;
  }

  bool simulated() const override { return false; }
};

std::atomic<World*>& Replacement() {
  static std::atomic<World*> replacement{nullptr};
  return replacement;
}

}  // namespace

World& World::System() {
  // Leaked: components that are globals use it after static destructors have run.
  static SystemWorld& world = *new SystemWorld;
  return world;
}

World& World::Current() {
  World* const replacement = Replacement().load(std::memory_order_acquire);
  return replacement != nullptr ? *replacement : System();
}

void World::ReplaceForTest(World* world) { Replacement().store(world, std::memory_order_release); }

}  // namespace hpsocket::core
