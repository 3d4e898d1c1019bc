// Conformance: what a server's Send, SendPackets and SendSmallFile accept, refuse and deliver.
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;
using harness::StreamEnd;

constexpr size_t kLongestFile = 4096 * 1024;

class TcpServerSending : public ServerTest {
 protected:
  // FALSE, this errno, and a component error that nothing has touched.
  static void ExpectFails(ServerUnderTest& server, int error, const std::function<bool()>& call) {
    const EnSocketError before = server->GetLastError();
    errno = 0;
    EXPECT_FALSE(call());
    EXPECT_EQ(errno, error);
    EXPECT_EQ(server->GetLastError(), before);
  }
  // Every kind of sending to this ID fails with this errno.
  static void ExpectUnsendable(ServerUnderTest& server, CONNID id, int error) {
    WSABUF packets[] = {Packet("x")};
    const TemporaryFile file("content");
    ExpectFails(server, error, [&] { return server->Send(id, Bytes("x"), 1); });
    ExpectFails(server, error, [&] { return server->SendPackets(id, packets, 1); });
    ExpectFails(server, error, [&] { return server.tcp().SendSmallFile(id, file.path(), nullptr, nullptr); });
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerSending);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerSending, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: api §6.3/8, C09
TEST_P(TcpServerSending, DeliversWhatIsSentInsideOnAccept) {
  ServerUnderTest& server = NewServer();
  server.events().Do(EventKind::kAccept, [&](const Event& event) {
    EXPECT_TRUE(server->Send(event.id, Bytes("welcome"), 7));
    EXPECT_GE(server->GetConnectionCount(), 1u);
    EXPECT_TRUE(server.RemoteName(event.id).ok);
  });
  server.MustStart();
  const Link link = server.Connect();
  EXPECT_EQ(link->Receive(7), "welcome");
  ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == "welcome"; }));
}

// Spec: §2.2.1, api §2.1, decisions 4.6
TEST_P(TcpServerSending, CountsTheLengthFromTheOffset) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  const std::string_view text = "0123456789";
  EXPECT_TRUE(server->Send(link.id, Bytes(text), 3, 4));
  EXPECT_EQ(link->Receive(3), "456");
  EXPECT_TRUE(server->Send(link.id, Bytes(text), 10, 0));
  EXPECT_EQ(link->Receive(10), text);
  EXPECT_TRUE(server->Send(link.id, Bytes(text), 1, 9));
  EXPECT_EQ(link->Receive(1), "9");
}

// Spec: api §6.6/1, api §6.6/2, decisions 4.6
TEST_P(TcpServerSending, RefusesArgumentsThatMakeNoSense) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  const uint8_t* const data = Bytes("0123456789");
  ExpectFails(server, EINVAL, [&] { return server->Send(link.id, nullptr, 1); });
  ExpectFails(server, EINVAL, [&] { return server->Send(link.id, data, -1); });
  ExpectFails(server, EINVAL, [&] { return server->Send(link.id, data, INT_MIN); });
  ExpectFails(server, EINVAL, [&] { return server->Send(link.id, data, 1, -1); });
  WSABUF packets[] = {Packet("x"), {1, nullptr}};
  ExpectFails(server, EINVAL, [&] { return server->SendPackets(link.id, nullptr, 1); });
  ExpectFails(server, EINVAL, [&] { return server->SendPackets(link.id, packets, 0); });
  ExpectFails(server, EINVAL, [&] { return server->SendPackets(link.id, packets, -1); });
  ExpectFails(server, EINVAL, [&] { return server->SendPackets(link.id, packets, 2); });
  // None of it has left a trace on the stream.
  EXPECT_TRUE(server->Send(link.id, data, 10));
  EXPECT_EQ(link->Receive(10), "0123456789");
  int pending = -1;
  EXPECT_TRUE(RunUntil([&] { return server->GetPendingDataLength(link.id, pending) && pending == 0; }));
}

// Spec: api §6.6/2, decisions 4.6
TEST_P(TcpServerSending, TakesNothingForAnswerAndSendsNothing) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  WSABUF empty[] = {Packet(""), {0, nullptr}, Packet("")};
  EXPECT_TRUE(server->Send(link.id, Bytes("x"), 0));
  EXPECT_TRUE(server->Send(link.id, nullptr, 0));
  EXPECT_TRUE(server->SendPackets(link.id, empty, 3));
  EXPECT_TRUE(server->Send(link.id, Bytes("end"), 3));
  EXPECT_EQ(link->Receive(3), "end");
  ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == "end"; }));
  EXPECT_EQ(server.events().log().Count(EventKind::kSend), 1u);
}

// Spec: api §2.1, api §6.6/2, api §6.6/5
TEST_P(TcpServerSending, GathersPacketsInOrderAndSkipsEmptyOnes) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  const std::string big = Pattern(200000);
  WSABUF packets[] = {Packet(""), Packet("head"), {0, nullptr}, Packet(big), Packet("tail"), Packet("")};
  EXPECT_TRUE(server->SendPackets(link.id, packets, 6));
  const std::string expected = "head" + big + "tail";
  EXPECT_TRUE(link->Receive(expected.size()) == expected);
  std::vector<WSABUF> many(3000, Packet("0123456789"));
  EXPECT_TRUE(server->SendPackets(link.id, many.data(), static_cast<int>(many.size())));
  std::string repeated;
  for (size_t i = 0; i < many.size(); ++i) repeated += "0123456789";
  EXPECT_TRUE(link->Receive(repeated.size()) == repeated) << "more pieces than one system call takes";
}

// Spec: api §6.6, api §6.5/2, decisions 4.6, C09
TEST_P(TcpServerSending, RefusesIdsThatAreUnknownOrGone) {
  ServerUnderTest& server = NewServer();
  ExpectUnsendable(server, 1, EBADSLT);  // not started
  server.events().Do(EventKind::kClose,
                     [&](const Event& event) { ExpectUnsendable(server, event.id, EBADSLT); });
  server.MustStart();
  ExpectUnsendable(server, 0, EBADSLT);
  ExpectUnsendable(server, UINTPTR_MAX, EBADSLT);
  Link link = server.Connect();
  ExpectUnsendable(server, link.id + 1, EBADSLT);
  link->Close();
  ASSERT_TRUE(server.CountBecomes(0));
  ExpectUnsendable(server, link.id, EBADSLT);
  const Link next = server.Connect();
  ExpectUnsendable(server, link.id, EBADSLT);  // a stale ID never reaches the next connection
  EXPECT_TRUE(server->Send(next.id, Bytes("!"), 1));
  EXPECT_EQ(next->Receive(1), "!");
  ASSERT_TRUE(server->Stop());
  ExpectUnsendable(server, next.id, EBADSLT);
}

// Spec: api §6.6/3, decisions 4.7
TEST_P(TcpServerSending, CopiesWhatItIsGiven) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    std::string data = Pattern(50000, static_cast<uint32_t>(i));
    expected += data;
    ASSERT_TRUE(server->Send(link.id, Bytes(data), Length(data)));
    std::fill(data.begin(), data.end(), '#');
  }
  EXPECT_TRUE(link->Receive(expected.size()) == expected);
}

// Inside OnReceive the very bytes that arrived may be sent on; they must arrive as they were.
// Spec: decisions 4.7, §2.1.2
TEST_P(TcpServerSending, SendsOnWhatItIsReceivingToOthers) {
  ServerUnderTest& server = NewServer();
  std::vector<CONNID> everybody;
  server.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) links.push_back(server.Connect());
  for (const Link& link : links) everybody.push_back(link.id);
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    for (const CONNID id : everybody) EXPECT_TRUE(server->Send(id, event.bytes, Length(event.data)));
  });
  const std::string message = Pattern(500000);
  ASSERT_TRUE(links[0]->Send(message));
  for (const Link& link : links) EXPECT_TRUE(link->Receive(message.size()) == message);
  ASSERT_TRUE(server->Stop());
}

// Spec: §2.2.1, §1.4, api §6.6/4, decisions 4.2, C11
TEST_P(TcpServerSending, ReportsEveryByteThatLeftOnceAndInOrder) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    for (const uint32_t buffer : {64u, 65536u}) {
      SCOPED_TRACE("policy " + std::to_string(policy) + ", buffer " + std::to_string(buffer));
      ServerUnderTest& server = NewServer();
      server->SetSendPolicy(policy);
      server.tcp().SetSocketBufferSize(buffer);
      server.MustStart();
      const Link link = server.Connect();
      std::string expected;
      for (uint32_t i = 0; i < 40; ++i) {
        const std::string data = Pattern(1 + i * 777, i);
        ASSERT_TRUE(server->Send(link.id, Bytes(data), Length(data)));
        expected += data;
      }
      EXPECT_TRUE(link->Receive(expected.size()) == expected);
      ASSERT_TRUE(
          server.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == expected; }));
      int pending = -1;
      EXPECT_TRUE(server->GetPendingDataLength(link.id, pending));
      EXPECT_EQ(pending, 0);
      const EventLog log = server.events().log();
      for (const Event& event : log.events()) {
        if (event.kind != EventKind::kSend) continue;
        EXPECT_EQ(event.thread, log.First(EventKind::kAccept, link.id)->thread);
        EXPECT_NE(event.thread, std::this_thread::get_id()) << "never inside Send";
      }
    }
  }
}

// Spec: §2.1.2, api §2.1, api §6.6/6, decisions 4.2, C12
TEST_P(TcpServerSending, CountsWhatWaitsToLeave) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect({4096});
  int pending = -1;
  EXPECT_TRUE(server->GetPendingDataLength(link.id, pending));
  EXPECT_EQ(pending, 0);
  const std::string much = Pattern(16 << 20);
  ASSERT_TRUE(server->Send(link.id, Bytes(much), Length(much)));
  EXPECT_TRUE(server->GetPendingDataLength(link.id, pending));
  EXPECT_GT(pending, 0);
  EXPECT_LE(pending, Length(much));
  EXPECT_TRUE(link->Receive(much.size()) == much);
  EXPECT_TRUE(RunUntil([&] { return server->GetPendingDataLength(link.id, pending) && pending == 0; }));
  EXPECT_FALSE(server->GetPendingDataLength(link.id + 1, pending));
}

// Spec: decisions 4.3, decisions 4.6
TEST_P(TcpServerSending, RefusesWhatWouldExceedTheLimitOfOneConnection) {
  ServerUnderTest& server = NewServer();
  server->SetMaxPendingLength(100000);
  server.MustStart();
  const Link link = server.Connect({4096});
  const std::string too_long = Pattern(100001);
  ExpectFails(server, EMSGSIZE, [&] { return server->Send(link.id, Bytes(too_long), Length(too_long)); });
  std::string accepted;
  const std::string piece = Pattern(10000, 7);
  // The kernel takes some, then the queue fills.
  while (server->Send(link.id, Bytes(piece), Length(piece))) {
    accepted += piece;
    ASSERT_LT(accepted.size(), size_t{64} << 20) << "the limit has no effect";
  }
  EXPECT_EQ(errno, ENOBUFS);
  int pending = 0;
  EXPECT_TRUE(server->GetPendingDataLength(link.id, pending));
  EXPECT_LE(pending, 100000);
  EXPECT_TRUE(link->Receive(accepted.size()) == accepted) << "a refused call queues nothing";
  EXPECT_TRUE(RunUntil([&] { return server->Send(link.id, Bytes("again"), 5); }));
  EXPECT_EQ(link->Receive(5), "again");
}

// Spec: api §6.7/1, decisions 4.5, C13
TEST_P(TcpServerSending, SendsASmallFileBetweenHeadAndTail) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  WSABUF head = Packet("<head>");
  WSABUF tail = Packet("<tail>");
  WSABUF empty = {0, nullptr};
  struct Case {
    const WSABUF* head;
    const WSABUF* tail;
  };
  for (const size_t size : {size_t{1}, size_t{5000}, kLongestFile}) {
    const std::string content = Pattern(size);
    const TemporaryFile file(content);
    for (const Case& one : {Case{nullptr, nullptr}, Case{&head, nullptr}, Case{nullptr, &tail},
                            Case{&head, &tail}, Case{&empty, &empty}}) {
      const std::string expected =
          (one.head == &head ? "<head>" : "") + content + (one.tail == &tail ? "<tail>" : "");
      ASSERT_TRUE(server.tcp().SendSmallFile(link.id, file.path(), one.head, one.tail)) << size;
      ASSERT_TRUE(link->Receive(expected.size()) == expected) << size;
    }
  }
}

// Spec: api §6.7/3, decisions 4.5
TEST_P(TcpServerSending, CopiesASmallFile) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect({4096});
  const std::string content = Pattern(kLongestFile);
  TemporaryFile file(content);
  ASSERT_TRUE(server.tcp().SendSmallFile(link.id, file.path(), nullptr, nullptr));
  file.Write("changed");
  file.Remove();
  EXPECT_TRUE(link->Receive(content.size()) == content);
}

// Spec: api §6.7/2, decisions 4.5, decisions 4.6, C13
TEST_P(TcpServerSending, RefusesFilesThatAreNotSmallOrNotThere) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  const auto send = [&](const char* path) {
    return [&server, &link, path] { return server.tcp().SendSmallFile(link.id, path, nullptr, nullptr); };
  };
  const TemporaryFile empty("");
  ExpectFails(server, EINVAL, send(empty.path()));
  const TemporaryFile too_large(Pattern(kLongestFile + 1));
  ExpectFails(server, EFBIG, send(too_large.path()));
  TemporaryFile missing("x");
  missing.Remove();
  ExpectFails(server, ENOENT, send(missing.path()));
  ExpectFails(server, EINVAL, send(nullptr));
  const TemporaryFile good("x");
  const WSABUF no_bytes = {1, nullptr};
  ExpectFails(server, EINVAL,
              [&] { return server.tcp().SendSmallFile(link.id, good.path(), &no_bytes, nullptr); });
  ExpectFails(server, EINVAL,
              [&] { return server.tcp().SendSmallFile(link.id, good.path(), nullptr, &no_bytes); });
  ExpectFails(server, EBADSLT,
              [&] { return server.tcp().SendSmallFile(link.id + 1, good.path(), nullptr, nullptr); });
  if (geteuid() != 0) {
    TemporaryFile forbidden("x");
    forbidden.Forbid();
    ExpectFails(server, EACCES, send(forbidden.path()));
  }
  // What is wrong with the file is said before the connection is looked up.
  ExpectFails(server, ENOENT,
              [&] { return server.tcp().SendSmallFile(0, missing.path(), nullptr, nullptr); });
  EXPECT_TRUE(server->Send(link.id, Bytes("clean"), 5));
  EXPECT_EQ(link->Receive(5), "clean");
}

// Records of eight threads, each carrying its thread, its number and its length, in several pieces.
// Spec: §2.2.1, api §6.6/5, decisions 3.3, decisions 3.4, C10
TEST_P(TcpServerSending, KeepsEachCallTogetherWhenManyThreadsSend) {
  constexpr uint8_t kThreads = 8;
  constexpr uint32_t kRecords = 500;
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    SCOPED_TRACE(policy);
    ServerUnderTest& server = NewServer();
    server->SetSendPolicy(policy);
    server.MustStart();
    const Link link = server.Connect();
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (uint8_t thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (uint32_t number = 0; number < kRecords; ++number) {
          const uint32_t length = (number * 37 + thread) % 300 + 1;
          std::string head(9, '\0');
          head[0] = static_cast<char>(thread);
          for (int i = 0; i < 4; ++i) head[static_cast<size_t>(1 + i)] = static_cast<char>(number >> (8 * i));
          for (int i = 0; i < 4; ++i) head[static_cast<size_t>(5 + i)] = static_cast<char>(length >> (8 * i));
          const std::string body = Pattern(length, number * kThreads + thread);
          WSABUF packets[] = {Packet(std::string_view(head).substr(0, 3)),
                              Packet(std::string_view(head).substr(3)), Packet(body)};
          if (!server->SendPackets(link.id, packets, 3)) failures.fetch_add(1);
        }
      });
    }
    const auto number_at = [](const std::string& bytes, size_t at) {
      uint32_t value = 0;
      for (size_t i = 0; i < 4; ++i) value |= uint32_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
      return value;
    };
    std::map<uint8_t, uint32_t> next;
    bool intact = true;
    for (uint32_t record = 0; record < kThreads * kRecords && intact; ++record) {
      const std::string head = link->Receive(9);
      intact = head.size() == 9;
      if (!intact) break;
      const uint8_t thread = static_cast<uint8_t>(head[0]);
      const uint32_t number = number_at(head, 1);
      const uint32_t length = number_at(head, 5);
      intact = thread < kThreads && number == next[thread]++ && length == (number * 37 + thread) % 300 + 1 &&
               link->Receive(length) == Pattern(length, number * kThreads + thread);
      EXPECT_TRUE(intact) << "record " << record << " of thread " << int{thread} << ", number " << number;
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failures.load(), 0);
    EXPECT_TRUE(intact);
  }
}

// Numbers are sent turn by turn, by threads and by the connection's own callbacks, under one lock of
// the application: a call that returned before another one began comes first.
// Spec: decisions 3.4, decisions 3.3
TEST_P(TcpServerSending, KeepsTheOrderOfCallsAcrossThreadsAndCallbacks) {
  constexpr uint32_t kNumbers = 5000;
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    SCOPED_TRACE(policy);
    ServerUnderTest& server = NewServer();
    server->SetSendPolicy(policy);
    std::mutex turn;
    uint32_t next = 0;
    std::atomic<CONNID> id{0};
    const auto send_next = [&] {
      std::lock_guard<std::mutex> lock(turn);
      if (next == kNumbers || id.load() == 0) return false;
      const uint32_t number = next++;
      return server->Send(id.load(), reinterpret_cast<const uint8_t*>(&number), sizeof(number));
    };
    server.events().Do(EventKind::kSend, [&](const Event&) { send_next(); });
    server.events().Do(EventKind::kReceive, [&](const Event&) {
      send_next();
      send_next();
    });
    server.MustStart();
    const Link link = server.Connect();
    id.store(link.id);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (send_next()) {
        }
      });
    }
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(link->Send("your turn"));
    const std::string stream = link->Receive(kNumbers * sizeof(uint32_t));
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(stream.size(), kNumbers * sizeof(uint32_t));
    for (uint32_t i = 0; i < kNumbers; ++i) {
      uint32_t number = 0;
      stream.copy(reinterpret_cast<char*>(&number), sizeof(number), i * sizeof(number));
      ASSERT_EQ(number, i);
    }
    // The reactions use what ends with this round.
    ASSERT_TRUE(server->Stop());
    server.events().React(EventKind::kSend, nullptr);
    server.events().React(EventKind::kReceive, nullptr);
  }
}

}  // namespace
}  // namespace hpsocket::conformance
