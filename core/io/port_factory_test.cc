#include "hpsocket/core/io/port_factory.h"

#include <errno.h>
#include <liburing.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/base/log.h"
#include "hpsocket/core/io/uring_forbidden.h"
#include "hpsocket/core/io/uring_probe.h"

namespace hpsocket::core {
namespace {

struct Made {
  std::string name;  // empty: none
  int error = -1;
  std::string why;
};

Made Make(PortChoice choice) {
  Made made;
  const auto port = NewKernelPort(choice, &made.error, &made.why);
  if (port != nullptr) made.name = port->name();
  return made;
}

std::vector<std::string>& Lines() {
  static std::vector<std::string> lines;
  return lines;
}

void CollectLines() {
  SetLogFunction(
      [](int level, const char* text, void*) { Lines().push_back(std::to_string(level) + " " + text); },
      nullptr);
}

bool Says(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

// Not ProbedUring(): the children would remember it.
bool LacksUring() { return !ProbeUring().usable(); }

// What is wrong with the fall back to epoll for the reason that contains `word`, or nothing.
std::string WhatIsWrongWithFallingBack(const std::string& word) {
  CollectLines();
  for (int i = 0; i < 3; ++i) {
    const Made made = Make(PortChoice::kAuto);
    if (made.name != "epoll" || made.error != 0) return "took " + made.name;
    if (!Says(made.why, word)) return "why: " + made.why;
  }
  if (Lines().size() != 1) return std::to_string(Lines().size()) + " lines";
  if (!Says(Lines()[0], "0 using epoll") || !Says(Lines()[0], word)) return Lines()[0];
  return "";
}

// Spec: fault 33
TEST(PortFactoryTest, FallsBackToEpollWhereUringIsForbiddenAndSaysWhy) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(EPERM)) return "no seccomp";
    return WhatIsWrongWithFallingBack("EPERM");
  });
}

// Spec: fault 34
TEST(PortFactoryTest, FallsBackToEpollWhereUringLacksASetupFlag) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(EINVAL)) return "no seccomp";
    return WhatIsWrongWithFallingBack("EINVAL");
  });
}

// Spec: fault 34
TEST(PortFactoryTest, FallsBackToEpollWhereUringLacksAnOperation) {
  if (LacksUring()) GTEST_SKIP() << "no io_uring here";
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    HideUringOperationForTest(IORING_OP_SENDMSG);
    return WhatIsWrongWithFallingBack("lacks operation " + std::to_string(IORING_OP_SENDMSG));
  });
}

// Spec: fault 34
TEST(PortFactoryTest, FallsBackToEpollWhereUringDoesNotTellItsOperations) {
  if (LacksUring()) GTEST_SKIP() << "no io_uring here";
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUringRequest(IORING_REGISTER_PROBE, EINVAL)) return "no seccomp";
    return WhatIsWrongWithFallingBack("does not tell its operations");
  });
}

// Spec: fault 34
TEST(PortFactoryTest, FallsBackToEpollWhereUringTakesNoRingOfBuffers) {
  if (LacksUring()) GTEST_SKIP() << "no io_uring here";
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUringRequest(IORING_REGISTER_PBUF_RING, EINVAL)) return "no seccomp";
    return WhatIsWrongWithFallingBack("takes no ring of buffers");
  });
}

// Spec: fault 33
TEST(PortFactoryTest, NamesAMissingSystemCall) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(ENOSYS)) return "no seccomp";
    const Made made = Make(PortChoice::kAuto);
    return made.name == "epoll" && Says(made.why, "ENOSYS") ? "" : made.name + ": " + made.why;
  });
}

// Spec: fault 33
TEST(PortFactoryTest, AForcedPortThatIsNotToBeHadIsAnError) {
  RunInChild([]() -> std::string {
    if (!ForbidUring(EPERM)) return "no seccomp";
    const Made asked = Make(PortChoice::kUring);
    if (!asked.name.empty() || asked.error != EPERM || !Says(asked.why, "EPERM"))
      return "asked: " + asked.why;
    setenv("HPSOCKET_PORT", "io_uring", 1);
    const Made forced = Make(PortChoice::kAuto);
    if (!forced.name.empty() || forced.error != EPERM || !Says(forced.why, "EPERM"))
      return "forced: " + forced.why;
    const Made epoll = Make(PortChoice::kEpoll);
    return epoll.name == "epoll" ? "" : "epoll: " + epoll.why;
  });
}

// Spec: decisions 8.2/2
TEST(PortFactoryTest, TheEnvironmentDecidesForAutoOnly) {
  RunInChild([]() -> std::string {
    setenv("HPSOCKET_PORT", "epoll", 1);
    CollectLines();
    const Made made = Make(PortChoice::kAuto);
    if (made.name != "epoll" || !Says(made.why, "HPSOCKET_PORT")) return made.name + ": " + made.why;
    if (Lines().size() != 1) return "the line is missing";
    setenv("HPSOCKET_PORT", "io_uring", 1);
    const Made epoll = Make(PortChoice::kEpoll);
    return epoll.name == "epoll" && Says(epoll.why, "application") ? "" : epoll.name + ": " + epoll.why;
  });
}

// The application's handler may throw: that is no reason to have no port.
TEST(PortFactoryTest, MakesAPortThoughItCannotSayWhich) {
  RunInChild([]() -> std::string {
    for (const char* const wish : {"auto", "kqueue"}) {
      setenv("HPSOCKET_PORT", wish, 1);
      SetLogFunction([](int, const char*, void*) { throw 7; }, nullptr);
      const std::string name = Make(PortChoice::kAuto).name;
      if (name.empty()) return std::string("no port for ") + wish;
    }
    return "";
  });
}

TEST(PortFactoryTest, AnUnknownWishIsAutoWithOneWarning) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    const std::string expected = Make(PortChoice::kAuto).name;
    CollectLines();
    setenv("HPSOCKET_PORT", "kqueue", 1);
    for (int i = 0; i < 2; ++i) {
      if (Make(PortChoice::kAuto).name != expected) return "not as auto";
    }
    if (Lines().size() != 1 || !Says(Lines()[0], "1 HPSOCKET_PORT=kqueue")) return "the warning is missing";
    setenv("HPSOCKET_PORT", "auto", 1);
    if (Make(PortChoice::kAuto).name != expected) return "not as auto";
    return "";
  });
}

}  // namespace
}  // namespace hpsocket::core
