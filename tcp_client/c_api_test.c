// The C interface of this component alone, in C.
#include "hpsocket/tcp_client/c_api.h"

#include <stddef.h>

#include "hpsocket/core/c_api/c_test.h"

static HP_Client client;
static int prepared;

static En_HP_HandleResult OnPrepareConnect(HP_Client pClient, UINT_PTR socket) {
  CHECK(pClient == client && (SOCKET)socket >= 0);
  CHECK(HP_Client_GetConnectionID(pClient) != 0);
  ++prepared;
  return HP_HR_OK;
}

// Port 1 of the test's own network, where nobody listens.
// Spec: §2.4.2, api §5.1, api §6.11/2
static void ConnectsToNobody(HP_Client started) {
  client = started;
  prepared = 0;
  CHECK(client != NULL);
  CHECK(!HP_Client_Start(client, "127.0.0.1", 1, FALSE) && errno == ECONNREFUSED);
  CHECK(HP_Client_GetLastError(client) == HP_SE_CONNECT_SERVER && prepared == 1);
  CHECK(HP_Client_GetState(client) == HP_SS_STOPPED);
}

int main(void) {
  HP_TcpClientListener listener = Create_HP_TcpClientListener();
  HP_TcpClient push = Create_HP_TcpClient(listener);
  HP_TcpPullClient pull = Create_HP_TcpPullClient(listener);
  BYTE data[1];
  HP_Set_FN_Client_OnPrepareConnect(listener, OnPrepareConnect);
  HP_TcpClient_SetSocketBufferSize(pull, 64);
  ConnectsToNobody(push);
  ConnectsToNobody(pull);
  CHECK(HP_TcpClient_GetSocketBufferSize(pull) == 64);
  CHECK(HP_TcpPullClient_Fetch(pull, data, 1) == HP_FR_DATA_NOT_FOUND);
  Destroy_HP_TcpPullClient(pull);
  Destroy_HP_TcpClient(push);
  Destroy_HP_TcpClientListener(listener);
  return 0;
}
