#include "hpsocket/testing/bench/table.h"

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

const Table kTable = {"T", {"a", "b"}, {{"1", "<2>"}}, {"n \"q\""}};

TEST(TableTest, IsMarkdown) {
  EXPECT_EQ(kTable.ToMarkdown(), "### T\n\n| a | b |\n| --- | --- |\n| 1 | <2> |\n\nn \"q\"\n\n");
}

TEST(TableTest, EscapesWhatMeansSomethingInHtml) {
  EXPECT_NE(kTable.ToHtml().find("<td>&lt;2&gt;</td>"), std::string::npos);
}

TEST(TableTest, QuotesWhatMeansSomethingInJson) {
  EXPECT_EQ(kTable.ToJson(),
            "{\"title\": \"T\", \"columns\": [\"a\", \"b\"], \"rows\": [[\"1\", \"<2>\"]], "
            "\"notes\": [\"n \\\"q\\\"\"]}");
  EXPECT_EQ(QuoteJson("\n\\"), "\"\\u000a\\\\\"");
}

}  // namespace
}  // namespace hpsocket::bench
