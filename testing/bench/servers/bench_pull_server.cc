// Our PULL server under measurement: what an application writes with CTcpPullServer for messages of one
// length, default settings: it fetches each as it is complete, and answers it.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/flags/flag.h"
#include "hpsocket/tcp_server/tcp_pull_server.h"
#include "hpsocket/testing/bench/servers/our_server.h"
#include "hpsocket/testing/bench/servers/server_program.h"

ABSL_FLAG(uint32_t, message, 64, "bytes of a message");

namespace hpsocket::bench {
namespace {

class PullEcho : public CTcpPullServerListener {
 public:
  using CTcpPullServerListener::OnReceive;

  explicit PullEcho(size_t message) : message_(message) {}

  void AnswerWith(ITcpPullServer* server) { server_ = server; }

  EnHandleResult OnReceive(CONNID id, int length) override {
    const int size = static_cast<int>(message_.size());
    for (; length >= size; length -= size) {
      if (server_->Fetch(id, message_.data(), size) != FR_OK) {
        std::fprintf(stderr, "Fetch does not give what OnReceive announced\n");
        std::exit(1);
      }
      server_->Send(id, message_.data(), size);
    }
    return HR_OK;
  }

  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

 private:
  ITcpPullServer* server_ = nullptr;
  std::vector<uint8_t> message_;  // of the one worker
};

int Main(const ServerOptions& options) {
  PullEcho echo(absl::GetFlag(FLAGS_message));
  CTcpPullServerPtr server(&echo);
  echo.AnswerWith(server.Get());
  return ServeUntilInputEnds(*server, options);
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  return hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "Echoes on loopback; CTcpPullServer, one worker."));
}
