// test_udp_cast: a member of a multicast group, or of everybody who hears broadcasts to a port, to play with.
// It shows every datagram with its sender and takes commands.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>

#include "hpsocket/cast/udp_cast.h"
#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

struct Options : DeskSettings {
  std::string address = "233.0.0.1";
  uint32_t port = 5555;
  std::string bind_address = "0.0.0.0";
  int mode = CM_MULTICAST;
  uint32_t ttl = 1;
  bool loop = true;
  bool reuse_address = false;
  std::string source;
  int backend = IO_AUTO;
  std::string text;
  uint32_t count = 0;
};

class Member : public CUdpCastListener {
 public:
  Member(const Options& options, Console& console) : options_(options), console_(console), cast_(this) {}

  bool Start(const std::string& address, uint16_t port);
  bool Stop();
  void AddCommandsTo(CommandTable& commands);

  bool running() { return cast_.HasStarted(); }
  // Whether as many datagrams have come as `--count` asks for.
  bool complete() const { return options_.count != 0 && datagrams_ >= options_.count; }
  // Whether the last membership ended by a fault.
  bool broken() const { return broken_; }

  using CUdpCastListener::OnReceive;
  EnHandleResult OnConnect(IClient* client) override;
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override;
  EnHandleResult OnSend(IClient* client, const uint8_t*, int length) override;
  EnHandleResult OnClose(IClient* client) override;
  EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override;

 private:
  bool StartWith(const std::string& arguments);
  bool Send(const std::string& text);
  bool ShowStatus();
  bool ShowFigures();
  void Ended();

  const Options& options_;  // filled in after construction, by the command line
  Console& console_;
  std::string target_;             // where the last Start went
  std::atomic<uint64_t> sent_{0};  // bytes, accepted by Send
  std::atomic<uint64_t> received_{0};
  std::atomic<uint32_t> datagrams_{0};  // received
  std::atomic<bool> broken_{false};
  CUdpCast cast_;  // last: it is gone, and with it every event, before the rest is
};

bool Member::Start(const std::string& address, uint16_t port) {
  if (!cast_.HasStarted()) {
    sent_ = 0;
    received_ = 0;
    datagrams_ = 0;
    broken_ = false;
    target_ = options_.mode == CM_BROADCAST ? "port " + std::to_string(port) : AddressText(address, port);
    cast_.SetIoBackend(static_cast<EnIoBackend>(options_.backend));
    cast_.SetBindAddress(options_.bind_address.c_str());
    cast_.SetCastMode(static_cast<EnCastMode>(options_.mode));
    cast_.SetMultiCastTtl(static_cast<int>(options_.ttl));
    cast_.SetMultiCastLoop(options_.loop);
    cast_.SetReuseAddress(options_.reuse_address);
    cast_.JoinSource(nullptr);  // sources add up
    if (!options_.source.empty() && !cast_.JoinSource(options_.source.c_str())) {
      PrintError("'" + options_.source + "' is no address to listen to");
      return false;
    }
  }
  if (!cast_.Start(address.c_str(), port)) {
    const int error = errno;
    PrintError(StartFailLine("Cast", DescribeFailure(cast_, error)));
    if (error == EADDRINUSE) {
      PrintError("  somebody on this host has the port; several members need --reuse-address, each of them");
    }
    return false;
  }
  Print(StartOkLine("Cast", address, port));
  return true;
}

bool Member::Stop() {
  if (cast_.Stop()) return true;
  PrintError("$ Cast Stop Fail --> " + DescribeFailure(cast_, errno));
  return false;
}

EnHandleResult Member::OnConnect(IClient* client) {
  const std::string local = AddressOf([client](auto&... out) { return client->GetLocalAddress(out...); });
  options_.Event(EventLine(client->GetConnectionID(), "OnConnect", "local address: " + local));
  return HR_OK;
}

EnHandleResult Member::OnReceive(IClient* client, const uint8_t* data, int length) {
  const std::string sender = AddressOf([this](auto&... out) { return cast_.GetRemoteAddress(out...); });
  received_ += static_cast<uint64_t>(length);
  options_.Event(EventLine(client->GetConnectionID(), "OnReceive",
                           "<" + sender + "> " + BytesContent(length) + " " + Preview(data, length)));
  ++datagrams_;  // last: the program may end when it has all
  console_.Wake();
  return HR_OK;
}

EnHandleResult Member::OnSend(IClient* client, const uint8_t*, int length) {
  options_.Event(EventLine(client->GetConnectionID(), "OnSend", BytesContent(length)));
  return HR_OK;
}

EnHandleResult Member::OnClose(IClient* client) {
  options_.Event(EventLine(client->GetConnectionID(), "OnClose"));
  Ended();
  return HR_OK;
}

EnHandleResult Member::OnError(IClient* client, EnSocketOperation operation, int error_code) {
  broken_ = true;
  options_.Event(EventLine(client->GetConnectionID(), "OnError", ErrorContent(operation, error_code)));
  Ended();
  return HR_OK;
}

void Member::Ended() {
  Print(SummaryLine(sent_, received_));
  console_.Wake();
}

bool Member::StartWith(const std::string& arguments) {
  const std::optional<AddressAndPort> target = ParseTarget(arguments, options_.address, options_.port, 1);
  return target && Start(target->address, target->port);
}

bool Member::Send(const std::string& text) {
  if (text.empty()) {
    PrintError("send what? send <text>");
    return false;
  }
  // Counted first: it may be here again before Send has returned.
  sent_ += text.size();
  if (!cast_.Send(reinterpret_cast<const uint8_t*>(text.data()), static_cast<int>(text.size()))) {
    const int error = errno;
    sent_ -= text.size();
    PrintError(SendFailLine(cast_.GetConnectionID(), DescribeFailure(cast_, error)));
    return false;
  }
  Print(SendOkLine(cast_.GetConnectionID(), text));
  return true;
}

bool Member::ShowStatus() {
  int pending = 0;
  cast_.GetPendingDataLength(pending);
  Print(std::string("state: ") + StateText(cast_.GetState()) + "\nport: " + cast_.GetIoBackendDesc() +
        "\nmember of: " + (running() ? target_ : "nothing") + "\nsent " + std::to_string(sent_) +
        " bytes, received " + std::to_string(datagrams_) + " datagrams of " + std::to_string(received_) +
        " bytes, pending " + std::to_string(pending) + " bytes");
  return true;
}

bool Member::ShowFigures() {
  HP_Stats stats;
  cast_.GetStats(stats);
  Print("statistics since the last start:\n" + StatsText(stats));
  return true;
}

void Member::AddCommandsTo(CommandTable& commands) {
  commands.Add("start", "[address [port]]", "join", [this](std::string rest) { return StartWith(rest); });
  commands.Add("stop", "", "leave", [this](std::string) { return Stop(); });
  commands.Add("status", "", "state and membership", [this](std::string) { return ShowStatus(); });
  commands.Add("send", "<text>", "send one datagram", [this](std::string rest) { return Send(rest); });
  commands.Add("stat", "", "the component's figures", [this](std::string) { return ShowFigures(); });
}

// Runs commands until the user, the input, a signal, enough datagrams or a fault ends it.
int Converse(Member& member, Console& console, const CommandTable& commands, const Options& options) {
  const auto finished = [&] { return member.complete() || (options.no_interactive && !member.running()); };
  // Whoever waits for datagrams goes on without commands.
  const auto at_end = [&] { return options.count == 0; };
  bool worked = TakeCommands(console, commands, options.interactive(), finished, at_end);
  if (member.broken() || (options.count != 0 && !member.complete())) worked = false;
  if (member.running()) member.Stop();
  return worked ? kExitOk : kExitFailure;
}

int Run(int argc, char** argv) {
  Options options;
  OptionTable table(
      "test_udp_cast",
      "A member of a multicast group, or of a broadcast: it shows every datagram and takes commands.");
  table.Text('a', "address", "ADDRESS", "group, IPv4 or IPv6; not used for broadcasts", &options.address);
  table.Number('p', "port", "PORT", "port of all members", 1, 65535, &options.port);
  table.Text('b', "bind", "ADDRESS", "own address, whose interface is used", &options.bind_address);
  table.OneOf('o', "mode", "whom to reach", {{"multicast", CM_MULTICAST}, {"broadcast", CM_BROADCAST}},
              &options.mode);
  table.Number('k', "ttl", "ROUTERS", "how many routers a datagram may pass, 1: none", 0, 255, &options.ttl);
  table.Switch('u', "loop", "hear this host's own datagrams", &options.loop);
  table.Switch('r', "reuse-address", "let other members on this host use the port", &options.reuse_address);
  table.Text(0, "source", "ADDRESS", "hear the group from this sender only", &options.source);
  AddBackendOption(table, &options.backend);
  table.Text(0, "text", "TEXT", "send this as soon as joined", &options.text);
  table.Number(0, "count", "DATAGRAMS", "end when so many have come; 0: never", 0, 1'000'000'000,
               &options.count);
  options.AddTo(table, "end by a signal or --count");

  Console console;
  Member member(options, console);
  CommandTable commands;
  member.AddCommandsTo(commands);
  AddArgumentsCommand(commands, table);
  table.Notes(
      commands.Help() +
      "\nDatagrams get lost: a network may drop any, and nobody is told.\n"
      "Exit codes: 0 left the group, or --count came; 1 could not join, or it ended before --count or by "
      "a fault,\n"
      "or a command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  if (!options.no_interactive) console.ReadStdin();
  const bool interactive = options.interactive();
  const bool started = member.Start(options.address, static_cast<uint16_t>(options.port));
  if (!started && !interactive) return kExitFailure;
  if (started && !options.text.empty()) {
    std::string text = "send " + options.text;
    if (commands.Run(text) == CommandTable::Outcome::kFailed && !interactive) return kExitFailure;
  }
  if (interactive) Print("type 'help' for the commands");
  return Converse(member, console, commands, options);
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
