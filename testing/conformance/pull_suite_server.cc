// Conformance: what can be fetched from a PULL server or agent, when and by whom.
#include <atomic>
#include <cerrno>
#include <climits>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/pull_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::RunUntil;
using harness::Scaled;
using harness::StreamEnd;
using harness::Thread;

class TcpComplexPull : public PullTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPull);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPull, ::testing::ValuesIn(PullTcpComplexes()), ComplexName);

// Spec: §2.1.1, api §6.8/3, api §6.8/6, decisions 4.1
TEST_P(TcpComplexPull, SaysWithEveryOnReceiveHowMuchCanBeFetched) {
  ComplexUnderTest& component = PullComponent();
  component.tcp().SetSocketBufferSize(64);
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Pattern(40'000);
  ASSERT_TRUE(SendInPieces(*link.peer, message, 1, 5000));
  ASSERT_TRUE(Arrives(component, link.id, message.size()));
  int total = 0;
  size_t events = 0;
  for (const Event& event : component.events().log().events()) {
    if (event.kind != EventKind::kReceive) continue;
    EXPECT_GT(event.total, total) << "each brings something, and all before is still there";
    EXPECT_EQ(event.bytes, nullptr);
    EXPECT_TRUE(event.data.empty()) << "the PUSH overload was called";
    total = event.total;
    ++events;
  }
  // SocketBufferSize is for PUSH: a read is not cut.
  EXPECT_LT(events, Scaled(message.size() / 64, message.size()));
  EXPECT_EQ(Pull(component, link.id).Fetch(message.size()), message);
  ASSERT_TRUE(link->Send("more"));
  EXPECT_TRUE(Arrives(component, link.id, 4)) << "what was fetched is not counted any more";
}

// Spec: §2.1.1, api §2.11, api §6.8/4, decisions 4.1, C20
TEST_P(TcpComplexPull, GivesExactlyWhatIsAskedForOrNothing) {
  ComplexUnderTest& component = StartedPullComponent();
  const Link link = component.Connect();
  const PullUnderTest pull = Pull(component, link.id);
  ASSERT_TRUE(RunUntil([&] { return pull.Fetch(0).empty(); })) << "the opening event has returned";
  EXPECT_EQ(pull.Fetch(1), kTooLong);
  EXPECT_EQ(pull.Peek(1), kTooLong);
  ASSERT_TRUE(link->Send("hello world"));
  ASSERT_TRUE(Arrives(component, link.id, 11));
  EXPECT_EQ(pull.Peek(5), "hello");
  EXPECT_EQ(pull.Peek(11), "hello world") << "Peek takes nothing away";
  EXPECT_EQ(pull.Fetch(12), kTooLong);
  EXPECT_EQ(pull.Peek(12), kTooLong);
  EXPECT_EQ(pull.Fetch(6), "hello ");
  EXPECT_EQ(pull.Fetch(6), kTooLong);
  EXPECT_EQ(pull.Peek(5), "world");
  EXPECT_EQ(pull.Fetch(0), "");
  EXPECT_EQ(pull.Peek(0), "");
  EXPECT_EQ(pull.Fetch(5), "world");
  EXPECT_EQ(pull.Fetch(1), kTooLong);
  EXPECT_EQ(pull.Fetch(0), "");
}

// Spec: decisions 4.1, decisions 8.4/2, decisions 8.4/3
TEST_P(TcpComplexPull, RefusesArgumentsThatMakeNoSense) {
  ComplexUnderTest& component = StartedPullComponent();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("abc"));
  ASSERT_TRUE(Arrives(component, link.id, 3));
  uint8_t byte = 0;
  const uint8_t* data = nullptr;
  int length = 0;
  int position = 0;
  for (const CONNID id : {link.id, link.id + 1000, CONNID{0}}) {
    SCOPED_TRACE(id);
    const PullUnderTest pull = Pull(component, id);
    const std::vector<std::function<EnFetchResult()>> calls = {
        [&] { return pull.Fetch(nullptr, 1); },
        [&] { return pull.Peek(nullptr, 1); },
        [&] { return pull.Fetch(&byte, -1); },
        [&] { return pull.Peek(&byte, -1); },
        [&] { return pull.Fetch(&byte, INT_MIN); },
        [&] { return pull.Peek(nullptr, INT_MIN); },
        [&] { return pull.PeekSpan(nullptr, &length); },
        [&] { return pull.PeekSpan(&data, nullptr); },
        [&] { return pull.Find(nullptr, 1, 0, &position); },
        [&] { return pull.Find(Bytes("a"), 0, 0, &position); },
        [&] { return pull.Find(Bytes("a"), -1, 0, &position); },
        [&] { return pull.Find(Bytes("a"), 1, -1, &position); },
        [&] { return pull.Find(Bytes("a"), 1, 0, nullptr); },
    };
    for (size_t i = 0; i < calls.size(); ++i) {
      errno = 0;
      EXPECT_EQ(calls[i](), FR_DATA_NOT_FOUND) << i;
      EXPECT_EQ(errno, EINVAL) << i;
    }
  }
  const PullUnderTest pull = Pull(component, link.id);
  EXPECT_EQ(pull.Fetch(nullptr, 0), FR_OK) << "nothing is copied to there";
  EXPECT_EQ(pull.Fetch(&byte, INT_MAX), FR_LENGTH_TOO_LONG);
  EXPECT_EQ(pull.Peek(&byte, INT_MAX), FR_LENGTH_TOO_LONG);
  EXPECT_EQ(pull.Fetch(3), "abc") << "nothing was removed";
  EXPECT_EQ(component->GetLastError(), SE_OK);
}

// Spec: api §2.11, api §6.8/5, decisions 4.1, C20
TEST_P(TcpComplexPull, HasNothingUnlessTheOpeningEventHasReturned) {
  ComplexUnderTest& component = PullComponent();
  Gate gate;
  std::atomic<CONNID> id{0};
  component.events().Do(component.opening(), [&](const Event& event) {
    EXPECT_TRUE(Pull(component, event.id).IsUnknown());
    EXPECT_EQ(Pull(component, event.id).Fetch(0), kNotFound);
    id.store(event.id);
    EXPECT_TRUE(gate.Pass());
  });
  EXPECT_TRUE(Pull(component, 1).IsUnknown()) << "it has not been started";
  component.MustStart();
  EXPECT_TRUE(Pull(component, 0).IsUnknown());
  EXPECT_TRUE(Pull(component, 1'000'000).IsUnknown());
  const auto peer = component.NewPeer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("early"));
  ASSERT_TRUE(RunUntil([&] { return id.load() != 0; }));
  EXPECT_TRUE(Pull(component, id).IsUnknown()) << "from another thread";
  gate.Open();
  ASSERT_TRUE(Arrives(component, id, 5));
  EXPECT_EQ(Pull(component, id).Fetch(5), "early");
}

// However a connection ends, what has arrived is there in its last event and gone after it.
// Spec: api §6.3/7, api §6.8/5, decisions 4.1, C20
TEST_P(TcpComplexPull, KeepsItsBytesUntilTheLastEventHasReturned) {
  using Close = std::function<void(ComplexUnderTest&, const Link&)>;
  const std::vector<std::pair<EventKind, Close>> closes = {
      {EventKind::kClose, [](ComplexUnderTest&, const Link& link) { link->HalfClose(); }},
      {EventKind::kError, [](ComplexUnderTest&, const Link& link) { link->Reset(); }},
      {EventKind::kClose,
       [](ComplexUnderTest& component, const Link& link) { component->Disconnect(link.id); }},
      {EventKind::kClose,
       [](ComplexUnderTest& component, const Link& link) {
         component->Disconnect(link.id, false);
         link->HalfClose();
       }},
      {EventKind::kClose, [](ComplexUnderTest& component, const Link&) { component->Stop(); }},
  };
  for (size_t i = 0; i < closes.size(); ++i) {
    SCOPED_TRACE(i);
    const auto& [kind, close] = closes[i];
    ComplexUnderTest& component = PullComponent();
    std::atomic<int> checked{0};
    component.events().Do(kind, [&](const Event& event) {
      const PullUnderTest pull = Pull(component, event.id);
      int position = -1;
      EXPECT_EQ(pull.Find("me", 0, &position), FR_OK);
      EXPECT_EQ(position, 6);
      EXPECT_EQ(pull.Span(), kNotFound) << "that is for OnReceive";
      EXPECT_EQ(pull.Peek(5), "fetch");
      EXPECT_EQ(pull.Fetch(6), "fetch ");
      EXPECT_EQ(pull.Fetch(3), kTooLong);
      EXPECT_EQ(pull.Fetch(1), "m") << "one stays";
      ++checked;
    });
    component.MustStart();
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send("fetch me"));
    ASSERT_TRUE(Arrives(component, link.id, 8));
    close(component, link);
    ASSERT_TRUE(Ended(component, link.id));
    EXPECT_EQ(checked.load(), 1);
    EXPECT_TRUE(RunUntil([&] { return component->GetConnectionCount() == 0; }));
    EXPECT_TRUE(Pull(component, link.id).IsUnknown());
    EXPECT_EQ(Pull(component, link.id).Fetch(0), kNotFound);
    component->Stop();
    EXPECT_TRUE(Pull(component, link.id).IsUnknown());
  }
}

// Spec: §1.4, api §3.2/2, decisions 2.8, decisions 4.3, C07
TEST_P(TcpComplexPull, EndsTheConnectionWhoseOnReceiveFails) {
  for (const bool by_exception : {false, true}) {
    ComplexUnderTest& component = PullComponent();
    component.events().React(EventKind::kReceive, [&](const Event& event) -> EnHandleResult {
      EXPECT_EQ(Pull(component, event.id).Fetch(1).size(), 1u);
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    std::atomic<size_t> left{0};
    component.events().Do(EventKind::kError, [&](const Event& event) {
      EXPECT_EQ(event.operation, SO_RECEIVE);
      EXPECT_EQ(event.error, ECANCELED);
      left.store(Pull(component, event.id).FetchAll().size());
    });
    component.MustStart();
    const Link link = component.Connect();
    link->Send(Pattern(400'000));
    ASSERT_TRUE(Ended(component, link.id));
    EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
    const EventLog log = component.events().log();
    ASSERT_EQ(log.Count(EventKind::kReceive, link.id), 1u);
    EXPECT_EQ(log.Count(EventKind::kError, link.id), 1u);
    EXPECT_EQ(left.load() + 1, static_cast<size_t>(log.First(EventKind::kReceive)->total))
        << "what came later is dropped";
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: §2.1.1, api §6.8/4, decisions 4.1, C20, §4.2/8
TEST_P(TcpComplexPull, ReadsMessagesWithHeadersHoweverTheStreamIsCut) {
  constexpr size_t kPeers = 4;
  ComplexUnderTest& component = PullComponent();
  std::map<CONNID, PullParser> parsers;  // one worker each, and made before React publishes them
  std::map<CONNID, std::vector<std::string>> got;
  component.MustStart();
  std::vector<Link> links;
  for (size_t i = 0; i < kPeers; ++i) {
    links.push_back(component.Connect());
    parsers[links.back().id];
    got[links.back().id];
  }
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    std::vector<std::string>& bodies = got.at(event.id);
    const bool parsed =
        parsers.at(event.id).Parse(Pull(component, event.id), event.total, [&](std::string body) {
          EXPECT_TRUE(component->Send(event.id, Bytes(body), Length(body)));
          bodies.push_back(std::move(body));
        });
    return parsed ? HR_OK : HR_ERROR;
  });
  std::vector<std::vector<std::string>> sent(kPeers);
  std::vector<Thread> threads;
  for (size_t i = 0; i < kPeers; ++i) {
    threads.emplace_back([&, i] {
      std::minstd_rand random(static_cast<uint32_t>(i + 1));
      std::string stream;
      std::string echo;
      for (size_t message = 0; message < Scaled(300, 40); ++message) {
        // Some are empty, one is larger than every buffer on its way.
        const size_t size = message == 20 ? Scaled(5 << 20, 300'000) : random() % (message % 9 * 700 + 1);
        sent[i].push_back(Pattern(size, static_cast<uint32_t>(message)));
        stream += WithHeader(sent[i].back());
        echo += sent[i].back();
      }
      Thread reader([&] { EXPECT_TRUE(links[i]->Receive(echo.size()) == echo); });
      EXPECT_TRUE(SendInPieces(*links[i].peer, stream, static_cast<uint32_t>(i + 1), Scaled(60'000, 9000)));
    });
  }
  threads.clear();
  for (size_t i = 0; i < kPeers; ++i) {
    EXPECT_TRUE(Pull(component, links[i].id).Fetch(1) == kTooLong) << "all of it was taken";
  }
  ASSERT_TRUE(component->Stop());
  for (size_t i = 0; i < kPeers; ++i) EXPECT_TRUE(got.at(links[i].id) == sent[i]) << i;
}

// Spec: api §6.8/4, decisions 4.1, decisions 3.3
TEST_P(TcpComplexPull, GivesEachByteToOneOfEightThreads) {
  constexpr size_t kRecord = 4;
  const uint32_t records = static_cast<uint32_t>(Scaled(50'000, 4'000));
  ComplexUnderTest& component = StartedPullComponent();
  const Link link = component.Connect();
  const PullUnderTest pull = Pull(component, link.id);
  // Until OnAccept has returned there is no data to be found, not even too little.
  ASSERT_TRUE(RunUntil([&] { return pull.Fetch(1) == kTooLong; }));
  std::string stream;
  for (uint32_t i = 0; i < records; ++i) {
    for (size_t byte = 0; byte < kRecord; ++byte) stream += static_cast<char>(i >> (8 * byte));
  }
  std::atomic<uint32_t> fetched{0};
  std::vector<std::vector<uint32_t>> of_thread(8);
  std::vector<Thread> threads;
  for (std::vector<uint32_t>& mine : of_thread) {
    threads.emplace_back([&] {
      while (fetched.load() < records) {
        uint8_t record[kRecord];
        const EnFetchResult result = pull.Fetch(record, kRecord);
        if (result != FR_OK) {
          EXPECT_EQ(result, FR_LENGTH_TOO_LONG);
          harness::LetOthersGoOn();
          continue;
        }
        uint32_t number = 0;
        for (size_t byte = 0; byte < kRecord; ++byte) number |= uint32_t{record[byte]} << (8 * byte);
        mine.push_back(number);
        ++fetched;
      }
    });
  }
  // Records in pieces would let a thread begin in the middle of one: Fetch takes four bytes or none.
  EXPECT_TRUE(SendInPieces(*link.peer, stream, 3, Scaled(20'000, 3000)));
  threads.clear();
  std::vector<int> times(records);
  for (const std::vector<uint32_t>& mine : of_thread) {
    for (size_t i = 0; i < mine.size(); ++i) {
      ASSERT_LT(mine[i], records);
      ++times[mine[i]];
      if (i > 0) {
        ASSERT_GT(mine[i], mine[i - 1]) << "in the order in which they came";
      }
    }
  }
  for (uint32_t i = 0; i < records; ++i) ASSERT_EQ(times[i], 1) << i;
  EXPECT_EQ(pull.Fetch(1), kTooLong);
}

// Spec: §2.1.3, api §6.8/5, decisions 3.2, decisions 4.1
TEST_P(TcpComplexPull, LetsOnCloseFetchWhatAnOvertakenOnReceiveHasLeft) {
  for (const EnRecvPolicy policy : {RP_PARALLEL, RP_SERIAL}) {
    SCOPED_TRACE(policy);
    const bool overtakes = policy == RP_PARALLEL;
    ComplexUnderTest& component = PullComponent();
    component->SetRecvPolicy(policy);
    component->SetWorkerThreadCount(2);
    Gate gate;
    std::atomic<bool> waiting{false};
    std::atomic<bool> checked{false};
    component.events().Do(EventKind::kReceive, [&](const Event& event) {
      const PullUnderTest pull = Pull(component, event.id);
      if (event.total < 10) return;
      EXPECT_EQ(pull.Fetch(4), "some");
      waiting.store(true);
      EXPECT_TRUE(gate.Pass());
      if (overtakes) {
        EXPECT_TRUE(pull.IsUnknown());
      } else {
        EXPECT_EQ(pull.Span()[0], ' ') << "it is closing, and not yet closed";
        EXPECT_EQ(pull.Fetch(1), " ");
      }
      checked.store(true);
    });
    component.events().Do(EventKind::kClose, [&](const Event& event) {
      const PullUnderTest pull = Pull(component, event.id);
      EXPECT_EQ(pull.Peek(5), overtakes ? " byte" : "bytes");
      EXPECT_EQ(pull.Span(), kNotFound);
      EXPECT_EQ(pull.FetchAll(), overtakes ? " bytes" : "bytes");
    });
    component.MustStart();
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send("some bytes"));
    ASSERT_TRUE(RunUntil([&] { return waiting.load(); }));
    EXPECT_TRUE(component->Disconnect(link.id));
    if (overtakes) {
      EXPECT_TRUE(Ended(component, link.id));
      EXPECT_TRUE(component.CountBecomes(0));
    }
    gate.Open();
    EXPECT_TRUE(RunUntil([&] { return checked.load(); }));
    ASSERT_TRUE(component->Stop());
  }
}

// OnClose overtakes, fetches and returns while OnReceive fetches, too: each byte goes to one of them.
// Spec: decisions 3.2, decisions 4.1
TEST_P(TcpComplexPull, GivesEachByteOnceThoughOnCloseRacesWithOnReceive) {
  ComplexUnderTest& component = PullComponent();
  component->SetRecvPolicy(RP_PARALLEL);
  component->SetWorkerThreadCount(4);
  constexpr size_t kRecord = 7;
  std::mutex mutex;
  std::set<std::string> fetched;
  const auto fetch_some = [&](const Event& event) {
    const PullUnderTest pull = Pull(component, event.id);
    for (;;) {
      const std::string record = pull.Fetch(kRecord);
      if (record.size() != kRecord) break;
      std::lock_guard<std::mutex> lock(mutex);
      EXPECT_TRUE(fetched.insert(record).second) << record << " came twice";
    }
  };
  component.events().Do(EventKind::kReceive, fetch_some);
  component.events().Do(EventKind::kClose, fetch_some);
  component.MustStart();
  int number = 0;
  for (int round = 0; round < 60; ++round) {
    const Link link = component.Connect();
    Thread closer([&, round] {
      const auto has_come = [&](const EventLog& log) { return log.Count(EventKind::kReceive, link.id) > 0; };
      if (round % 3 != 0) component.events().WaitFor(has_come);
      component->Disconnect(link.id);
    });
    std::string records;
    for (int i = 0; i < 1000; ++i) records += std::to_string(1'000'000 + number++);
    link->Send(records);
    closer.Join();
    EXPECT_TRUE(Ended(component, link.id));
  }
  ASSERT_TRUE(component->Stop());
  for (const std::string& record : fetched) {
    EXPECT_EQ(record[0], '1') << record << " is no record";
    EXPECT_LT(std::stoi(record), 1'000'000 + number);
  }
}

// Spec: decisions 4.3, decisions 2.5
TEST_P(TcpComplexPull, GivesItsMemoryBack) {
  constexpr int kRounds = 16;
  ComplexUnderTest& component = StartedPullComponent();
  const std::string message = Pattern(Scaled(4 << 20, 500'000));
  for (int round = 0; round < kRounds; ++round) {
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send(message));
    ASSERT_TRUE(Arrives(component, link.id, message.size()));
    EXPECT_GE(Stats(component).pool_bytes, message.size());
    if (round % 2 == 0) {
      EXPECT_TRUE(Pull(component, link.id).Fetch(message.size()) == message);
    }
    link->Close();
    ASSERT_TRUE(Ended(component, link.id));
  }
  ASSERT_TRUE(component.CountBecomes(0));
  // What is kept for later use is less than what went through.
  EXPECT_LT(Stats(component).pool_bytes, kRounds / 2 * message.size());
  EXPECT_TRUE(RunUntil([&] { return Stats(component).leases == 0 && Stats(component).pool_buffers == 0; }));
  ASSERT_TRUE(component->Stop());
  const HP_Stats stats = Stats(component);
  EXPECT_EQ(stats.pool_bytes, 0u);
  EXPECT_EQ(stats.pool_buffers, 0u);
  EXPECT_EQ(stats.leases, 0u);
}

}  // namespace
}  // namespace hpsocket::conformance
