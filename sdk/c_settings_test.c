// Every setting of the C library: its default, and that it gives back what was set.
#include <stdint.h>

#include "HPSocket4C.h"
#include "hpsocket/core/c_api/c_test.h"

// BOOLs that are set are TRUE, whatever was given.
#define SETTING(get, set, initial, other) \
  do {                                    \
    CHECK((get) == (initial));            \
    set;                                  \
    CHECK((get) == (other));              \
  } while (0)

// Spec: api §5.3, decisions 8.1, C01
static void ServerSettings(HP_Server server) {
  SETTING(HP_Server_GetSendPolicy(server), HP_Server_SetSendPolicy(server, HP_SP_DIRECT), HP_SP_PACK,
          HP_SP_DIRECT);
  SETTING(HP_Server_GetRecvPolicy(server), HP_Server_SetRecvPolicy(server, HP_RP_PARALLEL), HP_RP_SERIAL,
          HP_RP_PARALLEL);
  SETTING(HP_Server_GetFreeSocketObjLockTime(server), HP_Server_SetFreeSocketObjLockTime(server, 11), 10000,
          11);
  SETTING(HP_Server_GetFreeSocketObjPool(server), HP_Server_SetFreeSocketObjPool(server, 12), 150, 12);
  SETTING(HP_Server_GetFreeBufferObjPool(server), HP_Server_SetFreeBufferObjPool(server, 13), 300, 13);
  SETTING(HP_Server_GetFreeSocketObjHold(server), HP_Server_SetFreeSocketObjHold(server, 14), 450, 14);
  SETTING(HP_Server_GetFreeBufferObjHold(server), HP_Server_SetFreeBufferObjHold(server, 15), 900, 15);
  SETTING(HP_Server_GetMaxShutdownWaitTime(server), HP_Server_SetMaxShutdownWaitTime(server, 16), 15000, 16);
  SETTING(HP_Server_GetMaxConnectionCount(server), HP_Server_SetMaxConnectionCount(server, 17), 0, 17);
  SETTING(HP_Server_GetMaxIdleTime(server), HP_Server_SetMaxIdleTime(server, 18), 0, 18);
  SETTING(HP_Server_GetIoBackend(server), HP_Server_SetIoBackend(server, HP_IO_EPOLL), HP_IO_AUTO,
          HP_IO_EPOLL);
  SETTING(HP_Server_GetMaxPendingLength(server), HP_Server_SetMaxPendingLength(server, 1ull << 33), 64u << 20,
          1ull << 33);
  SETTING(HP_Server_GetGracefulTimeout(server), HP_Server_SetGracefulTimeout(server, 7), 10000, 7);
  SETTING(HP_Server_GetSlowCallbackTime(server), HP_Server_SetSlowCallbackTime(server, 8), 0, 8);
  SETTING(HP_Server_GetBusyPoll(server), HP_Server_SetBusyPoll(server, 9), 0, 9);
  CHECK(HP_Server_GetWorkerThreadCount(server) >= 1);
  HP_Server_SetWorkerThreadCount(server, 19);
  CHECK(HP_Server_GetWorkerThreadCount(server) == 19);
  CHECK(HP_Server_GetMaxPendingTotal(server) > 0);
  HP_Server_SetMaxPendingTotal(server, 1ull << 34);
  CHECK(HP_Server_GetMaxPendingTotal(server) == 1ull << 34);
  SETTING(HP_Server_IsMarkSilence(server), HP_Server_SetMarkSilence(server, TRUE), FALSE, TRUE);
  SETTING(HP_Server_IsNoDelay(server), HP_Server_SetNoDelay(server, FALSE), TRUE, FALSE);
}

static void AgentSettings(HP_Agent agent) {
  SETTING(HP_Agent_GetSendPolicy(agent), HP_Agent_SetSendPolicy(agent, HP_SP_DIRECT), HP_SP_PACK,
          HP_SP_DIRECT);
  SETTING(HP_Agent_GetRecvPolicy(agent), HP_Agent_SetRecvPolicy(agent, HP_RP_PARALLEL), HP_RP_SERIAL,
          HP_RP_PARALLEL);
  SETTING(HP_Agent_GetFreeSocketObjLockTime(agent), HP_Agent_SetFreeSocketObjLockTime(agent, 11), 10000, 11);
  SETTING(HP_Agent_GetFreeSocketObjPool(agent), HP_Agent_SetFreeSocketObjPool(agent, 12), 150, 12);
  SETTING(HP_Agent_GetFreeBufferObjPool(agent), HP_Agent_SetFreeBufferObjPool(agent, 13), 300, 13);
  SETTING(HP_Agent_GetFreeSocketObjHold(agent), HP_Agent_SetFreeSocketObjHold(agent, 14), 450, 14);
  SETTING(HP_Agent_GetFreeBufferObjHold(agent), HP_Agent_SetFreeBufferObjHold(agent, 15), 900, 15);
  SETTING(HP_Agent_GetMaxShutdownWaitTime(agent), HP_Agent_SetMaxShutdownWaitTime(agent, 16), 15000, 16);
  SETTING(HP_Agent_GetMaxConnectionCount(agent), HP_Agent_SetMaxConnectionCount(agent, 17), 0, 17);
  SETTING(HP_Agent_GetMaxIdleTime(agent), HP_Agent_SetMaxIdleTime(agent, 18), 0, 18);
  SETTING(HP_Agent_GetIoBackend(agent), HP_Agent_SetIoBackend(agent, HP_IO_EPOLL), HP_IO_AUTO, HP_IO_EPOLL);
  SETTING(HP_Agent_GetMaxPendingLength(agent), HP_Agent_SetMaxPendingLength(agent, 1ull << 33), 64u << 20,
          1ull << 33);
  SETTING(HP_Agent_GetGracefulTimeout(agent), HP_Agent_SetGracefulTimeout(agent, 7), 10000, 7);
  SETTING(HP_Agent_GetSlowCallbackTime(agent), HP_Agent_SetSlowCallbackTime(agent, 8), 0, 8);
  SETTING(HP_Agent_GetBusyPoll(agent), HP_Agent_SetBusyPoll(agent, 9), 0, 9);
  CHECK(HP_Agent_GetWorkerThreadCount(agent) >= 1);
  HP_Agent_SetWorkerThreadCount(agent, 19);
  CHECK(HP_Agent_GetWorkerThreadCount(agent) == 19);
  CHECK(HP_Agent_GetMaxPendingTotal(agent) > 0);
  HP_Agent_SetMaxPendingTotal(agent, 1ull << 34);
  CHECK(HP_Agent_GetMaxPendingTotal(agent) == 1ull << 34);
  SETTING(HP_Agent_IsMarkSilence(agent), HP_Agent_SetMarkSilence(agent, TRUE), FALSE, TRUE);
  SETTING(HP_Agent_IsNoDelay(agent), HP_Agent_SetNoDelay(agent, FALSE), TRUE, FALSE);
  SETTING(HP_Agent_GetSyncConnectTimeout(agent), HP_Agent_SetSyncConnectTimeout(agent, 20), 10000, 20);
}

static void ClientSettings(HP_Client client) {
  SETTING(HP_Client_GetFreeBufferPoolSize(client), HP_Client_SetFreeBufferPoolSize(client, 21), 10, 21);
  SETTING(HP_Client_GetFreeBufferPoolHold(client), HP_Client_SetFreeBufferPoolHold(client, 22), 30, 22);
  SETTING(HP_Client_GetIoBackend(client), HP_Client_SetIoBackend(client, HP_IO_EPOLL), HP_IO_AUTO,
          HP_IO_EPOLL);
  SETTING(HP_Client_GetMaxPendingLength(client), HP_Client_SetMaxPendingLength(client, 1ull << 33), 64u << 20,
          1ull << 33);
  SETTING(HP_Client_GetGracefulTimeout(client), HP_Client_SetGracefulTimeout(client, 7), 10000, 7);
  SETTING(HP_Client_GetSlowCallbackTime(client), HP_Client_SetSlowCallbackTime(client, 8), 0, 8);
  SETTING(HP_Client_GetBusyPoll(client), HP_Client_SetBusyPoll(client, 9), 0, 9);
  SETTING(HP_Client_GetSyncConnectTimeout(client), HP_Client_SetSyncConnectTimeout(client, 23), 10000, 23);
  CHECK(HP_Client_GetMaxPendingTotal(client) > 0);
  HP_Client_SetMaxPendingTotal(client, 1ull << 34);
  CHECK(HP_Client_GetMaxPendingTotal(client) == 1ull << 34);
  SETTING(HP_Client_IsNoDelay(client), HP_Client_SetNoDelay(client, FALSE), TRUE, FALSE);
}

static void TcpServerSettings(HP_TcpServer server) {
  SETTING(HP_TcpServer_GetAcceptSocketCount(server), HP_TcpServer_SetAcceptSocketCount(server, 26), 300, 26);
  SETTING(HP_TcpServer_GetSocketListenQueue(server), HP_TcpServer_SetSocketListenQueue(server, 27), SOMAXCONN,
          27);
  SETTING(HP_TcpServer_GetSocketBufferSize(server), HP_TcpServer_SetSocketBufferSize(server, 8192), 4096,
          8192);
  SETTING(HP_TcpServer_GetKeepAliveTime(server), HP_TcpServer_SetKeepAliveTime(server, 24), 20000, 24);
  SETTING(HP_TcpServer_GetKeepAliveInterval(server), HP_TcpServer_SetKeepAliveInterval(server, 25), 5000, 25);
}

static void TcpAgentSettings(HP_TcpAgent agent) {
  SETTING(HP_TcpAgent_GetSocketBufferSize(agent), HP_TcpAgent_SetSocketBufferSize(agent, 8192), 4096, 8192);
  SETTING(HP_TcpAgent_GetKeepAliveTime(agent), HP_TcpAgent_SetKeepAliveTime(agent, 24), 20000, 24);
  SETTING(HP_TcpAgent_GetKeepAliveInterval(agent), HP_TcpAgent_SetKeepAliveInterval(agent, 25), 5000, 25);
  SETTING(HP_TcpAgent_IsReuseAddress(agent), HP_TcpAgent_SetReuseAddress(agent, TRUE), FALSE, TRUE);
}

static void TcpClientSettings(HP_TcpClient client) {
  SETTING(HP_TcpClient_GetSocketBufferSize(client), HP_TcpClient_SetSocketBufferSize(client, 8192), 4096,
          8192);
  SETTING(HP_TcpClient_GetKeepAliveTime(client), HP_TcpClient_SetKeepAliveTime(client, 24), 20000, 24);
  SETTING(HP_TcpClient_GetKeepAliveInterval(client), HP_TcpClient_SetKeepAliveInterval(client, 25), 5000, 25);
}

int main(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpAgentListener agent_listener = Create_HP_TcpAgentListener();
  HP_TcpClientListener client_listener = Create_HP_TcpClientListener();

  HP_TcpServer tcp_server = Create_HP_TcpServer(server_listener);
  HP_TcpPullServer tcp_pull_server = Create_HP_TcpPullServer(server_listener);
  HP_TcpAgent tcp_agent = Create_HP_TcpAgent(agent_listener);
  HP_TcpPullAgent tcp_pull_agent = Create_HP_TcpPullAgent(agent_listener);
  HP_TcpClient tcp_client = Create_HP_TcpClient(client_listener);
  HP_TcpPullClient tcp_pull_client = Create_HP_TcpPullClient(client_listener);

  // Each handle goes with every family that it belongs to, and one listener serves several.
  ServerSettings(tcp_server);
  TcpServerSettings(tcp_server);
  ServerSettings(tcp_pull_server);
  TcpServerSettings(tcp_pull_server);
  AgentSettings(tcp_agent);
  TcpAgentSettings(tcp_agent);
  AgentSettings(tcp_pull_agent);
  TcpAgentSettings(tcp_pull_agent);
  ClientSettings(tcp_client);
  TcpClientSettings(tcp_client);
  ClientSettings(tcp_pull_client);
  TcpClientSettings(tcp_pull_client);
  SETTING(HP_TcpPullServer_GetMaxPullLength(tcp_pull_server),
          HP_TcpPullServer_SetMaxPullLength(tcp_pull_server, 1ull << 35), 0, 1ull << 35);
  SETTING(HP_TcpPullAgent_GetMaxPullLength(tcp_pull_agent),
          HP_TcpPullAgent_SetMaxPullLength(tcp_pull_agent, 1ull << 35), 0, 1ull << 35);
  SETTING(HP_TcpPullClient_GetMaxPullLength(tcp_pull_client),
          HP_TcpPullClient_SetMaxPullLength(tcp_pull_client, 1ull << 35), 0, 1ull << 35);

  // What a start refuses, it refuses here, too.
  HP_TcpServer_SetSocketBufferSize(tcp_server, 63);
  CHECK(!HP_Server_Start(tcp_server, "127.0.0.1", 0));
  CHECK(HP_Server_GetLastError(tcp_server) == HP_SE_INVALID_PARAM);

  Destroy_HP_TcpServer(tcp_server);
  Destroy_HP_TcpPullServer(tcp_pull_server);
  Destroy_HP_TcpAgent(tcp_agent);
  Destroy_HP_TcpPullAgent(tcp_pull_agent);
  Destroy_HP_TcpClient(tcp_client);
  Destroy_HP_TcpPullClient(tcp_pull_client);
  Destroy_HP_TcpServerListener(server_listener);
  Destroy_HP_TcpAgentListener(agent_listener);
  Destroy_HP_TcpClientListener(client_listener);
  puts("set");
  return 0;
}
