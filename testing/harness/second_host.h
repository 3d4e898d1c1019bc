// Internal to testing.
//
// A second host for tests of what goes over a wire: a network namespace of its own, joined to the test's
// by a pair of virtual Ethernet interfaces. Sockets that are made on its thread are its.
//
//   here  hp0  10.99.0.1/24  fd99::1/64  fe80::99:1   <->   there  hp1  10.99.0.2/24  fd99::2/64  fe80::99:2
//
// It may route a group to a third one, or the test's may have a second wire, to that one:
//
//   there  hp2  10.98.0.1/24   <->   beyond  hp3  10.98.0.2/24
//   here   hp4  10.97.0.1/24  fd97::1/64   <->   beyond  hp5  10.97.0.2/24  fd97::2/64
//
// Threads:  the test's thread; what Run() and RunBeyond() are given runs on that host's.
// Owner:    the object owns the hosts; interfaces go with it.
#ifndef HPSOCKET_TESTING_HARNESS_SECOND_HOST_H_
#define HPSOCKET_TESTING_HARNESS_SECOND_HOST_H_

#include <functional>
#include <memory>
#include <string>

namespace hpsocket::harness {

class SecondHost {
 public:
  // Null where namespaces or virtual interfaces are not to be had: `*why` says what failed.
  static std::unique_ptr<SecondHost> Make(std::string* why);

  SecondHost(const SecondHost&) = delete;
  SecondHost& operator=(const SecondHost&) = delete;
  ~SecondHost();

  // Does it there and waits until it is done.
  void Run(const std::function<void()>& task);
  // An IPv4 address more of the test's host on the wire, "10.99.0.3/24", and without it again. False: it is
  // not to be had.
  bool AddAddress(const std::string& address);
  bool RemoveAddress(const std::string& address);
  // From now on what leaves the test's host is cut into packets of so many bytes at most. False: it is not to
  // be had.
  bool Narrow(int bytes);
  // Makes the host beyond, and the one between a router for what 10.99.0.1 sends to `group`. `*why` says why
  // there is none.
  enum class Routing { kReady, kNoneInThisKernel, kFailed };
  Routing RouteBeyond(const char* group, std::string* why);
  // Makes the host beyond, and the wire to it. False: `*why` says what failed.
  bool WireBeyond(std::string* why);
  // As Run(), on the host beyond.
  void RunBeyond(const std::function<void()>& task);
  // Takes the cable, and both interfaces, away.
  void Unplug();
  // Brings other interfaces, with the same names and addresses. False: `*why` says what failed.
  bool PlugIn(std::string* why);

 private:
  class Thread;
  SecondHost(std::unique_ptr<Thread> thread, int network);

  std::unique_ptr<Thread> thread_;
  const int network_;  // of the host there, named by its thread
  std::unique_ptr<Thread> beyond_;
  int router_ = -1;  // the socket that routes as long as it is open
  bool plugged_ = false;
  bool wired_beyond_ = false;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SECOND_HOST_H_
