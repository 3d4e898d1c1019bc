#include "hpsocket/core/io/step_driver.h"

#include <pthread.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <utility>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

// One round finds what was handed over unseen; the others, what such rounds handed over unseen.
constexpr int kIdleRounds = 3;
// How often the others come before a thread whose wait is over.
constexpr double kOthersFirst = 0.2;
// What goes on for ever takes time, so that what is under way arrives: after so many waits that ended,
// or rounds, the clock moves although there is something to do, and so far.
constexpr uint64_t kWaitsAtOneTime = 8;
constexpr uint64_t kRoundsAtOneTime = 1000;
constexpr Duration kBusyTime = std::chrono::microseconds(100);

// Where pointers have 32 bits, 500 stacks of the usual size would take all the addresses there are, and
// std::thread has no way to ask for another but the process's default.
void LimitStacks() {
  constexpr size_t kLargest = sizeof(void*) == 4 ? size_t{1} << 20 : SIZE_MAX;
  pthread_attr_t usual;
  size_t size = 0;
  HP_CHECK(pthread_getattr_default_np(&usual) == 0);
  HP_CHECK(pthread_attr_getstacksize(&usual, &size) == 0);
  if (size > kLargest) {
    HP_CHECK(pthread_attr_setstacksize(&usual, kLargest) == 0);
    HP_CHECK(pthread_setattr_default_np(&usual) == 0);
  }
  pthread_attr_destroy(&usual);
}

}  // namespace

class StepDriver::Handle final : public RunningThread {
 public:
  Handle(StepDriver& driver, Entry& entry) : driver_(driver), entry_(entry) {}
  ~Handle() override {
    if (!joined_) HP_FATAL("a RunningThread was destroyed before Join()");
  }

  void Join() override {
    if (entry_.id == driver_.current()) HP_FATAL("a thread waits for its own end (Join() inside RunRound())");
    driver_.PumpUntil(
        "Join of '" + entry_.name + "'", [this] { return entry_.finished; }, kForever);
    // It has nothing left to do but to end.
    if (entry_.thread.joinable()) entry_.thread.join();
    joined_ = true;
  }

 private:
  StepDriver& driver_;
  Entry& entry_;
  bool joined_ = false;
};

StepDriver::StepDriver(FakeClock& clock, FakeFaults& faults, FakeKernel& kernel, FakeTrace& trace)
    : clock_(clock), faults_(faults), kernel_(kernel), trace_(trace) {
  LimitStacks();
  NewEntry("the test");
}

StepDriver::~StepDriver() {
  if (running_ != 0) HP_FATAL("the world ends while a thread of it has not finished");
  if (!ports_.empty()) HP_FATAL("the world ends before a port of it");
}

StepDriver::Entry& StepDriver::NewEntry(const std::string& name) {
  auto entry = std::make_unique<Entry>();
  entry->id = static_cast<int>(entries_.size());
  entry->name = name;
  entries_.push_back(std::move(entry));
  return *entries_.back();
}

std::unique_ptr<RunningThread> StepDriver::Start(Runnable& runnable, const std::string& name) {
  CheckThread();
  HP_CHECK(name.size() <= 15);
  Entry& entry = NewEntry(name);
  entry.runnable = &runnable;
  Begin(entry, [this, &entry] { RunRounds(entry); });
  return std::make_unique<Handle>(*this, entry);
}

std::unique_ptr<RunningThread> StepDriver::StartThread(std::function<void()> body, const std::string& name) {
  CheckThread();
  Entry& entry = NewEntry(name);
  Begin(entry, [this, &entry, body = std::move(body)] { RunBody(entry, body); });
  return std::make_unique<Handle>(*this, entry);
}

void StepDriver::Begin(Entry& entry, std::function<void()> body) {
  ++running_;
  CountEffect();
  trace_.Add("start thread", entry.id);
  try {
    entry.thread = std::thread(std::move(body));
  } catch (const std::exception&) {
    // The world has counted on it already: sooner or later it would be its turn, for ever.
    HP_FATAL("the system has no thread for the simulated world");
  }
}

bool StepDriver::PumpUntil(const std::string& what, absl::FunctionRef<bool()> done, TimePoint deadline) {
  CheckThread();
  const bool result = done();
  if (result || clock_.Now() >= deadline) return result;
  Entry& self = Find(current_);
  Wait wait{what, done, deadline};
  self.wait = &wait;
  // The caller may have handed work to anybody before it came here.
  Stir();
  Yield(self);
  self.wait = nullptr;
  CountEffect();
  return wait.result;
}

void StepDriver::GiveWay() {
  CheckThread();
  Entry& self = Find(current_);
  const auto at_once = [] { return true; };
  Wait wait{"nothing", at_once, kForever};
  self.wait = &wait;
  Yield(self);
  self.wait = nullptr;
}

bool StepDriver::finished(int runnable) const { return Find(runnable).finished; }

void StepDriver::AddPort(SteppedPort& port, int owner) { ports_.push_back({&port, owner}); }

void StepDriver::RemovePort(SteppedPort& port) {
  std::erase_if(ports_, [&port](const Port& entry) { return entry.port == &port; });
}

bool StepDriver::SleepInRound(TimePoint deadline) {
  Entry& entry = Find(current_);
  if (!entry.in_round) return false;
  entry.slept = true;
  entry.sleep_deadline = std::min(entry.sleep_deadline, deadline);
  return true;
}

void StepDriver::CheckThread() const {
  if (std::this_thread::get_id() != running_thread_.load(std::memory_order_relaxed))
    HP_FATAL("another thread than the simulated world's own came in");
}

bool StepDriver::HasPort(int id) const {
  return std::any_of(ports_.begin(), ports_.end(), [id](const Port& entry) { return entry.owner == id; });
}

bool StepDriver::PortHasWork(int id) const {
  return std::any_of(ports_.begin(), ports_.end(),
                     [id](const Port& entry) { return entry.owner == id && entry.port->HasWork(); });
}

bool StepDriver::MayRun(const Entry& entry) const {
  if (entry.finished || entry.wait != nullptr || entry.id == kOutside) return false;
  if (entry.runnable == nullptr) return !entry.begun;
  if (entry.idle_rounds < kIdleRounds) return true;
  return PortHasWork(entry.id) || (entry.slept && entry.sleep_deadline <= clock_.Now());
}

bool StepDriver::IsOver(Wait& wait) const {
  wait.result = wait.done();
  return wait.result || clock_.Now() >= wait.deadline;
}

StepDriver::Entry& StepDriver::Next() {
  for (;;) {
    std::vector<Entry*> over;
    for (const auto& entry : entries_) {
      if (entry->wait != nullptr && IsOver(*entry->wait)) over.push_back(entry.get());
    }
    // Mostly at once, but never so that a thread which waits again and again keeps the rest from running.
    if (!over.empty() && !faults_.Chance(kOthersFirst)) return ContinueOneOf(over);
    if (kernel_.RunDueEvents()) {
      // What is waited for may have come by this alone.
      Stir();
      continue;
    }
    std::vector<Entry*> ready;
    for (const auto& entry : entries_) {
      if (MayRun(*entry)) ready.push_back(entry.get());
    }
    if (!ready.empty()) {
      if (++rounds_ > faults_.options().spin_limit) Hang("something spins: the clock never gets to move");
      if (rounds_ % kRoundsAtOneTime == 0) AdvanceTo(std::min(kernel_.NextEvent(), clock_.Now() + kBusyTime));
      return *ready[faults_.IndexBelow(ready.size())];
    }
    if (!over.empty()) return ContinueOneOf(over);
    AdvanceClock();
  }
}

StepDriver::Entry& StepDriver::ContinueOneOf(const std::vector<Entry*>& over) {
  if (++waits_at_this_time_ > kWaitsAtOneTime) {
    rounds_ = 0;
    AdvanceTo(std::min(kernel_.NextEvent(), clock_.Now() + kBusyTime));
  }
  return over.size() == 1 ? *over[0] : *over[faults_.IndexBelow(over.size())];
}

void StepDriver::Yield(Entry& self) {
  Entry& next = Next();
  current_ = next.id;
  if (&next == &self) return;
  next.turn.Give();
  self.turn.Take();
  running_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void StepDriver::Leave(Entry& self) {
  self.finished = true;
  self.runnable = nullptr;
  --running_;
  trace_.Add("thread ends", self.id);
  Stir();
  Entry& next = Next();
  current_ = next.id;
  next.turn.Give();
}

void StepDriver::RunRounds(Entry& self) {
  self.turn.Take();
  running_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  for (;;) {
    RunRound(self);
    if (self.finished) break;
    Yield(self);
  }
  Leave(self);
}

void StepDriver::RunBody(Entry& self, const std::function<void()>& body) {
  self.turn.Take();
  running_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  self.begun = true;
  body();
  Leave(self);
}

void StepDriver::RunRound(Entry& self) {
  const uint64_t effects = effects_;
  const uint64_t calls = faults_.calls();
  self.in_round = true;
  self.slept = false;
  self.sleep_deadline = kForever;
  // A runnable without a port has no way to say how long it would sleep.
  self.finished = !self.runnable->RunRound(HasPort(self.id));
  self.in_round = false;
  if (self.finished) return;
  if (effects_ != effects || faults_.calls() != calls || (HasPort(self.id) && !self.slept)) {
    trace_.Add("round", self.id);
    Stir();
  } else {
    ++self.idle_rounds;
  }
}

void StepDriver::AdvanceClock() {
  TimePoint next = kernel_.NextEvent();
  for (const auto& entry : entries_) {
    if (entry->wait != nullptr) {
      next = std::min(next, entry->wait->deadline);
    } else if (!entry->finished && entry->slept) {
      next = std::min(next, entry->sleep_deadline);
    }
  }
  if (next == kForever) Hang("nothing can run and no time-out is pending: this would hang for ever");
  rounds_ = 0;
  AdvanceTo(next);
}

void StepDriver::AdvanceTo(TimePoint time) {
  clock_.AdvanceTo(time);
  waits_at_this_time_ = 0;
  trace_.Add("time", time.time_since_epoch().count());
}

void StepDriver::Stir() {
  for (const auto& entry : entries_) entry->idle_rounds = 0;
}

void StepDriver::Hang(const char* reason) const {
  const auto time_text = [this](TimePoint time) {
    return time == kForever ? std::string("for ever")
                            : "for " + std::to_string(ToMillis(time - clock_.Now())) + " ms";
  };
  std::string text = std::string("simulated world, seed ") + std::to_string(faults_.options().seed) + ": " +
                     reason + "\n  fallible calls: " + std::to_string(faults_.calls()) +
                     ", made to fail: " + std::to_string(faults_.failures()) + " " + faults_.last_failure() +
                     "\n  waits:\n";
  for (const auto& entry : entries_) {
    if (entry->wait == nullptr) continue;
    text += "    " + entry->wait->what + " " + time_text(entry->wait->deadline) + ", in " +
            (entry->id == kOutside ? entry->name : "'" + entry->name + "'") + "\n";
  }
  text += "  runnables:\n";
  for (const auto& entry : entries_) {
    if (entry->finished || entry->runnable == nullptr) continue;
    text += "    '" + entry->name + "' ";
    if (entry->in_round) {
      text += "is in the middle of a round";
    } else if (entry->slept) {
      text += "sleeps " + time_text(entry->sleep_deadline);
    } else {
      text += "has nothing to do";
    }
    for (const Port& port : ports_) {
      if (port.owner == entry->id) text += "\n      " + port.port->Describe();
    }
    text += "\n";
  }
  for (const Port& port : ports_) {
    if (port.owner == kOutside) text += "    the test's port\n      " + port.port->Describe() + "\n";
  }
  text += "  last events:\n" + trace_.TailText();
  HP_FATAL(text.c_str());
}

}  // namespace hpsocket::core
