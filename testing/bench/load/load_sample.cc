#include "hpsocket/testing/bench/load/load_sample.h"

#include <cstdio>

#include "absl/strings/str_format.h"

namespace hpsocket::bench {

std::string LoadSample::ToLine() const {
  return absl::StrFormat("sample %u %.9f %.3f %.3f %.3f %.6f", messages, seconds, p50_us, p99_us, p999_us,
                         lost);
}

std::optional<LoadSample> LoadSample::FromLine(std::string_view line) {
  LoadSample sample;
  unsigned long long messages = 0;
  const std::string text(line);
  const int fields = std::sscanf(text.c_str(), "sample %llu %lf %lf %lf %lf %lf", &messages, &sample.seconds,
                                 &sample.p50_us, &sample.p99_us, &sample.p999_us, &sample.lost);
  if (fields != 6) return std::nullopt;
  sample.messages = messages;
  return sample;
}

}  // namespace hpsocket::bench
