#include "hpsocket/testing/bench/servers/our_server.h"

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "hpsocket/core/api/types.h"

ABSL_FLAG(std::string, port, "io_uring", "io_uring or epoll");
ABSL_FLAG(uint32_t, busy_poll, 0, "SetBusyPoll, microseconds");
ABSL_FLAG(bool, wildcard, false, "bind to 0.0.0.0: then UDP asks where each datagram was sent to");

namespace hpsocket::bench {

// Only the counter build has it.
[[gnu::weak]] std::string CostsSinceLast();

namespace {

void PrintStats(IServer& server) {
  HP_Stats stats;
  server.GetStats(stats);
  std::printf(
      "stats pool_bytes=%llu pool_buffers=%llu connections=%llu leases=%llu shortages=%llu\n",
      static_cast<unsigned long long>(stats.pool_bytes), static_cast<unsigned long long>(stats.pool_buffers),
      static_cast<unsigned long long>(stats.connections), static_cast<unsigned long long>(stats.leases),
      static_cast<unsigned long long>(stats.buffer_shortages));
  std::fflush(stdout);
}

void PrintCosts() {
  if (CostsSinceLast == nullptr) {
    std::printf("this is not the counter build\n");
  } else {
    std::printf("costs%s\n", CostsSinceLast().c_str());
  }
  std::fflush(stdout);
}

}  // namespace

int ServeUntilInputEnds(IServer& server, const ServerOptions& options) {
  server.SetIoBackend(absl::GetFlag(FLAGS_port) == "epoll" ? IO_EPOLL : IO_URING);
  server.SetWorkerThreadCount(options.workers);
  server.SetBusyPoll(absl::GetFlag(FLAGS_busy_poll));
  if (!server.Start(absl::GetFlag(FLAGS_wildcard) ? "0.0.0.0" : "127.0.0.1", 0)) {
    std::fprintf(stderr, "Start: %s, %s\n", server.GetLastErrorDesc(), server.GetLastErrorDetail());
    return 1;
  }
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  server.GetListenAddress(address, length, port);
  AnnounceReady(port);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "stats") PrintStats(server);
    if (line == "costs") PrintCosts();
  }
  server.Stop();
  return 0;
}

}  // namespace hpsocket::bench
