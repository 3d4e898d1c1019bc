#include "hpsocket/testing/harness/second_host.h"

#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/raw_datagram_peer.h"

extern char** environ;

namespace hpsocket::harness {
namespace {

// Empty on success, else what went wrong.
std::string Ip(const std::string& arguments) {
  std::vector<std::string> words = {"ip"};
  for (size_t at = 0; at < arguments.size();) {
    const size_t end = std::min(arguments.find(' ', at), arguments.size());
    words.push_back(arguments.substr(at, end - at));
    at = end + 1;
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, "/usr/sbin/ip", nullptr, nullptr, argv.data(), environ);
  if (error != 0) return std::string("ip: ") + strerror(error);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return std::string("waitpid: ") + strerror(errno);
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : "ip " + arguments + " failed";
}

std::string IpEach(const std::vector<std::string>& commands) {
  for (const std::string& command : commands) {
    if (std::string why = Ip(command); !why.empty()) return why;
  }
  return "";
}

}  // namespace

// Runs tasks one after another in a namespace of its own.
class SecondHost::Thread {
 public:
  Thread() : thread_([this] { Loop(); }) {}
  ~Thread() {
    Run(nullptr);
    thread_.join();
  }

  void Run(std::function<void()> task) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !pending_; });
    task_ = std::move(task);
    pending_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !pending_; });
  }

 private:
  void Loop() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return pending_; });
      const bool last = task_ == nullptr;
      lock.unlock();
      if (!last) task_();
      lock.lock();
      pending_ = false;
      changed_.notify_all();
      if (last) return;
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> task_;
  bool pending_ = false;
  std::thread thread_;
};

SecondHost::SecondHost(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}

SecondHost::~SecondHost() { Unplug(); }

std::unique_ptr<SecondHost> SecondHost::Make(std::string* why) {
  auto thread = std::make_unique<Thread>();
  pid_t id = 0;
  int error = 0;
  thread->Run([&] {
    if (unshare(CLONE_NEWNET) != 0) error = errno;
    id = gettid();
  });
  if (error != 0) {
    *why = std::string("unshare: ") + strerror(error);
    return nullptr;
  }
  *why = IpEach({"link add hp0 type veth peer name hp1", "link set hp1 netns " + std::to_string(id),
                 "link set hp0 addrgenmode none", "addr add 10.99.0.1/24 dev hp0",
                 "addr add fd99::1/64 dev hp0 nodad", "addr add fe80::99:1/64 dev hp0 nodad",
                 "link set hp0 up"});
  if (!why->empty()) return nullptr;
  std::unique_ptr<SecondHost> host(new SecondHost(std::move(thread)));
  host->Run([why] {
    *why = IpEach({"link set lo up", "link set hp1 addrgenmode none", "addr add 10.99.0.2/24 dev hp1",
                   "addr add fd99::2/64 dev hp1 nodad", "addr add fe80::99:2/64 dev hp1 nodad",
                   "link set hp1 up"});
  });
  if (!why->empty() || !host->AwaitLink(why)) return nullptr;
  return host;
}

// The kernel lets an interface send some time after it is up; what is sent before is lost.
bool SecondHost::AwaitLink(std::string* why) {
  const std::unique_ptr<DatagramPeer> here = RawDatagramPeer::Bind("10.99.0.1");
  std::unique_ptr<DatagramPeer> there;
  thread_->Run([&there] { there = RawDatagramPeer::Bind("10.99.0.2"); });
  const Deadline deadline = Deadline::Patient();
  const auto passes = [&deadline](DatagramPeer& from, const char* to, DatagramPeer& at) {
    while (!deadline.passed()) {
      from.SendTo(to, at.port(), "is there a link");
      if (at.Receive(Deadline::In(std::chrono::milliseconds(20)))) return true;
    }
    return false;
  };
  const bool up = here != nullptr && there != nullptr && passes(*there, "10.99.0.1", *here) &&
                  passes(*here, "10.99.0.2", *there);
  if (!up) *why = "nothing passes between the two hosts";
  return up;
}

void SecondHost::Run(const std::function<void()>& task) { thread_->Run(task); }

void SecondHost::Unplug() {
  if (std::exchange(plugged_, false)) Ip("link del hp0");
}

}  // namespace hpsocket::harness
