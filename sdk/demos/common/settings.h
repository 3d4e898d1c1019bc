// Internal to the demos.
//
// Options that several demos share, and what they say about a component: its state, its figures.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_SETTINGS_H_
#define HPSOCKET_SDK_DEMOS_COMMON_SETTINGS_H_

#include <cstdint>
#include <string>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {

// What every component with workers can be told.
struct WorkerSettings {
  uint32_t threads = 0;  // 0: the library's default
  int send_policy = SP_PACK;
  int recv_policy = RP_SERIAL;
  // Not an option: the program's OnClose frees what a running OnReceive may still use. Set before AddTo.
  bool serial_only = false;

  void AddTo(OptionTable& options);
  void ApplyTo(IComplexSocket& component) const;
};

enum class Carrier { kTcp, kUdp };

// What servers can be told on their command lines.
struct ServerSettings : WorkerSettings {
  std::string bind_address = "0.0.0.0";
  uint32_t port = 5555;
  uint32_t max_connections = 10000;
  bool keep_alive = true;  // TCP
  int backend = IO_AUTO;

  void AddTo(OptionTable& options, Carrier carrier = Carrier::kTcp);
  void ApplyTo(IServer& server) const;
};

// `--port-backend`
void AddBackendOption(OptionTable& options, int* backend);

const char* StateText(EnServiceState state);

// The figures that are not 0, one line each.
std::string StatsText(const HP_Stats& stats);

// Gives the program as many descriptors as it is allowed to have: 1000 connections do not fit into the usual
// 1024. The library leaves limits alone, so programs that need more do this themselves.
void RaiseDescriptorLimit();

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_SETTINGS_H_
