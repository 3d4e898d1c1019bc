// Internal to core.
//
// The bodies of ComplexFacade. A component's source file includes this and its engine, and instantiates
// the facade for its interfaces.
#ifndef HPSOCKET_CORE_FACADE_COMPLEX_FACADE_IMPL_H_
#define HPSOCKET_CORE_FACADE_COMPLEX_FACADE_IMPL_H_

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "absl/base/attributes.h"
#include "hpsocket/core/api/error_map.h"
#include "hpsocket/core/engine/role.h"
#include "hpsocket/core/facade/complex_events.h"
#include "hpsocket/core/facade/complex_facade.h"
#include "hpsocket/core/facade/facade_calls.h"

namespace hpsocket::core {

template <class Interface, class Engine>
ComplexFacade<Interface, Engine>::ComplexFacade(const char* kind, Role role, Delivery delivery,
                                                std::unique_ptr<ComplexEvents> events)
    : events_(std::move(events)), engine_(std::make_unique<Engine>(kind, role, delivery, *events_)) {
  events_->Attach(*engine_);
}

template <class Interface, class Engine>
ComplexFacade<Interface, Engine>::~ComplexFacade() {
  if (!engine_->lifecycle().forked()) return;
  // Threads of another process work with it.
  static_cast<void>(engine_.release());
  static_cast<void>(events_.release());
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::StopForDestruction() {
  engine_->lifecycle().Destroy();
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::CanStart() {
  if (events_->has_listener()) return true;
  engine_->set_last_error(SE_INVALID_PARAM);
  return Report(EINVAL, "there is no listener");
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::Stop() {
  return engine_->Stop();
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::Wait(int timeout_ms) {
  return engine_->Wait(timeout_ms);
}

// --- Connections ---

template <class Interface, class Engine>
ABSL_ATTRIBUTE_HOT bool ComplexFacade<Interface, Engine>::Send(CONNID conn_id, const uint8_t* data,
                                                               int length, int offset) {
  if (const char* fault = FaultInBytes(data, length, offset); fault != nullptr) return Report(EINVAL, fault);
  const uint8_t* const first = data == nullptr ? nullptr : data + offset;
  return Report(engine_->Send(conn_id, first, static_cast<size_t>(length)));
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::SendPackets(CONNID conn_id, const WSABUF buffers[], int count) {
  if (const char* fault = FaultInPieces(buffers, count); fault != nullptr) return Report(EINVAL, fault);
  return Report(engine_->SendPackets(conn_id, buffers, count));
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::Disconnect(CONNID conn_id, bool force) {
  return Report(engine_->Disconnect(conn_id, force));
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::DisconnectLongConnections(uint32_t period_ms, bool force) {
  try {
    return Report(engine_->DisconnectLong(period_ms, force) > 0 ? 0 : EBADSLT, "no connection is that old");
  } catch (const std::bad_alloc&) {  // before any was looked at
    return Report(ENOMEM);
  }
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::DisconnectSilenceConnections(uint32_t period_ms, bool force) {
  if (!engine_->mark_silence()) return Report(EPERM, "MarkSilence is off");
  try {
    return Report(engine_->DisconnectSilent(period_ms, force) > 0 ? 0 : EBADSLT,
                  "no connection is silent that long");
  } catch (const std::bad_alloc&) {  // before any was looked at
    return Report(ENOMEM);
  }
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::PauseReceive(CONNID conn_id, bool pause) {
  return Report(engine_->PauseReceive(conn_id, pause));
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::IsPauseReceive(CONNID conn_id, bool& paused) {
  return engine_->IsPauseReceive(conn_id, &paused) == 0;
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::SetConnectionExtra(CONNID conn_id, void* extra) {
  return engine_->SetExtra(conn_id, extra) == 0;
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetConnectionExtra(CONNID conn_id, void** extra) {
  return extra != nullptr && engine_->GetExtra(conn_id, extra) == 0;
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetConnectionCount() {
  return engine_->ConnectionCount();
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetAllConnectionIDs(CONNID ids[], uint32_t& count) {
  const uint32_t room = ids == nullptr ? 0 : count;
  std::vector<CONNID> all;
  try {
    all = engine_->AllIds();
  } catch (const std::bad_alloc&) {
    count = engine_->ConnectionCount();
    return false;
  }
  count = static_cast<uint32_t>(all.size());
  if (ids == nullptr || room < count) return false;
  std::copy(all.begin(), all.end(), ids);
  return true;
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetConnectPeriod(CONNID conn_id, uint32_t& period_ms) {
  return engine_->GetConnectPeriod(conn_id, &period_ms) == 0;
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetSilencePeriod(CONNID conn_id, uint32_t& period_ms) {
  return engine_->mark_silence() && engine_->GetSilencePeriod(conn_id, &period_ms) == 0;
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetRemoteAddress(CONNID conn_id, char address[], int& address_length,
                                                        uint16_t& port) {
  Address found;
  return engine_->GetRemoteAddress(conn_id, &found) == 0 && CopyAddress(found, address, address_length, port);
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetPendingDataLength(CONNID conn_id, int& pending) {
  uint64_t length = 0;
  if (engine_->GetPendingLength(conn_id, &length) != 0) return false;
  pending = ClampToInt(length);
  return true;
}

// --- The component ---

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::HasStarted() {
  return engine_->started();
}

template <class Interface, class Engine>
EnServiceState ComplexFacade<Interface, Engine>::GetState() {
  return engine_->state();
}

template <class Interface, class Engine>
EnSocketError ComplexFacade<Interface, Engine>::GetLastError() {
  return engine_->last_error();
}

template <class Interface, class Engine>
const char* ComplexFacade<Interface, Engine>::GetLastErrorDesc() {
  return GetSocketErrorDesc(engine_->last_error());
}

template <class Interface, class Engine>
const char* ComplexFacade<Interface, Engine>::GetLastErrorDetail() {
  return Engine::LastErrorDetail();
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::GetStats(HP_Stats& stats) {
  HP_Stats all;
  engine_->FillStats(&all);
  return Report(CopyStats(all, stats) ? 0 : EINVAL, "HP_Stats::size is not set");
}

// --- Settings ---

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetSendPolicy(EnSendPolicy send_policy) {
  engine_->Change([=](auto& settings) { settings.send_policy = send_policy; });
}

template <class Interface, class Engine>
EnSendPolicy ComplexFacade<Interface, Engine>::GetSendPolicy() {
  return static_cast<EnSendPolicy>(engine_->settings().send_policy);
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetRecvPolicy(EnRecvPolicy recv_policy) {
  engine_->Change([=](auto& settings) { settings.recv_policy = recv_policy; });
}

template <class Interface, class Engine>
EnRecvPolicy ComplexFacade<Interface, Engine>::GetRecvPolicy() {
  return static_cast<EnRecvPolicy>(engine_->settings().recv_policy);
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetFreeSocketObjLockTime(uint32_t lock_time_ms) {
  engine_->Change([=](auto& settings) { settings.free_socket_obj_lock_time = lock_time_ms; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetFreeSocketObjLockTime() {
  return engine_->settings().free_socket_obj_lock_time;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetFreeSocketObjPool(uint32_t pool) {
  engine_->Change([=](auto& settings) { settings.free_socket_obj_pool = pool; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetFreeSocketObjPool() {
  return engine_->settings().free_socket_obj_pool;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetFreeSocketObjHold(uint32_t hold) {
  engine_->Change([=](auto& settings) { settings.free_socket_obj_hold = hold; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetFreeSocketObjHold() {
  return engine_->settings().free_socket_obj_hold;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetFreeBufferObjPool(uint32_t pool) {
  engine_->Change([=](auto& settings) { settings.free_buffer_obj_pool = pool; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetFreeBufferObjPool() {
  return engine_->settings().free_buffer_obj_pool;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetFreeBufferObjHold(uint32_t hold) {
  engine_->Change([=](auto& settings) { settings.free_buffer_obj_hold = hold; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetFreeBufferObjHold() {
  return engine_->settings().free_buffer_obj_hold;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetWorkerThreadCount(uint32_t worker_thread_count) {
  engine_->Change([=](auto& settings) { settings.worker_thread_count = worker_thread_count; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetWorkerThreadCount() {
  return engine_->settings().worker_thread_count;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetMaxShutdownWaitTime(uint32_t wait_time_ms) {
  engine_->Change([=](auto& settings) { settings.max_shutdown_wait_time = wait_time_ms; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetMaxShutdownWaitTime() {
  return engine_->settings().max_shutdown_wait_time;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetMarkSilence(bool mark_silence) {
  engine_->SetMarkSilence(mark_silence);
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::IsMarkSilence() {
  return engine_->mark_silence();
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetMaxConnectionCount(uint32_t max_connections) {
  engine_->Change([=](auto& settings) { settings.max_connection_count = max_connections; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetMaxConnectionCount() {
  return engine_->settings().max_connection_count;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetMaxIdleTime(uint32_t time_ms) {
  engine_->Change([=](auto& settings) { settings.max_idle_time = time_ms; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetMaxIdleTime() {
  return engine_->settings().max_idle_time;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetIoBackend(EnIoBackend backend) {
  engine_->Change([=](auto& settings) { settings.io_backend = backend; });
}

template <class Interface, class Engine>
EnIoBackend ComplexFacade<Interface, Engine>::GetIoBackend() {
  return static_cast<EnIoBackend>(engine_->settings().io_backend);
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetMaxPendingLength(uint64_t length) {
  engine_->Change([=](auto& settings) { settings.max_pending_length = length; });
}

template <class Interface, class Engine>
uint64_t ComplexFacade<Interface, Engine>::GetMaxPendingLength() {
  return engine_->settings().max_pending_length;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetMaxPendingTotal(uint64_t length) {
  engine_->Change([=](auto& settings) { settings.max_pending_total = length; });
}

template <class Interface, class Engine>
uint64_t ComplexFacade<Interface, Engine>::GetMaxPendingTotal() {
  return engine_->settings().max_pending_total;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetGracefulTimeout(uint32_t timeout_ms) {
  engine_->Change([=](auto& settings) { settings.graceful_timeout = timeout_ms; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetGracefulTimeout() {
  return engine_->settings().graceful_timeout;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetSlowCallbackTime(uint32_t time_ms) {
  engine_->Change([=](auto& settings) { settings.slow_callback_time = time_ms; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetSlowCallbackTime() {
  return engine_->settings().slow_callback_time;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetBusyPoll(uint32_t time_us) {
  engine_->Change([=](auto& settings) { settings.busy_poll = time_us; });
}

template <class Interface, class Engine>
uint32_t ComplexFacade<Interface, Engine>::GetBusyPoll() {
  return engine_->settings().busy_poll;
}

template <class Interface, class Engine>
void ComplexFacade<Interface, Engine>::SetNoDelay(bool no_delay) {
  engine_->Change([=](auto& settings) { settings.no_delay = no_delay; });
}

template <class Interface, class Engine>
bool ComplexFacade<Interface, Engine>::IsNoDelay() {
  return engine_->settings().no_delay;
}

template <class Interface, class Engine>
const char* ComplexFacade<Interface, Engine>::GetIoBackendDesc() {
  return KeepForThisThread([this] { return engine_->io_backend_desc(); });
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_COMPLEX_FACADE_IMPL_H_
