// Internal to the demos.
//
// The part of a performance server that does not depend on what carries the connections: it starts the
// server, takes commands and signals, and writes each batch's totals.
//
// Threads:  the main thread.
// Lifetime: the component and its listener outlive it, but not the totals and the console.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_SERVER_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_SERVER_H_

#include <functional>
#include <string>
#include <utility>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/common_pfm/server_totals.h"

namespace hpsocket::demos {

class PerformanceServer {
 public:
  PerformanceServer(IServer& server, ServerTotals& totals, Console& console)
      : server_(server), totals_(totals), console_(console) {}

  // What the command for statistics does besides showing them.
  void OnStatistics(std::function<void()> action) { on_statistics_ = std::move(action); }

  // False: it has said why.
  bool Start(const ServerSettings& settings);
  // Until the user or the input ends it; the exit code.
  int Serve();

 private:
  // False: the user wants to end.
  bool RunCommand(const std::string& line);
  void ShowStatistics();
  void ShowTotals(const char* title, const ServerTotals::Bytes& bytes);

  IServer& server_;
  ServerTotals& totals_;
  Console& console_;
  std::function<void()> on_statistics_ = [] {};
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_SERVER_H_
