// The C interface of this component alone, in C.
#include "hpsocket/tcp_agent/c_api.h"

#include <stddef.h>

#include "hpsocket/core/c_api/c_test.h"

static HP_Agent agent;
static int prepared, shut_down;

static En_HP_HandleResult OnPrepareConnect(HP_CONNID dwConnID, UINT_PTR socket) {
  CHECK(dwConnID != 0 && (SOCKET)socket >= 0);
  ++prepared;
  return HP_HR_OK;
}

static En_HP_HandleResult OnShutdown(void) {
  CHECK(HP_Agent_GetState(agent) == HP_SS_STOPPING);
  ++shut_down;
  return HP_HR_OK;
}

// Port 1 of the test's own network, where nobody listens.
// Spec: §2.3.2, api §5.1, api §6.10
static void ConnectsToNobody(HP_Agent started) {
  HP_CONNID id = 0;
  agent = started;
  prepared = shut_down = 0;
  CHECK(agent != NULL);
  CHECK(HP_Agent_Start(agent, NULL, FALSE));
  CHECK(!HP_Agent_Connect(agent, "127.0.0.1", 1, &id) && errno == ECONNREFUSED);
  CHECK(id != 0 && prepared == 1);
  CHECK(HP_Agent_Stop(agent));
  CHECK(shut_down == 1);
}

int main(void) {
  HP_TcpAgentListener listener = Create_HP_TcpAgentListener();
  HP_TcpAgent push = Create_HP_TcpAgent(listener);
  HP_TcpPullAgent pull = Create_HP_TcpPullAgent(listener);
  BYTE data[1];
  HP_Set_FN_Agent_OnPrepareConnect(listener, OnPrepareConnect);
  HP_Set_FN_Agent_OnShutdown(listener, OnShutdown);
  HP_TcpAgent_SetReuseAddress(pull, TRUE);
  ConnectsToNobody(push);
  ConnectsToNobody(pull);
  CHECK(HP_TcpAgent_IsReuseAddress(pull) == TRUE);
  CHECK(HP_TcpPullAgent_Fetch(pull, 1, data, 1) == HP_FR_DATA_NOT_FOUND);
  Destroy_HP_TcpPullAgent(pull);
  Destroy_HP_TcpAgent(push);
  Destroy_HP_TcpAgentListener(listener);
  return 0;
}
