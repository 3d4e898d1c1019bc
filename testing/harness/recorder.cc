#include "hpsocket/testing/harness/recorder.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
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
  return Environment::Current().Await(
      lock, changed_, [&] { return holds(log_); }, deadline);
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

EnHandleResult Recorder::Record(Event event, const std::function<std::string()>& fetch) {
  event.thread = std::this_thread::get_id();
  std::shared_ptr<const Reaction> reaction;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto [first, last] = running_of_.equal_range(event.id);
    event.overlaps = event.id != 0 && first != last;
    event.overlaps_receive =
        event.overlaps && std::next(first) == last && first->second == EventKind::kReceive;
    event.index = log_.Append(event);
    ++running_;
    running_of_.emplace(event.id, event.kind);
    reaction = reactions_[event.kind];
    changed_.notify_all();
  }
  if (fetch) {
    event.data = fetch();
    event.bytes = reinterpret_cast<const uint8_t*>(event.data.data());
    std::lock_guard<std::mutex> lock(mutex_);
    log_.SetData(event.index, event.data);
    changed_.notify_all();
  }
  EnHandleResult result = HR_OK;
  if (reaction != nullptr) {
    try {
      result = (*reaction)(event);
    } catch (...) {
      Finish(event, true);
      throw;
    }
  }
  Finish(event, result == HR_ERROR);
  return result;
}

void Recorder::Finish(const Event& event, bool refused) {
  std::lock_guard<std::mutex> lock(mutex_);
  log_.MarkReturned(event.index, refused);
  --running_;
  const auto [first, last] = running_of_.equal_range(event.id);
  running_of_.erase(
      std::find_if(first, last, [&](const auto& running) { return running.second == event.kind; }));
  changed_.notify_all();
}

}  // namespace hpsocket::harness
