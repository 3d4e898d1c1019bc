// agent_pfm: HP-Socket's performance test with one agent for all connections, against a test_echo_pfm server.

#include <cstddef>
#include <memory>

#include "hpsocket/core/api/library.h"
#include "hpsocket/sdk/demos/agent_pfm/agent_transport.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common_pfm/performance_client.h"
#include "hpsocket/sdk/demos/common_pfm/stream_exchange.h"

namespace hpsocket::demos {
namespace {

constexpr const char* kNotes =
    "One agent makes every connection, one after the other, and its worker threads serve them all. Each "
    "connection\n"
    "sends a message of the given length per round; 'test_echo_pfm server' sends it back. Messages are "
    "checked "
    "byte for\n"
    "byte. A connection waits when it has --window messages under way, so that memory stays bounded.\n";

int Run(int argc, char** argv) {
  AgentSettings settings;
  ClientKind kind;
  kind.demo = "agent_pfm";
  kind.command = "agent_pfm";
  kind.server = "test_echo_pfm server";
  kind.about = "The performance test with one agent for all connections.";
  kind.notes = kNotes;
  kind.exit_codes = kExitCodes;
  kind.longest_message = 16u << 20;
  kind.add_options = [&](OptionTable& table) { settings.AddTo(table); };
  kind.set_log_handler = HP_SetLogHandler;
  kind.make_exchange = [](size_t index, Shared& shared) {
    return std::make_unique<StreamExchange>(index, shared);
  };
  kind.make_transport = [&](const RunOptions& options, Exchanges& exchanges) {
    return std::make_unique<AgentTransport>(options, settings, exchanges);
  };
  return RunPerformanceClient(kind, argc, argv);
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
