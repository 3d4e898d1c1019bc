// UDP Server, UDP Client and UDP Cast through the C library: settings, and datagrams there and back. A
// program in C99 that has nothing but libhpsocket4c.so.
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>

#include "HPSocket4C.h"
#include "hpsocket/core/c_api/c_test.h"

#define TEXT "a datagram"
enum { kLength = sizeof(TEXT) - 1, kRoom = 64 };

// BOOLs that are set are TRUE, whatever was given.
#define SETTING(get, set, initial, other) \
  do {                                    \
    CHECK((get) == (initial));            \
    set;                                  \
    CHECK((get) == (other));              \
  } while (0)

static const BYTE* Bytes(const char* text) { return (const BYTE*)text; }

// A test waits for what a callback has to say; one that hears nothing runs into the test's time limit.
static sem_t said;

static void Hear(void) {
  while (sem_wait(&said) != 0) CHECK(errno == EINTR);
}

static HP_Server server;
static HP_Client client;

// Spec: api §5.1, C24
static En_HP_HandleResult OnAccept(HP_CONNID dwConnID, UINT_PTR pClient) {
  const SOCKADDR_IN* peer = (const SOCKADDR_IN*)pClient;
  CHECK(dwConnID != 0);
  CHECK(peer->sin_family == AF_INET && peer->sin_port != 0);
  CHECK(ntohl(peer->sin_addr.s_addr) == INADDR_LOOPBACK);
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerReceive(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  return HP_Server_Send(server, dwConnID, pData, iLength) ? HP_HR_OK : HP_HR_ERROR;
}

static En_HP_HandleResult OnClientReceive(HP_Client pClient, const BYTE* pData, int iLength) {
  CHECK(pClient == client);
  CHECK(iLength == kLength && memcmp(pData, TEXT, kLength) == 0);
  CHECK(sem_post(&said) == 0);
  return HP_HR_OK;
}

static En_HP_HandleResult OnClientClose(HP_Client pClient) {
  CHECK(pClient == client);
  CHECK(sem_post(&said) == 0);
  return HP_HR_OK;
}

// Spec: api §5.3, api §6.12, decisions 8.1, decisions 8.5/2, decisions 8.5/3
static void EchoesThroughServerAndClient(void) {
  HP_UdpServerListener server_listener = Create_HP_UdpServerListener();
  HP_UdpClientListener client_listener = Create_HP_UdpClientListener();
  HP_UdpServer udp_server = Create_HP_UdpServer(server_listener);
  HP_UdpClient udp_client = Create_HP_UdpClient(client_listener);
  TCHAR address[kRoom];
  int length = kRoom;
  USHORT port = 0;

  server = udp_server;
  client = udp_client;
  SETTING(HP_UdpServer_GetMaxDatagramSize(udp_server), HP_UdpServer_SetMaxDatagramSize(udp_server, 100), 1472,
          100);
  SETTING(HP_UdpServer_GetPostReceiveCount(udp_server), HP_UdpServer_SetPostReceiveCount(udp_server, 20), 300,
          20);
  SETTING(HP_UdpServer_GetDetectAttempts(udp_server), HP_UdpServer_SetDetectAttempts(udp_server, 4), 3, 4);
  SETTING(HP_UdpServer_GetDetectInterval(udp_server), HP_UdpServer_SetDetectInterval(udp_server, 30), 20, 30);
  SETTING(HP_UdpServer_IsCloseOnOversize(udp_server), HP_UdpServer_SetCloseOnOversize(udp_server, TRUE),
          FALSE, TRUE);
  SETTING(HP_UdpServer_GetSendBufferSize(udp_server), HP_UdpServer_SetSendBufferSize(udp_server, 65536), 0,
          65536);
  SETTING(HP_UdpServer_GetReceiveBufferSize(udp_server), HP_UdpServer_SetReceiveBufferSize(udp_server, 65537),
          0, 65537);
  CHECK(HP_Server_GetMaxConnectionCount(udp_server) == 1000000);
  SETTING(HP_UdpClient_GetMaxDatagramSize(udp_client), HP_UdpClient_SetMaxDatagramSize(udp_client, 100), 1472,
          100);
  SETTING(HP_UdpClient_GetDetectAttempts(udp_client), HP_UdpClient_SetDetectAttempts(udp_client, 4), 3, 4);
  SETTING(HP_UdpClient_GetDetectInterval(udp_client), HP_UdpClient_SetDetectInterval(udp_client, 30), 20, 30);
  SETTING(HP_UdpClient_IsCloseOnOversize(udp_client), HP_UdpClient_SetCloseOnOversize(udp_client, TRUE),
          FALSE, TRUE);
  SETTING(HP_UdpClient_GetSendBufferSize(udp_client), HP_UdpClient_SetSendBufferSize(udp_client, 65536), 0,
          65536);
  SETTING(HP_UdpClient_GetReceiveBufferSize(udp_client), HP_UdpClient_SetReceiveBufferSize(udp_client, 65537),
          0, 65537);

  HP_Set_FN_Server_OnAccept(server_listener, OnAccept);
  HP_Set_FN_Server_OnReceive(server_listener, OnServerReceive);
  HP_Set_FN_Client_OnReceive(client_listener, OnClientReceive);
  HP_Set_FN_Client_OnClose(client_listener, OnClientClose);
  CHECK(HP_Server_Start(udp_server, "127.0.0.1", 0));
  CHECK(HP_Server_GetListenAddress(udp_server, address, &length, &port));
  CHECK(HP_Client_Start(udp_client, address, port, FALSE));
  CHECK(HP_Client_Send(udp_client, Bytes(TEXT), kLength));
  Hear();
  CHECK(!HP_Client_Send(udp_client, Bytes(TEXT), 0) && errno == EINVAL);
  CHECK(!HP_Client_PauseReceive(udp_client, TRUE) && errno == EPERM);
  CHECK(HP_Client_Stop(udp_client));
  Hear();
  CHECK(HP_Server_Stop(udp_server));

  // A handle goes with the families that its component belongs to.
  CHECK(HP_UdpClient_GetDetectAttempts(udp_server) == 0 && errno == EINVAL);
  CHECK(HP_UdpServer_GetDetectAttempts(udp_client) == 0 && errno == EINVAL);
  CHECK(HP_UdpServer_GetDetectAttempts(NULL) == 0 && errno == EINVAL);
  Destroy_HP_UdpClient(udp_client);
  Destroy_HP_UdpServer(udp_server);
  CHECK(HP_UdpServer_GetDetectAttempts(udp_server) == 0 && errno == EINVAL);
  Destroy_HP_UdpClientListener(client_listener);
  Destroy_HP_UdpServerListener(server_listener);
}

static En_HP_HandleResult OnCastReceive(HP_Client pClient, const BYTE* pData, int iLength) {
  TCHAR address[kRoom];
  int length = kRoom;
  USHORT port = 0;
  CHECK(HP_UdpCast_GetRemoteAddress(pClient, address, &length, &port) && port != 0);
  return OnClientReceive(pClient, pData, iLength);
}

// Spec: api §5.3, api §6.13/1, api §6.13/4, api §2.10/1t, decisions 8.1, decisions 8.5/2, decisions 8.5/3
static void HearsItselfThroughCast(void) {
  HP_UdpCastListener listener = Create_HP_UdpCastListener();
  HP_UdpCast cast = Create_HP_UdpCast(listener);
  TCHAR address[kRoom];
  int length = kRoom;
  USHORT port = 0;

  client = cast;
  SETTING(HP_UdpCast_GetMaxDatagramSize(cast), HP_UdpCast_SetMaxDatagramSize(cast, 100), 1472, 100);
  SETTING(HP_UdpCast_IsReuseAddress(cast), HP_UdpCast_SetReuseAddress(cast, TRUE), FALSE, TRUE);
  SETTING(HP_UdpCast_GetCastMode(cast), HP_UdpCast_SetCastMode(cast, HP_CM_BROADCAST), HP_CM_MULTICAST,
          HP_CM_BROADCAST);
  SETTING(HP_UdpCast_GetMultiCastTtl(cast), HP_UdpCast_SetMultiCastTtl(cast, 2), 1, 2);
  SETTING(HP_UdpCast_IsMultiCastLoop(cast), HP_UdpCast_SetMultiCastLoop(cast, TRUE), FALSE, TRUE);
  SETTING(HP_UdpCast_IsCloseOnOversize(cast), HP_UdpCast_SetCloseOnOversize(cast, TRUE), FALSE, TRUE);
  SETTING(HP_UdpCast_GetSendBufferSize(cast), HP_UdpCast_SetSendBufferSize(cast, 65536), 0, 65536);
  SETTING(HP_UdpCast_GetReceiveBufferSize(cast), HP_UdpCast_SetReceiveBufferSize(cast, 65537), 0, 65537);
  CHECK(strcmp(HP_UdpCast_GetBindAdddress(cast), "0.0.0.0") == 0);
  HP_UdpCast_SetBindAdddress(cast, "127.0.0.2");
  CHECK(strcmp(HP_UdpCast_GetBindAddress(cast), "127.0.0.2") == 0);
  HP_UdpCast_SetBindAddress(cast, "127.0.0.1");
  CHECK(strcmp(HP_UdpCast_GetBindAdddress(cast), "127.0.0.1") == 0);
  CHECK(!HP_UdpCast_JoinSource(cast, "nobody") && errno == EINVAL);
  CHECK(HP_UdpCast_JoinSource(cast, NULL));
  HP_UdpCast_SetCastMode(cast, HP_CM_MULTICAST);

  HP_Set_FN_Client_OnReceive(listener, OnCastReceive);
  HP_Set_FN_Client_OnClose(listener, OnClientClose);
  CHECK(!HP_Client_Start(cast, "127.0.0.1", 5555, FALSE));
  CHECK(HP_Client_GetLastError(cast) == HP_SE_CONNECT_SERVER);
  CHECK(HP_Client_Start(cast, "233.0.0.1", 5555, TRUE));
  CHECK(HP_Client_GetState(cast) == HP_SS_STARTED);
  CHECK(HP_Client_Send(cast, Bytes(TEXT), kLength));
  Hear();
  CHECK(!HP_UdpCast_GetRemoteAddress(cast, address, &length, &port));
  CHECK(HP_Client_Stop(cast));
  Hear();
  Destroy_HP_UdpCast(cast);
  Destroy_HP_UdpCastListener(listener);
}

int main(void) {
  CHECK(sem_init(&said, 0, 0) == 0);
  EchoesThroughServerAndClient();
  HearsItselfThroughCast();
  puts("heard");
  return 0;
}
