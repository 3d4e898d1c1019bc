// test_echo_server: an echo server to play with. It sends back what it gets, shows every event, and takes
// commands.

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket::demos {
namespace {

struct Options {
  ServerSettings server;
  std::string reject_address;
  bool quiet = false;
  bool no_interactive = false;
};

class EchoServer : public CTcpServerListener {
 public:
  explicit EchoServer(const Options& options) : options_(options), server_(this) {}

  bool Start(const std::string& address, uint16_t port);
  bool Stop();
  bool running() { return server_.HasStarted(); }
  void AddCommandsTo(CommandTable& commands);

  using CTcpServerListener::OnReceive;
  EnHandleResult OnPrepareListen(SOCKET) override;
  EnHandleResult OnAccept(CONNID id, SOCKET) override;
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override;
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override;
  EnHandleResult OnClose(CONNID id) override;
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override;
  EnHandleResult OnShutdown() override;

 private:
  bool StartWith(std::string arguments);
  bool ShowStatus();
  bool ShowFigures();
  bool SendTo(std::string arguments);
  bool Kick(const std::string& argument);
  bool KickOld(const std::string& argument);
  bool KickSilent(const std::string& argument);
  bool TogglePause(const std::string& argument);

  std::string RemoteText(CONNID id);
  std::string Failure() { return ErrorText(errno) + " [" + std::to_string(errno) + "]"; }
  void Event(const std::string& line) {
    if (!options_.quiet) Print(line);
  }

  const Options& options_;  // filled in after construction, by the command line
  std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> received_{0};
  CTcpServer server_;  // last: it is gone, and with it every event, before the rest is
};

bool EchoServer::Start(const std::string& address, uint16_t port) {
  options_.server.ApplyTo(server_);
  if (!options_.server.keep_alive) server_.SetKeepAliveTime(0);
  server_.SetMarkSilence(true);  // for `status` and `kicks`
  if (!server_.Start(address.c_str(), port)) {
    const int error = errno;
    PrintError(StartFailLine("Server", DescribeFailure(server_, error)));
    if (error == EADDRINUSE)
      PrintError("  another program listens there; choose another port (-p; 0 = any free one)");
    return false;
  }
  char bound[64];
  int room = sizeof(bound);
  uint16_t bound_port = 0;
  server_.GetListenAddress(bound, room, bound_port);
  Print(StartOkLine("Server", bound, bound_port));
  Print("listening on " + AddressText(bound, bound_port));
  return true;
}

bool EchoServer::Stop() {
  if (server_.Stop()) return true;
  PrintError("$ Server Stop Fail --> " + DescribeFailure(server_, errno));
  return false;
}

EnHandleResult EchoServer::OnPrepareListen(SOCKET) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  server_.GetListenAddress(address, room, port);
  Event(EventLine(0, "OnPrepareListen", "bind address: " + AddressText(address, port)));
  return HR_OK;
}

EnHandleResult EchoServer::OnAccept(CONNID id, SOCKET) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  const bool known = server_.GetRemoteAddress(id, address, room, port);
  const bool pass = known && options_.reject_address != address;
  Event(EventLine(id, "OnAccept", (pass ? "PASS (" : "REJECT (") + RemoteText(id) + ")"));
  return pass ? HR_OK : HR_ERROR;
}

EnHandleResult EchoServer::OnReceive(CONNID id, const uint8_t* data, int length) {
  received_ += static_cast<uint64_t>(length);
  Event(EventLine(id, "OnReceive", BytesContent(length)));
  return server_.Send(id, data, length) ? HR_OK : HR_ERROR;
}

EnHandleResult EchoServer::OnSend(CONNID id, const uint8_t*, int length) {
  sent_ += static_cast<uint64_t>(length);
  Event(EventLine(id, "OnSend", BytesContent(length)));
  return HR_OK;
}

EnHandleResult EchoServer::OnClose(CONNID id) {
  Event(EventLine(id, "OnClose"));
  return HR_OK;
}

EnHandleResult EchoServer::OnError(CONNID id, EnSocketOperation operation, int error_code) {
  Event(EventLine(id, "OnError", ErrorContent(operation, error_code)));
  return HR_OK;
}

EnHandleResult EchoServer::OnShutdown() {
  Event(EventLine(0, "OnShutdown"));
  Print(" *** Summary: send - " + std::to_string(sent_.exchange(0)) + ", recv - " +
        std::to_string(received_.exchange(0)));
  Print("$ Server Stop");
  return HR_OK;
}

std::string EchoServer::RemoteText(CONNID id) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  if (!server_.GetRemoteAddress(id, address, room, port)) return "?";
  return AddressText(address, port);
}

bool EchoServer::StartWith(std::string arguments) {
  std::string address = TakeWord(&arguments);
  uint64_t port = options_.server.port;
  const std::string port_text = TakeWord(&arguments);
  if (!port_text.empty() && !ParseNumber(port_text, 0, 65535, &port)) {
    PrintError("'" + port_text + "' is no port");
    return false;
  }
  return Start(address.empty() ? options_.server.bind_address : address, static_cast<uint16_t>(port));
}

bool EchoServer::ShowStatus() {
  std::string text = std::string("state: ") + StateText(server_.GetState()) + "\n";
  text += std::string("port: ") + server_.GetIoBackendDesc() + "\n";
  uint32_t count = server_.GetConnectionCount() + 64;  // some more may come meanwhile
  std::vector<CONNID> ids(count);
  if (!server_.GetAllConnectionIDs(ids.data(), count)) count = 0;
  text += "connections: " + std::to_string(count) + "\n";
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t age_ms = 0;
    uint32_t silence_ms = 0;
    int pending = 0;
    bool paused = false;
    if (!server_.GetConnectPeriod(ids[i], age_ms)) continue;  // has ended meanwhile
    server_.GetSilencePeriod(ids[i], silence_ms);
    server_.GetPendingDataLength(ids[i], pending);
    server_.IsPauseReceive(ids[i], paused);
    text += "  " + std::to_string(ids[i]) + "  " + RemoteText(ids[i]) + "  connected " +
            std::to_string(age_ms) + " ms, silent " + std::to_string(silence_ms) + " ms, pending " +
            std::to_string(pending) + " bytes" + (paused ? ", paused" : "") + "\n";
  }
  Print(text);
  return true;
}

bool EchoServer::ShowFigures() {
  HP_Stats stats;
  server_.GetStats(stats);
  Print("statistics since the last start:\n" + StatsText(stats));
  return true;
}

// The ID that `text` names; says so if it names none.
bool ParseId(const std::string& text, CONNID* id) {
  uint64_t number = 0;
  if (!ParseNumber(text, 1, UINTPTR_MAX, &number)) {
    PrintError(text.empty() ? "which connection? 'status' lists them" : "'" + text + "' is no connection ID");
    return false;
  }
  *id = static_cast<CONNID>(number);
  return true;
}

bool ParsePeriod(const std::string& text, uint32_t* period_ms) {
  uint64_t number = 0;
  if (!ParseNumber(text, 0, 0x7FFFFFFF, &number)) {
    PrintError("how many milliseconds? '" + text + "' is no number");
    return false;
  }
  *period_ms = static_cast<uint32_t>(number);
  return true;
}

bool EchoServer::SendTo(std::string arguments) {
  CONNID id = 0;
  if (!ParseId(TakeWord(&arguments), &id)) return false;
  if (arguments.empty()) {
    PrintError("send what? send <id> <text>");
    return false;
  }
  const bool sent = server_.Send(id, reinterpret_cast<const uint8_t*>(arguments.data()),
                                 static_cast<int>(arguments.size()));
  if (sent) {
    Print(SendOkLine(id, arguments));
  } else {
    PrintError(SendFailLine(id, Failure()));
  }
  return sent;
}

bool EchoServer::Kick(const std::string& argument) {
  CONNID id = 0;
  if (!ParseId(argument, &id)) return false;
  const bool done = server_.Disconnect(id);
  Print(DisconnectLine(id, done) + (done ? "" : " --> " + Failure()));
  return done;
}

bool EchoServer::KickOld(const std::string& argument) {
  uint32_t period_ms = 0;
  if (!ParsePeriod(argument, &period_ms)) return false;
  const bool any = server_.DisconnectLongConnections(period_ms);
  Print(any ? "$ Disconnect Long Connections OK" : "$ Disconnect Long Connections --> there is none");
  return true;
}

bool EchoServer::KickSilent(const std::string& argument) {
  uint32_t period_ms = 0;
  if (!ParsePeriod(argument, &period_ms)) return false;
  const bool any = server_.DisconnectSilenceConnections(period_ms);
  Print(any ? "$ Disconnect Silence Connections OK" : "$ Disconnect Silence Connections --> there is none");
  return true;
}

bool EchoServer::TogglePause(const std::string& argument) {
  CONNID id = 0;
  if (!ParseId(argument, &id)) return false;
  bool paused = false;
  if (!server_.IsPauseReceive(id, paused) || !server_.PauseReceive(id, !paused)) {
    PrintError("$ (" + argument + ") Pause Fail --> no such connection");
    return false;
  }
  Print("$ (" + argument + ") " + (paused ? "receives again" : "is paused"));
  return true;
}

void EchoServer::AddCommandsTo(CommandTable& commands) {
  commands.Add("start", "[address [port]]", "start listening",
               [this](std::string rest) { return StartWith(rest); });
  commands.Add("stop", "", "end every connection and stop", [this](std::string) { return Stop(); });
  commands.Add("status", "", "state and connections", [this](std::string) { return ShowStatus(); });
  commands.Add("send", "<id> <text>", "send to a connection",
               [this](std::string rest) { return SendTo(rest); });
  commands.Add("kick", "<id>", "disconnect a connection", [this](std::string rest) { return Kick(rest); });
  commands.Add("kickl", "<ms>", "disconnect those that are at least this old",
               [this](std::string rest) { return KickOld(rest); });
  commands.Add("kicks", "<ms>", "disconnect those that were silent for at least this long",
               [this](std::string rest) { return KickSilent(rest); });
  commands.Add("pause", "<id>", "stop or resume receiving",
               [this](std::string rest) { return TogglePause(rest); });
  commands.Add("stat", "", "the component's figures", [this](std::string) { return ShowFigures(); });
}

// Runs commands until the user, the input or a signal ends it.
int Serve(EchoServer& server, Console& console, const CommandTable& commands, bool interactive) {
  int exit_code = kExitOk;
  for (;;) {
    std::string line;
    const Console::Event event = console.Next(&line);
    if (event == Console::Event::kSignal || event == Console::Event::kEnd) break;
    if (event != Console::Event::kLine) continue;
    const CommandTable::Outcome outcome = commands.Run(line);
    if (outcome == CommandTable::Outcome::kExit) break;
    // A person sees what went wrong; a script needs to be told.
    if (outcome == CommandTable::Outcome::kFailed && !interactive) exit_code = kExitFailure;
  }
  if (server.running()) server.Stop();
  return exit_code;
}

int Run(int argc, char** argv) {
  Options options;
  OptionTable table("test_echo_server",
                    "An echo server to play with: it shows every event and takes commands.");
  options.server.AddTo(table);
  table.Text('j', "reject", "ADDRESS", "refuse connections from this address", &options.reject_address);
  table.Switch(0, "quiet", "do not show events", &options.quiet);
  table.Switch(0, "no-interactive", "take no commands; run until SIGINT or SIGTERM", &options.no_interactive);

  EchoServer server(options);
  CommandTable commands;
  server.AddCommandsTo(commands);
  commands.Add("connect", "", "clients connect, servers do not", [](std::string) {
    PrintError("a server waits for clients; run test_echo_client");
    return false;
  });
  commands.Add("args", "", "the command line's settings", [&table](std::string) {
    Print(table.Values());
    return true;
  });
  table.Notes(
      commands.Help() +
      "\nExit codes: 0 stopped by exit, the end of the input, SIGINT or SIGTERM; 1 it could not start, or a\n"
      "command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  RaiseDescriptorLimit();
  Console console;
  if (!options.no_interactive) console.ReadStdin();
  const bool interactive = !options.no_interactive && isatty(STDIN_FILENO) == 1;
  const bool started = server.Start(options.server.bind_address, static_cast<uint16_t>(options.server.port));
  if (!started && !interactive) return kExitFailure;
  if (interactive) Print("type 'help' for the commands");
  return Serve(server, console, commands, interactive);
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::Run(argc, argv); }
