#include "hpsocket/testing/conformance/agent_fixture.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {

using harness::Environment;
using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::PeerListener;

AgentUnderTest::AgentUnderTest(const harness::TcpAgentFactory& factory, bool pristine) {
  std::unique_ptr<harness::TcpAgentSubject> subject = factory.make(events_);
  tcp_ = subject.get();
  agent_ = &tcp_->agent();
  Own(std::move(subject), pristine);
  events_.Observe(&agent());
  events_.FetchFrom(tcp_->pull());
}

void AgentUnderTest::MustStart(bool async, const char* bind_address) {
  if (!agent().Start(bind_address, async)) Fail("Start");
}

Name AgentUnderTest::LocalName(CONNID id) {
  char text[64] = "";
  int length = sizeof(text);
  Name name;
  name.ok = agent().GetLocalAddress(id, text, length, name.port);
  name.address = text;
  return name;
}

bool AgentUnderTest::ConnectTo(const char* address, uint16_t port, CONNID* id) {
  CONNID given = 0;
  CONNID* const out = id == nullptr ? &given : id;
  const bool connecting = agent().Connect(address, port, out);
  const int error = errno;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (*out != 0) (connecting ? begun_ : failed_).insert(*out);
  }
  errno = error;
  return connecting;
}

PeerListener& AgentUnderTest::PeersListener(const harness::PeerOptions& options) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::unique_ptr<PeerListener>& listener = listeners_[options.receive_buffer];
  if (listener == nullptr) {
    harness::PeerListenOptions listening;
    listening.accepted = options;
    listener = Environment::Current().Listen(listening);
    if (listener == nullptr) throw std::runtime_error("no listener");
  }
  return *listener;
}

std::unique_ptr<Peer> AgentUnderTest::NewPeer(const harness::PeerOptions& options) {
  PeerListener& listener = PeersListener(options);
  CONNID id = 0;
  if (!ConnectTo(listener, &id)) {
    harness::LetOthersGoOn();  // callers try again
    return nullptr;
  }
  uint16_t port = 0;
  events_.WaitFor([&](const EventLog& log) {
    const harness::Event* const opened = log.First(opening(), id);
    if (opened != nullptr) port = opened->own_port;
    return opened != nullptr || log.CountEnds(id) > 0;
  });
  std::unique_ptr<Peer> peer;
  if (port != 0) {
    harness::RunUntil([&] {
      peer = Claim(listener, port);
      return peer != nullptr;
    });
  }
  return peer;
}

// Several threads take from one listener; and some that wait there nobody will ask for, because a stop came
// before their OnConnect.
std::unique_ptr<Peer> AgentUnderTest::Claim(PeerListener& listener, uint16_t port) {
  std::vector<std::unique_ptr<Peer>> taken;
  while (std::unique_ptr<Peer> peer = listener.Accept(harness::Deadline::In(core::Duration::zero()))) {
    taken.push_back(std::move(peer));
  }
  std::lock_guard<std::mutex> lock(mutex_);
  std::move(taken.begin(), taken.end(), std::back_inserter(unclaimed_));
  // Ports come round again: the newest one counts.
  const auto found = std::find_if(unclaimed_.rbegin(), unclaimed_.rend(),
                                  [port](const auto& peer) { return peer->remote_port() == port; });
  if (found == unclaimed_.rend()) return nullptr;
  std::unique_ptr<Peer> peer = std::move(*found);
  unclaimed_.erase(std::next(found).base());
  return peer;
}

std::set<CONNID> AgentUnderTest::begun() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return begun_;
}

std::set<CONNID> AgentUnderTest::failed() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return failed_;
}

std::vector<std::string> AgentUnderTest::Violations() {
  return events_.log().Violations(harness::LogOf::kAgent, true, begun(), judged_by(), failed());
}

void AgentTest::SetUp() {
  if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
}

void AgentTest::TearDown() {
  for (const auto& agent : agents_) {
    const bool unjudged = std::find(unjudged_.begin(), unjudged_.end(), agent.get()) != unjudged_.end();
    DestroyAndJudge(*agent, !unjudged);
  }
}

PeerListener& AgentTest::Listener(const harness::PeerListenOptions& options) {
  std::unique_ptr<PeerListener> listener = Environment::Current().Listen(options);
  if (listener == nullptr) throw std::runtime_error("no listener on " + options.address);
  listeners_.push_back(std::move(listener));
  return *listeners_.back();
}

PeerListener& AgentTest::SilentListener() {
  harness::PeerListenOptions options;
  options.silent = true;
  return Listener(options);
}

uint16_t AgentTest::RefusingPort() {
  std::unique_ptr<PeerListener> listener = Environment::Current().Listen({});
  if (listener == nullptr) throw std::runtime_error("no listener");
  return listener->port();
}

AgentUnderTest& AgentTest::Add(bool pristine) {
  agents_.push_back(std::make_unique<AgentUnderTest>(GetParam(), pristine));
  return *agents_.back();
}

void AgentTest::ExpectConnects(AgentUnderTest& agent) {
  const Link link = agent.Connect();
  EXPECT_TRUE(agent->Send(link.id, Bytes("there"), 5));
  EXPECT_EQ(link->Receive(5), "there");
  ASSERT_TRUE(link->Send("back"));
  EXPECT_TRUE(
      agent.events().WaitFor([&](const harness::EventLog& log) { return log.Received(link.id) == "back"; }));
}

std::string AgentName(const ::testing::TestParamInfo<harness::TcpAgentFactory>& info) {
  return info.param.name;
}

}  // namespace hpsocket::conformance
