// Our TCP agent under measurement, as the load of a bare echo server: what an application writes with
// CTcpAgent, default settings. Checks and times every message as echo_load does. Does what its standard
// input says.
//
//   connect COUNT          more connections                                        -> done
//   closed MS              closed loop on all connections                          -> sample ...
//   rush COUNT             so many connections at once; reset afterwards           -> sample ...
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/testing/bench/load/connector.h"
#include "hpsocket/testing/bench/load/echo_account.h"
#include "hpsocket/testing/bench/load/load_failure.h"
#include "hpsocket/testing/bench/load/load_program.h"
#include "hpsocket/testing/bench/load/load_sample.h"

ABSL_FLAG(std::string, backend, "io_uring", "io_uring or epoll");

namespace hpsocket::bench {
namespace {

int64_t Now() { return core::Clock::System().Now().time_since_epoch().count(); }

// So many events that the agent's worker counts down and another thread waits for.
class Countdown {
 public:
  void Set(uint64_t events) { left_.store(events); }
  void Take(uint64_t events) {
    if (left_.fetch_sub(events) == events) left_.notify_all();
  }
  void Await() {
    for (uint64_t left = left_.load(); left != 0; left = left_.load()) left_.wait(left);
  }

 private:
  std::atomic<uint64_t> left_{0};
};

class AgentLoad : public CTcpAgentListener {
 public:
  using CTcpAgentListener::OnReceive;

  explicit AgentLoad(const LoadOptions& options)
      : options_(options), share_(options.message), connector_(options.port, options.message), agent_(this) {
    agent_->SetIoBackend(absl::GetFlag(FLAGS_backend) == "epoll" ? IO_EPOLL : IO_URING);
    agent_->SetWorkerThreadCount(1);
    if (!agent_->Start(nullptr, true)) FailLoad(absl::StrCat("Start: ", agent_->GetLastErrorDetail()));
  }

  ~AgentLoad() override { closing_.store(true); }

  std::string Do(const LoadCommand& command) {
    if (command.verb == "connect") return ConnectMany(command.count());
    if (command.verb == "closed") return SampleOf(share_, [&] { RunClosed(command.duration()); });
    if (command.verb == "rush") return Rush(command.count());
    return "";
  }

  EnHandleResult OnPrepareConnect(CONNID, SOCKET fd) override {
    const linger reset{1, 0};
    if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) != 0) FailLoad(std::strerror(errno));
    return HR_OK;
  }

  EnHandleResult OnConnect(CONNID id) override {
    ids_.push_back(id);
    connecting_.Take(1);
    return HR_OK;
  }

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    void* extra = nullptr;
    agent_->GetConnectionExtra(id, &extra);
    EchoAccount& account = *static_cast<EchoAccount*>(extra);
    const int64_t now = Now();
    const uint64_t complete = account.Take(data, static_cast<size_t>(length), now);
    if (now < end_) {
      account.Offer(complete, now);
      SendUnsent(id, account);
    } else {
      outstanding_.Take(complete);
    }
    return HR_OK;
  }

  EnHandleResult OnClose(CONNID id) override { return Ended(id, 0); }
  EnHandleResult OnError(CONNID id, EnSocketOperation, int error) override { return Ended(id, error); }

 private:
  EnHandleResult Ended(CONNID id, int error) {
    if (!closing_.load()) {
      void* extra = nullptr;
      agent_->GetConnectionExtra(id, &extra);
      const auto* const account = static_cast<EchoAccount*>(extra);
      FailLoad(absl::StrCat("connection ", account == nullptr ? "" : absl::StrCat(account->number(), " "),
                            "ended by the server: ", std::strerror(error)));
    }
    open_.Take(1);
    return HR_OK;
  }

  // So many more, established.
  void Connect(unsigned count) {
    ids_.clear();
    ids_.reserve(count);
    connecting_.Set(count);
    for (unsigned i = 0; i < count; ++i) {
      if (!agent_->Connect("127.0.0.1", options_.port)) FailLoad(agent_->GetLastErrorDetail());
    }
    connecting_.Await();
  }

  std::string ConnectMany(unsigned count) {
    Connect(count);
    for (const CONNID id : ids_) {
      accounts_.push_back({id, EchoAccount(accounts_.size(), share_)});
      agent_->SetConnectionExtra(id, &accounts_.back().account);
    }
    connector_.AwaitAccepts();
    return "done";
  }

  void RunClosed(core::Duration duration) {
    end_ = Now() + duration.count();
    outstanding_.Set(accounts_.size() * options_.depth);
    for (Connection& connection : accounts_) {
      connection.account.Offer(options_.depth, Now());
      SendUnsent(connection.id, connection.account);
    }
    outstanding_.Await();
  }

  // A message is a connection; the seconds are those until the last one stood.
  std::string Rush(unsigned count) {
    const core::Clock& clock = core::Clock::System();
    const core::TimePoint started = clock.Now();
    Connect(count);
    LoadSample sample;
    sample.messages = count;
    sample.seconds = std::chrono::duration<double>(clock.Now() - started).count();
    connector_.AwaitAccepts();
    open_.Set(count);
    closing_.store(true);
    for (const CONNID id : ids_) agent_->Disconnect(id);
    open_.Await();
    closing_.store(false);
    connector_.AwaitAccepts();
    return sample.ToLine();
  }

  void SendUnsent(CONNID id, EchoAccount& account) {
    const EchoAccount::Piece piece = account.Unsent();
    account.NoteSent(piece.length);
    if (!agent_->Send(id, piece.data, static_cast<int>(piece.length)))
      FailLoad(absl::StrCat("send on connection ", account.number(), ": ", std::strerror(errno)));
  }

  struct Connection {
    CONNID id;
    EchoAccount account;
  };

  const LoadOptions options_;
  StreamShare share_;
  const Connector connector_;
  std::deque<Connection> accounts_;
  std::vector<CONNID> ids_;  // the worker's until all are established
  Countdown connecting_;
  Countdown open_;
  std::atomic<bool> closing_{false};
  // Set before the first message of a sample is sent, read by the worker after it has come back.
  int64_t end_ = 0;
  Countdown outstanding_;
  CTcpAgentPtr agent_;
};

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  AgentLoad load(
      ParseLoadFlags(argc, argv, "CTcpAgent against a bare echo server; commands on standard input."));
  ObeyCommands([&](const LoadCommand& command) { return load.Do(command); });
}
