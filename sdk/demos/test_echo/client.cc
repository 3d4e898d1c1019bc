// test_echo_client: one connection to an echo server, to play with. It shows every event and takes commands.

#include <string>

#include "hpsocket/sdk/demos/common/client_desk.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/tcp_client/tcp_client.h"

namespace hpsocket::demos {
namespace {

class EchoClient : public ClientDeskEvents<CTcpClientListener> {
 public:
  explicit EchoClient(ClientDesk& desk) : ClientDeskEvents(desk), client_(this) { desk.Attach(client_); }

  CTcpClient& client() { return client_; }

 private:
  CTcpClient client_;
};

int Run(int argc, char** argv) {
  ClientSettings settings;
  bool keep_alive = true;
  OptionTable table("test_echo_client",
                    "A client for an echo server: it shows every event and takes commands.");
  settings.AddTo(table);
  table.Switch('q', "keep-alive", "probe a silent connection", &keep_alive);

  Console console;
  ClientDesk desk(settings, console, Carrier::kTcp, "test_echo_server");
  EchoClient echo(desk);
  return desk.Run(table, argc, argv, [&] {
    if (!keep_alive) echo.client().SetKeepAliveTime(0);
    return std::string();
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
