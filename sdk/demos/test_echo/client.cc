// test_echo_client: one connection to an echo server, to play with. It shows every event and takes commands.

#include <cstdint>

#include "hpsocket/sdk/demos/common/client_desk.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/tcp_client/tcp_client.h"

namespace hpsocket::demos {
namespace {

class EchoClient : public CTcpClientListener {
 public:
  explicit EchoClient(ClientDesk& desk) : desk_(desk), client_(this) { desk_.Attach(client_); }

  CTcpClient& client() { return client_; }

  EnHandleResult OnConnect(IClient*) override {
    desk_.HandleConnect();
    return HR_OK;
  }
  using CTcpClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    desk_.HandleReceive(length, BytesContent(length) + " " + Preview(data, length));
    return HR_OK;
  }
  EnHandleResult OnSend(IClient*, const uint8_t*, int length) override {
    desk_.HandleSend(length);
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override {
    desk_.HandleClose();
    return HR_OK;
  }
  EnHandleResult OnError(IClient*, EnSocketOperation operation, int error_code) override {
    desk_.HandleError(operation, error_code);
    return HR_OK;
  }

 private:
  ClientDesk& desk_;
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
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::Run(argc, argv); }
