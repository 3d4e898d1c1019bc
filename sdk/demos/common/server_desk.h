// Internal to the demos.
//
// One server that a person plays with: the desk starts it, shows and kicks its connections, and stops it as
// commands say, and shows what its listener, the program, tells of events. It counts bytes.
//
// Threads:  Handle*() any; the rest the program's own.
// Lifetime: the server goes first, and with it every event.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_SERVER_DESK_H_
#define HPSOCKET_SDK_DEMOS_COMMON_SERVER_DESK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/desk.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {

struct ServerDeskSettings : DeskSettings {
  ServerSettings server;
  std::string reject_address;

  void AddTo(OptionTable& options, Carrier carrier);
};

class ServerDesk {
 public:
  // `client`: the program that connects to this one.
  ServerDesk(const ServerDeskSettings& settings, Carrier carrier, std::string client);

  // Once, before anything else. `takes_text`: a connection may be sent what a person types.
  void Attach(IServer& server, bool takes_text);

  // Takes commands until something ends it; the exit code. `table` has everything but what the desk adds.
  // `prepare` runs once the command line is known.
  int Run(OptionTable& table, int argc, char** argv, const std::function<void()>& prepare);

  // What the listener hears.
  void HandlePrepareListen();
  // HR_ERROR for whom the settings reject.
  EnHandleResult HandleAccept(CONNID id);
  void HandleReceive(CONNID id, int length);
  void HandleSend(CONNID id, int length);
  void HandleClose(CONNID id);
  void HandleError(CONNID id, EnSocketOperation operation, int error_code);
  void HandleShutdown();

 private:
  void AddCommandsTo(CommandTable& commands);
  bool Start(const std::string& address, uint16_t port);
  bool StartWith(const std::string& arguments);
  bool Stop();
  bool ShowStatus();
  std::string StatusOf(CONNID id);
  bool ShowFigures();
  bool SendTo(std::string arguments);
  bool Kick(const std::string& argument);
  bool KickOld(const std::string& argument);
  bool KickSilent(const std::string& argument);
  bool TogglePause(const std::string& argument);
  std::string RemoteText(CONNID id);

  const ServerDeskSettings& settings_;
  const Carrier carrier_;
  const std::string client_;
  IServer* server_ = nullptr;
  bool takes_text_ = false;
  std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> received_{0};
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_SERVER_DESK_H_
