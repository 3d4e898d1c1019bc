#include "hpsocket/sdk/demos/http_proxy/session.h"

#include <algorithm>
#include <utility>

namespace hpsocket::demos {
namespace {

// What a client may have sent ahead while its request is being worked on.
constexpr size_t kBacklogLimit = kHeaderLimit;

}  // namespace

Session::Session(const Services& services, CONNID client, SOCKET socket, std::string client_address)
    : services_(services),
      client_address_(std::move(client_address)),
      since_(Clock::now()),
      active_(since_),
      client_(services.clients),
      origin_(services.origins) {
  client_.Open(client);
  client_.set_socket(socket);
}

void Session::ClientReceived(std::string_view data) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // What is dropped is no sign of life, and what waits for the present response none of the origin's.
  const bool only_waits = state_ == State::kRelaying && request_.done();
  if (state_ != State::kClosing && !only_waits) active_ = Clock::now();
  TakeInput(data);
}

void Session::ClientSent() {
  const std::lock_guard<std::mutex> lock(mutex_);
  active_ = Clock::now();
  origin_.Hold(Leg::kPeerIsFull, client_.MustWait());
  client_.CloseIfSent();
}

void Session::ClientGone(int error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  active_ = Clock::now();
  client_.Forget();
  client_backlog_.Clear();
  if (state_ == State::kTunnel) {
    if (error != 0) origin_.ResetOnClose();
    origin_.CloseWhenSent();  // what it has sent before it closed still gets there
  } else {
    if (state_ == State::kRelaying && exchange_.answered) services_.statistics.CountBroken();
    DropOrigin();
  }
  LogExchange();
  state_ = State::kGone;
}

void Session::OriginConnected(CONNID id, SOCKET socket, const IpAddress& address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (id != origin_.id() || state_ != State::kConnecting) return;
  origin_.set_socket(socket);
  active_ = Clock::now();
  std::string why;
  if (!services_.access.AllowsAddress(exchange_.target, address, &why)) return RefuseName();
  if (services_.own.IsHere(address, exchange_.target.port))
    return Answer(508, exchange_.target.Authority() + " is this proxy.");
  if (!exchange_.tunnel) {
    SendRequest();
  } else {
    client_.Write({MakeConnected()});
    exchange_.answered = true;
    exchange_.status = 200;
    services_.statistics.CountTunnel();
    state_ = State::kTunnel;
  }
  TakeInput({});
}

void Session::OriginReceived(CONNID id, std::string_view data) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (id != origin_.id() || state_ == State::kGone) return;  // dropped, too
  active_ = Clock::now();
  if (state_ == State::kTunnel) {
    if (client_.Write({data})) tunnelled_ += data.size();
    origin_.Hold(Leg::kPeerIsFull, client_.MustWait());
  } else if (state_ == State::kRelaying) {
    std::string_view input = origin_backlog_.Join(data);
    RelayResponse(&input);
    origin_backlog_.Keep(input);
    // A response may have been the last thing that a pipelined request waited for.
    if (state_ == State::kReading) TakeInput({});
  } else if (state_ == State::kReading) {
    DropOrigin();  // nobody has asked for anything
  }
}

void Session::OriginSent(CONNID id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (id != origin_.id()) return;
  active_ = Clock::now();
  client_.Hold(Leg::kPeerIsFull, origin_.MustWait());
  origin_.CloseIfSent();
}

void Session::OriginGone(CONNID id, int error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (id != origin_.id()) return;
  origin_.Forget();
  client_.Hold(Leg::kPeerIsFull, false);
  switch (state_) {
    case State::kConnecting:
      return ConnectFailed(error);
    case State::kRelaying:
      if (exchange_.answered && error == 0 && response_.Finish(client_)) {
        FinishResponse();
        return TakeInput({});
      }
      // It may have closed an idle connection in the moment in which we used it again.
      if (exchange_.repeatable && !response_.started()) return Connect();
      return FailOrigin(
          502, exchange_.target.Authority() + " closed the connection before its answer was complete.");
    case State::kTunnel:
      if (error != 0) return BreakOff();
      return CloseClient();
    default:
      return;
  }
}

void Session::Tick(Clock::time_point now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto over = [now](Clock::time_point begun, uint32_t seconds) {
    return now - begun > std::chrono::seconds(seconds);
  };
  const Timeouts& limits = services_.timeouts;
  const bool idle = over(active_, limits.idle);
  switch (state_) {
    case State::kReading:
      if (request_.started() && over(since_, limits.header)) {
        return RefuseRequest(408, "The request's header did not come to its end in " +
                                      std::to_string(limits.header) + " seconds.");
      }
      if (!request_.started() && over(since_, limits.idle)) CloseClient();
      return;
    case State::kConnecting:
      if (over(since_, limits.connect)) ConnectTimedOut();
      return;
    case State::kRelaying:
      if (!idle) return;
      if (!request_.done()) return FailOrigin(408, "The rest of the request did not come.");
      return FailOrigin(504, exchange_.target.Authority() + " did not answer in " +
                                 std::to_string(limits.idle) + " seconds.");
    case State::kTunnel:
      if (idle) BreakOff();
      return;
    case State::kClosing:
      if (idle) client_.Abort();
      return;
    case State::kGone:
      if (idle) origin_.Abort();
      return;
  }
}

void Session::PrepareForStop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ResetWhatIsCutOff();
  client_.ResetIfQueued();
  origin_.ResetIfQueued();
}

void Session::TakeInput(std::string_view received) {
  std::string_view input = client_backlog_.Join(received);
  ProcessInput(&input);
  if (state_ == State::kReading && request_.started())
    RefuseGarbage(input.substr(input.size() - std::min(input.size(), received.size())));
  if (state_ == State::kClosing || state_ == State::kGone) input = {};
  client_backlog_.Keep(input);
  const bool waits = state_ == State::kConnecting || (state_ == State::kRelaying && request_.done());
  client_.Hold(Leg::kBacklogIsFull, waits && client_backlog_.size() >= kBacklogLimit);
}

void Session::ProcessInput(std::string_view* input) {
  if (state_ == State::kReading && !ReadRequest(input)) return;
  if (state_ == State::kRelaying && !request_.done()) RelayRequest(input);
  if (state_ == State::kTunnel) RelayToOrigin(input);
}

// Reads as far as the end of a request's header; whether it got there.
bool Session::ReadRequest(std::string_view* input) {
  if (!request_.started()) {
    // Empty lines before a request mean nothing: RFC 9112 §2.2.
    input->remove_prefix(std::min(input->find_first_not_of("\r\n"), input->size()));
    if (input->empty()) return false;
    since_ = active_;
  }
  switch (request_.Run(input, origin_)) {
    case RequestRelay::Result::kHeader:
      HandleRequest();
      return true;
    case RequestRelay::Result::kBad:
      if (request_.error() != boost::beast::http::error::header_limit) {
        RefuseRequest(400, "This is no HTTP request: " + request_.error().message() + ".");
      } else if (!request_.past_start_line()) {
        RefuseRequest(414, "The request line is longer than " + std::to_string(kHeaderLimit) + " bytes.");
      } else {
        RefuseRequest(431, "The header is longer than " + std::to_string(kHeaderLimit) + " bytes.");
      }
      return false;
    default:
      return false;
  }
}

void Session::RelayRequest(std::string_view* input) {
  if (request_.Run(input, origin_) == RequestRelay::Result::kBad)
    return FailOrigin(400, "The request's body makes no sense: " + request_.error().message() + ".");
  client_.Hold(Leg::kPeerIsFull, origin_.MustWait());
}

void Session::RelayToOrigin(std::string_view* input) {
  if (!input->empty()) origin_.Write({*input});
  *input = {};
  client_.Hold(Leg::kPeerIsFull, origin_.MustWait());
}

// The parser looks at a header when all of it is there. What can never become one is not waited for: somebody
// speaks TLS to us, or nothing at all.
void Session::RefuseGarbage(std::string_view received) {
  const auto is_garbage = [](char c) {
    const unsigned char byte = static_cast<unsigned char>(c);
    return (byte < ' ' && c != '\t' && c != '\r' && c != '\n') || byte == 0x7F;
  };
  if (std::any_of(received.begin(), received.end(), is_garbage))
    RefuseRequest(400, "This is no HTTP request: it has control characters.");
}

// Before its header is complete.
void Session::RefuseRequest(int status, std::string_view why) {
  BeginExchange(request_.TakeHeader());  // as far as it has come
  exchange_.begun = since_;
  Answer(status, why);
}

void Session::RelayResponse(std::string_view* input) {
  for (;;) {
    switch (response_.Run(input, client_)) {
      case ResponseRelay::Result::kHeader:
        if (!HandleResponse()) return;
        break;
      case ResponseRelay::Result::kDone:
        if (!input->empty()) origin_reusable_ = false;  // more than was asked for
        return FinishResponse();
      case ResponseRelay::Result::kBad:
        return FailOrigin(502, exchange_.target.Authority() +
                                   " gave no HTTP response: " + response_.error().message() + ".");
      default:
        // kMore, or the client takes no more and its last event is on its way.
        origin_.Hold(Leg::kPeerIsFull, client_.MustWait());
        return;
    }
  }
}

void Session::FinishResponse() {
  LogExchange();
  if (!exchange_.wishes.keep_alive || !request_.done()) return CloseClient();
  if (!origin_reusable_) DropOrigin();
  exchange_ = {};
  request_.Reset();
  since_ = active_;
  state_ = State::kReading;
}

void Session::Answer(int status, std::string_view why) {
  GiveAnswer(status, MakeAnswer(status, why, exchange_.head_only));
}

void Session::GiveAnswer(int status, const std::string& text) {
  services_.statistics.CountAnswer(status);
  client_.Write({text});
  exchange_.status = static_cast<unsigned>(status);
  LogExchange();
  CloseClient();
}

void Session::BreakOff() {
  ResetWhatIsCutOff();
  services_.statistics.CountBroken();
  LogExchange();
  CloseClient();
}

// Where nothing but the connection's end tells the end of what it carries, that end must not look like one.
void Session::ResetWhatIsCutOff() {
  const bool in_tunnel = state_ == State::kTunnel;
  const bool in_body =
      state_ == State::kRelaying && exchange_.answered && response_.framing() == Framing::kUntilClose;
  if (in_tunnel || in_body) client_.ResetOnClose();
  if (in_tunnel) origin_.ResetOnClose();
}

void Session::FailOrigin(int status, std::string_view why) {
  if (exchange_.answered) return BreakOff();
  Answer(status, why);
}

void Session::CloseClient() {
  LogExchange();
  DropOrigin();
  state_ = State::kClosing;
  active_ = Clock::now();  // what has just been written gets its time
  client_.CloseWhenSent();
}

void Session::DropOrigin() {
  origin_.Abort();
  origin_reusable_ = false;
  client_.Hold(Leg::kPeerIsFull, false);
}

// Once per exchange.
void Session::LogExchange() {
  if (exchange_.line.empty() || !services_.log.is_open()) return;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - exchange_.begun);
  services_.log.Write(client_address_, exchange_.line, exchange_.status,
                      exchange_.tunnel ? tunnelled_ : response_.body_bytes(), took.count());
  exchange_.line.clear();
}

}  // namespace hpsocket::demos
