// Internal to core. Tests only.
//
// The port contract's clauses on accepting and connecting.
//
// Threads:  the test's.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/io/port_contract_fixture.h"

namespace hpsocket::core {
namespace {

using Peers = std::vector<std::unique_ptr<ContractPeer>>;

Peers ConnectPeers(ContractWorld& world, const Address& address, int count) {
  Peers peers;
  for (int i = 0; i < count; ++i) peers.push_back(world.ConnectPeer(address));
  return peers;
}

// A socket that connects, and its operation.
struct Dialler {
  explicit Dialler(PortDriver& by) : connect(by), driver(by) { connect.socket = &socket; }
  ~Dialler() {
    connect.on_connected = nullptr;
    driver.port()->Cancel(connect);
    EXPECT_TRUE(driver.RunUntil([this] { return !connect.in_flight(); }));
    if (socket.fd >= 0) driver.port()->Close(socket);
  }
  void Connect(const Address& address) {
    socket.fd = driver.world().network().OpenStream(address.family());
    Submit(address);
  }
  void Submit(const Address& address) {
    connect.address = address;
    driver.port()->Connect(connect);
  }
  int Await() {
    EXPECT_TRUE(driver.RunUntil([this] { return !connect.in_flight(); }));
    return connect.results.back();
  }

  PortSocket socket;
  TestConnect connect;
  PortDriver& driver;
};

TEST_P(PortContractTest, AcceptsEveryConnection) {
  NearListener listener(driver());
  listener.Accept();
  const Peers peers = ConnectPeers(world(), listener.address(), 100);
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() == peers.size(); }));
  std::vector<int> fds = listener.accept.fds;
  std::sort(fds.begin(), fds.end());
  EXPECT_EQ(std::unique(fds.begin(), fds.end()), fds.end());
  EXPECT_TRUE(listener.accept.in_flight());
  EXPECT_TRUE(listener.accept.ends.empty());
}

TEST_P(PortContractTest, AcceptedDescriptorsAreNonBlockingAndCloseOnExec) {
  if (world().simulated()) GTEST_SKIP() << "simulated descriptors have no flags";
  NearListener listener(driver());
  listener.Accept();
  const Peers peers = ConnectPeers(world(), listener.address(), 1);
  ASSERT_TRUE(RunUntil([&] { return listener.accept.fds.size() == 1; }));
  EXPECT_NE(fcntl(listener.accept.fds[0], F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(listener.accept.fds[0], F_GETFD) & FD_CLOEXEC, 0);
}

TEST_P(PortContractTest, AcceptNamesThePeerOrLeavesItOut) {
  NearListener listener(driver());
  listener.Accept();
  const Peers peers = ConnectPeers(world(), listener.address(), 3);
  ASSERT_TRUE(RunUntil([&] { return listener.accept.fds.size() == 3; }));
  for (size_t i = 0; i < 3; ++i) {
    if (!listener.accept.peers[i].valid()) continue;
    Address asked;
    EXPECT_EQ(world().network().PeerAddress(listener.accept.fds[i], &asked), 0);
    EXPECT_EQ(listener.accept.peers[i], asked);
  }
}

TEST_P(PortContractTest, AcceptTakesNoMoreThanItsBatchInOneRound) {
  NearListener listener(driver());
  listener.accept.batch = 7;
  const Peers peers = ConnectPeers(world(), listener.address(), 50);
  listener.Accept();
  size_t before = 0;
  EXPECT_TRUE(RunUntil([&] {
    EXPECT_LE(listener.accept.fds.size() - before, 7u);
    before = listener.accept.fds.size();
    return before == peers.size();
  }));
}

TEST_P(PortContractTest, AnAcceptedConnectionWorks) {
  NearListener listener(driver());
  listener.Accept();
  const Peers peers = ConnectPeers(world(), listener.address(), 1);
  ASSERT_TRUE(RunUntil([&] { return listener.accept.fds.size() == 1; }));
  NearEnd near(driver(), listener.Take(0));
  near.Receive();
  ASSERT_TRUE(PeerWrites(*peers[0], "question"));
  EXPECT_TRUE(RunUntil([&] { return near.receive.bytes == "question"; }));
  EXPECT_EQ(near.SendAll("answer"), 6);
  EXPECT_EQ(PeerReads(*peers[0], 6), "answer");
}

// Spec: fault 38
TEST_P(PortContractTest, CancelledAcceptEndsOnceAndLosesNobody) {
  NearListener listener(driver());
  listener.Accept();
  driver().RunAWhile();
  port().Cancel(listener.accept);
  port().Cancel(listener.accept);
  EXPECT_TRUE(listener.accept.in_flight());
  ASSERT_TRUE(RunUntil([&] { return !listener.accept.in_flight(); }));
  driver().RunAWhile();
  EXPECT_EQ(listener.accept.ends, std::vector<int>{-ECANCELED});

  const Peers peers = ConnectPeers(world(), listener.address(), 5);
  driver().RunAWhile();
  EXPECT_TRUE(listener.accept.fds.empty());
  listener.Accept();
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() == peers.size(); }));
}

TEST_P(PortContractTest, CancelInsideTheAcceptHandlerLosesNobody) {
  NearListener listener(driver());
  listener.accept.on_accepted = [&](int) { port().Cancel(listener.accept); };
  listener.accept.on_ended = [&](int) { listener.Accept(); };
  const Peers peers = ConnectPeers(world(), listener.address(), 20);
  listener.Accept();
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() == peers.size(); }));
}

TEST_P(PortContractTest, AcceptCancelledAtOnceEnds) {
  NearListener listener(driver());
  listener.Accept();
  port().Cancel(listener.accept);
  EXPECT_TRUE(RunUntil([&] { return !listener.accept.in_flight(); }));
  EXPECT_EQ(listener.accept.ends, std::vector<int>{-ECANCELED});
}

// Spec: fault 8
TEST_P(PortContractTest, RunningOutOfDescriptorsEndsAcceptAndLosesNobody) {
  NearListener listener(driver());
  const Peers peers = ConnectPeers(world(), listener.address(), 5);
  const uint64_t errors = port().stats().accept_errors;
  if (!world().ExhaustDescriptors()) GTEST_SKIP() << "descriptors cannot run out here";
  for (size_t i = 1; i <= 3; ++i) {
    listener.Accept();
    EXPECT_TRUE(RunUntil([&] { return !listener.accept.in_flight(); }));
    EXPECT_EQ(listener.accept.ends, std::vector<int>(i, -EMFILE));
  }
  EXPECT_TRUE(listener.accept.fds.empty());
  world().RestoreDescriptors();
  EXPECT_GE(port().stats().accept_errors, errors + 3);
  listener.Accept();
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() == peers.size(); }));
}

// Spec: fault 1, fault 10
TEST_P(PortContractTest, APeerThatResetsBeforeItIsAcceptedDoesNotEndAccept) {
  NearListener listener(driver());
  Peers peers = ConnectPeers(world(), listener.address(), 4);
  driver().RunAWhile();
  peers[0]->Reset();
  peers[2]->Reset();
  listener.Accept();
  peers.push_back(world().ConnectPeer(listener.address()));
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() >= 3; }));
  EXPECT_TRUE(listener.accept.in_flight());
}

TEST_P(PortContractTest, TwoListenersAcceptEachTheirOwn) {
  NearListener first(driver()), second(driver());
  first.Accept();
  second.Accept();
  const Peers to_first = ConnectPeers(world(), first.address(), 3);
  const Peers to_second = ConnectPeers(world(), second.address(), 5);
  EXPECT_TRUE(RunUntil([&] { return first.accept.fds.size() == 3 && second.accept.fds.size() == 5; }));
}

TEST_P(PortContractTest, ReceivesAndSendsOnASocketThatConnected) {
  const auto listener = world().NewListener();
  Dialler dialler(driver());
  TestReceive receive(driver());
  TestSend send(driver());
  receive.socket = send.socket = &dialler.socket;
  dialler.connect.on_connected = [&](int) { port().Receive(receive); };
  dialler.Connect(listener->address());
  EXPECT_TRUE(dialler.connect.in_flight());
  ASSERT_EQ(dialler.Await(), 0);
  ASSERT_TRUE(RunUntil([&] { return (peer_ = listener->TryAccept()) != nullptr; }));
  ASSERT_TRUE(PeerWrites(*peer_, "welcome"));
  EXPECT_TRUE(RunUntil([&] { return receive.bytes == "welcome"; }));
  char byte = 'x';
  const iovec piece{&byte, 1};
  if (port().Send(send, &piece, 1) == CompletionPort::kPending) {
    EXPECT_TRUE(RunUntil([&] { return !send.in_flight(); }));
  }
  EXPECT_EQ(PeerReads(*peer_, 1), "x");
  port().Cancel(receive);
  EXPECT_TRUE(RunUntil([&] { return !receive.in_flight(); }));
}

TEST_P(PortContractTest, ReportsARefusedConnect) {
  Dialler dialler(driver());
  dialler.Connect(world().RefusingAddress());
  EXPECT_EQ(dialler.Await(), -ECONNREFUSED);
  driver().RunAWhile();
  EXPECT_EQ(dialler.connect.results.size(), 1u);
}

TEST_P(PortContractTest, ConnectReportsAnErrorOfTheCallThroughTheHandler) {
  if (world().simulated()) GTEST_SKIP() << "simulated sockets have no family";
  Address other_family;
  ASSERT_TRUE(Address::ParseLiteral("::1", 80, &other_family));
  Dialler dialler(driver());
  dialler.socket.fd = world().network().OpenStream(AF_INET);
  dialler.Submit(other_family);
  EXPECT_TRUE(dialler.connect.results.empty());
  EXPECT_EQ(dialler.Await(), -EAFNOSUPPORT);
}

// Spec: fault 18, fault 38
TEST_P(PortContractTest, CancelEndsAConnectThatIsNotAnswered) {
  Dialler dialler(driver());
  dialler.Connect(world().SilentAddress());
  driver().RunAWhile();
  ASSERT_TRUE(dialler.connect.in_flight());
  port().Cancel(dialler.connect);
  port().Cancel(dialler.connect);
  EXPECT_TRUE(dialler.connect.in_flight());
  EXPECT_EQ(dialler.Await(), -ECANCELED);
  driver().RunAWhile();
  EXPECT_EQ(dialler.connect.results.size(), 1u);
}

// Spec: fault 38
TEST_P(PortContractTest, AConnectCancelledAtOnceEndsEitherWay) {
  const auto listener = world().NewListener();
  for (int i = 0; i < 20; ++i) {
    Dialler dialler(driver());
    dialler.Connect(listener->address());
    port().Cancel(dialler.connect);
    const int result = dialler.Await();
    EXPECT_TRUE(result == 0 || result == -ECANCELED) << result;
    EXPECT_EQ(dialler.connect.results.size(), 1u);
  }
}

TEST_P(PortContractTest, ManyConnectsAreInFlightTogether) {
  NearListener listener(driver());
  listener.Accept();
  std::vector<std::unique_ptr<Dialler>> diallers;
  for (int i = 0; i < 50; ++i) {
    diallers.push_back(std::make_unique<Dialler>(driver()));
    diallers.back()->Connect(listener.address());
  }
  for (const auto& dialler : diallers) EXPECT_EQ(dialler->Await(), 0);
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() == diallers.size(); }));
}

TEST_P(PortContractTest, AConnectThatEndedMayBeDestroyedInItsHandler) {
  const auto listener = world().NewListener();
  for (const Address& address : {listener->address(), world().RefusingAddress()}) {
    auto dialler = std::make_unique<Dialler>(driver());
    dialler->connect.on_connected = [&](int) {
      port().Close(dialler->socket);
      dialler.reset();
    };
    dialler->Connect(address);
    EXPECT_TRUE(RunUntil([&] { return dialler == nullptr; }));
  }
  driver().RunAWhile();
}

}  // namespace
}  // namespace hpsocket::core
