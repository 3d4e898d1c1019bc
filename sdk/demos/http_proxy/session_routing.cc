// The part of Session that leads from headers to connections: which origin a request is for, whether it may
// be reached, and what the client is told.

#include <cerrno>
#include <string>
#include <utility>

#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/http_proxy/session.h"
#include "hpsocket/sdk/demos/http_proxy/session_table.h"

namespace hpsocket::demos {

namespace http = boost::beast::http;

void Session::BeginExchange(const RequestHeader& header) {
  const std::string method(header.method_string());
  exchange_ = {};
  exchange_.line = method.empty() ? "-" : method + " " + HideUserinfo(std::string(header.target()));
  exchange_.begun = active_;
  exchange_.tunnel = header.method() == http::verb::connect;
  exchange_.head_only = header.method() == http::verb::head;
  response_.Reset(exchange_.head_only);
  tunnelled_ = 0;
}

void Session::HandleRequest() {
  services_.statistics.CountRequest();
  RequestHeader header = request_.TakeHeader();
  BeginExchange(header);
  exchange_.wishes = {.http_1_0 = header.version() < 11, .keep_alive = request_.keep_alive()};
  const Framing framing = request_.incoming();
  if (!HasClearFraming(header) || (exchange_.tunnel && framing != Framing::kNone))
    return Answer(400, "It is not clear where this request ends.");
  if (WentThrough(header, services_.own.via_token()))
    return Answer(508, "This request has been here before.");
  const ForwardsLeft forwards = CountForward(&header);
  if (forwards == ForwardsLeft::kNonsense) return Answer(400, "Its Max-Forwards is no number.");
  if (forwards == ForwardsLeft::kLast) return GiveAnswer(200, MakeFinalAnswer(std::move(header)));
  std::string path;
  if (!FindTarget(header, &path) || !MayReach(exchange_.target)) return;

  // A connection that was there may be about to close; a request that meets it is sent once more then. One
  // with a body cannot be, and one that does something each time must not be.
  const bool repeatable = !exchange_.tunnel && framing == Framing::kNone && IsIdempotent(header.method());
  const bool reuse =
      repeatable && origin_.is_open() && origin_reusable_ && origin_target_ == exchange_.target;
  if (!exchange_.tunnel) {
    request_.set_framing(framing);
    RewriteRequest(exchange_.target, path, framing, request_.content_length(), services_.own.via_token(),
                   &header);
    exchange_.head = ToText(std::move(header));
  }
  if (!reuse) return Connect();
  services_.statistics.CountReuse();
  exchange_.repeatable = true;
  SendRequest();
}

// Whether it has one; it has been answered if not.
bool Session::FindTarget(const RequestHeader& header, std::string* path) {
  const std::string text(header.target());
  if (exchange_.tunnel) {
    const std::optional<Target> target = ParseAuthority(text, 0);
    if (target) exchange_.target = *target;
    if (!target) Answer(400, "CONNECT wants HOST:PORT, not '" + text + "'.");
    return target.has_value();
  }
  const std::optional<AbsoluteUri> uri = ParseAbsoluteUri(text);
  if (!uri) {
    Answer(400, "This is a proxy. It wants a whole URL, http://host/path, not '" + text + "'.");
    return false;
  }
  if (uri->scheme != "http") {
    Answer(501, "Only http:// is understood here, and CONNECT for everything else.");
    return false;
  }
  exchange_.target = uri->target;
  *path = uri->path;
  return true;
}

bool Session::MayReach(const Target& target) {
  std::string why;
  const AccessList::Verdict verdict = services_.access.CheckTarget(target, &why);
  if (verdict == AccessList::Verdict::kDenied) {
    Answer(403, target.Authority() + " is " + why + ".");
    return false;
  }
  exchange_.ask_address = verdict == AccessList::Verdict::kAskAddress;
  const std::optional<IpAddress> literal = IpAddress::Parse(target.host);
  if (literal && services_.own.IsHere(*literal, target.port)) {
    Answer(508, target.Authority() + " is this proxy.");
    return false;
  }
  return true;
}

void Session::Connect() {
  DropOrigin();
  origin_backlog_.Clear();
  exchange_.repeatable = false;
  origin_target_ = exchange_.target;
  state_ = State::kConnecting;
  since_ = active_;
  CONNID id = 0;
  const int error = services_.sessions.Connect(services_.origins, exchange_.target, shared_from_this(), &id);
  if (error != 0) return ConnectFailed(error);
  origin_.Open(id);
}

void Session::ConnectFailed(int error) {
  const std::string name = exchange_.target.Authority();
  if (error == ENOSR) return Answer(503, "This proxy has too many connections.");
  if (exchange_.ask_address) return RefuseName();
  if (error == EADDRNOTAVAIL)
    return Answer(502, "The name " + exchange_.target.host + " cannot be resolved.");
  if (error == ETIMEDOUT) return Answer(504, name + " did not accept a connection in time.");
  if (error == ECONNREFUSED) return Answer(502, name + " refused the connection: nobody listens there.");
  Answer(502, name + " cannot be reached: " + ErrorText(error) + ".");
}

void Session::ConnectTimedOut() {
  if (exchange_.ask_address) return RefuseName();
  Answer(504, exchange_.target.Authority() + " did not accept a connection in " +
                  std::to_string(services_.timeouts.connect) + " seconds.");
}

// One answer for every end: a client that makes names for addresses behind the rules learns nothing about the
// ports there.
void Session::RefuseName() {
  Answer(502, exchange_.target.Authority() +
                  " cannot be reached: there is no such name, it accepts no connection, or a rule denies its "
                  "address.");
}

void Session::SendRequest() {
  state_ = State::kRelaying;
  since_ = active_;
  origin_reusable_ = false;
  origin_.Write({exchange_.head});  // if it has closed meanwhile, its last event is on its way
  std::string_view nothing;
  request_.Run(&nothing, origin_);  // a request without a body is complete now
}

// False: the relay has ended.
bool Session::HandleResponse() {
  ResponseHeader header = response_.TakeHeader();
  const unsigned status = header.result_int();
  if (!HasClearFraming(header) || status == 101) {
    Answer(502, exchange_.target.Authority() + " gave a response that cannot be passed on.");
    return false;
  }
  services_.statistics.CountResponse(status);
  ClientWishes& wishes = exchange_.wishes;
  if (status / 100 == 1) {
    RewriteResponse(wishes, Framing::kNone, std::nullopt, services_.own.via_token(), &header);
    if (!wishes.http_1_0) client_.Write({ToText(std::move(header))});
    response_.Reset(exchange_.head_only);  // the real one follows
    return true;
  }
  // An origin that answers before it has read the whole request may never read the rest.
  if (!request_.done()) wishes.keep_alive = false;
  const Framing framing = ChooseFraming(response_.incoming(), &wishes);
  origin_reusable_ = response_.keep_alive();
  RewriteResponse(wishes, framing, response_.content_length(), services_.own.via_token(), &header);
  response_.set_framing(framing);
  exchange_.answered = true;
  exchange_.status = status;
  client_.Write({ToText(std::move(header))});
  return true;
}

}  // namespace hpsocket::demos
