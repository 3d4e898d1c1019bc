// Internal to core.
//
// What a worker is, whatever its engine transports: a thread with one completion port that sleeps in
// it, is nudged out of it, and ends together with its siblings.
//
//   phase     event                                       next
//   new       OpenWith(): the port is open                running
//   new       OpenWith(): it cannot be had                (exits, quiet from the start)
//   running   RequestStop() was seen                      stopping
//   stopping  Ended()                                     quiet
//   quiet     every sibling is quiet, nobody can call     (torn down, exits)
//
// Threads:  its own thread, except what is marked "any thread".
// Owner:    the engine's WorkerSet.
#ifndef HPSOCKET_CORE_ENGINE_WORKER_BASE_H_
#define HPSOCKET_CORE_ENGINE_WORKER_BASE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "hpsocket/core/engine/engine_base.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

class WorkerSet;

class WorkerBase : public Runnable {
 public:
  WorkerBase(const WorkerBase&) = delete;
  WorkerBase& operator=(const WorkerBase&) = delete;
  virtual ~WorkerBase();

  // --- Any thread ---

  uint32_t index() const { return index_; }
  // Makes the worker look again soon: at what others have left for it, or at what the engine wants. False:
  // it is awake and looks by itself, when the callback that it may be in has returned.
  bool Nudge();
  void RequestStop();
  // Set once the port is open or has failed to open; then `open_failure()` and `port_reason()` are final.
  bool open_known() const { return open_known_.load(std::memory_order_acquire); }
  const StartFailure& open_failure() const { return open_failure_; }
  // Why this port was taken.
  const std::string& port_reason() const { return port_reason_; }

  // --- Worker ---

  CompletionPort& port() { return *port_; }
  // When the round, or since RunPort() its completions, began: read when it is asked for first, so that a
  // round in which nobody asks does not pay for it.
  TimePoint now() {
    if (!now_known_) UpdateNow();
    return now_;
  }
  // What a delay is counted from: callbacks of this round may have taken their time.
  TimePoint FreshNow() {
    UpdateNow();
    return now_;
  }
  bool stopping() const { return phase_ >= Phase::kStopping; }

 protected:
  enum class Phase { kNew, kRunning, kStopping, kQuiet };

  // What a tick may be late without callbacks to blame.
  static constexpr Duration kLateTick = std::chrono::milliseconds(10);

  // While one lives, `slot` says whose round the calling thread is in.
  template <class W>
  class CurrentScope {
   public:
    CurrentScope(W*& slot, W* worker) : slot_(slot), before_(slot) { slot_ = worker; }
    CurrentScope(const CurrentScope&) = delete;
    CurrentScope& operator=(const CurrentScope&) = delete;
    ~CurrentScope() { slot_ = before_; }

   private:
    W*& slot_;
    W* const before_;
  };

  WorkerBase(EngineBase& engine, WorkerSet& siblings, uint32_t index);

  // Opens the port, then what belongs to it. `options` lacks only what holds for every port.
  bool OpenWith(PortOptions options, int io_backend, uint32_t busy_poll_us);
  // The only round of a worker that could not open; false, as RunRound() is.
  bool ExitUnopened();
  void UpdateNow();
  // A round begins, or the port may have slept: whoever asks next reads the clock.
  void ForgetNow() { now_known_ = false; }
  bool stop_seen() const { return stop_requested_.load(std::memory_order_acquire); }

  // Others have posted something for this round.
  void NotePosts() {
    gives_way_ = now() - posted_at_ < kBurst;
    posted_at_ = now();
  }
  // Instead of a wait: whether they post so often that the next may be under way already. Then this thread
  // lets them run first, who may need its CPU; what they post meanwhile costs no wake-up and comes at once.
  bool TakeGivingWay() { return std::exchange(gives_way_, false); }
  // About to wait. What comes from now on nudges; what came before must be looked for once more.
  void BeginSleep() { sleeping_.store(true, std::memory_order_seq_cst); }
  // Of what the life cycle wants, it is that which nobody announces again.
  bool HasLifecycleNews();
  // Waits for completions and runs their handlers.
  void RunPort(TimePoint deadline);
  // Figures are published when the worker is about to wait, and every so many rounds when it never is.
  bool FiguresAreDue() { return ++rounds_ % kRoundsBetweenFigures == 0; }

  // RunRound() of a worker that stops: true when it was the last one.
  bool GoQuietOrExit();

  // The port is open: what else a worker needs. A failure closes it.
  virtual StartFailure HandleOpen() = 0;
  // Nothing is left to be delivered, sent, or freed, and nothing is in flight.
  virtual bool Ended() = 0;
  // Nobody nudges any more: frees everything, the port (ClosePort) included.
  virtual void TearDown() = 0;
  void ClosePort() { port_.reset(); }

  Phase phase_ = Phase::kNew;

 private:
  static constexpr uint32_t kRoundsBetweenFigures = 64;
  static constexpr Duration kBurst = std::chrono::microseconds(100);

  EngineBase& engine_;
  WorkerSet& siblings_;
  const uint32_t index_;

  std::atomic<bool> stop_requested_{false};
  std::atomic<bool> sleeping_{false};
  std::atomic<uint32_t> nudging_{0};  // threads that may be about to call the port's Wake()
  std::atomic<bool> open_known_{false};

  StartFailure open_failure_;
  std::string port_reason_;
  std::unique_ptr<CompletionPort> port_;
  uint32_t rounds_ = 0;
  bool now_known_ = false;
  TimePoint now_;
  TimePoint posted_at_;  // long ago
  bool gives_way_ = false;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_WORKER_BASE_H_
