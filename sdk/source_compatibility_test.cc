// Every declaration of HP-Socket 3.3's headers, as code with Windows' types uses it.
//
// Where those say BOOL, ours may say bool; IAgent::Start has its default from HP-Socket's guide
// (decisions 2.2).
#include <type_traits>
#include <utility>

#include "HPSocket.h"
#include "gtest/gtest.h"

namespace {

using Bool = decltype(std::declval<IComplexSocket&>().Stop());
static_assert(std::is_convertible<Bool, BOOL>::value && std::is_convertible<BOOL, Bool>::value, "");

// That a class has a method with exactly these types.
template <class Function, class Class>
void Declared(Function Class::*method) {
  EXPECT_NE(method, nullptr);
}

// The same of a function.
template <class Function>
void Declared(Function* function) {
  EXPECT_NE(function, nullptr);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IComplexSocketHasEveryMethod) {
  Declared<Bool()>(&IComplexSocket::Stop);
  Declared<Bool(CONNID, const BYTE*, int, int)>(&IComplexSocket::Send);
  Declared<Bool(CONNID, const WSABUF*, int)>(&IComplexSocket::SendPackets);
  Declared<Bool(CONNID, Bool)>(&IComplexSocket::Disconnect);
  Declared<Bool(DWORD, Bool)>(&IComplexSocket::DisconnectLongConnections);
  Declared<Bool(DWORD, Bool)>(&IComplexSocket::DisconnectSilenceConnections);
  Declared<Bool(CONNID, PVOID)>(&IComplexSocket::SetConnectionExtra);
  Declared<Bool(CONNID, PVOID*)>(&IComplexSocket::GetConnectionExtra);
  Declared<Bool()>(&IComplexSocket::HasStarted);
  Declared<EnServiceState()>(&IComplexSocket::GetState);
  Declared<DWORD()>(&IComplexSocket::GetConnectionCount);
  Declared<Bool(CONNID*, DWORD&)>(&IComplexSocket::GetAllConnectionIDs);
  Declared<Bool(CONNID, DWORD&)>(&IComplexSocket::GetConnectPeriod);
  Declared<Bool(CONNID, DWORD&)>(&IComplexSocket::GetSilencePeriod);
  Declared<Bool(CONNID, TCHAR*, int&, USHORT&)>(&IComplexSocket::GetRemoteAddress);
  Declared<EnSocketError()>(&IComplexSocket::GetLastError);
  Declared<LPCTSTR()>(&IComplexSocket::GetLastErrorDesc);
  Declared<Bool(CONNID, int&)>(&IComplexSocket::GetPendingDataLength);
  Declared<void(EnSendPolicy)>(&IComplexSocket::SetSendPolicy);
  Declared<void(EnRecvPolicy)>(&IComplexSocket::SetRecvPolicy);
  Declared<void(DWORD)>(&IComplexSocket::SetFreeSocketObjLockTime);
  Declared<void(DWORD)>(&IComplexSocket::SetFreeSocketObjPool);
  Declared<void(DWORD)>(&IComplexSocket::SetFreeBufferObjPool);
  Declared<void(DWORD)>(&IComplexSocket::SetFreeSocketObjHold);
  Declared<void(DWORD)>(&IComplexSocket::SetFreeBufferObjHold);
  Declared<void(DWORD)>(&IComplexSocket::SetWorkerThreadCount);
  Declared<void(DWORD)>(&IComplexSocket::SetMaxShutdownWaitTime);
  Declared<void(Bool)>(&IComplexSocket::SetMarkSilence);
  Declared<EnSendPolicy()>(&IComplexSocket::GetSendPolicy);
  Declared<EnRecvPolicy()>(&IComplexSocket::GetRecvPolicy);
  Declared<DWORD()>(&IComplexSocket::GetFreeSocketObjLockTime);
  Declared<DWORD()>(&IComplexSocket::GetFreeSocketObjPool);
  Declared<DWORD()>(&IComplexSocket::GetFreeBufferObjPool);
  Declared<DWORD()>(&IComplexSocket::GetFreeSocketObjHold);
  Declared<DWORD()>(&IComplexSocket::GetFreeBufferObjHold);
  Declared<DWORD()>(&IComplexSocket::GetWorkerThreadCount);
  Declared<DWORD()>(&IComplexSocket::GetMaxShutdownWaitTime);
  Declared<Bool()>(&IComplexSocket::IsMarkSilence);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IServerHasEveryMethod) {
  Declared<Bool(LPCTSTR, USHORT)>(&IServer::Start);
  Declared<Bool(TCHAR*, int&, USHORT&)>(&IServer::GetListenAddress);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, ITcpServerHasEveryMethod) {
  Declared<Bool(CONNID, LPCTSTR, const WSABUF*, const WSABUF*)>(&ITcpServer::SendSmallFile);
  Declared<void(DWORD)>(&ITcpServer::SetAcceptSocketCount);
  Declared<void(DWORD)>(&ITcpServer::SetSocketBufferSize);
  Declared<void(DWORD)>(&ITcpServer::SetSocketListenQueue);
  Declared<void(DWORD)>(&ITcpServer::SetKeepAliveTime);
  Declared<void(DWORD)>(&ITcpServer::SetKeepAliveInterval);
  Declared<DWORD()>(&ITcpServer::GetAcceptSocketCount);
  Declared<DWORD()>(&ITcpServer::GetSocketBufferSize);
  Declared<DWORD()>(&ITcpServer::GetSocketListenQueue);
  Declared<DWORD()>(&ITcpServer::GetKeepAliveTime);
  Declared<DWORD()>(&ITcpServer::GetKeepAliveInterval);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IAgentHasEveryMethod) {
  Declared<Bool(LPCTSTR, Bool)>(&IAgent::Start);
  Declared<Bool(LPCTSTR, USHORT, CONNID*)>(&IAgent::Connect);
  Declared<Bool(CONNID, TCHAR*, int&, USHORT&)>(&IAgent::GetLocalAddress);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, ITcpAgentHasEveryMethod) {
  Declared<Bool(CONNID, LPCTSTR, const WSABUF*, const WSABUF*)>(&ITcpAgent::SendSmallFile);
  Declared<void(Bool)>(&ITcpAgent::SetReuseAddress);
  Declared<Bool()>(&ITcpAgent::IsReuseAddress);
  Declared<void(DWORD)>(&ITcpAgent::SetSocketBufferSize);
  Declared<void(DWORD)>(&ITcpAgent::SetKeepAliveTime);
  Declared<void(DWORD)>(&ITcpAgent::SetKeepAliveInterval);
  Declared<DWORD()>(&ITcpAgent::GetSocketBufferSize);
  Declared<DWORD()>(&ITcpAgent::GetKeepAliveTime);
  Declared<DWORD()>(&ITcpAgent::GetKeepAliveInterval);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IClientHasEveryMethod) {
  Declared<Bool(LPCTSTR, USHORT, Bool)>(&IClient::Start);
  Declared<Bool()>(&IClient::Stop);
  Declared<Bool(const BYTE*, int, int)>(&IClient::Send);
  Declared<Bool(const WSABUF*, int)>(&IClient::SendPackets);
  Declared<void(PVOID)>(&IClient::SetExtra);
  Declared<PVOID()>(&IClient::GetExtra);
  Declared<Bool()>(&IClient::HasStarted);
  Declared<EnServiceState()>(&IClient::GetState);
  Declared<EnSocketError()>(&IClient::GetLastError);
  Declared<LPCTSTR()>(&IClient::GetLastErrorDesc);
  Declared<CONNID()>(&IClient::GetConnectionID);
  Declared<Bool(TCHAR*, int&, USHORT&)>(&IClient::GetLocalAddress);
  Declared<Bool(int&)>(&IClient::GetPendingDataLength);
  Declared<void(DWORD)>(&IClient::SetFreeBufferPoolSize);
  Declared<void(DWORD)>(&IClient::SetFreeBufferPoolHold);
  Declared<DWORD()>(&IClient::GetFreeBufferPoolSize);
  Declared<DWORD()>(&IClient::GetFreeBufferPoolHold);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, ITcpClientHasEveryMethod) {
  Declared<Bool(LPCTSTR, const WSABUF*, const WSABUF*)>(&ITcpClient::SendSmallFile);
  Declared<void(DWORD)>(&ITcpClient::SetSocketBufferSize);
  Declared<void(DWORD)>(&ITcpClient::SetKeepAliveTime);
  Declared<void(DWORD)>(&ITcpClient::SetKeepAliveInterval);
  Declared<DWORD()>(&ITcpClient::GetSocketBufferSize);
  Declared<DWORD()>(&ITcpClient::GetKeepAliveTime);
  Declared<DWORD()>(&ITcpClient::GetKeepAliveInterval);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IUdpServerHasEveryMethod) {
  Declared<void(DWORD)>(&IUdpServer::SetMaxDatagramSize);
  Declared<DWORD()>(&IUdpServer::GetMaxDatagramSize);
  Declared<void(DWORD)>(&IUdpServer::SetPostReceiveCount);
  Declared<DWORD()>(&IUdpServer::GetPostReceiveCount);
  Declared<void(DWORD)>(&IUdpServer::SetDetectAttempts);
  Declared<void(DWORD)>(&IUdpServer::SetDetectInterval);
  Declared<DWORD()>(&IUdpServer::GetDetectAttempts);
  Declared<DWORD()>(&IUdpServer::GetDetectInterval);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IUdpClientHasEveryMethod) {
  Declared<void(DWORD)>(&IUdpClient::SetMaxDatagramSize);
  Declared<DWORD()>(&IUdpClient::GetMaxDatagramSize);
  Declared<void(DWORD)>(&IUdpClient::SetDetectAttempts);
  Declared<void(DWORD)>(&IUdpClient::SetDetectInterval);
  Declared<DWORD()>(&IUdpClient::GetDetectAttempts);
  Declared<DWORD()>(&IUdpClient::GetDetectInterval);
}

// Spec: api §2, decisions 1.1, 1.2, §1.3
TEST(SourceCompatibilityTest, IUdpCastHasEveryMethod) {
  Declared<void(LPCTSTR)>(&IUdpCast::SetBindAdddress);
  Declared<LPCTSTR()>(&IUdpCast::GetBindAdddress);
  Declared<void(LPCTSTR)>(&IUdpCast::SetBindAddress);
  Declared<LPCTSTR()>(&IUdpCast::GetBindAddress);
  Declared<void(DWORD)>(&IUdpCast::SetMaxDatagramSize);
  Declared<DWORD()>(&IUdpCast::GetMaxDatagramSize);
  Declared<void(Bool)>(&IUdpCast::SetReuseAddress);
  Declared<Bool()>(&IUdpCast::IsReuseAddress);
  Declared<void(EnCastMode)>(&IUdpCast::SetCastMode);
  Declared<EnCastMode()>(&IUdpCast::GetCastMode);
  Declared<void(int)>(&IUdpCast::SetMultiCastTtl);
  Declared<int()>(&IUdpCast::GetMultiCastTtl);
  Declared<void(Bool)>(&IUdpCast::SetMultiCastLoop);
  Declared<Bool()>(&IUdpCast::IsMultiCastLoop);
  Declared<Bool(TCHAR*, int&, USHORT&)>(&IUdpCast::GetRemoteAddress);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IPullSocketHasEveryMethod) {
  Declared<EnFetchResult(CONNID, BYTE*, int)>(&IPullSocket::Fetch);
  Declared<EnFetchResult(CONNID, BYTE*, int)>(&IPullSocket::Peek);
}

// Spec: api §2, decisions 1.1, §1.3
TEST(SourceCompatibilityTest, IPullClientHasEveryMethod) {
  Declared<EnFetchResult(BYTE*, int)>(&IPullClient::Fetch);
  Declared<EnFetchResult(BYTE*, int)>(&IPullClient::Peek);
}

// Spec: api §2.12, §1.2, §1.3, decisions 1.1
TEST(SourceCompatibilityTest, PullComponentsAreBothTheirBases) {
  Declared<IPullSocket*(IServer*)>(&ITcpPullServer::ToPull);
  Declared<ITcpServer*(IPullSocket*)>(&ITcpPullServer::ToServer);
  Declared<IPullSocket*(IAgent*)>(&ITcpPullAgent::ToPull);
  Declared<ITcpAgent*(IPullSocket*)>(&ITcpPullAgent::ToAgent);
  Declared<IPullClient*(IClient*)>(&ITcpPullClient::ToPull);
  Declared<ITcpClient*(IPullClient*)>(&ITcpPullClient::ToClient);
  static_assert(std::is_base_of<ITcpServer, ITcpPullServer>::value, "");
  static_assert(std::is_base_of<ITcpAgent, ITcpPullAgent>::value, "");
  static_assert(std::is_base_of<ITcpClient, ITcpPullClient>::value, "");
}

// Spec: api §4, §1.2, decisions 1.1
TEST(SourceCompatibilityTest, FactoriesAndHelpersAreFunctions) {
  Declared<ITcpServer*(ITcpServerListener*)>(HP_Create_TcpServer);
  Declared<ITcpAgent*(ITcpAgentListener*)>(HP_Create_TcpAgent);
  Declared<ITcpClient*(ITcpClientListener*)>(HP_Create_TcpClient);
  Declared<ITcpPullServer*(ITcpServerListener*)>(HP_Create_TcpPullServer);
  Declared<ITcpPullAgent*(ITcpAgentListener*)>(HP_Create_TcpPullAgent);
  Declared<ITcpPullClient*(ITcpClientListener*)>(HP_Create_TcpPullClient);
  Declared<void(ITcpServer*)>(HP_Destroy_TcpServer);
  Declared<void(ITcpAgent*)>(HP_Destroy_TcpAgent);
  Declared<void(ITcpClient*)>(HP_Destroy_TcpClient);
  Declared<void(ITcpPullServer*)>(HP_Destroy_TcpPullServer);
  Declared<void(ITcpPullAgent*)>(HP_Destroy_TcpPullAgent);
  Declared<void(ITcpPullClient*)>(HP_Destroy_TcpPullClient);
  Declared<IUdpServer*(IUdpServerListener*)>(HP_Create_UdpServer);
  Declared<IUdpClient*(IUdpClientListener*)>(HP_Create_UdpClient);
  Declared<IUdpCast*(IUdpCastListener*)>(HP_Create_UdpCast);
  Declared<void(IUdpServer*)>(HP_Destroy_UdpServer);
  Declared<void(IUdpClient*)>(HP_Destroy_UdpClient);
  Declared<void(IUdpCast*)>(HP_Destroy_UdpCast);

  Declared<LPCTSTR(EnSocketError)>(HP_GetSocketErrorDesc);
  Declared<DWORD()>(SYS_GetLastError);
  Declared<int()>(SYS_WSAGetLastError);
  Declared<int(SOCKET, int, int, LPVOID, int)>(SYS_SetSocketOption);
  Declared<int(SOCKET, int, int, LPVOID, int*)>(SYS_GetSocketOption);
  Declared<int(SOCKET, long, u_long*)>(SYS_IoctlSocket);
  Declared<int(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD)>(SYS_WSAIoctl);
}

class ServerEvents : public ITcpServerListener {
 public:
  EnHandleResult OnPrepareListen(SOCKET) override { return HR_OK; }
  EnHandleResult OnAccept(CONNID, SOCKET) override { return HR_OK; }
  EnHandleResult OnSend(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override { return HR_OK; }
};

class AgentEvents : public ITcpAgentListener {
 public:
  EnHandleResult OnPrepareConnect(CONNID, SOCKET) override { return HR_OK; }
  EnHandleResult OnConnect(CONNID) override { return HR_OK; }
  EnHandleResult OnSend(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override { return HR_OK; }
};

class UdpServerEvents : public IUdpServerListener {
 public:
  EnHandleResult OnPrepareListen(SOCKET) override { return HR_OK; }
  EnHandleResult OnAccept(CONNID, const SOCKADDR_IN*) override { return HR_OK; }
  EnHandleResult OnSend(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override { return HR_OK; }
};

class ClientEvents : public ITcpClientListener {
 public:
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_OK; }
  EnHandleResult OnConnect(IClient*) override { return HR_OK; }
  EnHandleResult OnSend(IClient*, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(IClient*, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnReceive(IClient*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }
};

// Spec: api §3, decisions 1.1, decisions 1.3
TEST(SourceCompatibilityTest, ListenersOverrideWithWindowsTypes) {
  ServerEvents server_events;
  AgentEvents agent_events;
  ClientEvents client_events;
  EXPECT_TRUE(CTcpServerPtr(&server_events).IsValid());
  EXPECT_TRUE(CTcpPullServerPtr(&server_events).IsValid());
  EXPECT_TRUE(CTcpAgentPtr(&agent_events).IsValid());
  EXPECT_TRUE(CTcpPullAgentPtr(&agent_events).IsValid());
  EXPECT_TRUE(CTcpClientPtr(&client_events).IsValid());
  EXPECT_TRUE(CTcpPullClientPtr(&client_events).IsValid());
  UdpServerEvents udp_server_events;
  EXPECT_TRUE(CUdpServerPtr(&udp_server_events).IsValid());
}

// The base classes leave to the application what HP-Socket's leave: OnReceive of their model, OnClose and
// OnError.
template <class Base, class Id>
class PushListener : public Base {
 public:
  using Base::OnReceive;
  EnHandleResult OnReceive(Id, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnClose(Id) override { return HR_OK; }
  EnHandleResult OnError(Id, EnSocketOperation, int) override { return HR_OK; }
};
template <class Base, class Id>
class PullListener : public Base {
 public:
  using Base::OnReceive;
  EnHandleResult OnReceive(Id, int) override { return HR_OK; }
  EnHandleResult OnClose(Id) override { return HR_OK; }
  EnHandleResult OnError(Id, EnSocketOperation, int) override { return HR_OK; }
};

// Spec: api §3.1, §1.2, decisions 1.1
TEST(SourceCompatibilityTest, BaseListenersIgnoreTheRest) {
  PushListener<CTcpServerListener, CONNID> server;
  PushListener<CTcpAgentListener, CONNID> agent;
  PushListener<CTcpClientListener, IClient*> client;
  PushListener<CUdpServerListener, CONNID> udp_server;
  PushListener<CUdpClientListener, IClient*> udp_client;
  PushListener<CUdpCastListener, IClient*> udp_cast;
  PullListener<CTcpPullServerListener, CONNID> pull_server;
  PullListener<CTcpPullAgentListener, CONNID> pull_agent;
  PullListener<CTcpPullClientListener, IClient*> pull_client;
  EXPECT_EQ(server.OnAccept(1, INVALID_SOCKET), HR_IGNORE);
  EXPECT_EQ(server.OnPrepareListen(INVALID_SOCKET), HR_IGNORE);
  EXPECT_EQ(server.OnReceive(1, 1), HR_IGNORE);
  EXPECT_EQ(agent.OnPrepareConnect(1, INVALID_SOCKET), HR_IGNORE);
  EXPECT_EQ(agent.OnShutdown(), HR_IGNORE);
  EXPECT_EQ(client.OnConnect(nullptr), HR_IGNORE);
  EXPECT_EQ(client.OnReceive(nullptr, 1), HR_IGNORE);
  EXPECT_EQ(udp_server.OnAccept(1, nullptr), HR_IGNORE);
  EXPECT_EQ(udp_client.OnConnect(nullptr), HR_IGNORE);
  EXPECT_EQ(udp_cast.OnConnect(nullptr), HR_IGNORE);
  EXPECT_TRUE(CUdpClientPtr(&udp_client).IsValid());
  EXPECT_TRUE(CUdpCastPtr(&udp_cast).IsValid());
  EXPECT_EQ(pull_server.OnReceive(1, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(pull_agent.OnReceive(1, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(pull_client.OnReceive(nullptr, nullptr, 0), HR_IGNORE);
}

// Spec: api §2, decisions 2.2
TEST(SourceCompatibilityTest, DefaultArgumentsMayBeLeftOut) {
  ServerEvents server_events;
  AgentEvents agent_events;
  ClientEvents client_events;
  CTcpServerPtr server(&server_events);
  CTcpAgentPtr agent(&agent_events);
  CTcpClientPtr client(&client_events);
  BYTE data[] = {1, 2, 3};
  WSABUF head = {sizeof(data), data};
  LPWSABUF tail = nullptr;

  BOOL result = server->Send(1, data, 1);
  EXPECT_EQ(result, FALSE);
  result = server->Disconnect(1) || server->DisconnectLongConnections(0) || server->SendPackets(1, &head, 1);
  EXPECT_EQ(result, FALSE);
  result = server->DisconnectSilenceConnections(0) || server->SendSmallFile(1, "/dev/null/none");
  EXPECT_EQ(result, FALSE);
  EXPECT_EQ(::GetLastError(), static_cast<DWORD>(ENOTDIR));
  result = server->SendSmallFile(1, "/dev/null/none", &head, tail);
  EXPECT_EQ(result, FALSE);

  result = agent->Start();
  EXPECT_EQ(result, TRUE);
  result = agent->Connect(nullptr, 1);
  EXPECT_EQ(result, FALSE);  // synchronous, so there is a result at once
  EXPECT_EQ(::GetLastError(), static_cast<DWORD>(ERROR_ADDRNOTAVAIL));
  result = client->Start(nullptr, 1);
  EXPECT_EQ(result, FALSE);
  EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
  result = client->Send(data, 1) || client->SendSmallFile("/dev/null/none");
  EXPECT_EQ(result, FALSE);
}

// Spec: api §1, decisions 1.2
TEST(SourceCompatibilityTest, EnumeratorsHaveBothSpellingsAndTheirValues) {
  EXPECT_EQ(SS_STOPING, SS_STOPPING);
  EXPECT_EQ(SS_STOPED, SS_STOPPED);
  EXPECT_EQ(int{SS_STOPPED}, 3);
  EXPECT_EQ(int{SO_RECEIVE}, 4);
  EXPECT_EQ(int{HR_ERROR}, 2);
  EXPECT_EQ(int{FR_DATA_NOT_FOUND}, 2);
  EXPECT_EQ(int{SP_DIRECT}, 2);
  EXPECT_EQ(int{RP_PARALLEL}, 1);
  EXPECT_EQ(int{SE_DATA_SEND}, 14);
  EXPECT_EQ(int{CM_BROADCAST}, 1);
}

// Spec: api §4, C25, decisions 1.1
TEST(SourceCompatibilityTest, SmartPointersOwnConvertAndGiveUp) {
  ServerEvents events;
  CTcpServerPtr empty;
  EXPECT_FALSE(empty.IsValid());
  ITcpServer* const made = HP_Create_TcpServer(&events);
  empty = made;
  ITcpServer* const converted = empty;
  EXPECT_EQ(converted, made);
  EXPECT_EQ(empty.Get(), made);
  EXPECT_EQ(empty.Detach(), made);
  EXPECT_FALSE(empty.IsValid());
  EXPECT_EQ(empty.Attach(made).Get(), made);
  EXPECT_FALSE(empty.Reset().IsValid());
  CHPSocketPtr<ITcpServer, ITcpServerListener, TcpServer_Creator> spelled(&events);
  EXPECT_EQ(spelled->GetState(), SS_STOPPED);
}

}  // namespace
