// Internal to http_proxy.
//
// One direction of an exchange: parses messages as their bytes come and passes the bodies on, piece by piece
// and without copying, in the framing that the other side is to see. Requests and responses work alike.
//
// Threads:  one at a time.
// Errors:   what makes no sense ends in kBad, and error() says how; nothing is thrown but bad_alloc.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_MESSAGE_RELAY_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_MESSAGE_RELAY_H_

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hpsocket/sdk/demos/http_proxy/byte_sink.h"

namespace hpsocket::demos {

// Start line and fields together, and what must wait in memory otherwise (a chunk's header, the last one with
// all trailers), in whatever pieces they come.
inline constexpr uint32_t kHeaderLimit = 64 * 1024;

// How the end of a body is told.
enum class Framing { kNone, kLength, kChunked, kUntilClose };

// A body of which the parser shows one piece at a time, where it lies in the input.
struct PieceBody {
  using value_type = std::string_view;
  class reader {
   public:
    template <bool kIsRequest, class Fields>
    reader(boost::beast::http::header<kIsRequest, Fields>&, value_type& piece) : piece_(piece) {}
    void init(const boost::optional<uint64_t>&, boost::beast::error_code& error) { error = {}; }
    size_t put(boost::asio::const_buffer buffer, boost::beast::error_code& error) {
      error = {};
      piece_ = {static_cast<const char*>(buffer.data()), buffer.size()};
      return buffer.size();
    }
    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    value_type& piece_;
  };
};

template <bool kIsRequest>
class MessageRelay {
 public:
  using Header = boost::beast::http::header<kIsRequest>;
  enum class Result {
    kMore,    // needs more input; what is left of it has to be there again then
    kHeader,  // the header is complete, see TakeHeader; set_framing before going on
    kDone,    // the message is complete; the rest of the input is not its own
    kBad,     // makes no sense, error()
    kLost,    // the sink takes no more
  };

  MessageRelay() { Reset(); }

  // For the next message. `skip_body`: there is none, whatever the header says (the response to HEAD).
  void Reset(bool skip_body = false);

  // Takes what it can off the front of `*input`.
  Result Run(std::string_view* input, ByteSink& to);
  // The input has ended. True if that was the end of the message.
  bool Finish(ByteSink& to);

  // Once, after kHeader.
  Header TakeHeader();
  // How the body comes in. Ask before Run goes on.
  Framing incoming() const;
  // How it is to leave.
  void set_framing(Framing framing) { framing_ = framing; }
  Framing framing() const { return framing_; }

  bool started() const { return started_; }
  bool past_start_line() const { return past_start_line_; }
  bool done() const { return done_; }
  bool keep_alive() const { return parser_->keep_alive(); }
  std::optional<uint64_t> content_length() const;
  uint64_t body_bytes() const { return body_bytes_; }
  boost::beast::error_code error() const { return error_; }

 private:
  using Parser = boost::beast::http::parser<kIsRequest, PieceBody>;

  bool PassOn(std::string_view piece, ByteSink& to);
  bool PassEnd(ByteSink& to);

  std::optional<Parser> parser_;
  Framing framing_ = Framing::kNone;
  bool started_ = false;
  bool past_start_line_ = false;
  bool header_shown_ = false;
  size_t header_bytes_ = 0;  // that the parser has taken of a header which is not complete
  size_t wanted_ = 1;        // fewer bytes than this are not worth a look
  bool done_ = false;
  uint64_t body_bytes_ = 0;
  boost::beast::error_code error_;
};

using RequestRelay = MessageRelay<true>;
using ResponseRelay = MessageRelay<false>;

extern template class MessageRelay<true>;
extern template class MessageRelay<false>;

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_MESSAGE_RELAY_H_
