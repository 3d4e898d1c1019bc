// Internal to core.
//
// Translates the engine's events of a client into IClientListener's words and keeps the component
// error that belongs to them.
//
// Threads:  as EngineEvents.
// Owner:    ClientFacade owns it; it does not own the listener.
// Lifetime: outlives the engine.
#ifndef HPSOCKET_CORE_FACADE_CLIENT_EVENTS_H_
#define HPSOCKET_CORE_FACADE_CLIENT_EVENTS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/engine/engine_events.h"

namespace hpsocket::core {

class EngineBase;

class ClientEvents final : public EngineEvents {
 public:
  explicit ClientEvents(IClientListener* listener) : listener_(listener) {}
  ClientEvents(const ClientEvents&) = delete;
  ClientEvents& operator=(const ClientEvents&) = delete;

  // Once, before the engine starts. `client` is what the listener is shown.
  void Attach(IClient& client, EngineBase& engine) {
    client_ = &client;
    engine_ = &engine;
  }
  // Without one no Start may succeed.
  bool has_listener() const { return listener_ != nullptr; }

  EnHandleResult HandlePrepareListen(int fd) override;
  EnHandleResult HandlePrepareConnect(CONNID id, int fd) override;
  EnHandleResult HandleAccept(CONNID id, int fd, const Address& peer) override;
  EnHandleResult HandleConnect(CONNID id) override;
  EnHandleResult HandleReceive(CONNID id, const uint8_t* data, int length) override;
  void HandleSend(CONNID id, const uint8_t* data, int length) override;
  void HandleClose(CONNID id, EnSocketOperation operation, int error) override;
  void HandleShutdown() override;

 private:
  IClientListener* const listener_;
  IClient* client_ = nullptr;
  EngineBase* engine_ = nullptr;
  // OnReceive has given HR_ERROR. Written by the thread that the connection's events run on.
  bool data_refused_ = false;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_CLIENT_EVENTS_H_
