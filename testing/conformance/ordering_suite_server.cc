// Conformance: in which order the bytes of many senders leave, and that a call stays together.
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/ordering_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::LetOthersGoOn;
using harness::RunUntil;
using harness::Thread;

constexpr int kRecords = 40'000;

class TcpComplexOrdering : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexOrdering);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexOrdering, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// How many records in all is said by HPSOCKET_RECORDS.
// Spec: §2.2.1, api §6.6/5, decisions 3.3, decisions 3.4, C10, fault 12, api §2.1/3t, §4.2/9
TEST_P(TcpComplexOrdering, KeepsEachCallTogetherWhenManyThreadsSend) {
  const uint32_t per_thread = static_cast<uint32_t>(harness::Effort("HPSOCKET_RECORDS", kRecords)) / kSenders;
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  std::vector<Thread> threads;
  std::atomic<int> failures{0};
  for (uint8_t thread = 0; thread < kSenders; ++thread) {
    threads.emplace_back([&, thread] {
      failures.fetch_add(SendRecords(thread, per_thread, [&](WSABUF* packets, int count) {
        return component->SendPackets(link.id, packets, count);
      }));
    });
  }
  const std::string reason = ReceiveRecords(*link.peer, per_thread);
  EXPECT_EQ(reason, "");
  if (!reason.empty()) component->Stop();  // or the threads wait for room for ever
  for (Thread& thread : threads) thread.Join();
  EXPECT_EQ(failures.load(), 0);
}

// Spec: decisions 3.4, decisions 3.3, fault 12
TEST_P(TcpComplexOrdering, KeepsTheOrderOfCallsAcrossThreadsAndCallbacks) {
  ComplexUnderTest& component = NewComponent();
  std::atomic<CONNID> id{0};
  NumbersInTurn numbers(static_cast<uint32_t>(harness::Effort("HPSOCKET_RECORDS", kRecords)) / 2,
                        [&](const std::string& number) {
                          return id.load() != 0 && component->Send(id.load(), Bytes(number), Length(number));
                        });
  component.events().Do(EventKind::kSend, [&](const Event&) { numbers.SendNextInCallback(); });
  component.events().Do(EventKind::kReceive, [&](const Event&) {
    numbers.SendNextInCallback();
    numbers.SendNextInCallback();
  });
  component.MustStart();
  const Link link = component.Connect();
  id.store(link.id);
  // The first comes from a callback, and its OnSend goes on, whatever the threads do.
  EXPECT_TRUE(link->Send("your turn"));
  ASSERT_TRUE(RunUntil([&] { return numbers.by_callbacks() > 0; }));
  std::vector<Thread> threads;
  for (int i = 0; i < kSenders; ++i) {
    threads.emplace_back([&] {
      while (numbers.SendNext()) {
      }
    });
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(link->Send("your turn"));
  numbers.ExpectAtThePeer(*link.peer);
  for (Thread& thread : threads) thread.Join();
  ASSERT_TRUE(component->Stop());  // the reactions use what ends here
}

// The same without chance: the other thread's call returns inside the callback, before the callback's own.
// Spec: decisions 3.4
TEST_P(TcpComplexOrdering, PutsACallOfAnotherThreadBeforeTheCallbacksOwnThatFollowsIt) {
  ComplexUnderTest& component = NewComponent();
  std::atomic<CONNID> id{0};
  const auto send = [&](std::string_view text) {
    EXPECT_TRUE(component->Send(id.load(), Bytes(text), Length(text)));
  };
  const auto send_after_another = [&](std::string_view first, std::string_view second) {
    Thread([&] { send(first); }).Join();
    send(second);
  };
  component.events().DoOnce(EventKind::kReceive, [&](const Event&) { send_after_another("1", "2"); });
  component.events().DoOnce(EventKind::kSend, [&](const Event&) { send_after_another("3", "4"); });
  component.MustStart();
  const Link link = component.Connect();
  id.store(link.id);
  EXPECT_TRUE(link->Send("your turn"));
  EXPECT_EQ(link->Receive(4), "1234");
  ASSERT_TRUE(component->Stop());  // the reactions use what ends here
}

// Spec: api §6.6/5, api §6.7/1, decisions 3.4, decisions 4.5, C10, C13
TEST_P(TcpComplexOrdering, SendsSmallFilesInOnePieceWhileOthersSend) {
  constexpr int kFiles = 10;
  constexpr int kWriters = 3;
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  std::map<char, std::string> records;
  std::vector<Thread> threads;
  std::atomic<bool> files_sent{false};
  std::atomic<int> failures{0};
  std::atomic<int> lines{0};
  for (char name = 'a'; name < 'a' + kWriters; ++name) {
    records[name] = name + Pattern(100'000, static_cast<uint32_t>(name)) + name;
  }
  for (const auto& [name, record] : records) {
    threads.emplace_back([&component, &link, &failures, &record, letter = name] {
      const TemporaryFile file(record.substr(1, record.size() - 2));
      const std::string edge(1, letter);
      const WSABUF edges = Packet(edge);
      for (int i = 0; i < kFiles; ++i) {
        if (!Insist([&] { return component.tcp().SendSmallFile(link.id, file.path(), &edges, &edges); })) {
          failures.fetch_add(1);
        }
      }
    });
  }
  threads.emplace_back([&] {
    while (!files_sent.load() && lines.load() < 20'000) {
      if (Insist([&] { return component->Send(link.id, Bytes("-"), 1); })) lines.fetch_add(1);
      LetOthersGoOn();
    }
  });
  std::map<char, int> seen;
  int files = 0;
  while (files < kFiles * kWriters) {
    const std::string first = link->Receive(1);
    ASSERT_EQ(first.size(), 1u);
    if (first == "-") continue;
    ASSERT_EQ(records.count(first[0]), 1u) << "in the middle of a file";
    const std::string& record = records[first[0]];
    ASSERT_TRUE(link->Receive(record.size() - 1) == record.substr(1)) << first;
    ++seen[first[0]];
    ++files;
  }
  files_sent.store(true);
  for (Thread& thread : threads) thread.Join();
  EXPECT_EQ(failures.load(), 0);
  for (const auto& [name, count] : seen) EXPECT_EQ(count, kFiles) << name;
}

}  // namespace
}  // namespace hpsocket::conformance
