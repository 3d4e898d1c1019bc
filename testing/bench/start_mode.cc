#include "hpsocket/testing/bench/start_mode.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/process.h"

namespace hpsocket::bench {
namespace {

constexpr double kServerLimitUs = 2000;
constexpr double kClientLimitUs = 1000;
constexpr double kClientsLimitMib = 256;

std::string Verdict(bool holds) { return holds ? "holds" : "misses"; }

class StartMode {
 public:
  explicit StartMode(const StartOptions& options)
      : options_(options), target_({options.programs + "/servers/raw_epoll_server"}, {}) {
    const std::string ready = target_.ReadLine();
    if (ready.compare(0, 6, "ready ") != 0) throw Failure("raw_epoll_server: " + ready);
    port_ = ready.substr(6);
  }

  std::vector<std::string> StartAndStop(const std::string& what, const std::string& port, double limit_us) {
    double median = 0;
    double p95 = 0;
    const std::string line = Probe(what, port, options_.times);
    if (std::sscanf(line.c_str(), "start median_us=%lf p95_us=%lf", &median, &p95) != 2) throw Failure(line);
    return {absl::StrCat(what, ", Start + Stop"), port, absl::StrFormat("%.0f µs, p95 %.0f µs", median, p95),
            absl::StrFormat("%.0f µs", limit_us), Verdict(median <= limit_us)};
  }

  std::vector<std::string> Clients(const std::string& port) {
    double resident = 0;
    double peak = 0;
    unsigned threads = 0;
    const std::string line = Probe("clients", port, options_.clients);
    if (std::sscanf(line.c_str(), "clients rss_kib=%lf peak_kib=%lf threads=%u", &resident, &peak,
                    &threads) != 3) {
      throw Failure(line);
    }
    return {absl::StrCat(options_.clients, " clients, each had its echo"), port,
            absl::StrFormat("RSS %.0f MiB, peak %.0f MiB, %u threads", resident / 1024, peak / 1024, threads),
            absl::StrFormat("%.0f MiB", kClientsLimitMib), Verdict(peak / 1024 <= kClientsLimitMib)};
  }

 private:
  std::string Probe(const std::string& what, const std::string& port, unsigned times) {
    options_.progress(absl::StrCat(what, " on ", port));
    Process probe({options_.programs + "/servers/start_probe", "--what=" + what, "--port=" + port,
                   "--target=" + port_, absl::StrCat("--times=", times)},
                  {});
    return probe.ReadLine();
  }

  const StartOptions& options_;
  Process target_;
  std::string port_;
};

}  // namespace

Table MeasureStarts(const StartOptions& options) {
  Table table;
  table.title = "Starting and stopping; many clients";
  table.columns = {"what", "port", "measured", "limit", "verdict"};
  StartMode mode(options);
  for (const std::string port : {"io_uring", "epoll"}) {
    table.rows.push_back(mode.StartAndStop("server", port, kServerLimitUs));
    table.rows.push_back(mode.StartAndStop("client", port, kClientLimitUs));
    table.rows.push_back(mode.Clients(port));
  }
  table.notes = {
      absl::StrCat("Median of ", options.times,
                   " times, default settings; the verdict is the median's, for clients the peak's.")};
  return table;
}

}  // namespace hpsocket::bench
