// Internal to testing.
//
// The listeners that suites give to components: they record, and answer as the test says.
//
// Threads:  any.
// Lifetime: outlives the components that it serves.
#ifndef HPSOCKET_TESTING_HARNESS_RECORDING_LISTENER_H_
#define HPSOCKET_TESTING_HARNESS_RECORDING_LISTENER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/recorder.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::harness {

// What listeners of servers and of agents share. `Events`: TcpServerEvents, UdpServerEvents or
// IAgentListener.
template <class Events>
class RecordingComplexListener : public Events, public Recorder {
 public:
  // From now on every event notes this component's state and connection count; null: no longer.
  void Observe(IComplexSocket* component) { component_.store(component, std::memory_order_release); }
  // From now on every OnReceive of a PULL component fetches what is there and records it, as if it had been
  // pushed; null: it stays there.
  void FetchFrom(IPullSocket* pull) { pull_.store(pull, std::memory_order_release); }

  EnHandleResult OnSend(CONNID conn_id, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(CONNID conn_id, int total_length) override;
  EnHandleResult OnClose(CONNID conn_id) override;
  EnHandleResult OnError(CONNID conn_id, EnSocketOperation operation, int error_code) override;
  EnHandleResult OnShutdown() override;

 protected:
  RecordingComplexListener() = default;
  ~RecordingComplexListener() override = default;

  EnHandleResult Note(Event event, const std::function<std::string()>& fetch = nullptr);

 private:
  std::atomic<IComplexSocket*> component_{nullptr};
  std::atomic<IPullSocket*> pull_{nullptr};
};

extern template class RecordingComplexListener<TcpServerEvents>;
extern template class RecordingComplexListener<IAgentListener>;
extern template class RecordingComplexListener<UdpServerEvents>;

class RecordingServerListener final : public RecordingComplexListener<TcpServerEvents> {
 public:
  EnHandleResult OnPrepareListen(SOCKET listen_socket) override;
  EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) override;
};

class RecordingUdpServerListener final : public RecordingComplexListener<UdpServerEvents> {
 public:
  EnHandleResult OnPrepareListen(SOCKET listen_socket) override;
  // Notes the peer's address.
  EnHandleResult OnAccept(CONNID conn_id, const sockaddr_in* peer_address) override;
};

class RecordingAgentListener final : public RecordingComplexListener<IAgentListener> {
 public:
  EnHandleResult OnPrepareConnect(CONNID conn_id, SOCKET socket) override;
  // Notes the ports of both sides, by the socket that OnPrepareConnect got.
  EnHandleResult OnConnect(CONNID conn_id) override;

 private:
  std::mutex mutex_;
  std::map<CONNID, SOCKET> sockets_;  // of connections that are being made
};

class RecordingClientListener final : public IClientListener, public Recorder {
 public:
  // Events that came with another object than this one, which must not happen.
  void Expect(const IClient* client) { client_.store(client, std::memory_order_release); }
  int strangers() const { return strangers_.load(std::memory_order_acquire); }
  // As a server's.
  void FetchFrom(IPullClient* pull) { pull_.store(pull, std::memory_order_release); }

  EnHandleResult OnPrepareConnect(IClient* client, SOCKET socket) override;
  EnHandleResult OnConnect(IClient* client) override;
  EnHandleResult OnSend(IClient* client, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(IClient* client, int total_length) override;
  EnHandleResult OnClose(IClient* client) override;
  EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override;

 private:
  EnHandleResult Note(IClient* client, Event event, const std::function<std::string()>& fetch = nullptr);

  std::atomic<const IClient*> client_{nullptr};
  std::atomic<IPullClient*> pull_{nullptr};
  std::atomic<int> strangers_{0};
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_RECORDING_LISTENER_H_
