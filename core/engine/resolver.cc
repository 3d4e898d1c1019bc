#include "hpsocket/core/engine/resolver.h"

#include <cerrno>
#include <cstdlib>
#include <deque>
#include <new>
#include <utility>

#include "hpsocket/core/base/fork_generation.h"

namespace hpsocket::core {
namespace {

struct Request {
  World* world;
  std::string name;
  uint16_t port;
  std::shared_ptr<ResolveTicket> ticket;
};

// A resolution cannot be interrupted, and others may wait for its thread: it is not begun for nobody.
void Run(Request& request) {
  if (!request.ticket->wanted()) return;
  std::vector<Address> addresses;
  std::string detail;
  int error = 0;
  try {
    error = request.world->network().Resolve(request.name, request.port, &addresses, &detail);
  } catch (const std::bad_alloc&) {
    error = ENOMEM;
  }
  request.ticket->Answer(std::abs(error), std::move(addresses));
}

// The process's resolver threads, with their queue. Leaked with them: they may be inside getaddrinfo when
// the process ends.
class ResolverThreads final : public Runnable {
 public:
  static ResolverThreads& Instance() {
    static SmallMutex mutex;
    static ResolverThreads* instance = nullptr;
    static uint32_t generation = 0;
    SmallMutexLock lock(mutex);
    // A forked child has the memory of its parent's, but not the threads.
    if (instance == nullptr || generation != ForkGeneration::Now()) {
      instance = std::make_unique<ResolverThreads>().release();
      generation = ForkGeneration::Now();
    }
    return *instance;
  }

  // False with -errno when there is no thread and none can be started.
  bool Add(Request request, int* error) {
    MutexLock lock(mutex_);
    // Each name that waits has an idle thread coming for it, as far as the limit goes.
    if (queue_.size() >= idle_ && threads_.size() < Resolver::kAtOnce && !StartOne(error) && threads_.empty())
      return false;
    queue_.push_back(std::move(request));
    changed_.NotifyOne();
    return true;
  }

  bool RunRound(bool /*may_block*/) override {
    Request request;
    {
      MutexLock lock(mutex_);
      while (queue_.empty()) changed_.WaitUntil(mutex_, kForever);
      request = std::move(queue_.front());
      queue_.pop_front();
      --idle_;
    }
    Run(request);
    MutexLock lock(mutex_);
    ++idle_;
    return true;
  }

 private:
  bool StartOne(int* error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    threads_.reserve(threads_.size() + 1);
    std::unique_ptr<RunningThread> thread = World::System().StartThread(*this, "hp-resolver", error);
    if (thread == nullptr) return false;
    threads_.push_back(std::move(thread));
    ++idle_;
    return true;
  }

  Mutex mutex_;
  CondVar changed_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<RunningThread>> threads_ ABSL_GUARDED_BY(mutex_);
  // Threads that are not resolving: they wait for a name, or will look for one next.
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

void ResolveTicket::Abandon() {
  MutexLock lock(mutex_);
  waiter_ = nullptr;
}

bool ResolveTicket::wanted() {
  MutexLock lock(mutex_);
  return waiter_ != nullptr;
}

int ResolveTicket::Take(std::vector<Address>* addresses) {
  MutexLock lock(mutex_);
  *addresses = std::move(addresses_);
  return error_;
}

void ResolveTicket::Answer(int error, std::vector<Address> addresses) {
  MutexLock lock(mutex_);
  if (waiter_ == nullptr) return;
  error_ = error;
  addresses_ = std::move(addresses);
  waiter_->HandleResolved();
}

void Resolver::Resolve(World& world, const std::string& name, uint16_t port,
                       const std::shared_ptr<ResolveTicket>& ticket) {
  int error = 0;
  try {
    Request request{&world, name, port, ticket};
    if (world.simulated()) {
      Run(request);
      return;
    }
    if (ResolverThreads::Instance().Add(std::move(request), &error)) return;
  } catch (const std::bad_alloc&) {
    error = ENOMEM;
  }
  ticket->Answer(error == 0 ? EAGAIN : std::abs(error), {});
}

}  // namespace hpsocket::core
