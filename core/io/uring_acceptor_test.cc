#include "hpsocket/core/io/uring_acceptor.h"

#include <fcntl.h>
#include <liburing.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/io/uring_port.h"
#include "hpsocket/core/io/uring_request.h"
#include "hpsocket/core/io/uring_test_support.h"

namespace hpsocket::core {
namespace {

// How many requests the kernel has taken.
unsigned g_submitted = 0;

int CountingEnter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags, sigset_t* argument,
                  size_t size) {
  const int result = io_uring_enter2(fd, to_submit, min_complete, flags, argument, size);
  if (result > 0) g_submitted += static_cast<unsigned>(result);
  return result;
}

class UringAcceptorTest : public UringRequired {
 protected:
  void SetUp() override {
    UringRequired::SetUp();
    if (!IsSkipped()) OpenPort({});
  }

  void OpenPort(const UringRing::Options& ring) {
    port_ = std::make_unique<UringPort>(ring);
    std::string why;
    ASSERT_EQ(port_->Open({}, &why), 0) << why;
    socket_.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ASSERT_GE(socket_.fd, 0);
    const Address address = Address::Any(AF_INET, 0);
    ASSERT_EQ(bind(socket_.fd, address.get(), address.length()), 0);
    ASSERT_EQ(listen(socket_.fd, 1000), 0);
    accept_.socket = &socket_;
  }

  void ClosePort() {
    port_->Cancel(accept_);
    ASSERT_TRUE(RunUntil(*port_, [&] { return !accept_.in_flight(); }));
    port_->Close(socket_);
    port_.reset();
    for (const int fd : accept_.fds) close(fd);
    for (const int fd : peers_) close(fd);
    accept_.fds.clear();
    peers_.clear();
  }

  void TearDown() override {
    if (port_ != nullptr) ClosePort();
  }

  void Connect(int count) {
    sockaddr_in address{};
    socklen_t length = sizeof(address);
    ASSERT_EQ(getsockname(socket_.fd, reinterpret_cast<sockaddr*>(&address), &length), 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i) {
      const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      ASSERT_GE(fd, 0);
      peers_.push_back(fd);
      ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    }
  }

  std::unique_ptr<UringPort> port_;
  PortSocket socket_;
  RecordingAccept accept_;
  std::vector<int> peers_;
};

TEST_F(UringAcceptorTest, OneAcceptLastsForManyConnections) {
  port_->Accept(accept_);
  for (int i = 1; i <= 20; ++i) {
    Connect(5);
    ASSERT_TRUE(RunUntil(*port_, [&] { return accept_.fds.size() == static_cast<size_t>(5 * i); }));
  }
  EXPECT_TRUE(accept_.ends.empty());
  for (const int fd : accept_.fds) {
    EXPECT_NE(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST_F(UringAcceptorTest, ABatchPerRoundAndTheRestWithoutWaiting) {
  accept_.batch = 7;
  Connect(100);
  port_->Accept(accept_);
  size_t before = 0;
  while (accept_.fds.size() < 100) {
    // Were the rest not known to be there, this would wait for ever once the kernel has told all.
    port_->RunOnce(kForever);
    ASSERT_LE(accept_.fds.size() - before, 7u);
    before = accept_.fds.size();
  }
}

TEST_F(UringAcceptorTest, WhatWasAcceptedComesBeforeTheEnd) {
  accept_.batch = 3;
  Connect(20);
  port_->Accept(accept_);
  port_->RunOnce(kForever);
  ASSERT_FALSE(accept_.fds.empty());
  port_->Cancel(accept_);
  ASSERT_TRUE(RunUntil(*port_, [&] { return !accept_.in_flight(); }));
  EXPECT_EQ(accept_.ends, std::vector<int>{-ECANCELED});
  // None is lost: those that did not come this time are still in the listener's backlog.
  port_->Accept(accept_);
  accept_.ends.clear();
  ASSERT_TRUE(RunUntil(*port_, [&] { return accept_.fds.size() == 20; }));
}

// Spec: fault 8
TEST_F(UringAcceptorTest, RunningOutOfDescriptorsEndsItAndItCanGoOn) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  Connect(3);
  rlimit none = limit;
  none.rlim_cur = 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  port_->Accept(accept_);
  const bool ended = RunUntil(*port_, [&] { return !accept_.ends.empty(); });
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  ASSERT_TRUE(ended);
  EXPECT_EQ(accept_.ends, std::vector<int>{-EMFILE});
  EXPECT_EQ(port_->stats().accept_errors, 1u);
  accept_.ends.clear();
  port_->Accept(accept_);
  ASSERT_TRUE(RunUntil(*port_, [&] { return accept_.fds.size() == 3; }));
}

// Spec: fault 35, fault 37
TEST_F(UringAcceptorTest, CompletionOverflowEndsNothing) {
  ClosePort();
  OpenPort({.submission_entries = 8, .completion_entries = 8, .enter = CountingEnter});
  port_->Accept(accept_);
  RunDry(*port_);
  const unsigned submitted = g_submitted;
  for (int i = 1; i <= 5; ++i) {
    Connect(60);
    ASSERT_TRUE(RunUntil(*port_, [&] { return accept_.fds.size() == static_cast<size_t>(60 * i); }));
  }
  EXPECT_TRUE(accept_.ends.empty());
  EXPECT_EQ(port_->stats().accept_errors, 0u);
  EXPECT_GT(port_->stats().cq_overflows, 0u) << "the queue was never full";
  EXPECT_GT(g_submitted, submitted) << "the kernel has not ended the accept once";
}

// The requests stay in the queue, so the kernel has no part in it.
// Spec: fault 37
TEST_F(UringAcceptorTest, AnAcceptThatOnlyStoppedRepeatingIsSubmittedAgainOnce) {
  UringRing ring;
  std::string why;
  ASSERT_EQ(ring.Open({}, &why), 0) << why;
  const auto queued = [&ring] { return io_uring_sq_ready(ring.raw()); };
  PortStats stats;
  UringAcceptor acceptor(ring, stats);
  RecordingAccept accept;
  accept.socket = &socket_;
  acceptor.Start(accept);
  ASSERT_EQ(queued(), 1u);
  std::vector<int> descriptors;
  for (unsigned ends = 1; ends <= 3; ++ends) {
    for (const unsigned flags : {unsigned{IORING_CQE_F_MORE}, 0u}) {
      descriptors.push_back(fcntl(socket_.fd, F_DUPFD_CLOEXEC, 0));
      acceptor.Complete(accept, descriptors.back(), flags);
      EXPECT_EQ(queued(), flags == 0 ? 1 + ends : ends);
    }
    const io_uring_sqe& last = ring.raw()->sq.sqes[ends];
    EXPECT_EQ(last.opcode, IORING_OP_ACCEPT);
    EXPECT_EQ(last.user_data, RequestTag(accept, RequestKind::kAccept));
    acceptor.Deliver();
    EXPECT_EQ(accept.fds, descriptors) << "each is delivered, that of the last completion, too";
    EXPECT_EQ(queued(), 1 + ends) << "delivering asks for nothing";
  }
  EXPECT_TRUE(accept.ends.empty());
  EXPECT_EQ(stats.accept_errors, 0u);
  acceptor.Complete(accept, -EMFILE, 0);
  EXPECT_EQ(queued(), 4u) << "what has ended is not submitted again";
  acceptor.Deliver();
  EXPECT_EQ(accept.ends, std::vector<int>{-EMFILE});
  for (const int fd : descriptors) close(fd);
}

// Spec: fault 10
TEST_F(UringAcceptorTest, AnErrorOfOnePeerIsCountedAndEndsNothing) {
  UringRing ring;
  std::string why;
  ASSERT_EQ(ring.Open({}, &why), 0) << why;
  PortStats stats;
  UringAcceptor acceptor(ring, stats);
  RecordingAccept accept;
  accept.socket = &socket_;
  acceptor.Start(accept);
  ring.Poll();
  uint64_t errors = 0;
  for (const int error : {ECONNABORTED, EPROTO, ENETDOWN, EHOSTUNREACH}) {
    // As the kernel tells it: the accept is over, and is submitted again.
    ring.QueueCancel(RequestTag(accept, RequestKind::kAccept));
    ring.Poll();
    acceptor.Complete(accept, -error, 0);
    EXPECT_EQ(stats.accept_errors, ++errors);
    EXPECT_FALSE(acceptor.has_work());
    EXPECT_FALSE(ring.all_submitted());
    ring.Poll();
  }
  // Interrupted: not even an error. With a descriptor: the kernel only stopped repeating.
  acceptor.Complete(accept, -EINTR, 0);
  EXPECT_FALSE(ring.all_submitted());
  EXPECT_EQ(stats.accept_errors, errors);
  acceptor.Complete(accept, -EMFILE, 0);
  EXPECT_TRUE(acceptor.has_work());
  acceptor.Deliver();
  EXPECT_EQ(accept.ends, std::vector<int>{-EMFILE});
}

}  // namespace
}  // namespace hpsocket::core
