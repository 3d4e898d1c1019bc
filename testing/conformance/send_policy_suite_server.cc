// Conformance: what SP_PACK, SP_SAFE and SP_DIRECT promise, and the account of what was sent.
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/blocked_worker.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/send_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsKernel;
using harness::RunUntil;
using harness::Thread;

class TcpComplexSendPolicy : public ComplexSendTest {
 protected:
  // What has left and what waits are together what was accepted.
  static bool AccountIsEven(ComplexUnderTest& component, CONNID id, size_t accepted) {
    return RunUntil([&] {
      const size_t pending = static_cast<size_t>(Pending(component, id));
      return component.events().log().Sent(id).size() + pending == accepted;
    });
  }
  // Sends pieces until the kernel takes no more and some wait; what was accepted.
  static std::string FillUp(ComplexUnderTest& component, CONNID id) {
    std::string accepted;
    for (uint32_t i = 0; Pending(component, id) < 1'000'000; ++i) {
      const std::string piece = Pattern(200'000, i);
      if (!Send(component, id, piece)) throw std::runtime_error("nothing may be refused here");
      accepted += piece;
      if (accepted.size() > size_t{50} << 20) throw std::runtime_error("the kernel takes everything");
    }
    return accepted;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexSendPolicy);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexSendPolicy, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: §2.2.1, §1.4, §2.1.2, api §6.6/4, decisions 4.2, decisions 3.1, C11, C12
TEST_P(TcpComplexSendPolicy, ReportsEveryByteThatLeftOnceAndInOrder) {
  for (const uint32_t buffer : {64u, 65536u}) {
    SCOPED_TRACE("buffer " + std::to_string(buffer));
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetSocketBufferSize(buffer);
    component.MustStart();
    const Link link = component.Connect();
    std::string expected;
    for (uint32_t i = 0; i < 40; ++i) {
      const std::string data = Pattern(1 + i * 777, i);
      ASSERT_TRUE(Send(component, link.id, data));
      expected += data;
    }
    EXPECT_TRUE(link->Receive(expected.size()) == expected);
    ASSERT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == expected; }));
    EXPECT_EQ(Pending(component, link.id), 0);
    const EventLog log = component.events().log();
    for (const Event& event : log.events()) {
      if (event.kind != EventKind::kSend) continue;
      EXPECT_EQ(event.thread, log.First(component.opening(), link.id)->thread) << "never inside Send";
    }
  }
}

// Spec: §1.4, api §6.6/4, decisions 4.2, decisions 3.3, C11, C12, api §6.2/3
TEST_P(TcpComplexSendPolicy, KeepsTheAccountWhenWorkersAndOtherThreadsSend) {
  constexpr uint32_t kThreads = 4;
  constexpr uint32_t kCalls = 200;
  for (const uint32_t buffer : {64u, 65536u}) {
    SCOPED_TRACE("buffer " + std::to_string(buffer));
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetSocketBufferSize(buffer);
    std::atomic<size_t> accepted{0};
    const auto send = [&](CONNID id, uint32_t number) {
      const std::string data = Pattern(1 + number * 97 % 3000, number);
      EXPECT_TRUE(Send(component, id, data));
      accepted.fetch_add(data.size());
    };
    component.events().Do(EventKind::kReceive, [&](const Event& event) {
      // The received bytes themselves, and others.
      EXPECT_TRUE(component->Send(event.id, event.bytes, Length(event.data)));
      accepted.fetch_add(event.data.size());
      send(event.id, static_cast<uint32_t>(event.index));
    });
    component.MustStart();
    const Link link = component.Connect();
    std::vector<Thread> threads;
    for (uint32_t thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (uint32_t i = 0; i < kCalls; ++i) send(link.id, i * kThreads + thread);
      });
    }
    const std::string request = Pattern(10'000);
    EXPECT_TRUE(link->Send(request));
    for (Thread& thread : threads) thread.Join();
    ASSERT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Received() == request.size(); }));
    ASSERT_TRUE(RunUntil([&] { return component.events().running() == 0; }));
    const std::string stream = link->Receive(accepted.load());
    ASSERT_EQ(stream.size(), accepted.load());
    ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == stream; }))
        << "OnSend has shown other bytes than the peer has received";
    EXPECT_EQ(Pending(component, link.id), 0);
    ASSERT_TRUE(component->Stop());
  }
}

// A peer takes everything and closes at once: what it has received is reported before OnClose.
// Spec: api §6.6/4, decisions 4.2, decisions 4.8
TEST_P(TcpComplexSendPolicy, ReportsWhatLeftBeforeThePeerClosed) {
  if (NeedsKernel("a completion may be told after the end that it preceded")) return;
  ComplexUnderTest& component = StartedComponent();
  for (int round = 0; round < 50; ++round) {
    Link link = component.Connect();
    ASSERT_TRUE(Send(component, link.id, "answer"));
    EXPECT_EQ(link->Receive(6), "answer");
    link->Close();
    ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
    EXPECT_EQ(component.events().log().Sent(link.id), "answer");
  }
}

// Spec: §2.1.2, api §2.1/17t, api §6.6/6, decisions 4.2, C12
TEST_P(TcpComplexSendPolicy, CountsExactlyWhatWaits) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  EXPECT_EQ(Pending(component, link.id), 0);
  std::string accepted = FillUp(component, link.id);
  EXPECT_TRUE(AccountIsEven(component, link.id, accepted.size()));
  for (const size_t size : {size_t{1}, size_t{1000}, size_t{300'000}}) {
    const std::string more = Pattern(size, 99);
    ASSERT_TRUE(Send(component, link.id, more));
    accepted += more;
    EXPECT_TRUE(AccountIsEven(component, link.id, accepted.size())) << size;
  }
  EXPECT_TRUE(link->Receive(accepted.size()) == accepted);
  EXPECT_TRUE(RunUntil([&] { return Pending(component, link.id) == 0; }));
  EXPECT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == accepted; }));
  int pending = 0;
  EXPECT_FALSE(component->GetPendingDataLength(link.id + 1, pending));
}

// Spec: §2.1.2, api §6.6/6, decisions 4.2, C12, api §2.1/17t
TEST_P(TcpComplexSendPolicy, HasNothingWaitingWhileTheKernelTakesEverythingDirectly) {
  if (NeedsKernel("a send in the calling thread may be short for no reason")) return;
  ComplexUnderTest& component = NewComponent();
  component->SetSendPolicy(SP_DIRECT);
  std::atomic<bool> asked{false};
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    EXPECT_TRUE(Send(component, event.id, "from the worker"));
    EXPECT_EQ(Pending(component, event.id), 0);
    asked = true;
  });
  component.MustStart();
  const Link link = component.Connect();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Send(component, link.id, "from elsewhere"));
    EXPECT_EQ(Pending(component, link.id), 0);
  }
  ASSERT_TRUE(link->Send("?"));
  EXPECT_EQ(link->Receive(1415).substr(1400), "from the worker");
  // The answer is here before the callback has asked; under RP_PARALLEL a Stop would end the ID meanwhile.
  ASSERT_TRUE(RunUntil([&] { return asked.load(); }));
  ASSERT_TRUE(component->Stop());
}

// Spec: §2.1.2, decisions 4.2
TEST_P(TcpComplexSendPolicy, LeavesLittleInTheKernelWhenItIsSafe) {
  if (NeedsKernel("asks how many bytes of a connection the kernel has not sent")) return;
  ComplexUnderTest& component = NewComponent();
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    return component->Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  component.MustStart();
  const Link link = component.Connect({4096});
  const int socket = component.events().log().First(component.opening(), link.id)->socket;
  const auto unsent = [socket] {
    int bytes = -1;
    EXPECT_EQ(ioctl(socket, SIOCOUTQNSD, &bytes), 0);
    return bytes;
  };
  std::string much = Pattern(8 << 20);
  for (int half = 0; half < 2; ++half) {
    ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much) / 2, half * Length(much) / 2));
  }
  if (harness::CurrentVariant().send_policy != SP_SAFE) {
    EXPECT_TRUE(RunUntil([&] { return unsent() > 256 * 1024; })) << unsent();
  } else {
    EXPECT_TRUE(RunUntil([&] { return unsent() > 16 * 1024; })) << unsent();
    // All workers go round and round, and give the kernel no more.
    std::vector<Link> others;
    for (int i = 0; i < 8; ++i) others.push_back(component.Connect());
    for (int round = 0; round < 10; ++round) {
      for (const Link& other : others) ASSERT_TRUE(component.Echoes(other, "round"));
      EXPECT_LT(unsent(), 128 * 1024);
    }
    // Also while the peer takes some.
    for (int i = 0; i < 20; ++i) {
      const std::string expected = much.substr(0, 100'000);
      ASSERT_TRUE(link->Receive(100'000) == expected);
      much.erase(0, 100'000);
      EXPECT_LT(unsent(), 128 * 1024);
    }
    EXPECT_GT(Pending(component, link.id), 4 << 20) << "the rest is where the application sees it";
  }
  EXPECT_TRUE(link->Receive(much.size()) == much);
}

// Spec: §2.1.2, decisions 4.2
TEST_P(TcpComplexSendPolicy, LetsQueuedCallsLeaveMergedAndDirectOnesEachForItself) {
  if (NeedsKernel("a send may be short for no reason")) return;
  constexpr uint32_t kCalls = 100;
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    SCOPED_TRACE("policy " + std::to_string(policy));
    ComplexUnderTest& component = NewComponent();
    component->SetSendPolicy(policy);
    component.MustStart();
    const Link link = component.Connect();
    std::string expected;
    {
      const BlockedWorker blocked(component.events(), *link.peer);
      for (uint32_t i = 0; i < kCalls; ++i) {
        const std::string small = Pattern(50, i);
        ASSERT_TRUE(Send(component, link.id, small));
        expected += small;
      }
    }
    EXPECT_TRUE(link->Receive(expected.size()) == expected);
    ASSERT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == expected; }));
    // Workers publish figures when they have time, and all of them when they end.
    ASSERT_TRUE(component->Stop());
    HP_Stats stats;
    ASSERT_TRUE(component->GetStats(stats));
    if (policy == SP_DIRECT) {
      EXPECT_EQ(stats.send_calls, kCalls);
    } else {
      EXPECT_GE(stats.send_calls, 1u);
      EXPECT_LE(stats.send_calls, 2u);
    }
  }
}

// Those of OnSend while its own bytes stand at the front of the queue, for which they may be too many.
// Spec: api §6.6/4, decisions 4.2
TEST_P(TcpComplexSendPolicy, KeepsTheOrderOfManySmallSendsInsideEvents) {
  std::vector<std::string> small;
  std::string expected;
  for (uint32_t i = 0; i < 600; ++i) expected += small.emplace_back(Pattern(1 + i % 130, i));
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    SCOPED_TRACE("policy " + std::to_string(policy));
    ComplexUnderTest& component = NewComponent();
    component->SetSendPolicy(policy);
    size_t next = 0;  // of the connection's worker
    const auto send = [&](CONNID id, size_t count) {
      for (; count > 0 && next < small.size(); --count) EXPECT_TRUE(Send(component, id, small[next++]));
    };
    component.events().DoOnce(EventKind::kReceive, [&](const Event& event) { send(event.id, 60); });
    component.events().Do(EventKind::kSend, [&](const Event& event) { send(event.id, 1 + next % 7); });
    component.MustStart();
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send("begin"));
    EXPECT_EQ(link->Receive(expected.size()), expected);
    EXPECT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == expected; }));
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: §2.1.2, decisions 4.2
TEST_P(TcpComplexSendPolicy, HasNoMoreThanSoMuchInOneSendOperation) {
  constexpr size_t kMost = 256 * 1024;
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE}) {
    SCOPED_TRACE("policy " + std::to_string(policy));
    ComplexUnderTest& component = NewComponent();
    component->SetSendPolicy(policy);
    // Room for more than that, if it were asked for.
    component.events().Do(component.opening(), [](const Event& event) {
      Environment::Current().SetOption(event.socket, SOL_SOCKET, SO_SNDBUF, 4 << 20);
    });
    component.MustStart();
    const Link link = component.Connect();
    const std::string much = Pattern(4 * kMost);
    ASSERT_TRUE(Send(component, link.id, much));
    EXPECT_TRUE(link->Receive(much.size()) == much);
    ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == much; }));
    ASSERT_TRUE(component->Stop());
    HP_Stats stats;
    ASSERT_TRUE(component->GetStats(stats));
    EXPECT_GE(stats.send_calls, 4u);
    for (const Event& event : component.events().log().events()) {
      if (event.kind != EventKind::kSend) continue;
      EXPECT_LE(event.data.size(), kMost) << "one operation's bytes";
    }
  }
}

// Spec: §2.1.2, decisions 4.2
TEST_P(TcpComplexSendPolicy, HandsBytesToTheKernelInTheCallingThreadWhenDirect) {
  if (NeedsKernel("a send in the calling thread may be short for no reason")) return;
  ComplexUnderTest& component = NewComponent();
  component->SetSendPolicy(SP_DIRECT);
  component.MustStart();
  const Link link = component.Connect();
  {
    const BlockedWorker blocked(component.events(), *link.peer);
    WSABUF packets[] = {Packet("several "), Packet(""), Packet("pieces")};
    ASSERT_TRUE(Send(component, link.id, "one piece"));
    EXPECT_EQ(link->Receive(9), "one piece");
    ASSERT_TRUE(component->SendPackets(link.id, packets, 3));
    EXPECT_EQ(link->Receive(14), "several pieces");
    EXPECT_EQ(Pending(component, link.id), 0);
    EXPECT_EQ(component.events().log().Count(EventKind::kSend), 0u) << "OnSend comes on the worker";
  }
  EXPECT_TRUE(component.events().WaitFor(
      [&](const EventLog& log) { return log.Sent(link.id) == "one pieceseveral pieces"; }));
}

// Spec: §2.1.2, decisions 4.2, decisions 3.4
TEST_P(TcpComplexSendPolicy, QueuesInOrderWhatTheKernelDoesNotTakeDirectly) {
  ComplexUnderTest& component = NewComponent();
  component->SetSendPolicy(SP_DIRECT);
  component.MustStart();
  const Link link = component.Connect({4096});
  std::string accepted = FillUp(component, link.id);
  for (uint32_t i = 0; i < 50; ++i) {
    const std::string small = Pattern(1 + i, i);
    ASSERT_TRUE(Send(component, link.id, small));
    accepted += small;
  }
  EXPECT_TRUE(link->Receive(accepted.size()) == accepted);
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == accepted; }));
  // All of it is out: calls go straight to the kernel again.
  ASSERT_TRUE(
      RunUntil([&] { return component.events().running() == 0 && Pending(component, link.id) == 0; }));
  EXPECT_TRUE(RunUntil([&] { return Send(component, link.id, "x") && Pending(component, link.id) == 0; }));
}

// Spec: decisions 3.1, decisions 4.2, decisions 4.6, api §6.2/3t
TEST_P(TcpComplexSendPolicy, ReportsAFatalErrorOfADirectSendLaterOnTheWorker) {
  if (NeedsKernel("a send in the calling thread may be short for no reason")) return;
  ComplexUnderTest& component = NewComponent();
  component->SetSendPolicy(SP_DIRECT);
  component->SetRecvPolicy(RP_SERIAL);
  component.MustStart();
  const Link link = component.Connect();
  int error = 0;
  {
    const BlockedWorker blocked(component.events(), *link.peer);
    link->Reset();
    EXPECT_TRUE(RunUntil([&] {
      if (Send(component, link.id, "is anybody there?")) return false;
      error = errno;
      return true;
    }));
    EXPECT_TRUE(error == ECONNRESET || error == EPIPE) << error;
    EXPECT_EQ(component.events().log().CountEnds(), 0u) << "never inside Send";
    EXPECT_EQ(component->GetLastError(), SE_OK);
    EXPECT_FALSE(Send(component, link.id, "again"));
    EXPECT_EQ(errno, EBADSLT) << "it is closing";
  }
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
  const EventLog log = component.events().log();
  const Event* const event = log.First(EventKind::kError, link.id);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->operation, SO_SEND);
  EXPECT_EQ(event->error, error);
  EXPECT_EQ(event->thread, log.First(component.opening(), link.id)->thread);
}

// Every OnSend is answered by the next Send, here or on another thread, to a peer that reads.
// Spec: decisions 4.2
TEST_P(TcpComplexSendPolicy, ServesOthersThoughOneConnectionIsFedWithoutEnd) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    for (const bool elsewhere : {false, true}) {
      SCOPED_TRACE("policy " + std::to_string(policy) + (elsewhere ? ", other threads" : ", in OnSend"));
      ComplexUnderTest& component = NewComponent();
      component->SetSendPolicy(policy);
      component->SetWorkerThreadCount(1);
      component.EchoBack();
      component.MustStart();
      const Link fed = component.Connect();
      const Link other = component.Connect();
      std::atomic<bool> done{false};
      component.events().Do(EventKind::kSend, [&](const Event& event) {
        if (event.id != fed.id || done.load()) return;
        if (elsewhere) {
          Thread([&] { Send(component, fed.id, "more"); }).Join();
        } else {
          Send(component, fed.id, "more");
        }
      });
      Thread reader([&] {
        while (!fed->Receive(1).empty()) {
        }
      });
      EXPECT_TRUE(Send(component, fed.id, "more"));
      for (int i = 0; i < 20; ++i) EXPECT_TRUE(ComplexUnderTest::Echoes(other, "me, too"));
      done.store(true);
      EXPECT_TRUE(component->Disconnect(fed.id));
      reader.Join();
      ASSERT_TRUE(component->Stop());
    }
  }
}

}  // namespace
}  // namespace hpsocket::conformance
