// test_echo_udp_client: one session with a UDP echo server, to play with. It shows every event and takes
// commands.

#include <cstdint>
#include <string>

#include "hpsocket/sdk/demos/common/client_desk.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/test_echo_udp/detection.h"
#include "hpsocket/udp/udp_client.h"

namespace hpsocket::demos {
namespace {

class EchoClient : public ClientDeskEvents<CUdpClientListener> {
 public:
  explicit EchoClient(ClientDesk& desk) : ClientDeskEvents(desk), client_(this) { desk.Attach(client_); }

  CUdpClient& client() { return client_; }

 private:
  CUdpClient client_;
};

int Run(int argc, char** argv) {
  ClientSettings settings;
  Detection detection;
  OptionTable table(
      "test_echo_udp_client",
      "A client for a UDP echo server: it shows every event and takes commands. Every text is one "
      "datagram; a network may lose any.");
  settings.AddTo(table);
  detection.AddTo(table);

  Console console;
  ClientDesk desk(settings, console, Carrier::kUdp, "test_echo_udp_server");
  EchoClient echo(desk);
  return desk.Run(table, argc, argv, [&] {
    detection.ApplyTo(echo.client());
    const uint32_t most = echo.client().GetMaxDatagramSize();
    return settings.text.size() <= most
               ? std::string()
               : "--text wants what a datagram can carry, at most " + std::to_string(most) + " bytes";
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
