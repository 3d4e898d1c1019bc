#include "hpsocket/sdk/demos/common/client_desk.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {

void ClientSettings::AddTo(OptionTable& options, Connect connect) {
  options.Text('a', "address", "ADDRESS", "server: IPv4, IPv6 or a name", &address);
  options.Number('p', "port", "PORT", "server's port", 1, 65535, &port);
  if (connect == Connect::kEither) options.Switch('n', "async", "connect in the background", &async);
  AddBackendOption(options, &backend);
  options.Text(0, "text", "TEXT", "send this as soon as connected", &text);
  DeskSettings::AddTo(options, "end when --text has come back");
}

ClientDesk::ClientDesk(const ClientSettings& settings, Console& console, Carrier carrier, std::string server)
    : settings_(settings), console_(console), carrier_(carrier), server_(std::move(server)) {}

void ClientDesk::Attach(IClient& client, std::function<bool(const std::string&)> send) {
  client_ = &client;
  send_ = std::move(send);
  if (send_ == nullptr) send_ = [this](const std::string& text) { return SendPlain(text); };
}

bool ClientDesk::Start(const std::string& address, uint16_t port) {
  // A client whose connection has just ended takes a moment to stop by itself.
  if (ended_) client_->Wait(static_cast<int>(std::chrono::milliseconds(kEchoPatience).count()));
  if (!client_->HasStarted()) {
    sent_ = 0;
    received_ = 0;
    broken_ = false;
    ended_ = false;
    target_ = AddressText(address, port);
    client_->SetIoBackend(static_cast<EnIoBackend>(settings_.backend));
    if (settings_.async) Print(StartingLine("Client", address, port));
  }
  if (!client_->Start(address.c_str(), port, settings_.async)) {
    const int error = errno;
    PrintError(StartFailLine("Client", DescribeFailure(*client_, error)));
    if (error == ECONNREFUSED)
      PrintError("  nobody listens at " + target_ + "; is " + server_ + " running there?");
    return false;
  }
  if (!settings_.async) Print(StartOkLine("Client", address, port));
  return true;
}

bool ClientDesk::StartWith(const std::string& arguments) {
  const std::optional<AddressAndPort> target = ParseTarget(arguments, settings_.address, settings_.port, 1);
  return target && Start(target->address, target->port);
}

bool ClientDesk::Stop() {
  Print("$ Client Stopping ... --> (" + std::to_string(client_->GetConnectionID()) + ")");
  if (client_->Stop()) return true;
  PrintError("$ Client Stop Fail --> " + DescribeFailure(*client_, errno));
  return false;
}

bool ClientDesk::SendPlain(const std::string& text) {
  return Transmit(text, text.size(), [&] {
    return client_->Send(reinterpret_cast<const uint8_t*>(text.data()), static_cast<int>(text.size()));
  });
}

bool ClientDesk::Transmit(const std::string& text, uint64_t bytes, const std::function<bool()>& hand_over) {
  if (text.empty()) {
    PrintError("send what? send <text>");
    return false;
  }
  // Counted first: the echo may be here before the call has returned.
  sent_ += bytes;
  if (!hand_over()) {
    const int error = errno;
    sent_ -= bytes;
    PrintError(SendFailLine(client_->GetConnectionID(), DescribeFailure(*client_, error)));
    return false;
  }
  Print(SendOkLine(client_->GetConnectionID(), text));
  return true;
}

void ClientDesk::HandleConnect() {
  const std::string local = AddressOf([this](auto&... out) { return client_->GetLocalAddress(out...); });
  settings_.Event(EventLine(client_->GetConnectionID(), "OnConnect", "local address: " + local));
  if (settings_.async) Print("$ Client Start OK --> (" + target_ + ")");
  if (settings_.text.empty() || send_(settings_.text)) return;
  broken_ = true;  // nothing will come back
  console_.Wake();
}

void ClientDesk::HandleReceive(int length, const std::string& content) {
  received_ += static_cast<uint64_t>(length);  // first: whoever reads the line may go by it
  settings_.Event(EventLine(client_->GetConnectionID(), "OnReceive", content));
  console_.Wake();
}

void ClientDesk::HandleSend(int length) {
  settings_.Event(EventLine(client_->GetConnectionID(), "OnSend", BytesContent(length)));
}

void ClientDesk::HandleClose() {
  ended_ = true;  // before anybody can read that it is
  settings_.Event(EventLine(client_->GetConnectionID(), "OnClose"));
  Ended();
}

void ClientDesk::HandleError(EnSocketOperation operation, int error_code) {
  broken_ = true;
  ended_ = true;
  settings_.Event(EventLine(client_->GetConnectionID(), "OnError", ErrorContent(operation, error_code)));
  if (operation == SO_CONNECT)
    PrintError("$ Client Start Fail --> " + target_ + ": " + ErrorText(error_code));
  Ended();
}

void ClientDesk::Ended() {
  Print(SummaryLine(sent_, received_));
  console_.Wake();
}

bool ClientDesk::TogglePause() {
  bool paused = false;
  if (!client_->IsPauseReceive(paused) || !client_->PauseReceive(!paused)) {
    PrintError("$ Pause Fail --> not connected");
    return false;
  }
  Print(paused ? "$ receives again" : "$ is paused");
  return true;
}

bool ClientDesk::ShowStatus() {
  const std::string local = AddressOf([this](auto&... out) { return client_->GetLocalAddress(out...); });
  int pending = 0;
  bool paused = false;
  client_->GetPendingDataLength(pending);
  if (carrier_ == Carrier::kTcp) client_->IsPauseReceive(paused);
  Print(std::string("state: ") + StateText(client_->GetState()) + "\nport: " + client_->GetIoBackendDesc() +
        "\nconnection: " + std::to_string(client_->GetConnectionID()) +
        (local != "?" ? "  " + local + " -> " + target_ : "") + "\nsent " + std::to_string(sent_) +
        ", received " + std::to_string(received_) + ", pending " + std::to_string(pending) + " bytes" +
        (paused ? ", paused" : ""));
  return true;
}

bool ClientDesk::ShowFigures() {
  HP_Stats stats;
  client_->GetStats(stats);
  Print("statistics since the last start:\n" + StatsText(stats));
  return true;
}

void ClientDesk::AddCommandsTo(CommandTable& commands) {
  commands.Add("start", "[address [port]]", "connect", [this](std::string rest) { return StartWith(rest); });
  commands.Add("connect", "[address [port]]", "the same",
               [this](std::string rest) { return StartWith(rest); });
  commands.Add("stop", "", "disconnect", [this](std::string) { return Stop(); });
  commands.Add("status", "", "state and connection", [this](std::string) { return ShowStatus(); });
  commands.Add("send", "<text>", "send to the server", send_);
  if (carrier_ == Carrier::kTcp)
    commands.Add("pause", "", "stop or resume receiving", [this](std::string) { return TogglePause(); });
  commands.Add("stat", "", "the component's figures", [this](std::string) { return ShowFigures(); });
  for (const char* name : {"kick", "kickl", "kicks"}) {
    commands.Add(name, "", "servers have connections to kick; see stop", [](std::string) {
      PrintError("a client has one connection; 'stop' ends it");
      return false;
    });
  }
}

// Without commands there is nothing left to do once the connection has ended, or the one text is back or was
// not sent at all.
bool ClientDesk::Finished() {
  if (!settings_.no_interactive) return false;
  return !running() || broken_ || (!settings_.text.empty() && sent_ != 0 && echoed());
}

int ClientDesk::Run(OptionTable& table, int argc, char** argv, const std::function<std::string()>& prepare) {
  CommandTable commands;
  AddCommandsTo(commands);
  AddArgumentsCommand(commands, table);
  table.Notes(commands.Help() +
              "\nThe end of the input waits for what is still to come back, at most 5 seconds.\n"
              "Exit codes: 0 all that was sent came back; 1 it did not, the connection could not be made or "
              "was lost,\n"
              "or a command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  if (const std::string complaint = prepare(); !complaint.empty()) return table.Complain(complaint);
  const bool interactive = settings_.interactive();
  if (!settings_.no_interactive) console_.ReadStdin();
  if (!Start(settings_.address, static_cast<uint16_t>(settings_.port)) && !interactive) return kExitFailure;
  if (interactive) Print("type 'help' for the commands");
  const auto at_end = [this] {
    AwaitEcho(console_, [this] { return !running() || echoed(); });
    return true;
  };
  if (carrier_ == Carrier::kUdp && settings_.no_interactive && !settings_.text.empty()) {
    // A datagram may be lost, and answers to heartbeats would keep the session up for ever.
    AwaitEcho(console_, [this] { return Finished(); });
    broken_ = broken_ || !echoed();
  }
  bool worked = TakeCommands(
      console_, commands, interactive, [this] { return Finished(); }, at_end);
  if (!interactive && (broken_ || !echoed())) worked = false;
  if (running()) Stop();
  return worked ? kExitOk : kExitFailure;
}

}  // namespace hpsocket::demos
