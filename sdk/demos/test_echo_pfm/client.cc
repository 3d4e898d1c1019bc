#include "hpsocket/sdk/demos/test_echo_pfm/client.h"

#include <cstddef>
#include <cstdint>
#include <memory>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common_pfm/client_transport.h"
#include "hpsocket/sdk/demos/common_pfm/performance_client.h"
#include "hpsocket/sdk/demos/common_pfm/stream_exchange.h"

namespace hpsocket::demos {
namespace {

constexpr const char* kNotes =
    "Every connection sends a message of the given length per round; the server sends it back. Messages are "
    "checked\n"
    "byte for byte. A run is as the original's, except that a connection waits when it has --window messages "
    "under\n"
    "way, so that memory stays bounded.\n";

}  // namespace

int RunTcpClient(int argc, char** argv) {
  uint32_t buffer_size = 0;
  ClientKind kind;
  kind.demo = "test_echo_pfm";
  kind.command = "test_echo_pfm client";
  kind.server = "test_echo_pfm server";
  kind.about = "The client of the performance test.";
  kind.notes = kNotes;
  kind.exit_codes = kExitCodes;
  kind.longest_message = 16u << 20;
  kind.add_options = [&](OptionTable& table) {
    table.Number(0, "buffer-size", "BYTES", "most bytes per OnReceive; 0 = the library's default", 0,
                 0x7FFFFFFF, &buffer_size);
  };
  kind.set_log_handler = HP_SetLogHandler;
  kind.make_exchange = [](size_t index, Shared& shared) {
    return std::make_unique<StreamExchange>(index, shared);
  };
  kind.make_transport = [&](const RunOptions& options, Exchanges& exchanges) {
    return std::make_unique<ClientTransport<CTcpClientListener, CTcpClientPtr>>(
        options, exchanges, [&](ITcpClient& client) {
          if (buffer_size != 0) client.SetSocketBufferSize(buffer_size);
        });
  };
  return RunPerformanceClient(kind, argc, argv);
}

}  // namespace hpsocket::demos
