// Conformance: what a component's Send, SendPackets and SendSmallFile accept, refuse and deliver.
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;

constexpr size_t kLongestFile = 4096 * 1024;

class TcpComplexSending : public ComplexTest {
 protected:
  // FALSE, this errno, and a component error that nothing has touched.
  static void ExpectFails(ComplexUnderTest& component, int error, const std::function<bool()>& call) {
    const EnSocketError before = component->GetLastError();
    errno = 0;
    EXPECT_FALSE(call());
    EXPECT_EQ(errno, error);
    EXPECT_EQ(component->GetLastError(), before);
  }
  // Every kind of sending to this ID fails with this errno.
  static void ExpectUnsendable(ComplexUnderTest& component, CONNID id, int error) {
    WSABUF packets[] = {Packet("x")};
    const TemporaryFile file("content");
    ExpectFails(component, error, [&] { return component->Send(id, Bytes("x"), 1); });
    ExpectFails(component, error, [&] { return component->SendPackets(id, packets, 1); });
    ExpectFails(component, error,
                [&] { return component.tcp().SendSmallFile(id, file.path(), nullptr, nullptr); });
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexSending);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexSending, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: api §6.3/8, C09
TEST_P(TcpComplexSending, DeliversWhatIsSentInsideTheFirstEvent) {
  ComplexUnderTest& component = NewComponent();
  component.events().Do(component.opening(), [&](const Event& event) {
    EXPECT_TRUE(component->Send(event.id, Bytes("welcome"), 7));
    EXPECT_GE(component->GetConnectionCount(), 1u);
    EXPECT_TRUE(component.RemoteName(event.id).ok);
  });
  component.MustStart();
  const Link link = component.Connect();
  EXPECT_EQ(link->Receive(7), "welcome");
  ASSERT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == "welcome"; }));
}

// Spec: §2.2.1, api §2.1/2t, decisions 4.6
TEST_P(TcpComplexSending, CountsTheLengthFromTheOffset) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const std::string_view text = "0123456789";
  EXPECT_TRUE(component->Send(link.id, Bytes(text), 3, 4));
  EXPECT_EQ(link->Receive(3), "456");
  EXPECT_TRUE(component->Send(link.id, Bytes(text), 10, 0));
  EXPECT_EQ(link->Receive(10), text);
  EXPECT_TRUE(component->Send(link.id, Bytes(text), 1, 9));
  EXPECT_EQ(link->Receive(1), "9");
}

// Spec: api §6.6/1, api §6.6/2, decisions 4.6, input 2, input 3, api §2.1/2t, api §2.1/3t
TEST_P(TcpComplexSending, RefusesArgumentsThatMakeNoSense) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const uint8_t* const data = Bytes("0123456789");
  ExpectFails(component, EINVAL, [&] { return component->Send(link.id, nullptr, 1); });
  ExpectFails(component, EINVAL, [&] { return component->Send(link.id, data, -1); });
  ExpectFails(component, EINVAL, [&] { return component->Send(link.id, data, INT_MIN); });
  ExpectFails(component, EINVAL, [&] { return component->Send(link.id, data, 1, -1); });
  WSABUF packets[] = {Packet("x"), {1, nullptr}};
  ExpectFails(component, EINVAL, [&] { return component->SendPackets(link.id, nullptr, 1); });
  ExpectFails(component, EINVAL, [&] { return component->SendPackets(link.id, packets, 0); });
  ExpectFails(component, EINVAL, [&] { return component->SendPackets(link.id, packets, -1); });
  ExpectFails(component, EINVAL, [&] { return component->SendPackets(link.id, packets, 2); });
  // None of it has left a trace on the stream.
  EXPECT_TRUE(component->Send(link.id, data, 10));
  EXPECT_EQ(link->Receive(10), "0123456789");
  int pending = -1;
  EXPECT_TRUE(RunUntil([&] { return component->GetPendingDataLength(link.id, pending) && pending == 0; }));
}

// Spec: api §6.6/2, decisions 4.6
TEST_P(TcpComplexSending, TakesNothingForAnswerAndSendsNothing) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  WSABUF empty[] = {Packet(""), {0, nullptr}, Packet("")};
  EXPECT_TRUE(component->Send(link.id, Bytes("x"), 0));
  EXPECT_TRUE(component->Send(link.id, nullptr, 0));
  EXPECT_TRUE(component->SendPackets(link.id, empty, 3));
  EXPECT_TRUE(component->Send(link.id, Bytes("end"), 3));
  EXPECT_EQ(link->Receive(3), "end");
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == "end"; }));
  EXPECT_EQ(component.events().log().Count(EventKind::kSend), 1u);
}

// Spec: api §2.1/3t, api §6.6/2, api §6.6/5
TEST_P(TcpComplexSending, GathersPacketsInOrderAndSkipsEmptyOnes) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const std::string big = Pattern(200000);
  WSABUF packets[] = {Packet(""), Packet("head"), {0, nullptr}, Packet(big), Packet("tail"), Packet("")};
  EXPECT_TRUE(component->SendPackets(link.id, packets, 6));
  const std::string expected = "head" + big + "tail";
  EXPECT_TRUE(link->Receive(expected.size()) == expected);
  std::vector<WSABUF> many(3000, Packet("0123456789"));
  EXPECT_TRUE(component->SendPackets(link.id, many.data(), static_cast<int>(many.size())));
  std::string repeated;
  for (size_t i = 0; i < many.size(); ++i) repeated += "0123456789";
  EXPECT_TRUE(link->Receive(repeated.size()) == repeated) << "more pieces than one system call takes";
}

// Spec: api §6.6, api §6.5/2, decisions 4.6, C09, fault 16, input 4, api §2.1/2t, api §2.1/3t, api §6.9/2
TEST_P(TcpComplexSending, RefusesIdsThatAreUnknownOrGone) {
  ComplexUnderTest& component = NewComponent();
  ExpectUnsendable(component, 1, EBADSLT);  // not started
  component.events().Do(EventKind::kClose,
                        [&](const Event& event) { ExpectUnsendable(component, event.id, EBADSLT); });
  component.MustStart();
  ExpectUnsendable(component, 0, EBADSLT);
  ExpectUnsendable(component, UINTPTR_MAX, EBADSLT);
  Link link = component.Connect();
  ExpectUnsendable(component, link.id + 1, EBADSLT);
  link->Close();
  ASSERT_TRUE(component.CountBecomes(0));
  ExpectUnsendable(component, link.id, EBADSLT);
  const Link next = component.Connect();
  ExpectUnsendable(component, link.id, EBADSLT);  // a stale ID never reaches the next connection
  EXPECT_TRUE(component->Send(next.id, Bytes("!"), 1));
  EXPECT_EQ(next->Receive(1), "!");
  ASSERT_TRUE(component->Stop());
  ExpectUnsendable(component, next.id, EBADSLT);
}

// Spec: api §6.6/3, decisions 4.7, api §2.1/2t
TEST_P(TcpComplexSending, CopiesWhatItIsGiven) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    std::string data = Pattern(50000, static_cast<uint32_t>(i));
    expected += data;
    ASSERT_TRUE(component->Send(link.id, Bytes(data), Length(data)));
    std::fill(data.begin(), data.end(), '#');
  }
  EXPECT_TRUE(link->Receive(expected.size()) == expected);
}

// Inside OnReceive the very bytes that arrived may be sent on; they must arrive as they were.
// Spec: decisions 4.7, §2.1.2
TEST_P(TcpComplexSending, SendsOnWhatItIsReceivingToOthers) {
  ComplexUnderTest& component = NewComponent();
  std::vector<CONNID> everybody;
  component.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) links.push_back(component.Connect());
  for (const Link& link : links) everybody.push_back(link.id);
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    for (const CONNID id : everybody) EXPECT_TRUE(component->Send(id, event.bytes, Length(event.data)));
  });
  const std::string message = Pattern(500000);
  ASSERT_TRUE(links[0]->Send(message));
  for (const Link& link : links) EXPECT_TRUE(link->Receive(message.size()) == message);
  ASSERT_TRUE(component->Stop());
}

// Spec: api §6.7/1, decisions 4.5, C13, api §2.3/1t, api §2.6/1t
TEST_P(TcpComplexSending, SendsASmallFileBetweenHeadAndTail) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
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
      // Under a sanitizer so many bytes take seconds; there they go without either, and with both.
      const bool with_one = (one.head == nullptr) != (one.tail == nullptr);
      if (harness::kSanitized && size == kLongestFile && with_one) continue;
      const std::string expected =
          (one.head == &head ? "<head>" : "") + content + (one.tail == &tail ? "<tail>" : "");
      ASSERT_TRUE(component.tcp().SendSmallFile(link.id, file.path(), one.head, one.tail)) << size;
      ASSERT_TRUE(link->Receive(expected.size()) == expected) << size;
    }
  }
}

// Spec: decisions 1.6, decisions 4.5
TEST_P(TcpComplexSending, TakesTheNameOfASmallFileInUtf8) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const TemporaryFile file("content");
  const std::string name = std::string(file.path()) + "-\u6587\u4ef6-\u00fc";
  ASSERT_EQ(symlink(file.path(), name.c_str()), 0);
  const bool sent = component.tcp().SendSmallFile(link.id, name.c_str(), nullptr, nullptr);
  std::remove(name.c_str());
  ASSERT_TRUE(sent);
  EXPECT_EQ(link->Receive(7), "content");
}

// Spec: api §6.7/3, decisions 4.5
TEST_P(TcpComplexSending, CopiesASmallFile) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  const std::string content = Pattern(kLongestFile);
  TemporaryFile file(content);
  ASSERT_TRUE(component.tcp().SendSmallFile(link.id, file.path(), nullptr, nullptr));
  file.Write("changed");
  file.Remove();
  EXPECT_TRUE(link->Receive(content.size()) == content);
}

// Spec: api §6.7/2, decisions 4.5, decisions 4.6, C13, api §2.3/1t, api §2.6/1t
TEST_P(TcpComplexSending, RefusesFilesThatAreNotSmallOrNotThere) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const auto send = [&](const char* path) {
    return
        [&component, &link, path] { return component.tcp().SendSmallFile(link.id, path, nullptr, nullptr); };
  };
  const TemporaryFile empty("");
  ExpectFails(component, EINVAL, send(empty.path()));
  const TemporaryFile too_large(Pattern(kLongestFile + 1));
  ExpectFails(component, EFBIG, send(too_large.path()));
  TemporaryFile missing("x");
  missing.Remove();
  ExpectFails(component, ENOENT, send(missing.path()));
  ExpectFails(component, EINVAL, send(nullptr));
  const TemporaryFile good("x");
  const WSABUF no_bytes = {1, nullptr};
  ExpectFails(component, EINVAL,
              [&] { return component.tcp().SendSmallFile(link.id, good.path(), &no_bytes, nullptr); });
  ExpectFails(component, EINVAL,
              [&] { return component.tcp().SendSmallFile(link.id, good.path(), nullptr, &no_bytes); });
  ExpectFails(component, EBADSLT,
              [&] { return component.tcp().SendSmallFile(link.id + 1, good.path(), nullptr, nullptr); });
  if (geteuid() != 0) {
    TemporaryFile forbidden("x");
    forbidden.Forbid();
    ExpectFails(component, EACCES, send(forbidden.path()));
  }
  // What is wrong with the file is said before the connection is looked up.
  ExpectFails(component, ENOENT,
              [&] { return component.tcp().SendSmallFile(0, missing.path(), nullptr, nullptr); });
  EXPECT_TRUE(component->Send(link.id, Bytes("clean"), 5));
  EXPECT_EQ(link->Receive(5), "clean");
}

}  // namespace
}  // namespace hpsocket::conformance
