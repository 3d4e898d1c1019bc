#include "hpsocket/sdk/demos/test_echo_pfm/server.h"

#include <cstdint>
#include <optional>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/common_pfm/counting_echo.h"
#include "hpsocket/sdk/demos/common_pfm/performance_server.h"
#include "hpsocket/sdk/demos/common_pfm/server_totals.h"

namespace hpsocket::demos {

int RunTcpServer(int argc, char** argv) {
  ServerSettings settings;
  uint32_t buffer_size = 0;
  bool interactive = false;
  OptionTable table("test_echo_pfm server",
                    "The server of the performance test: sends everything back and counts.");
  settings.AddTo(table);
  table.Number(0, "buffer-size", "BYTES", "most bytes per OnReceive; 0 = the library's default", 0,
               0x7FFFFFFF, &buffer_size);
  table.Switch(0, "interactive", "take commands from stdin: r reset, s statistics, q end", &interactive);
  table.Notes(
      "It prints 'listening on ADDRESS:PORT' when it is ready, and what it sent and received 600 ms after "
      "the last\n"
      "connection of a test has closed. SIGUSR1 shows the figures so far. It runs until\n"
      "SIGINT or SIGTERM.\n"
      "\n"
      "Exit codes: 0 stopped by a signal (or q, or the end of stdin, with --interactive); 1 it could not "
      "start;\n"
      "2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  RaiseDescriptorLimit();
  Console console(Console::UserSignal::kTake);
  if (interactive) console.ReadStdin();
  ServerTotals totals;
  CountingEcho<CTcpServerListener, CTcpServerPtr, SOCKET> echo(totals, console);
  if (!settings.keep_alive) echo.server()->SetKeepAliveTime(0);
  if (buffer_size != 0) echo.server()->SetSocketBufferSize(buffer_size);
  PerformanceServer server(*echo.server(), totals, console);
  return server.Start(settings) ? server.Serve() : kExitFailure;
}

}  // namespace hpsocket::demos
