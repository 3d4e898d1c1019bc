// Internal to the demos.
//
// One client that a person plays with: the desk starts it, sends, shows it and stops it as commands say, and
// shows what its listener, the program, tells of events. It counts what was sent and what came back.
//
// Threads:  Handle*() and what they call on the client's thread, or inside a synchronous Start; the rest the
//           program's own.
// Lifetime: the client goes first, and with it every event.
// Units:    bytes.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_CLIENT_DESK_H_
#define HPSOCKET_SDK_DEMOS_COMMON_CLIENT_DESK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {

struct ClientSettings : DeskSettings {
  std::string address = "127.0.0.1";
  uint32_t port = 5555;
  bool async = false;
  int backend = IO_AUTO;
  std::string text;

  enum class Connect { kEither, kSynchronous };
  void AddTo(OptionTable& options, Connect connect = Connect::kEither);
};

class ClientDesk {
 public:
  // `server`: the program that a refused client should find at the other end.
  ClientDesk(const ClientSettings& settings, Console& console, Carrier carrier, std::string server);

  // Once, before anything else. `send` is what the command of that name does; null: SendPlain().
  void Attach(IClient& client, std::function<bool(const std::string&)> send = nullptr);

  // Takes commands until something ends it; the exit code. `table` has everything but what the desk adds.
  // `prepare` runs once the command line is known, and gives what is wrong with it, if anything.
  int Run(OptionTable& table, int argc, char** argv, const std::function<std::string()>& prepare);

  // The text as it is.
  bool SendPlain(const std::string& text);
  // Counts `bytes` that `hand_over` gives to the client, and says how that went.
  bool Transmit(const std::string& text, uint64_t bytes, const std::function<bool()>& hand_over);

  // What the listener hears. `content`: what to show of so many bytes, if anything.
  void HandleConnect();
  void HandleReceive(int length, const std::string& content);
  void HandleSend(int length);
  void HandleClose();
  void HandleError(EnSocketOperation operation, int error_code);

 private:
  void AddCommandsTo(CommandTable& commands);
  bool Start(const std::string& address, uint16_t port);
  bool StartWith(const std::string& arguments);
  bool Stop();
  bool TogglePause();
  bool ShowStatus();
  bool ShowFigures();
  void Ended();
  bool Finished();

  // Whether there is a connection, or one in the making.
  bool running() { return client_->HasStarted() && !ended_; }
  // Whether everything that was sent has come back.
  bool echoed() const { return received_ >= sent_; }

  const ClientSettings& settings_;
  Console& console_;
  const Carrier carrier_;
  const std::string server_;
  IClient* client_ = nullptr;
  std::function<bool(const std::string&)> send_;
  std::string target_;             // where the last Start went
  std::atomic<uint64_t> sent_{0};  // accepted by Send
  std::atomic<uint64_t> received_{0};
  // The last connection could not be made or was lost, or did not take what it was to send at once.
  std::atomic<bool> broken_{false};
  std::atomic<bool> ended_{false};  // the connection's last event has come
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_CLIENT_DESK_H_
