#include "hpsocket/testing/conformance/udp_fixture.h"

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <type_traits>

#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;

namespace {

void Judge(const std::vector<std::string>& violations, const EventLog& log) {
  for (const std::string& violation : violations) ADD_FAILURE() << violation;
  if (::testing::Test::HasFailure()) std::printf("What the listener saw:\n%s", log.ToText().c_str());
}

template <class Subject>
void Delete(std::unique_ptr<Subject>& subject) {
  // Not reset(), which would clear the pointer before it destroys.
  delete subject.get();
  static_cast<void>(subject.release());
}

}  // namespace

UdpServerUnderTest::UdpServerUnderTest(const harness::UdpServerFactory& factory, bool pristine)
    : subject_(factory.make(events_)), server_(subject_->server()) {
  events_.Observe(&server_);
  if (pristine) return;
  const harness::Variant& variant = harness::CurrentVariant();
  server_.SetIoBackend(variant.port);
  if (variant.workers != 0) server_.SetWorkerThreadCount(variant.workers);
  server_.SetSendPolicy(variant.send_policy);
  server_.SetRecvPolicy(variant.recv_policy);
}

UdpServerUnderTest::~UdpServerUnderTest() {
  const EnRecvPolicy policy = subject_ == nullptr ? RP_PARALLEL : server_.GetRecvPolicy();
  if (subject_ != nullptr) Destroy();
  const EventLog log = events_.log();
  Judge(log.Violations(harness::LogOf::kServer, true, {}, policy), log);
}

void UdpServerUnderTest::Destroy() {
  Delete(subject_);
  events_.Observe(nullptr);
}

void UdpServerUnderTest::EchoBack() {
  events_.React(EventKind::kReceive, [this](const Event& event) {
    return server_.Send(event.id, BytesOf(event.data), static_cast<int>(event.data.size())) ? HR_OK
                                                                                            : HR_ERROR;
  });
}

void UdpServerUnderTest::MustStart(const char* address, uint16_t port) {
  if (server_.Start(address, port)) return;
  throw std::runtime_error(std::string("Start failed: ") + server_.GetLastErrorDesc() + ", " +
                           server_.GetLastErrorDetail());
}

uint16_t UdpServerUnderTest::port() {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  if (!server_.GetListenAddress(address, room, port)) throw std::runtime_error("no address");
  return port;
}

bool UdpServerUnderTest::Send(CONNID id, const std::string& text) {
  return server_.Send(id, BytesOf(text), static_cast<int>(text.size()));
}

Session UdpServerUnderTest::Meet(const std::string& first) {
  Session session;
  session.peer = BindPeer(kLoopback);
  if (session.peer == nullptr || !session.peer->SendTo(kLoopback, port(), first))
    throw std::runtime_error("the peer cannot send");
  const uint16_t own = session.peer->port();
  const bool met = events_.WaitFor([&](const EventLog& log) {
    bool heard = first.empty();
    for (const Event& event : log.events()) {
      if (!event.returned) continue;
      // The latest: an address may have had a session before.
      if (event.kind == EventKind::kAccept && event.peer_port == own) session.id = event.id;
      if (event.kind == EventKind::kReceive && event.id == session.id) heard = true;
    }
    return session.id != 0 && heard;
  });
  if (!met) throw std::runtime_error("the peer was not heard");
  return session;
}

void UdpServerUnderTest::ExpectEcho(Session& session, const std::string& text) {
  ASSERT_TRUE(session.peer->SendTo(kLoopback, port(), text));
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), text);
}

bool UdpServerUnderTest::CountBecomes(uint32_t count) {
  return harness::RunUntil([&] { return server_.GetConnectionCount() == count; });
}

HP_Stats UdpServerUnderTest::Stats() {
  HP_Stats stats;
  EXPECT_TRUE(server_.GetStats(stats));
  return stats;
}

template <class Subject>
void UdpSingleUnderTest<Subject>::Begin(bool pristine) {
  events_.Expect(&client_);
  if (!pristine) client_.SetIoBackend(harness::CurrentVariant().port);
}

template <class Subject>
UdpSingleUnderTest<Subject>::~UdpSingleUnderTest() {
  if (subject_ != nullptr) Destroy();
  const EventLog log = events_.log();
  constexpr bool kCast = std::is_same_v<Subject, harness::UdpCastSubject>;
  Judge(log.Violations(kCast ? harness::LogOf::kCast : harness::LogOf::kClient, true, begun_), log);
  EXPECT_EQ(events_.strangers(), 0) << "events came with another client's pointer";
}

template <class Subject>
void UdpSingleUnderTest<Subject>::Destroy() {
  Delete(subject_);
}

template <class Subject>
bool UdpSingleUnderTest<Subject>::Start(const char* remote, uint16_t port, bool async) {
  if (!client_.Start(remote, port, async)) return false;
  begun_.insert(client_.GetConnectionID());
  return true;
}

template <class Subject>
bool UdpSingleUnderTest<Subject>::Hears(const std::string& text) {
  return events_.WaitFor([&](const EventLog& log) {
    for (const Event& event : log.events()) {
      if (event.kind == EventKind::kReceive && event.data == text) return true;
    }
    return false;
  });
}

template <class Subject>
HP_Stats UdpSingleUnderTest<Subject>::Stats() {
  HP_Stats stats;
  EXPECT_TRUE(client_.GetStats(stats));
  return stats;
}

template class UdpSingleUnderTest<harness::UdpClientSubject>;
template class UdpSingleUnderTest<harness::UdpCastSubject>;

template <class Factory>
void UdpTest<Factory>::SkipIfNeedBe() {
  if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
}

template class UdpTest<harness::UdpServerFactory>;
template class UdpTest<harness::UdpClientFactory>;
template class UdpTest<harness::UdpCastFactory>;

std::unique_ptr<DatagramPeer> BindPeer(const std::string& address, uint16_t port) {
  return harness::Environment::Current().BindDatagramPeer(address, port);
}

uint16_t FreePort() {
  constexpr uint16_t kFirst = 20'000;
  constexpr uint16_t kCount = 10'000;
  static std::atomic<uint16_t> taken{0};
  const bool simulated = harness::Environment::Current().simulated();
  for (int tries = 0; tries < kCount; ++tries) {
    // The kernel gives the ports from 32768 on to whoever asks for any: also to a peer that is bound between
    // this call and the use of its port. A simulated one gives them away in turn.
    const auto port = static_cast<uint16_t>(kFirst + taken++ % kCount);
    if (const auto free = BindPeer("0.0.0.0", simulated ? 0 : port); free != nullptr) return free->port();
  }
  throw std::runtime_error("no free port");
}

}  // namespace hpsocket::conformance
