// Measures how long our components take to start and stop, and what thousands of clients need.
// Prints one line of name=value.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_server/tcp_server.h"

ABSL_FLAG(std::string, what, "server", "server or client: Start and Stop, repeatedly; clients: many at once");
ABSL_FLAG(std::string, port, "io_uring", "io_uring or epoll");
ABSL_FLAG(uint32_t, target, 0, "port of an echo server on loopback, for clients");
ABSL_FLAG(uint32_t, times, 100, "how often, or how many clients");

namespace hpsocket::bench {
namespace {

EnIoBackend Backend() { return absl::GetFlag(FLAGS_port) == "epoll" ? IO_EPOLL : IO_URING; }

struct Silent : CTcpServerListener {
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
};

struct Answered : CTcpClientListener {
  using CTcpClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    for (int i = 0; i < length; ++i) {
      if (data[i] != 'x') wrong.store(true);
    }
    received.fetch_add(static_cast<uint64_t>(length));
    received.notify_one();
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override {
    wrong.store(true);
    received.fetch_add(1);  // wakes whoever waits
    received.notify_one();
    return HR_OK;
  }
  std::atomic<uint64_t> received{0};
  std::atomic<bool> wrong{false};
};

int Fail(const char* what, const char* why) {
  std::fprintf(stderr, "%s: %s\n", what, why);
  return 1;
}

// `once()` gives false when it failed.
template <class Once>
int Measure(Once&& once) {
  const core::Clock& clock = core::Clock::System();
  std::vector<double> microseconds;
  for (uint32_t i = 0; i < absl::GetFlag(FLAGS_times); ++i) {
    const core::TimePoint started = clock.Now();
    if (!once()) return Fail("Start or Stop", std::strerror(errno));
    microseconds.push_back(std::chrono::duration<double, std::micro>(clock.Now() - started).count());
  }
  std::sort(microseconds.begin(), microseconds.end());
  std::printf("start median_us=%.0f p95_us=%.0f\n", microseconds[microseconds.size() / 2],
              microseconds[microseconds.size() * 95 / 100]);
  return 0;
}

int MeasureServer() {
  Silent silent;
  CTcpServerPtr server(&silent);
  server->SetIoBackend(Backend());
  return Measure([&] { return server->Start("127.0.0.1", 0) && server->Stop(); });
}

int MeasureClient() {
  Answered answered;
  CTcpClientPtr client(&answered);
  client->SetIoBackend(Backend());
  const auto port = static_cast<uint16_t>(absl::GetFlag(FLAGS_target));
  return Measure([&] { return client->Start("127.0.0.1", port) && client->Stop(); });
}

std::string StatusValue(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, name.size(), name) == 0) return line.substr(line.find_first_of("0123456789"));
  }
  return "0";
}

int MeasureClients() {
  Answered answered;
  std::vector<std::unique_ptr<CTcpClient>> clients;
  const std::vector<uint8_t> bytes(64, 'x');
  for (uint32_t i = 0; i < absl::GetFlag(FLAGS_times); ++i) {
    clients.push_back(std::make_unique<CTcpClient>(&answered));
    clients.back()->SetIoBackend(Backend());
    if (!clients.back()->Start("127.0.0.1", static_cast<uint16_t>(absl::GetFlag(FLAGS_target)))) {
      return Fail("client", clients.back()->GetLastErrorDetail());
    }
    if (!clients.back()->Send(bytes.data(), static_cast<int>(bytes.size()))) return Fail("Send", "refused");
  }
  for (;;) {
    const uint64_t received = answered.received.load();
    if (answered.wrong.load()) return Fail("clients", "a wrong answer");
    if (received == clients.size() * bytes.size()) break;
    answered.received.wait(received);
  }
  std::printf("clients rss_kib=%ld peak_kib=%ld threads=%ld\n", std::stol(StatusValue("VmRSS:")),
              std::stol(StatusValue("VmHWM:")), std::stol(StatusValue("Threads:")));
  return 0;
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Start and stop times and memory of our components.");
  absl::ParseCommandLine(argc, argv);
  const std::string what = absl::GetFlag(FLAGS_what);
  if (what == "client") return hpsocket::bench::MeasureClient();
  if (what == "clients") return hpsocket::bench::MeasureClients();
  return hpsocket::bench::MeasureServer();
}
