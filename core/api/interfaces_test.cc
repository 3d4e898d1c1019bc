// The interfaces' shapes: who derives from whom, what is virtual, exact signatures and defaults.
#include <type_traits>

#include "gtest/gtest.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"

namespace hpsocket {
namespace {

template <class Interface>
constexpr bool IsInterface() {
  return std::is_abstract<Interface>::value && std::has_virtual_destructor<Interface>::value &&
         sizeof(Interface) == sizeof(void*);
}
// Spec: §1.3, api §0.1
static_assert(IsInterface<IComplexSocket>() && IsInterface<IServer>() && IsInterface<IAgent>() &&
                  IsInterface<IClient>() && IsInterface<IPullSocket>() && IsInterface<IPullClient>(),
              "");
static_assert(IsInterface<IComplexSocketListener>() && IsInterface<IServerListener>() &&
                  IsInterface<IAgentListener>() && IsInterface<IClientListener>(),
              "");
static_assert(std::is_base_of<IComplexSocket, IServer>::value &&
                  std::is_base_of<IComplexSocket, IAgent>::value,
              "");
static_assert(!std::is_base_of<IComplexSocket, IClient>::value, "");
static_assert(std::is_base_of<IComplexSocketListener, IServerListener>::value &&
                  std::is_base_of<IComplexSocketListener, IAgentListener>::value &&
                  !std::is_base_of<IComplexSocketListener, IClientListener>::value,
              "");

template <class Class, class Signature>
constexpr bool Has(Signature Class::*) {
  return true;
}

// The declarations of the original, in its order.
// Spec: §1.3, api §2, decisions 1.1
static_assert(Has<IComplexSocket, bool()>(&IComplexSocket::Stop), "");
static_assert(Has<IComplexSocket, bool(CONNID, const uint8_t*, int, int)>(&IComplexSocket::Send), "");
static_assert(Has<IComplexSocket, bool(CONNID, const WSABUF[], int)>(&IComplexSocket::SendPackets), "");
static_assert(Has<IComplexSocket, bool(CONNID, bool)>(&IComplexSocket::Disconnect), "");
static_assert(Has<IComplexSocket, bool(uint32_t, bool)>(&IComplexSocket::DisconnectLongConnections), "");
static_assert(Has<IComplexSocket, bool(uint32_t, bool)>(&IComplexSocket::DisconnectSilenceConnections), "");
static_assert(Has<IComplexSocket, bool(CONNID, void*)>(&IComplexSocket::SetConnectionExtra), "");
static_assert(Has<IComplexSocket, bool(CONNID, void**)>(&IComplexSocket::GetConnectionExtra), "");
static_assert(Has<IComplexSocket, bool()>(&IComplexSocket::HasStarted), "");
static_assert(Has<IComplexSocket, EnServiceState()>(&IComplexSocket::GetState), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetConnectionCount), "");
static_assert(Has<IComplexSocket, bool(CONNID[], uint32_t&)>(&IComplexSocket::GetAllConnectionIDs), "");
static_assert(Has<IComplexSocket, bool(CONNID, uint32_t&)>(&IComplexSocket::GetConnectPeriod), "");
static_assert(Has<IComplexSocket, bool(CONNID, uint32_t&)>(&IComplexSocket::GetSilencePeriod), "");
static_assert(Has<IComplexSocket, bool(CONNID, char[], int&, uint16_t&)>(&IComplexSocket::GetRemoteAddress),
              "");
static_assert(Has<IComplexSocket, EnSocketError()>(&IComplexSocket::GetLastError), "");
static_assert(Has<IComplexSocket, const char*()>(&IComplexSocket::GetLastErrorDesc), "");
static_assert(Has<IComplexSocket, bool(CONNID, int&)>(&IComplexSocket::GetPendingDataLength), "");
static_assert(Has<IComplexSocket, void(EnSendPolicy)>(&IComplexSocket::SetSendPolicy), "");
static_assert(Has<IComplexSocket, void(EnRecvPolicy)>(&IComplexSocket::SetRecvPolicy), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetFreeSocketObjLockTime), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetFreeSocketObjPool), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetFreeBufferObjPool), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetFreeSocketObjHold), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetFreeBufferObjHold), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetWorkerThreadCount), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetMaxShutdownWaitTime), "");
static_assert(Has<IComplexSocket, void(bool)>(&IComplexSocket::SetMarkSilence), "");
static_assert(Has<IComplexSocket, EnSendPolicy()>(&IComplexSocket::GetSendPolicy), "");
static_assert(Has<IComplexSocket, EnRecvPolicy()>(&IComplexSocket::GetRecvPolicy), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetFreeSocketObjLockTime), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetFreeSocketObjPool), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetFreeBufferObjPool), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetFreeSocketObjHold), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetFreeBufferObjHold), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetWorkerThreadCount), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetMaxShutdownWaitTime), "");
static_assert(Has<IComplexSocket, bool()>(&IComplexSocket::IsMarkSilence), "");
static_assert(Has<IServer, bool(const char*, uint16_t)>(&IServer::Start), "");
static_assert(Has<IServer, bool(char[], int&, uint16_t&)>(&IServer::GetListenAddress), "");
static_assert(Has<IAgent, bool(const char*, bool)>(&IAgent::Start), "");
static_assert(Has<IAgent, bool(const char*, uint16_t, CONNID*)>(&IAgent::Connect), "");
static_assert(Has<IAgent, bool(CONNID, char[], int&, uint16_t&)>(&IAgent::GetLocalAddress), "");
static_assert(Has<IClient, bool(const char*, uint16_t, bool)>(&IClient::Start), "");
static_assert(Has<IClient, bool()>(&IClient::Stop), "");
static_assert(Has<IClient, bool(const uint8_t*, int, int)>(&IClient::Send), "");
static_assert(Has<IClient, bool(const WSABUF[], int)>(&IClient::SendPackets), "");
static_assert(Has<IClient, void(void*)>(&IClient::SetExtra), "");
static_assert(Has<IClient, void*()>(&IClient::GetExtra), "");
static_assert(Has<IClient, CONNID()>(&IClient::GetConnectionID), "");
static_assert(Has<IClient, bool(char[], int&, uint16_t&)>(&IClient::GetLocalAddress), "");
static_assert(Has<IClient, bool(int&)>(&IClient::GetPendingDataLength), "");
static_assert(Has<IClient, void(uint32_t)>(&IClient::SetFreeBufferPoolSize), "");
static_assert(Has<IClient, void(uint32_t)>(&IClient::SetFreeBufferPoolHold), "");
static_assert(Has<IClient, uint32_t()>(&IClient::GetFreeBufferPoolSize), "");
static_assert(Has<IClient, uint32_t()>(&IClient::GetFreeBufferPoolHold), "");
static_assert(Has<IPullSocket, EnFetchResult(CONNID, uint8_t*, int)>(&IPullSocket::Fetch), "");
static_assert(Has<IPullSocket, EnFetchResult(CONNID, uint8_t*, int)>(&IPullSocket::Peek), "");
static_assert(Has<IPullClient, EnFetchResult(uint8_t*, int)>(&IPullClient::Fetch), "");
static_assert(Has<IPullClient, EnFetchResult(uint8_t*, int)>(&IPullClient::Peek), "");

// What all have, and what only some have.
template <class Component>
constexpr bool HasRuledMethods() {
  return Has<Component, bool(int)>(&Component::Wait) &&
         Has<Component, void(EnIoBackend)>(&Component::SetIoBackend) &&
         Has<Component, EnIoBackend()>(&Component::GetIoBackend) &&
         Has<Component, const char*()>(&Component::GetIoBackendDesc) &&
         Has<Component, const char*()>(&Component::GetLastErrorDetail) &&
         Has<Component, bool(HP_Stats&)>(&Component::GetStats) &&
         Has<Component, void(uint64_t)>(&Component::SetMaxPendingLength) &&
         Has<Component, uint64_t()>(&Component::GetMaxPendingLength) &&
         Has<Component, void(uint64_t)>(&Component::SetMaxPendingTotal) &&
         Has<Component, uint64_t()>(&Component::GetMaxPendingTotal) &&
         Has<Component, void(uint32_t)>(&Component::SetGracefulTimeout) &&
         Has<Component, uint32_t()>(&Component::GetGracefulTimeout) &&
         Has<Component, void(uint32_t)>(&Component::SetSlowCallbackTime) &&
         Has<Component, uint32_t()>(&Component::GetSlowCallbackTime) &&
         Has<Component, void(uint32_t)>(&Component::SetBusyPoll) &&
         Has<Component, uint32_t()>(&Component::GetBusyPoll) &&
         Has<Component, void(bool)>(&Component::SetNoDelay) && Has<Component, bool()>(&Component::IsNoDelay);
}
// Spec: decisions 8.1
static_assert(HasRuledMethods<IComplexSocket>() && HasRuledMethods<IClient>(), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetMaxConnectionCount), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetMaxConnectionCount), "");
static_assert(Has<IComplexSocket, void(uint32_t)>(&IComplexSocket::SetMaxIdleTime), "");
static_assert(Has<IComplexSocket, uint32_t()>(&IComplexSocket::GetMaxIdleTime), "");
static_assert(Has<IComplexSocket, bool(CONNID, bool)>(&IComplexSocket::PauseReceive), "");
static_assert(Has<IComplexSocket, bool(CONNID, bool&)>(&IComplexSocket::IsPauseReceive), "");
static_assert(Has<IClient, bool(bool)>(&IClient::PauseReceive), "");
static_assert(Has<IClient, bool(bool&)>(&IClient::IsPauseReceive), "");
static_assert(Has<IAgent, void(uint32_t)>(&IAgent::SetSyncConnectTimeout), "");
static_assert(Has<IAgent, uint32_t()>(&IAgent::GetSyncConnectTimeout), "");
static_assert(Has<IClient, void(uint32_t)>(&IClient::SetSyncConnectTimeout), "");
static_assert(Has<IClient, uint32_t()>(&IClient::GetSyncConnectTimeout), "");
static_assert(Has<IPullSocket, EnFetchResult(CONNID, const uint8_t**, int*)>(&IPullSocket::PeekSpan), "");
static_assert(Has<IPullSocket, EnFetchResult(CONNID, const uint8_t*, int, int, int*)>(&IPullSocket::Find),
              "");
static_assert(Has<IPullClient, EnFetchResult(const uint8_t**, int*)>(&IPullClient::PeekSpan), "");
static_assert(Has<IPullClient, EnFetchResult(const uint8_t*, int, int, int*)>(&IPullClient::Find), "");
static_assert(Has<IPullSocket, void(uint64_t)>(&IPullSocket::SetMaxPullLength), "");
static_assert(Has<IPullClient, void(uint64_t)>(&IPullClient::SetMaxPullLength), "");

// Spec: api §3, decisions 1.1
static_assert(
    Has<IComplexSocketListener, EnHandleResult(CONNID, const uint8_t*, int)>(&IComplexSocketListener::OnSend),
    "");
static_assert(Has<IComplexSocketListener, EnHandleResult(CONNID, const uint8_t*, int)>(
                  &IComplexSocketListener::OnReceive),
              "");
static_assert(Has<IComplexSocketListener, EnHandleResult(CONNID, int)>(&IComplexSocketListener::OnReceive),
              "");
static_assert(Has<IComplexSocketListener, EnHandleResult(CONNID)>(&IComplexSocketListener::OnClose), "");
static_assert(Has<IComplexSocketListener, EnHandleResult(CONNID, EnSocketOperation, int)>(
                  &IComplexSocketListener::OnError),
              "");
static_assert(Has<IComplexSocketListener, EnHandleResult()>(&IComplexSocketListener::OnShutdown), "");
static_assert(Has<IServerListener, EnHandleResult(SOCKET)>(&IServerListener::OnPrepareListen), "");
static_assert(Has<IAgentListener, EnHandleResult(CONNID, SOCKET)>(&IAgentListener::OnPrepareConnect), "");
static_assert(Has<IAgentListener, EnHandleResult(CONNID)>(&IAgentListener::OnConnect), "");
static_assert(Has<IClientListener, EnHandleResult(IClient*, SOCKET)>(&IClientListener::OnPrepareConnect), "");
static_assert(Has<IClientListener, EnHandleResult(IClient*)>(&IClientListener::OnConnect), "");
static_assert(Has<IClientListener, EnHandleResult(IClient*, const uint8_t*, int)>(&IClientListener::OnSend),
              "");
static_assert(
    Has<IClientListener, EnHandleResult(IClient*, const uint8_t*, int)>(&IClientListener::OnReceive), "");
static_assert(Has<IClientListener, EnHandleResult(IClient*, int)>(&IClientListener::OnReceive), "");
static_assert(Has<IClientListener, EnHandleResult(IClient*)>(&IClientListener::OnClose), "");
static_assert(
    Has<IClientListener, EnHandleResult(IClient*, EnSocketOperation, int)>(&IClientListener::OnError), "");

// Calls with every default argument; compiled, not run.
[[maybe_unused]] void CallsWithDefaults(IServer& server, IAgent& agent, IClient& client, IPullSocket& pull) {
  server.Send(1, nullptr, 0);
  server.Disconnect(1);
  server.DisconnectLongConnections(0);
  server.DisconnectSilenceConnections(0);
  server.Wait();
  server.PauseReceive(1);
  server.SetMaxPendingLength();
  server.SetGracefulTimeout();
  server.SetSlowCallbackTime();
  server.SetBusyPoll();
  server.SetNoDelay();
  server.SetMaxIdleTime();
  agent.Start();
  agent.Start(nullptr);
  agent.Connect("", 0);
  agent.SetSyncConnectTimeout();
  client.Start("", 0);
  client.Connect("", 0);
  client.Send(nullptr, 0);
  client.Wait();
  client.PauseReceive();
  client.SetSyncConnectTimeout();
  pull.SetMaxPullLength();
}

// Records what reaches the virtual method behind a default argument or a second spelling.
class ClientProbe : public IClient {
 public:
  bool Start(const char* remote_address, uint16_t remote_port, bool async_connect) override {
    remote = remote_address;
    port = remote_port;
    async = async_connect;
    return true;
  }
  bool GetLocalAddress(char[], int& address_length, uint16_t&) override {
    address_length = 42;
    return true;
  }
  bool Stop() override { return false; }
  bool Wait(int) override { return false; }
  bool Send(const uint8_t*, int, int) override { return false; }
  bool SendPackets(const WSABUF[], int) override { return false; }
  bool PauseReceive(bool) override { return false; }
  bool IsPauseReceive(bool&) override { return false; }
  void SetExtra(void*) override {}
  void* GetExtra() override { return nullptr; }
  bool HasStarted() override { return false; }
  EnServiceState GetState() override { return SS_STOPPED; }
  EnSocketError GetLastError() override { return SE_OK; }
  const char* GetLastErrorDesc() override { return ""; }
  const char* GetLastErrorDetail() override { return ""; }
  CONNID GetConnectionID() override { return 0; }
  bool GetPendingDataLength(int&) override { return false; }
  bool GetStats(HP_Stats&) override { return false; }
  void SetFreeBufferPoolSize(uint32_t) override {}
  void SetFreeBufferPoolHold(uint32_t) override {}
  uint32_t GetFreeBufferPoolSize() override { return 0; }
  uint32_t GetFreeBufferPoolHold() override { return 0; }
  void SetIoBackend(EnIoBackend) override {}
  EnIoBackend GetIoBackend() override { return IO_AUTO; }
  const char* GetIoBackendDesc() override { return ""; }
  void SetMaxPendingLength(uint64_t length) override { max_pending = length; }
  uint64_t GetMaxPendingLength() override { return 0; }
  void SetMaxPendingTotal(uint64_t) override {}
  uint64_t GetMaxPendingTotal() override { return 0; }
  void SetGracefulTimeout(uint32_t) override {}
  uint32_t GetGracefulTimeout() override { return 0; }
  void SetSlowCallbackTime(uint32_t) override {}
  uint32_t GetSlowCallbackTime() override { return 0; }
  void SetBusyPoll(uint32_t) override {}
  uint32_t GetBusyPoll() override { return 0; }
  void SetNoDelay(bool) override {}
  bool IsNoDelay() override { return false; }
  void SetSyncConnectTimeout(uint32_t timeout_ms) override { connect_timeout = timeout_ms; }
  uint32_t GetSyncConnectTimeout() override { return 0; }

  const char* remote = nullptr;
  uint16_t port = 0;
  bool async = true;
  uint64_t max_pending = 0;
  uint32_t connect_timeout = 0;
};

// Spec: decisions 1.2
TEST(InterfacesTest, ClientConnectIsStart) {
  ClientProbe probe;
  IClient& client = probe;
  EXPECT_TRUE(client.Connect("host", 5555));
  EXPECT_STREQ(probe.remote, "host");
  EXPECT_EQ(probe.port, 5555);
  EXPECT_FALSE(probe.async);
  EXPECT_TRUE(client.Connect("host", 5555, true));
  EXPECT_TRUE(probe.async);
}

// Spec: decisions 1.2
TEST(InterfacesTest, GetLocaleAddressIsGetLocalAddress) {
  ClientProbe probe;
  char address[64];
  int length = 0;
  uint16_t port = 0;
  EXPECT_TRUE(static_cast<IClient&>(probe).GetLocaleAddress(address, length, port));
  EXPECT_EQ(length, 42);
}

// Spec: §2.1.4, decisions 4.3, decisions 5.12
TEST(InterfacesTest, DefaultArgumentsAreTheDefaults) {
  ClientProbe probe;
  IClient& client = probe;
  client.Start("host", 1);
  EXPECT_FALSE(probe.async);
  client.SetMaxPendingLength();
  EXPECT_EQ(probe.max_pending, 64u * 1024 * 1024);
  client.SetSyncConnectTimeout();
  EXPECT_EQ(probe.connect_timeout, 10000u);
}

}  // namespace
}  // namespace hpsocket
