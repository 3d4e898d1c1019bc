#include "hpsocket/sdk/demos/common/server_desk.h"

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/listening.h"
#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {
namespace {

// Of the call that has just failed on this thread.
std::string Failure() {
  const int error = errno;
  return ErrorText(error) + " [" + std::to_string(error) + "]";
}

}  // namespace

void ServerDeskSettings::AddTo(OptionTable& options, Carrier carrier) {
  server.AddTo(options, carrier);
  options.Text('j', "reject", "ADDRESS", "refuse connections from this address", &reject_address);
  DeskSettings::AddTo(options, "run until SIGINT or SIGTERM");
}

ServerDesk::ServerDesk(const ServerDeskSettings& settings, Carrier carrier, std::string client)
    : settings_(settings), carrier_(carrier), client_(std::move(client)) {}

void ServerDesk::Attach(IServer& server, bool takes_text) {
  server_ = &server;
  takes_text_ = takes_text;
}

bool ServerDesk::Start(const std::string& address, uint16_t port) {
  settings_.server.ApplyTo(*server_);
  server_->SetMarkSilence(true);  // for `status` and `kicks`
  if (!StartListening(*server_, address, port)) return false;
  SayListening(*server_);
  return true;
}

bool ServerDesk::StartWith(const std::string& arguments) {
  const std::optional<AddressAndPort> target =
      ParseTarget(arguments, settings_.server.bind_address, settings_.server.port, 0);
  return target && Start(target->address, target->port);
}

bool ServerDesk::Stop() {
  if (server_->Stop()) return true;
  PrintError("$ Server Stop Fail --> " + DescribeFailure(*server_, errno));
  return false;
}

void ServerDesk::HandlePrepareListen() {
  const std::string bind = AddressOf([this](auto&... out) { return server_->GetListenAddress(out...); });
  settings_.Event(EventLine(0, "OnPrepareListen", "bind address: " + bind));
}

EnHandleResult ServerDesk::HandleAccept(CONNID id) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  const bool known = server_->GetRemoteAddress(id, address, room, port);
  const bool pass = known && settings_.reject_address != address;
  settings_.Event(EventLine(id, "OnAccept", (pass ? "PASS (" : "REJECT (") + RemoteText(id) + ")"));
  return pass ? HR_OK : HR_ERROR;
}

void ServerDesk::HandleReceive(CONNID id, int length) {
  received_ += static_cast<uint64_t>(length);
  settings_.Event(EventLine(id, "OnReceive", BytesContent(length)));
}

void ServerDesk::HandleSend(CONNID id, int length) {
  sent_ += static_cast<uint64_t>(length);
  settings_.Event(EventLine(id, "OnSend", BytesContent(length)));
}

void ServerDesk::HandleClose(CONNID id) { settings_.Event(EventLine(id, "OnClose")); }

void ServerDesk::HandleError(CONNID id, EnSocketOperation operation, int error_code) {
  settings_.Event(EventLine(id, "OnError", ErrorContent(operation, error_code)));
}

void ServerDesk::HandleShutdown() {
  settings_.Event(EventLine(0, "OnShutdown"));
  const uint64_t sent = sent_.exchange(0);
  Print(SummaryLine(sent, received_.exchange(0)));
  Print("$ Server Stop");
}

std::string ServerDesk::RemoteText(CONNID id) {
  return AddressOf([this, id](auto&... out) { return server_->GetRemoteAddress(id, out...); });
}

// Empty if it has ended meanwhile.
std::string ServerDesk::StatusOf(CONNID id) {
  uint32_t age_ms = 0;
  uint32_t silence_ms = 0;
  int pending = 0;
  bool paused = false;
  if (!server_->GetConnectPeriod(id, age_ms)) return {};
  server_->GetSilencePeriod(id, silence_ms);
  server_->GetPendingDataLength(id, pending);
  if (carrier_ == Carrier::kTcp) server_->IsPauseReceive(id, paused);
  return "  " + std::to_string(id) + "  " + RemoteText(id) + "  connected " + std::to_string(age_ms) +
         " ms, silent " + std::to_string(silence_ms) + " ms, pending " + std::to_string(pending) + " bytes" +
         (paused ? ", paused" : "") + "\n";
}

bool ServerDesk::ShowStatus() {
  uint32_t count = server_->GetConnectionCount() + 64;  // some more may come meanwhile
  std::vector<CONNID> ids(count);
  if (!server_->GetAllConnectionIDs(ids.data(), count)) count = 0;
  std::string text = std::string("state: ") + StateText(server_->GetState()) +
                     "\nport: " + server_->GetIoBackendDesc() + "\nconnections: " + std::to_string(count) +
                     "\n";
  for (uint32_t i = 0; i < count; ++i) text += StatusOf(ids[i]);
  Print(text);
  return true;
}

bool ServerDesk::ShowFigures() {
  HP_Stats stats;
  server_->GetStats(stats);
  Print("statistics since the last start:\n" + StatsText(stats));
  return true;
}

bool ServerDesk::SendTo(std::string arguments) {
  CONNID id = 0;
  if (!ParseConnectionId(TakeWord(&arguments), &id)) return false;
  if (arguments.empty()) {
    PrintError("send what? send <id> <text>");
    return false;
  }
  if (!server_->Send(id, reinterpret_cast<const uint8_t*>(arguments.data()),
                     static_cast<int>(arguments.size()))) {
    PrintError(SendFailLine(id, Failure()));
    return false;
  }
  Print(SendOkLine(id, arguments));
  return true;
}

bool ServerDesk::Kick(const std::string& argument) {
  CONNID id = 0;
  if (!ParseConnectionId(argument, &id)) return false;
  const bool done = server_->Disconnect(id);
  Print(DisconnectLine(id, done) + (done ? "" : " --> " + Failure()));
  return done;
}

bool ServerDesk::KickOld(const std::string& argument) {
  uint32_t period_ms = 0;
  if (!ParsePeriod(argument, &period_ms)) return false;
  const bool any = server_->DisconnectLongConnections(period_ms);
  Print(any ? "$ Disconnect Long Connections OK" : "$ Disconnect Long Connections --> there is none");
  return true;
}

bool ServerDesk::KickSilent(const std::string& argument) {
  uint32_t period_ms = 0;
  if (!ParsePeriod(argument, &period_ms)) return false;
  const bool any = server_->DisconnectSilenceConnections(period_ms);
  Print(any ? "$ Disconnect Silence Connections OK" : "$ Disconnect Silence Connections --> there is none");
  return true;
}

bool ServerDesk::TogglePause(const std::string& argument) {
  CONNID id = 0;
  if (!ParseConnectionId(argument, &id)) return false;
  bool paused = false;
  if (!server_->IsPauseReceive(id, paused) || !server_->PauseReceive(id, !paused)) {
    PrintError("$ (" + argument + ") Pause Fail --> no such connection");
    return false;
  }
  Print("$ (" + argument + ") " + (paused ? "receives again" : "is paused"));
  return true;
}

void ServerDesk::AddCommandsTo(CommandTable& commands) {
  const auto add = [&](const char* name, const char* arguments, const char* help, auto method) {
    commands.Add(name, arguments, help, [this, method](std::string rest) { return (this->*method)(rest); });
  };
  add("start", "[address [port]]", "start listening", &ServerDesk::StartWith);
  commands.Add("stop", "", "end every connection and stop", [this](std::string) { return Stop(); });
  commands.Add("status", "", "state and connections", [this](std::string) { return ShowStatus(); });
  if (takes_text_) add("send", "<id> <text>", "send to a connection", &ServerDesk::SendTo);
  add("kick", "<id>", "disconnect a connection", &ServerDesk::Kick);
  add("kickl", "<ms>", "disconnect those that are at least this old", &ServerDesk::KickOld);
  add("kicks", "<ms>", "disconnect those that were silent for at least this long", &ServerDesk::KickSilent);
  if (carrier_ == Carrier::kTcp) add("pause", "<id>", "stop or resume receiving", &ServerDesk::TogglePause);
  commands.Add("stat", "", "the component's figures", [this](std::string) { return ShowFigures(); });
  commands.Add("connect", "", "clients connect, servers do not", [this](std::string) {
    PrintError("a server waits for clients; run " + client_);
    return false;
  });
}

int ServerDesk::Run(OptionTable& table, int argc, char** argv, const std::function<void()>& prepare) {
  CommandTable commands;
  AddCommandsTo(commands);
  AddArgumentsCommand(commands, table);
  table.Notes(
      commands.Help() +
      "\nExit codes: 0 stopped by exit, the end of the input, SIGINT or SIGTERM; 1 it could not start, or a\n"
      "command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  prepare();
  RaiseDescriptorLimit();
  Console console;
  if (!settings_.no_interactive) console.ReadStdin();
  const bool interactive = settings_.interactive();
  const bool started = Start(settings_.server.bind_address, static_cast<uint16_t>(settings_.server.port));
  if (!started && !interactive) return kExitFailure;
  if (interactive) Print("type 'help' for the commands");
  const bool worked = TakeCommands(
      console, commands, interactive, [] { return false; }, [] { return true; });
  if (server_->HasStarted()) Stop();
  return worked ? kExitOk : kExitFailure;
}

}  // namespace hpsocket::demos
