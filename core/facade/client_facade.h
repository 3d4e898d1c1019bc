// Public.
//
// ClientFacade writes the methods that all clients share once, for every interface that derives from
// IClient. Applications use the component classes made of it (CTcpClient, ...) and find the contracts
// in core/api/socket_interfaces.h.
//
// Threads:  as IClient.
// Owner:    it owns the engine and the translation of its events.
// Lifetime: destroying it stops the engine first.
#ifndef HPSOCKET_CORE_FACADE_CLIENT_FACADE_H_
#define HPSOCKET_CORE_FACADE_CLIENT_FACADE_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket {
namespace core {

class ClientEvents;
class StreamEngine;
enum class Delivery;
enum class Role;

// The bodies are in client_facade_impl.h: a component instantiates them in a source file, so that its
// header needs no engine.
// Default arguments are the interface's: they are repeated here because C++ does not inherit them, and
// objects of a component class are used directly, too.
template <class Interface, class Engine = StreamEngine>
class ClientFacade : public Interface {
 public:
  ClientFacade(const ClientFacade&) = delete;
  ClientFacade& operator=(const ClientFacade&) = delete;
  ~ClientFacade() override;

  bool Start(const char* remote_address, uint16_t port, bool async_connect = false) final;
  bool Stop() final;
  bool Wait(int timeout_ms = -1) final;
  bool Send(const uint8_t* data, int length, int offset = 0) final;
  bool SendPackets(const WSABUF buffers[], int count) final;
  bool PauseReceive(bool pause = true) final;
  bool IsPauseReceive(bool& paused) final;
  void SetExtra(void* extra) final;
  void* GetExtra() final;

  bool HasStarted() final;
  EnServiceState GetState() final;
  EnSocketError GetLastError() final;
  const char* GetLastErrorDesc() final;
  const char* GetLastErrorDetail() final;
  CONNID GetConnectionID() final;
  bool GetLocalAddress(char address[], int& address_length, uint16_t& port) final;
  bool GetPendingDataLength(int& pending) final;
  bool GetStats(HP_Stats& stats) final;

  void SetFreeBufferPoolSize(uint32_t pool_size) final;
  void SetFreeBufferPoolHold(uint32_t pool_hold) final;
  uint32_t GetFreeBufferPoolSize() final;
  uint32_t GetFreeBufferPoolHold() final;

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
  void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetSyncConnectTimeout() final;

 protected:
  // `kind` is a literal that names the component in messages.
  ClientFacade(const char* kind, Role role, IClientListener* listener, Delivery delivery);

  // For the destructor of the component class: last events still find a whole object.
  void StopForDestruction();
  // The result of a Send: true for 0, else false with errno and the component error set.
  bool ReportSend(int error, const char* detail = nullptr);
  Engine& engine() { return *engine_; }

 private:
  std::atomic<void*> extra_{nullptr};
  // In this order: the engine goes first.
  std::unique_ptr<ClientEvents> events_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace core
}  // namespace hpsocket

#endif  // HPSOCKET_CORE_FACADE_CLIENT_FACADE_H_
