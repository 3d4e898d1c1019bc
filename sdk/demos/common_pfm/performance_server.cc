#include "hpsocket/sdk/demos/common_pfm/performance_server.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "hpsocket/sdk/demos/common/listening.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

bool PerformanceServer::Start(const ServerSettings& settings) {
  settings.ApplyTo(server_);
  if (!StartListening(server_, settings.bind_address, static_cast<uint16_t>(settings.port))) return false;
  SayListening(server_);
  Print(std::string("port: ") + server_.GetIoBackendDesc());
  return true;
}

void PerformanceServer::ShowTotals(const char* title, const ServerTotals::Bytes& bytes) {
  Print(SummaryLine(bytes.sent, bytes.received, title));
}

void PerformanceServer::ShowStatistics() {
  ShowTotals("Now", totals_.Now());
  HP_Stats stats;
  server_.GetStats(stats);
  Print(StatsText(stats));
  on_statistics_();
}

bool PerformanceServer::RunCommand(const std::string& line) {
  if (line == "r" || line == "R") {
    totals_.Reset();
    Print("counters reset");
  } else if (line == "s" || line == "statistics") {
    ShowStatistics();
  } else if (line == "q") {
    return false;
  } else if (!line.empty()) {
    Print("r = reset the counters, s = statistics, q = end");
  }
  return true;
}

int PerformanceServer::Serve() {
  for (bool running = true; running;) {
    std::optional<std::chrono::milliseconds> timeout;
    if (const auto due = totals_.Due()) {
      timeout = std::max(std::chrono::ceil<std::chrono::milliseconds>(*due - Clock::now()),
                         std::chrono::milliseconds(0));
    }
    std::string line;
    const Console::Event event = console_.Next(&line, timeout);
    if (event == Console::Event::kSignal || event == Console::Event::kEnd) running = false;
    if (event == Console::Event::kUserSignal) ShowStatistics();
    if (event == Console::Event::kLine) running = RunCommand(line);
    if (const auto bytes = totals_.Finish(Clock::now(), false)) ShowTotals("Summary", *bytes);
  }
  server_.Stop();
  if (const auto bytes = totals_.Finish(Clock::now(), true)) ShowTotals("Summary", *bytes);
  Print("$ Server Stop");
  return kExitOk;
}

}  // namespace hpsocket::demos
