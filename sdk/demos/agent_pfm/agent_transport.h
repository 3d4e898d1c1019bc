// Internal to the demo.
//
// A transport with one agent for all connections.
//
// Threads:  as Transport; events on the agent's workers.
#ifndef HPSOCKET_SDK_DEMOS_AGENT_PFM_AGENT_TRANSPORT_H_
#define HPSOCKET_SDK_DEMOS_AGENT_PFM_AGENT_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/common_pfm/exchange.h"
#include "hpsocket/sdk/demos/common_pfm/run_options.h"
#include "hpsocket/sdk/demos/common_pfm/transport.h"
#include "hpsocket/tcp_agent/tcp_agent.h"

namespace hpsocket::demos {

struct AgentSettings {
  std::string bind_address = "0.0.0.0";
  WorkerSettings workers;
  uint32_t buffer_size = 0;  // 0: the library's default

  void AddTo(OptionTable& options);
};

class AgentTransport final : public Transport, private CTcpAgentListener {
 public:
  AgentTransport(const RunOptions& options, const AgentSettings& settings, Exchanges& exchanges);
  ~AgentTransport() override;

  bool Open() override;
  bool Connect(size_t index) override;
  void CancelConnect() override;
  bool Send(size_t index, const uint8_t* data, int length) override;
  void Close() override;

  const char* role() const override { return "Agent"; }
  std::string ConnectFailure(size_t index, int error) override;
  std::string SendFailure(size_t index, int error) override;
  CONNID id(size_t index) override { return ids_[index]; }
  std::string port() override;

 private:
  using CTcpAgentListener::OnReceive;
  EnHandleResult OnConnect(CONNID id) override;
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override;
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override;
  EnHandleResult OnClose(CONNID id) override;
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override;

  // A connection's extra; null before OnConnect.
  Exchange* ExchangeOf(CONNID id);

  const RunOptions options_;
  const AgentSettings settings_;
  Exchanges& exchanges_;
  std::vector<CONNID> ids_;
  Exchange* connecting_ = nullptr;  // whose Connect is running, and its OnConnect with it
  CTcpAgent agent_;                 // last: it is gone, and with it every event, before the rest is
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_AGENT_PFM_AGENT_TRANSPORT_H_
