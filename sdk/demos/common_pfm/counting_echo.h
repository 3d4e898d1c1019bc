// Internal to the demos.
//
// A performance server's listener and its component, whichever kind of server: sends everything back and
// counts.
//
// Threads:  events on the component's workers.
// Lifetime: totals and console outlive it.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_COUNTING_ECHO_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_COUNTING_ECHO_H_

#include <chrono>
#include <cstdint>
#include <new>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common_pfm/server_totals.h"

namespace hpsocket::demos {

// `Listener` is the kind's base class (CTcpServerListener), `Pointer` its smart pointer (CTcpServerPtr),
// `Peer` what its OnAccept tells of a peer.
template <class Listener, class Pointer, class Peer>
class CountingEcho final : public Listener {
 public:
  CountingEcho(ServerTotals& totals, Console& console) : totals_(totals), console_(console), server_(this) {
    if (!server_.IsValid()) throw std::bad_alloc();
  }

  Pointer& server() { return server_; }

  using Listener::OnReceive;
  EnHandleResult OnAccept(CONNID, Peer) override {
    totals_.Opened();
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    totals_.AddReceived(static_cast<uint64_t>(length));
    return server_->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnSend(CONNID, const uint8_t*, int length) override {
    totals_.AddSent(static_cast<uint64_t>(length));
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override { return Closed(); }
  // A client that stops with bytes under way resets its connection: nothing to complain about.
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return Closed(); }

 private:
  EnHandleResult Closed() {
    if (totals_.Closed(std::chrono::steady_clock::now())) console_.Wake();
    return HR_OK;
  }

  ServerTotals& totals_;
  Console& console_;
  Pointer server_;  // last: it is gone, and with it every event, before the rest is
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_COUNTING_ECHO_H_
