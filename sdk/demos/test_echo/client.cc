// test_echo_client: one connection to an echo server, to play with. It shows every event and takes commands.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/tcp_client/tcp_client.h"

namespace hpsocket::demos {
namespace {

using Clock = std::chrono::steady_clock;

// How long the end of the input waits for bytes that are still to come back.
constexpr std::chrono::seconds kPatience{5};

struct Options {
  std::string address = "127.0.0.1";
  uint32_t port = 5555;
  bool async = false;
  bool keep_alive = true;
  int backend = IO_AUTO;
  std::string text;
  bool quiet = false;
  bool no_interactive = false;
};

class EchoClient : public CTcpClientListener {
 public:
  EchoClient(const Options& options, Console& console)
      : options_(options), console_(console), client_(this) {}

  bool Start(const std::string& address, uint16_t port);
  bool Stop();
  void AddCommandsTo(CommandTable& commands);

  // Whether there is a connection, or one in the making.
  bool running() { return client_.HasStarted() && !ended_; }
  // Whether everything that was sent has come back; `answered`: and that was something.
  bool echoed() const { return received_ >= sent_; }
  bool answered() const { return sent_ != 0 && echoed(); }
  // Whether the last connection could not be made or was lost.
  bool broken() const { return broken_; }

  using CTcpClientListener::OnReceive;
  EnHandleResult OnConnect(IClient* client) override;
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override;
  EnHandleResult OnSend(IClient* client, const uint8_t*, int length) override;
  EnHandleResult OnClose(IClient* client) override;
  EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override;

 private:
  bool StartWith(std::string arguments);
  bool Send(const std::string& text);
  bool TogglePause();
  bool ShowStatus();
  bool ShowFigures();
  void Ended();

  void Event(const std::string& line) {
    if (!options_.quiet) Print(line);
  }

  const Options& options_;
  Console& console_;
  std::string target_;             // where the last Start went
  std::atomic<uint64_t> sent_{0};  // accepted by Send
  std::atomic<uint64_t> received_{0};
  std::atomic<bool> broken_{false};
  std::atomic<bool> ended_{false};  // the connection's last event has come
  CTcpClient client_;               // last: it is gone, and with it every event, before the rest is
};

bool EchoClient::Start(const std::string& address, uint16_t port) {
  // A client whose connection has just ended takes a moment to stop by itself.
  if (ended_) client_.Wait(static_cast<int>(std::chrono::milliseconds(kPatience).count()));
  if (!client_.HasStarted()) {
    sent_ = 0;
    received_ = 0;
    broken_ = false;
    ended_ = false;
    target_ = AddressText(address, port);
    client_.SetIoBackend(static_cast<EnIoBackend>(options_.backend));
    if (!options_.keep_alive) client_.SetKeepAliveTime(0);
    if (options_.async) Print(StartingLine("Client", address, port));
  }
  if (!client_.Start(address.c_str(), port, options_.async)) {
    const int error = errno;
    PrintError(StartFailLine("Client", DescribeFailure(client_, error)));
    if (error == ECONNREFUSED)
      PrintError("  nobody listens at " + target_ + "; is test_echo_server running there?");
    return false;
  }
  if (!options_.async) Print(StartOkLine("Client", address, port));
  return true;
}

bool EchoClient::Stop() {
  Print("$ Client Stopping ... --> (" + std::to_string(client_.GetConnectionID()) + ")");
  if (client_.Stop()) return true;
  PrintError("$ Client Stop Fail --> " + DescribeFailure(client_, errno));
  return false;
}

EnHandleResult EchoClient::OnConnect(IClient* client) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  client->GetLocalAddress(address, room, port);
  Event(EventLine(client->GetConnectionID(), "OnConnect", "local address: " + AddressText(address, port)));
  if (options_.async) Print("$ Client Start OK --> (" + target_ + ")");
  if (!options_.text.empty()) Send(options_.text);
  return HR_OK;
}

EnHandleResult EchoClient::OnReceive(IClient* client, const uint8_t* data, int length) {
  received_ += static_cast<uint64_t>(length);
  Event(
      EventLine(client->GetConnectionID(), "OnReceive", BytesContent(length) + " " + Preview(data, length)));
  console_.Wake();
  return HR_OK;
}

EnHandleResult EchoClient::OnSend(IClient* client, const uint8_t*, int length) {
  Event(EventLine(client->GetConnectionID(), "OnSend", BytesContent(length)));
  return HR_OK;
}

EnHandleResult EchoClient::OnClose(IClient* client) {
  ended_ = true;  // before anybody can read that it is
  Event(EventLine(client->GetConnectionID(), "OnClose"));
  Ended();
  return HR_OK;
}

EnHandleResult EchoClient::OnError(IClient* client, EnSocketOperation operation, int error_code) {
  broken_ = true;
  ended_ = true;
  Event(EventLine(client->GetConnectionID(), "OnError", ErrorContent(operation, error_code)));
  if (operation == SO_CONNECT)
    PrintError("$ Client Start Fail --> " + target_ + ": " + ErrorText(error_code));
  Ended();
  return HR_OK;
}

void EchoClient::Ended() {
  Print(" *** Summary: send - " + std::to_string(sent_) + ", recv - " + std::to_string(received_));
  console_.Wake();
}

bool EchoClient::StartWith(std::string arguments) {
  const std::string address = TakeWord(&arguments);
  uint64_t port = options_.port;
  const std::string port_text = TakeWord(&arguments);
  if (!port_text.empty() && !ParseNumber(port_text, 1, 65535, &port)) {
    PrintError("'" + port_text + "' is no port");
    return false;
  }
  return Start(address.empty() ? options_.address : address, static_cast<uint16_t>(port));
}

bool EchoClient::Send(const std::string& text) {
  if (text.empty()) {
    PrintError("send what? send <text>");
    return false;
  }
  // Counted first: the echo may be here before Send has returned.
  sent_ += text.size();
  if (!client_.Send(reinterpret_cast<const uint8_t*>(text.data()), static_cast<int>(text.size()))) {
    const int error = errno;
    sent_ -= text.size();
    PrintError(SendFailLine(client_.GetConnectionID(), DescribeFailure(client_, error)));
    return false;
  }
  Print(SendOkLine(client_.GetConnectionID(), text));
  return true;
}

bool EchoClient::TogglePause() {
  bool paused = false;
  if (!client_.IsPauseReceive(paused) || !client_.PauseReceive(!paused)) {
    PrintError("$ Pause Fail --> not connected");
    return false;
  }
  Print(paused ? "$ receives again" : "$ is paused");
  return true;
}

bool EchoClient::ShowStatus() {
  char address[64] = "-";
  int room = sizeof(address);
  uint16_t port = 0;
  int pending = 0;
  bool paused = false;
  const bool connected = client_.GetLocalAddress(address, room, port);
  client_.GetPendingDataLength(pending);
  client_.IsPauseReceive(paused);
  Print(std::string("state: ") + StateText(client_.GetState()) + "\nport: " + client_.GetIoBackendDesc() +
        "\nconnection: " + std::to_string(client_.GetConnectionID()) +
        (connected ? "  " + AddressText(address, port) + " -> " + target_ : "") + "\nsent " +
        std::to_string(sent_) + ", received " + std::to_string(received_) + ", pending " +
        std::to_string(pending) + " bytes" + (paused ? ", paused" : ""));
  return true;
}

bool EchoClient::ShowFigures() {
  HP_Stats stats;
  client_.GetStats(stats);
  Print("statistics since the last start:\n" + StatsText(stats));
  return true;
}

void EchoClient::AddCommandsTo(CommandTable& commands) {
  commands.Add("start", "[address [port]]", "connect", [this](std::string rest) { return StartWith(rest); });
  commands.Add("connect", "[address [port]]", "the same",
               [this](std::string rest) { return StartWith(rest); });
  commands.Add("stop", "", "disconnect", [this](std::string) { return Stop(); });
  commands.Add("status", "", "state and connection", [this](std::string) { return ShowStatus(); });
  commands.Add("send", "<text>", "send to the server", [this](std::string rest) { return Send(rest); });
  commands.Add("pause", "", "stop or resume receiving", [this](std::string) { return TogglePause(); });
  commands.Add("stat", "", "the component's figures", [this](std::string) { return ShowFigures(); });
  for (const char* name : {"kick", "kickl", "kicks"}) {
    commands.Add(name, "", "servers have connections to kick; see stop", [](std::string) {
      PrintError("a client has one connection; 'stop' ends it");
      return false;
    });
  }
}

// Lets what was sent come back before the connection is ended; a signal cuts it short.
void AwaitEcho(EchoClient& client, Console& console) {
  const Clock::time_point deadline = Clock::now() + kPatience;
  while (client.running() && !client.echoed() && Clock::now() < deadline) {
    std::string line;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (console.Next(&line, std::max(left, std::chrono::milliseconds(0))) == Console::Event::kSignal) return;
  }
}

// Runs commands until the user, the input, a signal or, without commands, the connection ends it.
int Converse(EchoClient& client, Console& console, const CommandTable& commands, const Options& options,
             bool interactive) {
  bool failed = false;
  for (;;) {
    // Without commands there is nothing left to do once the connection has ended or the one text is back.
    if (options.no_interactive && !client.running()) break;
    if (options.no_interactive && !options.text.empty() && client.answered()) break;
    std::string line;
    const Console::Event event = console.Next(&line);
    if (event == Console::Event::kSignal) break;
    if (event == Console::Event::kEnd) {
      AwaitEcho(client, console);
      break;
    }
    if (event != Console::Event::kLine) continue;
    const CommandTable::Outcome outcome = commands.Run(line);
    if (outcome == CommandTable::Outcome::kExit) break;
    // A person sees what went wrong; a script needs to be told.
    if (outcome == CommandTable::Outcome::kFailed && !interactive) failed = true;
  }
  if (!interactive && (client.broken() || !client.echoed())) failed = true;
  if (client.running()) client.Stop();
  return failed ? kExitFailure : kExitOk;
}

int Run(int argc, char** argv) {
  Options options;
  OptionTable table("test_echo_client",
                    "A client for an echo server: it shows every event and takes commands.");
  table.Text('a', "address", "ADDRESS", "server: IPv4, IPv6 or a name", &options.address);
  table.Number('p', "port", "PORT", "server's port", 1, 65535, &options.port);
  table.Switch('n', "async", "connect in the background", &options.async);
  table.Switch('q', "keep-alive", "probe a silent connection", &options.keep_alive);
  AddBackendOption(table, &options.backend);
  table.Text(0, "text", "TEXT", "send this as soon as connected", &options.text);
  table.Switch(0, "quiet", "do not show events", &options.quiet);
  table.Switch(0, "no-interactive", "take no commands; end when --text has come back",
               &options.no_interactive);

  Console console;
  EchoClient client(options, console);
  CommandTable commands;
  client.AddCommandsTo(commands);
  commands.Add("args", "", "the command line's settings", [&table](std::string) {
    Print(table.Values());
    return true;
  });
  table.Notes(commands.Help() +
              "\nThe end of the input waits for what is still to come back, at most 5 seconds.\n"
              "Exit codes: 0 all that was sent came back; 1 it did not, the connection could not be made or "
              "was lost,\n"
              "or a command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  if (!options.no_interactive) console.ReadStdin();
  const bool interactive = !options.no_interactive && isatty(STDIN_FILENO) == 1;
  const bool started = client.Start(options.address, static_cast<uint16_t>(options.port));
  if (!started && !interactive) return kExitFailure;
  if (interactive) Print("type 'help' for the commands");
  return Converse(client, console, commands, options, interactive);
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::Run(argc, argv); }
