#include "hpsocket/sdk/demos/test_echo_pfm/server.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/test_echo_pfm/server_totals.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket::demos {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  ServerSettings server;
  uint32_t buffer_size = 0;
  bool interactive = false;
};

class PerformanceServer : public CTcpServerListener {
 public:
  explicit PerformanceServer(Console& console) : console_(console), server_(this) {}

  bool Start(const Options& options);
  int Serve();

  using CTcpServerListener::OnReceive;
  EnHandleResult OnAccept(CONNID, SOCKET) override {
    totals_.Opened();
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    totals_.AddReceived(static_cast<uint64_t>(length));
    return server_.Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnSend(CONNID, const uint8_t*, int length) override {
    totals_.AddSent(static_cast<uint64_t>(length));
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override { return Closed(); }
  // A client that stops with bytes under way resets its connection: nothing to complain about.
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return Closed(); }

 private:
  EnHandleResult Closed() {
    if (totals_.Closed(Clock::now())) console_.Wake();
    return HR_OK;
  }
  // False: the user wants to end.
  bool RunCommand(const std::string& line);
  void ShowTotals(const char* title, const ServerTotals::Bytes& bytes);

  Console& console_;
  ServerTotals totals_;
  CTcpServer server_;  // last: it is gone, and with it every event, before the rest is
};

bool PerformanceServer::Start(const Options& options) {
  options.server.ApplyTo(server_);
  if (!options.server.keep_alive) server_.SetKeepAliveTime(0);
  if (options.buffer_size != 0) server_.SetSocketBufferSize(options.buffer_size);
  if (!server_.Start(options.server.bind_address.c_str(), static_cast<uint16_t>(options.server.port))) {
    const int error = errno;
    PrintError(StartFailLine("Server", DescribeFailure(server_, error)));
    if (error == EADDRINUSE)
      PrintError("  another program listens there; choose another port (-p; 0 = any free one)");
    return false;
  }
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  server_.GetListenAddress(address, room, port);
  Print(StartOkLine("Server", address, port));
  Print("listening on " + AddressText(address, port));
  Print(std::string("port: ") + server_.GetIoBackendDesc());
  return true;
}

void PerformanceServer::ShowTotals(const char* title, const ServerTotals::Bytes& bytes) {
  Print(std::string(" *** ") + title + ": send - " + std::to_string(bytes.sent) + ", recv - " +
        std::to_string(bytes.received));
}

bool PerformanceServer::RunCommand(const std::string& line) {
  if (line == "r" || line == "R") {
    totals_.Reset();
    Print("counters reset");
  } else if (line == "s") {
    ShowTotals("Now", totals_.Now());
    HP_Stats stats;
    server_.GetStats(stats);
    Print(StatsText(stats));
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
    if (event == Console::Event::kLine) running = RunCommand(line);
    if (const auto bytes = totals_.Finish(Clock::now(), false)) ShowTotals("Summary", *bytes);
  }
  server_.Stop();
  if (const auto bytes = totals_.Finish(Clock::now(), true)) ShowTotals("Summary", *bytes);
  Print("$ Server Stop");
  return kExitOk;
}

}  // namespace

int RunPerformanceServer(int argc, char** argv) {
  Options options;
  OptionTable table("test_echo_pfm server",
                    "The server of the performance test: sends everything back and counts.");
  options.server.AddTo(table);
  table.Number(0, "buffer-size", "BYTES", "most bytes per OnReceive; 0 = the library's default", 0,
               0x7FFFFFFF, &options.buffer_size);
  table.Switch(0, "interactive", "take commands from stdin: r reset, s statistics, q end",
               &options.interactive);
  table.Notes(
      "It prints 'listening on ADDRESS:PORT' when it is ready, and what it sent and received 600 ms after "
      "the last\n"
      "connection of a test has closed. It runs until SIGINT or SIGTERM.\n"
      "\n"
      "Exit codes: 0 stopped by a signal (or q, or the end of stdin, with --interactive); 1 it could not "
      "start;\n"
      "2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  RaiseDescriptorLimit();
  Console console;
  if (options.interactive) console.ReadStdin();
  PerformanceServer server(console);
  if (!server.Start(options)) return kExitFailure;
  return server.Serve();
}

}  // namespace hpsocket::demos
