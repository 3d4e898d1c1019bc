// What EpollPort does in its own way; what it has in common with the others: epoll_port_contract_test.
#include "hpsocket/core/io/epoll_port.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/io/kernel_contract_world.h"
#include "hpsocket/core/io/port_contract_fixture.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

// What accept4 fails with before the kernel is asked again, the last of them first.
std::vector<int>& AcceptFailures() {
  static std::vector<int>& failures = *new std::vector<int>;
  return failures;
}

std::unique_ptr<CompletionPort> NewEpollPort(std::string*) { return std::make_unique<EpollPort>(); }

class EpollPortTest : public ::testing::Test {
 protected:
  EpollPortTest() : world_(NewEpollPort), driver_(world_, ContractOptions()) {
    int fd = -1;
    peer_ = world_.NewPair(&fd);
    near_ = std::make_unique<NearEnd>(driver_, fd);
  }

  // The events that the set has for the near end.
  uint32_t Interest() const { return near_->socket.port_bits & (EPOLLIN | EPOLLOUT); }
  bool InSet() const { return near_->socket.port_bits != 0; }

  void ReceiveWord(const std::string& word) {
    const size_t expected = near_->receive.bytes.size() + word.size();
    ASSERT_EQ(peer_->TryWrite(word.data(), word.size()), static_cast<int64_t>(word.size()));
    ASSERT_TRUE(driver_.RunUntil([&] { return near_->receive.bytes.size() == expected; }));
  }

  void PauseReceive() {
    near_->CancelReceive();
    ASSERT_TRUE(driver_.RunUntil([&] { return !near_->receive.in_flight(); }));
  }

  KernelContractWorld world_;
  PortDriver driver_;
  std::unique_ptr<ContractPeer> peer_;
  std::unique_ptr<NearEnd> near_;
};

TEST_F(EpollPortTest, SaysWhatTheKernelRefused) {
  EpollPort port;
  std::string why;
  ASSERT_TRUE(world_.ExhaustDescriptors());
  EXPECT_EQ(port.Open(ContractOptions(), &why), -EMFILE);
  world_.RestoreDescriptors();
  EXPECT_EQ(why, "epoll_create1: Too many open files");
}

TEST_F(EpollPortTest, SendsAtOnceAndWithoutTheSet) {
  EXPECT_TRUE(driver_.port()->SendsAtOnce());
  EXPECT_EQ(near_->Send("now"), 3);
  EXPECT_FALSE(InSet());
}

TEST_F(EpollPortTest, KeepsItsInterestFromMessageToMessage) {
  near_->Receive();
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN));
  ReceiveWord("one");
  ReceiveWord("two");
  EXPECT_EQ(near_->Send("answer"), 6);
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN));
}

TEST_F(EpollPortTest, ReadsOncePerEventAndNotUntilNothingIsLeft) {
  near_->Receive();
  driver_.RunAWhile();
  for (uint64_t i = 1; i <= 10; ++i) {
    ReceiveWord("word");
    EXPECT_EQ(driver_.port()->stats().receive_calls, i);
  }
}

TEST_F(EpollPortTest, PausingAndResumingLeavesTheSetAloneWhileNothingComes) {
  near_->Receive();
  ReceiveWord("one");
  PauseReceive();
  driver_.RunAWhile();
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN));
  near_->Receive();
  ReceiveWord("two");
}

TEST_F(EpollPortTest, LeavesTheSetWhenWhatComesIsNotWanted) {
  near_->Receive();
  PauseReceive();
  EXPECT_EQ(peer_->TryWrite("x", 1), 1);
  EXPECT_TRUE(driver_.RunUntil([&] { return !InSet(); }));
  near_->Receive();
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN));
  EXPECT_TRUE(driver_.RunUntil([&] { return near_->receive.bytes == "x"; }));
}

TEST_F(EpollPortTest, LeavesTheSetAfterTheEndOfTheStream) {
  near_->Receive();
  peer_->ShutdownWrite();
  EXPECT_TRUE(driver_.RunUntil([&] { return !near_->receive.in_flight(); }));
  EXPECT_FALSE(InSet());
}

TEST_F(EpollPortTest, AsksForWritableOnlyWhileASendWaits) {
  const std::string block(1 << 20, 'x');
  near_->Receive();
  while (near_->Send(block) != CompletionPort::kPending)
    EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN));
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN | EPOLLOUT));
  char bytes[16 * 1024];
  EXPECT_TRUE(driver_.RunUntil([&] {
    while (peer_->TryRead(bytes, sizeof(bytes)) > 0) {
    }
    return !near_->send.in_flight();
  }));
  EXPECT_EQ(near_->send.results.back(), 0);  // try again
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLIN));
}

TEST_F(EpollPortTest, KeepsWatchingForWritableWhereTheHandlerSendsOn) {
  const std::string block(1 << 20, 'x');
  near_->send.on_sent = [&](int64_t) {
    while (near_->Send(block) != CompletionPort::kPending) {
    }
  };
  near_->send.on_sent(0);
  char bytes[64 * 1024];
  EXPECT_TRUE(driver_.RunUntil([&] {
    peer_->TryRead(bytes, sizeof(bytes));
    return near_->send.results.size() >= 3;
  }));
  EXPECT_EQ(Interest(), static_cast<uint32_t>(EPOLLOUT));
}

// Linux hands a network error of the new connection to whoever accepts it.
// Spec: fault 10
TEST_F(EpollPortTest, GoesOnAcceptingAfterAnErrorOfOnePeer) {
  NearListener listener(driver_);
  listener.Accept();
  size_t accepted = 0;
  for (const int error :
       {ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH}) {
    SCOPED_TRACE(error);
    AcceptFailures() = {error};
    const auto peer = world_.ConnectPeer(listener.address());
    ++accepted;
    ASSERT_TRUE(driver_.RunUntil([&] { return listener.accept.fds.size() == accepted; }));
    EXPECT_TRUE(AcceptFailures().empty());
    EXPECT_EQ(driver_.port()->stats().accept_errors, accepted) << "each is counted";
  }
  EXPECT_TRUE(listener.accept.in_flight());
  EXPECT_TRUE(listener.accept.ends.empty());
}

// Spec: fault 10
TEST_F(EpollPortTest, AsksAgainWhereAcceptWasInterrupted) {
  NearListener listener(driver_);
  listener.Accept();
  AcceptFailures() = {EINTR, EINTR, EINTR};
  const auto peer = world_.ConnectPeer(listener.address());
  EXPECT_TRUE(driver_.RunUntil([&] { return listener.accept.fds.size() == 1; }));
  EXPECT_TRUE(AcceptFailures().empty());
  EXPECT_EQ(driver_.port()->stats().accept_errors, 0u) << "that is no error";
  EXPECT_TRUE(listener.accept.in_flight());
}

// Spec: fault 32
TEST_F(EpollPortTest, AClosedSocketIsForgottenWhereAForkedChildStillHasIt) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  near_->Receive();
  PauseReceive();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {  // holds what it has inherited until the test is over
    close(pipe_ends[1]);
    char byte = 0;
    _exit(read(pipe_ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  close(pipe_ends[0]);
  near_->Close();
  near_.reset();
  EXPECT_EQ(peer_->TryWrite("x", 1), 1);
  const TimePoint deadline = driver_.now() + FromMillis(10);
  int rounds = 0;
  for (; driver_.now() < deadline; ++rounds) driver_.RunOnce(deadline);
  EXPECT_LE(rounds, 4) << "what is closed must not wake the port";
  close(pipe_ends[1]);
  int status = 1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// As between vfork and exec, which nobody is told of: another process has the descriptor, so closing ours
// does not empty the set.
TEST_F(EpollPortTest, AnEventOfAClosedSocketReachesNobody) {
  const int shared = dup(near_->socket.fd);
  ASSERT_GE(shared, 0);
  const int number = near_->socket.fd;
  near_->Receive();
  PauseReceive();
  near_->Close();
  near_.reset();
  // Another socket may get the same number, and live where the closed one lived.
  int fd = -1;
  const auto other_peer = world_.NewPair(&fd);
  EXPECT_EQ(fd, number);
  NearEnd other(driver_, fd);
  other.Receive();
  EXPECT_EQ(peer_->TryWrite("x", 1), 1);
  for (int round = 0; round < 3; ++round) driver_.RunOnce(kAtOnce);
  EXPECT_TRUE(other.receive.in_flight());
  EXPECT_EQ(other_peer->TryWrite("y", 1), 1);
  EXPECT_TRUE(driver_.RunUntil([&] { return other.receive.bytes == "y"; }));
  close(shared);
}

TEST_F(EpollPortTest, OneBufferServesEverybodyWhileNothingIsLeased) {
  int fd = -1;
  const auto other_peer = world_.NewPair(&fd);
  NearEnd other(driver_, fd);
  near_->Receive();
  other.Receive();
  ReceiveWord("one");
  EXPECT_EQ(other_peer->TryWrite("two", 3), 3);
  EXPECT_TRUE(driver_.RunUntil([&] { return other.receive.bytes == "two"; }));
  EXPECT_EQ(driver_.port()->stats().buffer_bytes, ContractOptions().large_buffer_size);
}

TEST_F(EpollPortTest, AReceiveThatWaitsForABufferLeavesTheSet) {
  std::vector<ReceiveBuffer*> leased;
  near_->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    buffer.AddLease();
    leased.push_back(&buffer);
  };
  near_->Receive();
  for (uint32_t i = 0; i < ContractOptions().large_buffer_count; ++i) ReceiveWord("x");
  EXPECT_EQ(peer_->TryWrite("late", 4), 4);
  EXPECT_TRUE(driver_.RunUntil([&] { return driver_.port()->stats().buffer_shortages == 1; }));
  driver_.RunAWhile();
  EXPECT_FALSE(InSet());
  EXPECT_EQ(driver_.port()->stats().buffer_shortages, 1u);
  leased.back()->DropLease();
  leased.pop_back();
  // Without waiting: the bytes are there, and so is a buffer.
  driver_.RunOnce(driver_.now() + kPatience);
  EXPECT_EQ(near_->receive.bytes, "xxxxlate");
  for (ReceiveBuffer* const buffer : leased) buffer->DropLease();
}

// While one lives the process gets no memory from the system.
class NoMoreMemory {
 public:
  NoMoreMemory() {
    long pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    getrlimit(RLIMIT_AS, &former_);
    rlimit full = former_;
    full.rlim_cur = static_cast<rlim_t>(pages * sysconf(_SC_PAGESIZE));
    setrlimit(RLIMIT_AS, &full);
  }
  NoMoreMemory(const NoMoreMemory&) = delete;
  NoMoreMemory& operator=(const NoMoreMemory&) = delete;
  ~NoMoreMemory() { setrlimit(RLIMIT_AS, &former_); }

 private:
  rlimit former_{};
};

// Where the only buffer belongs to a peer that never reads, nobody else may have to wait for him.
TEST_F(EpollPortTest, FindsABufferWhenThereIsMemoryAgain) {
#ifdef HPSOCKET_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer needs memory itself";
#endif
  if (kPoisons) GTEST_SKIP() << "AddressSanitizer needs memory itself";
  ReceiveBuffer* leased = nullptr;
  near_->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    buffer.AddLease();
    leased = &buffer;
  };
  near_->Receive();
  ReceiveWord("x");
  int fd = -1;
  const auto other_peer = world_.NewPair(&fd);
  NearEnd other(driver_, fd);
  other.Receive();
  int rounds = 0;
  {
    const NoMoreMemory none;
    EXPECT_EQ(other_peer->TryWrite("late", 4), 4);
    EXPECT_TRUE(driver_.RunUntil([&] { return driver_.port()->stats().buffer_shortages >= 1; }));
    const TimePoint deadline = driver_.now() + FromMillis(50);
    for (; driver_.now() < deadline; ++rounds) driver_.RunOnce(deadline);
  }
  EXPECT_LE(rounds, 10) << "it spins";
  EXPECT_TRUE(driver_.RunUntil([&] { return other.receive.bytes == "late"; }));
  leased->DropLease();
}

}  // namespace
}  // namespace hpsocket::core

// In place of libc's.
extern "C" int accept4(int fd, sockaddr* name, socklen_t* length, int flags) {
  using Function = int (*)(int fd, sockaddr* name, socklen_t* length, int flags);
  static const Function real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "accept4"));
  std::vector<int>& failures = hpsocket::core::AcceptFailures();
  if (failures.empty()) return real(fd, name, length, flags);
  errno = failures.back();
  failures.pop_back();
  return -1;
}
