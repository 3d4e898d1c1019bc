// Internal to core.
//
// Translates the engine's events of a server or agent into IComplexSocketListener's words. A
// component derives from it and adds the events that its own listener interface has.
//
// Threads:  as EngineEvents.
// Owner:    ComplexFacade owns it; it does not own the listener.
// Lifetime: outlives the engine.
#ifndef HPSOCKET_CORE_FACADE_COMPLEX_EVENTS_H_
#define HPSOCKET_CORE_FACADE_COMPLEX_EVENTS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/engine/engine_events.h"

namespace hpsocket::core {

class EngineBase;

class ComplexEvents : public EngineEvents {
 public:
  explicit ComplexEvents(IComplexSocketListener* listener) : listener_(listener) {}
  ComplexEvents(const ComplexEvents&) = delete;
  ComplexEvents& operator=(const ComplexEvents&) = delete;
  virtual ~ComplexEvents() = default;

  // Once, before the engine starts.
  void Attach(EngineBase& engine) { engine_ = &engine; }
  // Without one no Start may succeed.
  bool has_listener() const { return listener_ != nullptr; }

  EnHandleResult HandlePrepareListen(int fd) override;
  EnHandleResult HandlePrepareConnect(CONNID id, int fd) override;
  EnHandleResult HandleAccept(CONNID id, int fd, const Address& peer) override;
  EnHandleResult HandleConnect(CONNID id) override;
  EnHandleResult HandleReceive(CONNID id, const uint8_t* data, int length) final;
  void HandleSend(CONNID id, const uint8_t* data, int length) final;
  void HandleClose(CONNID id, EnSocketOperation operation, int error) final;
  void HandleShutdown() final;

 protected:
  EngineBase& engine() { return *engine_; }

 private:
  IComplexSocketListener* const listener_;
  EngineBase* engine_ = nullptr;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_COMPLEX_EVENTS_H_
