// Conformance: SetMaxPullLength, which makes a PULL server or agent read no faster than it is fetched from.
#include <atomic>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/pull_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;
using harness::Scaled;
using harness::Thread;

constexpr uint64_t kLimit = 20'000;

class TcpComplexPullLimit : public PullTest {
 protected:
  ComplexUnderTest& LimitedComponent(uint64_t limit = kLimit) {
    ComplexUnderTest& component = PullComponent();
    component.tcp().pull()->SetMaxPullLength(limit);
    return component;
  }
  // Every worker has gone round since: connections come to them in turn.
  static void LetAllWorkersGoRound(ComplexUnderTest& component) {
    for (int i = 0; i < 8; ++i) component.Connect();
  }
  // Every total is below the limit, but for the one that reached it.
  static void ExpectFullOnce(ComplexUnderTest& component, CONNID id, uint64_t limit) {
    size_t full = 0;
    for (const Event& event : component.events().log().events()) {
      if (event.kind != EventKind::kReceive || event.id != id) continue;
      EXPECT_EQ(full, 0u) << "none follows the one that reached the limit";
      if (static_cast<uint64_t>(event.total) >= limit) ++full;
    }
    EXPECT_EQ(full, 1u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPullLimit);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPullLimit, ::testing::ValuesIn(PullTcpComplexes()),
                         ComplexName);

// Spec: decisions 4.3, decisions 8.4/1
TEST_P(TcpComplexPullLimit, IsUnlimitedUntilItIsToldOtherwise) {
  ComplexUnderTest& component = PullComponent();
  IPullSocket& pull = *component.tcp().pull();
  EXPECT_EQ(pull.GetMaxPullLength(), 0u);
  component.MustStart();
  pull.SetMaxPullLength(kLimit);
  EXPECT_EQ(pull.GetMaxPullLength(), kLimit);
  const std::string message = Pattern(500'000);
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send(message));
  EXPECT_TRUE(Arrives(component, link.id, message.size())) << "the next Start uses it";
  ASSERT_TRUE(component->Stop());
  component.MustStart();
  const Link next = component.Connect();
  Thread sender([&] { next->Send(message); });
  ASSERT_TRUE(Arrives(component, next.id, kLimit));
  LetAllWorkersGoRound(component);
  ExpectFullOnce(component, next.id, kLimit);
  ASSERT_TRUE(component->Stop());
}

// Spec: decisions 4.3, decisions 8.4/1
TEST_P(TcpComplexPullLimit, StopsReadingUntilAnotherThreadHasMadeRoom) {
  ComplexUnderTest& component = LimitedComponent();
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Flood();
  std::atomic<bool> all_sent{false};
  Thread sender([&] {
    EXPECT_TRUE(link->Send(message, PatientWithAFlood()));
    all_sent.store(true);
  });
  ASSERT_TRUE(Arrives(component, link.id, kLimit));
  LetAllWorkersGoRound(component);
  ExpectFullOnce(component, link.id, kLimit);
  EXPECT_FALSE(all_sent.load());
  // The figures are published when a worker waits.
  EXPECT_TRUE(RunUntil([&] { return Stats(component).bytes_received >= kLimit; }));
  EXPECT_LE(Stats(component).bytes_received, Scaled(8 << 20, 1 << 20));
  const PullUnderTest pull = Pull(component, link.id);
  std::string got;
  EXPECT_TRUE(FetchUntil(pull, &got, [&] { return got.size() >= message.size(); }));
  EXPECT_TRUE(got == message);
  sender.Join();
}

// The room may be made wherever Fetch works.
// Spec: decisions 4.3
TEST_P(TcpComplexPullLimit, GoesOnWhereverRoomIsMade) {
  const std::string message = Pattern(Scaled(8 << 20, 2 << 20, 300'000));
  for (const char* const where : {"OnReceive", "OnSend", "OnReceive of another connection"}) {
    SCOPED_TRACE(where);
    ComplexUnderTest& component = LimitedComponent();
    std::atomic<CONNID> first{0};
    std::string got;  // always on the same worker
    std::atomic<size_t> size{0};
    const auto fetch = [&] {
      got += Pull(component, first).FetchAll();
      size.store(got.size());
    };
    component.events().Do(EventKind::kReceive, [&](const Event& event) {
      const bool of_first = event.id == first.load();
      if (!of_first) {
        EXPECT_TRUE(component->Send(event.id, Bytes("x"), 1));
        Pull(component, event.id).FetchAll();
      }
      if (of_first ? where == std::string("OnReceive") && static_cast<uint64_t>(event.total) >= kLimit
                   : where == std::string("OnReceive of another connection"))
        fetch();
    });
    std::atomic<size_t> told{0};
    component.events().Do(EventKind::kSend, [&](const Event& event) {
      if (event.id != first.load() || where != std::string("OnSend")) return;
      fetch();
      ++told;
    });
    component.MustStart();
    const Link link = component.Connect();
    first.store(link.id);
    const Link other = component.Connect();
    Thread sender([&] { EXPECT_TRUE(link->Send(message)); });
    if (where == std::string("OnReceive")) {
      // What stays below the limit is fetched by nobody.
      EXPECT_TRUE(RunUntil([&] { return size.load() + kLimit > message.size(); }));
    } else if (where == std::string("OnSend")) {
      for (size_t sent = 1; size.load() < message.size(); ++sent) {
        ASSERT_TRUE(component->Send(link.id, Bytes("x"), 1));
        ASSERT_EQ(link->Receive(1), "x");
        // Under SP_DIRECT the peer has its byte long before; OnSends that pile up would keep the worker.
        ASSERT_TRUE(RunUntil([&] { return told.load() == sent; }));
      }
    } else {
      while (size.load() < message.size()) {
        ASSERT_TRUE(other->Send("x"));
        ASSERT_EQ(other->Receive(1), "x");
        harness::LetOthersGoOn();  // a byte that is there already is nothing to wait for
      }
    }
    sender.Join();
    ASSERT_TRUE(component->Stop());
    EXPECT_TRUE(got == message.substr(0, got.size()));
  }
}

// Spec: decisions 4.3, decisions 4.8
TEST_P(TcpComplexPullLimit, NoticesThePeersCloseOnlyWhenTheRestWasOffered) {
  for (const size_t size : {size_t{kLimit}, size_t{kLimit} * 5}) {
    SCOPED_TRACE(size);
    ComplexUnderTest& component = LimitedComponent();
    std::mutex mutex;
    std::string got;
    component.events().Do(EventKind::kClose, [&](const Event& event) {
      std::lock_guard<std::mutex> lock(mutex);
      got += Pull(component, event.id).FetchAll();
    });
    component.MustStart();
    const Link link = component.Connect();
    const std::string message = Pattern(size);
    Thread sender([&] {
      EXPECT_TRUE(link->Send(message));
      link->HalfClose();
    });
    ASSERT_TRUE(Arrives(component, link.id, kLimit));
    LetAllWorkersGoRound(component);
    ExpectFullOnce(component, link.id, kLimit);
    EXPECT_EQ(component.events().log().CountEnds(link.id), 0u);
    // Little by little; the end comes when nothing of it can be missed, and OnClose has what is left.
    EXPECT_TRUE(RunUntil([&] {
      if (component.events().log().CountEnds(link.id) > 0) return true;
      std::lock_guard<std::mutex> lock(mutex);
      Pull(component, link.id).FetchTo(&got, kLimit / 4);
      return got.size() + kLimit / 4 > size;
    }));
    sender.Join();
    ASSERT_TRUE(Ended(component, link.id));
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, link.id), 1u);
    EXPECT_TRUE(got == message);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: decisions 4.3, decisions 4.8
TEST_P(TcpComplexPullLimit, NoticesThePeersResetWhenRoomIsMade) {
  ComplexUnderTest& component = LimitedComponent();
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Pattern(kLimit);
  ASSERT_TRUE(link->Send(message));
  ASSERT_TRUE(Arrives(component, link.id, kLimit));
  link->Reset();
  EXPECT_TRUE(Pull(component, link.id).Fetch(kLimit) == message);
  ASSERT_TRUE(Ended(component, link.id));
  EXPECT_EQ(component.events().log().Count(EventKind::kError, link.id), 1u);
}

// Spec: decisions 4.3
TEST_P(TcpComplexPullLimit, StaysApartFromPauseReceive) {
  ComplexUnderTest& component = LimitedComponent();
  component.MustStart();
  const Link link = component.Connect();
  const PullUnderTest pull = Pull(component, link.id);
  const std::string message =
      Pattern(32 * kLimit);  // more than the receives up to the second fill() can bring
  Thread sender([&] { EXPECT_TRUE(link->Send(message)); });
  std::string got;
  const auto receives = [&] { return component.events().log().Count(EventKind::kReceive, link.id); };
  const auto fill = [&] { return RunUntil([&] { return pull.Peek(kLimit).size() == kLimit; }); };
  ASSERT_TRUE(fill());
  LetAllWorkersGoRound(component);
  // Full and paused, then room: it is still paused.
  EXPECT_TRUE(component->PauseReceive(link.id, true));
  got += pull.FetchAll();
  size_t before = receives();
  LetAllWorkersGoRound(component);
  EXPECT_EQ(receives(), before);
  EXPECT_TRUE(component->PauseReceive(link.id, false));
  // Full and paused, then resumed: it is still full.
  ASSERT_TRUE(fill());
  LetAllWorkersGoRound(component);
  EXPECT_TRUE(component->PauseReceive(link.id, true));
  EXPECT_TRUE(component->PauseReceive(link.id, false));
  before = receives();
  LetAllWorkersGoRound(component);
  EXPECT_EQ(receives(), before);
  EXPECT_TRUE(RunUntil([&] {
    got += pull.FetchAll();
    return got.size() >= message.size();
  }));
  EXPECT_TRUE(got == message);
}

// Spec: decisions 4.3, decisions 4.4, api §6.3/5
TEST_P(TcpComplexPullLimit, DropsWhatItHasNotOfferedWhenOurSideCloses) {
  const std::vector<std::function<void(ComplexUnderTest&, CONNID)>> closes = {
      [](ComplexUnderTest& component, CONNID id) { EXPECT_TRUE(component->Disconnect(id)); },
      [](ComplexUnderTest& component, CONNID id) { EXPECT_TRUE(component->Disconnect(id, false)); },
      [](ComplexUnderTest& component, CONNID) { EXPECT_TRUE(component->Stop()); },
  };
  for (size_t i = 0; i < closes.size(); ++i) {
    SCOPED_TRACE(i);
    ComplexUnderTest& component = LimitedComponent();
    component->SetGracefulTimeout(100);
    std::string left;
    component.events().Do(EventKind::kClose, [&](const Event& event) {
      if (left.empty()) left = Pull(component, event.id).FetchAll();
    });
    component.MustStart();
    const Link link = component.Connect();
    const std::string message = Flood();
    Thread sender([&] { EXPECT_FALSE(link->Send(message)); });
    ASSERT_TRUE(Arrives(component, link.id, kLimit));
    closes[i](component, link.id);
    ASSERT_TRUE(Ended(component, link.id));
    sender.Join();
    ExpectFullOnce(component, link.id, kLimit);
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, link.id), 1u);
    EXPECT_TRUE(left == message.substr(0, left.size())) << "what was offered is there to the end";
    EXPECT_GE(left.size(), kLimit);
    component->Stop();
    EXPECT_EQ(Stats(component).leases, 0u);
    EXPECT_EQ(Stats(component).pool_bytes, 0u);
  }
}

// Spec: decisions 4.3, decisions 4.1
TEST_P(TcpComplexPullLimit, LosesNothingHoweverItIsFetchedAndPaused) {
  for (const uint64_t limit : {uint64_t{1}, uint64_t{500}, kLimit}) {
    SCOPED_TRACE(limit);
    ComplexUnderTest& component = LimitedComponent(limit);
    std::mutex mutex;
    std::string got;
    const auto fetch = [&](const PullUnderTest& pull, uint32_t number) {
      std::lock_guard<std::mutex> lock(mutex);
      for (size_t length = 1 + number % 30'000; length > 0; length /= 2) {
        if (pull.FetchTo(&got, length)) break;
      }
    };
    std::atomic<uint32_t> number{0};
    component.events().Do(EventKind::kReceive, [&](const Event& event) {
      const uint32_t now = number.fetch_add(1);
      if (now % 3 == 0) fetch(Pull(component, event.id), now * 7919);
      if (now % 5 == 0) component->PauseReceive(event.id, true);
    });
    component.MustStart();
    const Link link = component.Connect();
    const PullUnderTest pull = Pull(component, link.id);
    const std::string message = Pattern(Scaled(limit == 1 ? 400'000 : 3'000'000, 60'000));
    Thread sender([&] { EXPECT_TRUE(link->Send(message)); });
    std::vector<Thread> others;
    std::atomic<bool> done{false};
    for (uint32_t seed = 1; seed <= 3; ++seed) {
      others.emplace_back([&, seed] {
        std::minstd_rand random(seed);
        while (!done.load()) {
          fetch(pull, static_cast<uint32_t>(random()));
          component->PauseReceive(link.id, random() % 4 == 0);
          harness::LetOthersGoOn();
        }
      });
    }
    EXPECT_TRUE(RunUntil([&] {
      component->PauseReceive(link.id, false);
      std::lock_guard<std::mutex> lock(mutex);
      return got.size() >= message.size();
    }));
    done.store(true);
    others.clear();
    sender.Join();
    EXPECT_TRUE(got == message);
    ASSERT_TRUE(component->Stop());
  }
}

}  // namespace
}  // namespace hpsocket::conformance
