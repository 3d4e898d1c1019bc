// Internal to testing.
//
// What a component told its listener, in order, and the questions that tests ask about it. The rules
// that hold for every component at every moment (order, exactly one last event, no two events of a
// connection at once) are checked here, on every test's log.
//
// Threads:  as a value.
#ifndef HPSOCKET_TESTING_HARNESS_EVENT_LOG_H_
#define HPSOCKET_TESTING_HARNESS_EVENT_LOG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::harness {

enum class EventKind {
  kPrepareListen,
  kAccept,
  kPrepareConnect,
  kConnect,
  kReceive,
  kSend,
  kClose,
  kError,
  kShutdown,
};
inline constexpr size_t kEventKinds = static_cast<size_t>(EventKind::kShutdown) + 1;

const char* ToString(EventKind kind);

struct Event {
  EventKind kind = EventKind::kShutdown;
  CONNID id = 0;  // 0: the event concerns no connection
  SOCKET socket = -1;
  uint16_t peer_port = 0;    // OnAccept, an agent's OnConnect: the other side's
  uint16_t own_port = 0;     // an agent's OnConnect: our side's
  int family = 0;            // a UDP server's OnAccept: sin_family of the peer's address
  std::string peer_address;  // and the address, as text
  EnSocketOperation operation = SO_UNKNOWN;
  int error = 0;
  std::string data;                // received or sent
  const uint8_t* bytes = nullptr;  // the same as the component handed it out; in a reaction only
  int total = 0;                   // PULL: what can be fetched

  // The component as it was when the event began; kept at the defaults when nobody is observed.
  EnServiceState state = SS_STOPPED;
  uint32_t connections = 0;

  std::thread::id thread;
  size_t index = 0;               // in the log
  bool overlaps = false;          // another event of this connection had not returned yet
  bool overlaps_receive = false;  // one OnReceive, and nothing else

  // Afterwards.
  bool returned = false;
  bool refused = false;  // by HR_ERROR or an exception
};

// Whose log it is. A cast's is a client's, in which OnReceive may bring nothing.
enum class LogOf { kServer, kAgent, kClient, kCast };

class EventLog {
 public:
  const std::vector<Event>& events() const& { return events_; }
  std::vector<Event> events() && {
    return std::move(events_);
  }  // so that a loop over a temporary log is safe
  size_t size() const { return events_.size(); }

  // How many events of a kind, of all or of one connection.
  size_t Count(EventKind kind) const { return counts_[static_cast<size_t>(kind)]; }
  size_t Count(EventKind kind, CONNID id) const;
  // Those that have returned.
  size_t CountReturned(EventKind kind) const { return returned_[static_cast<size_t>(kind)]; }
  // OnClose and OnError.
  size_t CountEnds() const { return Count(EventKind::kClose) + Count(EventKind::kError); }
  size_t CountEnds(CONNID id) const { return Count(EventKind::kClose, id) + Count(EventKind::kError, id); }
  // The first of a kind; null if there is none. Valid as long as this log is unchanged.
  const Event* First(EventKind kind) const;
  const Event* First(EventKind kind, CONNID id) const;
  const Event* Last() const { return events_.empty() ? nullptr : &events_.back(); }

  // The kinds of one connection's events, in order, without OnReceive and OnSend.
  std::vector<EventKind> Milestones(CONNID id) const;
  // Bytes of OnReceive, or of OnSend, one after another.
  std::string Received(CONNID id) const { return Data(EventKind::kReceive, id); }
  std::string Sent(CONNID id) const { return Data(EventKind::kSend, id); }
  size_t Received() const { return received_; }
  // Connections that had an OnAccept, or an OnPrepareConnect, in order.
  std::vector<CONNID> Ids() const;
  std::set<std::thread::id> Threads(EventKind kind) const;

  // Each rule that the log breaks, in words. `complete`: the component is gone, so every connection
  // must have had its last event. `begun`: an agent's or client's connections for which Connect or Start
  // returned true; `failed`: an agent's for which Connect returned false.
  // RP_PARALLEL: a connection's last event may begin while its OnReceive is running, which may even be
  // recorded later if it was called on another thread.
  std::vector<std::string> Violations(LogOf role, bool complete, const std::set<CONNID>& begun,
                                      EnRecvPolicy policy = RP_SERIAL,
                                      const std::set<CONNID>& failed = {}) const;

  // For the recorder.
  size_t Append(Event event);
  void SetData(size_t index, std::string data);
  void MarkReturned(size_t index, bool refused);

  std::string ToText() const;

 private:
  std::string Data(EventKind kind, CONNID id) const;

  std::vector<Event> events_;
  // Tests wait for these, and ask again at each event.
  std::array<size_t, kEventKinds> counts_{};
  std::array<size_t, kEventKinds> returned_{};
  size_t received_ = 0;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_EVENT_LOG_H_
