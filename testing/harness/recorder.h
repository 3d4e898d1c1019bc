// Internal to testing.
//
// A Recorder is the part that all recording listeners share: it writes every event into a log, lets
// tests wait for what the log says, and answers each event as the test has told it to.
//
// Threads:  any. Reactions run on the event's thread, without any lock of the recorder.
// Lifetime: outlives the component that it listens to.
// Order:    an event is in the log before its reaction runs, and marked as returned after it.
#ifndef HPSOCKET_TESTING_HARNESS_RECORDER_H_
#define HPSOCKET_TESTING_HARNESS_RECORDER_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/event_log.h"

namespace hpsocket::harness {

class Recorder {
 public:
  // May return any result, throw, call the component, or block at a Gate.
  using Reaction = std::function<EnHandleResult(const Event&)>;

  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // From now on; an empty reaction restores HR_OK.
  void React(EventKind kind, Reaction reaction);
  // Does `action` in every event of a kind, and answers HR_OK.
  void Do(EventKind kind, std::function<void(const Event&)> action);
  // As Do, in the first such event only.
  void DoOnce(EventKind kind, std::function<void(const Event&)> action);

  // False when it did not hold before the deadline.
  bool WaitFor(const std::function<bool(const EventLog&)>& holds,
               Deadline deadline = Deadline::Patient()) const;
  // `count` events of a kind that have returned.
  bool WaitForCount(EventKind kind, size_t count, Deadline deadline = Deadline::Patient()) const;

  EventLog log() const;
  size_t size() const;
  // Events that have not returned.
  size_t running() const;

 protected:
  Recorder() = default;
  ~Recorder() = default;

  // `event` has what the component said; the rest is filled in here. `fetch`: takes the bytes of a PULL
  // event, when the event is in the log.
  EnHandleResult Record(Event event, const std::function<std::string()>& fetch = nullptr);

 private:
  void Finish(const Event& event, bool refused);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  EventLog log_;
  size_t running_ = 0;
  std::multimap<CONNID, EventKind> running_of_;
  std::map<EventKind, std::shared_ptr<const Reaction>> reactions_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_RECORDER_H_
