// test_echo_pull_server: an echo server with the PULL model, to play with. It takes packages apart and sends
// each part back by itself.

#include <cstdint>
#include <memory>
#include <new>

#include "HPSocket.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/package.h"
#include "hpsocket/sdk/demos/common/server_desk.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

// More than one whole package waits for nobody: a connection that does not fetch does not read either.
constexpr uint64_t kMostWaiting = 64 * 1024;

class EchoServer : public CTcpServerListener {
 public:
  explicit EchoServer(ServerDesk& desk) : desk_(desk), server_(this) {
    desk_.Attach(*server_, false);
    server_->SetMaxPullLength(kMostWaiting);
  }

  ITcpPullServer& server() { return *server_; }

  EnHandleResult OnPrepareListen(SOCKET) override {
    desk_.HandlePrepareListen();
    return HR_OK;
  }

  EnHandleResult OnAccept(CONNID id, SOCKET) override {
    if (desk_.HandleAccept(id) != HR_OK) return HR_ERROR;
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
          desk_.HandleReceive(id, length);
          return server_->Send(id, data, length);
        });
    return good ? HR_OK : HR_ERROR;
  }

  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override {
    desk_.HandleSend(id, length);
    return HR_OK;
  }

  EnHandleResult OnClose(CONNID id) override {
    FreeParser(id);
    desk_.HandleClose(id);
    return HR_OK;
  }

  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override {
    FreeParser(id);
    desk_.HandleError(id, operation, error_code);
    return HR_OK;
  }

  EnHandleResult OnShutdown() override {
    desk_.HandleShutdown();
    return HR_OK;
  }

 private:
  void FreeParser(CONNID id) {
    void* extra = nullptr;
    if (!server_->GetConnectionExtra(id, &extra)) return;
    const std::unique_ptr<PackageParser> its_last_owner(static_cast<PackageParser*>(extra));
  }

  ServerDesk& desk_;
  CTcpPullServerPtr server_;
};

int Run(int argc, char** argv) {
  ServerDeskSettings settings;
  OptionTable table("test_echo_pull_server",
                    "An echo server for packages, PULL: it shows every event and takes commands.");
  settings.AddTo(table, Carrier::kTcp);

  ServerDesk desk(settings, Carrier::kTcp, "test_echo_pull_client");
  EchoServer echo(desk);
  return desk.Run(table, argc, argv, [&] {
    if (!settings.server.keep_alive) echo.server().SetKeepAliveTime(0);
  });
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::Run(argc, argv); }
