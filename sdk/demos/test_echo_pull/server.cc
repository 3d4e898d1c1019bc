// test_echo_pull_server: an echo server with the PULL model, to play with. It takes packages apart and sends
// each part back by itself.

#include <cstdint>
#include <memory>
#include <new>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/package.h"
#include "hpsocket/sdk/demos/common/server_desk.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

// More than one whole package waits for nobody: a connection that does not fetch does not read either.
constexpr uint64_t kMostWaiting = 64 * 1024;

class EchoServer : public ServerDeskEvents<CTcpServerListener> {
 public:
  explicit EchoServer(ServerDesk& desk) : ServerDeskEvents(desk), server_(this) {
    desk.Attach(*server_, false);
    server_->SetMaxPullLength(kMostWaiting);
  }

  ITcpPullServer& server() { return *server_; }

  EnHandleResult OnAccept(CONNID id, SOCKET) override {
    if (desk().HandleAccept(id) != HR_OK) return HR_ERROR;
    std::unique_ptr<PackageParser> parser(new (std::nothrow) PackageParser);
    if (parser == nullptr || !server_->SetConnectionExtra(id, parser.get())) return HR_ERROR;
    parser.release();  // the connection's, until its last event
    return HR_OK;
  }

  // Pushed data: a PULL component has none.
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_ERROR; }

  EnHandleResult OnReceive(CONNID id, int total) override {
    void* extra = nullptr;
    if (!server_->GetConnectionExtra(id, &extra) || extra == nullptr) return HR_ERROR;
    const bool good = static_cast<PackageParser*>(extra)->Parse(
        total, [&](uint8_t* data, int length) { return server_->Fetch(id, data, length) == FR_OK; },
        [&](bool, const uint8_t* data, int length) {
          desk().HandleReceive(id, length);
          return server_->Send(id, data, length);
        });
    return good ? HR_OK : HR_ERROR;
  }

  EnHandleResult OnClose(CONNID id) override {
    FreeParser(id);
    return ServerDeskEvents::OnClose(id);
  }

  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override {
    FreeParser(id);
    return ServerDeskEvents::OnError(id, operation, error_code);
  }

 private:
  void FreeParser(CONNID id) {
    void* extra = nullptr;
    if (!server_->GetConnectionExtra(id, &extra)) return;
    const std::unique_ptr<PackageParser> its_last_owner(static_cast<PackageParser*>(extra));
  }

  CTcpPullServerPtr server_;
};

int Run(int argc, char** argv) {
  ServerDeskSettings settings;
  OptionTable table("test_echo_pull_server",
                    "An echo server for packages, PULL: it shows every event and takes commands.");
  settings.server.serial_only = true;
  settings.AddTo(table, Carrier::kTcp);

  ServerDesk desk(settings, Carrier::kTcp, "test_echo_pull_client");
  EchoServer echo(desk);
  return desk.Run(table, argc, argv, [&] {
    if (!settings.server.keep_alive) echo.server().SetKeepAliveTime(0);
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
