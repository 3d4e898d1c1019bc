// Conformance: in which order the bytes of many senders leave, and that a call stays together.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
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

constexpr uint8_t kThreads = 8;
constexpr int kRecords = 40'000;

std::string ToBytes(uint32_t number) {
  std::string bytes(4, '\0');
  for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  return bytes;
}

uint32_t NumberAt(std::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number |= uint32_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  return number;
}

// A record: its thread, its number in that thread, its length, and a body that follows from the three.
constexpr size_t kHead = 9;

size_t BodyLength(uint8_t thread, uint32_t number) { return (number * 37 + thread) % 300 + 1; }
// Any piece of one long pattern, so that nothing has to be computed per record.
std::string_view Body(uint8_t thread, uint32_t number) {
  static const std::string& pattern = *new std::string(Pattern(8192));
  return std::string_view(pattern).substr((number * 131 + thread * 17) % 7000, BodyLength(thread, number));
}

// Takes records from a stream as it comes.
class RecordReader {
 public:
  // False, with the reason, when a record is torn or out of order.
  bool Take(std::string_view bytes, std::string* reason) {
    rest_.append(bytes);
    std::string_view stream = rest_;
    while (stream.size() >= kHead) {
      const uint8_t thread = static_cast<uint8_t>(stream[0]);
      const uint32_t number = NumberAt(stream.substr(1));
      if (thread >= kThreads || number != next_[thread] ||
          NumberAt(stream.substr(5)) != BodyLength(thread, number)) {
        *reason = "a head that nobody sent: record " + std::to_string(records_) + ", thread " +
                  std::to_string(thread) + ", number " + std::to_string(number);
        return false;
      }
      const std::string_view body = Body(thread, number);
      if (stream.size() < kHead + body.size()) break;
      if (stream.substr(kHead, body.size()) != body) {
        *reason = "a torn record " + std::to_string(records_);
        return false;
      }
      stream.remove_prefix(kHead + body.size());
      ++next_[thread];
      ++records_;
    }
    rest_.erase(0, rest_.size() - stream.size());
    return true;
  }
  size_t records() const { return records_; }

 private:
  std::string rest_;
  uint32_t next_[kThreads] = {};
  size_t records_ = 0;
};

class TcpComplexOrdering : public ComplexTest {
 protected:
  // Until it is accepted: a connection may hold only so much.
  template <class Call>
  static bool Insist(Call call) {
    return RunUntil([&] { return call() || errno != ENOBUFS; }) && errno != EBADSLT;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexOrdering);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexOrdering, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// How many records in all is said by HPSOCKET_RECORDS.
// Spec: §2.2.1, api §6.6/5, decisions 3.3, decisions 3.4, C10, fault 12, api §2.1/3t, §4.2/9
TEST_P(TcpComplexOrdering, KeepsEachCallTogetherWhenManyThreadsSend) {
  const uint32_t per_thread = static_cast<uint32_t>(harness::Effort("HPSOCKET_RECORDS", kRecords)) / kThreads;
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  std::vector<Thread> threads;
  std::atomic<int> failures{0};
  size_t total = 0;
  for (uint8_t thread = 0; thread < kThreads; ++thread) {
    for (uint32_t number = 0; number < per_thread; ++number) total += kHead + BodyLength(thread, number);
    threads.emplace_back([&, thread] {
      for (uint32_t number = 0; number < per_thread; ++number) {
        const std::string_view body = Body(thread, number);
        const std::string head = std::string(1, static_cast<char>(thread)) + ToBytes(number) +
                                 ToBytes(static_cast<uint32_t>(body.size()));
        WSABUF packets[] = {Packet(std::string_view(head).substr(0, 3)),
                            Packet(std::string_view(head).substr(3)), Packet(body)};
        if (!Insist([&] { return component->SendPackets(link.id, packets, 3); })) failures.fetch_add(1);
      }
    });
  }
  RecordReader reader;
  std::string reason;
  for (size_t received = 0; received < total && reason.empty();) {
    const std::string some = link->Receive(std::min<size_t>(65536, total - received));
    if (some.empty()) reason = "the stream stands still";
    received += some.size();
    reader.Take(some, &reason);
  }
  EXPECT_EQ(reason, "");
  if (!reason.empty()) component->Stop();  // or the threads wait for room for ever
  for (Thread& thread : threads) thread.Join();
  EXPECT_EQ(failures.load(), 0);
  EXPECT_EQ(reader.records(), size_t{per_thread} * kThreads);
}

// Numbers are sent turn by turn, by threads and by the connection's own callbacks, under one lock of the
// application: a call that returned before another one began comes first.
// Spec: decisions 3.4, decisions 3.3, fault 12
TEST_P(TcpComplexOrdering, KeepsTheOrderOfCallsAcrossThreadsAndCallbacks) {
  const uint32_t numbers = static_cast<uint32_t>(harness::Effort("HPSOCKET_RECORDS", kRecords)) / 2;
  ComplexUnderTest& component = NewComponent();
  std::mutex turn;
  uint32_t next = 0;
  std::atomic<CONNID> id{0};
  std::atomic<uint32_t> by_callbacks{0};
  const auto send_next = [&] {
    std::lock_guard<std::mutex> lock(turn);
    if (next == numbers || id.load() == 0) return false;
    const std::string number = ToBytes(next);
    if (!component->Send(id.load(), Bytes(number), Length(number))) return false;
    ++next;
    return true;
  };
  const auto send_in_callback = [&] {
    if (send_next()) by_callbacks.fetch_add(1);
  };
  component.events().Do(EventKind::kSend, [&](const Event&) { send_in_callback(); });
  component.events().Do(EventKind::kReceive, [&](const Event&) {
    send_in_callback();
    send_in_callback();
  });
  component.MustStart();
  const Link link = component.Connect();
  id.store(link.id);
  // The first comes from a callback, and its OnSend goes on, whatever the threads do.
  EXPECT_TRUE(link->Send("your turn"));
  ASSERT_TRUE(RunUntil([&] { return by_callbacks.load() > 0; }));
  std::vector<Thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      while (send_next()) {
      }
    });
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(link->Send("your turn"));
  const std::string stream = link->Receive(numbers * sizeof(uint32_t));
  for (Thread& thread : threads) thread.Join();
  ASSERT_EQ(stream.size(), numbers * sizeof(uint32_t));
  for (uint32_t i = 0; i < numbers; ++i) ASSERT_EQ(NumberAt(std::string_view(stream).substr(i * 4)), i);
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
  constexpr int kSenders = 3;
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  std::map<char, std::string> records;
  std::vector<Thread> threads;
  std::atomic<bool> files_sent{false};
  std::atomic<int> failures{0};
  std::atomic<int> lines{0};
  for (char name = 'a'; name < 'a' + kSenders; ++name) {
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
  while (files < kFiles * kSenders) {
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
