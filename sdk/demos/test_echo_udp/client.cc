// test_echo_udp_client: one session with a UDP echo server, to play with. It shows every event and takes
// commands.

#include <cstdint>

#include "hpsocket/sdk/demos/common/client_desk.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/test_echo_udp/detection.h"
#include "hpsocket/udp/udp_client.h"

namespace hpsocket::demos {
namespace {

class EchoClient : public CUdpClientListener {
 public:
  explicit EchoClient(ClientDesk& desk) : desk_(desk), client_(this) { desk_.Attach(client_); }

  CUdpClient& client() { return client_; }

  EnHandleResult OnConnect(IClient*) override {
    desk_.HandleConnect();
    return HR_OK;
  }
  using CUdpClientListener::OnReceive;
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
  return desk.Run(table, argc, argv, [&] { detection.ApplyTo(echo.client()); });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::Run(argc, argv); }
