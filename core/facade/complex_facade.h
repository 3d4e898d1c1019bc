// Public.
//
// ComplexFacade writes the methods that all servers and agents share once, for every interface that
// derives from IComplexSocket. Applications use the component classes made of it (CTcpServer, ...)
// and find the contracts in core/api/socket_interfaces.h.
//
// Threads:  as IComplexSocket.
// Owner:    it owns the engine and the translation of its events.
// Lifetime: destroying it stops the engine first.
#ifndef HPSOCKET_CORE_FACADE_COMPLEX_FACADE_H_
#define HPSOCKET_CORE_FACADE_COMPLEX_FACADE_H_

#include <cstdint>
#include <memory>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket {
namespace core {

class ComplexEvents;
class StreamEngine;
enum class Delivery;
enum class Role;

// The bodies are in complex_facade_impl.h: a component instantiates them in a source file, so that
// its header needs no engine.
// Default arguments are the interface's: they are repeated here because C++ does not inherit them, and
// objects of a component class are used directly, too.
template <class Interface, class Engine = StreamEngine>
class ComplexFacade : public Interface {
 public:
  ComplexFacade(const ComplexFacade&) = delete;
  ComplexFacade& operator=(const ComplexFacade&) = delete;
  ~ComplexFacade() override;

  bool Stop() final;
  bool Wait(int timeout_ms = -1) final;
  bool Send(CONNID conn_id, const uint8_t* data, int length, int offset = 0) final;
  bool SendPackets(CONNID conn_id, const WSABUF buffers[], int count) final;
  bool Disconnect(CONNID conn_id, bool force = true) final;
  bool DisconnectLongConnections(uint32_t period_ms, bool force = true) final;
  bool DisconnectSilenceConnections(uint32_t period_ms, bool force = true) final;
  bool PauseReceive(CONNID conn_id, bool pause = true) final;
  bool IsPauseReceive(CONNID conn_id, bool& paused) final;
  bool SetConnectionExtra(CONNID conn_id, void* extra) final;
  bool GetConnectionExtra(CONNID conn_id, void** extra) final;

  bool HasStarted() final;
  EnServiceState GetState() final;
  uint32_t GetConnectionCount() final;
  bool GetAllConnectionIDs(CONNID ids[], uint32_t& count) final;
  bool GetConnectPeriod(CONNID conn_id, uint32_t& period_ms) final;
  bool GetSilencePeriod(CONNID conn_id, uint32_t& period_ms) final;
  bool GetRemoteAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) final;
  EnSocketError GetLastError() final;
  const char* GetLastErrorDesc() final;
  const char* GetLastErrorDetail() final;
  bool GetPendingDataLength(CONNID conn_id, int& pending) final;
  bool GetStats(HP_Stats& stats) final;

  void SetSendPolicy(EnSendPolicy send_policy) final;
  void SetRecvPolicy(EnRecvPolicy recv_policy) final;
  void SetFreeSocketObjLockTime(uint32_t lock_time_ms) final;
  void SetFreeSocketObjPool(uint32_t pool) final;
  void SetFreeBufferObjPool(uint32_t pool) final;
  void SetFreeSocketObjHold(uint32_t hold) final;
  void SetFreeBufferObjHold(uint32_t hold) final;
  void SetWorkerThreadCount(uint32_t worker_thread_count) final;
  void SetMaxShutdownWaitTime(uint32_t wait_time_ms) final;
  void SetMarkSilence(bool mark_silence) final;
  EnSendPolicy GetSendPolicy() final;
  EnRecvPolicy GetRecvPolicy() final;
  uint32_t GetFreeSocketObjLockTime() final;
  uint32_t GetFreeSocketObjPool() final;
  uint32_t GetFreeBufferObjPool() final;
  uint32_t GetFreeSocketObjHold() final;
  uint32_t GetFreeBufferObjHold() final;
  uint32_t GetWorkerThreadCount() final;
  uint32_t GetMaxShutdownWaitTime() final;
  bool IsMarkSilence() final;

  void SetIoBackend(EnIoBackend backend) final;
  EnIoBackend GetIoBackend() final;
  const char* GetIoBackendDesc() final;
  void SetMaxPendingLength(uint64_t length = 64u << 20) final;
  uint64_t GetMaxPendingLength() final;
  void SetMaxPendingTotal(uint64_t length) final;
  uint64_t GetMaxPendingTotal() final;
  void SetGracefulTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetGracefulTimeout() final;
  void SetSlowCallbackTime(uint32_t time_ms = 0) final;
  uint32_t GetSlowCallbackTime() final;
  void SetBusyPoll(uint32_t time_us = 0) final;
  uint32_t GetBusyPoll() final;
  void SetNoDelay(bool no_delay = true) final;
  bool IsNoDelay() final;
  void SetMaxConnectionCount(uint32_t max_connections) final;
  uint32_t GetMaxConnectionCount() final;
  void SetMaxIdleTime(uint32_t time_ms = 0) final;
  uint32_t GetMaxIdleTime() final;

 protected:
  // `kind` is a literal that names the component in messages.
  ComplexFacade(const char* kind, Role role, Delivery delivery, std::unique_ptr<ComplexEvents> events);

  // For the destructor of the component class: last events still find a whole object.
  void StopForDestruction();
  // For Start: false, with the error set, if there is no listener.
  bool CanStart();
  Engine& engine() { return *engine_; }

 private:
  // In this order: the engine goes first.
  std::unique_ptr<ComplexEvents> events_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace core
}  // namespace hpsocket

#endif  // HPSOCKET_CORE_FACADE_COMPLEX_FACADE_H_
