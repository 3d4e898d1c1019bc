#include "hpsocket/sdk/demos/http_proxy/proxy.h"

#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>

#include "hpsocket/sdk/demos/common/listening.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/http_proxy/session.h"

namespace hpsocket::demos {
namespace {

// Most that one event brings: large enough for few of them, small beside the water marks.
constexpr uint32_t kSocketBufferSize = 32 * 1024;

std::string_view Bytes(const uint8_t* data, int length) {
  return {reinterpret_cast<const char*>(data), static_cast<size_t>(length)};
}

struct RemoteAddress {
  std::string text;
  uint16_t port = 0;
};

RemoteAddress RemoteOf(IComplexSocket& socket, CONNID id) {
  char address[64];
  int room = sizeof(address);
  RemoteAddress remote;
  if (socket.GetRemoteAddress(id, address, room, remote.port)) remote.text = address;
  return remote;
}

template <class Component>
void Apply(const ProxySettings& settings, Component& component) {
  if (settings.threads != 0) component.SetWorkerThreadCount(settings.threads);
  component.SetIoBackend(static_cast<EnIoBackend>(settings.backend));
  component.SetSocketBufferSize(kSocketBufferSize);
}

}  // namespace

Session* Proxy::ClientSide::Find(CONNID id) {
  void* extra = nullptr;
  return proxy_.server_->GetConnectionExtra(id, &extra) ? static_cast<Session*>(extra) : nullptr;
}

EnHandleResult Proxy::ClientSide::OnAccept(CONNID id, SOCKET socket) {
  proxy_.LearnOwnEndpoint();
  const RemoteAddress remote = RemoteOf(*proxy_.server_, id);
  const auto session =
      std::make_shared<Session>(proxy_.services_, id, socket, AddressText(remote.text, remote.port));
  proxy_.server_->SetConnectionExtra(id, session.get());
  proxy_.sessions_.Add(id, session);
  return HR_OK;
}

EnHandleResult Proxy::ClientSide::OnReceive(CONNID id, const uint8_t* data, int length) {
  if (Session* const session = Find(id)) session->ClientReceived(Bytes(data, length));
  return HR_OK;
}

EnHandleResult Proxy::ClientSide::OnSend(CONNID id, const uint8_t*, int) {
  if (Session* const session = Find(id)) session->ClientSent();
  return HR_OK;
}

EnHandleResult Proxy::ClientSide::Gone(CONNID id, int error) {
  if (const std::shared_ptr<Session> session = proxy_.sessions_.Take(id)) session->ClientGone(error);
  return HR_OK;
}

EnHandleResult Proxy::ClientSide::OnClose(CONNID id) { return Gone(id, 0); }

EnHandleResult Proxy::ClientSide::OnError(CONNID id, EnSocketOperation, int error_code) {
  return Gone(id, error_code);
}

Session* Proxy::OriginSide::Find(CONNID id) {
  void* extra = nullptr;
  return proxy_.agent_->GetConnectionExtra(id, &extra) ? static_cast<Session*>(extra) : nullptr;
}

EnHandleResult Proxy::OriginSide::OnPrepareConnect(CONNID id, SOCKET socket) {
  proxy_.sessions_.KeepSocket(id, socket);
  return HR_OK;
}

EnHandleResult Proxy::OriginSide::OnConnect(CONNID id) {
  const SOCKET socket = proxy_.sessions_.TakeSocket(id);
  const std::shared_ptr<Session> session = proxy_.sessions_.Find(id);
  if (session == nullptr) return HR_OK;
  proxy_.agent_->SetConnectionExtra(id, session.get());
  const std::string text = RemoteOf(*proxy_.agent_, id).text;
  const std::optional<IpAddress> address = IpAddress::Parse(text.substr(0, text.find('%')));
  session->OriginConnected(id, socket, address.value_or(IpAddress()));
  return HR_OK;
}

EnHandleResult Proxy::OriginSide::OnReceive(CONNID id, const uint8_t* data, int length) {
  if (Session* const session = Find(id)) session->OriginReceived(id, Bytes(data, length));
  return HR_OK;
}

EnHandleResult Proxy::OriginSide::OnSend(CONNID id, const uint8_t*, int) {
  if (Session* const session = Find(id)) session->OriginSent(id);
  return HR_OK;
}

EnHandleResult Proxy::OriginSide::Gone(CONNID id, int error) {
  proxy_.sessions_.TakeSocket(id);  // it may not have been connected
  if (const std::shared_ptr<Session> session = proxy_.sessions_.Take(id)) session->OriginGone(id, error);
  return HR_OK;
}

EnHandleResult Proxy::OriginSide::OnClose(CONNID id) { return Gone(id, 0); }

EnHandleResult Proxy::OriginSide::OnError(CONNID id, EnSocketOperation, int error_code) {
  return Gone(id, error_code);
}

Proxy::Proxy(const ProxySettings& settings)
    : settings_(settings),
      server_(&client_side_),
      agent_(&origin_side_),
      services_{*server_, *agent_, sessions_, settings.access, settings.timeouts, own_, statistics_, log_} {}

Proxy::~Proxy() { Stop(); }

bool Proxy::StartAgent() {
  Apply(settings_, *agent_);
  // A client that gives up on a slow origin does not wait for it, and neither do the others.
  if (agent_->Start(nullptr, true)) return true;
  PrintError(StartFailLine("Agent", DescribeFailure(*agent_, errno)));
  return false;
}

bool Proxy::Start() {
  if (!StartAgent()) return false;
  Apply(settings_, *server_);
  server_->SetMaxConnectionCount(settings_.max_connections);
  if (!StartListening(*server_, settings_.bind_address, static_cast<uint16_t>(settings_.port))) {
    agent_->Stop();
    return false;
  }
  const ListenAddress bound = AskListenAddress();
  Print(StartOkLine("Server", bound.text.c_str(), bound.port));
  if (settings_.access.empty()) Print("no --allow and no --deny: every target may be reached");
  Print("listening on " + AddressText(bound.text, bound.port));
  return true;
}

Proxy::ListenAddress Proxy::AskListenAddress() {
  char text[64];
  int room = sizeof(text);
  ListenAddress bound;
  if (server_->GetListenAddress(text, room, bound.port)) bound.text = text;
  return bound;
}

void Proxy::LearnOwnEndpoint() {
  std::call_once(own_learnt_, [this] {
    const ListenAddress bound = AskListenAddress();
    own_.Listens(bound.text, bound.port);
  });
}

void Proxy::Stop() {
  for (const std::shared_ptr<Session>& session : sessions_.All()) session->PrepareForStop();
  if (server_->HasStarted()) server_->Stop();
  if (agent_->HasStarted()) agent_->Stop();
}

void Proxy::Tick() {
  const Session::Clock::time_point now = Session::Clock::now();
  for (const std::shared_ptr<Session>& session : sessions_.All()) session->Tick(now);
}

std::string Proxy::StatusText() {
  return std::string("state: ") + StateText(server_->GetState()) + "\nport: " + server_->GetIoBackendDesc() +
         "\nclients: " + std::to_string(server_->GetConnectionCount()) +
         "\norigins: " + std::to_string(agent_->GetConnectionCount());
}

std::string Proxy::FiguresText() {
  HP_Stats clients;
  HP_Stats origins;
  server_->GetStats(clients);
  agent_->GetStats(origins);
  return "statistics since the start:\n" + statistics_.Text(clients, origins);
}

std::string Proxy::SummaryText() {
  HP_Stats clients;
  server_->GetStats(clients);
  return statistics_.Summary(clients);
}

}  // namespace hpsocket::demos
