#include "hpsocket/sdk/demos/http_proxy/message_relay.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <string>
#include <utility>

#include "hpsocket/sdk/demos/http_proxy/forwarding.h"

namespace hpsocket::demos {

namespace http = boost::beast::http;

namespace {

// What the shortest end of a chunked body has, "0\r\n\r\n". Beast asserts so much where it looks at the last
// chunk again.
constexpr size_t kShortestLastChunk = 5;

template <class Buffers>
std::string Joined(const Buffers& buffers) {
  std::string text;
  for (const boost::asio::const_buffer buffer : boost::beast::buffers_range_ref(buffers))
    text.append(static_cast<const char*>(buffer.data()), buffer.size());
  return text;
}

}  // namespace

template <bool kIsRequest>
void MessageRelay<kIsRequest>::Reset(bool skip_body) {
  parser_.emplace();
  parser_->header_limit(kHeaderLimit);
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  parser_->skip(skip_body);
  framing_ = Framing::kNone;
  started_ = false;
  past_start_line_ = false;
  header_shown_ = false;
  header_bytes_ = 0;
  wanted_ = 1;
  done_ = false;
  body_bytes_ = 0;
  error_ = {};
}

template <bool kIsRequest>
typename MessageRelay<kIsRequest>::Result MessageRelay<kIsRequest>::Run(std::string_view* input,
                                                                        ByteSink& to) {
  for (;;) {
    if (error_) return Result::kBad;
    if (parser_->is_header_done() && !header_shown_) {
      header_shown_ = true;
      return Result::kHeader;
    }
    if (parser_->is_done()) {
      if (!done_ && !PassEnd(to)) return Result::kLost;
      done_ = true;
      return Result::kDone;
    }
    if (input->size() < wanted_) return Result::kMore;
    started_ = true;
    parser_->get().body() = {};
    if (!header_shown_) past_start_line_ = past_start_line_ || input->find('\n') != std::string_view::npos;
    // The parser's own limit is for what it leaves in the input, not for the fields that it has already
    // taken.
    const size_t room = kHeaderLimit - header_bytes_;
    const size_t shown = std::min(input->size(), room);
    const size_t used = parser_->put(boost::asio::const_buffer(input->data(), shown), error_);
    header_bytes_ = parser_->is_header_done() ? 0 : header_bytes_ + used;
    input->remove_prefix(used);
    wanted_ = 1;
    const std::string_view piece = parser_->get().body();
    if (!piece.empty() && !PassOn(piece, to)) return Result::kLost;
    if (error_ == http::error::need_more) {
      error_ = {};
      if (header_shown_) wanted_ = kShortestLastChunk;
      // Waiting for the end of something that has no bounds of its own.
      if (shown < room) return Result::kMore;
      error_ = http::make_error_code(http::error::header_limit);
    }
  }
}

template <bool kIsRequest>
bool MessageRelay<kIsRequest>::Finish(ByteSink& to) {
  if (done_) return true;
  if (!started_ || error_) return false;
  parser_->put_eof(error_);
  if (error_ || !parser_->is_done() || !PassEnd(to)) return false;
  done_ = true;
  return true;
}

template <bool kIsRequest>
typename MessageRelay<kIsRequest>::Header MessageRelay<kIsRequest>::TakeHeader() {
  Header header = parser_->get().base();
  parser_->get().clear();  // from here on: trailers
  return header;
}

template <bool kIsRequest>
Framing MessageRelay<kIsRequest>::incoming() const {
  // First: the response to HEAD, a 204 or a 304 may name an encoding, and yet nothing follows it.
  if (parser_->is_done()) return Framing::kNone;
  if (parser_->chunked()) return Framing::kChunked;
  return parser_->need_eof() ? Framing::kUntilClose : Framing::kLength;
}

template <bool kIsRequest>
std::optional<uint64_t> MessageRelay<kIsRequest>::content_length() const {
  const auto length = parser_->content_length();
  return length ? std::optional<uint64_t>(*length) : std::nullopt;
}

template <bool kIsRequest>
bool MessageRelay<kIsRequest>::PassOn(std::string_view piece, ByteSink& to) {
  body_bytes_ += piece.size();
  if (framing_ != Framing::kChunked) return to.Write({piece});
  return to.Write({Joined(http::chunk_header(piece.size())), piece, "\r\n"});
}

template <bool kIsRequest>
bool MessageRelay<kIsRequest>::PassEnd(ByteSink& to) {
  if (framing_ != Framing::kChunked) return true;
  http::fields& trailers = parser_->get().base();
  StripTrailers(&trailers);
  return to.Write({Joined(http::make_chunk_last(trailers))});
}

template class MessageRelay<true>;
template class MessageRelay<false>;

}  // namespace hpsocket::demos
