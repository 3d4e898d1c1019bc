#include "hpsocket/sdk/demos/http_proxy/forwarding.h"

#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

class Nowhere : public ByteSink {
 public:
  bool Write(std::initializer_list<std::string_view>) override { return true; }
};

template <bool kIsRequest>
typename MessageRelay<kIsRequest>::Header HeaderOf(std::string_view text) {
  MessageRelay<kIsRequest> relay;
  Nowhere nowhere;
  EXPECT_EQ(relay.Run(&text, nowhere), MessageRelay<kIsRequest>::Result::kHeader) << text;
  return relay.TakeHeader();
}

std::string Rewritten(std::string_view text, const Target& target, std::string_view path, Framing framing,
                      std::optional<uint64_t> length = std::nullopt) {
  RequestHeader header = HeaderOf<true>(text);
  RewriteRequest(target, path, framing, length, "token", &header);
  return ToText(header);
}

TEST(RewriteRequestTest, MakesOriginFormAndTakesOutWhatIsForTheProxy) {
  EXPECT_EQ(
      Rewritten("GET http://example.com:81/a?b HTTP/1.1\r\nHost: other\r\nUser-Agent: x\r\n"
                "Proxy-Connection: keep-alive\r\nConnection: close, X-Own\r\nX-Own: 1\r\nKeep-Alive: 5\r\n"
                "TE: trailers\r\nUpgrade: h2c\r\nProxy-Authorization: Basic x\r\nAccept: */*\r\n\r\n",
                {"example.com", 81}, "/a?b", Framing::kNone),
      "GET /a?b HTTP/1.1\r\nUser-Agent: x\r\nAccept: */*\r\nHost: example.com:81\r\n"
      "Via: 1.1 token\r\n\r\n");
}

TEST(RewriteRequestTest, AnEmptyPathIsTheRootOrTheWholeServer) {
  EXPECT_TRUE(Rewritten("GET http://h HTTP/1.1\r\n\r\n", {"h", 80}, "", Framing::kNone)
                  .starts_with("GET / HTTP/1.1\r\nHost: h\r\n"));
  EXPECT_TRUE(Rewritten("OPTIONS http://h HTTP/1.0\r\n\r\n", {"h", 80}, "", Framing::kNone)
                  .starts_with("OPTIONS * HTTP/1.1\r\nHost: h\r\nVia: 1.0 token\r\n"));
}

TEST(RewriteRequestTest, TheFramingIsToldAnewAndOnce) {
  const std::string with_length = Rewritten(
      "PUT http://h/ HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n"
      "Connection: Content-Length\r\n\r\n",
      {"h", 80}, "/", Framing::kLength, 5);
  EXPECT_NE(with_length.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_EQ(with_length.find("Content-Length"), with_length.rfind("Content-Length"));
  const std::string chunked = Rewritten("PUT http://h/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                                        {"h", 80}, "/", Framing::kChunked);
  EXPECT_NE(chunked.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
}

TEST(RewriteRequestTest, ExpectAndUnknownMethodsGoThrough) {
  const std::string text =
      Rewritten("BREW http://h/pot HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", {"h", 80},
                "/pot", Framing::kLength, 1);
  EXPECT_TRUE(text.starts_with("BREW /pot HTTP/1.1\r\n"));
  EXPECT_NE(text.find("Expect: 100-continue\r\n"), std::string::npos);
}

TEST(IsIdempotentTest, WhatMayDoSomethingEachTimeIsNot) {
  using boost::beast::http::verb;
  for (const verb method : {verb::get, verb::head, verb::options, verb::trace, verb::put, verb::delete_})
    EXPECT_TRUE(IsIdempotent(method)) << method;
  for (const verb method : {verb::post, verb::patch, verb::lock, verb::unknown})
    EXPECT_FALSE(IsIdempotent(method)) << method;
}

TEST(CountForwardTest, TakesOneOffWhatMayBeForwardedOnlySoOften) {
  const auto counted = [](std::string_view method, std::string_view fields, std::string_view value) {
    RequestHeader header =
        HeaderOf<true>(std::string(method) + " http://h/ HTTP/1.1\r\n" + std::string(fields) + "\r\n");
    const ForwardsLeft left = CountForward(&header);
    EXPECT_EQ(std::string(header[boost::beast::http::field::max_forwards]), value) << method << fields;
    return left;
  };
  for (const char* method : {"TRACE", "OPTIONS"}) {
    EXPECT_EQ(counted(method, "", ""), ForwardsLeft::kEnough);
    EXPECT_EQ(counted(method, "Max-Forwards: 10\r\n", "9"), ForwardsLeft::kEnough);
    EXPECT_EQ(counted(method, "Max-Forwards: 1\r\n", "0"), ForwardsLeft::kEnough);
    EXPECT_EQ(counted(method, "Max-Forwards: 0\r\n", "0"), ForwardsLeft::kLast);
    EXPECT_EQ(counted(method, "Max-Forwards: 99999999999999999999\r\n", "999999"), ForwardsLeft::kEnough);
    for (const char* value : {"-1", "x", "1 2", "1,2", ""})
      EXPECT_EQ(counted(method, "Max-Forwards: " + std::string(value) + "\r\n", value),
                ForwardsLeft::kNonsense);
    EXPECT_EQ(counted(method, "Max-Forwards: 5\r\nMax-Forwards: 6\r\n", "5"), ForwardsLeft::kNonsense);
  }
  EXPECT_EQ(counted("GET", "Max-Forwards: 0\r\n", "0"), ForwardsLeft::kEnough);
}

TEST(MakeFinalAnswerTest, TraceShowsWhatHasGotHereButForSecrets) {
  const RequestHeader header = HeaderOf<true>(
      "TRACE http://h/ HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\nCookie: y\r\nProxy-Authorization: z\r\n"
      "Max-Forwards: 0\r\n\r\n");
  EXPECT_EQ(MakeFinalAnswer(header),
            "HTTP/1.1 200 OK\r\nContent-Type: message/http\r\nContent-Length: 54\r\nConnection: close\r\n\r\n"
            "TRACE http://h/ HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\n\r\n");
  EXPECT_EQ(MakeFinalAnswer(HeaderOf<true>("OPTIONS * HTTP/1.1\r\nMax-Forwards: 0\r\n\r\n")),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(HasClearFramingTest, KnowsWhatInvitesSmuggling) {
  const auto request = [](std::string_view fields, std::string_view version = "1.1") {
    return HasClearFraming(HeaderOf<true>("POST http://h/ HTTP/" + std::string(version) + "\r\n" +
                                          std::string(fields) + "\r\n"));
  };
  EXPECT_TRUE(request(""));
  EXPECT_TRUE(request("Content-Length: 1\r\n"));
  EXPECT_TRUE(request("Transfer-Encoding: Chunked\r\n"));
  EXPECT_FALSE(request("Transfer-Encoding: gzip\r\n"));
  EXPECT_FALSE(request("Transfer-Encoding: gzip, chunked\r\n"));
  EXPECT_FALSE(request("Transfer-Encoding: xchunked\r\n"));
  EXPECT_FALSE(request("Transfer-Encoding: chunked\r\n", "1.0"));
}

TEST(WentThroughTest, FindsTheTokenInAnyViaLine) {
  const RequestHeader header =
      HeaderOf<true>("GET http://h/ HTTP/1.1\r\nVia: 1.1 a\r\nVia: 1.0 b, 1.1 token (x)\r\n\r\n");
  EXPECT_TRUE(WentThrough(header, "token"));
  EXPECT_FALSE(WentThrough(header, "other"));
}

TEST(RewriteResponseTest, TellsTheClientAboutItsOwnConnectionOnly) {
  ResponseHeader header =
      HeaderOf<false>("HTTP/1.0 200 Fine\r\nConnection: close\r\nProxy-Authenticate: Basic\r\nX: 1\r\n\r\n");
  RewriteResponse({.http_1_0 = false, .keep_alive = true}, Framing::kChunked, std::nullopt, "token", &header);
  EXPECT_EQ(ToText(header),
            "HTTP/1.1 200 Fine\r\nX: 1\r\nTransfer-Encoding: chunked\r\nVia: 1.0 token\r\n\r\n");
}

TEST(RewriteResponseTest, KeepAliveIsSaidToOldClientsAndCloseToAll) {
  const auto connection = [](const ClientWishes& wishes) {
    ResponseHeader header = HeaderOf<false>("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    RewriteResponse(wishes, Framing::kNone, 0, "token", &header);
    return std::string(header[boost::beast::http::field::connection]);
  };
  EXPECT_EQ(connection({.http_1_0 = true, .keep_alive = true}), "keep-alive");
  EXPECT_EQ(connection({.http_1_0 = false, .keep_alive = true}), "");
  EXPECT_EQ(connection({.http_1_0 = false, .keep_alive = false}), "close");
}

TEST(RewriteResponseTest, WhatNeverHasABodyTellsNoLength) {
  const auto rewritten = [](const std::string& status) {
    ResponseHeader header = HeaderOf<false>("HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\n");
    RewriteResponse({}, Framing::kNone, 5, "token", &header);
    return ToText(header);
  };
  for (const char* status : {"103 Early Hints", "204 No Content"})
    EXPECT_EQ(rewritten(status).find("Content-Length"), std::string::npos) << status;
  EXPECT_NE(rewritten("304 Not Modified").find("Content-Length: 5\r\n"), std::string::npos);
}

TEST(ChooseFramingTest, OldClientsGetTheEndOfTheConnection) {
  ClientWishes modern;
  EXPECT_EQ(ChooseFraming(Framing::kUntilClose, &modern), Framing::kChunked);
  EXPECT_EQ(ChooseFraming(Framing::kChunked, &modern), Framing::kChunked);
  EXPECT_EQ(ChooseFraming(Framing::kLength, &modern), Framing::kLength);
  EXPECT_TRUE(modern.keep_alive);
  ClientWishes old = {.http_1_0 = true, .keep_alive = true};
  EXPECT_EQ(ChooseFraming(Framing::kLength, &old), Framing::kLength);
  EXPECT_TRUE(old.keep_alive);
  EXPECT_EQ(ChooseFraming(Framing::kChunked, &old), Framing::kUntilClose);
  EXPECT_FALSE(old.keep_alive);
}

TEST(MakeAnswerTest, SaysWhatAndWhyAndThatItIsTheEnd) {
  const std::string answer = MakeAnswer(403, "Because.", false);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"));
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\nhttp_proxy: 403 Forbidden\n\nBecause.\n"));
  EXPECT_TRUE(MakeAnswer(502, "Because.", true).ends_with("\r\n\r\n"));
  EXPECT_EQ(MakeConnected(), "HTTP/1.1 200 Connection established\r\n\r\n");
}

}  // namespace
}  // namespace hpsocket::demos
