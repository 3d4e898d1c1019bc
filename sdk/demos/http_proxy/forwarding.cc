#include "hpsocket/sdk/demos/http_proxy/forwarding.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/status.hpp>
#include <utility>
#include <vector>

#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {

namespace http = boost::beast::http;
using boost::beast::iequals;
using http::field;

namespace {

// Any number beyond all paths would do.
constexpr uint64_t kMostForwards = 1000000;

boost::beast::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// Serialises the header and leaves the body to others.
template <bool kIsRequest>
std::string HeaderText(http::header<kIsRequest> header) {
  http::message<kIsRequest, http::empty_body> message(std::move(header));
  http::serializer<kIsRequest, http::empty_body> serializer(message);
  serializer.split(true);
  std::string text;
  while (!serializer.is_header_done()) {
    boost::beast::error_code error;
    size_t written = 0;
    serializer.next(error, [&](boost::beast::error_code& result, const auto& buffers) {
      result = {};
      for (const boost::asio::const_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
        text.append(static_cast<const char*>(buffer.data()), buffer.size());
        written += buffer.size();
      }
    });
    serializer.consume(written);
  }
  return text;
}

void SetFraming(Framing framing, http::fields* fields) {
  if (framing == Framing::kChunked) fields->set(field::transfer_encoding, "chunked");
  if (framing == Framing::kChunked || framing == Framing::kUntilClose) fields->erase(field::content_length);
}

}  // namespace

void StripHopByHop(http::fields* fields) {
  std::vector<std::string> named;
  for (const field name : {field::connection, field::proxy_connection}) {
    const auto [first, last] = fields->equal_range(name);
    for (auto it = first; it != last; ++it) {
      for (const auto token : http::token_list(it->value())) named.emplace_back(token);
    }
  }
  for (const std::string& name : named) {
    // How long the body is stays known, whatever a client says of it.
    if (!iequals(name, "Content-Length") && !iequals(name, "Host")) fields->erase(name);
  }
  for (const field name : {field::connection, field::proxy_connection, field::keep_alive, field::te,
                           field::transfer_encoding, field::upgrade, field::proxy_authenticate,
                           field::proxy_authorization, field::proxy_authentication_info})
    fields->erase(name);
}

void StripTrailers(http::fields* trailers) {
  StripHopByHop(trailers);
  for (const field name : {field::content_length, field::host, field::trailer, field::authorization,
                           field::set_cookie, field::content_type, field::content_encoding})
    trailers->erase(name);
}

template <bool kIsRequest>
bool HasClearFraming(const http::header<kIsRequest>& header) {
  const auto count = header.count(field::transfer_encoding);
  if (count == 0) return true;
  return count == 1 && header.count(field::content_length) == 0 && header.version() >= 11 &&
         iequals(header[field::transfer_encoding], "chunked");
}
template bool HasClearFraming(const http::header<true>& header);
template bool HasClearFraming(const http::header<false>& header);

bool WentThrough(const http::fields& fields, std::string_view token) {
  const auto [first, last] = fields.equal_range(field::via);
  for (auto it = first; it != last; ++it) {
    if (it->value().find(View(token)) != boost::beast::string_view::npos) return true;
  }
  return false;
}

bool IsIdempotent(http::verb method) {
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::options:
    case http::verb::trace:
    case http::verb::put:
    case http::verb::delete_:
      return true;
    default:
      return false;
  }
}

ForwardsLeft CountForward(RequestHeader* header) {
  if (header->method() != http::verb::trace && header->method() != http::verb::options)
    return ForwardsLeft::kEnough;
  const auto count = header->count(field::max_forwards);
  if (count == 0) return ForwardsLeft::kEnough;
  const std::string value((*header)[field::max_forwards]);
  if (count > 1 || value.empty() || value.find_first_not_of("0123456789") != std::string::npos)
    return ForwardsLeft::kNonsense;
  uint64_t left = kMostForwards;  // whatever is more than that
  ParseNumber(value, 0, kMostForwards, &left);
  if (left == 0) return ForwardsLeft::kLast;
  header->set(field::max_forwards, std::to_string(left - 1));
  return ForwardsLeft::kEnough;
}

void RewriteRequest(const Target& target, std::string_view path, Framing framing,
                    std::optional<uint64_t> length, std::string_view via_token, RequestHeader* header) {
  const bool http_1_0 = header->version() < 11;
  StripHopByHop(header);
  if (!path.empty()) {
    header->target(View(path));
  } else {
    header->target(header->method() == http::verb::options ? "*" : "/");
  }
  header->version(11);
  header->set(field::host, target.Authority(80));
  if (length) header->set(field::content_length, std::to_string(*length));
  SetFraming(framing, header);
  header->insert(field::via, (http_1_0 ? "1.0 " : "1.1 ") + std::string(via_token));
}

Framing ChooseFraming(Framing incoming, ClientWishes* wishes) {
  if (incoming != Framing::kChunked && incoming != Framing::kUntilClose) return incoming;
  if (!wishes->http_1_0) return Framing::kChunked;
  wishes->keep_alive = false;
  return Framing::kUntilClose;
}

void RewriteResponse(const ClientWishes& wishes, Framing framing, std::optional<uint64_t> length,
                     std::string_view via_token, ResponseHeader* header) {
  const bool http_1_0 = header->version() < 11;
  const bool informational = header->result_int() / 100 == 1;
  StripHopByHop(header);
  header->version(11);
  if (informational || header->result() == http::status::no_content) {
    header->erase(field::content_length);  // RFC 9110 §8.6; some would wait for that many bytes
  } else if (length) {
    header->set(field::content_length, std::to_string(*length));
  }
  SetFraming(framing, header);
  header->insert(field::via, (http_1_0 ? "1.0 " : "1.1 ") + std::string(via_token));
  if (informational) return;
  if (!wishes.keep_alive) {
    header->set(field::connection, "close");
  } else if (wishes.http_1_0) {
    header->set(field::connection, "keep-alive");
  }
}

std::string ToText(RequestHeader header) { return HeaderText<true>(std::move(header)); }
std::string ToText(ResponseHeader header) { return HeaderText<false>(std::move(header)); }

std::string MakeAnswer(int status, std::string_view why, bool head_only) {
  ResponseHeader header;
  header.version(11);
  header.result(static_cast<unsigned>(status));
  const std::string body = "http_proxy: " + std::to_string(status) + " " +
                           std::string(http::obsolete_reason(header.result())) + "\n\n" + std::string(why) +
                           "\n";
  header.set(field::content_type, "text/plain; charset=utf-8");
  header.set(field::content_length, std::to_string(body.size()));
  header.set(field::cache_control, "no-store");
  header.set(field::connection, "close");
  return ToText(std::move(header)) + (head_only ? "" : body);
}

std::string MakeFinalAnswer(RequestHeader request) {
  ResponseHeader header;
  header.version(11);
  header.result(http::status::ok);
  std::string body;
  if (request.method() == http::verb::trace) {
    for (const field name :
         {field::authorization, field::cookie, field::proxy_authorization, field::proxy_connection})
      request.erase(name);
    body = ToText(std::move(request));
    header.set(field::content_type, "message/http");
  }
  header.set(field::content_length, std::to_string(body.size()));
  header.set(field::connection, "close");
  return ToText(std::move(header)) + body;
}

std::string MakeConnected() {
  ResponseHeader header;
  header.version(11);
  header.result(http::status::ok);
  header.reason("Connection established");
  return ToText(std::move(header));
}

}  // namespace hpsocket::demos
