// Internal to testing.
//
// What suites for UDP need: servers, clients and casts under test with their recorders, and peers.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    a component under test owns its component; destroying it judges what the component told its
//           listener by the rules that always hold.
// Errors:   a step that the test cannot go on without throws; gtest reports it as a failure.
#ifndef HPSOCKET_TESTING_CONFORMANCE_UDP_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_UDP_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/datagram_peer.h"
#include "hpsocket/testing/harness/recording_listener.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::conformance {

inline constexpr char kLoopback[] = "127.0.0.1";

inline const uint8_t* BytesOf(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// A peer and the session that it has.
struct Session {
  std::unique_ptr<harness::DatagramPeer> peer;
  CONNID id = 0;
};

class UdpServerUnderTest {
 public:
  // `pristine`: with the component's own settings, not the variant's.
  explicit UdpServerUnderTest(const harness::UdpServerFactory& factory, bool pristine = false);
  UdpServerUnderTest(const UdpServerUnderTest&) = delete;
  UdpServerUnderTest& operator=(const UdpServerUnderTest&) = delete;
  ~UdpServerUnderTest();

  IServer* operator->() { return &server_; }
  IServer& server() { return server_; }
  harness::UdpServerSubject& udp() { return *subject_; }
  harness::RecordingUdpServerListener& events() { return events_; }

  // From now on every datagram goes back to whom it came from.
  void EchoBack();
  void MustStart(const char* address = kLoopback, uint16_t port = 0);
  uint16_t port();
  bool Send(CONNID id, const std::string& text);
  // A new peer that has been heard.
  Session Meet(const std::string& first = "hello");
  // Sends it and waits until it has come back.
  void ExpectEcho(Session& session, const std::string& text);
  bool CountBecomes(uint32_t count);
  HP_Stats Stats();
  // Destroys the component, running or not.
  void Destroy();

 private:
  harness::RecordingUdpServerListener events_;
  std::unique_ptr<harness::UdpServerSubject> subject_;
  IServer& server_;
};

// A client or a cast.
template <class Subject>
class UdpSingleUnderTest {
 public:
  template <class Factory>
  explicit UdpSingleUnderTest(const Factory& factory, bool pristine = false)
      : subject_(factory.make(events_)), client_(subject_->client()) {
    Begin(pristine);
  }
  UdpSingleUnderTest(const UdpSingleUnderTest&) = delete;
  UdpSingleUnderTest& operator=(const UdpSingleUnderTest&) = delete;
  ~UdpSingleUnderTest();

  IClient* operator->() { return &client_; }
  IClient& client() { return client_; }
  Subject& udp() { return *subject_; }
  harness::RecordingClientListener& events() { return events_; }

  // As the component's, and notes that the connection has begun when the result is true.
  bool Start(const char* remote, uint16_t port, bool async = false);
  bool Send(const std::string& text) { return client_.Send(BytesOf(text), static_cast<int>(text.size())); }
  bool Hears(const std::string& text);
  HP_Stats Stats();
  // Destroys the component, running or not.
  void Destroy();

 private:
  void Begin(bool pristine);

  harness::RecordingClientListener events_;
  std::unique_ptr<Subject> subject_;
  IClient& client_;
  std::set<CONNID> begun_;
};

extern template class UdpSingleUnderTest<harness::UdpClientSubject>;
extern template class UdpSingleUnderTest<harness::UdpCastSubject>;
using UdpClientUnderTest = UdpSingleUnderTest<harness::UdpClientSubject>;
using UdpCastUnderTest = UdpSingleUnderTest<harness::UdpCastSubject>;

// A suite's base: skips where no test can run.
template <class Factory>
class UdpTest : public ::testing::TestWithParam<Factory> {
 protected:
  void SetUp() override { SkipIfNeedBe(); }

 private:
  static void SkipIfNeedBe();
};

extern template class UdpTest<harness::UdpServerFactory>;
extern template class UdpTest<harness::UdpClientFactory>;
extern template class UdpTest<harness::UdpCastFactory>;

// A peer of this world. Null: errno says why.
std::unique_ptr<harness::DatagramPeer> BindPeer(const std::string& address, uint16_t port = 0);

// Nobody is bound there now.
uint16_t FreePort();

template <class Factory>
std::string NameOfUdp(const ::testing::TestParamInfo<Factory>& info) {
  return info.param.name;
}

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_UDP_FIXTURE_H_
