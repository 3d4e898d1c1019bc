// Our UDP server under measurement: what an application writes with CUdpServer, default settings.
// Echoes, counts what comes, or sends as much as it can to who asks for it (blast.h).
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "hpsocket/testing/bench/blast.h"
#include "hpsocket/testing/bench/servers/our_server.h"
#include "hpsocket/testing/bench/servers/server_program.h"
#include "hpsocket/udp/udp_server.h"

ABSL_FLAG(std::string, task, "echo", "echo, count or blast");
ABSL_FLAG(uint32_t, under_way, 256, "datagrams that a blast keeps queued");

namespace hpsocket::bench {
namespace {

class Task : public CUdpServerListener {
 public:
  using CUdpServerListener::OnReceive;

  void AnswerWith(IUdpServer* server) { server_ = server; }

  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

 protected:
  IUdpServer& server() { return *server_; }
  void Answer(CONNID id, const BlastNote& note) { server_->Send(id, note.bytes(), sizeof(note)); }

 private:
  IUdpServer* server_ = nullptr;
};

class Echo : public Task {
 public:
  using Task::OnReceive;

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    server().Send(id, data, length);
    return HR_OK;
  }
};

class CountTask : public Task {
 public:
  using Task::OnReceive;

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    const size_t size = static_cast<size_t>(length);
    if (const std::optional<BlastNote> note = BlastNote::From(data, size); note) {
      Answer(id, note->AnswerWith(tally_.count()));
    } else if (!tally_.Take(data, size)) {
      std::fprintf(stderr, "a wrong datagram after %llu right ones\n",
                   static_cast<unsigned long long>(tally_.count()));
      std::exit(1);
    }
    return HR_OK;
  }

 private:
  BlastTally tally_;
};

// One at a time: the driver has one peer.
class BlastTask : public Task {
 public:
  using Task::OnReceive;

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    const std::optional<BlastNote> note = BlastNote::From(data, static_cast<size_t>(length));
    if (!note) return HR_OK;
    if (note->wish == BlastNote::kStart) {
      datagram_.assign(static_cast<size_t>(note->number), 'b');
      running_ = true;
      accepted_ = 0;
      dropped_before_ = Dropped();
      for (uint32_t i = 0; i < absl::GetFlag(FLAGS_under_way); ++i) SendNext(id);
    } else {
      running_ = false;
      // Behind what is queued, so that it is the last to arrive.
      Answer(id, note->AnswerWith(accepted_ - (Dropped() - dropped_before_)));
    }
    return HR_OK;
  }

  EnHandleResult OnSend(CONNID id, const uint8_t*, int) override {
    if (running_) SendNext(id);
    return HR_OK;
  }

 private:
  void SendNext(CONNID id) {
    NumberDatagram(datagram_.data(), datagram_.size(), accepted_ + 1);
    if (server().Send(id, datagram_.data(), static_cast<int>(datagram_.size()))) ++accepted_;
  }

  uint64_t Dropped() {
    HP_Stats stats;
    server().GetStats(stats);
    return stats.dropped_datagrams;
  }

  std::vector<uint8_t> datagram_;
  bool running_ = false;
  uint64_t accepted_ = 0;  // by Send
  uint64_t dropped_before_ = 0;
};

std::unique_ptr<Task> MakeTask(const std::string& name) {
  if (name == "count") return std::make_unique<CountTask>();
  if (name == "blast") return std::make_unique<BlastTask>();
  return std::make_unique<Echo>();
}

int Main(const ServerOptions& options) {
  const std::unique_ptr<Task> task = MakeTask(absl::GetFlag(FLAGS_task));
  CUdpServerPtr server(task.get());
  server->SetReceiveBufferSize(options.receive_buffer);
  task->AnswerWith(server.Get());
  return ServeUntilInputEnds(*server, options);
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  return hpsocket::bench::Main(hpsocket::bench::ParseServerFlags(argc, argv, "UDP on loopback; CUdpServer."));
}
