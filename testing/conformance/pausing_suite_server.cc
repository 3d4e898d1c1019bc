// Conformance: PauseReceive, and what a peer that sends faster than the application reads can cost.
#include <atomic>
#include <cerrno>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::LetOthersGoOn;
using harness::RunUntil;
using harness::Scaled;
using harness::StreamEnd;
using harness::Thread;

class TcpComplexPausing : public ComplexTest {
 protected:
  // Every worker has gone round since: connections come to them in turn.
  static void LetAllWorkersGoRound(ComplexUnderTest& component) {
    for (int i = 0; i < 8; ++i) component.Connect();
  }
  static size_t Receives(ComplexUnderTest& component, CONNID id) {
    return component.events().log().Count(EventKind::kReceive, id);
  }
  static bool Receives(ComplexUnderTest& component, CONNID id, const std::string& message) {
    return component.events().WaitFor([&](const EventLog& log) {
      return log.Received() == message.size();
    }) && component.events().log().Received(id) == message;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPausing);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPausing, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: decisions 4.3, decisions 8.3/3, fault 5
TEST_P(TcpComplexPausing, StopsReadingWhilePausedAndLosesNothing) {
  ComplexUnderTest& component = NewComponent();
  component.tcp().SetSocketBufferSize(64);
  component.events().DoOnce(
      EventKind::kReceive, [&](const Event& event) { EXPECT_TRUE(component->PauseReceive(event.id, true)); });
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Pattern(100000);
  ASSERT_TRUE(link->Send(message));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  bool paused = false;
  EXPECT_TRUE(component->IsPauseReceive(link.id, paused));
  EXPECT_TRUE(paused);
  LetAllWorkersGoRound(component);
  EXPECT_EQ(Receives(component, link.id), 1u) << "none follows the one that paused";
  EXPECT_TRUE(component->PauseReceive(link.id, false));
  EXPECT_TRUE(Receives(component, link.id, message));
  EXPECT_TRUE(component->IsPauseReceive(link.id, paused));
  EXPECT_FALSE(paused);
}

// Spec: decisions 4.3, decisions 4.6, decisions 8.3/3
TEST_P(TcpComplexPausing, RefusesIdsThatAreUnknownOrGone) {
  ComplexUnderTest& component = NewComponent();
  const auto expect_refused = [&](CONNID id) {
    bool paused = false;
    errno = 0;
    EXPECT_FALSE(component->PauseReceive(id, true));
    EXPECT_EQ(errno, EBADSLT);
    EXPECT_FALSE(component->IsPauseReceive(id, paused));
  };
  expect_refused(1);
  component.MustStart();
  expect_refused(0);
  Link link = component.Connect();
  link->Close();
  ASSERT_TRUE(component.CountBecomes(0));
  expect_refused(link.id);
}

// Spec: decisions 4.3
TEST_P(TcpComplexPausing, LetsAtMostTheRunningOnReceiveFollowAPauseFromElsewhere) {
  ComplexUnderTest& component = NewComponent();
  component.tcp().SetSocketBufferSize(64);
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Pattern(500'000);
  Thread producer([&] { EXPECT_TRUE(link->Send(message)); });
  for (int round = 0; round < 20; ++round) {
    const size_t at_first = Receives(component, link.id);
    EXPECT_TRUE(component.events().WaitFor([&](const EventLog& log) {
      return log.Count(EventKind::kReceive, link.id) > at_first || log.Received() == message.size();
    }));
    EXPECT_TRUE(component->PauseReceive(link.id, true));
    const size_t before = Receives(component, link.id);
    LetAllWorkersGoRound(component);
    EXPECT_LE(Receives(component, link.id), before + 1);
    EXPECT_TRUE(component->PauseReceive(link.id, false));
  }
  EXPECT_TRUE(Receives(component, link.id, message));
}

// Spec: decisions 4.3
TEST_P(TcpComplexPausing, LosesNothingHoweverItIsPausedAndResumed) {
  for (const uint32_t buffer : {64u, 4096u, 65536u}) {
    SCOPED_TRACE(buffer);
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetSocketBufferSize(buffer);
    std::atomic<uint32_t> number{0};
    std::atomic<size_t> received{0};
    component.events().Do(EventKind::kReceive, [&](const Event& event) {
      const uint32_t now = number.fetch_add(1);
      if (now % 3 == 0) component->PauseReceive(event.id, true);
      if (now % 6 == 0) component->PauseReceive(event.id, false);
      received.fetch_add(event.data.size());  // last: the round ends, and its variables with it
    });
    component.MustStart();
    const Link link = component.Connect();
    const std::string message = Pattern(buffer == 64 ? 300'000 : 4'000'000, buffer);
    Thread producer([&] { EXPECT_TRUE(link->Send(message)); });
    std::vector<Thread> others;
    for (uint32_t seed = 1; seed <= 2; ++seed) {
      others.emplace_back([&, seed] {
        std::minstd_rand random(seed);
        for (int round = 0; round < 50; ++round) {
          for (uint32_t i = random() % 64; i > 0; --i) component->PauseReceive(link.id, random() % 4 == 0);
          LetOthersGoOn();
        }
      });
    }
    others.clear();
    // From now on only callbacks pause; whoever waits long enough resumes.
    EXPECT_TRUE(RunUntil([&] {
      component->PauseReceive(link.id, false);
      return received.load() == message.size();
    }));
    EXPECT_TRUE(component.events().log().Received(link.id) == message);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: decisions 4.3, decisions 4.8
TEST_P(TcpComplexPausing, NoticesThePeersCloseOnlyWhenResumed) {
  // A short message is delivered whole: nothing is kept but the end itself.
  for (const auto& [by_reset, size] : {std::pair(false, 1000), {false, 10}, {true, 1000}, {true, 10}}) {
    SCOPED_TRACE(size);
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetSocketBufferSize(64);
    component.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
      EXPECT_TRUE(component->PauseReceive(event.id, true));
    });
    component.MustStart();
    const Link link = component.Connect();
    const std::string message = Pattern(static_cast<size_t>(size));
    ASSERT_TRUE(link->Send(message));
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
    if (by_reset) {
      link->Reset();
    } else {
      link->Close();
    }
    LetAllWorkersGoRound(component);
    EXPECT_EQ(component.events().log().CountEnds(link.id), 0u);
    EXPECT_TRUE(component->PauseReceive(link.id, false));
    ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
    const EventLog log = component.events().log();
    EXPECT_EQ(log.Count(by_reset ? EventKind::kError : EventKind::kClose, link.id), 1u);
    if (by_reset) {
      EXPECT_EQ(log.Received(link.id), message.substr(0, log.Received(link.id).size()));
    } else {
      EXPECT_EQ(log.Received(link.id), message) << "what came before the close is delivered first";
    }
    ASSERT_TRUE(component->Stop());
  }
}

// Nobody reads, so what is sent is all that meets the peer's end.
// Spec: decisions 4.3, decisions 4.8, fault 1
TEST_P(TcpComplexPausing, NoticesThePeersEndThroughASendThatFails) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    for (const bool by_reset : {true, false}) {
      SCOPED_TRACE(std::string(by_reset ? "reset" : "closed") + ", policy " + std::to_string(policy));
      ComplexUnderTest& component = NewComponent();
      component->SetSendPolicy(policy);
      component.MustStart();
      const Link link = component.Connect();
      EXPECT_TRUE(component->PauseReceive(link.id, true));
      if (by_reset) {
        link->Reset();
      } else {
        link->Close();
      }
      LetAllWorkersGoRound(component);
      EXPECT_EQ(component.events().log().CountEnds(link.id), 0u);
      std::set<int> errors;
      ASSERT_TRUE(RunUntil([&] {
        if (!component->Send(link.id, Bytes("x"), 1)) errors.insert(errno);
        return component.events().log().CountEnds(link.id) == 1;
      }));
      const EventLog log = component.events().log();
      const Event* const error = log.First(EventKind::kError, link.id);
      ASSERT_NE(error, nullptr);
      EXPECT_EQ(error->operation, SO_SEND);
      EXPECT_TRUE(error->error == ECONNRESET || error->error == EPIPE) << error->error;
      EXPECT_EQ(log.Count(EventKind::kReceive, link.id), 0u);
      // The worker's sends fail where no call sees it.
      errors.erase(EBADSLT);
      if (policy != SP_DIRECT) {
        EXPECT_TRUE(errors.empty());
      }
      for (const int each : errors) EXPECT_EQ(each, error->error);
      ASSERT_TRUE(component->Stop());
    }
  }
}

// Whoever resumes meets the worker anywhere, as where it has just found the connection paused.
// Spec: decisions 4.3, decisions 4.8
TEST_P(TcpComplexPausing, DeliversAllBeforeTheCloseWhereverAResumeMeetsIt) {
  ComplexUnderTest& component = NewComponent();
  component.tcp().SetSocketBufferSize(64);
  component.events().Do(EventKind::kReceive,
                        [&](const Event& event) { component->PauseReceive(event.id, true); });
  component.MustStart();
  const std::string message = Pattern(4000);
  for (int round = 0; round < 20; ++round) {
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send(message));
    link->Close();
    EXPECT_TRUE(RunUntil([&] {
      for (int i = 0; i < 1000; ++i) component->PauseReceive(link.id, false);
      return component.events().log().CountEnds(link.id) == 1;
    }));
    const EventLog log = component.events().log();
    EXPECT_EQ(log.Count(EventKind::kClose, link.id), 1u);
    EXPECT_TRUE(log.Received(link.id) == message) << log.Received(link.id).size();
  }
  ASSERT_TRUE(component->Stop());
}

// Spec: decisions 4.3, api §6.3/5
TEST_P(TcpComplexPausing, DropsWhatItHasReadWhenOurSideClosesWhilePaused) {
  for (const bool by_stop : {false, true}) {
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetSocketBufferSize(64);
    component.events().Do(EventKind::kReceive,
                          [&](const Event& event) { EXPECT_TRUE(component->PauseReceive(event.id, true)); });
    component.MustStart();
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send(Pattern(100'000)));
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
    if (by_stop) {
      EXPECT_TRUE(component->Stop());
    } else {
      EXPECT_TRUE(component->Disconnect(link.id, true));
      EXPECT_TRUE(component.CountBecomes(0));
    }
    EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
    EXPECT_EQ(Receives(component, link.id), 1u);
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, link.id), 1u);
    if (!by_stop) {
      ASSERT_TRUE(component->Stop());
    }
  }
}

// A pause does not touch the other direction.
// Spec: decisions 4.3
TEST_P(TcpComplexPausing, GoesOnSendingWhilePaused) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  EXPECT_TRUE(component->PauseReceive(link.id));
  const std::string message = Pattern(1 << 20);
  ASSERT_TRUE(component->Send(link.id, Bytes(message), Length(message)));
  EXPECT_TRUE(link->Receive(message.size()) == message);
  EXPECT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == message; }));
}

// Fault 5: a producer that is faster than the application. Reading pauses, memory stays flat, and every
// byte is there afterwards.
// Spec: decisions 4.3
TEST_P(TcpComplexPausing, StaysSmallWhenThePeerIsFasterThanTheApplication) {
  constexpr uint64_t kBound = 4 << 20;
  // Counted as they are first used: each worker's small receive buffers, and its large ones once a burst
  // has come.
  constexpr uint64_t kBuffers = 6 << 20;
  ComplexUnderTest& component = NewComponent();
  std::atomic<bool> slow{true};
  std::atomic<size_t> received{0};
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (slow.load()) component->PauseReceive(event.id, true);
    received.fetch_add(event.data.size());  // last: the test ends, and its variables with it
  });
  component.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 4; ++i) links.push_back(component.Connect());
  const uint64_t workers = component->GetWorkerThreadCount();
  HP_Stats before;
  ASSERT_TRUE(component->GetStats(before));
  const std::string message = Pattern(Scaled(8 << 20, 2 << 20, 2 << 20));
  const size_t total = links.size() * message.size();
  std::vector<Thread> producers;
  for (const Link& link : links) {
    producers.emplace_back([&] { EXPECT_TRUE(link->Send(message)); });
  }
  for (int round = 0; round < 50; ++round) {
    // Whoever was about to pause has done so.
    ASSERT_TRUE(RunUntil([&] { return component.events().running() == 0; }));
    const size_t at_first = component.events().size();
    for (const Link& link : links) component->PauseReceive(link.id, false);
    ASSERT_TRUE(component.events().WaitFor(
        [&](const EventLog& log) { return log.size() > at_first || received.load() == total; }));
    const size_t delivered = received.load();
    HP_Stats now;
    ASSERT_TRUE(component->GetStats(now));
    EXPECT_LE(now.bytes_received - delivered, kBound) << "read ahead of the application, round " << round;
    EXPECT_LE(now.pool_bytes, before.pool_bytes + workers * kBuffers + kBound) << round;
    EXPECT_LE(now.leases, 4096u);
  }
  slow.store(false);
  EXPECT_TRUE(RunUntil([&] {
    for (const Link& link : links) component->PauseReceive(link.id, false);
    return received.load() == total;
  }));
  const EventLog log = component.events().log();
  for (const Link& link : links) EXPECT_TRUE(log.Received(link.id) == message);
  HP_Stats after;
  EXPECT_TRUE(RunUntil([&] { return component->GetStats(after) && after.leases == 0; }));
}

}  // namespace
}  // namespace hpsocket::conformance
