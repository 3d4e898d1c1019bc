// Internal to core.
//
// The bodies of ClientFacade. A component's source file includes this and instantiates the facade for
// its interfaces.
#ifndef HPSOCKET_CORE_FACADE_CLIENT_FACADE_IMPL_H_
#define HPSOCKET_CORE_FACADE_CLIENT_FACADE_IMPL_H_

#include <cerrno>
#include <memory>

#include "hpsocket/core/api/error_map.h"
#include "hpsocket/core/engine/role.h"
#include "hpsocket/core/facade/client_events.h"
#include "hpsocket/core/facade/client_facade.h"
#include "hpsocket/core/facade/facade_calls.h"

namespace hpsocket::core {

template <class Interface, class Engine>
ClientFacade<Interface, Engine>::ClientFacade(const char* kind, Role role, IClientListener* listener,
                                              Delivery delivery)
    : events_(std::make_unique<ClientEvents>(listener)),
      engine_(std::make_unique<Engine>(kind, role, delivery, *events_)) {
  events_->Attach(*this, *engine_);
}

template <class Interface, class Engine>
ClientFacade<Interface, Engine>::~ClientFacade() {
  if (!engine_->lifecycle().forked()) return;
  // A thread of another process works with it.
  static_cast<void>(engine_.release());
  static_cast<void>(events_.release());
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::StopForDestruction() {
  engine_->lifecycle().Destroy();
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::Start(const char* remote_address, uint16_t port, bool async_connect) {
  if (!events_->has_listener()) {
    engine_->set_last_error(SE_INVALID_PARAM);
    return Report(EINVAL, "there is no listener");
  }
  return engine_->StartClient(remote_address, port, async_connect);
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::Stop() {
  return engine_->Stop();
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::Wait(int timeout_ms) {
  return engine_->Wait(timeout_ms);
}

// --- The connection ---

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::Send(const uint8_t* data, int length, int offset) {
  if (const char* fault = FaultInBytes(data, length, offset); fault != nullptr)
    return ReportSend(EINVAL, fault);
  if (engine_->state() == SS_STOPPED) return ReportSend(EPERM);
  const uint8_t* const first = data == nullptr ? nullptr : data + offset;
  return ReportSend(engine_->Send(engine_->client_id(), first, static_cast<size_t>(length)));
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::SendPackets(const WSABUF buffers[], int count) {
  if (const char* fault = FaultInPieces(buffers, count); fault != nullptr) return ReportSend(EINVAL, fault);
  if (engine_->state() == SS_STOPPED) return ReportSend(EPERM);
  return ReportSend(engine_->SendPackets(engine_->client_id(), buffers, count));
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::ReportSend(int error, const char* detail) {
  if (error == 0) return true;
  // A client that is stopped, or still looks for its server, has no connection that the engine knows.
  const EnServiceState state = engine_->state();
  if (error == EBADSLT && (state == SS_STARTING || state == SS_STOPPED)) error = EPERM;
  engine_->set_last_error(ClientErrorOf(error));
  return Report(error, detail);
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::PauseReceive(bool pause) {
  const int error = engine_->PauseReceive(engine_->client_id(), pause);
  return Report(error == EBADSLT ? EPERM : error);
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::IsPauseReceive(bool& paused) {
  return engine_->IsPauseReceive(engine_->client_id(), &paused) == 0;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetExtra(void* extra) {
  extra_.store(extra, std::memory_order_release);
}

template <class Interface, class Engine>
void* ClientFacade<Interface, Engine>::GetExtra() {
  return extra_.load(std::memory_order_acquire);
}

template <class Interface, class Engine>
CONNID ClientFacade<Interface, Engine>::GetConnectionID() {
  return engine_->client_id();
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::GetLocalAddress(char address[], int& address_length, uint16_t& port) {
  Address found;
  return engine_->GetLocalAddress(engine_->client_id(), &found) == 0 &&
         CopyAddress(found, address, address_length, port);
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::GetPendingDataLength(int& pending) {
  uint64_t length = 0;
  const bool connected = engine_->GetPendingLength(engine_->client_id(), &length) == 0;
  pending = connected ? ClampToInt(length) : 0;
  return engine_->started();
}

// --- The component ---

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::HasStarted() {
  return engine_->started();
}

template <class Interface, class Engine>
EnServiceState ClientFacade<Interface, Engine>::GetState() {
  return engine_->state();
}

template <class Interface, class Engine>
EnSocketError ClientFacade<Interface, Engine>::GetLastError() {
  return engine_->last_error();
}

template <class Interface, class Engine>
const char* ClientFacade<Interface, Engine>::GetLastErrorDesc() {
  return GetSocketErrorDesc(engine_->last_error());
}

template <class Interface, class Engine>
const char* ClientFacade<Interface, Engine>::GetLastErrorDetail() {
  return Engine::LastErrorDetail();
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::GetStats(HP_Stats& stats) {
  HP_Stats all;
  engine_->FillStats(&all);
  return Report(CopyStats(all, stats) ? 0 : EINVAL, "HP_Stats::size is not set");
}

// --- Settings ---

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetFreeBufferPoolSize(uint32_t pool_size) {
  engine_->Change([=](auto& settings) { settings.free_buffer_pool_size = pool_size; });
}

template <class Interface, class Engine>
uint32_t ClientFacade<Interface, Engine>::GetFreeBufferPoolSize() {
  return engine_->settings().free_buffer_pool_size;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetFreeBufferPoolHold(uint32_t pool_hold) {
  engine_->Change([=](auto& settings) { settings.free_buffer_pool_hold = pool_hold; });
}

template <class Interface, class Engine>
uint32_t ClientFacade<Interface, Engine>::GetFreeBufferPoolHold() {
  return engine_->settings().free_buffer_pool_hold;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetIoBackend(EnIoBackend backend) {
  engine_->Change([=](auto& settings) { settings.io_backend = backend; });
}

template <class Interface, class Engine>
EnIoBackend ClientFacade<Interface, Engine>::GetIoBackend() {
  return static_cast<EnIoBackend>(engine_->settings().io_backend);
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetMaxPendingLength(uint64_t length) {
  engine_->Change([=](auto& settings) { settings.max_pending_length = length; });
}

template <class Interface, class Engine>
uint64_t ClientFacade<Interface, Engine>::GetMaxPendingLength() {
  return engine_->settings().max_pending_length;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetMaxPendingTotal(uint64_t length) {
  engine_->Change([=](auto& settings) { settings.max_pending_total = length; });
}

template <class Interface, class Engine>
uint64_t ClientFacade<Interface, Engine>::GetMaxPendingTotal() {
  return engine_->settings().max_pending_total;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetGracefulTimeout(uint32_t timeout_ms) {
  engine_->Change([=](auto& settings) { settings.graceful_timeout = timeout_ms; });
}

template <class Interface, class Engine>
uint32_t ClientFacade<Interface, Engine>::GetGracefulTimeout() {
  return engine_->settings().graceful_timeout;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetSlowCallbackTime(uint32_t time_ms) {
  engine_->Change([=](auto& settings) { settings.slow_callback_time = time_ms; });
}

template <class Interface, class Engine>
uint32_t ClientFacade<Interface, Engine>::GetSlowCallbackTime() {
  return engine_->settings().slow_callback_time;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetBusyPoll(uint32_t time_us) {
  engine_->Change([=](auto& settings) { settings.busy_poll = time_us; });
}

template <class Interface, class Engine>
uint32_t ClientFacade<Interface, Engine>::GetBusyPoll() {
  return engine_->settings().busy_poll;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetNoDelay(bool no_delay) {
  engine_->Change([=](auto& settings) { settings.no_delay = no_delay; });
}

template <class Interface, class Engine>
bool ClientFacade<Interface, Engine>::IsNoDelay() {
  return engine_->settings().no_delay;
}

template <class Interface, class Engine>
void ClientFacade<Interface, Engine>::SetSyncConnectTimeout(uint32_t timeout_ms) {
  engine_->Change([=](auto& settings) { settings.sync_connect_timeout = timeout_ms; });
}

template <class Interface, class Engine>
uint32_t ClientFacade<Interface, Engine>::GetSyncConnectTimeout() {
  return engine_->settings().sync_connect_timeout;
}

template <class Interface, class Engine>
const char* ClientFacade<Interface, Engine>::GetIoBackendDesc() {
  return KeepForThisThread([this] { return engine_->io_backend_desc(); });
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_CLIENT_FACADE_IMPL_H_
