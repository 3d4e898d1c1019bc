// Internal to the demo.
//
// One agent that a person plays with: it connects in the background, sends packages over any of its
// connections, and takes what comes back apart, PULL, with the connection's extra as its state. Each package
// must come back as it went.
//
// Threads:  events on the agent's workers; the rest the program's own.
// Units:    bytes.
#ifndef HPSOCKET_SDK_DEMOS_AGENT_PULL_PACKAGE_AGENT_H_
#define HPSOCKET_SDK_DEMOS_AGENT_PULL_PACKAGE_AGENT_H_

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/package.h"

namespace hpsocket::demos {

struct AgentSettings : DeskSettings {
  std::string address = "127.0.0.1";
  uint32_t port = 5555;
  std::string bind_address;  // empty: any
  uint32_t connections = 1;
  int backend = IO_AUTO;
  std::string text;

  void AddTo(OptionTable& options);
};

class PackageAgent final : public CTcpPullAgentListener {
 public:
  PackageAgent(const AgentSettings& settings, Console& console);

  bool Start();
  bool Stop();
  bool running() { return agent_->HasStarted(); }
  // Begins to make a connection.
  bool Connect(const std::string& address, uint16_t port);
  void AddCommandsTo(CommandTable& commands);

  uint32_t connections();
  // Whether nothing is to be waited for: every connect has ended, and all that was sent has come back or is
  // lost.
  bool settled();
  // Whether a connection could not be made, something did not come back, or not as it went.
  bool failed();
  std::string Totals();

 private:
  // From Connect to the last event.
  struct Connection {
    std::string target;
    bool connected = false;
    std::deque<std::string> later;  // what to send as soon as it is connected
    std::deque<Package> owed;       // what is still to come back
    PackageParser parser;           // for its events only
  };

  using CTcpPullAgentListener::OnReceive;
  EnHandleResult OnConnect(CONNID id) override;
  EnHandleResult OnReceive(CONNID id, int length) override;
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override;
  EnHandleResult OnClose(CONNID id) override;
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override;
  EnHandleResult OnShutdown() override;

  // False: it is not what was sent.
  bool TakePart(CONNID id, Connection& connection, bool is_header, const uint8_t* data, int length);
  void EndConnection(CONNID id);

  bool ConnectWith(const std::string& arguments);
  bool Send(std::string arguments);
  // Under mutex_.
  bool SendTo(CONNID id, Connection& connection, const std::string& text);
  bool SendNow(CONNID id, Connection& connection, const std::string& text);
  bool Kick(const std::string& argument);
  bool ShowStatus();
  bool ShowFigures();

  const AgentSettings& settings_;
  Console& console_;

  std::mutex mutex_;
  std::map<CONNID, Connection> connections_;
  uint32_t seq_ = 0;
  uint64_t sent_ = 0;  // accepted by SendPackets
  uint64_t received_ = 0;
  bool failed_ = false;

  CTcpPullAgentPtr agent_;  // last: it is gone, and with it every event, before the rest is
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_AGENT_PULL_PACKAGE_AGENT_H_
