#include "hpsocket/sdk/demos/http_proxy/message_relay.h"

#include <boost/beast/http/error.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/sdk/demos/http_proxy/backlog.h"

namespace hpsocket::demos {
namespace {

class Collector : public ByteSink {
 public:
  bool Write(std::initializer_list<std::string_view> pieces) override {
    if (full) return false;
    for (const std::string_view piece : pieces) text += piece;
    return true;
  }

  std::string text;
  bool full = false;
};

// Feeds `text` in pieces of `step` bytes as a connection would; the body leaves in `framing`.
template <class Relay>
typename Relay::Result Feed(Relay& relay, std::string_view text, size_t step, Framing framing, ByteSink& to) {
  Backlog backlog;
  typename Relay::Result result = Relay::Result::kMore;
  while (!text.empty() && (result == Relay::Result::kMore || result == Relay::Result::kHeader)) {
    std::string_view input = backlog.Join(text.substr(0, step));
    text.remove_prefix(std::min(step, text.size()));
    result = relay.Run(&input, to);
    if (result == Relay::Result::kHeader) {
      relay.TakeHeader();
      relay.set_framing(framing);
      result = relay.Run(&input, to);
    }
    backlog.Keep(input);
  }
  return result;
}

constexpr std::string_view kChunkedResponse =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    "5;name=value\r\nhello\r\n7\r\n, world\r\n0\r\nX-Sum: 12\r\nContent-Length: 3\r\n\r\n";

TEST(MessageRelayTest, LengthBodiesGoThroughByteForByteHoweverTheyCome) {
  for (size_t step = 1; step < 80; ++step) {
    RequestRelay relay;
    Collector to;
    EXPECT_EQ(Feed(relay, "PUT http://h/ HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789", step,
                   Framing::kLength, to),
              RequestRelay::Result::kDone);
    EXPECT_EQ(to.text, "0123456789");
    EXPECT_TRUE(relay.keep_alive());
  }
}

TEST(MessageRelayTest, ChunksAreTakenApartForOldClients) {
  for (size_t step = 1; step < 120; ++step) {
    ResponseRelay relay;
    Collector to;
    Feed(relay,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n", step,
         Framing::kUntilClose, to);
    EXPECT_TRUE(relay.done());
    EXPECT_EQ(to.text, "hello, world");
  }
}

TEST(MessageRelayTest, ChunksAndTrailersGoThroughAsChunksAndTrailers) {
  ResponseRelay relay;
  Collector to;
  // A second length in the trailers makes no sense and ends it.
  EXPECT_EQ(Feed(relay, kChunkedResponse, 1000, Framing::kChunked, to), ResponseRelay::Result::kBad);
  relay.Reset();
  to.text.clear();
  std::string good(kChunkedResponse);
  good.erase(good.find("Content-Length: 3\r\n"), 19);
  EXPECT_EQ(Feed(relay, good, 1000, Framing::kChunked, to), ResponseRelay::Result::kDone);
  EXPECT_EQ(to.text, "5\r\nhello\r\n7\r\n, world\r\n0\r\nX-Sum: 12\r\n\r\n");
  EXPECT_EQ(relay.body_bytes(), 12u);
}

// The parser asserts, where assertions are on, that whoever sends the last chunk's first line sends more of
// it.
TEST(MessageRelayTest, AnEmptyBodyInChunksMayComeByteByByte) {
  for (size_t step = 1; step < 80; ++step) {
    ResponseRelay relay;
    Collector to;
    EXPECT_EQ(Feed(relay, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n", step,
                   Framing::kChunked, to),
              ResponseRelay::Result::kDone);
    EXPECT_EQ(to.text, "0\r\nX: y\r\n\r\n");
  }
}

TEST(MessageRelayTest, ABodyUntilTheEndBecomesChunks) {
  ResponseRelay relay;
  Collector to;
  EXPECT_EQ(Feed(relay, "HTTP/1.1 200 OK\r\n\r\nabc", 1000, Framing::kChunked, to),
            ResponseRelay::Result::kMore);
  EXPECT_EQ(to.text, "3\r\nabc\r\n");
  EXPECT_TRUE(relay.Finish(to));
  EXPECT_EQ(to.text, "3\r\nabc\r\n0\r\n\r\n");
  EXPECT_TRUE(relay.done());
  EXPECT_FALSE(relay.keep_alive());
}

TEST(MessageRelayTest, AnEarlyEndIsNoEnd) {
  for (const char* text : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    ResponseRelay relay;
    Collector to;
    Feed(relay, text, 1000, Framing::kLength, to);
    EXPECT_FALSE(relay.Finish(to)) << text;
  }
}

TEST(MessageRelayTest, WhatFollowsAMessageIsLeftInTheInput) {
  RequestRelay relay;
  Collector to;
  std::string_view input =
      "GET http://h/1 HTTP/1.1\r\nHost: h\r\n\r\nGET http://h/2 HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const char* expected : {"http://h/1", "http://h/2"}) {
    EXPECT_EQ(relay.Run(&input, to), RequestRelay::Result::kHeader);
    EXPECT_EQ(relay.incoming(), Framing::kNone);
    EXPECT_EQ(relay.TakeHeader().target(), expected);
    EXPECT_EQ(relay.Run(&input, to), RequestRelay::Result::kDone);
    relay.Reset();
  }
  EXPECT_TRUE(input.empty());
}

TEST(MessageRelayTest, HeadHasNoBodyWhateverTheLengthSays) {
  ResponseRelay relay;
  relay.Reset(true);
  Collector to;
  std::string_view input = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
  EXPECT_EQ(relay.Run(&input, to), ResponseRelay::Result::kHeader);
  EXPECT_EQ(relay.content_length(), 1000u);
  EXPECT_EQ(relay.Run(&input, to), ResponseRelay::Result::kDone);
}

TEST(MessageRelayTest, WhatHasNoBodyHasNoLastChunk) {
  for (const std::string_view status : {"200 OK", "204 No Content", "304 Not Modified"}) {
    ResponseRelay relay;
    relay.Reset(status == "200 OK");  // as the response to HEAD
    Collector to;
    const std::string text = "HTTP/1.1 " + std::string(status) + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string_view input = text;
    EXPECT_EQ(relay.Run(&input, to), ResponseRelay::Result::kHeader) << status;
    EXPECT_EQ(relay.incoming(), Framing::kNone) << status;
    relay.set_framing(relay.incoming());
    EXPECT_EQ(relay.Run(&input, to), ResponseRelay::Result::kDone) << status;
    EXPECT_EQ(to.text, "") << status;
  }
}

TEST(MessageRelayTest, LengthsOfAnySizeAreTaken) {
  ResponseRelay relay;
  Collector to;
  std::string_view input = "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n";
  EXPECT_EQ(relay.Run(&input, to), ResponseRelay::Result::kHeader);
  EXPECT_EQ(relay.incoming(), Framing::kLength);
  EXPECT_EQ(relay.content_length(), 9000000000000u);
}

TEST(MessageRelayTest, EndlessThingsAreBounded) {
  const std::string many(kHeaderLimit, 'a');
  const std::string starts[] = {"GET http://h/", "GET http://h/ HTTP/1.1\r\nX: ",
                                "POST http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=",
                                "POST http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "};
  for (const std::string& start : starts) {
    RequestRelay relay;
    Collector to;
    EXPECT_EQ(Feed(relay, start + many, 1000, Framing::kChunked, to), RequestRelay::Result::kBad) << start;
    EXPECT_EQ(relay.error(), boost::beast::http::error::header_limit) << start;
    EXPECT_EQ(relay.past_start_line(), start.find('\n') != std::string::npos) << start;
  }
}

// Feeds `start` and `offset` bytes more, then `line` after `line`, so that every piece ends at the same place
// in one; how many bytes it takes until the relay wants no more, with what result.
template <class Relay>
std::pair<typename Relay::Result, size_t> FeedLines(Relay& relay, const std::string& start, size_t offset) {
  const std::string line = "A: b\r\n";
  Collector to;
  Backlog backlog;
  size_t fed = 0;
  std::string piece = start + line.substr(0, offset);
  const std::string next = line.substr(offset) + line.substr(0, offset);
  typename Relay::Result result = Relay::Result::kMore;
  while (result == Relay::Result::kMore && fed < 4 * kHeaderLimit) {
    std::string_view input = backlog.Join(piece);
    result = relay.Run(&input, to);
    if (result == Relay::Result::kHeader) {
      relay.TakeHeader();
      result = relay.Run(&input, to);
    }
    backlog.Keep(input);
    fed += piece.size();
    piece = next;
  }
  return {result, fed};
}

template <class Relay>
void ExpectLinesAreBounded(const std::string& start) {
  for (size_t offset = 0; offset < 6; ++offset) {
    Relay relay;
    const auto [result, fed] = FeedLines(relay, start, offset);
    EXPECT_EQ(result, Relay::Result::kBad) << start << offset;
    EXPECT_EQ(relay.error(), boost::beast::http::error::header_limit) << start << offset;
    EXPECT_LE(fed, start.size() + kHeaderLimit + 6) << start << offset;
  }
}

// The parser forgets a header's length where a piece ends two bytes into a line.
TEST(MessageRelayTest, EndlessLinesAreBoundedWhereverTheirPiecesEnd) {
  ExpectLinesAreBounded<RequestRelay>("GET http://h/ HTTP/1.1\r\n");
  ExpectLinesAreBounded<ResponseRelay>("HTTP/1.1 200 OK\r\n");
  ExpectLinesAreBounded<RequestRelay>("POST http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
  ExpectLinesAreBounded<ResponseRelay>("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
}

TEST(MessageRelayTest, TheBoundIsTheSameHoweverAHeaderComes) {
  const std::string start = "GET http://h/ HTTP/1.1\r\nA: b\r\nX: ";
  for (const size_t length : {kHeaderLimit, kHeaderLimit + 1}) {
    const std::string text = start + std::string(length - start.size() - 4, 'a') + "\r\n\r\n";
    for (const size_t step : {size_t{1000}, start.size() - 1, text.size()}) {
      RequestRelay relay;
      Collector to;
      EXPECT_EQ(Feed(relay, text, step, Framing::kNone, to),
                length <= kHeaderLimit ? RequestRelay::Result::kDone : RequestRelay::Result::kBad)
          << length << " in pieces of " << step;
    }
  }
}

TEST(MessageRelayTest, TrailersAreBoundedInOnePieceToo) {
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (size_t i = 0; i < kHeaderLimit; i += 6) text += "A: b\r\n";
  text += "\r\n";
  ResponseRelay relay;
  Collector to;
  EXPECT_EQ(Feed(relay, text, text.size(), Framing::kChunked, to), ResponseRelay::Result::kBad);
  EXPECT_EQ(relay.error(), boost::beast::http::error::header_limit);
}

TEST(MessageRelayTest, EveryHeaderHasTheWholeBoundForItself) {
  const std::string message =
      "GET http://h/ HTTP/1.1\r\nX: " + std::string(kHeaderLimit * 3 / 4, 'a') + "\r\nY: 1\r\n\r\n";
  RequestRelay relay;
  for (int i = 0; i < 2; ++i) {
    Collector to;
    EXPECT_EQ(Feed(relay, message, 1000, Framing::kNone, to), RequestRelay::Result::kDone);
    relay.Reset();
  }
}

TEST(MessageRelayTest, WhatMakesNoSenseIsBad) {
  for (const char* text :
       {"\x16\x03\x01\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / FTP/1.1\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nno colon\r\n\r\n", "GET http://h/ HTTP/1.1\r\n: x\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "POST http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    RequestRelay relay;
    Collector to;
    EXPECT_EQ(Feed(relay, text, 1000, Framing::kChunked, to), RequestRelay::Result::kBad) << text;
  }
}

TEST(MessageRelayTest, AFullSinkIsReported) {
  RequestRelay relay;
  Collector to;
  to.full = true;
  EXPECT_EQ(Feed(relay, "PUT http://h/ HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789", 1000,
                 Framing::kLength, to),
            RequestRelay::Result::kLost);
}

}  // namespace
}  // namespace hpsocket::demos
