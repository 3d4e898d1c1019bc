#include "hpsocket/core/facade/complex_events.h"

#include "absl/base/attributes.h"
#include "hpsocket/core/engine/engine_base.h"
#include "hpsocket/core/facade/listener_call.h"

namespace hpsocket::core {

// A component has the pair that belongs to its role; the engine raises no other.
EnHandleResult ComplexEvents::HandlePrepareListen(int) { return HR_IGNORE; }
EnHandleResult ComplexEvents::HandlePrepareConnect(CONNID, int) { return HR_IGNORE; }
EnHandleResult ComplexEvents::HandleAccept(CONNID, int, const Address&) { return HR_IGNORE; }
EnHandleResult ComplexEvents::HandleConnect(CONNID) { return HR_IGNORE; }

ABSL_ATTRIBUTE_HOT EnHandleResult ComplexEvents::HandleReceive(CONNID id, const uint8_t* data, int length) {
  return CallListener(*engine_, "OnReceive", [&] {
    return data != nullptr ? listener_->OnReceive(id, data, length) : listener_->OnReceive(id, length);
  });
}

ABSL_ATTRIBUTE_HOT void ComplexEvents::HandleSend(CONNID id, const uint8_t* data, int length) {
  CallListener(*engine_, "OnSend", [&] { return listener_->OnSend(id, data, length); });
}

void ComplexEvents::HandleClose(CONNID id, EnSocketOperation operation, int error) {
  CallListener(*engine_, error == 0 ? "OnClose" : "OnError", [&] {
    return error == 0 ? listener_->OnClose(id) : listener_->OnError(id, operation, error);
  });
}

void ComplexEvents::HandleShutdown() {
  CallListener(*engine_, "OnShutdown", [&] { return listener_->OnShutdown(); });
}

}  // namespace hpsocket::core
