// Internal to http_proxy.
//
// Headers on their way through: what a proxy takes out, rewrites and adds (RFC 9110 §7.6, RFC 9112 §3.2, §9).
//
// Threads:  any; nothing has state.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_FORWARDING_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_FORWARDING_H_

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hpsocket/sdk/demos/http_proxy/message_relay.h"
#include "hpsocket/sdk/demos/http_proxy/target.h"

namespace hpsocket::demos {

using RequestHeader = RequestRelay::Header;
using ResponseHeader = ResponseRelay::Header;

// Takes out what concerns one connection only: Connection and what it names, Proxy-Connection, ...
void StripHopByHop(boost::beast::http::fields* fields);
// Of trailers also what must not be told that late.
void StripTrailers(boost::beast::http::fields* trailers);

// Whether the body's length can be told in one way only; what is not so invites request smuggling.
template <bool kIsRequest>
bool HasClearFraming(const boost::beast::http::header<kIsRequest>& header);

// Whether `token` is among those that a message has passed.
bool WentThrough(const boost::beast::http::fields& fields, std::string_view token);

// Whether sending a request twice does no more than sending it once (RFC 9110 §9.2.2). Of methods that are
// not known here, nobody can tell.
bool IsIdempotent(boost::beast::http::verb method);

// Max-Forwards of TRACE and OPTIONS (RFC 9110 §7.6.2): takes one off. kLast: it has got to its last
// recipient.
enum class ForwardsLeft { kEnough, kLast, kNonsense };
ForwardsLeft CountForward(RequestHeader* header);

// Makes it what the origin is to get: in origin form, Host from `target`, nothing about the client's
// connection.
void RewriteRequest(const Target& target, std::string_view path, Framing framing,
                    std::optional<uint64_t> length, std::string_view via_token, RequestHeader* header);

// What the client is told of its own connection.
struct ClientWishes {
  bool http_1_0 = false;
  bool keep_alive = true;
};
// How the response's body leaves. May take back `wishes->keep_alive` where only the end of the connection
// ends it.
Framing ChooseFraming(Framing incoming, ClientWishes* wishes);
void RewriteResponse(const ClientWishes& wishes, Framing framing, std::optional<uint64_t> length,
                     std::string_view via_token, ResponseHeader* header);

// As they go over the wire.
std::string ToText(RequestHeader header);
std::string ToText(ResponseHeader header);

// An answer of the proxy's own, header and body: "403 Forbidden" and why. It ends the connection.
std::string MakeAnswer(int status, std::string_view why, bool head_only);
// The last recipient's, which ends the connection as well: to TRACE, what has got here but for secrets; to
// OPTIONS, that there is no more to say.
std::string MakeFinalAnswer(RequestHeader request);
// What a CONNECT gets before its tunnel begins.
std::string MakeConnected();

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_FORWARDING_H_
