// Our server under measurement: what an application writes with CTcpServer, default settings.
#include <algorithm>
#include <memory>

#include "absl/flags/flag.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/bench/servers/answer_thread.h"
#include "hpsocket/testing/bench/servers/our_server.h"
#include "hpsocket/testing/bench/servers/server_program.h"

ABSL_FLAG(uint32_t, message, 0, "bytes of a message: one Send for each; 0: one Send for each OnReceive");

namespace hpsocket::bench {
namespace {

class Echo : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  void AnswerWith(ITcpServer* server, const ServerOptions& options, int message) {
    server_ = server;
    message_ = message;
    dismiss_ = options.dismiss;
    if (options.foreign) {
      thread_ = std::make_unique<AnswerThread>(
          [server](CONNID id, const uint8_t* data, int length) { server->Send(id, data, length); });
    }
  }

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    if (thread_ != nullptr) {
      thread_->Hand(id, data, length);
    } else if (message_ == 0) {
      server_->Send(id, data, length);
    } else {
      for (int offset = 0; offset < length; offset += message_) {
        server_->Send(id, data + offset, std::min(message_, length - offset));
      }
    }
    return HR_OK;
  }

  EnHandleResult OnSend(CONNID id, const uint8_t*, int) override {
    if (dismiss_) server_->Disconnect(id, true);
    return HR_OK;
  }

  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

 private:
  ITcpServer* server_ = nullptr;
  int message_ = 0;
  bool dismiss_ = false;
  std::unique_ptr<AnswerThread> thread_;
};

int Main(const ServerOptions& options) {
  Echo echo;
  CTcpServerPtr server(&echo);
  echo.AnswerWith(server.Get(), options, static_cast<int>(absl::GetFlag(FLAGS_message)));
  return ServeUntilInputEnds(*server, options);
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  return hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "Echoes on loopback; CTcpServer."));
}
