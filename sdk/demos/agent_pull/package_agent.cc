#include "hpsocket/sdk/demos/agent_pull/package_agent.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

using Lock = std::lock_guard<std::mutex>;

std::string About(CONNID id) { return "$ (" + std::to_string(id) + ") "; }

}  // namespace

void AgentSettings::AddTo(OptionTable& options) {
  options.Text('a', "address", "ADDRESS", "server: IPv4, IPv6 or a name", &address);
  options.Number('p', "port", "PORT", "server's port", 1, 65535, &port);
  options.Text('b', "bind", "ADDRESS", "local address of every connection; empty = any", &bind_address);
  options.Number('c', "connections", "COUNT", "so many at the start", 0, 10'000, &connections);
  AddBackendOption(options, &backend);
  options.Text(0, "text", "TEXT", "send this over each connection as soon as it is there", &text);
  DeskSettings::AddTo(options, "end when --text has come back");
}

PackageAgent::PackageAgent(const AgentSettings& settings, Console& console)
    : settings_(settings), console_(console), agent_(this) {
  if (!agent_.IsValid()) throw std::bad_alloc();
}

bool PackageAgent::Start() {
  if (!running()) agent_->SetIoBackend(static_cast<EnIoBackend>(settings_.backend));
  const char* const bind_address = settings_.bind_address.empty() ? nullptr : settings_.bind_address.c_str();
  if (agent_->Start(bind_address, true)) {
    Print("$ Agent Start OK");
    return true;
  }
  PrintError(StartFailLine("Agent", DescribeFailure(*agent_.Get(), errno)));
  return false;
}

bool PackageAgent::Stop() {
  if (agent_->Stop()) {
    Print("$ Agent Stop");
    return true;
  }
  PrintError("$ Agent Stop Fail --> " + DescribeFailure(*agent_.Get(), errno));
  return false;
}

bool PackageAgent::Connect(const std::string& address, uint16_t port) {
  // Its events, which may come before Connect returns, wait until the connection is known here.
  const Lock lock(mutex_);
  CONNID id = 0;
  if (!agent_->Connect(address.c_str(), port, &id)) {
    const int error = errno;
    PrintError(About(id) + "Connect Fail --> " + AddressText(address, port) + ": " + ErrorText(error));
    failed_ = true;
    return false;
  }
  Connection& connection = connections_[id];
  connection.target = AddressText(address, port);
  if (!settings_.text.empty()) connection.later.push_back(settings_.text);
  Print(About(id) + "Connecting ... --> (" + connection.target + ")");
  return true;
}

// --- Events ---

EnHandleResult PackageAgent::OnConnect(CONNID id) {
  const std::string local = AddressOf([&](auto&... out) { return agent_->GetLocalAddress(id, out...); });
  const Lock lock(mutex_);
  Connection& connection = connections_[id];
  if (!agent_->SetConnectionExtra(id, &connection)) return HR_ERROR;
  settings_.Event(EventLine(id, "OnConnect", "local address: " + local));
  Print(About(id) + "Connect OK --> (" + connection.target + ")");
  connection.connected = true;
  for (const std::string& text : std::exchange(connection.later, {})) {
    if (!SendNow(id, connection, text)) failed_ = true;
  }
  console_.Wake();
  return HR_OK;
}

EnHandleResult PackageAgent::OnReceive(CONNID id, int length) {
  void* extra = nullptr;
  if (!agent_->GetConnectionExtra(id, &extra) || extra == nullptr) return HR_ERROR;
  Connection& connection = *static_cast<Connection*>(extra);
  const bool parsed = connection.parser.Parse(
      length, [&](uint8_t* data, int size) { return agent_->Fetch(id, data, size) == FR_OK; },
      [&](bool is_header, const uint8_t* data, int size) {
        return TakePart(id, connection, is_header, data, size);
      });
  if (parsed) return HR_OK;
  PrintError(About(id) + "what came back is not what was sent");
  const Lock lock(mutex_);
  failed_ = true;
  return HR_ERROR;
}

bool PackageAgent::TakePart(CONNID id, Connection& connection, bool is_header, const uint8_t* data,
                            int length) {
  const size_t size = static_cast<size_t>(length);
  const Lock lock(mutex_);
  received_ += size;
  if (connection.owed.empty()) return false;
  const Package& package = connection.owed.front();
  if (is_header) {
    if (std::memcmp(&package.header, data, sizeof(package.header)) != 0) return false;
    settings_.Event(EventLine(id, "OnReceive",
                              "seq: " + std::to_string(package.header.seq) +
                                  ", body: " + std::to_string(package.header.body_len) + " bytes"));
    return true;
  }
  if (!std::equal(package.body.begin(), package.body.end(), data, data + size)) return false;
  settings_.Event(EventLine(id, "OnReceive", PackageText(data, length)));
  connection.owed.pop_front();
  console_.Wake();
  return true;
}

EnHandleResult PackageAgent::OnSend(CONNID id, const uint8_t*, int length) {
  settings_.Event(EventLine(id, "OnSend", BytesContent(length)));
  return HR_OK;
}

EnHandleResult PackageAgent::OnClose(CONNID id) {
  settings_.Event(EventLine(id, "OnClose"));
  EndConnection(id);
  return HR_OK;
}

EnHandleResult PackageAgent::OnError(CONNID id, EnSocketOperation operation, int error_code) {
  settings_.Event(EventLine(id, "OnError", ErrorContent(operation, error_code)));
  if (operation == SO_CONNECT) {
    const Lock lock(mutex_);
    PrintError(About(id) + "Connect Fail --> " + connections_[id].target + ": " + ErrorText(error_code));
    failed_ = true;
  }
  EndConnection(id);
  return HR_OK;
}

void PackageAgent::EndConnection(CONNID id) {
  const Lock lock(mutex_);
  const Connection& connection = connections_[id];
  const size_t lost = connection.owed.size() + connection.later.size();
  if (lost != 0) {
    PrintError(About(id) + "ended; packages lost: " + std::to_string(lost));
    failed_ = true;
  }
  connections_.erase(id);
  console_.Wake();
}

EnHandleResult PackageAgent::OnShutdown() {
  settings_.Event(EventLine(0, "OnShutdown"));
  return HR_OK;
}

// --- What the program asks ---

uint32_t PackageAgent::connections() {
  const Lock lock(mutex_);
  return static_cast<uint32_t>(connections_.size());
}

bool PackageAgent::settled() {
  const Lock lock(mutex_);
  return std::all_of(connections_.begin(), connections_.end(),
                     [](const auto& entry) { return entry.second.connected && entry.second.owed.empty(); });
}

bool PackageAgent::failed() {
  const Lock lock(mutex_);
  return failed_;
}

std::string PackageAgent::Totals() {
  const Lock lock(mutex_);
  return SummaryLine(sent_, received_);
}

// --- Commands ---

bool PackageAgent::ConnectWith(const std::string& arguments) {
  const std::optional<AddressAndPort> target = ParseTarget(arguments, settings_.address, settings_.port, 1);
  return target && Connect(target->address, target->port);
}

bool PackageAgent::Send(std::string arguments) {
  const std::string whom = TakeWord(&arguments);
  CONNID id = 0;
  if (whom != "all" && !ParseConnectionId(whom, &id)) return false;
  if (!CheckPackageText(arguments)) return false;
  const Lock lock(mutex_);
  if (whom != "all") {
    const auto found = connections_.find(id);
    if (found != connections_.end()) return SendTo(id, found->second, arguments);
    PrintError(SendFailLine(id, ErrorText(EBADSLT)));
    return false;
  }
  if (connections_.empty()) PrintError("there is no connection; connect first");
  bool sent = !connections_.empty();
  for (auto& [each, connection] : connections_) sent &= SendTo(each, connection, arguments);
  return sent;
}

bool PackageAgent::SendTo(CONNID id, Connection& connection, const std::string& text) {
  if (connection.connected) return SendNow(id, connection, text);
  connection.later.push_back(text);
  Print(About(id) + "is connecting; it is sent then");
  return true;
}

bool PackageAgent::SendNow(CONNID id, Connection& connection, const std::string& text) {
  // Known before it can come back.
  Package& package = connection.owed.emplace_back(MakePackage(++seq_, text));
  const WSABUF pieces[] = {{sizeof(package.header), reinterpret_cast<uint8_t*>(&package.header)},
                           {static_cast<uint32_t>(package.body.size()), package.body.data()}};
  if (!agent_->SendPackets(id, pieces, 2)) {
    const int error = errno;
    connection.owed.pop_back();
    PrintError(SendFailLine(id, ErrorText(error)));
    return false;
  }
  sent_ += package.size();
  Print(SendOkLine(id, text));
  return true;
}

bool PackageAgent::Kick(const std::string& argument) {
  CONNID id = 0;
  if (!ParseConnectionId(argument, &id)) return false;
  // At once: what was not sent yet is lost.
  const bool kicked = agent_->Disconnect(id, true);
  Print(DisconnectLine(id, kicked));
  return kicked;
}

bool PackageAgent::ShowStatus() {
  const Lock lock(mutex_);
  std::string text = std::string("state: ") + StateText(agent_->GetState()) +
                     "\nport: " + agent_->GetIoBackendDesc() +
                     "\nconnections: " + std::to_string(connections_.size());
  for (const auto& [id, connection] : connections_) {
    const CONNID each = id;
    const std::string local = AddressOf([&](auto&... out) { return agent_->GetLocalAddress(each, out...); });
    text += "\n  " + std::to_string(id) + "  " +
            (connection.connected ? local + " -> " + connection.target +
                                        ", packages under way: " + std::to_string(connection.owed.size())
                                  : "connecting to " + connection.target);
  }
  Print(text);
  return true;
}

bool PackageAgent::ShowFigures() {
  HP_Stats stats;
  agent_->GetStats(stats);
  Print("statistics since the last start:\n" + StatsText(stats));
  return true;
}

void PackageAgent::AddCommandsTo(CommandTable& commands) {
  commands.Add("start", "", "start the agent", [this](std::string) { return Start(); });
  commands.Add("stop", "", "stop it: every connection ends", [this](std::string) { return Stop(); });
  commands.Add("connect", "[address [port]]", "make one more connection, in the background",
               [this](std::string rest) { return ConnectWith(rest); });
  commands.Add("send", "<id>|all <text>", "send a package", [this](std::string rest) { return Send(rest); });
  commands.Add("kick", "<id>", "disconnect, at once", [this](std::string rest) { return Kick(rest); });
  commands.Add("status", "", "state and connections", [this](std::string) { return ShowStatus(); });
  commands.Add("stat", "", "the component's figures", [this](std::string) { return ShowFigures(); });
}

}  // namespace hpsocket::demos
