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

// A resolution cannot be interrupted, and those behind it wait: it is not begun for nobody.
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

// The process's resolver thread, with its queue. Leaked with its thread: it may be inside
// getaddrinfo when the process ends.
class ResolverThread final : public Runnable {
 public:
  static ResolverThread& Instance() {
    static SmallMutex mutex;
    static ResolverThread* instance = nullptr;
    static uint32_t generation = 0;
    SmallMutexLock lock(mutex);
    // A forked child has the memory of its parent's, but not the thread.
    if (instance == nullptr || generation != ForkGeneration::Now()) {
      instance = std::make_unique<ResolverThread>().release();
      generation = ForkGeneration::Now();
    }
    return *instance;
  }

  // False with -errno when the thread cannot be started.
  bool Add(Request request, int* error) {
    MutexLock lock(mutex_);
    if (thread_ == nullptr) {
      thread_ = World::System().StartThread(*this, "hp-resolver", error);
      if (thread_ == nullptr) return false;
    }
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
    }
    Run(request);
    return true;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<RunningThread> thread_ ABSL_GUARDED_BY(mutex_);
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
    if (ResolverThread::Instance().Add(std::move(request), &error)) return;
  } catch (const std::bad_alloc&) {
    error = ENOMEM;
  }
  ticket->Answer(error == 0 ? EAGAIN : std::abs(error), {});
}

}  // namespace hpsocket::core
