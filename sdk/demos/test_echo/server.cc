// test_echo_server: an echo server to play with. It sends back what it gets, shows every event, and takes
// commands.

#include <cstdint>

#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/server_desk.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket::demos {
namespace {

class EchoServer : public ServerDeskEvents<CTcpServerListener> {
 public:
  explicit EchoServer(ServerDesk& desk) : ServerDeskEvents(desk), server_(this) {
    desk.Attach(server_, true);
  }

  CTcpServer& server() { return server_; }

  EnHandleResult OnAccept(CONNID id, SOCKET) override { return desk().HandleAccept(id); }
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    desk().HandleReceive(id, length);
    return server_.Send(id, data, length) ? HR_OK : HR_ERROR;
  }

 private:
  CTcpServer server_;
};

int Run(int argc, char** argv) {
  ServerDeskSettings settings;
  OptionTable table("test_echo_server",
                    "An echo server to play with: it shows every event and takes commands.");
  settings.AddTo(table, Carrier::kTcp);

  ServerDesk desk(settings, Carrier::kTcp, "test_echo_client");
  EchoServer echo(desk);
  return desk.Run(table, argc, argv, [&] {
    if (!settings.server.keep_alive) echo.server().SetKeepAliveTime(0);
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
