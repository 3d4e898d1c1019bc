// What the facade itself does, on clients that are not started, and its events. Running ones are the
// conformance suites' business.
#include "hpsocket/core/facade/client_facade.h"

#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/facade/client_events.h"
#include "hpsocket/core/facade/client_facade_impl.h"
#include "hpsocket/core/stream/stream_engine.h"

namespace hpsocket::core {
namespace {

class Listener : public IClientListener {
 public:
  EnHandleResult OnPrepareConnect(IClient* client, SOCKET) override { return Note("prepare", client); }
  EnHandleResult OnConnect(IClient* client) override { return Note("connect", client); }
  EnHandleResult OnSend(IClient* client, const uint8_t*, int) override { return Note("send", client); }
  EnHandleResult OnReceive(IClient* client, const uint8_t*, int) override { return Note("push", client); }
  EnHandleResult OnReceive(IClient* client, int) override { return Note("pull", client); }
  EnHandleResult OnClose(IClient* client) override { return Note("close", client); }
  EnHandleResult OnError(IClient* client, EnSocketOperation, int) override { return Note("error", client); }

  std::vector<std::string> events;
  IClient* expected = nullptr;
  EnHandleResult result = HR_OK;
  bool throws = false;

 private:
  EnHandleResult Note(const char* event, IClient* client) {
    EXPECT_EQ(client, expected);
    events.push_back(event);
    if (throws) throw std::runtime_error("application");
    return result;
  }
};

class Client : public ClientFacade<IClient> {
 public:
  explicit Client(IClientListener* listener)
      : ClientFacade("Client", Role::kClient, listener, Delivery::kPush) {}
  ~Client() override { StopForDestruction(); }

  EngineEvents& raise() { return engine().events(); }
};

template <class Call>
void ExpectFails(Client& client, EnSocketError code, int error, const Call& call) {
  errno = 0;
  EXPECT_FALSE(call());
  EXPECT_EQ(errno, error);
  EXPECT_EQ(client.GetLastError(), code);
}

// Spec: api §6.1/1, C01, decisions 8.2/1
TEST(ClientFacadeTest, FreshOneIsStopped) {
  Listener listener;
  Client client(&listener);
  EXPECT_EQ(client.GetState(), SS_STOPPED);
  EXPECT_FALSE(client.HasStarted());
  EXPECT_EQ(client.GetLastError(), SE_OK);
  EXPECT_STREQ(client.GetLastErrorDesc(), "SUCCESS");
  EXPECT_EQ(client.GetConnectionID(), 0u);
  EXPECT_EQ(client.GetExtra(), nullptr);
  EXPECT_TRUE(client.Wait(0));
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  EXPECT_FALSE(client.GetLocalAddress(address, length, port));
  int pending = 7;
  EXPECT_FALSE(client.GetPendingDataLength(pending));
  EXPECT_EQ(pending, 0);
  bool paused = false;
  EXPECT_FALSE(client.IsPauseReceive(paused));
}

// Spec: api §2.7/11t, api §2.7/12t, C01, decisions 8.2/2, decisions 8.2/6, decisions 8.2/7, decisions 8.2/8
// Spec: decisions 8.2/9, decisions 8.2/10, decisions 8.2/11, decisions 8.5/1
TEST(ClientFacadeTest, SettingsHaveTheirDefaults) {
  Listener listener;
  Client client(&listener);
  EXPECT_EQ(client.GetFreeBufferPoolSize(), 10u);
  EXPECT_EQ(client.GetFreeBufferPoolHold(), 30u);
  EXPECT_EQ(client.GetIoBackend(), IO_AUTO);
  EXPECT_EQ(client.GetMaxPendingLength(), uint64_t{64} << 20);
  EXPECT_GT(client.GetMaxPendingTotal(), 0u);
  EXPECT_EQ(client.GetGracefulTimeout(), 10000u);
  EXPECT_EQ(client.GetSlowCallbackTime(), 0u);
  EXPECT_EQ(client.GetBusyPoll(), 0u);
  EXPECT_TRUE(client.IsNoDelay());
  EXPECT_EQ(client.GetSyncConnectTimeout(), 10000u);
}

// Spec: decisions 8.1
TEST(ClientFacadeTest, GettersGiveWhatWasSet) {
  Listener listener;
  Client client(&listener);
  client.SetFreeBufferPoolSize(1);
  client.SetFreeBufferPoolHold(2);
  client.SetIoBackend(IO_URING);
  client.SetMaxPendingLength(3);
  client.SetMaxPendingTotal(4);
  client.SetGracefulTimeout(5);
  client.SetSlowCallbackTime(6);
  client.SetBusyPoll(7);
  client.SetNoDelay(false);
  client.SetSyncConnectTimeout(8);
  int mine = 0;
  client.SetExtra(&mine);
  EXPECT_EQ(client.GetFreeBufferPoolSize(), 1u);
  EXPECT_EQ(client.GetFreeBufferPoolHold(), 2u);
  EXPECT_EQ(client.GetIoBackend(), IO_URING);
  EXPECT_EQ(client.GetMaxPendingLength(), 3u);
  EXPECT_EQ(client.GetMaxPendingTotal(), 4u);
  EXPECT_EQ(client.GetGracefulTimeout(), 5u);
  EXPECT_EQ(client.GetSlowCallbackTime(), 6u);
  EXPECT_EQ(client.GetBusyPoll(), 7u);
  EXPECT_FALSE(client.IsNoDelay());
  EXPECT_EQ(client.GetSyncConnectTimeout(), 8u);
  EXPECT_EQ(client.GetExtra(), &mine);
}

// Spec: api §6.6, decisions 4.6
TEST(ClientFacadeTest, SendOfAStoppedClientSetsBothErrors) {
  Listener listener;
  Client client(&listener);
  uint8_t byte = 0;
  const WSABUF piece = {1, &byte};
  ExpectFails(client, SE_ILLEGAL_STATE, EPERM, [&] { return client.Send(&byte, 1, 0); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client.Send(nullptr, 1, 0); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client.Send(&byte, -1, 0); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client.Send(&byte, 1, -1); });
  ExpectFails(client, SE_ILLEGAL_STATE, EPERM, [&] { return client.SendPackets(&piece, 1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client.SendPackets(nullptr, 1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client.SendPackets(&piece, 0); });
  errno = 0;
  EXPECT_FALSE(client.PauseReceive(true));
  EXPECT_EQ(errno, EPERM);
}

// Spec: api §6.1/3
TEST(ClientFacadeTest, StopWhileStoppedIsIllegal) {
  Listener listener;
  Client client(&listener);
  EXPECT_FALSE(client.Stop());
  EXPECT_EQ(client.GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_TRUE(listener.events.empty());
}

// Spec: input 1
TEST(ClientFacadeTest, NoListenerNoStart) {
  Client client(nullptr);
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client.Start("127.0.0.1", 1, false); });
  EXPECT_EQ(client.GetState(), SS_STOPPED);
}

TEST(ClientFacadeTest, EventsReachTheListenerWithTheClient) {
  Listener listener;
  Client client(&listener);
  listener.expected = &client;
  uint8_t byte = 0;
  client.raise().HandlePrepareConnect(1, 0);
  client.raise().HandleConnect(1);
  client.raise().HandleReceive(1, &byte, 1);
  client.raise().HandleReceive(1, nullptr, 1);
  client.raise().HandleSend(1, &byte, 1);
  client.raise().HandleClose(1, SO_UNKNOWN, 0);
  EXPECT_EQ(client.GetLastError(), SE_OK);
  client.raise().HandleClose(1, SO_SEND, EPIPE);
  const std::vector<std::string> expected = {"prepare", "connect", "push", "pull", "send", "close", "error"};
  EXPECT_EQ(listener.events, expected);
}

// Spec: api §1, api §3.2/3
TEST(ClientFacadeTest, ComponentErrorTellsTheListenersRefusalFromTheNetworks) {
  Listener listener;
  Client client(&listener);
  listener.expected = &client;
  uint8_t byte = 0;
  client.raise().HandlePrepareConnect(1, 0);
  listener.result = HR_ERROR;
  EXPECT_EQ(client.raise().HandleReceive(1, &byte, 1), HR_ERROR);
  client.raise().HandleClose(1, SO_RECEIVE, ECANCELED);
  EXPECT_EQ(client.GetLastError(), SE_DATA_PROC);

  listener.result = HR_OK;
  client.raise().HandlePrepareConnect(2, 0);
  client.raise().HandleClose(2, SO_CONNECT, ECONNREFUSED);
  EXPECT_EQ(client.GetLastError(), SE_NETWORK);
}

// Spec: decisions 2.8
TEST(ClientFacadeTest, WhatAListenerThrowsIsHrError) {
  Listener listener;
  listener.throws = true;
  Client client(&listener);
  listener.expected = &client;
  EXPECT_EQ(client.raise().HandlePrepareConnect(1, 0), HR_ERROR);
  EXPECT_EQ(client.raise().HandleConnect(1), HR_ERROR);
  client.raise().HandleClose(1, SO_UNKNOWN, 0);
  HP_Stats stats;
  EXPECT_TRUE(client.GetStats(stats));
  EXPECT_EQ(stats.contained_exceptions, 3u);
}

}  // namespace
}  // namespace hpsocket::core
