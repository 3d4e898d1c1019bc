// Internal to tcp_server.
//
// The listening socket: makes it, accepts on the component's first worker and hands connections to
// the workers in turn. When descriptors or memory run out it waits and tries again; it never gives up
// and never spins.
//
// Threads:  Open() and Abandon() on the caller of Start, ListenAddress() any, the rest on the worker.
// Owner:    the server.
// Spec: §2.2, decisions 2.3, 6.5
#ifndef HPSOCKET_TCP_SERVER_ACCEPTOR_H_
#define HPSOCKET_TCP_SERVER_ACCEPTOR_H_

#include <cstdint>
#include <string>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker_guest.h"
#include "hpsocket/core/timer/timer_wheel.h"

namespace hpsocket::core {

class Acceptor final : public WorkerGuest, private AcceptOperation {
 public:
  explicit Acceptor(StreamEngine& engine);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  ~Acceptor() = default;

  // Where the next Open() listens. `address` may be null or unparsable: Open() then fails.
  void Configure(const char* address, uint16_t port);

  // From OnPrepareListen (the requested address) until Stop (the bound one); else false.
  bool ListenAddress(Address* out);

  StartFailure Open() override;
  void Abandon() override;
  void Begin(Worker& worker) override;
  void BeginEnd() override;
  bool ended() const override { return ended_; }

 private:
  struct RetryTimer : Timer {
    explicit RetryTimer(Acceptor& acceptor) : Timer(&Acceptor::Retry), owner(acceptor) {}
    Acceptor& owner;
  };

  static void Retry(Timer& timer);

  void HandleAccepted(int fd, const Address& peer) override;
  void HandleAcceptEnded(int result) override;
  void Close();
  StartFailure Prepare(const Address& wanted, int fd);
  void SetListenAddress(const Address& address);

  StreamEngine& engine_;
  Worker* worker_ = nullptr;
  PortSocket socket_;
  Duration retry_delay_;
  RetryTimer retry_timer_;
  bool ending_ = false;
  bool ended_ = false;

  Mutex mutex_;
  std::string text_ ABSL_GUARDED_BY(mutex_);
  bool has_text_ ABSL_GUARDED_BY(mutex_) = false;
  uint16_t port_ ABSL_GUARDED_BY(mutex_) = 0;
  Address listen_address_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_TCP_SERVER_ACCEPTOR_H_
