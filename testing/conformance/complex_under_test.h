// Internal to testing.
//
// A component with many connections under test, whichever side makes them: a server, to which peers
// connect, or an agent, which connects to peers. What the fixtures of both share.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    a fixture owns it, with its component and its recorder; at the end of each test the fixture
//           destroys the component and judges what it told its listener by the rules that always hold.
// Lifetime: what a reaction refers to outlives the last event that it answers: a test waits for that
//           event or stops the component before its locals go.
// Errors:   a step that the test cannot go on without throws; gtest reports it as a failure.
#ifndef HPSOCKET_TESTING_CONFORMANCE_COMPLEX_UNDER_TEST_H_
#define HPSOCKET_TESTING_CONFORMANCE_COMPLEX_UNDER_TEST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/recorder.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::conformance {

inline const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }
inline int Length(std::string_view text) { return static_cast<int>(text.size()); }
// A SendPackets member; the call does not write to it.
WSABUF Packet(std::string_view text);
// `size` bytes in which no two places near each other look alike; other `seed`, other bytes.
std::string Pattern(size_t size, uint32_t seed = 0);
// More than the kernel holds for a peer that does not read and has PeerOptions{4096}.
std::string MoreThanTheKernelTakes();

// A peer and the ID under which the component knows it.
struct Link {
  std::unique_ptr<harness::Peer> peer;
  CONNID id = 0;

  harness::Peer* operator->() const { return peer.get(); }
};

// Address and port as the getters give them.
struct Name {
  bool ok = false;
  std::string address;
  uint16_t port = 0;
};

class ComplexUnderTest {
 public:
  ComplexUnderTest(const ComplexUnderTest&) = delete;
  ComplexUnderTest& operator=(const ComplexUnderTest&) = delete;
  virtual ~ComplexUnderTest() = default;

  // Also inside callbacks that come from Destroy().
  IComplexSocket* operator->() { return socket_; }
  harness::TcpComplexSubject& tcp() { return *tcp_; }
  virtual harness::Recorder& events() = 0;
  // A connection's first event that says that it is open: OnAccept or OnConnect.
  virtual harness::EventKind opening() const = 0;
  // The event with a socket that is not in use yet: OnPrepareListen or OnPrepareConnect.
  virtual harness::EventKind preparing() const = 0;

  // Starts on loopback, an agent with asynchronous connects.
  virtual bool Start() = 0;
  // Throws when it fails.
  void MustStart();
  Name RemoteName(CONNID id);

  // A new connection's other side; null when it does not come about. Any thread.
  virtual std::unique_ptr<harness::Peer> NewPeer(const harness::PeerOptions& options = {}) = 0;
  // A new connection; returns when its opening event has returned.
  Link Connect(const harness::PeerOptions& options = {});
  // Whether the connection count becomes this.
  bool CountBecomes(uint32_t count);
  // PULL: from now on what arrives stays where it is; without this it is fetched and recorded.
  virtual void LeaveUnfetched() = 0;
  // From now on every OnReceive sends its bytes back.
  void EchoBack();
  // One message there and back over an echoing component.
  static bool Echoes(const Link& link, const std::string& message);

  // Destroys the component, running or not. Callbacks may use it until this returns, nobody afterwards.
  void Destroy();
  // Which rules its log must keep, and which of them it has broken. After Destroy().
  EnRecvPolicy judged_by() const { return judged_by_; }
  virtual std::vector<std::string> Violations() = 0;

 protected:
  ComplexUnderTest() = default;
  // Takes the component over and sets it up as the variant says (port, workers, policies), or,
  // `pristine`, leaves it as it is.
  void Own(std::unique_ptr<harness::TcpComplexSubject> subject, bool pristine);
  // Why Start or Connect failed, as an exception.
  [[noreturn]] void Fail(const std::string& what);
  // The connection that belongs to a new peer.
  Link Find(std::unique_ptr<harness::Peer> peer);
  // Whether an opening event tells of the connection to this peer.
  virtual bool Concerns(const harness::Event& opening, const harness::Peer& peer) const = 0;

 private:
  EnRecvPolicy judged_by_ = RP_SERIAL;
  std::unique_ptr<harness::TcpComplexSubject> subject_;
  harness::TcpComplexSubject* tcp_ = nullptr;
  IComplexSocket* socket_ = nullptr;
};

// Destroys it and reports, as failures of the running test, what its log says against it.
void DestroyAndJudge(ComplexUnderTest& component, bool judge = true);

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_COMPLEX_UNDER_TEST_H_
