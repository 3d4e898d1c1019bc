#include "hpsocket/sdk/demos/test_echo_udp_pfm/server.h"

#include <cstdint>
#include <optional>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/common_pfm/counting_echo.h"
#include "hpsocket/sdk/demos/common_pfm/performance_server.h"
#include "hpsocket/sdk/demos/common_pfm/server_totals.h"

namespace hpsocket::demos {
namespace {

constexpr const char* kNotes =
    "It prints 'listening on ADDRESS:PORT' when it is ready. A client that has gone says nothing, so its "
    "sessions end\n"
    "after a minute, or at once by the command s or the signal SIGUSR1; 600 ms later the totals are printed. "
    "It runs\n"
    "until SIGINT or SIGTERM.\n"
    "\n"
    "Exit codes: 0 stopped by a signal (or q, or the end of stdin, with --interactive); 1 it could not "
    "start;\n"
    "2 a mistake on the command line.\n";

void EndAllSessions(IUdpServer& server) {
  // It fails only for want of sessions.
  Print(server.DisconnectLongConnections(0) ? "ending every session" : "there is no session");
}

}  // namespace

int RunUdpServer(int argc, char** argv) {
  ServerSettings settings;
  uint32_t receive_count = 300;
  uint32_t receive_buffer = 0;
  bool interactive = false;
  OptionTable table("test_echo_udp_pfm server",
                    "The server of the UDP performance test: sends everything back and counts.");
  settings.AddTo(table, Carrier::kUdp);
  table.Number(0, "receive-count", "COUNT", "datagrams taken from the kernel in one go", 1, 0x7FFFFFFF,
               &receive_count);
  table.Number(0, "receive-buffer", "BYTES", "the socket's receive buffer; 0 = the system's default", 0,
               0x7FFFFFFF, &receive_buffer);
  table.Switch(0, "interactive",
               "take commands from stdin: r reset, s (or statistics) end all sessions and show totals, q end",
               &interactive);
  table.Notes(kNotes);
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  Console console(Console::UserSignal::kTake);
  if (interactive) console.ReadStdin();
  ServerTotals totals;
  CountingEcho<CUdpServerListener, CUdpServerPtr, const sockaddr_in*> echo(totals, console);
  echo.server()->SetPostReceiveCount(receive_count);
  echo.server()->SetReceiveBufferSize(receive_buffer);
  PerformanceServer server(*echo.server(), totals, console);
  server.OnStatistics([&] { EndAllSessions(*echo.server()); });
  return server.Start(settings) ? server.Serve() : kExitFailure;
}

}  // namespace hpsocket::demos
