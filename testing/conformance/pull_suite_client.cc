// Conformance: what can be fetched from a PULL client, when and by whom. What it shares with servers and
// agents is proven there; here, that a client keeps it too, over its own ways of starting and stopping.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
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
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::Scaled;
using harness::StreamEnd;
using harness::Thread;

class TcpClientPull : public ClientTest {
 protected:
  // What arrives stays there until the test fetches it.
  ClientUnderTest& PullClient() {
    ClientUnderTest& client = NewClient();
    client.events().FetchFrom(nullptr);
    return client;
  }
  static PullUnderTest Pull(ClientUnderTest& client) { return PullUnderTest(*client.tcp().pull()); }
  // Whether an OnReceive with this total, or a larger one, comes or has come, and has returned.
  static bool Arrives(ClientUnderTest& client, size_t total) {
    const CONNID id = client->GetConnectionID();
    return client.events().WaitFor([&](const EventLog& log) {
      return std::any_of(log.events().begin(), log.events().end(), [&](const Event& event) {
        return event.kind == EventKind::kReceive && event.id == id && event.returned &&
               static_cast<size_t>(event.total) >= total;
      });
    });
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientPull);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientPull, ::testing::ValuesIn(harness::PullTcpClients()),
                         ClientName);

// Spec: §2.1.1, api §2.11, api §6.8/3, api §6.8/6, decisions 4.1, C20
TEST_P(TcpClientPull, GivesExactlyWhatIsAskedForOrNothing) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    ClientUnderTest& client = PullClient();
    const std::unique_ptr<Peer> peer = client.Connect(listener, async);
    const PullUnderTest pull = Pull(client);
    ASSERT_TRUE(RunUntil([&] { return pull.Fetch(0).empty(); })) << "OnConnect has returned";
    EXPECT_EQ(pull.Fetch(1), kTooLong);
    ASSERT_TRUE(peer->Send("hello "));
    ASSERT_TRUE(Arrives(client, 6));
    ASSERT_TRUE(peer->Send("world"));
    ASSERT_TRUE(Arrives(client, 11)) << "nothing was fetched between";
    for (const Event& event : client.events().log().events()) EXPECT_TRUE(event.data.empty());
    EXPECT_EQ(pull.Peek(11), "hello world");
    EXPECT_EQ(pull.Fetch(12), kTooLong);
    EXPECT_EQ(pull.Fetch(6), "hello ");
    EXPECT_EQ(pull.Peek(6), kTooLong);
    EXPECT_EQ(pull.Peek(0), "");
    EXPECT_EQ(pull.Span(), kNotFound) << "not inside OnReceive";
    int position = -1;
    EXPECT_EQ(pull.Find("ld", 0, &position), FR_OK);
    EXPECT_EQ(position, 3);
    uint8_t byte = 0;
    for (const auto& call : std::vector<std::function<EnFetchResult()>>{
             [&] { return pull.Fetch(nullptr, 1); }, [&] { return pull.Peek(&byte, -1); },
             [&] { return pull.PeekSpan(nullptr, nullptr); }, [&] { return pull.Find("", 0, &position); }}) {
      errno = 0;
      EXPECT_EQ(call(), FR_DATA_NOT_FOUND);
      EXPECT_EQ(errno, EINVAL);
    }
    EXPECT_EQ(pull.Fetch(5), "world");
    EXPECT_EQ(pull.Fetch(1), kTooLong);
    ASSERT_TRUE(client->Stop());
  }
}

// Spec: api §2.11, api §6.8/5, decisions 4.1
TEST_P(TcpClientPull, HasNothingWithoutAConnection) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    ClientUnderTest& client = PullClient();
    const PullUnderTest pull = Pull(client);
    EXPECT_TRUE(pull.IsUnknown());
    EXPECT_EQ(pull.Fetch(0), kNotFound);
    Gate gate;
    std::atomic<bool> connecting{false};
    client.events().Do(EventKind::kPrepareConnect, [&](const Event&) { EXPECT_TRUE(pull.IsUnknown()); });
    client.events().Do(EventKind::kConnect, [&](const Event&) {
      EXPECT_TRUE(pull.IsUnknown());
      connecting.store(true);
      EXPECT_TRUE(gate.Pass());
    });
    Thread starter([&] { EXPECT_TRUE(client.Start("127.0.0.1", listener.port(), async)); });
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(peer->Send("early"));
    ASSERT_TRUE(RunUntil([&] { return connecting.load(); }));
    EXPECT_TRUE(pull.IsUnknown()) << "from another thread";
    gate.Open();
    starter.Join();
    ASSERT_TRUE(Arrives(client, 5));
    EXPECT_EQ(pull.Fetch(2), "ea");
    ASSERT_TRUE(client->Stop());
    EXPECT_TRUE(pull.IsUnknown());
    EXPECT_EQ(pull.Fetch(0), kNotFound);
    // The next connection has nothing of the last one.
    const std::unique_ptr<Peer> next = client.Connect(listener, async);
    ASSERT_TRUE(RunUntil([&] { return pull.Fetch(0).empty(); }));
    EXPECT_EQ(pull.Fetch(1), kTooLong);
    ASSERT_TRUE(client->Stop());
  }
}

// Spec: api §6.3/7, api §6.8/5, decisions 3.5, decisions 4.1, C20
TEST_P(TcpClientPull, KeepsItsBytesUntilTheLastEventHasReturned) {
  using Close = std::function<void(ClientUnderTest&, Peer&)>;
  const std::vector<std::pair<EventKind, Close>> closes = {
      {EventKind::kClose, [](ClientUnderTest&, Peer& peer) { peer.HalfClose(); }},
      {EventKind::kError, [](ClientUnderTest&, Peer& peer) { peer.Reset(); }},
      {EventKind::kClose, [](ClientUnderTest& client, Peer&) { EXPECT_TRUE(client->Stop()); }},
      {EventKind::kClose, [](ClientUnderTest& client, Peer&) { client.Destroy(); }},
  };
  PeerListener& listener = Listener();
  for (size_t i = 0; i < closes.size(); ++i) {
    SCOPED_TRACE(i);
    const auto& [kind, close] = closes[i];
    ClientUnderTest& client = PullClient();
    const PullUnderTest pull = Pull(client);
    const std::thread::id test = std::this_thread::get_id();
    const bool on_caller = i >= 2;
    std::atomic<int> checked{0};
    client.events().Do(kind, [&](const Event&) {
      EXPECT_EQ(std::this_thread::get_id() == test, on_caller);
      EXPECT_EQ(pull.Span(), kNotFound);
      EXPECT_EQ(pull.Peek(5), "fetch");
      EXPECT_EQ(pull.Fetch(6), "fetch ");
      EXPECT_EQ(pull.Fetch(3), kTooLong);
      EXPECT_EQ(pull.Fetch(1), "m") << "one stays";
      ++checked;
    });
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    ASSERT_TRUE(peer->Send("fetch me"));
    ASSERT_TRUE(Arrives(client, 8));
    close(client, *peer);
    ASSERT_TRUE(client.events().WaitForCount(kind, 1));
    EXPECT_EQ(checked.load(), 1);
    if (i == 3) continue;
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_TRUE(pull.IsUnknown());
    HP_Stats stats;
    ASSERT_TRUE(client->GetStats(stats));
    EXPECT_EQ(stats.pool_bytes, 0u);
    EXPECT_EQ(stats.pool_buffers, 0u);
  }
}

// Spec: §1.4, api §3.2/3, decisions 2.8, C07
TEST_P(TcpClientPull, EndsWhenOnReceiveFails) {
  PeerListener& listener = Listener();
  for (const bool by_exception : {false, true}) {
    ClientUnderTest& client = PullClient();
    const PullUnderTest pull = Pull(client);
    client.events().React(EventKind::kReceive, [&](const Event&) -> EnHandleResult {
      EXPECT_EQ(pull.Fetch(1).size(), 1u);
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    std::atomic<size_t> left{0};
    client.events().Do(EventKind::kError, [&](const Event& event) {
      EXPECT_EQ(event.operation, SO_RECEIVE);
      EXPECT_EQ(event.error, ECANCELED);
      left.store(pull.FetchAll().size());
    });
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    peer->Send(Pattern(400'000));
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
    EXPECT_EQ(client->GetLastError(), SE_DATA_PROC);
    const EventLog log = client.events().log();
    ASSERT_EQ(log.Count(EventKind::kReceive), 1u);
    EXPECT_EQ(left.load() + 1, static_cast<size_t>(log.First(EventKind::kReceive)->total));
  }
}

// Spec: §2.1.1, api §6.8/4, decisions 4.1, C20, §4.2/8
TEST_P(TcpClientPull, ReadsMessagesWithHeadersHoweverTheStreamIsCut) {
  PeerListener& listener = Listener();
  for (const uint32_t seed : {1u, 2u}) {
    ClientUnderTest& client = PullClient();
    PullParser parser;
    std::vector<std::string> got;
    client.events().React(EventKind::kReceive, [&](const Event& event) {
      const bool parsed =
          parser.Parse(Pull(client), event.total, [&](std::string body) { got.push_back(std::move(body)); });
      return parsed ? HR_OK : HR_ERROR;
    });
    const std::unique_ptr<Peer> peer = client.Connect(listener, seed == 1);
    std::minstd_rand random(seed);
    std::vector<std::string> sent;
    std::string stream;
    for (size_t message = 0; message < Scaled(500, 40); ++message) {
      const size_t size = message == 20 ? Scaled(6 << 20, 300'000) : random() % (message % 9 * 700 + 1);
      sent.push_back(Pattern(size, static_cast<uint32_t>(message)));
      stream += WithHeader(sent.back());
    }
    EXPECT_TRUE(SendInPieces(*peer, stream, seed, Scaled(60'000, 9000)));
    peer->Close();
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_TRUE(got == sent);
  }
}

// Spec: decisions 8.4/2, decisions 8.4/3, decisions 4.7
TEST_P(TcpClientPull, LendsAndFindsInsideOnReceive) {
  ClientUnderTest& client = PullClient();
  const PullUnderTest pull = Pull(client);
  int from = 0;
  size_t lines = 0;
  client.events().React(EventKind::kReceive, [&](const Event&) {
    int position = 0;
    while (pull.Find("\n", from, &position) == FR_OK) {
      // The line goes back piece by piece as it lies there.
      for (int left = position + 1; left > 0;) {
        const uint8_t* data = nullptr;
        int length = 0;
        if (pull.PeekSpan(&data, &length) != FR_OK) return HR_ERROR;
        const int part = std::min(length, left);
        if (!client->Send(data, part)) return HR_ERROR;
        if (pull.Fetch(static_cast<size_t>(part)).size() != static_cast<size_t>(part)) return HR_ERROR;
        left -= part;
      }
      ++lines;
      from = 0;
    }
    from = position;
    return HR_OK;
  });
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  std::minstd_rand random(29);
  std::string stream;
  for (int i = 0; i < 300; ++i) stream += std::string(random() % 900, static_cast<char>('a' + i % 26)) + "\n";
  Thread sender([&] { EXPECT_TRUE(SendInPieces(*peer, stream, 31, 2000)); });
  EXPECT_TRUE(peer->Receive(stream.size()) == stream);
  sender.Join();
  ASSERT_TRUE(client->Stop());
  EXPECT_EQ(lines, 300u);
}

// Spec: api §6.8/4, decisions 4.1, decisions 3.3
TEST_P(TcpClientPull, GivesEachByteToOneOfEightThreads) {
  const uint32_t records = static_cast<uint32_t>(Scaled(20'000, 2'000));
  ClientUnderTest& client = PullClient();
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  const PullUnderTest pull = Pull(client);
  std::string stream;
  for (uint32_t i = 0; i < records; ++i) stream += std::to_string(100'000 + i);
  std::atomic<uint32_t> fetched{0};
  std::vector<std::vector<std::string>> of_thread(8);
  std::vector<Thread> threads;
  for (std::vector<std::string>& mine : of_thread) {
    threads.emplace_back([&] {
      while (fetched.load() < records) {
        std::string record = pull.Fetch(6);
        if (record.size() != 6) {
          harness::LetOthersGoOn();
          continue;
        }
        mine.push_back(std::move(record));
        ++fetched;
      }
    });
  }
  EXPECT_TRUE(SendInPieces(*peer, stream, 37, Scaled(20'000, 3000)));
  threads.clear();
  std::vector<std::string> all;
  for (const std::vector<std::string>& mine : of_thread) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end())) << "in the order in which they came";
    all.insert(all.end(), mine.begin(), mine.end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), records);
  for (uint32_t i = 0; i < records; ++i) ASSERT_EQ(all[i], std::to_string(100'000 + i));
}

// Spec: decisions 4.3, decisions 4.8, decisions 8.4/1
TEST_P(TcpClientPull, StopsReadingUntilRoomIsMade) {
  constexpr uint64_t kLimit = 20'000;
  PeerListener& listener = Listener();
  ClientUnderTest& client = PullClient();
  EXPECT_EQ(client.tcp().pull()->GetMaxPullLength(), 0u);
  client.tcp().pull()->SetMaxPullLength(kLimit);
  EXPECT_EQ(client.tcp().pull()->GetMaxPullLength(), kLimit);
  const PullUnderTest pull = Pull(client);
  const std::string message = Flood();
  for (const bool stopped : {true, false}) {
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    std::atomic<bool> all_sent{false};
    Thread sender([&] {
      all_sent.store(peer->Send(message, PatientWithAFlood()));
      peer->HalfClose();
    });
    ASSERT_TRUE(Arrives(client, kLimit));
    EXPECT_FALSE(all_sent.load());
    std::string got = pull.FetchAll();
    if (stopped) {
      EXPECT_TRUE(client->Stop());
      EXPECT_TRUE(got == message.substr(0, got.size()));
      sender.Join();
      EXPECT_FALSE(all_sent.load());
      continue;
    }
    // The last piece may be fetched before OnClose, or it is dropped with it: so OnClose fetches too.
    EXPECT_TRUE(FetchUntil(pull, &got, [&] {
      return got.size() + kLimit > message.size() || client->GetState() == SS_STOPPED;
    }));
    sender.Join();
    EXPECT_TRUE(all_sent.load());
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_TRUE(got == message.substr(0, got.size()));
    EXPECT_GT(got.size() + 2 * kLimit, message.size());
  }
}

}  // namespace
}  // namespace hpsocket::conformance
