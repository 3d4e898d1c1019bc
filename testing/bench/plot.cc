#include "hpsocket/testing/bench/plot.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/process.h"
#include "hpsocket/testing/bench/report.h"

namespace hpsocket::bench {
namespace {

constexpr int kRow = 26;
constexpr int kTop = 34;
constexpr int kLabels = 170;
constexpr int kBars = 420;
constexpr int kFigures = 150;

const char* ColourOf(Role role) {
  switch (role) {
    case Role::kOurs:
      return "#2a6fbb";
    case Role::kRawLoop:
      return "#8a8f98";
    case Role::kPeer:
      return "#c98a2b";
  }
  return "";
}

// A bar from 0 to the ratio, its interval as a whisker, and the figures.
std::string Bar(const Standing& entry, int y, double pixels_per_unit) {
  const Estimate& ratio = entry.to_reference;
  const auto x = [&](double value) { return kLabels + value * pixels_per_unit; };
  std::string text;
  absl::StrAppendFormat(&text, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", kLabels - 8, y + 16,
                        EscapeHtml(entry.entrant.name));
  absl::StrAppendFormat(&text, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                        kLabels, y + 4, ratio.median * pixels_per_unit, kRow - 8,
                        ColourOf(entry.entrant.role));
  absl::StrAppendFormat(
      &text, "<path d=\"M%.1f %d H%.1f M%.1f %d v8 M%.1f %d v8\" stroke=\"#222\" fill=\"none\"/>\n",
      x(ratio.low), y + 13, x(ratio.high), x(ratio.low), y + 9, x(ratio.high), y + 9);
  absl::StrAppendFormat(&text, "<text x=\"%.1f\" y=\"%d\">%.2f · %.3f µs</text>\n", x(ratio.high) + 8, y + 16,
                        ratio.median, entry.cpu_us);
  return text;
}

void Write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw Failure("cannot write " + path.string());
}

}  // namespace

std::string BarsAsSvg(const Standings& standings) {
  double largest = 1;
  std::vector<const Standing*> entries;
  for (const Standing& entry : standings.entries) {
    if (entry.to_reference.count == 0) continue;
    entries.push_back(&entry);
    largest = std::max(largest, entry.to_reference.high);
  }
  const double pixels_per_unit = kBars / largest;
  const int height = kTop + kRow * static_cast<int>(entries.size()) + 8;
  std::string svg;
  absl::StrAppendFormat(
      &svg,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" "
      "fill=\"#fff\"/>\n",
      kLabels + kBars + kFigures, height, kLabels + kBars + kFigures);
  absl::StrAppendFormat(&svg, "<text x=\"8\" y=\"20\" font-weight=\"bold\">%s: %s; %s ÷ reference</text>\n",
                        EscapeHtml(standings.scenario.name), EscapeHtml(standings.scenario.title),
                        standings.scenario.measure == Measure::kRate ? "messages/s" : "server CPU");
  int y = kTop;
  for (const Standing* entry : entries) {
    svg += Bar(*entry, y, pixels_per_unit);
    y += kRow;
  }
  absl::StrAppendFormat(&svg, "<path d=\"M%.1f %d V%d\" stroke=\"#b00\" stroke-dasharray=\"4 3\"/>\n",
                        kLabels + pixels_per_unit, kTop, height - 6);
  return svg + "</svg>\n";
}

void WritePlots(const std::string& folder, const std::string& surroundings, const std::vector<Standings>& all,
                const std::vector<Table>& tables) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::string page = absl::StrCat(
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>echo_bench</title>\n"
      "<style>body{font:15px sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}"
      "table{border-collapse:collapse;font-size:13px}td,th{padding:2px 8px;text-align:right;"
      "border-bottom:1px solid #ccc}td:first-child,th:first-child{text-align:left}"
      "img{max-width:100%}</style>\n<h1>echo_bench</h1>\n<p>",
      EscapeHtml(surroundings), "</p>\n");
  for (const Standings& standings : all) {
    const std::string name = standings.scenario.name + (standings.open_rate > 0 ? "-open.svg" : ".svg");
    Write(std::filesystem::path(folder) / name, BarsAsSvg(standings));
    absl::StrAppend(&page, TableOf(standings).ToHtml(), "<p><img src=\"", EscapeHtml(name),
                    "\" alt=\"\"></p>\n");
  }
  for (const Table& table : tables) page += table.ToHtml();
  Write(std::filesystem::path(folder) / "index.html", page + "</html>\n");
}

}  // namespace hpsocket::bench
