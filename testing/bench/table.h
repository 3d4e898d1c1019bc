// Internal to testing/bench. Tests only.
//
// A table of words and figures for people, as Markdown, HTML and JSON.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_TABLE_H_
#define HPSOCKET_TESTING_BENCH_TABLE_H_

#include <string>
#include <vector>

namespace hpsocket::bench {

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;  // below it

  std::string ToMarkdown() const;
  std::string ToHtml() const;
  std::string ToJson() const;
};

// Text inside HTML; a JSON string, with its quotes.
std::string EscapeHtml(const std::string& text);
std::string QuoteJson(const std::string& text);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_TABLE_H_
