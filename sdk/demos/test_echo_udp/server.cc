// test_echo_udp_server: a UDP echo server to play with. It sends each datagram back, shows every event, and
// takes commands.

#include <netinet/in.h>

#include <cstdint>

#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/server_desk.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/test_echo_udp/detection.h"
#include "hpsocket/udp/udp_server.h"

namespace hpsocket::demos {
namespace {

class EchoServer : public ServerDeskEvents<CUdpServerListener> {
 public:
  explicit EchoServer(ServerDesk& desk) : ServerDeskEvents(desk), server_(this) {
    desk.Attach(server_, true);
  }

  CUdpServer& server() { return server_; }

  EnHandleResult OnAccept(CONNID id, const sockaddr_in*) override { return desk().HandleAccept(id); }
  using CUdpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    desk().HandleReceive(id, length);
    return server_.Send(id, data, length) ? HR_OK : HR_ERROR;
  }

 private:
  CUdpServer server_;
};

int Run(int argc, char** argv) {
  ServerDeskSettings settings;
  Detection detection;
  OptionTable table("test_echo_udp_server",
                    "A UDP echo server to play with: it shows every event and takes commands.");
  settings.AddTo(table, Carrier::kUdp);
  detection.AddTo(table);

  ServerDesk desk(settings, Carrier::kUdp, "test_echo_udp_client");
  EchoServer echo(desk);
  return desk.Run(table, argc, argv, [&] { detection.ApplyTo(echo.server()); });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
