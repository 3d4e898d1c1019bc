#include "hpsocket/sdk/demos/agent_pfm/agent_transport.h"

#include <cerrno>

#include "hpsocket/core/api/error_map.h"
#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {

void AgentSettings::AddTo(OptionTable& options) {
  options.Text('b', "bind", "ADDRESS", "local address of every connection", &bind_address);
  workers.AddTo(options);
  options.Number(0, "buffer-size", "BYTES", "most bytes per OnReceive; 0 = the library's default", 0,
                 0x7FFFFFFF, &buffer_size);
}

AgentTransport::AgentTransport(const RunOptions& options, const AgentSettings& settings, Exchanges& exchanges)
    : options_(options), settings_(settings), exchanges_(exchanges), ids_(exchanges.size()), agent_(this) {}

AgentTransport::~AgentTransport() { Close(); }

bool AgentTransport::Open() {
  settings_.workers.ApplyTo(agent_);
  agent_.SetIoBackend(static_cast<EnIoBackend>(options_.backend));
  if (settings_.buffer_size != 0) agent_.SetSocketBufferSize(settings_.buffer_size);
  if (agent_.Start(settings_.bind_address.c_str(), false)) return true;
  PrintError(StartFailLine("Agent", DescribeFailure(agent_, errno)));
  return false;
}

bool AgentTransport::Connect(size_t index) {
  connecting_ = exchanges_[index].get();
  return agent_.Connect(options_.address.c_str(), static_cast<uint16_t>(options_.port), &ids_[index]);
}

void AgentTransport::CancelConnect() { agent_.Stop(); }

bool AgentTransport::Send(size_t index, const uint8_t* data, int length) {
  return agent_.Send(ids_[index], data, length);
}

void AgentTransport::Close() {
  agent_.Stop();
  agent_.Wait();
}

// Neither call sets the component's error: it concerns one connection of many.
std::string AgentTransport::ConnectFailure(size_t, int error) {
  const std::string detail = agent_.GetLastErrorDetail();
  return FailureText(GetSocketErrorDesc(SE_CONNECT_SERVER), SE_CONNECT_SERVER, error, detail);
}

std::string AgentTransport::SendFailure(size_t, int error) {
  const std::string detail = agent_.GetLastErrorDetail();
  return FailureText(GetSocketErrorDesc(SE_DATA_SEND), SE_DATA_SEND, error, detail);
}

std::string AgentTransport::port() { return agent_.GetIoBackendDesc(); }

Exchange* AgentTransport::ExchangeOf(CONNID id) {
  void* extra = nullptr;
  agent_.GetConnectionExtra(id, &extra);
  return static_cast<Exchange*>(extra);
}

EnHandleResult AgentTransport::OnConnect(CONNID id) {
  return agent_.SetConnectionExtra(id, connecting_) ? HR_OK : HR_ERROR;
}

EnHandleResult AgentTransport::OnReceive(CONNID id, const uint8_t* data, int length) {
  // None under RP_PARALLEL, when the connection's last event has overtaken this one.
  Exchange* const exchange = ExchangeOf(id);
  if (exchange == nullptr) return HR_ERROR;
  exchange->HandleReceive(data, length);
  return HR_OK;
}

EnHandleResult AgentTransport::OnSend(CONNID id, const uint8_t*, int length) {
  if (Exchange* const exchange = ExchangeOf(id)) exchange->HandleSend(length);
  return HR_OK;
}

EnHandleResult AgentTransport::OnClose(CONNID id) {
  if (Exchange* const exchange = ExchangeOf(id)) exchange->HandleEnd(id, "OnClose", "");
  return HR_OK;
}

EnHandleResult AgentTransport::OnError(CONNID id, EnSocketOperation operation, int error_code) {
  Exchange* const exchange = ExchangeOf(id);
  if (exchange != nullptr) exchange->HandleEnd(id, "OnError", ErrorContent(operation, error_code));
  return HR_OK;
}

}  // namespace hpsocket::demos
