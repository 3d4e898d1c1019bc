// Internal to testing.
//
// The part of IServer that the toy server does not really do: settings that are kept and have no
// effect, and calls that it refuses.
//
// Threads:  settings while it is stopped.
#ifndef HPSOCKET_TESTING_TOY_SERVER_TOY_BASE_H_
#define HPSOCKET_TESTING_TOY_SERVER_TOY_BASE_H_

#include <cerrno>
#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::toy {

class ToyBase : public IServer {
 public:
  bool DisconnectLongConnections(uint32_t, bool) override { return Refuse(); }
  bool DisconnectSilenceConnections(uint32_t, bool) override { return Refuse(); }
  bool PauseReceive(CONNID, bool) override { return Refuse(); }
  bool IsPauseReceive(CONNID, bool&) override { return Refuse(); }
  bool GetConnectPeriod(CONNID, uint32_t&) override { return Refuse(); }
  bool GetSilencePeriod(CONNID, uint32_t&) override { return Refuse(); }

  void SetSendPolicy(EnSendPolicy policy) override { send_policy_ = policy; }
  void SetRecvPolicy(EnRecvPolicy policy) override { recv_policy_ = policy; }
  void SetFreeSocketObjLockTime(uint32_t time_ms) override { lock_time_ = time_ms; }
  void SetFreeSocketObjPool(uint32_t pool) override { object_pool_ = pool; }
  void SetFreeBufferObjPool(uint32_t pool) override { buffer_pool_ = pool; }
  void SetFreeSocketObjHold(uint32_t hold) override { object_hold_ = hold; }
  void SetFreeBufferObjHold(uint32_t hold) override { buffer_hold_ = hold; }
  void SetWorkerThreadCount(uint32_t count) override { workers_ = count; }
  void SetMaxShutdownWaitTime(uint32_t time_ms) override { shutdown_time_ = time_ms; }
  void SetMarkSilence(bool mark) override { mark_silence_ = mark; }
  EnSendPolicy GetSendPolicy() override { return send_policy_; }
  EnRecvPolicy GetRecvPolicy() override { return recv_policy_; }
  uint32_t GetFreeSocketObjLockTime() override { return lock_time_; }
  uint32_t GetFreeSocketObjPool() override { return object_pool_; }
  uint32_t GetFreeBufferObjPool() override { return buffer_pool_; }
  uint32_t GetFreeSocketObjHold() override { return object_hold_; }
  uint32_t GetFreeBufferObjHold() override { return buffer_hold_; }
  uint32_t GetWorkerThreadCount() override { return workers_; }
  uint32_t GetMaxShutdownWaitTime() override { return shutdown_time_; }
  bool IsMarkSilence() override { return mark_silence_; }

  void SetIoBackend(EnIoBackend backend) override { backend_ = backend; }
  EnIoBackend GetIoBackend() override { return backend_; }
  const char* GetIoBackendDesc() override { return "poll"; }
  void SetMaxPendingLength(uint64_t length) override { max_pending_length_ = length; }
  uint64_t GetMaxPendingLength() override { return max_pending_length_; }
  void SetMaxPendingTotal(uint64_t length) override { max_pending_total_ = length; }
  uint64_t GetMaxPendingTotal() override { return max_pending_total_; }
  void SetGracefulTimeout(uint32_t timeout_ms) override { graceful_timeout_ = timeout_ms; }
  uint32_t GetGracefulTimeout() override { return graceful_timeout_; }
  void SetSlowCallbackTime(uint32_t time_ms) override { slow_callback_time_ = time_ms; }
  uint32_t GetSlowCallbackTime() override { return slow_callback_time_; }
  void SetBusyPoll(uint32_t time_us) override { busy_poll_ = time_us; }
  uint32_t GetBusyPoll() override { return busy_poll_; }
  void SetNoDelay(bool no_delay) override { no_delay_ = no_delay; }
  bool IsNoDelay() override { return no_delay_; }
  void SetMaxConnectionCount(uint32_t count) override { max_connections_ = count; }
  uint32_t GetMaxConnectionCount() override { return max_connections_; }
  void SetMaxIdleTime(uint32_t time_ms) override { max_idle_time_ = time_ms; }
  uint32_t GetMaxIdleTime() override { return max_idle_time_; }

  // What ITcpServer adds.
  void SetAcceptSocketCount(uint32_t count) { accept_count_ = count; }
  void SetSocketBufferSize(uint32_t size) { buffer_size_ = size; }
  void SetSocketListenQueue(uint32_t length) { listen_queue_ = length; }
  void SetKeepAliveTime(uint32_t time_ms) { keep_alive_time_ = time_ms; }
  void SetKeepAliveInterval(uint32_t interval_ms) { keep_alive_interval_ = interval_ms; }
  uint32_t GetAcceptSocketCount() { return accept_count_; }
  uint32_t GetSocketBufferSize() { return buffer_size_; }
  uint32_t GetSocketListenQueue() { return listen_queue_; }
  uint32_t GetKeepAliveTime() { return keep_alive_time_; }
  uint32_t GetKeepAliveInterval() { return keep_alive_interval_; }

 private:
  static bool Refuse() {
    errno = ENOSYS;
    return false;
  }

  EnSendPolicy send_policy_ = SP_PACK;
  EnRecvPolicy recv_policy_ = RP_SERIAL;
  EnIoBackend backend_ = IO_AUTO;
  uint32_t lock_time_ = 0;
  uint32_t object_pool_ = 0;
  uint32_t buffer_pool_ = 0;
  uint32_t object_hold_ = 0;
  uint32_t buffer_hold_ = 0;
  uint32_t workers_ = 1;
  uint32_t shutdown_time_ = 0;
  bool mark_silence_ = false;
  uint64_t max_pending_length_ = 0;
  uint64_t max_pending_total_ = 0;
  uint32_t graceful_timeout_ = 0;
  uint32_t slow_callback_time_ = 0;
  uint32_t busy_poll_ = 0;
  bool no_delay_ = false;
  uint32_t max_connections_ = 0;
  uint32_t max_idle_time_ = 0;
  uint32_t accept_count_ = 1;
  uint32_t buffer_size_ = 4096;
  uint32_t listen_queue_ = 128;
  uint32_t keep_alive_time_ = 0;
  uint32_t keep_alive_interval_ = 0;
};

}  // namespace hpsocket::toy

#endif  // HPSOCKET_TESTING_TOY_SERVER_TOY_BASE_H_
