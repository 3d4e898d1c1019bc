#include "hpsocket/sdk/demos/common_pfm/summary.h"

#include <cstdio>

namespace hpsocket::demos {
namespace {

std::string Fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

const char* OutcomeName(Summary::Outcome outcome) {
  switch (outcome) {
    case Summary::Outcome::kComplete:
      return "\"complete\"";
    case Summary::Outcome::kLost:
      return "\"lost\"";
    case Summary::Outcome::kFailed:
      break;
  }
  return "\"failed\"";
}

double Microseconds(int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }

std::string LatencyText(int64_t nanoseconds) {
  const double us = Microseconds(nanoseconds);
  return us < 10'000 ? Fixed(us, 0) + " us" : Fixed(us / 1e3, 1) + " ms";
}

double PerSecond(uint64_t count, int64_t nanoseconds) {
  return nanoseconds > 0 ? static_cast<double>(count) * 1e9 / static_cast<double>(nanoseconds) : 0;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

}  // namespace

Summary::Outcome Summary::outcome() const {
  if (!failure.empty() || corrupt_connections != 0 || expected == 0) return Outcome::kFailed;
  if (expected == sent && sent == received) return Outcome::kComplete;
  // What the kernel refused to send is lost, too. A run that was cut short is no measure of losses.
  const bool lost = loss == Loss::kExpected && queued == expected && received < expected;
  return lost && lost_connections == 0 ? Outcome::kLost : Outcome::kFailed;
}

double Summary::MessagesPerSecond() const { return PerSecond(messages, duration); }

double Summary::MegabytesPerSecond() const { return PerSecond(received, duration) / 1e6; }

std::string SummaryText(const Summary& summary) {
  std::string text = " *** Summary: expect -  " + std::to_string(summary.expected) + ", send - " +
                     std::to_string(summary.sent) + ", recv - " + std::to_string(summary.received) + "\n";
  if (summary.outcome() == Summary::Outcome::kLost) {
    const double share =
        100.0 * static_cast<double>(summary.lost_bytes()) / static_cast<double>(summary.expected);
    text += " *** Data lost: " + std::to_string(summary.lost_bytes()) + " of " +
            std::to_string(summary.expected) + " bytes (" + Fixed(share, 2) + " %)\n";
  } else if (summary.ok()) {
    text += " *** Success: time consuming -  " + std::to_string(summary.duration / 1'000'000) +
            " millisecond !\n";
  } else {
    text += " *** Fail: manual terminated ? (or data lost)\n";
    if (summary.interrupted) text += "     terminated by a signal\n";
    if (!summary.failure.empty()) text += "     " + summary.failure + "\n";
    if (summary.lost_connections != 0) {
      text += "     connections lost: " + std::to_string(summary.lost_connections) + "\n";
    }
    if (summary.corrupt_connections != 0) {
      text += "     connections with wrong bytes: " + std::to_string(summary.corrupt_connections) +
              "; first: " + summary.corruption + "\n";
    }
  }
  if (summary.strays != 0) {
    text += "     messages that came twice or too late: " + std::to_string(summary.strays) + "\n";
  }
  text += "     messages: " + std::to_string(summary.messages) + " (" +
          Fixed(summary.MessagesPerSecond(), 0) + "/s), " + Fixed(summary.MegabytesPerSecond(), 1) +
          " MB/s each way\n";
  text += "     round trip: p50 " + LatencyText(summary.p50) + ", p99 " + LatencyText(summary.p99) +
          ", p99.9 " + LatencyText(summary.p999) + ", max " + LatencyText(summary.max) + "\n";
  text += "     port: " + summary.port;
  return text;
}

std::string SummaryJson(const Summary& summary) {
  std::string json = "{\"demo\":" + Quoted(summary.demo);
  const auto add = [&json](const char* name, const std::string& value) {
    json += std::string(",\"") + name + "\":" + value;
  };
  add("ok", summary.ok() ? "true" : "false");
  add("outcome", OutcomeName(summary.outcome()));
  add("interrupted", summary.interrupted ? "true" : "false");
  add("failure", Quoted(summary.failure));
  add("connections", std::to_string(summary.connections));
  add("rounds", std::to_string(summary.rounds));
  add("length", std::to_string(summary.length));
  add("expect", std::to_string(summary.expected));
  add("send", std::to_string(summary.sent));
  add("recv", std::to_string(summary.received));
  add("lost", std::to_string(summary.lost_bytes()));
  add("strays", std::to_string(summary.strays));
  add("messages", std::to_string(summary.messages));
  add("lost_connections", std::to_string(summary.lost_connections));
  add("corrupt_connections", std::to_string(summary.corrupt_connections));
  add("corruption", Quoted(summary.corruption));
  add("duration_ms", Fixed(static_cast<double>(summary.duration) / 1e6, 3));
  add("messages_per_second", Fixed(summary.MessagesPerSecond(), 1));
  add("megabytes_per_second", Fixed(summary.MegabytesPerSecond(), 3));
  add("p50_us", Fixed(Microseconds(summary.p50), 1));
  add("p99_us", Fixed(Microseconds(summary.p99), 1));
  add("p999_us", Fixed(Microseconds(summary.p999), 1));
  add("max_us", Fixed(Microseconds(summary.max), 1));
  add("port", Quoted(summary.port));
  return json + "}";
}

}  // namespace hpsocket::demos
