// test_echo_4c_client: sends packages to test_echo_4c_server, in C, and takes what comes back apart, PULL.
#include <getopt.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "HPSocket4C.h"
#include "hpsocket/sdk/demos/common_4c/console.h"
#include "hpsocket/sdk/demos/common_4c/package.h"

enum { kRoom = 64 };

static HP_TcpPullClient client;

// What the client's thread and this program's tell each other.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned sent, echoed;
static int ended, failed;

static void Tell(unsigned packages, int has_ended, int has_failed) {
  pthread_mutex_lock(&mutex);
  echoed += packages;
  ended |= has_ended;
  failed |= has_failed;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
}

// --- Events ---

static En_HP_HandleResult OnConnect(HP_Client pClient) {
  TCHAR address[kRoom];
  int room = kRoom;
  USHORT port = 0;
  static ParseState state;
  state.is_header = 1;
  state.length = sizeof(PackageHeader);
  HP_Client_SetExtra(pClient, &state);
  HP_Client_GetLocalAddress(pClient, address, &room, &port);
  Print("  > [ %zu, OnConnect ] -> local address: %s:%u", HP_Client_GetConnectionID(pClient), address, port);
  return HP_HR_OK;
}

static void ShowBody(HP_Client pClient, const BYTE* part, int length) {
  char name[31], desc[kMaxText + 1];
  short age = 0;
  memcpy(&age, part + offsetof(PackageBody, age), sizeof(age));
  MakePrintable(name, part, sizeof(((PackageBody*)0)->name));
  MakePrintable(desc, part + offsetof(PackageBody, desc), (size_t)length - offsetof(PackageBody, desc));
  Print("  > [ %zu, OnReceive ] -> name: %s, age: %d, desc: %s", HP_Client_GetConnectionID(pClient), name,
        age, desc);
}

static En_HP_HandleResult OnPullReceive(HP_Client pClient, int iLength) {
  ParseState* const state = HP_Client_GetExtra(pClient);
  while (iLength >= state->length) {
    BYTE part[kMaxBody];
    const int length = state->length;
    if (HP_TcpPullClient_Fetch(pClient, part, length) != HP_FR_OK) return HP_HR_ERROR;
    if (state->is_header) {
      PackageHeader header;
      memcpy(&header, part, sizeof(header));
      if (header.body_len < kMinBody || header.body_len > kMaxBody) return HP_HR_ERROR;
      Print("  > [ %zu, OnReceive ] -> seq: %u, body: %d bytes", HP_Client_GetConnectionID(pClient),
            header.seq, header.body_len);
      state->length = header.body_len;
    } else {
      ShowBody(pClient, part, length);
      state->length = sizeof(PackageHeader);
      Tell(1, 0, 0);
    }
    state->is_header = !state->is_header;
    iLength -= length;
  }
  return HP_HR_OK;
}

static En_HP_HandleResult OnSend(HP_Client pClient, const BYTE* pData, int iLength) {
  (void)pData;
  Print("  > [ %zu, OnSend ] -> (%d bytes)", HP_Client_GetConnectionID(pClient), iLength);
  return HP_HR_OK;
}

static En_HP_HandleResult OnClose(HP_Client pClient) {
  Print("  > [ %zu, OnClose ]", HP_Client_GetConnectionID(pClient));
  Tell(0, 1, 0);
  return HP_HR_OK;
}

static En_HP_HandleResult OnError(HP_Client pClient, En_HP_SocketOperation enOperation, int iErrorCode) {
  Print("  > [ %zu, OnError ] -> OP: %d, CODE: %d", HP_Client_GetConnectionID(pClient), (int)enOperation,
        iErrorCode);
  Tell(0, 1, 1);
  return HP_HR_OK;
}

// --- Program ---

static int Send(const char* text) {
  static unsigned seq;
  BYTE body[kMaxBody] = {0};
  PackageHeader header;
  WSABUF pieces[2];
  const short age = 23;
  const size_t length = strlen(text);
  if (length == 0 || length > kMaxText - 1) {
    fprintf(stderr, "send what? send <text>, up to %d bytes\n", kMaxText - 1);
    return 0;
  }
  snprintf((char*)body, sizeof(((PackageBody*)0)->name), "%s", "HP-Socket");
  memcpy(body + offsetof(PackageBody, age), &age, sizeof(age));
  memcpy(body + offsetof(PackageBody, desc), text, length);
  header.seq = ++seq;
  header.body_len = (int)(offsetof(PackageBody, desc) + length + 1);
  pieces[0].len = sizeof(header);
  pieces[0].buf = (BYTE*)&header;
  pieces[1].len = (UINT)header.body_len;
  pieces[1].buf = body;
  if (!HP_Client_SendPackets(client, pieces, 2)) {
    fprintf(stderr, "$ (%zu) Send Fail --> %s (%d)\n", HP_Client_GetConnectionID(client),
            HP_Client_GetLastErrorDesc(client), (int)HP_Client_GetLastError(client));
    return 0;
  }
  ++sent;
  Print("$ (%zu) Send OK --> %s", HP_Client_GetConnectionID(client), text);
  return 1;
}

// Lets what was sent come back before the connection is ended. Whether it has.
static int AwaitEcho(void) {
  int complete;
  ReleaseSignals();  // whoever does not want to wait
  pthread_mutex_lock(&mutex);
  while (echoed < sent && !ended) pthread_cond_wait(&changed, &mutex);
  complete = echoed == sent && !failed;
  pthread_mutex_unlock(&mutex);
  return complete;
}

// Whether it did what the line says; *exiting if that is to end.
static int Command(char* line, int* exiting) {
  char* rest = NULL;
  const char* word = TakeWord(line, &rest);
  if (*word == '\0') return 1;
  if (strcmp(word, "exit") == 0 || strcmp(word, "stop") == 0) return *exiting = 1;
  if (strcmp(word, "send") == 0) return Send(rest);
  if (strcmp(word, "help") == 0 || strcmp(word, "?") == 0) {
    Print("  send <text>   send a package\n  exit          disconnect");
    return 1;
  }
  fprintf(stderr, "unknown command '%s'; 'help' lists them\n", word);
  return 0;
}

static void Help(FILE* stream) {
  fprintf(
      stream,
      "test_echo_4c_client: sends packages to test_echo_4c_server, in C.\n\n"
      "  -a, --address ADDRESS  server: IPv4, IPv6 or a name (127.0.0.1)\n"
      "  -p, --port PORT        server's port (5555)\n"
      "  -h, --help             this text\n\n"
      "Commands: send <text>, exit. At the end what was sent comes back first.\n"
      "Exit codes: 0 all of it came back; 1 it did not, the connection could not be made or was lost, or a\n"
      "command failed; 2 a mistake on the command line.\n");
}

int main(int argc, char** argv) {
  static const struct option kOptions[] = {{"address", required_argument, NULL, 'a'},
                                           {"port", required_argument, NULL, 'p'},
                                           {"help", no_argument, NULL, 'h'},
                                           {NULL, 0, NULL, 0}};
  HP_TcpPullClientListener listener;
  const char* address = "127.0.0.1";
  unsigned long port = 5555;
  char line[kMaxBody];
  int option, exiting = 0, exit_code = kExitOk;

  while ((option = getopt_long(argc, argv, "a:p:h", kOptions, NULL)) != -1) {
    if (option == 'h') {
      Help(stdout);
      return ExitCode(kExitOk);
    }
    if (option == 'a') address = optarg;
    if (option == '?' || (option == 'p' && !ParseNumber(optarg, 65535, &port))) {
      Help(stderr);
      return kExitUsage;
    }
  }

  OpenConsole();
  listener = Create_HP_TcpPullClientListener();
  HP_Set_FN_Client_OnConnect(listener, OnConnect);
  HP_Set_FN_Client_OnPullReceive(listener, OnPullReceive);
  HP_Set_FN_Client_OnSend(listener, OnSend);
  HP_Set_FN_Client_OnClose(listener, OnClose);
  HP_Set_FN_Client_OnError(listener, OnError);
  client = Create_HP_TcpPullClient(listener);

  if (HP_Client_Start(client, address, (USHORT)port, FALSE)) {
    Print("$ Client Start OK --> (%s : %lu)", address, port);
    while (!exiting && NextLine(line, sizeof(line))) {
      if (!Command(line, &exiting)) exit_code = kExitFailure;
    }
    if (!AwaitEcho()) exit_code = kExitFailure;
  } else {
    fprintf(stderr, "$ Client Start Fail --> %s (%d): %s\n", HP_Client_GetLastErrorDesc(client),
            (int)HP_Client_GetLastError(client), strerror((int)SYS_GetLastError()));
    exit_code = kExitFailure;
  }
  Destroy_HP_TcpPullClient(client);  // stops it
  Destroy_HP_TcpPullClientListener(listener);
  Print(" *** Summary: send - %u, recv - %u", sent, echoed);
  return ExitCode(exit_code);
}
