#include "hpsocket/testing/conformance/server_fixture.h"

#include <algorithm>
#include <utility>

#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {

using harness::Environment;

ServerUnderTest::ServerUnderTest(const harness::TcpServerFactory& factory, bool pristine) {
  std::unique_ptr<harness::TcpServerSubject> subject = factory.make(events_);
  tcp_ = subject.get();
  server_ = &tcp_->server();
  Own(std::move(subject), pristine);
  events_.Observe(&server());
  events_.FetchFrom(tcp_->pull());
}

void ServerUnderTest::MustStart(uint16_t port, const char* address) {
  if (!server().Start(address, port)) Fail("Start");
}

Name ServerUnderTest::ListenName() {
  char text[64] = "";
  int length = sizeof(text);
  Name name;
  name.ok = server().GetListenAddress(text, length, name.port);
  name.address = text;
  return name;
}

std::unique_ptr<harness::Peer> ServerUnderTest::NewPeer(const harness::PeerOptions& options) {
  const Name name = ListenName();
  if (name.ok) return Environment::Current().Connect("127.0.0.1", name.port, options);
  // To be refused takes a moment, too.
  harness::LetOthersGoOn();
  return nullptr;
}

Link ServerUnderTest::Connect(const harness::PeerOptions& options, const std::string& address) {
  return Find(Environment::Current().Connect(address, port(), options));
}

std::vector<std::string> ServerUnderTest::Violations() {
  return events_.log().Violations(harness::LogOf::kServer, true, {}, judged_by());
}

void ServerTest::SetUp() {
  if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
}

void ServerTest::TearDown() {
  for (const auto& server : servers_) {
    const bool unjudged = std::find(unjudged_.begin(), unjudged_.end(), server.get()) != unjudged_.end();
    DestroyAndJudge(*server, !unjudged);
  }
}

ServerUnderTest& ServerTest::Add(bool pristine) {
  servers_.push_back(std::make_unique<ServerUnderTest>(GetParam(), pristine));
  return *servers_.back();
}

std::string ServerName(const ::testing::TestParamInfo<harness::TcpServerFactory>& info) {
  return info.param.name;
}

}  // namespace hpsocket::conformance
