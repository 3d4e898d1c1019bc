// Internal to testing.
//
// A TCP server that shares no line with ours: one thread, one poll(2), IPv4. It keeps the promises
// that toy_server_test.py names, and breaks one of them when it is told to (defects.h), to show that the
// conformance suite notices. It is also the example of testing/README.md.
//
// Threads:  any; Start, Stop and destruction outside of its callbacks only.
// Owner:    the application owns the server and its listener.
// Lifetime: the listener outlives the server.
#ifndef HPSOCKET_TESTING_TOY_SERVER_TOY_SERVER_H_
#define HPSOCKET_TESTING_TOY_SERVER_TOY_SERVER_H_

#include <netinet/in.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/toy_server/toy_base.h"

namespace hpsocket::toy {

class ToyListener : public IServerListener {
 public:
  virtual EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) = 0;
};

class ToyServer final : public ToyBase {
 public:
  explicit ToyServer(ToyListener* listener) : listener_(*listener) {}
  ToyServer(const ToyServer&) = delete;
  ToyServer& operator=(const ToyServer&) = delete;
  ~ToyServer() override { Stop(); }

  bool Start(const char* bind_address, uint16_t port) override;
  bool Stop() override;
  bool Wait(int timeout_ms) override;
  bool HasStarted() override;
  EnServiceState GetState() override { return state_.load(); }

  bool Send(CONNID conn_id, const uint8_t* data, int length, int offset) override;
  bool SendPackets(CONNID conn_id, const WSABUF buffers[], int count) override;
  bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head, const WSABUF* tail);
  bool Disconnect(CONNID conn_id, bool force) override;
  bool GetPendingDataLength(CONNID conn_id, int& pending) override;

  bool SetConnectionExtra(CONNID conn_id, void* extra) override;
  bool GetConnectionExtra(CONNID conn_id, void** extra) override;
  uint32_t GetConnectionCount() override;
  bool GetAllConnectionIDs(CONNID ids[], uint32_t& count) override;
  bool GetRemoteAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) override;
  bool GetListenAddress(char address[], int& address_length, uint16_t& port) override;

  EnSocketError GetLastError() override { return error_.load(); }
  const char* GetLastErrorDesc() override;
  const char* GetLastErrorDetail() override { return ""; }
  // Connections and contained exceptions, no other figure.
  bool GetStats(HP_Stats& stats) override;

 private:
  struct Connection {
    CONNID id = 0;
    int fd = -1;
    sockaddr_in peer{};
    // The thread's.
    size_t received = 0;
    std::string held_back;  // loses_the_last_chunk
    bool shut_down = false;
    // Guarded by mutex_.
    std::string queue;  // from `sent` on
    size_t sent = 0;
    bool has_sent = false;
    bool forced = false;    // to be closed at once
    bool graceful = false;  // to be closed when the queue is empty
    bool ended = false;     // inside its last event
    void* extra = nullptr;
  };

  bool Fail(EnSocketError error, int error_number);
  EnSocketError Listen(const char* bind_address, uint16_t port);
  void CloseSockets();
  void Wake();
  // Null when it is unknown; `mutex_` is held.
  Connection* Find(CONNID conn_id);
  // The same, and takes data; else errno says why not.
  Connection* FindForSending(CONNID conn_id);

  // The listener's answer; what it throws is contained.
  template <class Event>
  EnHandleResult Tell(const Event& event) {
    try {
      return event();
    } catch (...) {
      exceptions_.fetch_add(1);
      return HR_ERROR;
    }
  }

  // The thread.
  void Run();
  void PollOnce(std::vector<Connection*>* connections);
  void Accept();
  void Serve(Connection& connection, bool readable);
  // These two: false when the connection has ended.
  bool Receive(Connection& connection);
  bool Flush(Connection& connection);
  bool Deliver(Connection& connection, const std::string& bytes);
  void Close(Connection& connection);
  void Break(Connection& connection, EnSocketOperation operation, int error);
  void Remove(Connection& connection);

  ToyListener& listener_;
  std::atomic<EnServiceState> state_{SS_STOPPED};
  std::atomic<EnSocketError> error_{SE_OK};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> listening_{false};
  std::atomic<uint64_t> exceptions_{0};
  sockaddr_in name_{};
  int listen_fd_ = -1;
  int wake_fd_ = -1;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  std::map<CONNID, std::unique_ptr<Connection>> connections_;
  CONNID last_own_id_ = 0;  // reuses_ids
};

}  // namespace hpsocket::toy

#endif  // HPSOCKET_TESTING_TOY_SERVER_TOY_SERVER_H_
