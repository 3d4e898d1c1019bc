#include "hpsocket/core/io/port_contract_fixture.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hpsocket::core {

std::string MakePattern(size_t size, uint32_t seed) {
  std::string pattern(size, '\0');
  uint32_t state = seed;
  for (char& byte : pattern) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return pattern;
}

PortOptions ContractOptions() {
  PortOptions options;
  options.small_buffer_size = 4096;
  options.small_buffer_count = 16;
  options.large_buffer_size = 64 * 1024;
  options.large_buffer_count = 4;
  return options;
}

PortDriver::PortDriver(ContractWorld& world, const PortOptions& options)
    : world_(world), port_(world.NewPort(&why_)) {
  if (port_ == nullptr) return;
  EXPECT_EQ(port_->Open(options, &why_), 0) << why_;
}

void PortDriver::RunOnce(TimePoint deadline) {
  ASSERT_FALSE(in_round_);
  in_round_ = true;
  port_->RunOnce(deadline);
  in_round_ = false;
}

bool PortDriver::RunUntil(absl::FunctionRef<bool()> done) {
  const TimePoint give_up = now() + kPatience;
  while (!done()) {
    if (now() >= give_up) return false;
    // Short: what is waited for may be the far end's, which does not wake the port.
    RunOnce(now() + FromMillis(1));
  }
  return true;
}

void PortDriver::RunAWhile() {
  for (int i = 0; i < 5; ++i) RunOnce(now() + FromMillis(1));
}

HandlerScope::HandlerScope(PortDriver& driver) : driver_(driver) {
  EXPECT_TRUE(driver.in_round_) << "a handler ran outside of RunOnce()";
  EXPECT_FALSE(driver.in_handler_) << "a handler ran inside a submitting call";
  driver.in_handler_ = true;
}

void TestAccept::HandleAccepted(int fd, const Address& peer) {
  const HandlerScope scope(driver_);
  EXPECT_TRUE(in_flight());
  EXPECT_GE(fd, 0);
  fds.push_back(fd);
  peers.push_back(peer);
  if (on_accepted) on_accepted(fd);
}

void TestAccept::HandleAcceptEnded(int result) {
  const HandlerScope scope(driver_);
  EXPECT_FALSE(in_flight());
  EXPECT_LT(result, 0);
  ends.push_back(result);
  if (on_ended) on_ended(result);
}

void TestConnect::HandleConnected(int result) {
  const HandlerScope scope(driver_);
  EXPECT_FALSE(in_flight());
  EXPECT_LE(result, 0);
  results.push_back(result);
  const auto then = on_connected;  // which may destroy this operation
  if (then) then(result);
}

void TestReceive::HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
  const HandlerScope scope(driver_);
  EXPECT_TRUE(in_flight());
  EXPECT_GE(length, 1u);
  EXPECT_GE(buffer.references(), 1u);
  EXPECT_TRUE(buffer.Contains(buffer.data() + offset, length));
  bytes.append(reinterpret_cast<const char*>(buffer.data() + offset), length);
  if (on_received) on_received(buffer, offset, length);
}

void TestReceive::HandleReceiveEnded(int result) {
  const HandlerScope scope(driver_);
  EXPECT_FALSE(in_flight());
  EXPECT_LE(result, 0);
  ends.push_back(result);
  const auto then = on_ended;  // which may destroy this operation
  if (then) then(result);
}

void TestSend::HandleSent(int64_t result) {
  const HandlerScope scope(driver_);
  EXPECT_FALSE(in_flight());
  results.push_back(result);
  const auto then = on_sent;  // which may destroy this operation
  if (then) then(result);
}

NearEnd::NearEnd(PortDriver& driver, int fd) : receive(driver), send(driver), driver_(driver) {
  EXPECT_GE(fd, 0);
  socket.fd = fd;
  receive.socket = &socket;
  send.socket = &socket;
}

NearEnd::~NearEnd() {
  if (receive.in_flight() || send.in_flight()) {
    receive.on_received = nullptr;
    receive.on_ended = nullptr;
    send.on_sent = nullptr;
    driver_.port()->Cancel(receive);
    driver_.port()->Cancel(send);
    EXPECT_TRUE(driver_.RunUntil([this] { return !receive.in_flight() && !send.in_flight(); }));
  }
  if (socket.fd >= 0) Close();
}

int64_t NearEnd::Send(const std::string& data) {
  // The interface takes iovec, which has no const; a send only reads.
  const iovec piece{const_cast<char*>(data.data()), data.size()};
  return driver_.port()->Send(send, &piece, 1);
}

int64_t NearEnd::SendAll(const std::string& data) {
  size_t sent = 0;
  while (sent < data.size()) {
    const iovec piece{const_cast<char*>(data.data()) + sent, data.size() - sent};
    int64_t result = driver_.port()->Send(send, &piece, 1);
    if (result == CompletionPort::kPending) {
      EXPECT_TRUE(send.in_flight());
      if (!driver_.RunUntil([this] { return !send.in_flight(); })) return -ETIMEDOUT;
      result = send.results.back();
    } else {
      EXPECT_FALSE(send.in_flight());
      EXPECT_NE(result, 0);
    }
    if (result < 0) return sent > 0 ? static_cast<int64_t>(sent) : result;
    sent += static_cast<size_t>(result);
  }
  return static_cast<int64_t>(sent);
}

NearListener::NearListener(PortDriver& driver, int backlog) : accept(driver), driver_(driver) {
  Network& network = driver.world().network();
  const Address wanted = driver.world().LocalAddress();
  socket.fd = network.OpenStream(wanted.family());
  EXPECT_GE(socket.fd, 0);
  EXPECT_EQ(network.Bind(socket.fd, wanted), 0);
  EXPECT_EQ(network.Listen(socket.fd, backlog), 0);
  EXPECT_EQ(network.LocalAddress(socket.fd, &address_), 0);
  accept.socket = &socket;
}

NearListener::~NearListener() {
  accept.on_accepted = nullptr;
  accept.on_ended = nullptr;
  driver_.port()->Cancel(accept);
  EXPECT_TRUE(driver_.RunUntil([this] { return !accept.in_flight(); }));
  driver_.port()->Close(socket);
  for (const int fd : accept.fds) {
    if (fd >= 0) driver_.world().network().Close(fd);
  }
}

int NearListener::Take(size_t index) { return std::exchange(accept.fds.at(index), -1); }

void PortContractTest::SetUp() {
  world_ = GetParam().new_world();
  driver_ = std::make_unique<PortDriver>(*world_, ContractOptions());
  if (driver_->port() == nullptr) GTEST_SKIP() << driver_->why();
}

void PortContractTest::Reopen(const PortOptions& options) {
  driver_.reset();
  driver_ = std::make_unique<PortDriver>(*world_, options);
}

std::unique_ptr<NearEnd> PortContractTest::NewConnection(std::unique_ptr<ContractPeer>* peer) {
  int fd = -1;
  *peer = world().NewPair(&fd);
  return std::make_unique<NearEnd>(driver(), fd);
}

bool PortContractTest::PeerWrites(ContractPeer& peer, const std::string& data) {
  size_t written = 0;
  return RunUntil([&] {
    while (written < data.size()) {
      const int64_t result = peer.TryWrite(data.data() + written, data.size() - written);
      if (result == -EAGAIN) return false;
      EXPECT_GT(result, 0);
      if (result <= 0) return true;
      written += static_cast<size_t>(result);
    }
    return true;
  });
}

std::string PortContractTest::PeerReads(ContractPeer& peer, size_t size) {
  std::string bytes;
  char block[16 * 1024];
  RunUntil([&] {
    while (bytes.size() < size) {
      const int64_t result = peer.TryRead(block, std::min(sizeof(block), size - bytes.size()));
      if (result == -EAGAIN) return false;
      EXPECT_GE(result, 0);
      if (result <= 0) return true;
      bytes.append(block, static_cast<size_t>(result));
    }
    return true;
  });
  return bytes;
}

int64_t PortContractTest::PeerSeesEnd(ContractPeer& peer) {
  char block[16 * 1024];
  int64_t result = 0;
  EXPECT_TRUE(RunUntil([&] {
    do {
      result = peer.TryRead(block, sizeof(block));
    } while (result > 0);
    return result != -EAGAIN;
  }));
  return result;
}

}  // namespace hpsocket::core
