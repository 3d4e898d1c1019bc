#include "hpsocket/core/io/step_driver.h"

#include <algorithm>

namespace hpsocket::core {
namespace {

// One round finds what was handed over unseen; the others, what such rounds handed over unseen.
constexpr int kIdleRounds = 3;

}  // namespace

class StepDriver::Handle final : public RunningThread {
 public:
  Handle(StepDriver& driver, Entry& entry) : driver_(driver), entry_(entry) {}
  ~Handle() override {
    if (!joined_) HP_FATAL("a RunningThread was destroyed before Join()");
  }

  void Join() override {
    if (entry_.on_stack) HP_FATAL("a runnable waits for its own end (Join() inside RunRound())");
    driver_.PumpUntil(
        "Join of '" + entry_.name + "'", [this] { return entry_.finished; }, kForever);
    joined_ = true;
  }

 private:
  StepDriver& driver_;
  Entry& entry_;
  bool joined_ = false;
};

StepDriver::StepDriver(FakeClock& clock, FakeFaults& faults, FakeKernel& kernel, FakeTrace& trace)
    : clock_(clock), faults_(faults), kernel_(kernel), trace_(trace) {}

StepDriver::~StepDriver() {
  if (running_ != 0) HP_FATAL("the world ends while a runnable has not finished");
  if (!ports_.empty()) HP_FATAL("the world ends before a port of it");
}

std::unique_ptr<RunningThread> StepDriver::Start(Runnable& runnable, const std::string& name) {
  CheckThread();
  HP_CHECK(name.size() <= 15);
  auto entry = std::make_unique<Entry>();
  entry->id = static_cast<int>(entries_.size()) + 1;
  entry->name = name;
  entry->runnable = &runnable;
  Entry& reference = *entry;
  entries_.push_back(std::move(entry));
  ++running_;
  CountEffect();
  trace_.Add("start thread", reference.id);
  return std::make_unique<Handle>(*this, reference);
}

bool StepDriver::PumpUntil(const std::string& what, absl::FunctionRef<bool()> done, TimePoint deadline) {
  CheckThread();
  bool result = done();
  if (result || clock_.Now() >= deadline) return result;
  waits_.push_back({what, deadline, current_});
  // The caller may have handed work to anybody before it came here.
  Stir();
  do {
    Step();
    result = done();
  } while (!result && clock_.Now() < deadline);
  waits_.pop_back();
  CountEffect();
  return result;
}

bool StepDriver::finished(int runnable) const {
  return runnable != kOutside && entries_[static_cast<size_t>(runnable - 1)]->finished;
}

void StepDriver::AddPort(SteppedPort& port, int owner) { ports_.push_back({&port, owner}); }

void StepDriver::RemovePort(SteppedPort& port) {
  std::erase_if(ports_, [&port](const Port& entry) { return entry.port == &port; });
}

bool StepDriver::SleepInRound(TimePoint deadline) {
  if (current_ == kOutside) return false;
  Entry& entry = Find(current_);
  entry.slept = true;
  entry.sleep_deadline = std::min(entry.sleep_deadline, deadline);
  return true;
}

void StepDriver::CheckThread() const {
  if (std::this_thread::get_id() != thread_)
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
  if (entry.finished || entry.on_stack) return false;
  if (entry.idle_rounds < kIdleRounds) return true;
  return PortHasWork(entry.id) || (entry.slept && entry.sleep_deadline <= clock_.Now());
}

void StepDriver::Step() {
  if (kernel_.RunDueEvents()) {
    // What is waited for may have come by this alone.
    Stir();
    return;
  }
  std::vector<Entry*> ready;
  for (const auto& entry : entries_) {
    if (MayRun(*entry)) ready.push_back(entry.get());
  }
  if (ready.empty()) {
    AdvanceClock();
    return;
  }
  if (++rounds_at_this_time_ > faults_.options().spin_limit)
    Hang("something spins: the clock never gets to move");
  RunRound(*ready[faults_.Below(ready.size())]);
}

void StepDriver::RunRound(Entry& entry) {
  const uint64_t effects = effects_;
  const uint64_t calls = faults_.calls();
  const int outer = current_;
  entry.on_stack = true;
  entry.slept = false;
  entry.sleep_deadline = kForever;
  current_ = entry.id;
  // A runnable with a port says through it how long it would sleep; any other must not wait at all,
  // because whoever it waits for may be further down on this stack.
  const bool more = entry.runnable->RunRound(HasPort(entry.id));
  HP_CHECK(current_ == entry.id);
  current_ = outer;
  entry.on_stack = false;
  if (!more) {
    entry.finished = true;
    entry.runnable = nullptr;
    --running_;
    trace_.Add("thread ends", entry.id);
    Stir();
  } else if (effects_ != effects || faults_.calls() != calls || (HasPort(entry.id) && !entry.slept)) {
    trace_.Add("round", entry.id);
    Stir();
  } else {
    ++entry.idle_rounds;
  }
}

void StepDriver::AdvanceClock() {
  TimePoint next = kernel_.NextEvent();
  for (const auto& entry : entries_) {
    if (!entry->finished && !entry->on_stack && entry->slept) next = std::min(next, entry->sleep_deadline);
  }
  // An outer wait whose time has passed cannot return before the inner ones do.
  for (const Wait& wait : waits_) {
    if (wait.deadline > clock_.Now()) next = std::min(next, wait.deadline);
  }
  if (next == kForever) Hang("nothing can run and no time-out is pending: this would hang for ever");
  clock_.AdvanceTo(next);
  rounds_at_this_time_ = 0;
  trace_.Add("time", next.time_since_epoch().count());
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
                     "\n  waits, outermost first:\n";
  for (const Wait& wait : waits_) {
    text += "    " + wait.what + " " + time_text(wait.deadline) + ", in " +
            (wait.inside == kOutside ? "the test"
                                     : "'" + entries_[static_cast<size_t>(wait.inside - 1)]->name + "'") +
            "\n";
  }
  text += "  runnables:\n";
  for (const auto& entry : entries_) {
    if (entry->finished) continue;
    text += "    '" + entry->name + "' ";
    if (entry->on_stack) {
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
