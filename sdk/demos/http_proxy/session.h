// Internal to http_proxy.
//
// One client and the origin that it talks to at the moment: reads a request, finds or makes the connection to
// its origin, relays both ways until the response is complete, and begins anew; or becomes a tunnel.
//
//   kReading ──header──▶ kConnecting ──OnConnect──▶ kRelaying ──response complete──▶ kReading, or kClosing
//      │                    │                └─CONNECT─▶ kTunnel ──origin closed──▶ kClosing
//      └──── kRelaying at once if the connection to that origin is still there
//   from everywhere: our own answer ──▶ kClosing (what comes is dropped); the client's last event ──▶ kGone
//
// Threads:  any; one mutex. Either side's events come on a worker of its own component.
// Lifetime: as long as an event can still come, see SessionTable.
// Order:    events of an origin that has been given up are told by their ID and ignored.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_SESSION_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_SESSION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/http_proxy/backlog.h"
#include "hpsocket/sdk/demos/http_proxy/forwarding.h"
#include "hpsocket/sdk/demos/http_proxy/leg.h"
#include "hpsocket/sdk/demos/http_proxy/message_relay.h"
#include "hpsocket/sdk/demos/http_proxy/services.h"
#include "hpsocket/sdk/demos/http_proxy/target.h"

namespace hpsocket::demos {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;

  Session(const Services& services, CONNID client, SOCKET socket, std::string client_address);

  void ClientReceived(std::string_view data);
  void ClientSent();
  // Its last event; `error` 0 if it closed in order.
  void ClientGone(int error);

  // `address` is where the connection has got to.
  void OriginConnected(CONNID id, SOCKET socket, const IpAddress& address);
  void OriginReceived(CONNID id, std::string_view data);
  void OriginSent(CONNID id);
  // Its last event; `error` 0 if it closed in order.
  void OriginGone(CONNID id, int error);

  // From time to time: what takes too long ends.
  void Tick(Clock::time_point now);
  // The proxy's end cuts off whatever is still under way.
  void PrepareForStop();

 private:
  enum class State { kReading, kConnecting, kRelaying, kTunnel, kClosing, kGone };

  // A request and what becomes of it.
  struct Exchange {
    std::string line;  // for the log; empty: there is none
    Clock::time_point begun;
    Target target;
    std::string head;  // as the origin gets it
    bool tunnel = false;
    bool head_only = false;    // the response has no body
    bool repeatable = false;   // the connection had been used before; the request may be sent once more
    bool ask_address = false;  // a name: only what it leads to tells whether it may be reached
    ClientWishes wishes;
    bool answered = false;  // the response's header has gone to the client
    unsigned status = 0;
  };

  // The client's bytes.
  void TakeInput(std::string_view received);
  void ProcessInput(std::string_view* input);
  bool ReadRequest(std::string_view* input);
  void RelayRequest(std::string_view* input);
  void RelayToOrigin(std::string_view* input);
  void RefuseGarbage(std::string_view received);
  void RefuseRequest(int status, std::string_view why);

  // From a request's header to its origin.
  void BeginExchange(const RequestHeader& header);
  void HandleRequest();
  bool FindTarget(const RequestHeader& header, std::string* path);
  bool MayReach(const Target& target);
  void Connect();
  void SendRequest();
  void ConnectFailed(int error);
  void ConnectTimedOut();
  void RefuseName();

  // The origin's bytes.
  void RelayResponse(std::string_view* input);
  bool HandleResponse();
  void FinishResponse();

  // Ends.
  void Answer(int status, std::string_view why);
  void GiveAnswer(int status, const std::string& text);
  void BreakOff();
  void ResetWhatIsCutOff();
  void FailOrigin(int status, std::string_view why);
  void CloseClient();
  void DropOrigin();
  void LogExchange();

  const Services& services_;
  const std::string client_address_;

  std::mutex mutex_;  // guards everything below
  State state_ = State::kReading;
  Clock::time_point since_;   // of the present state; in kReading: of the request's first byte
  Clock::time_point active_;  // bytes moved
  Leg client_;
  Leg origin_;
  Target origin_target_;
  bool origin_reusable_ = false;
  RequestRelay request_;
  ResponseRelay response_;
  Backlog client_backlog_;
  Backlog origin_backlog_;
  Exchange exchange_;
  uint64_t tunnelled_ = 0;  // bytes to the client
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_SESSION_H_
