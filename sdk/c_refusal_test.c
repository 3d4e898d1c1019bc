// Every function of the C library that takes a handle refuses what is none of its own: a defined result and
// errno, and nothing happens.
#include <stdint.h>

#include "HPSocket4C.h"
#include "hpsocket/core/c_api/c_test.h"

#define REFUSED(result, call)  \
  do {                         \
    errno = 0;                 \
    CHECK((call) == (result)); \
    CHECK(errno == EINVAL);    \
  } while (0)

#define REFUSED_QUIETLY(call) \
  do {                        \
    errno = 0;                \
    call;                     \
    CHECK(errno == EINVAL);   \
  } while (0)

#define REFUSED_TEXT(call)                           \
  do {                                               \
    errno = 0;                                       \
    CHECK(strcmp((call), "Invalid Parameter") == 0); \
    CHECK(errno == EINVAL);                          \
  } while (0)

// What functions write to, or would.
static TCHAR address[64];
static BYTE data[8];
static WSABUF piece = {1, data};
static HP_CONNID id = 1;
static PVOID extra;
static DWORD dword;
static const BYTE* span;
static HP_Stats stats;
static int number;
static USHORT port;
static BOOL paused;

// Spec: api §5.1, decisions 8.1
static void RefuseServer(HP_Object object) {
  REFUSED(FALSE, HP_Server_Start(object, "127.0.0.1", 1));
  REFUSED(FALSE, HP_Server_Stop(object));
  REFUSED(FALSE, HP_Server_Send(object, id, data, 1));
  REFUSED(FALSE, HP_Server_SendPart(object, id, data, 1, 1));
  REFUSED(FALSE, HP_Server_SendPackets(object, id, &piece, 1));
  REFUSED(FALSE, HP_Server_Disconnect(object, id, 1));
  REFUSED(FALSE, HP_Server_DisconnectLongConnections(object, 1, 1));
  REFUSED(FALSE, HP_Server_DisconnectSilenceConnections(object, 1, 1));
  REFUSED(FALSE, HP_Server_SetConnectionExtra(object, id, &extra));
  REFUSED(FALSE, HP_Server_GetConnectionExtra(object, id, &extra));
  REFUSED(FALSE, HP_Server_HasStarted(object));
  REFUSED(HP_SS_STOPPED, HP_Server_GetState(object));
  REFUSED(HP_SE_INVALID_PARAM, HP_Server_GetLastError(object));
  REFUSED_TEXT(HP_Server_GetLastErrorDesc(object));
  REFUSED(FALSE, HP_Server_GetPendingDataLength(object, id, &number));
  REFUSED(0, HP_Server_GetConnectionCount(object));
  REFUSED(FALSE, HP_Server_GetAllConnectionIDs(object, &id, &dword));
  REFUSED(FALSE, HP_Server_GetConnectPeriod(object, id, &dword));
  REFUSED(FALSE, HP_Server_GetSilencePeriod(object, id, &dword));
  REFUSED(FALSE, HP_Server_GetListenAddress(object, address, &number, &port));
  REFUSED(FALSE, HP_Server_GetRemoteAddress(object, id, address, &number, &port));
  REFUSED_QUIETLY(HP_Server_SetSendPolicy(object, HP_SP_PACK));
  REFUSED_QUIETLY(HP_Server_SetRecvPolicy(object, HP_RP_SERIAL));
  REFUSED_QUIETLY(HP_Server_SetFreeSocketObjLockTime(object, 1));
  REFUSED_QUIETLY(HP_Server_SetFreeSocketObjPool(object, 1));
  REFUSED_QUIETLY(HP_Server_SetFreeBufferObjPool(object, 1));
  REFUSED_QUIETLY(HP_Server_SetFreeSocketObjHold(object, 1));
  REFUSED_QUIETLY(HP_Server_SetFreeBufferObjHold(object, 1));
  REFUSED_QUIETLY(HP_Server_SetWorkerThreadCount(object, 1));
  REFUSED_QUIETLY(HP_Server_SetMaxShutdownWaitTime(object, 1));
  REFUSED_QUIETLY(HP_Server_SetMarkSilence(object, 1));
  REFUSED(HP_SP_PACK, HP_Server_GetSendPolicy(object));
  REFUSED(HP_RP_SERIAL, HP_Server_GetRecvPolicy(object));
  REFUSED(0, HP_Server_GetFreeSocketObjLockTime(object));
  REFUSED(0, HP_Server_GetFreeSocketObjPool(object));
  REFUSED(0, HP_Server_GetFreeBufferObjPool(object));
  REFUSED(0, HP_Server_GetFreeSocketObjHold(object));
  REFUSED(0, HP_Server_GetFreeBufferObjHold(object));
  REFUSED(0, HP_Server_GetWorkerThreadCount(object));
  REFUSED(0, HP_Server_GetMaxShutdownWaitTime(object));
  REFUSED(FALSE, HP_Server_IsMarkSilence(object));
  REFUSED(FALSE, HP_Server_Wait(object, 1));
  REFUSED(FALSE, HP_Server_PauseReceive(object, id, 1));
  REFUSED(FALSE, HP_Server_IsPauseReceive(object, id, &paused));
  REFUSED_TEXT(HP_Server_GetLastErrorDetail(object));
  REFUSED(FALSE, HP_Server_GetStats(object, &stats));
  REFUSED_QUIETLY(HP_Server_SetIoBackend(object, HP_IO_AUTO));
  REFUSED(HP_IO_AUTO, HP_Server_GetIoBackend(object));
  REFUSED_TEXT(HP_Server_GetIoBackendDesc(object));
  REFUSED_QUIETLY(HP_Server_SetMaxPendingLength(object, 1));
  REFUSED(0, HP_Server_GetMaxPendingLength(object));
  REFUSED_QUIETLY(HP_Server_SetMaxPendingTotal(object, 1));
  REFUSED(0, HP_Server_GetMaxPendingTotal(object));
  REFUSED_QUIETLY(HP_Server_SetGracefulTimeout(object, 1));
  REFUSED(0, HP_Server_GetGracefulTimeout(object));
  REFUSED_QUIETLY(HP_Server_SetSlowCallbackTime(object, 1));
  REFUSED(0, HP_Server_GetSlowCallbackTime(object));
  REFUSED_QUIETLY(HP_Server_SetBusyPoll(object, 1));
  REFUSED(0, HP_Server_GetBusyPoll(object));
  REFUSED_QUIETLY(HP_Server_SetNoDelay(object, 1));
  REFUSED(FALSE, HP_Server_IsNoDelay(object));
  REFUSED_QUIETLY(HP_Server_SetMaxConnectionCount(object, 1));
  REFUSED(0, HP_Server_GetMaxConnectionCount(object));
  REFUSED_QUIETLY(HP_Server_SetMaxIdleTime(object, 1));
  REFUSED(0, HP_Server_GetMaxIdleTime(object));
}

// Spec: api §5.1, decisions 8.1
static void RefuseAgent(HP_Object object) {
  REFUSED(FALSE, HP_Agent_Start(object, "127.0.0.1", 1));
  REFUSED(FALSE, HP_Agent_Stop(object));
  REFUSED(FALSE, HP_Agent_Connect(object, "127.0.0.1", 1, &id));
  REFUSED(FALSE, HP_Agent_Send(object, id, data, 1));
  REFUSED(FALSE, HP_Agent_SendPart(object, id, data, 1, 1));
  REFUSED(FALSE, HP_Agent_SendPackets(object, id, &piece, 1));
  REFUSED(FALSE, HP_Agent_Disconnect(object, id, 1));
  REFUSED(FALSE, HP_Agent_DisconnectLongConnections(object, 1, 1));
  REFUSED(FALSE, HP_Agent_DisconnectSilenceConnections(object, 1, 1));
  REFUSED(FALSE, HP_Agent_SetConnectionExtra(object, id, &extra));
  REFUSED(FALSE, HP_Agent_GetConnectionExtra(object, id, &extra));
  REFUSED(FALSE, HP_Agent_HasStarted(object));
  REFUSED(HP_SS_STOPPED, HP_Agent_GetState(object));
  REFUSED(0, HP_Agent_GetConnectionCount(object));
  REFUSED(FALSE, HP_Agent_GetAllConnectionIDs(object, &id, &dword));
  REFUSED(FALSE, HP_Agent_GetConnectPeriod(object, id, &dword));
  REFUSED(FALSE, HP_Agent_GetSilencePeriod(object, id, &dword));
  REFUSED(FALSE, HP_Agent_GetLocalAddress(object, id, address, &number, &port));
  REFUSED(FALSE, HP_Agent_GetRemoteAddress(object, id, address, &number, &port));
  REFUSED(HP_SE_INVALID_PARAM, HP_Agent_GetLastError(object));
  REFUSED_TEXT(HP_Agent_GetLastErrorDesc(object));
  REFUSED(FALSE, HP_Agent_GetPendingDataLength(object, id, &number));
  REFUSED_QUIETLY(HP_Agent_SetSendPolicy(object, HP_SP_PACK));
  REFUSED_QUIETLY(HP_Agent_SetRecvPolicy(object, HP_RP_SERIAL));
  REFUSED_QUIETLY(HP_Agent_SetFreeSocketObjLockTime(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetFreeSocketObjPool(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetFreeBufferObjPool(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetFreeSocketObjHold(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetFreeBufferObjHold(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetWorkerThreadCount(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetMaxShutdownWaitTime(object, 1));
  REFUSED_QUIETLY(HP_Agent_SetMarkSilence(object, 1));
  REFUSED(HP_SP_PACK, HP_Agent_GetSendPolicy(object));
  REFUSED(HP_RP_SERIAL, HP_Agent_GetRecvPolicy(object));
  REFUSED(0, HP_Agent_GetFreeSocketObjLockTime(object));
  REFUSED(0, HP_Agent_GetFreeSocketObjPool(object));
  REFUSED(0, HP_Agent_GetFreeBufferObjPool(object));
  REFUSED(0, HP_Agent_GetFreeSocketObjHold(object));
  REFUSED(0, HP_Agent_GetFreeBufferObjHold(object));
  REFUSED(0, HP_Agent_GetWorkerThreadCount(object));
  REFUSED(0, HP_Agent_GetMaxShutdownWaitTime(object));
  REFUSED(FALSE, HP_Agent_IsMarkSilence(object));
  REFUSED(FALSE, HP_Agent_Wait(object, 1));
  REFUSED(FALSE, HP_Agent_PauseReceive(object, id, 1));
  REFUSED(FALSE, HP_Agent_IsPauseReceive(object, id, &paused));
  REFUSED_TEXT(HP_Agent_GetLastErrorDetail(object));
  REFUSED(FALSE, HP_Agent_GetStats(object, &stats));
  REFUSED_QUIETLY(HP_Agent_SetIoBackend(object, HP_IO_AUTO));
  REFUSED(HP_IO_AUTO, HP_Agent_GetIoBackend(object));
  REFUSED_TEXT(HP_Agent_GetIoBackendDesc(object));
  REFUSED_QUIETLY(HP_Agent_SetMaxPendingLength(object, 1));
  REFUSED(0, HP_Agent_GetMaxPendingLength(object));
  REFUSED_QUIETLY(HP_Agent_SetMaxPendingTotal(object, 1));
  REFUSED(0, HP_Agent_GetMaxPendingTotal(object));
  REFUSED_QUIETLY(HP_Agent_SetGracefulTimeout(object, 1));
  REFUSED(0, HP_Agent_GetGracefulTimeout(object));
  REFUSED_QUIETLY(HP_Agent_SetSlowCallbackTime(object, 1));
  REFUSED(0, HP_Agent_GetSlowCallbackTime(object));
  REFUSED_QUIETLY(HP_Agent_SetBusyPoll(object, 1));
  REFUSED(0, HP_Agent_GetBusyPoll(object));
  REFUSED_QUIETLY(HP_Agent_SetNoDelay(object, 1));
  REFUSED(FALSE, HP_Agent_IsNoDelay(object));
  REFUSED_QUIETLY(HP_Agent_SetMaxConnectionCount(object, 1));
  REFUSED(0, HP_Agent_GetMaxConnectionCount(object));
  REFUSED_QUIETLY(HP_Agent_SetMaxIdleTime(object, 1));
  REFUSED(0, HP_Agent_GetMaxIdleTime(object));
  REFUSED_QUIETLY(HP_Agent_SetSyncConnectTimeout(object, 1));
  REFUSED(0, HP_Agent_GetSyncConnectTimeout(object));
  REFUSED(FALSE, HP_Agent_GetLocaleAddress(object, id, address, &number, &port));
}

// Spec: api §5.1, decisions 8.1
static void RefuseClient(HP_Object object) {
  REFUSED(FALSE, HP_Client_Start(object, "127.0.0.1", 1, 1));
  REFUSED(FALSE, HP_Client_Stop(object));
  REFUSED(FALSE, HP_Client_Send(object, data, 1));
  REFUSED(FALSE, HP_Client_SendPart(object, data, 1, 1));
  REFUSED(FALSE, HP_Client_SendPackets(object, &piece, 1));
  REFUSED_QUIETLY(HP_Client_SetExtra(object, &extra));
  REFUSED(NULL, HP_Client_GetExtra(object));
  REFUSED(FALSE, HP_Client_HasStarted(object));
  REFUSED(HP_SS_STOPPED, HP_Client_GetState(object));
  REFUSED(HP_SE_INVALID_PARAM, HP_Client_GetLastError(object));
  REFUSED_TEXT(HP_Client_GetLastErrorDesc(object));
  REFUSED(0, HP_Client_GetConnectionID(object));
  REFUSED(FALSE, HP_Client_GetLocalAddress(object, address, &number, &port));
  REFUSED(FALSE, HP_Client_GetPendingDataLength(object, &number));
  REFUSED_QUIETLY(HP_Client_SetFreeBufferPoolSize(object, 1));
  REFUSED_QUIETLY(HP_Client_SetFreeBufferPoolHold(object, 1));
  REFUSED(0, HP_Client_GetFreeBufferPoolSize(object));
  REFUSED(0, HP_Client_GetFreeBufferPoolHold(object));
  REFUSED(FALSE, HP_Client_Wait(object, 1));
  REFUSED(FALSE, HP_Client_PauseReceive(object, 1));
  REFUSED(FALSE, HP_Client_IsPauseReceive(object, &paused));
  REFUSED_TEXT(HP_Client_GetLastErrorDetail(object));
  REFUSED(FALSE, HP_Client_GetStats(object, &stats));
  REFUSED_QUIETLY(HP_Client_SetIoBackend(object, HP_IO_AUTO));
  REFUSED(HP_IO_AUTO, HP_Client_GetIoBackend(object));
  REFUSED_TEXT(HP_Client_GetIoBackendDesc(object));
  REFUSED_QUIETLY(HP_Client_SetMaxPendingLength(object, 1));
  REFUSED(0, HP_Client_GetMaxPendingLength(object));
  REFUSED_QUIETLY(HP_Client_SetMaxPendingTotal(object, 1));
  REFUSED(0, HP_Client_GetMaxPendingTotal(object));
  REFUSED_QUIETLY(HP_Client_SetGracefulTimeout(object, 1));
  REFUSED(0, HP_Client_GetGracefulTimeout(object));
  REFUSED_QUIETLY(HP_Client_SetSlowCallbackTime(object, 1));
  REFUSED(0, HP_Client_GetSlowCallbackTime(object));
  REFUSED_QUIETLY(HP_Client_SetBusyPoll(object, 1));
  REFUSED(0, HP_Client_GetBusyPoll(object));
  REFUSED_QUIETLY(HP_Client_SetNoDelay(object, 1));
  REFUSED(FALSE, HP_Client_IsNoDelay(object));
  REFUSED_QUIETLY(HP_Client_SetSyncConnectTimeout(object, 1));
  REFUSED(0, HP_Client_GetSyncConnectTimeout(object));
  REFUSED(FALSE, HP_Client_Connect(object, "127.0.0.1", 1, 1));
  REFUSED(FALSE, HP_Client_GetLocaleAddress(object, address, &number, &port));
}

// Spec: api §5.1, decisions 8.1
static void RefuseTcpServer(HP_Object object) {
  REFUSED(FALSE, HP_TcpServer_SendSmallFile(object, id, "127.0.0.1", &piece, &piece));
  REFUSED_QUIETLY(HP_TcpServer_SetSocketListenQueue(object, 1));
  REFUSED_QUIETLY(HP_TcpServer_SetAcceptSocketCount(object, 1));
  REFUSED_QUIETLY(HP_TcpServer_SetSocketBufferSize(object, 1));
  REFUSED_QUIETLY(HP_TcpServer_SetKeepAliveTime(object, 1));
  REFUSED_QUIETLY(HP_TcpServer_SetKeepAliveInterval(object, 1));
  REFUSED(0, HP_TcpServer_GetAcceptSocketCount(object));
  REFUSED(0, HP_TcpServer_GetSocketBufferSize(object));
  REFUSED(0, HP_TcpServer_GetSocketListenQueue(object));
  REFUSED(0, HP_TcpServer_GetKeepAliveTime(object));
  REFUSED(0, HP_TcpServer_GetKeepAliveInterval(object));
}

// Spec: api §5.1, decisions 8.1
static void RefuseTcpAgent(HP_Object object) {
  REFUSED(FALSE, HP_TcpAgent_SendSmallFile(object, id, "127.0.0.1", &piece, &piece));
  REFUSED_QUIETLY(HP_TcpAgent_SetReuseAddress(object, 1));
  REFUSED(FALSE, HP_TcpAgent_IsReuseAddress(object));
  REFUSED_QUIETLY(HP_TcpAgent_SetSocketBufferSize(object, 1));
  REFUSED_QUIETLY(HP_TcpAgent_SetKeepAliveTime(object, 1));
  REFUSED_QUIETLY(HP_TcpAgent_SetKeepAliveInterval(object, 1));
  REFUSED(0, HP_TcpAgent_GetSocketBufferSize(object));
  REFUSED(0, HP_TcpAgent_GetKeepAliveTime(object));
  REFUSED(0, HP_TcpAgent_GetKeepAliveInterval(object));
}

// Spec: api §5.1, decisions 8.1
static void RefuseTcpClient(HP_Object object) {
  REFUSED(FALSE, HP_TcpClient_SendSmallFile(object, "127.0.0.1", &piece, &piece));
  REFUSED_QUIETLY(HP_TcpClient_SetSocketBufferSize(object, 1));
  REFUSED_QUIETLY(HP_TcpClient_SetKeepAliveTime(object, 1));
  REFUSED_QUIETLY(HP_TcpClient_SetKeepAliveInterval(object, 1));
  REFUSED(0, HP_TcpClient_GetSocketBufferSize(object));
  REFUSED(0, HP_TcpClient_GetKeepAliveTime(object));
  REFUSED(0, HP_TcpClient_GetKeepAliveInterval(object));
}

// Spec: api §5.1, decisions 8.1
static void RefuseTcpPullServer(HP_Object object) {
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullServer_Fetch(object, id, data, 1));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullServer_Peek(object, id, data, 1));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullServer_PeekSpan(object, id, &span, &number));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullServer_Find(object, id, data, 1, 1, &number));
  REFUSED_QUIETLY(HP_TcpPullServer_SetMaxPullLength(object, 1));
  REFUSED(0, HP_TcpPullServer_GetMaxPullLength(object));
}

// Spec: api §5.1, decisions 8.1
static void RefuseTcpPullAgent(HP_Object object) {
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullAgent_Fetch(object, id, data, 1));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullAgent_Peek(object, id, data, 1));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullAgent_PeekSpan(object, id, &span, &number));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullAgent_Find(object, id, data, 1, 1, &number));
  REFUSED_QUIETLY(HP_TcpPullAgent_SetMaxPullLength(object, 1));
  REFUSED(0, HP_TcpPullAgent_GetMaxPullLength(object));
}

// Spec: api §5.1, decisions 8.1
static void RefuseTcpPullClient(HP_Object object) {
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullClient_Fetch(object, data, 1));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullClient_Peek(object, data, 1));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullClient_PeekSpan(object, &span, &number));
  REFUSED(HP_FR_DATA_NOT_FOUND, HP_TcpPullClient_Find(object, data, 1, 1, &number));
  REFUSED_QUIETLY(HP_TcpPullClient_SetMaxPullLength(object, 1));
  REFUSED(0, HP_TcpPullClient_GetMaxPullLength(object));
}

// Spec: api §5.1
static void RefuseServerListener(HP_Object object) {
  REFUSED_QUIETLY(HP_Set_FN_Server_OnPrepareListen(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnAccept(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnSend(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnReceive(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnPullReceive(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnClose(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnError(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Server_OnShutdown(object, NULL));
}

// Spec: api §5.1
static void RefuseAgentListener(HP_Object object) {
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnPrepareConnect(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnConnect(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnSend(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnReceive(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnPullReceive(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnClose(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnError(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Agent_OnShutdown(object, NULL));
}

// Spec: api §5.1
static void RefuseClientListener(HP_Object object) {
  REFUSED_QUIETLY(HP_Set_FN_Client_OnPrepareConnect(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Client_OnConnect(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Client_OnSend(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Client_OnReceive(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Client_OnPullReceive(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Client_OnClose(object, NULL));
  REFUSED_QUIETLY(HP_Set_FN_Client_OnError(object, NULL));
}

// Spec: api §5.1
static void RefuseCreatingAndDestroying(HP_Object object, HP_Object listener) {
  REFUSED(NULL, Create_HP_TcpServer(listener));
  REFUSED(NULL, Create_HP_TcpPullServer(listener));
  REFUSED(NULL, Create_HP_TcpAgent(listener));
  REFUSED(NULL, Create_HP_TcpPullAgent(listener));
  REFUSED(NULL, Create_HP_TcpClient(listener));
  REFUSED(NULL, Create_HP_TcpPullClient(listener));
  REFUSED_QUIETLY(Destroy_HP_TcpServer(object));
  REFUSED_QUIETLY(Destroy_HP_TcpPullServer(object));
  REFUSED_QUIETLY(Destroy_HP_TcpAgent(object));
  REFUSED_QUIETLY(Destroy_HP_TcpPullAgent(object));
  REFUSED_QUIETLY(Destroy_HP_TcpClient(object));
  REFUSED_QUIETLY(Destroy_HP_TcpPullClient(object));
  REFUSED_QUIETLY(Destroy_HP_TcpServerListener(listener));
  REFUSED_QUIETLY(Destroy_HP_TcpPullServerListener(listener));
  REFUSED_QUIETLY(Destroy_HP_TcpAgentListener(listener));
  REFUSED_QUIETLY(Destroy_HP_TcpPullAgentListener(listener));
  REFUSED_QUIETLY(Destroy_HP_TcpClientListener(listener));
  REFUSED_QUIETLY(Destroy_HP_TcpPullClientListener(listener));
}

static void RefuseServers(HP_Object object) {
  RefuseServer(object);
  RefuseTcpServer(object);
  RefuseTcpPullServer(object);
}

static void RefuseAgents(HP_Object object) {
  RefuseAgent(object);
  RefuseTcpAgent(object);
  RefuseTcpPullAgent(object);
}

static void RefuseClients(HP_Object object) {
  RefuseClient(object);
  RefuseTcpClient(object);
  RefuseTcpPullClient(object);
}

static void RefuseListeners(HP_Object object) {
  RefuseServerListener(object);
  RefuseAgentListener(object);
  RefuseClientListener(object);
}

static void RefuseAll(HP_Object object) {
  RefuseServers(object);
  RefuseAgents(object);
  RefuseClients(object);
  RefuseListeners(object);
  RefuseCreatingAndDestroying(object, object);
}

// Spec: api §5.1
static void RefuseResultsWithoutAPlace(HP_Server server, HP_Agent agent, HP_Client client) {
  REFUSED(FALSE, HP_Server_GetAllConnectionIDs(server, &id, NULL));
  REFUSED(FALSE, HP_Server_GetConnectPeriod(server, id, NULL));
  REFUSED(FALSE, HP_Server_GetSilencePeriod(server, id, NULL));
  REFUSED(FALSE, HP_Server_GetPendingDataLength(server, id, NULL));
  REFUSED(FALSE, HP_Server_GetListenAddress(server, address, NULL, &port));
  REFUSED(FALSE, HP_Server_GetListenAddress(server, address, &number, NULL));
  REFUSED(FALSE, HP_Server_IsPauseReceive(server, id, NULL));
  REFUSED(FALSE, HP_Server_GetStats(server, NULL));
  REFUSED(FALSE, HP_Agent_GetLocalAddress(agent, id, address, NULL, &port));
  REFUSED(FALSE, HP_Agent_IsPauseReceive(agent, id, NULL));
  REFUSED(FALSE, HP_Client_GetPendingDataLength(client, NULL));
  REFUSED(FALSE, HP_Client_GetLocalAddress(client, address, &number, NULL));
  REFUSED(FALSE, HP_Client_IsPauseReceive(client, NULL));
}

int main(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpAgentListener agent_listener = Create_HP_TcpAgentListener();
  HP_TcpClientListener client_listener = Create_HP_TcpClientListener();
  HP_TcpServer server = Create_HP_TcpServer(server_listener);
  HP_TcpAgent agent = Create_HP_TcpAgent(agent_listener);
  HP_TcpClient client = Create_HP_TcpClient(client_listener);
  uint64_t something[32] = {0};
  CHECK(server != NULL && agent != NULL && client != NULL);

  // What is nothing of this library.
  RefuseAll(NULL);
  RefuseAll(something);
  RefuseAll((BYTE*)something + 1);

  // What belongs to others.
  RefuseAgents(server);
  RefuseClients(server);
  RefuseListeners(server);
  RefuseTcpPullServer(server);
  RefuseServers(agent);
  RefuseClients(agent);
  RefuseTcpPullAgent(agent);
  RefuseServers(client);
  RefuseAgents(client);
  RefuseTcpPullClient(client);
  RefuseServers(server_listener);
  RefuseAgentListener(server_listener);
  RefuseClientListener(server_listener);
  RefuseServerListener(agent_listener);
  RefuseAgentListener(client_listener);
  REFUSED(NULL, Create_HP_TcpServer(agent_listener));
  REFUSED(NULL, Create_HP_TcpAgent(client_listener));
  REFUSED(NULL, Create_HP_TcpClient(server));

  RefuseResultsWithoutAPlace(server, agent, client);

  // What is destroyed.
  Destroy_HP_TcpServer(server);
  Destroy_HP_TcpAgent(agent);
  Destroy_HP_TcpClient(client);
  Destroy_HP_TcpServerListener(server_listener);
  Destroy_HP_TcpAgentListener(agent_listener);
  Destroy_HP_TcpClientListener(client_listener);
  RefuseAll(server);
  RefuseAll(agent);
  RefuseAll(client);
  RefuseAll(server_listener);
  RefuseAll(agent_listener);
  RefuseAll(client_listener);
  puts("refused");
  return 0;
}
