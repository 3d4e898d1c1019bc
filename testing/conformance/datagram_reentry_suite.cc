// Conformance: Start, Stop, Wait and destruction of UDP servers, clients and casts, inside their callbacks
// and beside them, by whoever it may be.
#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/recorder.h"
#include "hpsocket/testing/harness/start_stop_storm.h"
#include "hpsocket/testing/harness/stop_watch.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::DatagramPeer;
using harness::Effort;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Later;
using harness::LetOthersGoOn;
using harness::RunUntil;

// A component under test and a peer who speaks to it, so that a test is written once for the three.
class Datagrams {
 public:
  virtual ~Datagrams() = default;

  virtual harness::Recorder& events() = 0;
  // The component's; the connection, if any, is with the peer.
  virtual bool Start(bool async) = 0;
  virtual bool Stop() = 0;
  virtual bool Wait(int ms) = 0;
  virtual EnServiceState GetState() = 0;
  virtual EnSocketError GetLastError() = 0;
  virtual bool GetStats(HP_Stats& stats) = 0;
  // Makes an OnReceive come.
  virtual bool Speak() = 0;
  // Makes an OnSend come; to whom the server met last.
  virtual bool Send() = 0;
  virtual void Destroy() = 0;

  bool Start() { return Start(false); }
  bool SpeakAndBeHeard() {
    const size_t before = events().log().CountReturned(EventKind::kReceive);
    return Speak() && events().WaitForCount(EventKind::kReceive, before + 1);
  }
};

template <class UnderTest>
class DatagramsOf : public Datagrams {
 public:
  template <class Factory>
  explicit DatagramsOf(const Factory& factory) : under_test_(factory) {}

  harness::Recorder& events() override { return under_test_.events(); }
  bool Stop() override { return under_test_->Stop(); }
  bool Wait(int ms) override { return under_test_->Wait(ms); }
  EnServiceState GetState() override { return under_test_->GetState(); }
  EnSocketError GetLastError() override { return under_test_->GetLastError(); }
  bool GetStats(HP_Stats& stats) override { return under_test_->GetStats(stats); }
  void Destroy() override { under_test_.Destroy(); }

 protected:
  DatagramPeer& peer() { return *peer_; }

  const std::unique_ptr<DatagramPeer> peer_ = BindPeer(kLoopback);
  UnderTest under_test_;
};

class ServerAndPeer final : public DatagramsOf<UdpServerUnderTest> {
 public:
  using DatagramsOf::DatagramsOf;

  bool Start(bool) override { return under_test_->Start(kLoopback, port_); }
  bool Speak() override { return peer().SendTo(kLoopback, port_, "x"); }
  bool Send() override {
    CONNID id = 0;
    uint32_t count = 1;
    if (under_test_->GetAllConnectionIDs(&id, count)) return under_test_.Send(id, "x");
    return false;
  }

 private:
  const uint16_t port_ = FreePort();
};

class ClientAndPeer final : public DatagramsOf<UdpClientUnderTest> {
 public:
  using DatagramsOf::DatagramsOf;

  bool Start(bool async) override { return under_test_->Start(kLoopback, peer().port(), async); }
  bool Speak() override {
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    return under_test_->GetLocalAddress(address, room, port) && peer().SendTo(kLoopback, port, "x");
  }
  bool Send() override { return under_test_.Send("x"); }
};

class CastAndPeer final : public DatagramsOf<UdpCastUnderTest> {
 public:
  explicit CastAndPeer(const harness::UdpCastFactory& factory) : DatagramsOf(factory) {
    under_test_.udp().SetReuseAddress(true);
    under_test_.udp().SetBindAdddress(kLoopback);
  }

  bool Start(bool async) override { return under_test_->Start("233.0.0.1", port_, async); }
  bool Speak() override { return peer().SendTo(kLoopback, port_, "x"); }
  bool Send() override { return under_test_.Send("x"); }

 private:
  const uint16_t port_ = FreePort();
};

struct Kind {
  std::string name;
  bool server;
  bool connects_later;  // where it is asked to
  bool hears_itself;    // on the loopback interface
  std::function<std::unique_ptr<Datagrams>()> make;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds;
  for (const auto& each : harness::UdpServers())
    kinds.push_back(
        {each.name, true, false, false, [each] { return std::make_unique<ServerAndPeer>(each); }});
  for (const auto& each : harness::UdpClients())
    kinds.push_back(
        {each.name, false, true, false, [each] { return std::make_unique<ClientAndPeer>(each); }});
  for (const auto& each : harness::UdpCasts())
    kinds.push_back({each.name, false, false, true, [each] { return std::make_unique<CastAndPeer>(each); }});
  return kinds;
}

std::string NameOfKind(const ::testing::TestParamInfo<Kind>& info) { return info.param.name; }

class DatagramReentry : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
  }

  static std::unique_ptr<Datagrams> New() { return GetParam().make(); }
  static EventKind Prepares() {
    return GetParam().server ? EventKind::kPrepareListen : EventKind::kPrepareConnect;
  }
  static EventKind Begins() { return GetParam().server ? EventKind::kAccept : EventKind::kConnect; }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DatagramReentry);
INSTANTIATE_TEST_SUITE_P(Conformance, DatagramReentry, ::testing::ValuesIn(Kinds()), NameOfKind);

// Spec: decisions 2.4, decisions 2.6
TEST_P(DatagramReentry, FailsTheStartThatItsOwnEventStops) {
  std::vector<EventKind> kinds = {Prepares()};
  if (!GetParam().server) kinds.push_back(EventKind::kConnect);
  for (const EventKind kind : kinds) {
    SCOPED_TRACE(harness::ToString(kind));
    const std::unique_ptr<Datagrams> subject = New();
    subject->events().DoOnce(kind, [&](const Event&) {
      EXPECT_TRUE(subject->Stop());
      EXPECT_FALSE(subject->Stop()) << "the second of two";
      EXPECT_EQ(subject->GetLastError(), SE_ILLEGAL_STATE);
    });
    errno = 0;
    EXPECT_FALSE(subject->Start());
    EXPECT_EQ(errno, ECANCELED);
    EXPECT_EQ(subject->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_TRUE(subject->Wait(harness::kPatienceMs));
    EXPECT_EQ(subject->GetState(), SS_STOPPED);
    EXPECT_EQ(subject->events().log().CountEnds(), 0u);
    EXPECT_TRUE(subject->Start()) << "nothing is left behind";
    EXPECT_TRUE(subject->SpeakAndBeHeard());
  }
}

// Spec: api §6.1/7, decisions 2.4, decisions 2.7, §4.2/2
TEST_P(DatagramReentry, StopsAsynchronouslyInsideItsEvents) {
  std::vector<EventKind> kinds = {EventKind::kReceive, EventKind::kSend};
  if (GetParam().server || GetParam().connects_later) kinds.push_back(Begins());
  for (const EventKind kind : kinds) {
    SCOPED_TRACE(harness::ToString(kind));
    const std::unique_ptr<Datagrams> subject = New();
    std::thread::id worker;
    subject->events().DoOnce(kind, [&](const Event& event) {
      worker = event.thread;
      EXPECT_TRUE(subject->Stop());
      EXPECT_EQ(subject->GetState(), SS_STOPPING);
      EXPECT_FALSE(subject->Stop()) << "the second of two";
      EXPECT_EQ(subject->GetLastError(), SE_ILLEGAL_STATE);
      EXPECT_EQ(subject->events().log().CountEnds(), 0u) << "never inside Stop";
    });
    ASSERT_TRUE(subject->Start(kind == EventKind::kConnect));
    // What an asynchronous Start has not come to yet is not spoken to.
    if (kind != EventKind::kConnect) subject->Speak();
    if (kind == EventKind::kSend) {
      ASSERT_TRUE(subject->events().WaitForCount(EventKind::kReceive, 1));
      ASSERT_TRUE(subject->Send());
    }
    ASSERT_TRUE(subject->Wait(harness::kPatienceMs));
    const EventLog log = subject->events().log();
    EXPECT_EQ(log.Count(EventKind::kClose), 1u);
    EXPECT_EQ(log.CountEnds(), 1u);
    EXPECT_EQ(log.Last()->kind, GetParam().server ? EventKind::kShutdown : EventKind::kClose);
    if (!GetParam().server) {
      EXPECT_EQ(log.Last()->thread, worker) << "on its own thread";
    }
    EXPECT_TRUE(subject->Start());
  }
}

// Refused when a Stop is what has ended the session, else taken: a server goes on, a client has not begun
// to stop.
// Spec: decisions 2.4, decisions 2.7
TEST_P(DatagramReentry, SurvivesAStopInsideItsLastEvent) {
  for (const bool refuses : {false, true}) {
    const std::unique_ptr<Datagrams> subject = New();
    for (const EventKind kind : {EventKind::kClose, EventKind::kError}) {
      subject->events().Do(kind, [&](const Event&) {
        EXPECT_EQ(subject->Stop(), refuses);
        EXPECT_FALSE(subject->Stop());
        EXPECT_EQ(subject->GetLastError(), SE_ILLEGAL_STATE);
      });
    }
    ASSERT_TRUE(subject->Start());
    ASSERT_TRUE(subject->SpeakAndBeHeard());
    if (refuses) {
      subject->events().React(EventKind::kReceive, [](const Event&) { return HR_ERROR; });
      ASSERT_TRUE(subject->Speak());
    } else {
      EXPECT_TRUE(subject->Stop());
    }
    ASSERT_TRUE(subject->Wait(harness::kPatienceMs));
    EXPECT_EQ(subject->GetState(), SS_STOPPED);
    EXPECT_EQ(subject->events().log().CountEnds(), 1u);
    EXPECT_EQ(subject->events().log().Count(EventKind::kError), refuses ? 1u : 0u);
  }
}

// Spec: api §6.1/7, decisions 2.4, §4.2/2
TEST_P(DatagramReentry, RefusesToStartAndToWaitInsideEveryEvent) {
  for (const bool async : {false, true}) {
    const std::unique_ptr<Datagrams> subject = New();
    std::atomic<size_t> seen{0};
    for (const EventKind kind : {EventKind::kPrepareListen, EventKind::kAccept, EventKind::kPrepareConnect,
                                 EventKind::kConnect, EventKind::kReceive, EventKind::kSend,
                                 EventKind::kClose, EventKind::kError, EventKind::kShutdown}) {
      subject->events().Do(kind, [&](const Event&) {
        EXPECT_FALSE(subject->Start());
        EXPECT_EQ(subject->GetLastError(), SE_ILLEGAL_STATE);
        EXPECT_FALSE(subject->Wait(-1));
        EXPECT_EQ(subject->GetLastError(), SE_ILLEGAL_STATE);
        EXPECT_FALSE(subject->Wait(0));
        seen.fetch_add(1);
      });
    }
    ASSERT_TRUE(subject->Start(async));
    ASSERT_TRUE(RunUntil([&] { return subject->GetState() == SS_STARTED; }));
    ASSERT_TRUE(subject->SpeakAndBeHeard());
    ASSERT_TRUE(subject->Send());
    ASSERT_TRUE(subject->events().WaitForCount(EventKind::kSend, 1));
    const size_t heard = GetParam().hears_itself ? 2 : 1;
    ASSERT_TRUE(subject->events().WaitForCount(EventKind::kReceive, heard));
    ASSERT_TRUE(subject->Stop());
    EXPECT_EQ(seen.load(), subject->events().size());
    EXPECT_EQ(subject->events().size(), (GetParam().server ? 5u : 4u) + heard);
  }
}

// Spec: decisions 2.4, decisions 2.5, decisions 3.5
TEST_P(DatagramReentry, WaitsForARunningCallbackWhenItStops) {
  const std::unique_ptr<Datagrams> subject = New();
  EXPECT_TRUE(subject->Wait(0)) << "never started";
  Gate gate;
  subject->events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  ASSERT_TRUE(subject->Start());
  ASSERT_TRUE(subject->Speak());
  ASSERT_TRUE(
      subject->events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  Later<bool> stop = Async([&] { return subject->Stop(); });
  ASSERT_TRUE(RunUntil([&] { return subject->GetState() == SS_STOPPING; }));
  Later<bool> wait = Async([&] { return subject->Wait(-1); });
  EXPECT_FALSE(subject->Stop());
  EXPECT_EQ(subject->events().log().Count(EventKind::kShutdown), 0u);
  EXPECT_FALSE(subject->Wait(0));
  gate.Open();
  EXPECT_TRUE(stop.Get());
  EXPECT_TRUE(wait.Get());
  EXPECT_EQ(subject->GetState(), SS_STOPPED);
  EXPECT_EQ(subject->events().log().CountEnds(), 1u);
}

// Spec: decisions 2.4, decisions 2.5
TEST_P(DatagramReentry, StopsAndDestroysAnotherSynchronouslyInsideACallback) {
  for (const bool destroys : {false, true}) {
    const std::unique_ptr<Datagrams> other = New();
    const std::unique_ptr<Datagrams> subject = New();
    std::thread::id worker;
    ASSERT_TRUE(other->Start());
    ASSERT_TRUE(other->SpeakAndBeHeard());
    subject->events().DoOnce(EventKind::kReceive, [&](const Event& event) {
      worker = event.thread;
      if (destroys) {
        other->Destroy();
      } else {
        EXPECT_TRUE(other->Stop());
        EXPECT_EQ(other->GetState(), SS_STOPPED);
      }
      EXPECT_EQ(other->events().log().Count(EventKind::kClose), 1u);
    });
    ASSERT_TRUE(subject->Start());
    ASSERT_TRUE(subject->SpeakAndBeHeard());
    EXPECT_EQ(other->events().log().Last()->thread, worker) << "the last event comes on the caller of Stop";
    EXPECT_EQ(subject->GetState(), SS_STARTED);
  }
}

// Spec: decisions 2.4
TEST_P(DatagramReentry, DoesNotDeadlockWhenTheyStopEachOther) {
  const std::unique_ptr<Datagrams> first = New();
  const std::unique_ptr<Datagrams> second = New();
  std::atomic<int> inside{0};
  Gate both;
  const auto stop = [&](Datagrams& other) {
    return [&](const Event&) {
      if (inside.fetch_add(1) == 1) both.Open();
      EXPECT_TRUE(both.Pass());
      EXPECT_TRUE(other.Stop());
    };
  };
  first->events().DoOnce(EventKind::kReceive, stop(*second));
  second->events().DoOnce(EventKind::kReceive, stop(*first));
  for (Datagrams* const each : {first.get(), second.get()}) {
    ASSERT_TRUE(each->Start());
    ASSERT_TRUE(each->Speak());
  }
  for (Datagrams* const each : {first.get(), second.get()}) {
    ASSERT_TRUE(each->events().WaitForCount(EventKind::kReceive, 1));
    ASSERT_TRUE(each->Wait(harness::kPatienceMs));
    EXPECT_EQ(each->events().log().CountEnds(), 1u);
  }
}

class DatagramStorm : public DatagramReentry {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DatagramStorm);
INSTANTIATE_TEST_SUITE_P(Conformance, DatagramStorm, ::testing::ValuesIn(Kinds()), NameOfKind);

// Some start it, some stop it, some send with it and to it.
// Spec: fault 13, decisions 2.4, decisions 3.3
TEST_P(DatagramStorm, IsStartedStoppedAndSentWithByEverybodyAtOnce) {
  const std::unique_ptr<Datagrams> subject = New();
  harness::StopWatch watch;
  {
    const harness::StartStopStorm storm(Effort("HPSOCKET_STORMS", 50),
                                        {.start = [&](bool async) { return subject->Start(async); },
                                         .stop =
                                             [&] {
                                               watch.Time([&] { return subject->Stop(); });
                                               subject->Wait(1);
                                             },
                                         .state = [&] { return subject->GetState(); }});
    while (!storm.over()) {
      LetOthersGoOn();
      subject->Speak();
      errno = 0;
      if (!subject->Send() && errno == 0) ADD_FAILURE() << "false without errno";
    }
  }
  watch.Time([&] { return subject->Stop(); });
  ASSERT_TRUE(subject->Wait(harness::kPatienceMs));
  HP_Stats stats;
  ASSERT_TRUE(subject->GetStats(stats));
  EXPECT_EQ(stats.connections, 0u);
  EXPECT_EQ(stats.pending_bytes, 0u);
  EXPECT_EQ(stats.pool_bytes, 0u);
  const EventLog log = subject->events().log();
  for (const CONNID id : log.Ids()) EXPECT_LE(log.CountEnds(id), 1u) << id;
}

// Spec: decisions 2.5
TEST_P(DatagramStorm, IsDestroyedByWhicheverThread) {
  for (int round = 0; round < Effort("HPSOCKET_STORMS", 50); ++round) {
    const std::unique_ptr<Datagrams> subject = New();
    harness::Thread([&] { EXPECT_TRUE(subject->Start(round % 2 == 0)); }).Join();
    subject->Speak();
    subject->Send();
    harness::Thread([&] { subject->Destroy(); }).Join();
    EXPECT_LE(subject->events().log().CountEnds(), 1u);
    EXPECT_EQ(subject->events().running(), 0u);
  }
}

class DatagramReentryDeathTest : public DatagramReentry {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DatagramReentryDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, DatagramReentryDeathTest, ::testing::ValuesIn(Kinds()), NameOfKind);

// Spec: decisions 2.5
TEST_P(DatagramReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideItsOwnCallback) {
  EXPECT_DEATH(
      {
        const std::unique_ptr<Datagrams> subject = New();
        subject->events().Do(EventKind::kReceive, [&](const Event&) { subject->Destroy(); });
        subject->Start();
        subject->SpeakAndBeHeard();
      },
      "destroyed inside");
}

}  // namespace
}  // namespace hpsocket::conformance
