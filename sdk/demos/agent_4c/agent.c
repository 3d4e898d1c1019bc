// agent_4c: one agent with as many connections to a test_echo_4c_server as asked for, in C. It sends packages
// and takes what comes back apart, PULL, with each connection's extra as its state.
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

enum { kRoom = 64, kMaxConnections = 4096 };

static HP_TcpPullAgent agent;
static const char* address = "127.0.0.1";
static unsigned long port = 5555;

// What a connection's extra is; from OnConnect to its last event.
typedef struct Connection {
  ParseState state;
  unsigned owed;  // packages that are still to come back
} Connection;

// What the agent's threads and this program's tell each other, the connections' `owed` included.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned sent, echoed, lost;

// --- Events ---

static En_HP_HandleResult OnConnect(HP_CONNID dwConnID) {
  TCHAR local[kRoom];
  int room = kRoom;
  USHORT local_port = 0;
  Connection* const connection = calloc(1, sizeof(*connection));
  if (connection == NULL) return HP_HR_ERROR;
  connection->state.is_header = 1;
  connection->state.length = sizeof(PackageHeader);
  HP_Agent_SetConnectionExtra(agent, dwConnID, connection);
  HP_Agent_GetLocalAddress(agent, dwConnID, local, &room, &local_port);
  Print("  > [ %zu, OnConnect ] -> local address: %s:%u", dwConnID, local, local_port);
  return HP_HR_OK;
}

static En_HP_HandleResult OnPullReceive(HP_CONNID dwConnID, int iLength) {
  PVOID extra = NULL;
  Connection* connection;
  if (!HP_Agent_GetConnectionExtra(agent, dwConnID, &extra) || extra == NULL) return HP_HR_ERROR;
  connection = extra;
  while (iLength >= connection->state.length) {
    BYTE part[kMaxBody];
    const int length = connection->state.length;
    if (HP_TcpPullAgent_Fetch(agent, dwConnID, part, length) != HP_FR_OK) return HP_HR_ERROR;
    if (connection->state.is_header) {
      PackageHeader header;
      memcpy(&header, part, sizeof(header));
      if (header.body_len < kMinBody || header.body_len > kMaxBody) return HP_HR_ERROR;
      connection->state.length = header.body_len;
    } else {
      char desc[kMaxText + 1];
      MakePrintable(desc, part + offsetof(PackageBody, desc), (size_t)length - offsetof(PackageBody, desc));
      Print("  > [ %zu, OnReceive ] -> desc: %s", dwConnID, desc);
      connection->state.length = sizeof(PackageHeader);
      pthread_mutex_lock(&mutex);
      ++echoed;
      --connection->owed;
      pthread_cond_signal(&changed);
      pthread_mutex_unlock(&mutex);
    }
    connection->state.is_header = !connection->state.is_header;
    iLength -= length;
  }
  return HP_HR_OK;
}

static void EndConnection(HP_CONNID dwConnID) {
  PVOID extra = NULL;
  if (!HP_Agent_GetConnectionExtra(agent, dwConnID, &extra) || extra == NULL) return;
  pthread_mutex_lock(&mutex);
  lost += ((Connection*)extra)->owed;
  HP_Agent_SetConnectionExtra(agent, dwConnID, NULL);
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  free(extra);
}

static En_HP_HandleResult OnClose(HP_CONNID dwConnID) {
  EndConnection(dwConnID);
  Print("  > [ %zu, OnClose ]", dwConnID);
  return HP_HR_OK;
}

static En_HP_HandleResult OnError(HP_CONNID dwConnID, En_HP_SocketOperation enOperation, int iErrorCode) {
  EndConnection(dwConnID);
  Print("  > [ %zu, OnError ] -> OP: %d, CODE: %d", dwConnID, (int)enOperation, iErrorCode);
  return HP_HR_OK;
}

static En_HP_HandleResult OnShutdown(void) {
  Print("  > [ OnShutdown ]");
  return HP_HR_OK;
}

// --- Commands ---

static int Connect(void) {
  HP_CONNID id = 0;
  if (!HP_Agent_Connect(agent, address, (USHORT)port, &id)) {
    fprintf(stderr, "$ (%zu) Connect Fail --> %s\n", id, strerror((int)SYS_GetLastError()));
    return 0;
  }
  Print("$ (%zu) Connect OK --> (%s : %lu)", id, address, port);
  return 1;
}

static int SendTo(HP_CONNID id, const char* text) {
  static unsigned seq;
  BYTE body[kMaxBody] = {0};
  PackageHeader header;
  WSABUF pieces[2];
  PVOID extra = NULL;
  int accepted = 0;
  const short age = 23;
  const size_t length = strlen(text);
  if (length == 0 || length > kMaxText - 1) {
    fprintf(stderr, "send what? send <id>|all <text>, up to %d bytes\n", kMaxText - 1);
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

  // Under the lock, which the connection's end takes, too, and before its answer can be counted.
  pthread_mutex_lock(&mutex);
  if (HP_Agent_GetConnectionExtra(agent, id, &extra) && extra != NULL) {
    accepted = HP_Agent_SendPackets(agent, id, pieces, 2);
    if (accepted) ++((Connection*)extra)->owed;
    if (accepted) ++sent;
  } else {
    SetLastError(ERROR_OBJECT_NOT_FOUND);
  }
  if (!accepted) {
    fprintf(stderr, "$ (%zu) Send Fail --> %s\n", id, strerror((int)SYS_GetLastError()));
  }
  pthread_mutex_unlock(&mutex);
  if (accepted) Print("$ (%zu) Send OK --> %s", id, text);
  return accepted;
}

static int SendToAll(const char* text) {
  static HP_CONNID ids[kMaxConnections];
  DWORD count = kMaxConnections, i;
  int done = 1;
  if (!HP_Agent_GetAllConnectionIDs(agent, ids, &count)) count = 0;
  if (count == 0) fprintf(stderr, "there is no connection; connect first\n");
  for (i = 0; i < count; ++i) done &= SendTo(ids[i], text);
  return done && count > 0;
}

static int Send(char* arguments) {
  unsigned long id = 0;
  char* rest = NULL;
  const char* word = TakeWord(arguments, &rest);
  if (strcmp(word, "all") == 0) return SendToAll(rest);
  if (ParseNumber(word, UINTPTR_MAX, &id)) return SendTo(id, rest);
  fprintf(stderr, "to which connection? send <id>|all <text>\n");
  return 0;
}

static int Kick(const char* argument) {
  unsigned long id = 0;
  if (!ParseNumber(argument, UINTPTR_MAX, &id)) {
    fprintf(stderr, "which connection? kick <id>\n");
    return 0;
  }
  // What was sent goes out first.
  if (HP_Agent_Disconnect(agent, id, FALSE)) {
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
  if (strcmp(word, "connect") == 0) return Connect();
  if (strcmp(word, "send") == 0) return Send(rest);
  if (strcmp(word, "kick") == 0) return Kick(rest);
  if (strcmp(word, "status") == 0) {
    Print("connections: %u", HP_Agent_GetConnectionCount(agent));
    return 1;
  }
  if (strcmp(word, "help") == 0 || strcmp(word, "?") == 0) {
    Print(
        "  connect                make one more connection\n"
        "  send <id>|all <text>   send a package\n"
        "  kick <id>              disconnect, after what was sent\n"
        "  status                 how many connections there are\n"
        "  exit                   stop");
    return 1;
  }
  fprintf(stderr, "unknown command '%s'; 'help' lists them\n", word);
  return 0;
}

// --- Program ---

// Lets what was sent come back before the connections are ended. Whether it has.
static int AwaitEcho(void) {
  int complete;
  ReleaseSignals();  // whoever does not want to wait
  pthread_mutex_lock(&mutex);
  while (echoed + lost < sent) pthread_cond_wait(&changed, &mutex);
  complete = lost == 0;
  pthread_mutex_unlock(&mutex);
  return complete;
}

static void Help(FILE* stream) {
  fprintf(stream,
          "agent_4c: one agent with many connections to a test_echo_4c_server, in C.\n\n"
          "  -a, --address ADDRESS    server: IPv4, IPv6 or a name (127.0.0.1)\n"
          "  -p, --port PORT          server's port (5555)\n"
          "  -c, --connections COUNT  so many at the start, up to %d (1)\n"
          "  -h, --help               this text\n\n"
          "Commands: connect, send <id>|all <text>, kick <id>, status, exit. At the end what was sent comes "
          "back\n"
          "first. Exit codes: 0 all of it came back; 1 it did not, or a command or a connection failed; 2 a\n"
          "mistake on the command line.\n",
          kMaxConnections);
}

// Connects, and runs commands until the user, the input or a signal ends it.
static int Converse(unsigned long connections) {
  char line[kMaxBody];
  int exiting = 0, exit_code = kExitOk;
  while (connections-- > 0) {
    if (!Connect()) return kExitFailure;
  }
  while (!exiting && NextLine(line, sizeof(line))) {
    if (!Command(line, &exiting)) exit_code = kExitFailure;
  }
  return AwaitEcho() ? exit_code : kExitFailure;
}

int main(int argc, char** argv) {
  static const struct option kOptions[] = {{"address", required_argument, NULL, 'a'},
                                           {"port", required_argument, NULL, 'p'},
                                           {"connections", required_argument, NULL, 'c'},
                                           {"help", no_argument, NULL, 'h'},
                                           {NULL, 0, NULL, 0}};
  HP_TcpPullAgentListener listener;
  unsigned long connections = 1;
  int option, exit_code = kExitFailure;

  while ((option = getopt_long(argc, argv, "a:p:c:h", kOptions, NULL)) != -1) {
    if (option == 'h') {
      Help(stdout);
      return ExitCode(kExitOk);
    }
    if (option == 'a') address = optarg;
    if (option == '?' || (option == 'p' && !ParseNumber(optarg, 65535, &port)) ||
        (option == 'c' && !ParseNumber(optarg, kMaxConnections, &connections))) {
      Help(stderr);
      return kExitUsage;
    }
  }

  OpenConsole();
  listener = Create_HP_TcpPullAgentListener();
  HP_Set_FN_Agent_OnConnect(listener, OnConnect);
  HP_Set_FN_Agent_OnPullReceive(listener, OnPullReceive);
  HP_Set_FN_Agent_OnClose(listener, OnClose);
  HP_Set_FN_Agent_OnError(listener, OnError);
  HP_Set_FN_Agent_OnShutdown(listener, OnShutdown);
  agent = Create_HP_TcpPullAgent(listener);
  HP_TcpAgent_SetReuseAddress(agent, TRUE);

  if (HP_Agent_Start(agent, NULL, FALSE)) {
    Print("$ Agent Start OK");
    exit_code = Converse(connections);
  } else {
    fprintf(stderr, "$ Agent Start Fail --> %s (%d): %s\n", HP_Agent_GetLastErrorDesc(agent),
            (int)HP_Agent_GetLastError(agent), strerror((int)SYS_GetLastError()));
  }
  Destroy_HP_TcpPullAgent(agent);  // stops it
  Destroy_HP_TcpPullAgentListener(listener);
  Print(" *** Summary: send - %u, recv - %u", sent, echoed);
  return ExitCode(exit_code);
}
