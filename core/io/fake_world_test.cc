#include "hpsocket/core/io/fake_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/recording_operations.h"

namespace hpsocket::core {
namespace {

Address Literal(const char* text, uint16_t port = 0) {
  Address address;
  HP_CHECK(Address::ParseLiteral(text, port, &address));
  return address;
}

// The smallest program that uses the whole of a World as an engine does: a worker with a port that
// accepts, echoes, closes, survives every error, and is started and stopped from outside.
class EchoServer final : public Runnable {
 public:
  explicit EchoServer(World& world) : world_(world) {
    accept_.socket = &listening_;
    accept_.accepted = [this](int fd, const Address&) {
      connections_.push_back(std::make_unique<Connection>(*port_, fd));
    };
  }

  // 0, or what failed.
  int Start() {
    int result = Listen();
    int error = 0;
    if (result == 0 && (port_ = world_.NewPort(PortChoice::kAuto, &error, &why_)) == nullptr) result = -error;
    if (result == 0 && (thread_ = world_.StartThread(*this, "echo", &error)) == nullptr) result = error;
    if (result == 0) {
      mutex_.lock();
      world_.Await(
          mutex_, changed_, [this] { return opened_; }, kForever);
      mutex_.unlock();
      result = open_result_;
      if (result != 0) thread_->Join();
    }
    if (result != 0) {
      port_.reset();
      if (listening_.fd >= 0) world_.network().Close(listening_.fd);
    }
    return result;
  }

  void Stop() {
    stopping_ = true;
    port_->Wake();
    thread_->Join();
  }

  const Address& address() const { return address_; }

  bool RunRound(bool may_block) override {
    if (!opened_ && !Open()) return false;
    port_->RunOnce(may_block ? kForever : kAtOnce);
    Tend();
    if (!stopping_ || listening_.fd >= 0 || !connections_.empty()) return true;
    port_.reset();
    return false;
  }

 private:
  struct Connection {
    Connection(CompletionPort& owner, int fd) : port(owner) {
      socket.fd = fd;
      receive.socket = send.socket = &socket;
      receive.received = [this](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
        waiting.append(reinterpret_cast<const char*>(buffer.data()) + offset, length);
        receive.bytes.clear();
      };
      // Bytes that found no memory are received again.
      receive.ended = [this](int result) { over = result != -ENOMEM; };
      send.sent = [this](int64_t result) { TakeSent(result); };
    }

    void TakeSent(int64_t result) {
      if (result < 0 && result != -ENOMEM && result != -ENOBUFS) failed = true;
      if (result > 0) in_flight.erase(0, static_cast<size_t>(result));
    }

    // False: it may be closed.
    bool Tend(bool stopping) {
      if (stopping) {
        port.Cancel(receive);
        port.Cancel(send);
      } else if (!over && !receive.in_flight()) {
        port.Receive(receive);
      }
      if (send.in_flight() || (receive.in_flight() && (stopping || failed))) return true;
      if (stopping || failed) return false;
      if (in_flight.empty()) in_flight.swap(waiting);
      if (in_flight.empty()) return !over;
      const iovec piece{in_flight.data(), in_flight.size()};
      const int64_t result = port.Send(send, &piece, 1);
      if (result != CompletionPort::kPending) TakeSent(result);
      if (failed) port.Cancel(receive);
      return true;
    }

    CompletionPort& port;
    PortSocket socket;
    RecordingReceive receive;
    RecordingSend send;
    std::string waiting;
    std::string in_flight;
    bool over = false;
    bool failed = false;
  };

  int Listen() {
    Network& network = world_.network();
    listening_.fd = network.OpenStream(AF_INET);
    if (listening_.fd < 0) return listening_.fd;
    int result = network.SetOption(listening_.fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (result == 0) result = network.Bind(listening_.fd, Literal("127.0.0.1"));
    if (result == 0) result = network.Listen(listening_.fd, 16);
    if (result == 0) result = network.LocalAddress(listening_.fd, &address_);
    return result;
  }

  bool Open() {
    const MutexLock lock(mutex_);
    open_result_ = port_->Open(PortOptions(), &why_);
    opened_ = true;
    changed_.NotifyAll();
    return open_result_ == 0;
  }

  void Tend() {
    if (stopping_) {
      port_->Cancel(accept_);
      if (!accept_.in_flight() && listening_.fd >= 0) port_->Close(listening_);
    } else if (!accept_.in_flight()) {
      port_->Accept(accept_);
    }
    for (const auto& connection : connections_) {
      if (connection->failed) port_->Cancel(connection->receive);
      if (!connection->Tend(stopping_)) port_->Close(connection->socket);
    }
    std::erase_if(connections_, [](const auto& connection) { return connection->socket.fd < 0; });
  }

  World& world_;
  Address address_;
  std::string why_;
  std::unique_ptr<CompletionPort> port_;
  std::unique_ptr<RunningThread> thread_;
  PortSocket listening_;
  RecordingAccept accept_;
  std::vector<std::unique_ptr<Connection>> connections_;
  bool stopping_ = false;

  Mutex mutex_;
  CondVar changed_;
  bool opened_ = false;
  int open_result_ = 0;
};

std::string MakeBytes(size_t size, size_t salt) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 31 + i / 251 + salt) & 0xff);
  return bytes;
}

struct SessionResult {
  uint64_t trace = 0;
  uint64_t calls = 0;
  int start = 0;
  size_t whole = 0;  // echoes that came back whole and ended properly
  bool true_bytes = true;
};

constexpr size_t kClients = 3;

// Listen, accept, echo, a reset, stop.
SessionResult RunSession(FakeWorld& world) {
  SessionResult result;
  EchoServer server(world);
  result.start = server.Start();
  if (result.start == 0) {
    std::vector<std::unique_ptr<FakePeer>> clients;
    for (size_t i = 0; i < kClients; ++i) {
      clients.push_back(std::make_unique<FakePeer>(world));
      if (clients.back()->Connect(server.address()) != 0) clients.back()->Close();
    }
    for (size_t i = 0; i < kClients; ++i) {
      if (!clients[i]->open()) continue;
      const std::string sent = MakeBytes(3000 * (i + 1), i);
      std::string back;
      size_t taken = 0;
      // Both at once, so that small buffers do not block for ever.
      world.RunUntil([&] {
        while (taken < sent.size()) {
          const int64_t n =
              clients[i]->TrySend(sent.data() + taken, std::min<size_t>(sent.size() - taken, 700));
          if (n < 0) break;
          taken += static_cast<size_t>(n);
        }
        char block[512];
        int64_t n;
        while ((n = clients[i]->TryReceive(block, sizeof(block))) > 0)
          back.append(block, static_cast<size_t>(n));
        return back.size() >= sent.size() || n != -EAGAIN;
      });
      result.true_bytes = result.true_bytes && sent.compare(0, back.size(), back) == 0;
      clients[i]->ShutdownWrite();
      if (back == sent && clients[i]->AwaitEnd() == 0) ++result.whole;
    }
    FakePeer rude(world);
    if (rude.Connect(server.address()) == 0) {
      rude.Send("abc");
      rude.Reset();
    }
    FakePeer idle(world);
    idle.Connect(server.address());
    server.Stop();
  }
  EXPECT_EQ(world.open_descriptors(), 0u);
  result.trace = world.trace_hash();
  result.calls = world.calls();
  return result;
}

TEST(FakeWorldTest, CalmWorldEchoesEverything) {
  FakeWorld world(FakeWorldOptions::Calm(1));
  const SessionResult result = RunSession(world);
  EXPECT_EQ(result.start, 0);
  EXPECT_EQ(result.whole, kClients);
  EXPECT_TRUE(result.true_bytes);
}

TEST(FakeWorldTest, RoughWorldLosesNothing) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorld world(FakeWorldOptions::Rough(seed));
    const SessionResult result = RunSession(world);
    ASSERT_EQ(result.start, 0);
    ASSERT_EQ(result.whole, kClients);
    ASSERT_TRUE(result.true_bytes);
  }
}

TEST(FakeWorldTest, HostileWorldNeverMakesBytesUp) {
  size_t failed_starts = 0, whole = 0, broken = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorld world(FakeWorldOptions::Hostile(seed));
    const SessionResult result = RunSession(world);
    ASSERT_TRUE(result.true_bytes);
    failed_starts += result.start != 0;
    whole += result.whole == kClients;
    broken += result.start == 0 && result.whole < kClients;
  }
  EXPECT_GT(failed_starts, 0u);
  EXPECT_GT(whole, 0u);
  EXPECT_GT(broken, 0u);
}

TEST(FakeWorldTest, SameSeedGivesTheSameRun) {
  std::vector<uint64_t> traces;
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    // What the first run leaves in memory must not matter.
    const auto garbage = std::make_unique<std::string>(seed * 1000, 'x');
    FakeWorld first(FakeWorldOptions::Hostile(seed));
    const SessionResult result = RunSession(first);
    FakeWorld second(FakeWorldOptions::Hostile(seed));
    const SessionResult again = RunSession(second);
    EXPECT_EQ(result.trace, again.trace);
    EXPECT_EQ(result.calls, again.calls);
    traces.push_back(result.trace);
  }
  std::sort(traces.begin(), traces.end());
  EXPECT_EQ(std::unique(traces.begin(), traces.end()), traces.end());
}

TEST(FakeWorldTest, EveryFallibleCallCanBeMadeToFail) {
  uint64_t n = 0;
  uint64_t failures = 1;
  while (failures == 1) {
    SCOPED_TRACE("call " + std::to_string(++n));
    FakeWorld world(FakeWorldOptions::Calm(5));
    world.FailCall(n);
    const SessionResult result = RunSession(world);
    EXPECT_TRUE(result.true_bytes);
    failures = world.faults().failures();
    // What fails costs one connection at most, or the start.
    EXPECT_TRUE(result.start != 0 || result.whole + 1 >= kClients);
  }
  EXPECT_EQ(failures, 0u);
  EXPECT_GT(n, 20u);
}

TEST(FakeWorldTest, StartFailsWithTheErrorThatItsStepGave) {
  for (const FakeCall call :
       {FakeCall::kOpenStream, FakeCall::kSetOption, FakeCall::kBind, FakeCall::kListen,
        FakeCall::kLocalAddress, FakeCall::kNewPort, FakeCall::kStartThread, FakeCall::kPortOpen}) {
    SCOPED_TRACE(FakeCallName(call));
    FakeWorld world;
    world.faults().FailNext(call, E2BIG);
    EXPECT_EQ(RunSession(world).start, -E2BIG);
  }
}

TEST(FakeWorldTest, AwaitHoldsTheMutexForItsPredicateOnlyAndEndsAtItsDeadline) {
  FakeWorld world;
  Mutex mutex;
  CondVar changed;
  int value = 0;
  struct Setter final : Runnable {
    bool RunRound(bool) override {
      const bool free = mutex->try_lock();
      EXPECT_TRUE(free);
      *value = 1;
      if (free) mutex->unlock();
      return false;
    }
    Mutex* mutex = nullptr;
    int* value = nullptr;
  } setter;
  setter.mutex = &mutex;
  setter.value = &value;
  int error = 0;
  const auto thread = world.StartThread(setter, "setter", &error);
  const TimePoint start = world.clock().Now();
  mutex.lock();
  EXPECT_TRUE(world.Await(
      mutex, changed,
      [&] {
        EXPECT_FALSE(mutex.try_lock());
        return value == 1;
      },
      kForever));
  EXPECT_EQ(world.clock().Now(), start);
  EXPECT_FALSE(world.Await(
      mutex, changed, [] { return false; }, start + std::chrono::hours(1)));
  EXPECT_EQ(world.clock().Now(), start + std::chrono::hours(1));
  mutex.unlock();
  thread->Join();
}

TEST(FakeWorldTest, AdvanceMovesTheClockAndNothingElse) {
  FakeWorld world;
  bool ran = false;
  world.kernel().After(FromMillis(5), [&ran] { ran = true; });
  world.Advance(FromMillis(10));
  EXPECT_FALSE(ran);
  EXPECT_TRUE(world.RunUntil([&ran] { return ran; }));
}

}  // namespace
}  // namespace hpsocket::core
