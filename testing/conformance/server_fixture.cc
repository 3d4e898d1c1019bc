#include "hpsocket/testing/conformance/server_fixture.h"

#include <algorithm>
#include <stdexcept>

#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;

WSABUF Packet(std::string_view text) {
  return {static_cast<uint32_t>(text.size()), reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()))};
}

std::string Pattern(size_t size, uint32_t seed) {
  std::string bytes(size, '\0');
  uint32_t state = seed * 2654435761u + 12345;
  for (char& byte : bytes) {
    state = state * 1664525u + 1013904223u;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

ServerUnderTest::ServerUnderTest(const harness::TcpServerFactory& factory, bool pristine)
    : subject_(factory.make(events_)), tcp_(*subject_), server_(subject_->server()) {
  events_.Observe(&server());
  if (pristine) return;
  const harness::Variant& variant = harness::CurrentVariant();
  server().SetIoBackend(variant.port);
  if (variant.workers > 0) server().SetWorkerThreadCount(variant.workers);
}

void ServerUnderTest::MustStart(uint16_t port, const char* address) {
  if (server().Start(address, port)) return;
  throw std::runtime_error(std::string("Start failed: ") + server().GetLastErrorDesc() + ", " +
                           server().GetLastErrorDetail());
}

Name ServerUnderTest::ListenName() {
  char text[64] = "";
  int length = sizeof(text);
  Name name;
  name.ok = server().GetListenAddress(text, length, name.port);
  name.address = text;
  return name;
}

Name ServerUnderTest::RemoteName(CONNID id) {
  char text[64] = "";
  int length = sizeof(text);
  Name name;
  name.ok = server().GetRemoteAddress(id, text, length, name.port);
  name.address = text;
  return name;
}

Link ServerUnderTest::Connect(const harness::PeerOptions& options, const std::string& address) {
  Link link;
  link.peer = Environment::Current().Connect(address, port(), options);
  if (link.peer == nullptr) throw std::runtime_error("a peer could not connect");
  const uint16_t port = link.peer->local_port();
  const bool accepted = events_.WaitFor([&](const EventLog& log) {
    // Ports come round again: the newest one counts.
    const auto event = std::find_if(log.events().rbegin(), log.events().rend(), [&](const Event& one) {
      return one.kind == EventKind::kAccept && one.peer_port == port && one.returned;
    });
    if (event == log.events().rend() || log.CountEnds(event->id) > 0) return false;
    link.id = event->id;
    return true;
  });
  if (!accepted) throw std::runtime_error("OnAccept did not come");
  return link;
}

bool ServerUnderTest::CountBecomes(uint32_t count) {
  return harness::RunUntil([&] { return server().GetConnectionCount() == count; });
}

void ServerUnderTest::EchoBack() {
  events_.React(EventKind::kReceive, [this](const Event& event) {
    return server().Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
}

bool ServerUnderTest::Echoes(const Link& link, const std::string& message) {
  return link->Send(message) && link->Receive(message.size()) == message;
}

void ServerUnderTest::Destroy() {
  // Not reset(), which would clear the pointer before it destroys.
  delete subject_.get();
  subject_.release();
}

void ServerTest::SetUp() {
  if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
}

void ServerTest::TearDown() {
  for (const auto& server : servers_) {
    server->Destroy();
    if (std::find(unjudged_.begin(), unjudged_.end(), server.get()) != unjudged_.end()) continue;
    const EventLog log = server->events().log();
    for (const std::string& violation : log.Violations(harness::LogOf::kServer, true, {}))
      ADD_FAILURE() << violation;
    if (HasFailure()) std::printf("What the listener saw:\n%s", log.ToText().c_str());
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
