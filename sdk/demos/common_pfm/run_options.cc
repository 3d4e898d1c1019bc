#include "hpsocket/sdk/demos/common_pfm/run_options.h"

#include <algorithm>

#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

// What may be under way in all connections together where the user sets no window. It is more than the
// default run of the original ever sends at once, and keeps a run of any size within bounded memory.
constexpr uint64_t kMostUnderWay = 64u << 20;

// Most messages that all connections together may have under way: each costs up to 16 bytes from the start.
constexpr uint64_t kMostMessagesUnderWay = 1u << 24;

}  // namespace

void RunOptions::AddTo(OptionTable& table, uint32_t longest_message) {
  table.Text('a', "address", "ADDRESS", "server: IPv4, IPv6 or a name", &address);
  table.Number('p', "port", "PORT", "server's port", 1, 65535, &port);
  table.Number('e', "rounds", "COUNT", "messages per connection", 1, 0x7FFFFFFF, &rounds);
  table.Number('i', "interval", "MS", "pause between rounds", 0, 3'600'000, &interval_ms);
  table.Number('c', "connections", "COUNT", "connections", 1, 1'000'000, &connections);
  table.Number('l', "length", "BYTES", "length of a message", 1, longest_message, &length);
  table.Number(0, "duration", "SECONDS", "send for so long instead of counting rounds; 0 = count", 0,
               31'536'000, &duration_s);
  table.Number('w', "window", "COUNT", "most messages under way per connection; 0 = 64 MiB for all", 0,
               1'000'000, &window);
  table.Number(0, "wait-ms", "MS", "between connecting and sending", 0, 3'600'000, &wait_ms);
  table.Number(0, "timeout", "SECONDS", "give up when nothing comes back for so long", 1, 86'400, &timeout_s);
  AddBackendOption(table, &backend);
  table.Switch(0, "quiet", "only the summary, no progress", &quiet);
  table.Switch(0, "json", "one more line at the end, for programs", &json);
}

std::string RunOptions::Complaint() const {
  if (uint64_t{connections} * window <= kMostMessagesUnderWay) return {};
  return "--connections times --window wants at most " + std::to_string(kMostMessagesUnderWay) +
         " messages under way, not " + std::to_string(uint64_t{connections} * window);
}

uint32_t RunOptions::EffectiveWindow() const {
  if (window != 0) return window;
  const uint64_t fair = kMostUnderWay / (uint64_t{connections} * length);
  // More slots than rounds would never be used.
  const uint64_t most = duration_s != 0 ? 1024 : std::min<uint64_t>(rounds, 1024);
  return static_cast<uint32_t>(std::clamp<uint64_t>(fair, 1, most));
}

}  // namespace hpsocket::demos
