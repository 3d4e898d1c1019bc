#include "hpsocket/testing/conformance/process_fixture.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstring>

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::conformance {

std::string InForkedChild(const std::function<void(Child&)>& body) {
  int words[2];
  if (pipe(words) != 0) return "no pipe";
  const pid_t pid = fork();
  if (pid == 0) {
    alarm(60);  // a child that hangs ends by itself
    Child child;
    body(child);
    if (child.failed() != nullptr) {
      const std::string text = child.failed();
      if (write(words[1], text.data(), text.size()) < 0) _exit(3);
      _exit(1);
    }
    _exit(0);
  }
  close(words[1]);
  std::string text;
  char piece[256];
  for (ssize_t got = 0; (got = read(words[0], piece, sizeof(piece))) > 0;)
    text.append(piece, static_cast<size_t>(got));
  close(words[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return "the child was ended by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0 && text.empty())
    return "the child's status is " + std::to_string(WEXITSTATUS(status));
  return text;
}

namespace {

constexpr uint8_t kByte = 'x';

// What IComplexSocket and IClient have in common.
template <class Component>
void ExpectStopped(Child& child, Component& component, const std::function<bool()>& start) {
  child.Expect(component.GetState() == SS_STOPPED, "GetState");
  child.Expect(!component.HasStarted(), "HasStarted");
  child.Expect(!start(), "Start");
  child.Expect(component.GetLastError() == SE_ILLEGAL_STATE, "Start: SE_ILLEGAL_STATE");
  child.Expect(std::string(component.GetLastErrorDetail()).find("fork") != std::string::npos,
               "Start: what GetLastErrorDetail says");
  child.Expect(!component.Stop(), "Stop");
  child.Expect(component.GetLastError() == SE_ILLEGAL_STATE, "Stop: SE_ILLEGAL_STATE");
  child.Expect(component.Wait(-1), "Wait");
  HP_Stats stats;
  child.Expect(component.GetStats(stats), "GetStats");
}

}  // namespace

void ExpectStoppedForGood(Child& child, IComplexSocket& component, CONNID id,
                          const std::function<bool()>& start) {
  ExpectStopped(child, component, start);
  child.Expect(component.GetConnectionCount() == 0, "GetConnectionCount");
  CONNID ids[4];
  uint32_t count = 4;
  component.GetAllConnectionIDs(ids, count);
  child.Expect(count == 0, "GetAllConnectionIDs");
  errno = 0;
  child.Expect(!component.Send(id, &kByte, 1) && errno == EBADSLT, "Send");
  errno = 0;
  child.Expect(!component.Disconnect(id) && errno == EBADSLT, "Disconnect");
  child.Expect(!component.DisconnectLongConnections(0), "DisconnectLongConnections");
  void* extra = nullptr;
  child.Expect(!component.GetConnectionExtra(id, &extra), "GetConnectionExtra");
}

void ExpectStoppedForGood(Child& child, IClient& client, const std::function<bool()>& start) {
  ExpectStopped(child, client, start);
  errno = 0;
  child.Expect(!client.Send(&kByte, 1) && errno == EPERM, "Send");
}

SignalStorm::SignalStorm() {
  struct sigaction action {};
  action.sa_handler = [](int) {};  // and no SA_RESTART: whoever waits gets EINTR
  sigaction(SIGUSR1, &action, &before_);
  thread_ = std::thread([this] { Blow(); });
}

SignalStorm::~SignalStorm() {
  over_.store(true);
  thread_.join();
  signal(SIGUSR1, SIG_IGN);  // forgets those that have not been delivered
  sigaction(SIGUSR1, &before_, nullptr);
}

void SignalStorm::Blow() {
  const int own = static_cast<int>(syscall(SYS_gettid));
  while (!over_.load()) {
    for (const int thread : harness::ThreadIds()) {
      if (thread != own) syscall(SYS_tgkill, getpid(), thread, SIGUSR1);
    }
    ++count_;
  }
}

std::set<int> Added(const std::set<int>& before, const std::set<int>& now) {
  std::set<int> added;
  for (const int one : now) {
    if (before.count(one) == 0) added.insert(one);
  }
  return added;
}

void ExpectCloseOnExec(const std::set<int>& descriptors) {
  EXPECT_FALSE(descriptors.empty());
  for (const int fd : descriptors) EXPECT_TRUE(harness::IsCloseOnExec(fd)) << fd;
}

void ExpectQuietThreads(const std::set<int>& threads) {
  ASSERT_FALSE(threads.empty());
  const std::string own = harness::ThreadName(getpid());
  for (const int thread : threads) {
    EXPECT_NE(harness::ThreadName(thread), own);
    const uint64_t blocked = harness::BlockedSignals(thread);
    for (int signal = 1; signal < 32; ++signal) {
      if (signal == SIGKILL || signal == SIGSTOP) continue;
      EXPECT_NE(blocked & (uint64_t{1} << (signal - 1)), 0u)
          << harness::ThreadName(thread) << " would handle " << strsignal(signal);
    }
  }
}

ProcessState ProcessState::Now() {
  ProcessState state;
  for (int signal = 1; signal < 32; ++signal) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    state.handlers.push_back(action.sa_handler);
  }
  for (const __rlimit_resource resource :
       {RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_AS}) {
    rlimit limit{};
    getrlimit(resource, &limit);
    state.limits.push_back(limit);
  }
  state.locale = std::setlocale(LC_ALL, nullptr);
  char folder[4096] = "";
  if (getcwd(folder, sizeof(folder)) != nullptr) state.folder = folder;
  return state;
}

void ProcessState::ExpectSame(const ProcessState& other) const {
  EXPECT_EQ(handlers, other.handlers);
  for (size_t i = 0; i < limits.size(); ++i) {
    EXPECT_EQ(limits[i].rlim_cur, other.limits[i].rlim_cur) << i;
    EXPECT_EQ(limits[i].rlim_max, other.limits[i].rlim_max) << i;
  }
  EXPECT_EQ(locale, other.locale);
  EXPECT_EQ(folder, other.folder);
}

}  // namespace hpsocket::conformance
