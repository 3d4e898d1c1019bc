// Conformance: every call from inside every event of a server or an agent.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/call_result.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/pull_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;

constexpr uint32_t kVeryLong = 0x7FFFFFFF;

// Calls about the connection of the event that is running. `error`: what they fail with, 0 for one that
// lives.
class TcpComplexCalls : public ComplexTest {
 protected:
  void ExpectChanges(ComplexUnderTest& component, CONNID id, int error) {
    WSABUF packets[] = {Packet("b"), Packet("c")};
    EXPECT_EQ(ErrorOf([&] { return component->Send(id, Bytes("a"), 1); }), error);
    EXPECT_EQ(ErrorOf([&] { return component->SendPackets(id, packets, 2); }), error);
    EXPECT_EQ(ErrorOf([&] { return component.tcp().SendSmallFile(id, file_.path(), nullptr, nullptr); }),
              error);
    EXPECT_EQ(ErrorOf([&] { return component->PauseReceive(id, true); }), error);
    bool paused = false;
    EXPECT_EQ(component->IsPauseReceive(id, paused), error == 0);
    EXPECT_EQ(paused, error == 0);
    EXPECT_EQ(ErrorOf([&] { return component->PauseReceive(id, false); }), error);
    uint32_t period = 0;
    EXPECT_EQ(component->GetConnectPeriod(id, period), error == 0);
    EXPECT_EQ(component->GetSilencePeriod(id, period), error == 0);
    int pending = 0;
    EXPECT_EQ(component->GetPendingDataLength(id, pending), error == 0);
  }

  // `known`: it is in its last event, or before it.
  void ExpectBinding(ComplexUnderTest& component, CONNID id, bool known) {
    EXPECT_EQ(component->SetConnectionExtra(id, &file_), known);
    void* extra = nullptr;
    EXPECT_EQ(component->GetConnectionExtra(id, &extra), known);
    EXPECT_EQ(extra, known ? &file_ : nullptr);
    EXPECT_EQ(component.RemoteName(id).ok, known);
    CONNID ids[8] = {};
    uint32_t count = 8;
    EXPECT_TRUE(component->GetAllConnectionIDs(ids, count));
    EXPECT_EQ(std::count(ids, ids + count, id), known ? 1 : 0);
    EXPECT_EQ(count, component->GetConnectionCount());
    HP_Stats stats;
    EXPECT_TRUE(component->GetStats(stats));
    EXPECT_EQ(stats.connections, count);
  }

  // The test has one connection at a time: without one that lives there is none to be ended.
  static void ExpectNobodyToDisconnect(ComplexUnderTest& component, CONNID id, bool living) {
    EXPECT_EQ(ErrorOf([&] { return component->Disconnect(id + 1000); }), EBADSLT) << "of nobody";
    for (const bool force : {true, false}) {
      EXPECT_EQ(ErrorOf([&] { return component->DisconnectLongConnections(kVeryLong, force); }), EBADSLT);
      EXPECT_EQ(ErrorOf([&] { return component->DisconnectSilenceConnections(kVeryLong, force); }), EBADSLT);
      if (living) continue;
      EXPECT_EQ(ErrorOf([&] { return component->Disconnect(id, force); }), EBADSLT);
      EXPECT_EQ(ErrorOf([&] { return component->DisconnectLongConnections(0, force); }), EBADSLT);
      EXPECT_EQ(ErrorOf([&] { return component->DisconnectSilenceConnections(0, force); }), EBADSLT);
    }
  }

  static void ExpectNoStartAndNoWait(ComplexUnderTest& component) {
    EXPECT_FALSE(component.Start());
    EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_FALSE(component->Wait(0));
    EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
  }

  // PULL, from a connection whose one byte has arrived and stays until its end.
  static void ExpectBytes(ComplexUnderTest& component, const Event& event) {
    if (component.tcp().pull() == nullptr) return;
    const PullUnderTest pull(*component.tcp().pull(), event.id);
    switch (event.kind) {
      case EventKind::kReceive:
        EXPECT_EQ(pull.Peek(1), "x");
        break;
      case EventKind::kSend:
        EXPECT_NE(pull.Peek(1), kNotFound) << "it may be on its way";
        break;
      case EventKind::kClose:
        EXPECT_EQ(pull.Peek(1), "x");
        EXPECT_EQ(pull.Fetch(1), "x");
        EXPECT_EQ(pull.Fetch(1), kTooLong);
        break;
      case EventKind::kError:
        EXPECT_EQ(pull.Peek(1), kTooLong) << "nothing had arrived";
        EXPECT_EQ(pull.Fetch(1), kTooLong);
        break;
      default:
        EXPECT_TRUE(pull.IsUnknown()) << "not before the opening event has returned";
    }
  }

  void CallEverything(ComplexUnderTest& component, const Event& event, bool known, bool living) {
    SCOPED_TRACE(harness::ToString(event.kind));
    ExpectChanges(component, event.id, living ? 0 : EBADSLT);
    ExpectBinding(component, event.id, known);
    ExpectNobodyToDisconnect(component, event.id, living);
    ExpectBytes(component, event);
    ExpectNoStartAndNoWait(component);
  }

 private:
  TemporaryFile file_{"f"};
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexCalls);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexCalls, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: fault 14, decisions 3.3, decisions 4.6
TEST_P(TcpComplexCalls, AreTakenInsideEveryEvent) {
  ComplexUnderTest& component = NewComponent();
  component.LeaveUnfetched();
  component->SetMarkSilence(true);
  std::atomic<int> living{0};
  std::atomic<int> ended{0};
  std::atomic<int> nobody{0};
  const auto while_alive = [&](const Event& event) {
    CallEverything(component, event, true, true);
    ++living;
  };
  const auto at_the_end = [&](const Event& event) {
    CallEverything(component, event, true, false);
    ++ended;
  };
  // There is no connection yet, or none any more.
  const auto of_nobody = [&](const Event& event) {
    CallEverything(component, event, false, false);
    EXPECT_EQ(component->GetConnectionCount(), 0u);
    ++nobody;
  };
  component.events().DoOnce(component.preparing(), of_nobody);
  component.events().Do(EventKind::kShutdown, of_nobody);
  for (const EventKind kind : {component.opening(), EventKind::kReceive, EventKind::kSend})
    component.events().DoOnce(kind, while_alive);
  component.events().Do(EventKind::kClose, at_the_end);
  component.events().Do(EventKind::kError, at_the_end);
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("x"));
  EXPECT_EQ(link->Receive(12), "abcfabcfabcf") << "from the opening event, OnReceive and OnSend";
  link->HalfClose();
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kClose, 1));
  ASSERT_TRUE(component.CountBecomes(0));
  const Link other = component.Connect();
  other->Reset();
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kError, 1));
  EXPECT_EQ(living.load(), 3);
  EXPECT_EQ(ended.load(), 2);
  ASSERT_TRUE(component->Stop());
  EXPECT_EQ(nobody.load(), 2) << "in OnPrepareListen or OnPrepareConnect, and in OnShutdown";
}

class TcpServerCalls : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerCalls);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerCalls, ::testing::ValuesIn(harness::TcpServers()), ServerName);

// Spec: fault 14, decisions 2.3, decisions 3.3, api §2.2/2t
TEST_P(TcpServerCalls, TellTheListenAddressInsideEveryEvent) {
  ServerUnderTest& server = NewServer();
  std::atomic<uint16_t> port{0};  // the one asked for, then the bound one
  std::atomic<int> told{0};
  const auto tell = [&](const Event& event) {
    const Name name = server.ListenName();
    EXPECT_TRUE(name.ok) << harness::ToString(event.kind);
    EXPECT_EQ(name.address, "127.0.0.1");
    EXPECT_EQ(name.port, port.load());
    ++told;
  };
  for (const EventKind kind : {EventKind::kPrepareListen, EventKind::kAccept, EventKind::kSend,
                               EventKind::kClose, EventKind::kError}) {
    server.events().Do(kind, tell);
  }
  server.events().React(EventKind::kReceive, [&](const Event& event) {
    tell(event);
    return server->Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  server.events().Do(EventKind::kShutdown, [&](const Event&) {
    EXPECT_FALSE(server.ListenName().ok);
    ++told;
  });
  server.MustStart();
  port.store(server.port());
  Link link = server.Connect();
  EXPECT_TRUE(server.Echoes(link, "x"));
  link->HalfClose();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  link = server.Connect();
  EXPECT_EQ(link->remote_port(), port.load());
  link->Reset();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kError, 1));
  ASSERT_TRUE(server->Stop());
  EXPECT_EQ(told.load(), 8) << "two in OnAccept, one in each other event";
}

}  // namespace
}  // namespace hpsocket::conformance
