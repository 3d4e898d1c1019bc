// Internal to udp. Tests only.
//
// A UDP server and a UDP client in a simulated world, what they told their listeners, a socket of the
// test's own, and the model by which detection is judged.
//
// Threads:  the world's.
// Lifetime: a Simulation outlives its Peers.
#ifndef HPSOCKET_UDP_UDP_SIMULATION_H_
#define HPSOCKET_UDP_UDP_SIMULATION_H_

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/udp/udp_client.h"
#include "hpsocket/udp/udp_server.h"

namespace hpsocket::udp_simulation {

class Listener final : public CUdpServerListener {
 public:
  using CUdpServerListener::OnReceive;

  explicit Listener(core::FakeWorld& world) : world_(world) {}

  EnHandleResult OnPrepareListen(SOCKET listening) override {
    socket = listening;
    return HR_OK;
  }
  EnHandleResult OnAccept(CONNID id, const sockaddr_in*) override {
    EXPECT_TRUE(accepted.insert(id).second);
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    EXPECT_EQ(ended.count(id), 0u) << "an event after the last one";
    received.emplace_back(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    if (server != nullptr) {
      EXPECT_TRUE(server->Send(id, data, length) || may_fail_to_send);
    }
    if (on_receive) on_receive(received.back());
    return HR_OK;
  }
  EnHandleResult OnSend(CONNID id, const uint8_t* data, int length) override {
    EXPECT_EQ(ended.count(id), 0u) << "an event after the last one";
    sent.emplace_back(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID id) override {
    EXPECT_TRUE(ended.insert(id).second) << "ended twice";
    ended_at = world_.clock().Now();
    return HR_OK;
  }
  EnHandleResult OnError(CONNID id, EnSocketOperation, int) override { return OnClose(id); }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    return HR_OK;
  }

  IUdpServer* server = nullptr;  // null: no echo
  std::function<void(const std::string&)> on_receive;
  bool may_fail_to_send = false;
  SOCKET socket = -1;
  std::set<CONNID> accepted;
  std::set<CONNID> ended;
  std::vector<std::string> received;
  std::vector<std::string> sent;
  core::TimePoint ended_at;
  int shutdowns = 0;

 private:
  core::FakeWorld& world_;
};

class ClientListener final : public CUdpClientListener {
 public:
  using CUdpClientListener::OnReceive;

  explicit ClientListener(core::FakeWorld& world) : world_(world) {}

  EnHandleResult OnConnect(IClient* client) override {
    ++connected;
    const uint8_t byte = 'x';
    for (int i = 0; i < sends_at_once; ++i) {
      EXPECT_TRUE(client->Send(&byte, 1));
    }
    if (on_connect) on_connect();
    return connect_result;
  }
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    received.emplace_back(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    if (on_receive) on_receive();
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return End(0); }
  EnHandleResult OnError(IClient*, EnSocketOperation, int code) override { return End(code); }

  std::function<void()> on_connect;
  std::function<void()> on_receive;
  int connected = 0;
  int sends_at_once = 0;
  EnHandleResult connect_result = HR_OK;
  int ended = 0;
  int error = 0;
  core::TimePoint ended_at;
  std::vector<std::string> received;

 private:
  EnHandleResult End(int code) {
    ++ended;
    error = code;
    ended_at = world_.clock().Now();
    return HR_OK;
  }

  core::FakeWorld& world_;
};

// The test's own socket.
class Peer {
 public:
  Peer(core::FakeWorld& world, const core::Address& server) : kernel_(world.kernel()), server_(server) {
    fd_ = kernel_.NewDatagramSocket(AF_INET, true);
    core::Address local;
    core::Address::ParseLiteral("127.0.0.1", 0, &local);
    EXPECT_EQ(kernel_.Bind(fd_, local), 0);
  }
  ~Peer() { kernel_.Close(fd_); }

  void Send(const std::string& bytes) {
    EXPECT_EQ(
        kernel_.SendDatagram(fd_, &server_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), 0);
  }
  std::optional<std::string> Receive() {
    core::FakeDatagram datagram;
    if (!kernel_.ReceiveDatagram(fd_, &datagram)) return std::nullopt;
    return datagram.bytes;
  }

 private:
  core::FakeKernel& kernel_;
  const core::Address server_;
  int fd_;
};

// The figures of a server or a client.
template <class Component>
HP_Stats StatsOf(Component& component) {
  HP_Stats stats{};
  stats.size = sizeof(stats);
  EXPECT_TRUE(component.GetStats(stats));
  return stats;
}

// Inside a callback: it takes that long.
inline void Block(core::FakeWorld& world, core::Duration time) {
  core::Mutex mutex;
  core::CondVar never;
  core::MutexLock lock(mutex);
  world.Await(
      mutex, never, [] { return false; }, world.clock().Now() + time);
}

struct Simulation {
  explicit Simulation(const core::FakeWorldOptions& options, uint32_t workers = 1)
      : world(options), listener(world), client_listener(world) {
    core::World::ReplaceForTest(&world);
    server = std::make_unique<CUdpServer>(&listener);
    server->SetWorkerThreadCount(workers);
    client = std::make_unique<CUdpClient>(&client_listener);
    EXPECT_TRUE(core::Address::ParseLiteral("127.0.0.1", 5555, &address));
  }
  ~Simulation() {
    client.reset();
    server.reset();
    EXPECT_EQ(world.open_descriptors(), 0u);
    core::World::ReplaceForTest(nullptr);
  }

  core::FakeWorld world;
  core::Address address;
  Listener listener;
  ClientListener client_listener;
  std::unique_ptr<CUdpServer> server;
  std::unique_ptr<CUdpClient> client;
};

// The arithmetic of a session, as the specification has it: at each tick a session that has failed
// `attempts` times is ended, any other fails once more, and every datagram sets it back.
class DetectionModel {
 public:
  DetectionModel(uint32_t attempts, uint32_t interval_s) : attempts_(attempts), interval_(interval_s) {}

  void Heard() { fails_ = 0; }
  // False: the session ends at this tick.
  bool Tick() { return fails_++ < attempts_; }
  core::Duration interval() const { return interval_; }

 private:
  const uint32_t attempts_;
  const std::chrono::seconds interval_;
  uint32_t fails_ = 0;
};

}  // namespace hpsocket::udp_simulation

#endif  // HPSOCKET_UDP_UDP_SIMULATION_H_
