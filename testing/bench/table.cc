#include "hpsocket/testing/bench/table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace hpsocket::bench {
namespace {

std::string MarkdownRow(const std::vector<std::string>& cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

std::string HtmlRow(const std::vector<std::string>& cells, const char* tag) {
  std::string row = "<tr>";
  for (const std::string& cell : cells)
    absl::StrAppend(&row, "<", tag, ">", EscapeHtml(cell), "</", tag, ">");
  return row + "</tr>\n";
}

std::string JsonList(const std::vector<std::string>& items) {
  return absl::StrCat(
      "[",
      absl::StrJoin(items, ", ", [](std::string* out, const std::string& item) { *out += QuoteJson(item); }),
      "]");
}

}  // namespace

std::string EscapeHtml(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string QuoteJson(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string Table::ToMarkdown() const {
  std::string text = absl::StrCat("### ", title, "\n\n");
  text += MarkdownRow(columns);
  text += MarkdownRow(std::vector<std::string>(columns.size(), "---"));
  for (const auto& row : rows) text += MarkdownRow(row);
  for (const std::string& note : notes) absl::StrAppend(&text, "\n", note, "\n");
  return text + "\n";
}

std::string Table::ToHtml() const {
  std::string text = absl::StrCat("<h2>", EscapeHtml(title), "</h2>\n<table>\n", HtmlRow(columns, "th"));
  for (const auto& row : rows) text += HtmlRow(row, "td");
  text += "</table>\n";
  for (const std::string& note : notes) absl::StrAppend(&text, "<p>", EscapeHtml(note), "</p>\n");
  return text;
}

std::string Table::ToJson() const {
  std::vector<std::string> lines;
  for (const auto& row : rows) lines.push_back(JsonList(row));
  return absl::StrCat("{\"title\": ", QuoteJson(title), ", \"columns\": ", JsonList(columns), ", \"rows\": [",
                      absl::StrJoin(lines, ", "), "], \"notes\": ", JsonList(notes), "}");
}

}  // namespace hpsocket::bench
