// Public.
//
// Makes a subject of any class that has ITcpAgent's methods:
//
//   RegisterTcpAgent(MakeTcpAgent<CTcpAgent, ITcpAgentListener>("CTcpAgent"));
//
// Component derives from IAgent and is constructed from a Listener*; Listener is its listener
// interface.
//
// Threads:  as the component.
#ifndef HPSOCKET_TESTING_HARNESS_TCP_AGENT_ADAPTER_H_
#define HPSOCKET_TESTING_HARNESS_TCP_AGENT_ADAPTER_H_

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
class TcpAgentAdapter final : public TcpAgentSubject {
 public:
  explicit TcpAgentAdapter(IAgentListener& events) : bridge_(events), component_(&bridge_) {}

  IAgent& agent() override { return component_; }
  IPullSocket* pull() override {
    if constexpr (std::is_base_of_v<IPullSocket, Component>) return &component_;
    return nullptr;
  }

  bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head, const WSABUF* tail) override {
    return component_.SendSmallFile(conn_id, file_name, head, tail);
  }
  void SetReuseAddress(bool reuse_address) override { component_.SetReuseAddress(reuse_address); }
  bool IsReuseAddress() override { return component_.IsReuseAddress(); }
  void SetSocketBufferSize(uint32_t size) override { component_.SetSocketBufferSize(size); }
  void SetKeepAliveTime(uint32_t time_ms) override { component_.SetKeepAliveTime(time_ms); }
  void SetKeepAliveInterval(uint32_t interval_ms) override { component_.SetKeepAliveInterval(interval_ms); }
  uint32_t GetSocketBufferSize() override { return component_.GetSocketBufferSize(); }
  uint32_t GetKeepAliveTime() override { return component_.GetKeepAliveTime(); }
  uint32_t GetKeepAliveInterval() override { return component_.GetKeepAliveInterval(); }

 private:
  class Bridge final : public Listener {
   public:
    explicit Bridge(IAgentListener& events) : events_(events) {}

    EnHandleResult OnPrepareConnect(CONNID conn_id, SOCKET socket) override {
      return events_.OnPrepareConnect(conn_id, socket);
    }
    EnHandleResult OnConnect(CONNID conn_id) override { return events_.OnConnect(conn_id); }
    EnHandleResult OnSend(CONNID conn_id, const uint8_t* data, int length) override {
      return events_.OnSend(conn_id, data, length);
    }
    EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override {
      return events_.OnReceive(conn_id, data, length);
    }
    EnHandleResult OnReceive(CONNID conn_id, int total_length) override {
      return events_.OnReceive(conn_id, total_length);
    }
    EnHandleResult OnClose(CONNID conn_id) override { return events_.OnClose(conn_id); }
    EnHandleResult OnError(CONNID conn_id, EnSocketOperation operation, int error_code) override {
      return events_.OnError(conn_id, operation, error_code);
    }
    EnHandleResult OnShutdown() override { return events_.OnShutdown(); }

   private:
    IAgentListener& events_;
  };

  Bridge bridge_;
  Component component_;
};

template <class Component, class Listener>
TcpAgentFactory MakeTcpAgent(std::string name) {
  constexpr Delivery kDelivery =
      std::is_base_of_v<IPullSocket, Component> ? Delivery::kPull : Delivery::kPush;
  return {std::move(name), kDelivery, [](IAgentListener& events) -> std::unique_ptr<TcpAgentSubject> {
            return std::make_unique<TcpAgentAdapter<Component, Listener>>(events);
          }};
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_TCP_AGENT_ADAPTER_H_
