#include "hpsocket/testing/harness/recorder.h"

#include <atomic>
#include <thread>
#include <utility>

#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {

void Recorder::React(EventKind kind, Reaction reaction) {
  std::lock_guard<std::mutex> lock(mutex_);
  reactions_[kind] = reaction ? std::make_shared<const Reaction>(std::move(reaction)) : nullptr;
}

void Recorder::Do(EventKind kind, std::function<void(const Event&)> action) {
  React(kind, [action = std::move(action)](const Event& event) {
    action(event);
    return HR_OK;
  });
}

void Recorder::DoOnce(EventKind kind, std::function<void(const Event&)> action) {
  auto done = std::make_shared<std::atomic<bool>>(false);
  Do(kind, [done, action = std::move(action)](const Event& event) {
    if (!done->exchange(true)) action(event);
  });
}

bool Recorder::WaitFor(const std::function<bool(const EventLog&)>& holds, Deadline deadline) const {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!holds(log_)) {
    if (!Environment::Current().AwaitChange(lock, changed_, deadline)) return holds(log_);
  }
  return true;
}

bool Recorder::WaitForCount(EventKind kind, size_t count, Deadline deadline) const {
  return WaitFor([&](const EventLog& log) { return log.CountReturned(kind) >= count; }, deadline);
}

EventLog Recorder::log() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return log_;
}

size_t Recorder::size() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return log_.size();
}

size_t Recorder::running() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return running_;
}

EnHandleResult Recorder::Record(Event event) {
  event.thread = std::this_thread::get_id();
  std::shared_ptr<const Reaction> reaction;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    event.overlaps = event.id != 0 && running_of_.count(event.id) > 0;
    event.index = log_.Append(event);
    ++running_;
    running_of_.insert(event.id);
    reaction = reactions_[event.kind];
    changed_.notify_all();
  }
  EnHandleResult result = HR_OK;
  if (reaction != nullptr) {
    try {
      result = (*reaction)(event);
    } catch (...) {
      Finish(event.index, event.id, true);
      throw;
    }
  }
  Finish(event.index, event.id, result == HR_ERROR);
  return result;
}

void Recorder::Finish(size_t index, CONNID id, bool refused) {
  std::lock_guard<std::mutex> lock(mutex_);
  log_.MarkReturned(index, refused);
  --running_;
  running_of_.erase(running_of_.find(id));
  changed_.notify_all();
}

}  // namespace hpsocket::harness
