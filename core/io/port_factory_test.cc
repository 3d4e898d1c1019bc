#include "hpsocket/core/io/port_factory.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/base/log.h"

namespace hpsocket::core {
namespace {

// Lets io_uring_setup fail with `error` from now on, as the seccomp filters of containers do.
bool ForbidUring(int error) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (static_cast<uint32_t>(error) & SECCOMP_RET_DATA)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// What is remembered once per process, a filter that cannot be taken off again, and the environment: each
// test has a process of its own. `body` says what is wrong, or nothing.
void RunInChild(const std::function<std::string()>& body) {
  int pipe_fds[2];
  ASSERT_EQ(pipe(pipe_fds), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    close(pipe_fds[0]);
    const std::string wrong = body();
    const bool told = write(pipe_fds[1], wrong.data(), wrong.size()) == static_cast<ssize_t>(wrong.size());
    _exit(told ? 0 : 1);
  }
  close(pipe_fds[1]);
  std::string wrong;
  char buffer[512];
  for (ssize_t got; (got = read(pipe_fds[0], buffer, sizeof(buffer))) > 0;) {
    wrong.append(buffer, static_cast<size_t>(got));
  }
  close(pipe_fds[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(wrong, "");
}

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

TEST(PortFactoryTest, FallsBackToEpollWhereUringIsForbiddenAndSaysWhy) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(EPERM)) return "no seccomp";
    CollectLines();
    for (int i = 0; i < 3; ++i) {
      const Made made = Make(PortChoice::kAuto);
      if (made.name != "epoll" || made.error != 0) return "took " + made.name;
      if (!Says(made.why, "EPERM")) return "why: " + made.why;
    }
    if (Lines().size() != 1) return std::to_string(Lines().size()) + " lines";
    if (!Says(Lines()[0], "0 using epoll") || !Says(Lines()[0], "EPERM")) return Lines()[0];
    return "";
  });
}

TEST(PortFactoryTest, NamesAMissingSystemCall) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(ENOSYS)) return "no seccomp";
    const Made made = Make(PortChoice::kAuto);
    return made.name == "epoll" && Says(made.why, "ENOSYS") ? "" : made.name + ": " + made.why;
  });
}

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
