#include "hpsocket/testing/harness/second_host.h"

#include <arpa/inet.h>
#include <linux/mroute.h>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <sys/socket.h>
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

int SetRouting(int fd, int name, const void* value, socklen_t length) {
  return setsockopt(fd, IPPROTO_IP, name, value, length) == 0 ? 0 : errno;
}

// 0, or errno. The interfaces are those of the calling thread's network.
int RouteGroup(int fd, const char* from, const char* to, const char* source, const char* group) {
  const int on = 1;
  if (const int error = SetRouting(fd, MRT_INIT, &on, sizeof(on))) return error;
  for (vifi_t i = 0; i < 2; ++i) {
    vifctl interface {};
    interface.vifc_vifi = i;
    interface.vifc_flags = VIFF_USE_IFINDEX;
    interface.vifc_threshold = 1;
    interface.vifc_lcl_ifindex = static_cast<int>(if_nametoindex(i == 0 ? from : to));
    if (const int error = SetRouting(fd, MRT_ADD_VIF, &interface, sizeof(interface))) return error;
  }
  mfcctl route{};
  inet_pton(AF_INET, source, &route.mfcc_origin);
  inet_pton(AF_INET, group, &route.mfcc_mcastgrp);
  route.mfcc_parent = 0;
  route.mfcc_ttls[1] = 1;
  return SetRouting(fd, MRT_ADD_MFC, &route, sizeof(route));
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

  // The thread's ID, by which its network is named; 0: `*why` says what failed.
  pid_t EnterOwnNetwork(std::string* why) {
    pid_t id = 0;
    Run([&] {
      if (unshare(CLONE_NEWNET) == 0) {
        id = gettid();
      } else {
        *why = std::string("unshare: ") + strerror(errno);
      }
    });
    return id;
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

namespace {

template <class RunA, class RunB>
bool AwaitLink(RunA run_a, const char* address_a, RunB run_b, const char* address_b, std::string* why) {
  std::unique_ptr<DatagramPeer> a;
  std::unique_ptr<DatagramPeer> b;
  run_a([&] { a = RawDatagramPeer::Bind(address_a); });
  run_b([&] { b = RawDatagramPeer::Bind(address_b); });
  const Deadline deadline = Deadline::Patient();
  // The kernel lets an interface send some time after it is up; what is sent before is lost.
  const auto passes = [&deadline](DatagramPeer& from, const char* to, DatagramPeer& at) {
    while (!deadline.passed()) {
      from.SendTo(to, at.port(), "is there a link");
      if (at.Receive(Deadline::In(std::chrono::milliseconds(20)))) return true;
    }
    return false;
  };
  const bool up = a != nullptr && b != nullptr && passes(*b, address_a, *a) && passes(*a, address_b, *b);
  if (!up) *why = "nothing passes between the two hosts";
  return up;
}

}  // namespace

SecondHost::SecondHost(std::unique_ptr<Thread> thread, int network)
    : thread_(std::move(thread)), network_(network) {}

SecondHost::~SecondHost() {
  if (router_ >= 0) close(router_);
  if (wired_beyond_) Ip("link del hp4");
  Unplug();
}

std::unique_ptr<SecondHost> SecondHost::Make(std::string* why) {
  auto thread = std::make_unique<Thread>();
  const pid_t id = thread->EnterOwnNetwork(why);
  if (id == 0) return nullptr;
  std::unique_ptr<SecondHost> host(new SecondHost(std::move(thread), id));
  return host->PlugIn(why) ? std::move(host) : nullptr;
}

bool SecondHost::PlugIn(std::string* why) {
  *why = IpEach({"link add hp0 type veth peer name hp1", "link set hp1 netns " + std::to_string(network_),
                 "link set hp0 addrgenmode none", "addr add 10.99.0.1/24 dev hp0",
                 "addr add fd99::1/64 dev hp0 nodad", "addr add fe80::99:1/64 dev hp0 nodad",
                 "link set hp0 up"});
  if (!why->empty()) return false;
  plugged_ = true;
  Run([why] {
    *why = IpEach({"link set lo up", "link set hp1 addrgenmode none", "addr add 10.99.0.2/24 dev hp1",
                   "addr add fd99::2/64 dev hp1 nodad", "addr add fe80::99:2/64 dev hp1 nodad",
                   "link set hp1 up"});
  });
  if (!why->empty()) return false;
  const auto run_here = [](const auto& task) { task(); };
  const auto run_there = [this](const auto& task) { Run(task); };
  return AwaitLink(run_here, "10.99.0.1", run_there, "10.99.0.2", why);
}

bool SecondHost::WireBeyond(std::string* why) {
  beyond_ = std::make_unique<Thread>();
  const pid_t id = beyond_->EnterOwnNetwork(why);
  if (id == 0) return false;
  *why = IpEach({"link add hp4 type veth peer name hp5", "link set hp5 netns " + std::to_string(id),
                 "link set hp4 addrgenmode none", "addr add 10.97.0.1/24 dev hp4",
                 "addr add fd97::1/64 dev hp4 nodad", "link set hp4 up"});
  if (!why->empty()) return false;
  wired_beyond_ = true;
  RunBeyond([why] {
    *why = IpEach({"link set lo up", "link set hp5 addrgenmode none", "addr add 10.97.0.2/24 dev hp5",
                   "addr add fd97::2/64 dev hp5 nodad", "link set hp5 up"});
  });
  if (!why->empty()) return false;
  const auto run_here = [](const auto& task) { task(); };
  const auto run_beyond = [this](const auto& task) { RunBeyond(task); };
  return AwaitLink(run_here, "10.97.0.1", run_beyond, "10.97.0.2", why);
}

SecondHost::Routing SecondHost::RouteBeyond(const char* group, std::string* why) {
  beyond_ = std::make_unique<Thread>();
  const pid_t id = beyond_->EnterOwnNetwork(why);
  if (id == 0) return Routing::kFailed;
  int error = 0;
  Run([&] {
    *why = IpEach({"link add hp2 type veth peer name hp3", "link set hp3 netns " + std::to_string(id),
                   "addr add 10.98.0.1/24 dev hp2", "link set hp2 up"});
    if (!why->empty()) return;
    router_ = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IGMP);
    error = router_ < 0 ? errno : RouteGroup(router_, "hp1", "hp2", "10.99.0.1", group);
    if (error != 0) *why = std::string("the kernel routes no multicast: ") + strerror(error);
  });
  if (error == ENOPROTOOPT) return Routing::kNoneInThisKernel;
  if (!why->empty()) return Routing::kFailed;
  RunBeyond([why] {
    // The way back, without which a strict kernel takes nothing from there.
    *why = IpEach({"link set lo up", "addr add 10.98.0.2/24 dev hp3", "link set hp3 up",
                   "route add 10.99.0.0/24 via 10.98.0.1"});
  });
  if (!why->empty()) return Routing::kFailed;
  const auto run_there = [this](const auto& task) { Run(task); };
  const auto run_beyond = [this](const auto& task) { RunBeyond(task); };
  return AwaitLink(run_there, "10.98.0.1", run_beyond, "10.98.0.2", why) ? Routing::kReady : Routing::kFailed;
}

void SecondHost::Run(const std::function<void()>& task) { thread_->Run(task); }

bool SecondHost::AddAddress(const std::string& address) {
  return Ip("addr add " + address + " dev hp0").empty();
}

bool SecondHost::RemoveAddress(const std::string& address) {
  return Ip("addr del " + address + " dev hp0").empty();
}

bool SecondHost::Narrow(int bytes) { return Ip("link set hp0 mtu " + std::to_string(bytes)).empty(); }

void SecondHost::RunBeyond(const std::function<void()>& task) { beyond_->Run(task); }

void SecondHost::Unplug() {
  if (std::exchange(plugged_, false)) Ip("link del hp0");
}

}  // namespace hpsocket::harness
