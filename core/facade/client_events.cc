#include "hpsocket/core/facade/client_events.h"

#include <cerrno>

#include "hpsocket/core/engine/engine_base.h"
#include "hpsocket/core/facade/listener_call.h"

namespace hpsocket::core {

// The engine raises these for servers and agents only.
EnHandleResult ClientEvents::HandlePrepareListen(int) { return HR_IGNORE; }
EnHandleResult ClientEvents::HandleAccept(CONNID, int, const Address&) { return HR_IGNORE; }
void ClientEvents::HandleShutdown() {}

EnHandleResult ClientEvents::HandlePrepareConnect(CONNID, int fd) {
  data_refused_ = false;
  return CallListener(*engine_, "OnPrepareConnect", [&] { return listener_->OnPrepareConnect(client_, fd); });
}

EnHandleResult ClientEvents::HandleConnect(CONNID) {
  return CallListener(*engine_, "OnConnect", [&] { return listener_->OnConnect(client_); });
}

EnHandleResult ClientEvents::HandleReceive(CONNID, const uint8_t* data, int length) {
  const EnHandleResult result = CallListener(*engine_, "OnReceive", [&] {
    return data != nullptr ? listener_->OnReceive(client_, data, length)
                           : listener_->OnReceive(client_, length);
  });
  if (result == HR_ERROR) data_refused_ = true;
  return result;
}

void ClientEvents::HandleSend(CONNID, const uint8_t* data, int length) {
  CallListener(*engine_, "OnSend", [&] { return listener_->OnSend(client_, data, length); });
}

void ClientEvents::HandleClose(CONNID, EnSocketOperation operation, int error) {
  const bool refused = data_refused_ && operation == SO_RECEIVE && error == ECANCELED;
  if (error != 0) engine_->set_last_error(refused ? SE_DATA_PROC : SE_NETWORK);
  CallListener(*engine_, error == 0 ? "OnClose" : "OnError", [&] {
    return error == 0 ? listener_->OnClose(client_) : listener_->OnError(client_, operation, error);
  });
}

}  // namespace hpsocket::core
