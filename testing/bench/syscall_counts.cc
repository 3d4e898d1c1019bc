#include "hpsocket/testing/bench/syscall_counts.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

namespace hpsocket::bench {
namespace {

std::vector<std::string> WordsOf(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool IsCount(const std::string& word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool IsName(const std::string& word) {
  return !word.empty() && std::islower(static_cast<unsigned char>(word[0])) != 0 &&
         word.find_first_of("(,:%") == std::string::npos;
}

}  // namespace

//   syscall            calls  errors  total       min       avg       max       stddev
//   recvfrom            1234      0    12.345     0.001     0.002     0.003      1.00%
std::map<std::string, uint64_t> ParsePerfSummary(const std::string& text) {
  std::map<std::string, uint64_t> counts;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = WordsOf(line);
    if (words.size() >= 7 && IsName(words[0]) && IsCount(words[1]) && IsCount(words[2])) {
      counts[words[0]] += std::stoull(words[1]);
    }
  }
  return counts;
}

// % time     seconds  usecs/call     calls    errors syscall
//  60.00    0.001234           1      1234        10 recvfrom
std::map<std::string, uint64_t> ParseStraceSummary(const std::string& text) {
  std::map<std::string, uint64_t> counts;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = WordsOf(line);
    if ((words.size() == 5 || words.size() == 6) && IsCount(words[3]) && IsName(words.back()) &&
        words.back() != "total") {
      counts[words.back()] += std::stoull(words[3]);
    }
  }
  return counts;
}

}  // namespace hpsocket::bench
