#include "hpsocket/sdk/demos/common/log_lines.h"

#include <cerrno>
#include <string>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

TEST(LogLinesTest, LinesHaveTheTraditionalFormats) {
  EXPECT_EQ(StartOkLine("Server", "0.0.0.0", 5555), "$ Server Start OK --> (0.0.0.0 : 5555)");
  EXPECT_EQ(StartingLine("Client", "::1", 1), "$ Client Starting ... --> (::1 : 1)");
  EXPECT_EQ(StartFailLine("Server", "Bind SOCKET Fail (4)"), "$ Server Start Fail --> Bind SOCKET Fail (4)");
  EXPECT_EQ(SendOkLine(3, "hello"), "$ (3) Send OK --> hello");
  EXPECT_EQ(SendFailLine(3, "why"), "$ (3) Send Fail --> why");
  EXPECT_EQ(DisconnectLine(3, true), "$ (3) Disconnect OK");
  EXPECT_EQ(DisconnectLine(3, false), "$ (3) Disconnect Fail");
  EXPECT_EQ(EventLine(7, "OnClose"), "  > [ 7, OnClose ]");
  EXPECT_EQ(EventLine(7, "OnSend", BytesContent(5)), "  > [ 7, OnSend ] -> (5 bytes)");
  EXPECT_EQ(EventLine(0, "END TEST", "x"), "  > [ END TEST ] -> x");
}

TEST(LogLinesTest, SummariesHaveATitle) {
  EXPECT_EQ(SummaryLine(5, 7), " *** Summary: send - 5, recv - 7");
  EXPECT_EQ(SummaryLine(0, 1, "Now"), " *** Now: send - 0, recv - 1");
}

TEST(LogLinesTest, ErrorsCarryTheSystemsWords) {
  EXPECT_EQ(ErrorContent(SO_RECEIVE, ECONNRESET), "OP: 4, CODE: 104 (Connection reset by peer)");
  EXPECT_EQ(FailureText("Bind SOCKET Fail", 4, EADDRINUSE, "127.0.0.1:80"),
            "Bind SOCKET Fail (4): Address already in use [98]; 127.0.0.1:80");
  EXPECT_EQ(FailureText("SUCCESS", 0, 0, ""), "SUCCESS (0)");
}

TEST(LogLinesTest, AddressesOfBothFamiliesAreUnambiguous) {
  EXPECT_EQ(AddressText("127.0.0.1", 80), "127.0.0.1:80");
  EXPECT_EQ(AddressText("::1", 80), "[::1]:80");
}

TEST(LogLinesTest, NothingUnprintableIsShown) {
  EXPECT_EQ(Printable("a\x1b[2J\r\nb\x7f\xc2\x9b~"), "a.[2J..b...~");
  EXPECT_EQ(Printable("\u00c4\u00d6 \u4e94 \U0001f600"), "\u00c4\u00d6 \u4e94 \U0001f600");
  EXPECT_EQ(Printable("\u202e\u2066\u2028"), ".........") << "turns the line round, or ends it";
  EXPECT_EQ(Printable("\xc0\xaf \xe0\x80\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xff"), ".. ... ... .... .");
  EXPECT_EQ(Printable("\xe4\xba"), "..") << "cut";
  EXPECT_EQ(Printable({"\0 ", 2}), ". ");
  EXPECT_EQ(Printable(""), "");
}

TEST(LogLinesTest, PreviewIsShortAndPrintable) {
  EXPECT_EQ(Preview(reinterpret_cast<const uint8_t*>("a\tb"), 3), "a.b");
  const std::string many(100, 'x');
  EXPECT_EQ(Preview(reinterpret_cast<const uint8_t*>(many.data()), 100), std::string(64, 'x') + "...");
}

}  // namespace
}  // namespace hpsocket::demos
