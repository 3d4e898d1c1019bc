// Internal to the demos.
//
// The program of a performance client: its command line, its progress, Ctrl-C, and what it says at the end.
// The kind of client says what carries the connections.
//
// Threads:  the main thread, before it starts others.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_CLIENT_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common_pfm/exchange.h"
#include "hpsocket/sdk/demos/common_pfm/run_options.h"
#include "hpsocket/sdk/demos/common_pfm/shared.h"
#include "hpsocket/sdk/demos/common_pfm/transport.h"

namespace hpsocket::demos {

inline constexpr int kExitDataLost = 3;

struct ClientKind {
  std::string demo;     // the program
  std::string command;  // as the user types it, sub-command included
  std::string server;   // the program at the other end, likewise
  std::string about;
  std::string notes;       // for the end of `--help`, before what is the same for all
  std::string exit_codes;  // for its very end; see kExitCodes
  RunOptions defaults;
  uint32_t longest_message = 0;
  std::function<void(OptionTable&)> add_options;  // the kind's own
  // HP_SetLogHandler: who brings the library calls it.
  std::function<void(HP_LogHandler handler, void* user)> set_log_handler;
  std::function<std::unique_ptr<Exchange>(size_t index, Shared& shared)> make_exchange;
  std::function<std::unique_ptr<Transport>(const RunOptions& options, Exchanges& exchanges)> make_transport;
};

// What the exit codes mean where loss is a fault.
extern const char* const kExitCodes;

// The exit code.
int RunPerformanceClient(const ClientKind& kind, int argc, char** argv);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_CLIENT_H_
