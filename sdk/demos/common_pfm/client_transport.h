// Internal to the demos.
//
// A transport with a client object for each connection, whichever kind of client.
//
// Threads:  as Transport; events on the clients' own threads.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_CLIENT_TRANSPORT_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_CLIENT_TRANSPORT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common_pfm/exchange.h"
#include "hpsocket/sdk/demos/common_pfm/run_options.h"
#include "hpsocket/sdk/demos/common_pfm/transport.h"

namespace hpsocket::demos {

// `Listener` is the kind's base class (CTcpClientListener), `Pointer` its smart pointer (CTcpClientPtr).
template <class Listener, class Pointer>
class ClientTransport final : public Transport {
 public:
  // `configure` gets each client before it starts.
  template <class Configure>
  ClientTransport(const RunOptions& options, Exchanges& exchanges, Configure configure) : options_(options) {
    for (const auto& exchange : exchanges) {
      connections_.push_back(std::make_unique<Connection>(*exchange));
      Pointer& client = connections_.back()->client();
      client->SetIoBackend(static_cast<EnIoBackend>(options.backend));
      configure(*client);
    }
  }
  ~ClientTransport() override { Close(); }

  bool Open() override { return true; }

  bool Connect(size_t index) override {
    IClient* const client = connections_[index]->client();
    connecting_.store(client);
    const bool connected = client->Start(options_.address.c_str(), static_cast<uint16_t>(options_.port));
    connecting_.store(nullptr);
    return connected;
  }

  void CancelConnect() override {
    if (IClient* const client = connecting_.load()) client->Stop();
  }

  bool Send(size_t index, const uint8_t* data, int length) override {
    return connections_[index]->client()->Send(data, length);
  }

  void Close() override {
    for (const auto& connection : connections_) connection->client()->Stop();
    for (const auto& connection : connections_) connection->client()->Wait();
  }

  const char* role() const override { return "Client"; }
  std::string ConnectFailure(size_t index, int error) override {
    return DescribeFailure(*connections_[index]->client(), error);
  }
  std::string SendFailure(size_t index, int error) override { return ConnectFailure(index, error); }
  CONNID id(size_t index) override { return connections_[index]->client()->GetConnectionID(); }
  std::string port() override { return connections_.front()->client()->GetIoBackendDesc(); }

 private:
  class Connection final : public Listener {
   public:
    explicit Connection(Exchange& exchange) : exchange_(exchange), client_(this) {
      if (!client_.IsValid()) throw std::bad_alloc();
    }
    Pointer& client() { return client_; }

    using Listener::OnReceive;
    EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
      exchange_.HandleReceive(data, length);
      return HR_OK;
    }
    EnHandleResult OnSend(IClient*, const uint8_t*, int length) override {
      exchange_.HandleSend(length);
      return HR_OK;
    }
    EnHandleResult OnClose(IClient* client) override {
      exchange_.HandleEnd(client->GetConnectionID(), "OnClose", "");
      return HR_OK;
    }
    EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override {
      exchange_.HandleEnd(client->GetConnectionID(), "OnError", ErrorContent(operation, error_code));
      return HR_OK;
    }

   private:
    Exchange& exchange_;
    Pointer client_;  // last: it is gone, and with it every event, before the rest is
  };

  const RunOptions options_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::atomic<IClient*> connecting_{nullptr};
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_CLIENT_TRANSPORT_H_
