// Every component of the C library sends and receives: a program in C99 that has nothing but
// libhpsocket4c.so.
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>

#include "HPSocket4C.h"
#include "hpsocket/core/c_api/c_test.h"

#define TEXT "from C and back"
enum { kLength = sizeof(TEXT) - 1, kRoom = 64 };

static const BYTE* Bytes(const char* text) { return (const BYTE*)text; }

// A test waits for what a callback has to say; one that hears nothing runs into the test's time limit.
static sem_t said;
static sem_t failed;  // by servers

static void Say(void) { CHECK(sem_post(&said) == 0); }

static void HearFrom(sem_t* who) {
  while (sem_wait(who) != 0) CHECK(errno == EINTR);
}

static void Hear(void) { HearFrom(&said); }

// Callbacks count on the library's threads.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int Add(int* counter, int number) {
  int sum;
  CHECK(pthread_mutex_lock(&mutex) == 0);
  sum = *counter += number;
  CHECK(pthread_mutex_unlock(&mutex) == 0);
  return sum;
}

static int Get(int* counter) { return Add(counter, 0); }

static void Set(int* counter, int number) { Add(counter, number - Get(counter)); }

// --- Servers ---

static HP_Server server;
static int prepared, accepted, sent, server_errors, server_error_code, shut_down;
static int extra_of_connections;

static En_HP_HandleResult OnPrepareListen(UINT_PTR soListen) {
  int on = 0;
  int length = sizeof(on);
  CHECK(SYS_GetSocketOption((SOCKET)soListen, SOL_SOCKET, SO_REUSEADDR, &on, &length) == 0);
  CHECK(on != 0);
  Add(&prepared, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnAccept(HP_CONNID dwConnID, UINT_PTR pClient) {
  unsigned long waiting = 1;
  CHECK(SYS_IoctlSocket((SOCKET)pClient, FIONREAD, &waiting) == 0);
  CHECK(HP_Server_SetConnectionExtra(server, dwConnID, &extra_of_connections));
  Add(&accepted, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerSend(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  CHECK(dwConnID != 0 && pData != NULL);
  Add(&sent, iLength);
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerReceive(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  PVOID pExtra = NULL;
  CHECK(HP_Server_GetConnectionExtra(server, dwConnID, &pExtra) && pExtra == &extra_of_connections);
  return HP_Server_Send(server, dwConnID, pData, iLength) ? HP_HR_OK : HP_HR_ERROR;
}

static En_HP_HandleResult OnServerPullReceive(HP_CONNID dwConnID, int iLength) {
  BYTE data[kLength], peeked[kLength];
  const BYTE* span = NULL;
  int length = 0, position = -1;
  if (iLength < kLength) return HP_HR_OK;
  CHECK(HP_TcpPullServer_Find(server, dwConnID, Bytes("and"), 3, 0, &position) == HP_FR_OK);
  CHECK(position == (int)(strstr(TEXT, "and") - TEXT));
  CHECK(HP_TcpPullServer_PeekSpan(server, dwConnID, &span, &length) == HP_FR_OK);
  CHECK(length >= 1 && span[0] == TEXT[0]);
  CHECK(HP_TcpPullServer_Peek(server, dwConnID, peeked, kLength) == HP_FR_OK);
  CHECK(HP_TcpPullServer_Fetch(server, dwConnID, data, kLength) == HP_FR_OK);
  CHECK(memcmp(data, peeked, kLength) == 0);
  CHECK(HP_TcpPullServer_Fetch(server, dwConnID, data, iLength) == HP_FR_LENGTH_TOO_LONG);
  CHECK(HP_TcpPullServer_Fetch(server, dwConnID + 1000, data, 1) == HP_FR_DATA_NOT_FOUND);
  return HP_Server_Send(server, dwConnID, data, kLength) ? HP_HR_OK : HP_HR_ERROR;
}

static En_HP_HandleResult OnServerClose(HP_CONNID dwConnID) {
  PVOID pExtra = NULL;
  CHECK(HP_Server_GetConnectionExtra(server, dwConnID, &pExtra) && pExtra == &extra_of_connections);
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerError(HP_CONNID dwConnID, En_HP_SocketOperation enOperation,
                                        int iErrorCode) {
  CHECK(dwConnID != 0 && enOperation == HP_SO_RECEIVE);
  Set(&server_error_code, iErrorCode);
  Add(&server_errors, 1);
  CHECK(sem_post(&failed) == 0);
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerShutdown(void) {
  CHECK(HP_Server_GetState(server) == HP_SS_STOPPING);
  CHECK(HP_Server_GetConnectionCount(server) == 0);
  Add(&shut_down, 1);
  return HP_HR_OK;
}

static void SetServerFunctions(HP_ServerListener listener) {
  HP_Set_FN_Server_OnPrepareListen(listener, OnPrepareListen);
  HP_Set_FN_Server_OnAccept(listener, OnAccept);
  HP_Set_FN_Server_OnSend(listener, OnServerSend);
  HP_Set_FN_Server_OnReceive(listener, OnServerReceive);
  HP_Set_FN_Server_OnPullReceive(listener, OnServerPullReceive);
  HP_Set_FN_Server_OnClose(listener, OnServerClose);
  HP_Set_FN_Server_OnError(listener, OnServerError);
  HP_Set_FN_Server_OnShutdown(listener, OnServerShutdown);
}

static USHORT StartServer(HP_Server started) {
  TCHAR address[kRoom];
  int length = 2;
  USHORT port = 0;
  server = started;
  prepared = accepted = sent = server_errors = shut_down = 0;
  CHECK(!HP_Server_HasStarted(server));
  CHECK(HP_Server_Start(server, "127.0.0.1", 0));
  CHECK(HP_Server_HasStarted(server) && HP_Server_GetState(server) == HP_SS_STARTED);
  CHECK(!HP_Server_Start(server, "127.0.0.1", 0));
  CHECK(HP_Server_GetLastError(server) == HP_SE_ILLEGAL_STATE);
  CHECK(strcmp(HP_Server_GetLastErrorDesc(server), "Illegal State") == 0);
  CHECK(HP_Server_GetLastErrorDetail(server) != NULL);
  CHECK(!HP_Server_GetListenAddress(server, address, &length, &port) && length == 10);
  length = kRoom;
  CHECK(HP_Server_GetListenAddress(server, address, &length, &port));
  CHECK(strcmp(address, "127.0.0.1") == 0 && port != 0);
  return port;
}

static void StopServer(void) {
  CHECK(HP_Server_Stop(server));
  CHECK(HP_Server_Wait(server, 0));
  CHECK(!HP_Server_Stop(server));
  CHECK(prepared == 1 && shut_down == 1 && server_errors == 0);
}

// --- Clients ---

static HP_Client client;
static int client_prepared, client_connected, client_closed, client_errors, client_error_code;
static int client_received, client_sent;
static char answer[1 << 16];

static En_HP_HandleResult OnClientPrepareConnect(HP_Client pClient, UINT_PTR socket) {
  CHECK(pClient == client && (int)socket >= 0);
  CHECK(HP_Client_GetConnectionID(pClient) != 0);
  Add(&client_prepared, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnClientConnect(HP_Client pClient) {
  CHECK(pClient == client);
  Add(&client_connected, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnClientSend(HP_Client pClient, const BYTE* pData, int iLength) {
  CHECK(pClient == client && pData != NULL);
  Add(&client_sent, iLength);
  return HP_HR_OK;
}

static int client_expected;

static En_HP_HandleResult OnClientReceive(HP_Client pClient, const BYTE* pData, int iLength) {
  CHECK(pClient == client);
  CHECK(Get(&client_received) + iLength <= (int)sizeof(answer));
  memcpy(answer + Get(&client_received), pData, (size_t)iLength);
  if (Add(&client_received, iLength) == Get(&client_expected)) Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnClientPullReceive(HP_Client pClient, int iLength) {
  const BYTE* span = NULL;
  int length = 0, position = -1;
  CHECK(pClient == client);
  if (iLength < Get(&client_expected)) return HP_HR_OK;
  CHECK(HP_TcpPullClient_Find(pClient, Bytes("nowhere"), 7, 0, &position) == HP_FR_LENGTH_TOO_LONG);
  CHECK(HP_TcpPullClient_PeekSpan(pClient, &span, &length) == HP_FR_OK && length >= 1);
  CHECK(HP_TcpPullClient_Peek(pClient, (BYTE*)answer, 1) == HP_FR_OK && answer[0] == TEXT[0]);
  CHECK(HP_TcpPullClient_Fetch(pClient, (BYTE*)answer, iLength + 1) == HP_FR_LENGTH_TOO_LONG);
  CHECK(HP_TcpPullClient_Fetch(pClient, (BYTE*)answer, iLength) == HP_FR_OK);
  Set(&client_received, iLength);
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnClientClose(HP_Client pClient) {
  CHECK(pClient == client);
  Add(&client_closed, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnClientError(HP_Client pClient, En_HP_SocketOperation enOperation,
                                        int iErrorCode) {
  CHECK(pClient == client && enOperation == HP_SO_CONNECT);
  Add(&client_errors, 1);
  Set(&client_error_code, iErrorCode);
  Say();
  return HP_HR_OK;
}

static void SetClientFunctions(HP_ClientListener listener) {
  HP_Set_FN_Client_OnPrepareConnect(listener, OnClientPrepareConnect);
  HP_Set_FN_Client_OnConnect(listener, OnClientConnect);
  HP_Set_FN_Client_OnSend(listener, OnClientSend);
  HP_Set_FN_Client_OnReceive(listener, OnClientReceive);
  HP_Set_FN_Client_OnPullReceive(listener, OnClientPullReceive);
  HP_Set_FN_Client_OnClose(listener, OnClientClose);
  HP_Set_FN_Client_OnError(listener, OnClientError);
}

static void ExpectMoreOfClient(int bytes) {
  Set(&client_received, 0);
  Set(&client_expected, bytes);
}

// Before it starts.
static void ExpectOfClient(HP_Client expecting, int bytes) {
  client = expecting;
  client_prepared = client_connected = client_closed = client_errors = client_sent = 0;
  ExpectMoreOfClient(bytes);
}

// --- Tests ---

static En_HP_HandleResult OnServerReceiveRefuses(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  (void)dwConnID;
  (void)pData;
  (void)iLength;
  return HP_HR_ERROR;
}

// Spec: §3.3, C24
static void HearsOfErrors(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpClientListener client_listener = Create_HP_TcpClientListener();
  HP_TcpServer tcp_server = Create_HP_TcpServer(server_listener);
  HP_TcpClient tcp_client = Create_HP_TcpClient(client_listener);
  USHORT port;

  SetServerFunctions(server_listener);
  HP_Set_FN_Server_OnReceive(server_listener, OnServerReceiveRefuses);
  port = StartServer(tcp_server);
  CHECK(HP_Client_Start(tcp_client, "127.0.0.1", port, FALSE));
  CHECK(HP_Client_Send(tcp_client, Bytes("x"), 1));
  HearFrom(&failed);
  CHECK(Get(&server_error_code) == ECANCELED && Get(&server_errors) == 1);
  Set(&server_errors, 0);
  StopServer();
  Destroy_HP_TcpClient(tcp_client);
  Destroy_HP_TcpClientListener(client_listener);
  Destroy_HP_TcpServer(tcp_server);
  Destroy_HP_TcpServerListener(server_listener);
}

// A file of `length` bytes, named for the test's folder.
static const char* SmallFile(const char* text) {
  static char name[4096];
  const char* folder = getenv("TEST_TMPDIR");
  FILE* file;
  snprintf(name, sizeof(name), "%s/small_file", folder != NULL ? folder : "/tmp");
  file = fopen(name, "wb");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
  return name;
}

// Spec: §3.3, C24
static void EchoesThroughServerAndClient(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpClientListener client_listener = Create_HP_TcpClientListener();
  HP_TcpServer tcp_server = Create_HP_TcpServer(server_listener);
  HP_TcpClient tcp_client = Create_HP_TcpClient(client_listener);
  TCHAR address[kRoom];
  BYTE head[] = "<", tail[] = ">";
  WSABUF pieces[2] = {{1, head}, {1, tail}};
  HP_CONNID ids[4];
  DWORD count = 4, period = 1;
  int length = kRoom, pending = -1, extra = 0;
  USHORT port, local_port = 0, remote_port = 0;
  BOOL paused = TRUE;
  HP_Stats stats;

  SetServerFunctions(server_listener);
  SetClientFunctions(client_listener);
  port = StartServer(tcp_server);
  HP_Server_SetMarkSilence(server, TRUE);
  // 5 (Send) + 4 (SendPart) + 2 (SendPackets) + 1 + 4 + 1 (SendSmallFile)
  ExpectOfClient(tcp_client, 17);
  HP_Client_SetExtra(client, &extra);
  CHECK(HP_Client_GetExtra(client) == &extra);
  CHECK(!HP_Client_HasStarted(client) && HP_Client_GetState(client) == HP_SS_STOPPED);
  CHECK(!HP_Client_Send(client, Bytes("early"), 5) && SYS_GetLastError() == ERROR_INVALID_STATE);
  CHECK(HP_Client_GetLastError(client) == HP_SE_ILLEGAL_STATE);
  CHECK(strcmp(HP_Client_GetLastErrorDesc(client), "Illegal State") == 0);
  CHECK(HP_Client_GetLastErrorDetail(client) != NULL);

  CHECK(HP_Client_Start(client, "127.0.0.1", port, FALSE));
  CHECK(Get(&client_prepared) == 1 && Get(&client_connected) == 1 &&
        HP_Client_GetState(client) == HP_SS_STARTED);
  CHECK(HP_Client_GetLocalAddress(client, address, &length, &local_port) && local_port != 0);
  length = kRoom;
  CHECK(HP_Client_GetLocaleAddress(client, address, &length, &local_port));
  CHECK(HP_Client_IsPauseReceive(client, &paused) && paused == FALSE);
  CHECK(HP_Client_PauseReceive(client, TRUE));
  CHECK(HP_Client_IsPauseReceive(client, &paused) && paused == TRUE);
  CHECK(HP_Client_PauseReceive(client, FALSE));

  CHECK(HP_Client_Send(client, Bytes("hello"), 5));
  CHECK(HP_Client_SendPart(client, Bytes("xx part"), 4, 3));
  CHECK(HP_Client_SendPackets(client, pieces, 2));
  CHECK(HP_TcpClient_SendSmallFile(client, SmallFile("file"), &pieces[0], &pieces[1]));
  Hear();
  CHECK(memcmp(answer, "hellopart<><file>", 17) == 0);
  CHECK(HP_Client_GetPendingDataLength(client, &pending) && pending >= 0);
  memset(&stats, 0, sizeof(stats));
  CHECK(!HP_Client_GetStats(client, &stats) && errno == EINVAL);
  stats.size = sizeof(stats);
  CHECK(HP_Client_GetStats(client, &stats) && stats.bytes_received == 17);

  CHECK(HP_Server_GetConnectionCount(server) == 1);
  CHECK(HP_Server_GetAllConnectionIDs(server, ids, &count) && count == 1);
  CHECK(HP_Server_GetConnectPeriod(server, ids[0], &period));
  CHECK(HP_Server_GetSilencePeriod(server, ids[0], &period));
  length = kRoom;
  CHECK(HP_Server_GetRemoteAddress(server, ids[0], address, &length, &remote_port));
  CHECK(remote_port == local_port);
  CHECK(HP_Server_GetPendingDataLength(server, ids[0], &pending));
  CHECK(HP_Server_PauseReceive(server, ids[0], TRUE));
  CHECK(HP_Server_IsPauseReceive(server, ids[0], &paused) && paused == TRUE);
  CHECK(HP_Server_PauseReceive(server, ids[0], FALSE));
  CHECK(HP_Server_IsPauseReceive(server, ids[0], &paused) && paused == FALSE);
  CHECK(!HP_Server_IsPauseReceive(server, ids[0] + 1000, &paused));
  stats.size = sizeof(stats);
  CHECK(HP_Server_GetStats(server, &stats) && stats.connections == 1 && stats.bytes_received == 17);
  CHECK(strlen(HP_Server_GetIoBackendDesc(server)) > 0 && strlen(HP_Client_GetIoBackendDesc(client)) > 0);

  // The same from the server's side: 2 + 2 + 2 + 4 bytes.
  ExpectMoreOfClient(10);
  CHECK(HP_Server_Send(server, ids[0], Bytes("ab"), 2));
  CHECK(HP_Server_SendPart(server, ids[0], Bytes("abcd"), 2, 2));
  CHECK(HP_Server_SendPackets(server, ids[0], pieces, 2));
  CHECK(HP_TcpServer_SendSmallFile(server, ids[0], SmallFile("file"), NULL, NULL));
  Hear();
  CHECK(memcmp(answer, "abcd<>file", 10) == 0);

  CHECK(!HP_Server_DisconnectLongConnections(server, 0x7FFFFFFF, TRUE) && errno == EBADSLT);
  CHECK(!HP_Server_DisconnectSilenceConnections(server, 0x7FFFFFFF, TRUE) && errno == EBADSLT);
  CHECK(!HP_Server_Disconnect(server, ids[0] + 1000, TRUE) && SYS_GetLastError() == ERROR_OBJECT_NOT_FOUND);
  CHECK(HP_Server_Disconnect(server, ids[0], FALSE));
  CHECK(HP_Client_Wait(client, -1));  // it stops by itself
  CHECK(client_closed == 1 && client_sent == 17 && HP_Client_GetState(client) == HP_SS_STOPED);

  // The document's second name of Start.
  ExpectOfClient(tcp_client, 1);
  CHECK(HP_Client_Connect(client, "127.0.0.1", port, FALSE));
  CHECK(HP_Client_Send(client, Bytes("x"), 1));
  Hear();
  CHECK(HP_Client_Stop(client) && client_closed == 1);
  CHECK(!HP_Client_Stop(client));
  StopServer();
  CHECK(accepted == 2 && sent >= 17 + 10);  // of the last byte the server need not hear any more

  // Nobody listens there any more.
  ExpectOfClient(tcp_client, 1);
  CHECK(HP_Client_Start(client, "127.0.0.1", port, TRUE));
  Hear();
  CHECK(HP_Client_Wait(client, -1) && client_errors == 1 && client_error_code == ERROR_CONNREFUSED);
  Destroy_HP_TcpClient(tcp_client);
  Destroy_HP_TcpClientListener(client_listener);
  Destroy_HP_TcpServer(tcp_server);
  Destroy_HP_TcpServerListener(server_listener);
}

// Spec: §3.3, C24
static void EchoesThroughPullServerAndPullClient(void) {
  HP_TcpPullServerListener server_listener = Create_HP_TcpPullServerListener();
  HP_TcpPullClientListener client_listener = Create_HP_TcpPullClientListener();
  HP_TcpPullServer pull_server = Create_HP_TcpPullServer(server_listener);
  HP_TcpPullClient pull_client = Create_HP_TcpPullClient(client_listener);
  USHORT port;

  SetServerFunctions(server_listener);
  SetClientFunctions(client_listener);
  port = StartServer(pull_server);
  ExpectOfClient(pull_client, kLength);
  CHECK(HP_Client_Start(client, "127.0.0.1", port, FALSE));
  CHECK(HP_Client_Send(client, Bytes(TEXT), kLength));
  Hear();
  CHECK(Get(&client_received) == kLength && memcmp(answer, TEXT, kLength) == 0);
  // A pull component's handle goes with its PUSH families, too.
  CHECK(HP_TcpServer_SendSmallFile(pull_server, 1000000, SmallFile("x"), NULL, NULL) == FALSE);
  CHECK(errno == EBADSLT);
  CHECK(HP_TcpClient_GetSocketBufferSize(pull_client) == 4096);
  Destroy_HP_TcpPullClient(pull_client);  // stops first
  CHECK(client_closed == 1);
  Destroy_HP_TcpPullServer(pull_server);
  CHECK(shut_down == 1);
  Destroy_HP_TcpPullClientListener(client_listener);
  Destroy_HP_TcpPullServerListener(server_listener);
}

// --- Agents ---

static HP_Agent agent;
static int agent_prepared, agent_connected, agent_sent, agent_received, agent_closed, agent_errors;
static int agent_shut_down;

static En_HP_HandleResult OnAgentPrepareConnect(HP_CONNID dwConnID, UINT_PTR socket) {
  CHECK(dwConnID != 0 && (int)socket >= 0);
  Add(&agent_prepared, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentConnect(HP_CONNID dwConnID) {
  CHECK(HP_Agent_SetConnectionExtra(agent, dwConnID, &agent_connected));
  Add(&agent_connected, 1);
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentSend(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  CHECK(dwConnID != 0 && pData != NULL);
  Add(&agent_sent, iLength);
  return HP_HR_OK;
}

static int agent_expected;

static En_HP_HandleResult OnAgentReceive(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  PVOID pExtra = NULL;
  CHECK(HP_Agent_GetConnectionExtra(agent, dwConnID, &pExtra) && pExtra == &agent_connected);
  CHECK(Get(&agent_received) + iLength <= (int)sizeof(answer));
  memcpy(answer + Get(&agent_received), pData, (size_t)iLength);
  if (Add(&agent_received, iLength) == agent_expected) Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentPullReceive(HP_CONNID dwConnID, int iLength) {
  const BYTE* span = NULL;
  int length = 0, position = -1;
  if (iLength < agent_expected) return HP_HR_OK;
  CHECK(HP_TcpPullAgent_Find(agent, dwConnID, Bytes("and"), 3, 0, &position) == HP_FR_OK && position == 7);
  CHECK(HP_TcpPullAgent_PeekSpan(agent, dwConnID, &span, &length) == HP_FR_OK && length >= 1);
  CHECK(HP_TcpPullAgent_Peek(agent, dwConnID, (BYTE*)answer, 1) == HP_FR_OK && answer[0] == TEXT[0]);
  CHECK(HP_TcpPullAgent_Fetch(agent, dwConnID, (BYTE*)answer, iLength) == HP_FR_OK);
  Set(&agent_received, iLength);
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentClose(HP_CONNID dwConnID) {
  CHECK(dwConnID != 0);
  Add(&agent_closed, 1);
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentError(HP_CONNID dwConnID, En_HP_SocketOperation enOperation,
                                       int iErrorCode) {
  CHECK(dwConnID != 0 && enOperation == HP_SO_CONNECT && iErrorCode == ECONNREFUSED);
  Add(&agent_errors, 1);
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentShutdown(void) {
  Add(&agent_shut_down, 1);
  return HP_HR_OK;
}

static void SetAgentFunctions(HP_AgentListener listener) {
  HP_Set_FN_Agent_OnPrepareConnect(listener, OnAgentPrepareConnect);
  HP_Set_FN_Agent_OnConnect(listener, OnAgentConnect);
  HP_Set_FN_Agent_OnSend(listener, OnAgentSend);
  HP_Set_FN_Agent_OnReceive(listener, OnAgentReceive);
  HP_Set_FN_Agent_OnPullReceive(listener, OnAgentPullReceive);
  HP_Set_FN_Agent_OnClose(listener, OnAgentClose);
  HP_Set_FN_Agent_OnError(listener, OnAgentError);
  HP_Set_FN_Agent_OnShutdown(listener, OnAgentShutdown);
}

// Before it starts.
static void ExpectOfAgent(HP_Agent expecting, int bytes) {
  agent = expecting;
  agent_prepared = agent_connected = agent_sent = agent_received = agent_closed = agent_errors = 0;
  agent_shut_down = 0;
  agent_expected = bytes;
}

// Spec: §3.3, C24
static void EchoesThroughAgent(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpAgentListener agent_listener = Create_HP_TcpAgentListener();
  HP_TcpServer tcp_server = Create_HP_TcpServer(server_listener);
  HP_TcpAgent tcp_agent = Create_HP_TcpAgent(agent_listener);
  TCHAR address[kRoom];
  BYTE head[] = "<", tail[] = ">";
  WSABUF pieces[2] = {{1, head}, {1, tail}};
  HP_CONNID id = 0, second = 0, ids[4];
  DWORD count = 4, period = 1;
  int length = kRoom, pending = -1;
  USHORT port, other_port = 0;
  BOOL paused = TRUE;
  HP_Stats stats;

  SetServerFunctions(server_listener);
  SetAgentFunctions(agent_listener);
  port = StartServer(tcp_server);
  ExpectOfAgent(tcp_agent, 17);
  HP_Agent_SetMarkSilence(agent, TRUE);
  CHECK(!HP_Agent_Connect(agent, "127.0.0.1", port, &id) && SYS_GetLastError() == ERROR_INVALID_STATE);
  CHECK(HP_Agent_Start(agent, NULL, FALSE));
  CHECK(HP_Agent_HasStarted(agent) && HP_Agent_GetState(agent) == HP_SS_STARTED);
  CHECK(!HP_Agent_Start(agent, NULL, FALSE) && HP_Agent_GetLastError(agent) == HP_SE_ILLEGAL_STATE);
  CHECK(strcmp(HP_Agent_GetLastErrorDesc(agent), "Illegal State") == 0);
  CHECK(HP_Agent_GetLastErrorDetail(agent) != NULL && strlen(HP_Agent_GetIoBackendDesc(agent)) > 0);
  CHECK(HP_Agent_Connect(agent, "127.0.0.1", port, &id) && id != 0);
  CHECK(Get(&agent_prepared) == 1 && Get(&agent_connected) == 1);
  CHECK(HP_Agent_Send(agent, id, Bytes("hello"), 5));
  CHECK(HP_Agent_SendPart(agent, id, Bytes("xx part"), 4, 3));
  CHECK(HP_Agent_SendPackets(agent, id, pieces, 2));
  CHECK(HP_TcpAgent_SendSmallFile(agent, id, SmallFile("file"), &pieces[0], &pieces[1]));
  Hear();
  CHECK(memcmp(answer, "hellopart<><file>", 17) == 0);

  CHECK(HP_Agent_GetConnectionCount(agent) == 1);
  CHECK(HP_Agent_GetAllConnectionIDs(agent, ids, &count) && count == 1 && ids[0] == id);
  CHECK(HP_Agent_GetConnectPeriod(agent, id, &period) && HP_Agent_GetSilencePeriod(agent, id, &period));
  CHECK(HP_Agent_GetRemoteAddress(agent, id, address, &length, &other_port) && other_port == port);
  length = kRoom;
  CHECK(HP_Agent_GetLocalAddress(agent, id, address, &length, &other_port) && other_port != port);
  length = kRoom;
  CHECK(HP_Agent_GetLocaleAddress(agent, id, address, &length, &other_port));
  CHECK(HP_Agent_GetPendingDataLength(agent, id, &pending));
  CHECK(HP_Agent_PauseReceive(agent, id, TRUE) && HP_Agent_PauseReceive(agent, id, FALSE));
  CHECK(HP_Agent_IsPauseReceive(agent, id, &paused) && paused == FALSE);
  stats.size = sizeof(stats);
  CHECK(HP_Agent_GetStats(agent, &stats) && stats.connections == 1 && stats.total_connections == 1);

  CHECK(!HP_Agent_DisconnectSilenceConnections(agent, 0x7FFFFFFF, TRUE) && errno == EBADSLT);
  CHECK(HP_Agent_Connect(agent, "127.0.0.1", port, &second) && second > id);
  CHECK(HP_Agent_Disconnect(agent, id, TRUE));
  Hear();
  CHECK(HP_Agent_DisconnectLongConnections(agent, 0, TRUE));
  Hear();
  CHECK(Get(&agent_closed) == 2);
  CHECK(HP_Agent_Stop(agent) && HP_Agent_Wait(agent, 0) && agent_shut_down == 1 && agent_sent == 17);
  StopServer();

  // Asynchronously, where nobody listens any more.
  ExpectOfAgent(tcp_agent, 1);
  CHECK(HP_Agent_Start(agent, "127.0.0.1", TRUE));
  CHECK(HP_Agent_Connect(agent, "127.0.0.1", port, NULL));
  Hear();
  CHECK(Get(&agent_errors) == 1 && Get(&agent_connected) == 0);
  Destroy_HP_TcpAgent(tcp_agent);
  CHECK(agent_shut_down == 1);
  Destroy_HP_TcpAgentListener(agent_listener);
  Destroy_HP_TcpServer(tcp_server);
  Destroy_HP_TcpServerListener(server_listener);
}

// Spec: §3.3, C24
static void EchoesThroughPullAgent(void) {
  HP_TcpPullServerListener server_listener = Create_HP_TcpPullServerListener();
  HP_TcpPullAgentListener agent_listener = Create_HP_TcpPullAgentListener();
  HP_TcpPullServer pull_server = Create_HP_TcpPullServer(server_listener);
  HP_TcpPullAgent pull_agent = Create_HP_TcpPullAgent(agent_listener);
  HP_CONNID id = 0;
  USHORT port;

  SetServerFunctions(server_listener);
  SetAgentFunctions(agent_listener);
  port = StartServer(pull_server);
  ExpectOfAgent(pull_agent, kLength);
  CHECK(HP_Agent_Start(agent, NULL, FALSE));
  CHECK(HP_Agent_Connect(agent, "127.0.0.1", port, &id));
  CHECK(HP_Agent_Send(agent, id, Bytes(TEXT), kLength));
  Hear();
  CHECK(Get(&agent_received) == kLength && memcmp(answer, TEXT, kLength) == 0);
  CHECK(HP_Agent_Stop(agent));
  StopServer();
  Destroy_HP_TcpPullAgent(pull_agent);
  Destroy_HP_TcpPullAgentListener(agent_listener);
  Destroy_HP_TcpPullServer(pull_server);
  Destroy_HP_TcpPullServerListener(server_listener);
}

// Spec: api §5.1, C24
static void IgnoresWhatIsNotSet(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpAgentListener agent_listener = Create_HP_TcpAgentListener();
  HP_TcpClientListener client_listener = Create_HP_TcpClientListener();
  HP_TcpServer tcp_server = Create_HP_TcpServer(server_listener);
  HP_TcpAgent tcp_agent = Create_HP_TcpAgent(agent_listener);
  HP_TcpClient tcp_client = Create_HP_TcpClient(client_listener);
  USHORT port = 0;
  TCHAR address[kRoom];
  int length = kRoom;

  CHECK(HP_Server_Start(tcp_server, "127.0.0.1", 0));
  CHECK(HP_Server_GetListenAddress(tcp_server, address, &length, &port));
  CHECK(HP_Agent_Start(tcp_agent, NULL, FALSE) && HP_Agent_Connect(tcp_agent, address, port, NULL));
  CHECK(HP_Client_Start(tcp_client, address, port, FALSE));
  CHECK(HP_Client_Send(tcp_client, Bytes("into the void"), 13));
  // One of them hears that it has ended, all of it without a function that is set.
  CHECK(HP_Server_Stop(tcp_server));
  CHECK(HP_Client_Wait(tcp_client, -1));
  CHECK(HP_Agent_Stop(tcp_agent));
  Destroy_HP_TcpClient(tcp_client);
  Destroy_HP_TcpAgent(tcp_agent);
  Destroy_HP_TcpServer(tcp_server);
  Destroy_HP_TcpClientListener(client_listener);
  Destroy_HP_TcpAgentListener(agent_listener);
  Destroy_HP_TcpServerListener(server_listener);
}

// --- Helpers ---

static void TakeLog(int level, const char* message, void* user) {
  CHECK(level >= 0 && message != NULL);
  ++*(int*)user;
}

// Spec: §3.3, api §7, decisions 8.6
static void Helps(void) {
  static int messages;
  HP_TcpServerListener listener = Create_HP_TcpServerListener();
  HP_TcpServer one = Create_HP_TcpServer(listener);
  SOCKET closed = INVALID_SOCKET;
  int value = 1;

  CHECK(HP_GetHPSocketVersion() >= 0x01000000u);
  CHECK(HP_GetHPSocketVersionDesc()[0] == '0' + (char)(HP_GetHPSocketVersion() >> 24));
  CHECK(strcmp(HP_GetSocketErrorDesc(HP_SE_SOCKE_ATTACH_TO_CP), "Attach SOCKET to IOCP Fail") == 0);
  CHECK(SYS_SetSocketOption(closed, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value)) == SOCKET_ERROR);
  CHECK(SYS_WSAGetLastError() == EBADF && SYS_GetLastError() == EBADF);
  CHECK(SYS_WSAIoctl(closed, 1, NULL, 0, NULL, 0, NULL) == SOCKET_ERROR && errno == EOPNOTSUPP);

  // A start says in the log which port it has taken.
  HP_SetLogHandler(TakeLog, &messages);
  CHECK(HP_Server_Start(one, "127.0.0.1", 0));
  HP_SetLogHandler(NULL, NULL);
  CHECK(messages > 0);
  Destroy_HP_TcpServer(one);
  Destroy_HP_TcpServerListener(listener);
}

int main(void) {
  CHECK(sem_init(&said, 0, 0) == 0 && sem_init(&failed, 0, 0) == 0);
  Helps();
  EchoesThroughServerAndClient();
  EchoesThroughPullServerAndPullClient();
  EchoesThroughAgent();
  EchoesThroughPullAgent();
  IgnoresWhatIsNotSet();
  HearsOfErrors();
  puts("echoed");
  return 0;
}
