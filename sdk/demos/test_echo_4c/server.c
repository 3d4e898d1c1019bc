// test_echo_4c_server: an echo server in C. It takes packages apart, PULL, and sends each part back by
// itself.
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "HPSocket4C.h"
#include "hpsocket/sdk/demos/common_4c/console.h"
#include "hpsocket/sdk/demos/common_4c/package.h"

enum { kRoom = 64 };

static HP_TcpPullServer server;
static const char* reject_address = "";

static void RemoteText(HP_CONNID id, char* address, USHORT* port) {
  int room = kRoom;
  *port = 0;
  if (!HP_Server_GetRemoteAddress(server, id, address, &room, port)) snprintf(address, kRoom, "?");
}

// --- Events ---

static En_HP_HandleResult OnPrepareListen(UINT_PTR soListen) {
  TCHAR address[kRoom];
  int room = kRoom;
  USHORT port = 0;
  (void)soListen;
  HP_Server_GetListenAddress(server, address, &room, &port);
  Print("  > [ OnPrepareListen ] -> bind address: %s:%u", address, port);
  return HP_HR_OK;
}

static En_HP_HandleResult OnAccept(HP_CONNID dwConnID, UINT_PTR pClient) {
  TCHAR address[kRoom];
  USHORT port = 0;
  ParseState* state = NULL;
  (void)pClient;
  RemoteText(dwConnID, address, &port);
  if (strcmp(address, reject_address) == 0) {
    Print("  > [ %zu, OnAccept ] -> REJECT (%s:%u)", dwConnID, address, port);
    return HP_HR_ERROR;
  }
  Print("  > [ %zu, OnAccept ] -> PASS (%s:%u)", dwConnID, address, port);
  state = calloc(1, sizeof(*state));
  if (state == NULL) return HP_HR_ERROR;
  state->is_header = 1;
  state->length = sizeof(PackageHeader);
  HP_Server_SetConnectionExtra(server, dwConnID, state);
  return HP_HR_OK;
}

static En_HP_HandleResult OnPullReceive(HP_CONNID dwConnID, int iLength) {
  PVOID extra = NULL;
  ParseState* state;
  if (!HP_Server_GetConnectionExtra(server, dwConnID, &extra) || extra == NULL) return HP_HR_ERROR;
  state = extra;
  while (iLength >= state->length) {
    BYTE part[kMaxBody];
    const int length = state->length;
    if (HP_TcpPullServer_Fetch(server, dwConnID, part, length) != HP_FR_OK) return HP_HR_ERROR;
    Print("  > [ %zu, OnReceive ] -> (%d bytes)", dwConnID, length);
    if (state->is_header) {
      PackageHeader header;
      memcpy(&header, part, sizeof(header));
      if (header.body_len < kMinBody || header.body_len > kMaxBody) return HP_HR_ERROR;
      state->length = header.body_len;
    } else {
      state->length = sizeof(PackageHeader);
    }
    state->is_header = !state->is_header;
    iLength -= length;
    if (!HP_Server_Send(server, dwConnID, part, length)) return HP_HR_ERROR;
  }
  return HP_HR_OK;
}

static En_HP_HandleResult OnSend(HP_CONNID dwConnID, const BYTE* pData, int iLength) {
  (void)pData;
  Print("  > [ %zu, OnSend ] -> (%d bytes)", dwConnID, iLength);
  return HP_HR_OK;
}

static void FreeState(HP_CONNID dwConnID) {
  PVOID state = NULL;
  if (HP_Server_GetConnectionExtra(server, dwConnID, &state)) free(state);
}

static En_HP_HandleResult OnClose(HP_CONNID dwConnID) {
  FreeState(dwConnID);
  Print("  > [ %zu, OnClose ]", dwConnID);
  return HP_HR_OK;
}

static En_HP_HandleResult OnError(HP_CONNID dwConnID, En_HP_SocketOperation enOperation, int iErrorCode) {
  FreeState(dwConnID);
  Print("  > [ %zu, OnError ] -> OP: %d, CODE: %d", dwConnID, (int)enOperation, iErrorCode);
  return HP_HR_OK;
}

static En_HP_HandleResult OnShutdown(void) {
  Print("  > [ OnShutdown ]");
  Print("$ Server Stop");
  return HP_HR_OK;
}

// --- Program ---

static int Start(const char* address, USHORT port) {
  TCHAR bound[kRoom];
  int room = kRoom;
  if (!HP_Server_Start(server, address, port)) {
    fprintf(stderr, "$ Server Start Fail --> %s (%d): %s\n", HP_Server_GetLastErrorDesc(server),
            (int)HP_Server_GetLastError(server), strerror((int)SYS_GetLastError()));
    return 0;
  }
  HP_Server_GetListenAddress(server, bound, &room, &port);
  Print("$ Server Start OK --> (%s : %u)", bound, port);
  Print("listening on %s:%u", bound, port);
  return 1;
}

static int Kick(const char* argument) {
  unsigned long id = 0;
  if (!ParseNumber(argument, UINTPTR_MAX, &id)) {
    fprintf(stderr, "which connection? kick <id>\n");
    return 0;
  }
  if (HP_Server_Disconnect(server, id, TRUE)) {
    Print("$ (%lu) Disconnect OK", id);
    return 1;
  }
  Print("$ (%lu) Disconnect Fail", id);
  return 0;
}

// Whether it did what the line says; *exiting if that is to end.
static int Command(char* line, int* exiting) {
  char* rest = NULL;
  const char* word = TakeWord(line, &rest);
  if (*word == '\0') return 1;
  if (strcmp(word, "exit") == 0 || strcmp(word, "stop") == 0) return *exiting = 1;
  if (strcmp(word, "kick") == 0) return Kick(rest);
  if (strcmp(word, "status") == 0) {
    Print("connections: %u", HP_Server_GetConnectionCount(server));
    return 1;
  }
  if (strcmp(word, "help") == 0 || strcmp(word, "?") == 0) {
    Print("  kick <id>   disconnect a connection\n  status      how many there are\n  exit        stop");
    return 1;
  }
  fprintf(stderr, "unknown command '%s'; 'help' lists them\n", word);
  return 0;
}

static void Help(FILE* stream) {
  fprintf(
      stream,
      "test_echo_4c_server: an echo server in C, for test_echo_4c_client.\n\n"
      "  -b, --bind ADDRESS    listen there (0.0.0.0)\n"
      "  -p, --port PORT       and there; 0 = any (5555)\n"
      "  -j, --reject ADDRESS  refuse connections from this address\n"
      "  -h, --help            this text\n\n"
      "Commands: kick <id>, status, exit. Exit codes: 0 stopped by exit, the end of the input, SIGINT or\n"
      "SIGTERM; 1 it could not start, or a command failed; 2 a mistake on the command line.\n");
}

int main(int argc, char** argv) {
  static const struct option kOptions[] = {{"bind", required_argument, NULL, 'b'},
                                           {"port", required_argument, NULL, 'p'},
                                           {"reject", required_argument, NULL, 'j'},
                                           {"help", no_argument, NULL, 'h'},
                                           {NULL, 0, NULL, 0}};
  HP_TcpPullServerListener listener;
  const char* bind_address = "0.0.0.0";
  unsigned long port = 5555;
  char line[kMaxBody];
  int option, exiting = 0, exit_code = kExitOk;

  while ((option = getopt_long(argc, argv, "b:p:j:h", kOptions, NULL)) != -1) {
    if (option == 'h') {
      Help(stdout);
      return ExitCode(kExitOk);
    }
    if (option == 'b') bind_address = optarg;
    if (option == 'j') reject_address = optarg;
    if (option == '?' || (option == 'p' && !ParseNumber(optarg, 65535, &port))) {
      Help(stderr);
      return kExitUsage;
    }
  }

  OpenConsole();
  listener = Create_HP_TcpPullServerListener();
  HP_Set_FN_Server_OnPrepareListen(listener, OnPrepareListen);
  HP_Set_FN_Server_OnAccept(listener, OnAccept);
  HP_Set_FN_Server_OnPullReceive(listener, OnPullReceive);
  HP_Set_FN_Server_OnSend(listener, OnSend);
  HP_Set_FN_Server_OnClose(listener, OnClose);
  HP_Set_FN_Server_OnError(listener, OnError);
  HP_Set_FN_Server_OnShutdown(listener, OnShutdown);
  server = Create_HP_TcpPullServer(listener);

  if (Start(bind_address, (USHORT)port)) {
    while (!exiting && NextLine(line, sizeof(line))) {
      if (!Command(line, &exiting)) exit_code = kExitFailure;
    }
  } else {
    exit_code = kExitFailure;
  }
  Destroy_HP_TcpPullServer(server);  // stops it
  Destroy_HP_TcpPullServerListener(listener);
  return ExitCode(exit_code);
}
