// The C interface of this component alone, in C.
#include "hpsocket/tcp_server/c_api.h"

#include <stddef.h>

#include "hpsocket/core/c_api/c_test.h"

static HP_Server server;
static int prepared, shut_down;

static En_HP_HandleResult OnPrepareListen(UINT_PTR soListen) {
  CHECK((SOCKET)soListen >= 0 && HP_Server_GetState(server) == HP_SS_STARTING);
  ++prepared;
  return HP_HR_OK;
}

static En_HP_HandleResult OnShutdown(void) {
  CHECK(HP_Server_GetState(server) == HP_SS_STOPPING);
  ++shut_down;
  return HP_HR_OK;
}

// Spec: §2.2.2, api §5.1
static void StartsAndStops(HP_Server started) {
  TCHAR address[64];
  int length = sizeof(address);
  USHORT port = 0;
  server = started;
  prepared = shut_down = 0;
  CHECK(server != NULL);
  CHECK(HP_Server_Start(server, "127.0.0.1", 0));
  CHECK(HP_Server_GetListenAddress(server, address, &length, &port) && port != 0);
  CHECK(prepared == 1 && HP_Server_HasStarted(server));
  CHECK(HP_Server_Stop(server));
  CHECK(shut_down == 1);
}

int main(void) {
  HP_TcpServerListener listener = Create_HP_TcpServerListener();
  HP_TcpServer push = Create_HP_TcpServer(listener);
  HP_TcpPullServer pull = Create_HP_TcpPullServer(listener);
  BYTE data[1];
  HP_Set_FN_Server_OnPrepareListen(listener, OnPrepareListen);
  HP_Set_FN_Server_OnShutdown(listener, OnShutdown);
  HP_TcpServer_SetSocketBufferSize(pull, 64);
  StartsAndStops(push);
  StartsAndStops(pull);
  CHECK(HP_TcpServer_GetSocketBufferSize(pull) == 64);
  CHECK(HP_TcpPullServer_Fetch(pull, 1, data, 1) == HP_FR_DATA_NOT_FOUND);
  Destroy_HP_TcpPullServer(pull);
  Destroy_HP_TcpServer(push);
  Destroy_HP_TcpServerListener(listener);
  return 0;
}
