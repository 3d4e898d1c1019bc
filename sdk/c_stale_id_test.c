// Every function of the C library that takes a connection's ID refuses one that has lived and ended: while
// its place is another connection's, when nothing is started, and after another start.
#include <semaphore.h>

#include "HPSocket4C.h"
#include "hpsocket/core/c_api/c_test.h"

// More than the places that a component begins with.
enum { kLives = 70 };

#define REFUSED(call)        \
  do {                       \
    errno = 0;               \
    CHECK(!(call));          \
    CHECK(errno == EBADSLT); \
  } while (0)

// A test waits for what callbacks have to say; one that hears nothing runs into the test's time limit.
static sem_t said;

static void Say(void) { CHECK(sem_post(&said) == 0); }

static void Hear(int times) {
  while (times > 0) {
    if (sem_wait(&said) == 0) {
      --times;
    } else {
      CHECK(errno == EINTR);
    }
  }
}

static const char* file_name;
static BYTE data[8];
static WSABUF pieces[1] = {{1, data}};
static TCHAR address[64];
static PVOID extra;
static DWORD period;
static const BYTE* span;
static int length, number;
static USHORT port;
static BOOL paused;

static HP_Server server;
static HP_Agent agent;
static HP_CONNID server_id;  // between threads that only a connection orders

static HP_CONNID ServerId(void) { return __atomic_load_n(&server_id, __ATOMIC_ACQUIRE); }

static En_HP_HandleResult OnAccept(HP_CONNID dwConnID, UINT_PTR pClient) {
  (void)pClient;
  __atomic_store_n(&server_id, dwConnID, __ATOMIC_RELEASE);
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerPullReceive(HP_CONNID dwConnID, int iLength) {
  BYTE byte = 0;
  CHECK(dwConnID == ServerId() && iLength == 1);
  CHECK(HP_TcpPullServer_Fetch(server, dwConnID, &byte, 1) == HP_FR_OK);
  CHECK(HP_Server_Send(server, dwConnID, &byte, 1));
  return HP_HR_OK;
}

static En_HP_HandleResult OnServerClose(HP_CONNID dwConnID) {
  CHECK(dwConnID == ServerId());
  REFUSED(HP_Server_Send(server, dwConnID, data, 1));
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentPullReceive(HP_CONNID dwConnID, int iLength) {
  BYTE byte = 0;
  CHECK(iLength == 1 && HP_TcpPullAgent_Fetch(agent, dwConnID, &byte, 1) == HP_FR_OK && byte == '!');
  Say();
  return HP_HR_OK;
}

static En_HP_HandleResult OnAgentClose(HP_CONNID dwConnID) {
  REFUSED(HP_Agent_Send(agent, dwConnID, data, 1));
  Say();
  return HP_HR_OK;
}

static void ServerRefuses(HP_CONNID id) {
  REFUSED(HP_Server_Send(server, id, data, 1));
  REFUSED(HP_Server_SendPart(server, id, data, 1, 1));
  REFUSED(HP_Server_SendPackets(server, id, pieces, 1));
  REFUSED(HP_TcpServer_SendSmallFile(server, id, file_name, NULL, NULL));
  REFUSED(HP_Server_Disconnect(server, id, TRUE));
  REFUSED(HP_Server_Disconnect(server, id, FALSE));
  REFUSED(HP_Server_PauseReceive(server, id, TRUE));
  CHECK(!HP_Server_IsPauseReceive(server, id, &paused));
  CHECK(!HP_Server_SetConnectionExtra(server, id, data));
  CHECK(!HP_Server_GetConnectionExtra(server, id, &extra));
  CHECK(!HP_Server_GetPendingDataLength(server, id, &number));
  CHECK(!HP_Server_GetConnectPeriod(server, id, &period));
  CHECK(!HP_Server_GetSilencePeriod(server, id, &period));
  length = sizeof(address);
  CHECK(!HP_Server_GetRemoteAddress(server, id, address, &length, &port));
  CHECK(HP_TcpPullServer_Fetch(server, id, data, 1) == HP_FR_DATA_NOT_FOUND);
  CHECK(HP_TcpPullServer_Peek(server, id, data, 1) == HP_FR_DATA_NOT_FOUND);
  CHECK(HP_TcpPullServer_PeekSpan(server, id, &span, &number) == HP_FR_DATA_NOT_FOUND);
  CHECK(HP_TcpPullServer_Find(server, id, data, 1, 0, &number) == HP_FR_DATA_NOT_FOUND);
}

static void AgentRefuses(HP_CONNID id) {
  REFUSED(HP_Agent_Send(agent, id, data, 1));
  REFUSED(HP_Agent_SendPart(agent, id, data, 1, 1));
  REFUSED(HP_Agent_SendPackets(agent, id, pieces, 1));
  REFUSED(HP_TcpAgent_SendSmallFile(agent, id, file_name, NULL, NULL));
  REFUSED(HP_Agent_Disconnect(agent, id, TRUE));
  REFUSED(HP_Agent_Disconnect(agent, id, FALSE));
  REFUSED(HP_Agent_PauseReceive(agent, id, TRUE));
  CHECK(!HP_Agent_IsPauseReceive(agent, id, &paused));
  CHECK(!HP_Agent_SetConnectionExtra(agent, id, data));
  CHECK(!HP_Agent_GetConnectionExtra(agent, id, &extra));
  CHECK(!HP_Agent_GetPendingDataLength(agent, id, &number));
  CHECK(!HP_Agent_GetConnectPeriod(agent, id, &period));
  CHECK(!HP_Agent_GetSilencePeriod(agent, id, &period));
  length = sizeof(address);
  CHECK(!HP_Agent_GetLocalAddress(agent, id, address, &length, &port));
  CHECK(!HP_Agent_GetLocaleAddress(agent, id, address, &length, &port));
  CHECK(!HP_Agent_GetRemoteAddress(agent, id, address, &length, &port));
  CHECK(HP_TcpPullAgent_Fetch(agent, id, data, 1) == HP_FR_DATA_NOT_FOUND);
  CHECK(HP_TcpPullAgent_Peek(agent, id, data, 1) == HP_FR_DATA_NOT_FOUND);
  CHECK(HP_TcpPullAgent_PeekSpan(agent, id, &span, &number) == HP_FR_DATA_NOT_FOUND);
  CHECK(HP_TcpPullAgent_Find(agent, id, data, 1, 0, &number) == HP_FR_DATA_NOT_FOUND);
}

static USHORT Start(void) {
  USHORT listens = 0;
  // One worker each: a connection is heard of when the last event of the one before has returned.
  HP_Server_SetWorkerThreadCount(server, 1);
  HP_Agent_SetWorkerThreadCount(agent, 1);
  CHECK(HP_Server_Start(server, "127.0.0.1", 0) && HP_Agent_Start(agent, NULL, FALSE));
  length = sizeof(address);
  CHECK(HP_Server_GetListenAddress(server, address, &length, &listens));
  return listens;
}

// A connection that works beside the IDs of one that has ended.
static HP_CONNID Connect(USHORT to, HP_CONNID old_at_server, HP_CONNID old_at_agent) {
  HP_CONNID agent_id = 0;
  CHECK(HP_Agent_Connect(agent, "127.0.0.1", to, &agent_id));
  Hear(1);
  if (old_at_server != 0) {
    CHECK(ServerId() > old_at_server && agent_id > old_at_agent);
    ServerRefuses(old_at_server);
    AgentRefuses(old_at_agent);
  }
  CHECK(HP_Agent_Send(agent, agent_id, (const BYTE*)"!", 1));
  Hear(1);
  CHECK(HP_Server_GetConnectionCount(server) == 1 && HP_Agent_GetConnectionCount(agent) == 1);
  return agent_id;
}

static const char* SmallFile(void) {
  static char name[4096];
  const char* folder = getenv("TEST_TMPDIR");
  FILE* file;
  snprintf(name, sizeof(name), "%s/small_file", folder != NULL ? folder : "/tmp");
  file = fopen(name, "wb");
  CHECK(file != NULL && fputs("file", file) >= 0 && fclose(file) == 0);
  return name;
}

// Spec: api §6.6, api §6.9/2, C24
int main(void) {
  HP_TcpPullServerListener server_listener = Create_HP_TcpPullServerListener();
  HP_TcpPullAgentListener agent_listener = Create_HP_TcpPullAgentListener();
  HP_CONNID first_at_server = 0, first_at_agent = 0, last_at_agent = 0;
  USHORT listens;
  int life, shared = 0;
  CHECK(sem_init(&said, 0, 0) == 0);
  file_name = SmallFile();
  server = Create_HP_TcpPullServer(server_listener);
  agent = Create_HP_TcpPullAgent(agent_listener);
  HP_Set_FN_Server_OnAccept(server_listener, OnAccept);
  HP_Set_FN_Server_OnPullReceive(server_listener, OnServerPullReceive);
  HP_Set_FN_Server_OnClose(server_listener, OnServerClose);
  HP_Set_FN_Agent_OnPullReceive(agent_listener, OnAgentPullReceive);
  HP_Set_FN_Agent_OnClose(agent_listener, OnAgentClose);

  listens = Start();
  for (life = 0; life < kLives; ++life) {
    const HP_CONNID agent_id = Connect(listens, first_at_server, first_at_agent);
    if (life == 0) {
      first_at_server = ServerId();
      first_at_agent = agent_id;
    } else if ((ServerId() - first_at_server) % 64 == 0) {
      ++shared;
    }
    CHECK(HP_Agent_Disconnect(agent, agent_id, TRUE));
    Hear(2);
  }
  CHECK(shared > 0);
  last_at_agent = Connect(listens, first_at_server, first_at_agent);

  CHECK(HP_Agent_Stop(agent) && HP_Server_Stop(server));
  Hear(2);
  ServerRefuses(first_at_server);
  ServerRefuses(ServerId());
  AgentRefuses(first_at_agent);
  AgentRefuses(last_at_agent);

  first_at_server = ServerId();
  Connect(Start(), first_at_server, last_at_agent);
  CHECK(HP_Agent_Stop(agent) && HP_Server_Stop(server));
  Destroy_HP_TcpPullAgent(agent);
  Destroy_HP_TcpPullServer(server);
  Destroy_HP_TcpPullAgentListener(agent_listener);
  Destroy_HP_TcpPullServerListener(server_listener);
  puts("refused");
  return 0;
}
