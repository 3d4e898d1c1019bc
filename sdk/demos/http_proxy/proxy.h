// Internal to http_proxy.
//
// The proxy as a whole: a TCP Server for the clients, a TCP Agent for the origins, and their sessions.
//
// Threads:  Start, Tick and Stop on the main thread; events on the components' workers.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_PROXY_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_PROXY_H_

#include <cstdint>
#include <mutex>
#include <string>

#include "HPSocket.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/http_proxy/access_list.h"
#include "hpsocket/sdk/demos/http_proxy/access_log.h"
#include "hpsocket/sdk/demos/http_proxy/own_endpoint.h"
#include "hpsocket/sdk/demos/http_proxy/services.h"
#include "hpsocket/sdk/demos/http_proxy/session_table.h"
#include "hpsocket/sdk/demos/http_proxy/statistics.h"

namespace hpsocket::demos {

struct ProxySettings {
  std::string bind_address = "127.0.0.1";  // whoever reaches the proxy may use it
  uint32_t port = 8080;
  uint32_t threads = 0;  // 0: the library's default
  uint32_t max_connections = 10000;
  int backend = IO_AUTO;
  Timeouts timeouts;
  AccessList access;
};

class Proxy {
 public:
  explicit Proxy(const ProxySettings& settings);
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;
  ~Proxy();

  AccessLog& log() { return log_; }

  // Says where it listens, or what went wrong.
  bool Start();
  void Stop();
  // Call it a few times per second.
  void Tick();

  std::string StatusText();
  std::string FiguresText();
  std::string SummaryText();

 private:
  class ClientSide : public CTcpServerListener {
   public:
    explicit ClientSide(Proxy& proxy) : proxy_(proxy) {}
    using CTcpServerListener::OnReceive;
    EnHandleResult OnAccept(CONNID id, SOCKET socket) override;
    EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override;
    EnHandleResult OnSend(CONNID id, const uint8_t*, int) override;
    EnHandleResult OnClose(CONNID id) override;
    EnHandleResult OnError(CONNID id, EnSocketOperation, int error_code) override;

   private:
    Session* Find(CONNID id);
    EnHandleResult Gone(CONNID id, int error);
    Proxy& proxy_;
  };

  class OriginSide : public CTcpAgentListener {
   public:
    explicit OriginSide(Proxy& proxy) : proxy_(proxy) {}
    using CTcpAgentListener::OnReceive;
    EnHandleResult OnPrepareConnect(CONNID id, SOCKET socket) override;
    EnHandleResult OnConnect(CONNID id) override;
    EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override;
    EnHandleResult OnSend(CONNID id, const uint8_t*, int) override;
    EnHandleResult OnClose(CONNID id) override;
    EnHandleResult OnError(CONNID id, EnSocketOperation, int error_code) override;

   private:
    Session* Find(CONNID id);
    EnHandleResult Gone(CONNID id, int error);
    Proxy& proxy_;
  };

  struct ListenAddress {
    std::string text;
    uint16_t port = 0;
  };

  bool StartAgent();
  ListenAddress AskListenAddress();
  // With the first client, on its worker: the workers accept before Start is back on the main thread.
  void LearnOwnEndpoint();

  const ProxySettings& settings_;
  SessionTable sessions_;
  Statistics statistics_;
  AccessLog log_;
  OwnEndpoint own_;
  std::once_flag own_learnt_;
  ClientSide client_side_{*this};
  OriginSide origin_side_{*this};
  // Last: they are gone, and with them every event, before the rest is.
  CTcpServerPtr server_;
  CTcpAgentPtr agent_;
  const Services services_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_PROXY_H_
