// Public.
//
// Makes a subject of any class that has ITcpClient's methods:
//
//   RegisterTcpClient(MakeTcpClient<CTcpClient, ITcpClientListener>("CTcpClient"));
//
// Component derives from IClient, a PULL client from IPullClient too, and is constructed from a Listener*;
// Listener is its listener interface.
//
// Threads:  as the component.
#ifndef HPSOCKET_TESTING_HARNESS_TCP_CLIENT_ADAPTER_H_
#define HPSOCKET_TESTING_HARNESS_TCP_CLIENT_ADAPTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::harness {

template <class Component, class Listener>
class TcpClientAdapter final : public TcpClientSubject {
 public:
  explicit TcpClientAdapter(IClientListener& events) : bridge_(events), component_(&bridge_) {}

  IClient& client() override { return component_; }
  IPullClient* pull() override {
    if constexpr (std::is_base_of_v<IPullClient, Component>) return &component_;
    return nullptr;
  }

  bool SendSmallFile(const char* file_name, const WSABUF* head, const WSABUF* tail) override {
    return component_.SendSmallFile(file_name, head, tail);
  }
  void SetSocketBufferSize(uint32_t size) override { component_.SetSocketBufferSize(size); }
  void SetKeepAliveTime(uint32_t time_ms) override { component_.SetKeepAliveTime(time_ms); }
  void SetKeepAliveInterval(uint32_t interval_ms) override { component_.SetKeepAliveInterval(interval_ms); }
  uint32_t GetSocketBufferSize() override { return component_.GetSocketBufferSize(); }
  uint32_t GetKeepAliveTime() override { return component_.GetKeepAliveTime(); }
  uint32_t GetKeepAliveInterval() override { return component_.GetKeepAliveInterval(); }

 private:
  class Bridge final : public Listener {
   public:
    explicit Bridge(IClientListener& events) : events_(events) {}

    EnHandleResult OnPrepareConnect(IClient* client, SOCKET socket) override {
      return events_.OnPrepareConnect(client, socket);
    }
    EnHandleResult OnConnect(IClient* client) override { return events_.OnConnect(client); }
    EnHandleResult OnSend(IClient* client, const uint8_t* data, int length) override {
      return events_.OnSend(client, data, length);
    }
    EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override {
      return events_.OnReceive(client, data, length);
    }
    EnHandleResult OnReceive(IClient* client, int total_length) override {
      return events_.OnReceive(client, total_length);
    }
    EnHandleResult OnClose(IClient* client) override { return events_.OnClose(client); }
    EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override {
      return events_.OnError(client, operation, error_code);
    }

   private:
    IClientListener& events_;
  };

  Bridge bridge_;
  Component component_;
};

template <class Component, class Listener>
TcpClientFactory MakeTcpClient(std::string name) {
  constexpr Delivery kDelivery =
      std::is_base_of_v<IPullClient, Component> ? Delivery::kPull : Delivery::kPush;
  return {std::move(name), kDelivery, [](IClientListener& events) -> std::unique_ptr<TcpClientSubject> {
            return std::make_unique<TcpClientAdapter<Component, Listener>>(events);
          }};
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_TCP_CLIENT_ADAPTER_H_
