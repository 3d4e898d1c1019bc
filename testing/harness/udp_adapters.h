// Public.
//
// Makes subjects of any classes that have IUdpServer's, IUdpClient's and IUdpCast's methods:
//
//   RegisterUdpServer(MakeUdpServer<CUdpServer, IUdpServerListener>("CUdpServer"));
//
// Threads:  as the component.
#ifndef HPSOCKET_TESTING_HARNESS_UDP_ADAPTERS_H_
#define HPSOCKET_TESTING_HARNESS_UDP_ADAPTERS_H_

#include <netinet/in.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::harness {

// The settings that all three have. `Subject`: UdpServerSubject, UdpClientSubject or UdpCastSubject.
template <class Subject, class Component, class Bridge>
class DatagramAdapter : public Subject {
 public:
  template <class Events>
  explicit DatagramAdapter(Events& events) : bridge_(events), component_(&bridge_) {}

  void SetMaxDatagramSize(uint32_t size) override { component_.SetMaxDatagramSize(size); }
  uint32_t GetMaxDatagramSize() override { return component_.GetMaxDatagramSize(); }
  void SetCloseOnOversize(bool close) override { component_.SetCloseOnOversize(close); }
  bool IsCloseOnOversize() override { return component_.IsCloseOnOversize(); }
  void SetSendBufferSize(uint32_t size) override { component_.SetSendBufferSize(size); }
  uint32_t GetSendBufferSize() override { return component_.GetSendBufferSize(); }
  void SetReceiveBufferSize(uint32_t size) override { component_.SetReceiveBufferSize(size); }
  uint32_t GetReceiveBufferSize() override { return component_.GetReceiveBufferSize(); }

 protected:
  Component& component() { return component_; }

 private:
  Bridge bridge_;
  Component component_;
};

template <class Listener>
class UdpServerBridge final : public Listener {
 public:
  explicit UdpServerBridge(UdpServerEvents& events) : events_(events) {}

  EnHandleResult OnPrepareListen(SOCKET socket) override { return events_.OnPrepareListen(socket); }
  EnHandleResult OnAccept(CONNID id, const sockaddr_in* peer) override { return events_.OnAccept(id, peer); }
  EnHandleResult OnSend(CONNID id, const uint8_t* data, int length) override {
    return events_.OnSend(id, data, length);
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return events_.OnReceive(id, data, length);
  }
  EnHandleResult OnReceive(CONNID id, int total) override { return events_.OnReceive(id, total); }
  EnHandleResult OnClose(CONNID id) override { return events_.OnClose(id); }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error) override {
    return events_.OnError(id, operation, error);
  }
  EnHandleResult OnShutdown() override { return events_.OnShutdown(); }

 private:
  UdpServerEvents& events_;
};

template <class Listener>
class UdpClientBridge final : public Listener {
 public:
  explicit UdpClientBridge(IClientListener& events) : events_(events) {}

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
  EnHandleResult OnReceive(IClient* client, int total) override { return events_.OnReceive(client, total); }
  EnHandleResult OnClose(IClient* client) override { return events_.OnClose(client); }
  EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error) override {
    return events_.OnError(client, operation, error);
  }

 private:
  IClientListener& events_;
};

// Detection, which servers and clients have.
template <class Subject, class Component, class Bridge>
class DetectingAdapter : public DatagramAdapter<Subject, Component, Bridge> {
 public:
  using DatagramAdapter<Subject, Component, Bridge>::DatagramAdapter;

  void SetDetectAttempts(uint32_t attempts) override { this->component().SetDetectAttempts(attempts); }
  uint32_t GetDetectAttempts() override { return this->component().GetDetectAttempts(); }
  void SetDetectInterval(uint32_t interval_s) override { this->component().SetDetectInterval(interval_s); }
  uint32_t GetDetectInterval() override { return this->component().GetDetectInterval(); }
};

template <class Component, class Listener>
class UdpServerAdapter final
    : public DetectingAdapter<UdpServerSubject, Component, UdpServerBridge<Listener>> {
 public:
  using DetectingAdapter<UdpServerSubject, Component, UdpServerBridge<Listener>>::DetectingAdapter;

  IServer& server() override { return this->component(); }
  void SetPostReceiveCount(uint32_t count) override { this->component().SetPostReceiveCount(count); }
  uint32_t GetPostReceiveCount() override { return this->component().GetPostReceiveCount(); }
};

template <class Component, class Listener>
class UdpClientAdapter final
    : public DetectingAdapter<UdpClientSubject, Component, UdpClientBridge<Listener>> {
 public:
  using DetectingAdapter<UdpClientSubject, Component, UdpClientBridge<Listener>>::DetectingAdapter;

  IClient& client() override { return this->component(); }
};

template <class Component, class Listener>
class UdpCastAdapter final : public DatagramAdapter<UdpCastSubject, Component, UdpClientBridge<Listener>> {
 public:
  using DatagramAdapter<UdpCastSubject, Component, UdpClientBridge<Listener>>::DatagramAdapter;

  IClient& client() override { return this->component(); }
  void SetBindAdddress(const char* address) override { this->component().SetBindAdddress(address); }
  const char* GetBindAdddress() override { return this->component().GetBindAdddress(); }
  void SetReuseAddress(bool reuse) override { this->component().SetReuseAddress(reuse); }
  bool IsReuseAddress() override { return this->component().IsReuseAddress(); }
  void SetCastMode(EnCastMode mode) override { this->component().SetCastMode(mode); }
  EnCastMode GetCastMode() override { return this->component().GetCastMode(); }
  void SetMultiCastTtl(int ttl) override { this->component().SetMultiCastTtl(ttl); }
  int GetMultiCastTtl() override { return this->component().GetMultiCastTtl(); }
  void SetMultiCastLoop(bool loop) override { this->component().SetMultiCastLoop(loop); }
  bool IsMultiCastLoop() override { return this->component().IsMultiCastLoop(); }
  bool JoinSource(const char* source) override { return this->component().JoinSource(source); }
  bool GetRemoteAddress(char address[], int& length, uint16_t& port) override {
    return this->component().GetRemoteAddress(address, length, port);
  }
};

template <class Component, class Listener>
UdpServerFactory MakeUdpServer(std::string name) {
  return {std::move(name), [](UdpServerEvents& events) -> std::unique_ptr<UdpServerSubject> {
            return std::make_unique<UdpServerAdapter<Component, Listener>>(events);
          }};
}

template <class Component, class Listener>
UdpClientFactory MakeUdpClient(std::string name) {
  return {std::move(name), [](IClientListener& events) -> std::unique_ptr<UdpClientSubject> {
            return std::make_unique<UdpClientAdapter<Component, Listener>>(events);
          }};
}

template <class Component, class Listener>
UdpCastFactory MakeUdpCast(std::string name) {
  return {std::move(name), [](IClientListener& events) -> std::unique_ptr<UdpCastSubject> {
            return std::make_unique<UdpCastAdapter<Component, Listener>>(events);
          }};
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_UDP_ADAPTERS_H_
