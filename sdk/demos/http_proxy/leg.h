// Internal to http_proxy.
//
// One side of a session: a connection of the server (the client's side) or of the agent (the origin's), with
// what keeps its memory bounded. Whoever writes asks MustWait afterwards and holds the other side.
//
// Threads:  under the session's lock.
// Lifetime: the socket is open until the connection's last event has returned. That event waits for the
//           session's lock to forget the connection, so what is not forgotten has a socket.
// Units:    bytes.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_LEG_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_LEG_H_

#include <initializer_list>
#include <string_view>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/sdk/demos/http_proxy/byte_sink.h"
#include "hpsocket/sdk/demos/http_proxy/water_marks.h"

namespace hpsocket::demos {

class Leg : public ByteSink {
 public:
  // Why nothing is to be received for now.
  enum Reason : unsigned { kPeerIsFull = 1, kBacklogIsFull = 2 };

  explicit Leg(IComplexSocket& component) : component_(component) {}

  // From OnAccept or a Connect that was accepted on; the former connection, if any, is forgotten.
  void Open(CONNID id);
  // When it is connected.
  void set_socket(SOCKET socket) { socket_ = socket; }
  // After its last event, or when its events do not matter any more.
  void Forget() { Open(0); }
  bool is_open() const { return id_ != 0; }
  CONNID id() const { return id_; }

  // False: it is closing, or closes now because there is no memory for this; its last event follows.
  bool Write(std::initializer_list<std::string_view> pieces) override;
  // Whether so much is queued that no more should be written for now.
  bool MustWait();
  // Receives as long as there is no reason not to.
  void Hold(Reason reason, bool hold);

  // Closes in order as soon as the last queued byte has left; that may take a slow peer longer than
  // GracefulTimeout. Call CloseIfSent in each OnSend.
  void CloseWhenSent();
  void CloseIfSent();
  // However it closes from now on, the peer gets a reset: it must not take what it has got for the whole.
  void ResetOnClose();
  // The same if something is still queued.
  void ResetIfQueued();
  // Closes now, with a reset if something is still queued, and forgets it.
  void Abort();

 private:
  int Pending();

  IComplexSocket& component_;
  CONNID id_ = 0;
  SOCKET socket_ = INVALID_SOCKET;
  WaterMarks marks_{0, 0};
  unsigned holds_ = 0;
  bool paused_ = false;
  bool closing_ = false;
  bool reset_ = false;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_LEG_H_
