// Conformance: looking at what has arrived without copying it, by PeekSpan and Find.
#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <string_view>
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

class TcpComplexPullLooking : public PullTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPullLooking);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPullLooking, ::testing::ValuesIn(PullTcpComplexes()),
                         ComplexName);

// Spec: decisions 8.4/2
TEST_P(TcpComplexPullLooking, LendsTheFirstBytesInsideOnReceive) {
  ComplexUnderTest& component = PullComponent();
  std::string got;
  std::atomic<size_t> fetched{0};
  std::minstd_rand random(5);
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    const PullUnderTest pull = Pull(component, event.id);
    size_t left = static_cast<size_t>(event.total);
    // Sometimes a little stays, so that the next first piece is an older one.
    const size_t leave = random() % 3 == 0 ? random() % std::min<size_t>(left, 1000) : 0;
    while (left > leave) {
      const uint8_t* data = nullptr;
      int length = 0;
      ASSERT_EQ(pull.PeekSpan(&data, &length), FR_OK);
      ASSERT_GE(length, 1);
      ASSERT_LE(static_cast<size_t>(length), left);
      const size_t part = std::min<size_t>(static_cast<size_t>(length), 1 + random() % 5000);
      const std::string shown(reinterpret_cast<const char*>(data), part);
      EXPECT_TRUE(pull.Peek(part) == shown) << "which takes nothing away";
      EXPECT_TRUE(std::string(reinterpret_cast<const char*>(data), part) == shown);
      EXPECT_TRUE(pull.Fetch(part) == shown);
      got += shown;
      left -= part;
    }
    if (left == 0) {
      EXPECT_EQ(pull.Span(), kNotFound) << "nothing is there";
    }
    fetched.store(got.size());
  });
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Pattern(Scaled(2 << 20, 100'000));
  ASSERT_TRUE(SendInPieces(*link.peer, message, 7, Scaled(100'000, 5000)));
  link->HalfClose();
  ASSERT_TRUE(Ended(component, link.id));
  EXPECT_TRUE(got == message.substr(0, fetched.load()));
  EXPECT_GT(fetched.load() + 1000, message.size());
}

// Spec: decisions 8.4/2
TEST_P(TcpComplexPullLooking, LendsNothingElsewhere) {
  ComplexUnderTest& component = PullComponent();
  component->SetWorkerThreadCount(1);
  std::atomic<CONNID> other{0};
  std::atomic<int> receives{0};
  component.events().Do(component.opening(),
                        [&](const Event& event) { EXPECT_EQ(Pull(component, event.id).Span(), kNotFound); });
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    EXPECT_NE(Pull(component, event.id).Span(), kNotFound);
    if (other.load() != 0) {
      EXPECT_EQ(Pull(component, other.load()).Span(), kNotFound) << "another connection's OnReceive";
      EXPECT_EQ(Pull(component, other.load()).Peek(3), "one");
      ++receives;
    }
    component->Send(event.id, Bytes("x"), 1);
  });
  component.events().Do(EventKind::kSend,
                        [&](const Event& event) { EXPECT_EQ(Pull(component, event.id).Span(), kNotFound); });
  component.events().Do(EventKind::kClose,
                        [&](const Event& event) { EXPECT_EQ(Pull(component, event.id).Span(), kNotFound); });
  component.MustStart();
  const Link first = component.Connect();
  const Link second = component.Connect();
  ASSERT_TRUE(first->Send("one"));
  ASSERT_TRUE(Arrives(component, first.id, 3));
  EXPECT_EQ(Pull(component, first.id).Span(), kNotFound) << "another thread";
  other.store(first.id);
  ASSERT_TRUE(second->Send("two"));
  ASSERT_TRUE(Arrives(component, second.id, 3));
  EXPECT_GE(receives.load(), 1);
  EXPECT_FALSE(first->Receive(1).empty());
  EXPECT_FALSE(second->Receive(1).empty());
  EXPECT_TRUE(component.events().WaitFor(
      [](const EventLog& log) { return log.CountReturned(EventKind::kSend) >= 2; }));
  first->Close();
  EXPECT_TRUE(Ended(component, first.id));
}

// Bytes that are lent may be sent on; the component knows that they are its own.
// Spec: decisions 8.4/2, decisions 4.7
TEST_P(TcpComplexPullLooking, SendsOnWhatItLends) {
  ComplexUnderTest& component = PullComponent();
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    const PullUnderTest pull = Pull(component, event.id);
    const uint8_t* data = nullptr;
    int length = 0;
    while (pull.PeekSpan(&data, &length) == FR_OK) {
      if (!component->Send(event.id, data, length)) return HR_ERROR;
      if (pull.Fetch(static_cast<size_t>(length)).size() != static_cast<size_t>(length)) return HR_ERROR;
    }
    return HR_OK;
  });
  component.MustStart();
  const Link link = component.Connect();
  const std::string message = Pattern(Scaled(8 << 20, 200'000));
  harness::Thread sender([&] { EXPECT_TRUE(SendInPieces(*link.peer, message, 9, Scaled(300'000, 20'000))); });
  EXPECT_TRUE(link->Receive(message.size()) == message);
  EXPECT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == message; }));
}

// Spec: decisions 8.4/3
TEST_P(TcpComplexPullLooking, FindsAPatternAcrossReads) {
  ComplexUnderTest& component = StartedPullComponent();
  const Link link = component.Connect();
  const PullUnderTest pull = Pull(component, link.id);
  int position = -1;
  ASSERT_TRUE(RunUntil([&] { return pull.Find("\r\n", 0, &position) == FR_LENGTH_TOO_LONG; }));
  EXPECT_EQ(position, 0);
  ASSERT_TRUE(link->Send("GET /\r"));
  ASSERT_TRUE(Arrives(component, link.id, 6));
  EXPECT_EQ(pull.Find("\r\n", 0, &position), FR_LENGTH_TOO_LONG);
  EXPECT_EQ(position, 5) << "where its first half is";
  ASSERT_TRUE(link->Send("\nHost"));
  ASSERT_TRUE(Arrives(component, link.id, 11));
  EXPECT_EQ(pull.Find("\r\n", position, &position), FR_OK);
  EXPECT_EQ(position, 5);
  EXPECT_EQ(pull.Find("\r\n", 6, &position), FR_LENGTH_TOO_LONG);
  EXPECT_EQ(position, 10);
  EXPECT_EQ(pull.Find("G", 0, &position), FR_OK);
  EXPECT_EQ(position, 0);
  EXPECT_EQ(pull.Find("Host", 7, &position), FR_OK);
  EXPECT_EQ(position, 7);
  EXPECT_EQ(pull.Find("x", 100, &position), FR_LENGTH_TOO_LONG);
  EXPECT_EQ(position, 100) << "never before where it was asked to begin";
  EXPECT_EQ(pull.Find("GET /\r\nHost and more", 0, &position), FR_LENGTH_TOO_LONG);
  EXPECT_EQ(position, 0);
  EXPECT_EQ(pull.Fetch(7), "GET /\r\n") << "Find takes nothing away";
  EXPECT_EQ(pull.Find("Host", 0, &position), FR_OK);
  EXPECT_EQ(position, 0) << "counted from the first byte there";
}

// Random patterns in random bytes of two letters, with random fetches between.
// Spec: decisions 8.4/3
TEST_P(TcpComplexPullLooking, FindsWhatAStringFinds) {
  ComplexUnderTest& component = PullComponent();
  std::minstd_rand random(13);
  std::string message(30'000, 'a');
  for (char& byte : message) byte = random() % 4 == 0 ? 'b' : 'a';
  size_t fetched = 0;
  size_t found = 0;
  const auto look = [&](const PullUnderTest& pull, size_t total) {
    const std::string_view there = std::string_view(message).substr(fetched, total);
    for (int i = 0; i < 20; ++i) {
      // As it may stand there, or somewhere else, or nowhere.
      const std::string pattern = message.substr(random() % (message.size() - 20), 1 + random() % 14);
      const size_t from = random() % (total + 3);
      int position = -1;
      const EnFetchResult result = pull.Find(pattern, static_cast<int>(from), &position);
      const size_t expected = there.find(pattern, from);
      if (expected != std::string_view::npos) {
        ++found;
        EXPECT_EQ(result, FR_OK) << pattern;
        EXPECT_EQ(static_cast<size_t>(position), expected) << pattern;
        continue;
      }
      EXPECT_EQ(result, FR_LENGTH_TOO_LONG) << pattern;
      // From there on it may stand as soon as more has come, and from nowhere before.
      const size_t first = total < pattern.size() ? 0 : total - pattern.size() + 1;
      EXPECT_EQ(static_cast<size_t>(position), std::max(from, first)) << pattern;
    }
  };
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    const PullUnderTest pull = Pull(component, event.id);
    const size_t total = static_cast<size_t>(event.total);
    look(pull, total);
    const size_t away = random() % 2 == 0 ? random() % (total + 1) : 0;
    EXPECT_TRUE(pull.Fetch(away) == message.substr(fetched, away));
    fetched += away;
    look(pull, total - away);
  });
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(SendInPieces(*link.peer, message, 17, 700));
  link->HalfClose();
  ASSERT_TRUE(Ended(component, link.id));
  EXPECT_GT(found, 0u);
}

// What Find is for: lines, looked for from where the last search ended.
// Spec: decisions 8.4/3
TEST_P(TcpComplexPullLooking, CutsLinesHoweverTheyCome) {
  ComplexUnderTest& component = PullComponent();
  std::vector<std::string> lines;
  int from = 0;
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    const PullUnderTest pull = Pull(component, event.id);
    int position = 0;
    while (pull.Find("\r\n", from, &position) == FR_OK) {
      lines.push_back(pull.Fetch(static_cast<size_t>(position) + 2));
      from = 0;
    }
    from = position;  // what comes before it has been searched
  });
  component.MustStart();
  const Link link = component.Connect();
  std::minstd_rand random(19);
  std::vector<std::string> sent;
  std::string stream;
  for (int i = 0; i < 400; ++i) {
    std::string line = Pattern(random() % 300, static_cast<uint32_t>(i));
    for (char& byte : line) byte = static_cast<char>(byte == '\n' ? '\r' : byte);
    sent.push_back(line + "\r\n");
    stream += sent.back();
  }
  ASSERT_TRUE(SendInPieces(*link.peer, stream, 23, 150));
  link->HalfClose();
  ASSERT_TRUE(Ended(component, link.id));
  EXPECT_EQ(lines, sent);
}

}  // namespace
}  // namespace hpsocket::conformance
