#include "hpsocket/testing/harness/event_log.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace hpsocket::harness {
namespace {

// Follows one connection through a log.
class ConnectionRules {
 public:
  ConnectionRules(LogOf role, EnRecvPolicy policy, CONNID id, std::vector<std::string>* violations)
      : role_(role), policy_(policy), id_(id), violations_(violations) {}

  void Follow(const Event& event) {
    const bool last = event.kind == EventKind::kClose || event.kind == EventKind::kError;
    // An OnReceive that has been overtaken may have been called, and come to be recorded only later.
    const bool overtaken = policy_ == RP_PARALLEL && ended_ && event.kind == EventKind::kReceive &&
                           event.thread != end_thread_ && !overtaken_;
    overtaken_ = overtaken_ || overtaken;
    if (event.overlaps && !overtaken && !(policy_ == RP_PARALLEL && last && event.overlaps_receive)) {
      Break(event, "began while another event of its connection was running");
    }
    if (ended_ && !overtaken) Break(event, "came after the connection's last event");
    if (refused_ && !MayFollowRefusal(event.kind)) {
      Break(event, "came although the listener had refused the connection");
    }
    switch (event.kind) {
      case EventKind::kAccept:
        if (open_) Break(event, "came twice");
        open_ = true;
        refused_ = event.refused;
        break;
      case EventKind::kPrepareConnect:
        if (open_) Break(event, "came after OnConnect");
        prepared_ = true;
        refused_ = event.refused;
        break;
      case EventKind::kConnect:
        if (!prepared_) Break(event, "came without OnPrepareConnect");
        if (open_) Break(event, "came twice");
        open_ = true;
        refused_ = event.refused;
        break;
      case EventKind::kReceive:
      case EventKind::kSend:
        if (!open_) Break(event, "came before the connection was open");
        if (event.data.empty() && event.total <= 0 && !MayBeEmpty(event.kind))
          Break(event, "brought nothing");
        break;
      case EventKind::kClose:
      case EventKind::kError:
        if (!open_ && role_ == LogOf::kServer) Break(event, "came before OnAccept");
        if (!open_ && event.kind == EventKind::kError && event.operation != SO_CONNECT) {
          Break(event, "came before OnConnect, and not for connecting");
        }
        ended_ = true;
        end_thread_ = event.thread;
        break;
      case EventKind::kPrepareListen:
      case EventKind::kShutdown:
        break;
    }
  }

  void Complete(bool must_end) {
    if (must_end && !ended_) violations_->push_back(Name() + " never had its OnClose or OnError");
  }

  bool MayBeEmpty(EventKind kind) const { return role_ == LogOf::kCast && kind == EventKind::kReceive; }
  bool open_and_accepted() const { return open_ && !refused_; }
  bool open_and_refused() const { return open_ && refused_; }
  void FollowFailure() {
    if (ended_) violations_->push_back(Name() + " had a last event though Connect had failed");
    if (open_and_accepted()) violations_->push_back(Name() + " was open though Connect had failed");
  }

 private:
  // A server drops whom OnAccept refuses. Whoever has been told that a connect is under way hears how that
  // ended, but an agent nothing more of a connection that its OnConnect refused.
  bool MayFollowRefusal(EventKind kind) const {
    if (role_ == LogOf::kServer || (role_ == LogOf::kAgent && open_)) return false;
    return kind == EventKind::kError || (role_ == LogOf::kAgent && kind == EventKind::kClose);
  }
  std::string Name() const { return "connection " + std::to_string(id_); }
  void Break(const Event& event, const char* what) {
    violations_->push_back(Name() + ": " + ToString(event.kind) + " (event " + std::to_string(event.index) +
                           ") " + what);
  }

  const LogOf role_;
  const EnRecvPolicy policy_;
  const CONNID id_;
  std::vector<std::string>* const violations_;
  bool prepared_ = false;
  bool open_ = false;
  bool refused_ = false;
  bool ended_ = false;
  bool overtaken_ = false;
  std::thread::id end_thread_;
};

}  // namespace

const char* ToString(EventKind kind) {
  switch (kind) {
    case EventKind::kPrepareListen:
      return "OnPrepareListen";
    case EventKind::kAccept:
      return "OnAccept";
    case EventKind::kPrepareConnect:
      return "OnPrepareConnect";
    case EventKind::kConnect:
      return "OnConnect";
    case EventKind::kReceive:
      return "OnReceive";
    case EventKind::kSend:
      return "OnSend";
    case EventKind::kClose:
      return "OnClose";
    case EventKind::kError:
      return "OnError";
    case EventKind::kShutdown:
      return "OnShutdown";
  }
  return "?";
}

size_t EventLog::Count(EventKind kind, CONNID id) const {
  if (Count(kind) == 0) return 0;
  return static_cast<size_t>(std::count_if(events_.begin(), events_.end(), [&](const Event& event) {
    return event.kind == kind && event.id == id;
  }));
}

const Event* EventLog::First(EventKind kind) const {
  for (const Event& event : events_) {
    if (event.kind == kind) return &event;
  }
  return nullptr;
}

const Event* EventLog::First(EventKind kind, CONNID id) const {
  for (const Event& event : events_) {
    if (event.kind == kind && event.id == id) return &event;
  }
  return nullptr;
}

std::vector<EventKind> EventLog::Milestones(CONNID id) const {
  std::vector<EventKind> kinds;
  for (const Event& event : events_) {
    if (event.id != id || event.kind == EventKind::kReceive || event.kind == EventKind::kSend) continue;
    kinds.push_back(event.kind);
  }
  return kinds;
}

std::string EventLog::Data(EventKind kind, CONNID id) const {
  std::string data;
  for (const Event& event : events_) {
    if (event.kind == kind && event.id == id) data += event.data;
  }
  return data;
}

std::vector<CONNID> EventLog::Ids() const {
  std::vector<CONNID> ids;
  for (const Event& event : events_) {
    if (event.kind != EventKind::kAccept && event.kind != EventKind::kPrepareConnect) continue;
    if (std::find(ids.begin(), ids.end(), event.id) == ids.end()) ids.push_back(event.id);
  }
  return ids;
}

std::set<std::thread::id> EventLog::Threads(EventKind kind) const {
  std::set<std::thread::id> threads;
  for (const Event& event : events_) {
    if (event.kind == kind) threads.insert(event.thread);
  }
  return threads;
}

std::vector<std::string> EventLog::Violations(LogOf role, bool complete, const std::set<CONNID>& begun,
                                              EnRecvPolicy policy, const std::set<CONNID>& failed) const {
  std::vector<std::string> violations;
  std::map<CONNID, ConnectionRules> connections;
  bool shut_down = false;
  CONNID newest = 0;
  for (const Event& event : events_) {
    const std::string name =
        std::string(ToString(event.kind)) + " (event " + std::to_string(event.index) + ")";
    // Started again. An agent has no event for that; but IDs count up.
    const bool begins =
        event.kind == EventKind::kPrepareListen || (role == LogOf::kAgent && event.id > newest);
    newest = std::max(newest, event.id);
    if (begins) {
      shut_down = false;
    } else if (shut_down && !(role == LogOf::kAgent && event.kind == EventKind::kShutdown)) {
      violations.push_back(name + " came after OnShutdown");
    }
    if (event.kind == EventKind::kShutdown) {
      shut_down = true;
      if (event.connections != 0) {
        violations.push_back(name + " saw " + std::to_string(event.connections) + " connections");
      }
    }
    if (event.id == 0) continue;
    connections.try_emplace(event.id, role, policy, event.id, &violations).first->second.Follow(event);
  }
  if (complete) {
    for (auto& [id, rules] : connections) {
      const bool silent = role == LogOf::kAgent && rules.open_and_refused();
      rules.Complete(role == LogOf::kServer ? rules.open_and_accepted() : begun.count(id) > 0 && !silent);
      if (failed.count(id) > 0) rules.FollowFailure();
    }
    for (const CONNID id : begun) {
      if (connections.count(id) == 0)
        violations.push_back("connection " + std::to_string(id) + " never had an event");
    }
    for (const Event& event : events_) {
      if (!event.returned) violations.push_back(std::string(ToString(event.kind)) + " is still running");
    }
  }
  return violations;
}

size_t EventLog::Append(Event event) {
  event.index = events_.size();
  event.bytes = nullptr;
  ++counts_[static_cast<size_t>(event.kind)];
  if (event.returned) ++returned_[static_cast<size_t>(event.kind)];
  if (event.kind == EventKind::kReceive) received_ += event.data.size();
  events_.push_back(std::move(event));
  return events_.size() - 1;
}

void EventLog::SetData(size_t index, std::string data) {
  Event& event = events_[index];
  if (event.kind == EventKind::kReceive) received_ += data.size() - event.data.size();
  event.data = std::move(data);
}

void EventLog::MarkReturned(size_t index, bool refused) {
  Event& event = events_[index];
  if (!event.returned) ++returned_[static_cast<size_t>(event.kind)];
  event.returned = true;
  event.refused = refused;
}

std::string EventLog::ToText() const {
  std::ostringstream text;
  constexpr size_t kShown = 200;
  const size_t first = events_.size() > kShown ? events_.size() - kShown : 0;
  if (first > 0) text << "... " << first << " events before\n";
  for (size_t i = first; i < events_.size(); ++i) {
    const Event& event = events_[i];
    text << i << ' ' << ToString(event.kind) << " id " << event.id << " thread " << event.thread << " state "
         << event.state << " connections " << event.connections;
    if (!event.data.empty()) text << " bytes " << event.data.size();
    if (event.total > 0) text << " total " << event.total;
    if (event.kind == EventKind::kError) text << " operation " << event.operation << " error " << event.error;
    if (event.refused) text << " refused";
    if (!event.returned) text << " RUNNING";
    text << '\n';
  }
  return text.str();
}

}  // namespace hpsocket::harness
