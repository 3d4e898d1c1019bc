// Our server under measurement: what an application writes with CTcpServer, default settings. Answers
// "stats" on its standard input with a line of GetStats figures; ends with that input.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/bench/servers/answer_thread.h"
#include "hpsocket/testing/bench/servers/server_program.h"

ABSL_FLAG(std::string, port, "io_uring", "io_uring or epoll");
ABSL_FLAG(bool, foreign, false, "answer from a thread of the application");
ABSL_FLAG(uint32_t, message, 0, "bytes of a message: one Send for each; 0: one Send for each OnReceive");
ABSL_FLAG(uint32_t, busy_poll, 0, "SetBusyPoll, microseconds");

namespace hpsocket::bench {
namespace {

class Echo : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  void AnswerWith(ITcpServer* server, bool foreign, int message) {
    server_ = server;
    message_ = message;
    if (foreign) {
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

  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

 private:
  ITcpServer* server_ = nullptr;
  int message_ = 0;
  std::unique_ptr<AnswerThread> thread_;
};

void PrintStats(ITcpServer& server) {
  HP_Stats stats;
  server.GetStats(stats);
  std::printf(
      "stats pool_bytes=%llu pool_buffers=%llu connections=%llu leases=%llu shortages=%llu\n",
      static_cast<unsigned long long>(stats.pool_bytes), static_cast<unsigned long long>(stats.pool_buffers),
      static_cast<unsigned long long>(stats.connections), static_cast<unsigned long long>(stats.leases),
      static_cast<unsigned long long>(stats.buffer_shortages));
  std::fflush(stdout);
}

int Main(const ServerOptions& options) {
  Echo echo;
  CTcpServerPtr server(&echo);
  server->SetIoBackend(absl::GetFlag(FLAGS_port) == "epoll" ? IO_EPOLL : IO_URING);
  server->SetWorkerThreadCount(options.workers);
  server->SetBusyPoll(absl::GetFlag(FLAGS_busy_poll));
  echo.AnswerWith(server.Get(), absl::GetFlag(FLAGS_foreign), static_cast<int>(absl::GetFlag(FLAGS_message)));
  if (!server->Start("127.0.0.1", 0)) {
    std::fprintf(stderr, "Start: %s, %s\n", server->GetLastErrorDesc(), server->GetLastErrorDetail());
    return 1;
  }
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  server->GetListenAddress(address, length, port);
  AnnounceReady(port);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "stats") PrintStats(*server);
  }
  server->Stop();
  return 0;
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  return hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "Echoes on loopback; CTcpServer."));
}
