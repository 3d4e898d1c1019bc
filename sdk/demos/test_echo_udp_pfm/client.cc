#include "hpsocket/sdk/demos/test_echo_udp_pfm/client.h"

#include <cstddef>
#include <cstdint>
#include <memory>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common_pfm/client_transport.h"
#include "hpsocket/sdk/demos/common_pfm/datagram_exchange.h"
#include "hpsocket/sdk/demos/common_pfm/performance_client.h"

namespace hpsocket::demos {
namespace {

constexpr const char* kNotes =
    "Every session sends a datagram of the given length per round; the server sends it back. Datagrams are "
    "numbered\n"
    "and checked byte for byte. Networks, and receive buffers that are full, drop datagrams and tell nobody: "
    "what has\n"
    "not come back when nothing has come for --timeout seconds is lost. A session that has --window "
    "datagrams "
    "under\n"
    "way goes on without them after 200 ms.\n";

constexpr const char* kUdpExitCodes =
    "Exit codes: 0 every expected byte was sent and came back unchanged (with --duration all that was begun "
    "before\n"
    "Ctrl-C); 1 nothing came back at all, something came back changed, a session ended or the run was cut "
    "short;\n"
    "2 a mistake on the command line; 3 the run was complete, but data was lost.\n";

}  // namespace

int RunUdpClient(int argc, char** argv) {
  uint32_t receive_buffer = 0;
  ClientKind kind;
  kind.demo = "test_echo_udp_pfm";
  kind.command = "test_echo_udp_pfm client";
  kind.server = "test_echo_udp_pfm server";
  kind.about = "The client of the UDP performance test.";
  kind.notes = kNotes;
  kind.exit_codes = kUdpExitCodes;
  kind.defaults.loss = Loss::kExpected;
  kind.defaults.length = 1000;
  kind.defaults.timeout_s = 3;
  kind.longest_message = 1472;
  kind.add_options = [&](OptionTable& table) {
    table.Number(0, "receive-buffer", "BYTES", "the sockets' receive buffers; 0 = the system's default", 0,
                 0x7FFFFFFF, &receive_buffer);
  };
  kind.set_log_handler = HP_SetLogHandler;
  kind.make_exchange = [](size_t index, Shared& shared) {
    return std::make_unique<DatagramExchange>(index, shared);
  };
  kind.make_transport = [&](const RunOptions& options, Exchanges& exchanges) {
    return std::make_unique<ClientTransport<CUdpClientListener, CUdpClientPtr>>(
        options, exchanges, [&](IUdpClient& client) { client.SetReceiveBufferSize(receive_buffer); });
  };
  return RunPerformanceClient(kind, argc, argv);
}

}  // namespace hpsocket::demos
