// test_echo_server: an echo server to play with. It sends back what it gets, shows every event, and takes
// commands.

#include <cstdint>

#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/server_desk.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket::demos {
namespace {

class EchoServer : public CTcpServerListener {
 public:
  explicit EchoServer(ServerDesk& desk) : desk_(desk), server_(this) { desk_.Attach(server_, true); }

  CTcpServer& server() { return server_; }

  EnHandleResult OnPrepareListen(SOCKET) override {
    desk_.HandlePrepareListen();
    return HR_OK;
  }
  EnHandleResult OnAccept(CONNID id, SOCKET) override { return desk_.HandleAccept(id); }
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    desk_.HandleReceive(id, length);
    return server_.Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override {
    desk_.HandleSend(id, length);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID id) override {
    desk_.HandleClose(id);
    return HR_OK;
  }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override {
    desk_.HandleError(id, operation, error_code);
    return HR_OK;
  }
  EnHandleResult OnShutdown() override {
    desk_.HandleShutdown();
    return HR_OK;
  }

 private:
  ServerDesk& desk_;
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

int main(int argc, char** argv) { return hpsocket::demos::Run(argc, argv); }
