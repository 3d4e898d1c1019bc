/* A server, and a client that sends it a text and gets it back: C99 on the installed header and library. */
#include <stdio.h>
#include <string.h>

#include "HPSocket4C.h"

#define TEXT "from C and back"
enum { kLength = sizeof(TEXT) - 1 };

static HP_TcpServer server;
static char answer[kLength + 1];
static int answered;

static En_HP_HandleResult OnServerReceive(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  return HP_Server_Send(server, dwConnID, pData, iLength) ? HP_HR_OK : HP_HR_ERROR;
}

/* Stops when all of it is back, so that whoever waits for the client need not wait for anything else. */
static En_HP_HandleResult OnClientReceive(HP_Client pClient, const BYTE* pData, int iLength) {
  if (iLength > kLength - answered) return HP_HR_ERROR;
  memcpy(answer + answered, pData, (size_t)iLength);
  answered += iLength;
  if (answered == kLength) HP_Client_Stop(pClient);
  return HP_HR_OK;
}

static int Fail(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
  return 1;
}

int main(void) {
  HP_TcpServerListener server_listener = Create_HP_TcpServerListener();
  HP_TcpClientListener client_listener = Create_HP_TcpClientListener();
  HP_TcpClient client;
  char address[64];
  int length = sizeof(address);
  USHORT port = 0;

  HP_Set_FN_Server_OnReceive(server_listener, OnServerReceive);
  HP_Set_FN_Client_OnReceive(client_listener, OnClientReceive);
  server = Create_HP_TcpServer(server_listener);
  client = Create_HP_TcpClient(client_listener);

  if (!HP_Server_Start(server, "127.0.0.1", 0)) return Fail("server", HP_Server_GetLastErrorDesc(server));
  if (!HP_Server_GetListenAddress(server, address, &length, &port)) return Fail("server", "no address");
  if (!HP_Client_Start(client, "127.0.0.1", port, FALSE))
    return Fail("client", HP_Client_GetLastErrorDesc(client));
  if (!HP_Client_Send(client, (const BYTE*)TEXT, kLength))
    return Fail("client", HP_Client_GetLastErrorDesc(client));
  if (!HP_Client_Wait(client, 30000)) return Fail("client", "no answer in 30 s");
  if (strcmp(answer, TEXT) != 0) return Fail("the answer is wrong", answer);
  printf("%s, by HPSocket %s\n", answer, HP_GetHPSocketVersionDesc());

  Destroy_HP_TcpClient(client);
  Destroy_HP_TcpServer(server);
  Destroy_HP_TcpClientListener(client_listener);
  Destroy_HP_TcpServerListener(server_listener);
  return 0;
}
