// What the facade itself does, on components that are not started. Running ones are the conformance
// suites' business.
#include "hpsocket/core/facade/complex_facade.h"

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/facade/complex_events.h"
#include "hpsocket/core/facade/complex_facade_impl.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker_guest.h"

namespace hpsocket::core {
namespace {

class Listener : public IComplexSocketListener {
 public:
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override { return Note("send", id, length); }
  EnHandleResult OnReceive(CONNID id, const uint8_t*, int length) override {
    return Note("push", id, length);
  }
  EnHandleResult OnReceive(CONNID id, int length) override { return Note("pull", id, length); }
  EnHandleResult OnClose(CONNID id) override { return Note("close", id, 0); }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error) override {
    return Note("error" + std::to_string(operation), id, error);
  }
  EnHandleResult OnShutdown() override { return Note("shutdown", 0, 0); }

  std::vector<std::string> events;
  EnHandleResult result = HR_OK;
  bool throws = false;

 private:
  EnHandleResult Note(const std::string& event, CONNID id, int number) {
    events.push_back(event + " " + std::to_string(id) + " " + std::to_string(number));
    if (throws) throw std::runtime_error("application");
    return result;
  }
};

// Nothing lives on the first worker beside the connections.
class NoGuest final : public WorkerGuest {
 public:
  StartFailure Open() override { return {}; }
  void Abandon() override {}
  void Begin(Worker&) override {}
  void BeginEnd() override {}
  bool ended() const override { return true; }
};

class Server : public ComplexFacade<IServer> {
 public:
  explicit Server(IComplexSocketListener* listener)
      : ComplexFacade("Server", Role::kServer, Delivery::kPush, std::make_unique<ComplexEvents>(listener)) {}
  ~Server() override { StopForDestruction(); }

  bool Start(const char*, uint16_t) override {
    return CanStart() && engine().Start(guest_, [] {});
  }
  bool GetListenAddress(char[], int&, uint16_t&) override { return false; }

  EngineEvents& raise() { return engine().events(); }

 private:
  NoGuest guest_;
};

// Spec: api §6.1/1, C01, decisions 8.2/1
TEST(ComplexFacadeTest, FreshOneIsStopped) {
  Listener listener;
  Server server(&listener);
  EXPECT_EQ(server.GetState(), SS_STOPPED);
  EXPECT_FALSE(server.HasStarted());
  EXPECT_EQ(server.GetLastError(), SE_OK);
  EXPECT_STREQ(server.GetLastErrorDesc(), "SUCCESS");
  EXPECT_EQ(server.GetConnectionCount(), 0u);
  EXPECT_TRUE(server.Wait(0));
  EXPECT_TRUE(listener.events.empty());
}

// Spec: api §2.1/18t, api §2.1/19t, api §2.1/20t, api §2.1/21t, api §2.1/22t, api §2.1/23t, api §2.1/24t
// Spec: api §2.1/25t, api §2.1/26t, api §2.1/27t, C01, decisions 8.2/2, decisions 8.2/6, decisions 8.2/7
// Spec: decisions 8.2/8, decisions 8.2/9, decisions 8.2/10, decisions 8.2/11, decisions 8.3/1
// Spec: decisions 8.3/2
TEST(ComplexFacadeTest, SettingsHaveTheirDefaults) {
  Listener listener;
  Server server(&listener);
  EXPECT_EQ(server.GetSendPolicy(), SP_PACK);
  EXPECT_EQ(server.GetRecvPolicy(), RP_SERIAL);
  EXPECT_EQ(server.GetFreeSocketObjLockTime(), 10000u);
  EXPECT_EQ(server.GetFreeSocketObjPool(), 150u);
  EXPECT_EQ(server.GetFreeSocketObjHold(), 450u);
  EXPECT_EQ(server.GetFreeBufferObjPool(), 300u);
  EXPECT_EQ(server.GetFreeBufferObjHold(), 900u);
  EXPECT_GE(server.GetWorkerThreadCount(), 1u);
  EXPECT_EQ(server.GetMaxShutdownWaitTime(), 15000u);
  EXPECT_FALSE(server.IsMarkSilence());
  EXPECT_EQ(server.GetIoBackend(), IO_AUTO);
  EXPECT_EQ(server.GetMaxPendingLength(), uint64_t{64} << 20);
  EXPECT_GT(server.GetMaxPendingTotal(), 0u);
  EXPECT_EQ(server.GetGracefulTimeout(), 10000u);
  EXPECT_EQ(server.GetSlowCallbackTime(), 0u);
  EXPECT_EQ(server.GetBusyPoll(), 0u);
  EXPECT_TRUE(server.IsNoDelay());
  EXPECT_EQ(server.GetMaxConnectionCount(), 0u);
  EXPECT_EQ(server.GetMaxIdleTime(), 0u);
}

// Spec: decisions 8.1
TEST(ComplexFacadeTest, GettersGiveWhatWasSet) {
  Listener listener;
  Server server(&listener);
  server.SetSendPolicy(SP_DIRECT);
  server.SetRecvPolicy(RP_PARALLEL);
  server.SetFreeSocketObjLockTime(1);
  server.SetFreeSocketObjPool(2);
  server.SetFreeSocketObjHold(3);
  server.SetFreeBufferObjPool(4);
  server.SetFreeBufferObjHold(5);
  server.SetWorkerThreadCount(6);
  server.SetMaxShutdownWaitTime(7);
  server.SetMarkSilence(true);
  server.SetIoBackend(IO_EPOLL);
  server.SetMaxPendingLength(8);
  server.SetMaxPendingTotal(9);
  server.SetGracefulTimeout(10);
  server.SetSlowCallbackTime(11);
  server.SetBusyPoll(12);
  server.SetNoDelay(false);
  server.SetMaxConnectionCount(13);
  server.SetMaxIdleTime(14);
  EXPECT_EQ(server.GetSendPolicy(), SP_DIRECT);
  EXPECT_EQ(server.GetRecvPolicy(), RP_PARALLEL);
  EXPECT_EQ(server.GetFreeSocketObjLockTime(), 1u);
  EXPECT_EQ(server.GetFreeSocketObjPool(), 2u);
  EXPECT_EQ(server.GetFreeSocketObjHold(), 3u);
  EXPECT_EQ(server.GetFreeBufferObjPool(), 4u);
  EXPECT_EQ(server.GetFreeBufferObjHold(), 5u);
  EXPECT_EQ(server.GetWorkerThreadCount(), 6u);
  EXPECT_EQ(server.GetMaxShutdownWaitTime(), 7u);
  EXPECT_TRUE(server.IsMarkSilence());
  EXPECT_EQ(server.GetIoBackend(), IO_EPOLL);
  EXPECT_EQ(server.GetMaxPendingLength(), 8u);
  EXPECT_EQ(server.GetMaxPendingTotal(), 9u);
  EXPECT_EQ(server.GetGracefulTimeout(), 10u);
  EXPECT_EQ(server.GetSlowCallbackTime(), 11u);
  EXPECT_EQ(server.GetBusyPoll(), 12u);
  EXPECT_FALSE(server.IsNoDelay());
  EXPECT_EQ(server.GetMaxConnectionCount(), 13u);
  EXPECT_EQ(server.GetMaxIdleTime(), 14u);
}

template <class Call>
void ExpectFails(int error, const Call& call) {
  errno = 0;
  EXPECT_FALSE(call());
  EXPECT_EQ(errno, error);
}

// Spec: decisions 4.6
TEST(ComplexFacadeTest, CallsOnUnknownConnectionsFailWithTheirErrno) {
  Listener listener;
  Server server(&listener);
  uint8_t byte = 0;
  const WSABUF piece = {1, &byte};
  ExpectFails(EBADSLT, [&] { return server.Send(1, &byte, 1, 0); });
  ExpectFails(EBADSLT, [&] { return server.Send(1, nullptr, 0, 0); });
  ExpectFails(EBADSLT, [&] { return server.SendPackets(1, &piece, 1); });
  ExpectFails(EBADSLT, [&] { return server.Disconnect(1, true); });
  ExpectFails(EBADSLT, [&] { return server.DisconnectLongConnections(0, true); });
  ExpectFails(EPERM, [&] { return server.DisconnectSilenceConnections(0, true); });
  server.SetMarkSilence(true);
  ExpectFails(EBADSLT, [&] { return server.DisconnectSilenceConnections(0, true); });
  ExpectFails(EBADSLT, [&] { return server.PauseReceive(1, true); });
  EXPECT_EQ(server.GetLastError(), SE_OK) << "a failing Send leaves it alone";
}

// Spec: decisions 4.6, decisions 8.2/4
TEST(ComplexFacadeTest, ArgumentsAreLookedAtFirst) {
  Listener listener;
  Server server(&listener);
  uint8_t byte = 0;
  const WSABUF null_piece = {1, nullptr};
  ExpectFails(EINVAL, [&] { return server.Send(1, nullptr, 1, 0); });
  EXPECT_STREQ(server.GetLastErrorDetail(), "data is null");
  ExpectFails(EINVAL, [&] { return server.Send(1, &byte, -1, 0); });
  ExpectFails(EINVAL, [&] { return server.Send(1, &byte, 1, -1); });
  ExpectFails(EINVAL, [&] { return server.SendPackets(1, nullptr, 1); });
  ExpectFails(EINVAL, [&] { return server.SendPackets(1, &null_piece, 0); });
  ExpectFails(EINVAL, [&] { return server.SendPackets(1, &null_piece, 1); });
}

TEST(ComplexFacadeTest, GettersOfUnknownConnectionsAreFalse) {
  Listener listener;
  Server server(&listener);
  void* extra = nullptr;
  bool paused = false;
  uint32_t period = 0;
  char address[64];
  int number = sizeof(address);
  uint16_t port = 0;
  EXPECT_FALSE(server.SetConnectionExtra(1, nullptr));
  EXPECT_FALSE(server.GetConnectionExtra(1, &extra));
  EXPECT_FALSE(server.GetConnectionExtra(1, nullptr));
  EXPECT_FALSE(server.IsPauseReceive(1, paused));
  EXPECT_FALSE(server.GetConnectPeriod(1, period));
  EXPECT_FALSE(server.GetSilencePeriod(1, period));
  EXPECT_FALSE(server.GetRemoteAddress(1, address, number, port));
  EXPECT_FALSE(server.GetPendingDataLength(1, number));
}

// Spec: api §2.1/12t, C15
TEST(ComplexFacadeTest, AllConnectionIDsNeedAPlace) {
  Listener listener;
  Server server(&listener);
  CONNID ids[1];
  uint32_t count = 5;
  EXPECT_FALSE(server.GetAllConnectionIDs(nullptr, count));
  EXPECT_EQ(count, 0u);
  count = 1;
  EXPECT_TRUE(server.GetAllConnectionIDs(ids, count));
  EXPECT_EQ(count, 0u);
}

// Spec: api §6.1/3
TEST(ComplexFacadeTest, StopWhileStoppedIsIllegal) {
  Listener listener;
  Server server(&listener);
  EXPECT_FALSE(server.Stop());
  EXPECT_EQ(server.GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_STREQ(server.GetLastErrorDesc(), "Illegal State");
  EXPECT_TRUE(listener.events.empty());
}

// Spec: input 1
TEST(ComplexFacadeTest, NoListenerNoStart) {
  Server server(nullptr);
  ExpectFails(EINVAL, [&] { return server.Start("127.0.0.1", 0); });
  EXPECT_EQ(server.GetLastError(), SE_INVALID_PARAM);
  EXPECT_EQ(server.GetState(), SS_STOPPED);
}

// Spec: decisions 8.2/5
TEST(ComplexFacadeTest, StatsNeedTheirSize) {
  Listener listener;
  Server server(&listener);
  HP_Stats stats;
  EXPECT_TRUE(server.GetStats(stats));
  EXPECT_EQ(stats.size, sizeof(stats));
  stats.size = 0;
  ExpectFails(EINVAL, [&] { return server.GetStats(stats); });
}

TEST(ComplexFacadeTest, EventsReachTheListener) {
  Listener listener;
  Server server(&listener);
  uint8_t byte = 0;
  server.raise().HandleReceive(3, &byte, 1);
  server.raise().HandleReceive(3, nullptr, 9);
  server.raise().HandleSend(3, &byte, 2);
  server.raise().HandleClose(3, SO_UNKNOWN, 0);
  server.raise().HandleClose(4, SO_RECEIVE, ECONNRESET);
  server.raise().HandleShutdown();
  const std::vector<std::string> expected = {
      "push 3 1",    "pull 3 9", "send 3 2", "close 3 0", "error4 4 " + std::to_string(ECONNRESET),
      "shutdown 0 0"};
  EXPECT_EQ(listener.events, expected);
}

// Spec: decisions 2.8
TEST(ComplexFacadeTest, WhatAListenerThrowsIsHrError) {
  Listener listener;
  listener.throws = true;
  Server server(&listener);
  uint8_t byte = 0;
  EXPECT_EQ(server.raise().HandleReceive(3, &byte, 1), HR_ERROR);
  server.raise().HandleSend(3, &byte, 1);
  server.raise().HandleClose(3, SO_UNKNOWN, 0);
  server.raise().HandleShutdown();
  HP_Stats stats;
  EXPECT_TRUE(server.GetStats(stats));
  EXPECT_EQ(stats.contained_exceptions, 4u);
}

}  // namespace
}  // namespace hpsocket::core
