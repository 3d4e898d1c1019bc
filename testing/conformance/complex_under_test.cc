#include "hpsocket/testing/conformance/complex_under_test.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {

using harness::Event;
using harness::EventKind;
using harness::EventLog;

WSABUF Packet(std::string_view text) {
  return {static_cast<uint32_t>(text.size()), reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()))};
}

std::string Pattern(size_t size, uint32_t seed) {
  // Four bytes at a time: tests spend much of their time here.
  std::string bytes(size, '\0');
  uint64_t state = (uint64_t{seed} + 1) * 0x9E3779B97F4A7C15u;
  for (size_t at = 0; at < size; at += sizeof(uint32_t)) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const auto word = static_cast<uint32_t>(state >> 32);
    std::memcpy(bytes.data() + at, &word, std::min(sizeof(word), size - at));
  }
  return bytes;
}

std::string MoreThanTheKernelTakes() { return Pattern(harness::Scaled(16 << 20, 8 << 20, 1 << 20)); }

void ComplexUnderTest::Own(std::unique_ptr<harness::TcpComplexSubject> subject, bool pristine) {
  subject_ = std::move(subject);
  tcp_ = subject_.get();
  socket_ = &tcp_->socket();
  if (pristine) return;
  const harness::Variant& variant = harness::CurrentVariant();
  socket_->SetIoBackend(variant.port);
  if (variant.workers > 0) socket_->SetWorkerThreadCount(variant.workers);
  socket_->SetSendPolicy(variant.send_policy);
  socket_->SetRecvPolicy(variant.recv_policy);
}

void ComplexUnderTest::Fail(const std::string& what) {
  throw std::runtime_error(what + " failed: " + socket_->GetLastErrorDesc() + ", " +
                           socket_->GetLastErrorDetail());
}

void ComplexUnderTest::MustStart() {
  if (!Start()) Fail("Start");
}

Name ComplexUnderTest::RemoteName(CONNID id) {
  char text[64] = "";
  int length = sizeof(text);
  Name name;
  name.ok = socket_->GetRemoteAddress(id, text, length, name.port);
  name.address = text;
  return name;
}

Link ComplexUnderTest::Connect(const harness::PeerOptions& options) { return Find(NewPeer(options)); }

Link ComplexUnderTest::Find(std::unique_ptr<harness::Peer> peer) {
  if (peer == nullptr) throw std::runtime_error("a connection did not come about");
  Link link;
  link.peer = std::move(peer);
  const bool opened = events().WaitFor([&](const EventLog& log) {
    // Ports come round again: the newest one counts.
    const auto event = std::find_if(log.events().rbegin(), log.events().rend(), [&](const Event& one) {
      return one.kind == opening() && one.returned && Concerns(one, *link.peer);
    });
    if (event == log.events().rend() || log.CountEnds(event->id) > 0) return false;
    link.id = event->id;
    return true;
  });
  if (!opened) throw std::runtime_error(std::string(harness::ToString(opening())) + " did not come");
  return link;
}

bool ComplexUnderTest::CountBecomes(uint32_t count) {
  return harness::RunUntil([&] { return socket_->GetConnectionCount() == count; });
}

void ComplexUnderTest::EchoBack() {
  events().React(EventKind::kReceive, [this](const Event& event) {
    return socket_->Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
}

bool ComplexUnderTest::Echoes(const Link& link, const std::string& message) {
  return link->Send(message) && link->Receive(message.size()) == message;
}

void ComplexUnderTest::Destroy() {
  if (subject_ == nullptr) return;
  // With one worker the policies are the same.
  judged_by_ = socket_->GetWorkerThreadCount() > 1 ? socket_->GetRecvPolicy() : RP_SERIAL;
  // Not reset(), which would clear the pointer before it destroys.
  delete subject_.get();
  subject_.release();
}

void DestroyAndJudge(ComplexUnderTest& component, bool judge) {
  component.Destroy();
  if (!judge) return;
  for (const std::string& violation : component.Violations()) ADD_FAILURE() << violation;
  if (::testing::Test::HasFailure()) {
    std::printf("What the listener saw:\n%s", component.events().log().ToText().c_str());
  }
}

}  // namespace hpsocket::conformance
