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

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/recorder.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::harness {

class RecordingServerListener final : public TcpServerEvents, public Recorder {
 public:
  // From now on every event notes this server's state and connection count; null: no longer.
  void Observe(IServer* server) { server_.store(server, std::memory_order_release); }

  EnHandleResult OnPrepareListen(SOCKET listen_socket) override;
  EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) override;
  EnHandleResult OnSend(CONNID conn_id, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(CONNID conn_id, int total_length) override;
  EnHandleResult OnClose(CONNID conn_id) override;
  EnHandleResult OnError(CONNID conn_id, EnSocketOperation operation, int error_code) override;
  EnHandleResult OnShutdown() override;

 private:
  EnHandleResult Note(Event event);

  std::atomic<IServer*> server_{nullptr};
};

class RecordingClientListener final : public IClientListener, public Recorder {
 public:
  // Events that came with another object than this one, which must not happen.
  void Expect(const IClient* client) { client_.store(client, std::memory_order_release); }
  int strangers() const { return strangers_.load(std::memory_order_acquire); }

  EnHandleResult OnPrepareConnect(IClient* client, SOCKET socket) override;
  EnHandleResult OnConnect(IClient* client) override;
  EnHandleResult OnSend(IClient* client, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override;
  EnHandleResult OnReceive(IClient* client, int total_length) override;
  EnHandleResult OnClose(IClient* client) override;
  EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override;

 private:
  EnHandleResult Note(IClient* client, Event event);

  std::atomic<const IClient*> client_{nullptr};
  std::atomic<int> strangers_{0};
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_RECORDING_LISTENER_H_
