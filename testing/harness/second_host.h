// Internal to testing.
//
// A second host for tests of what goes over a wire: a network namespace of its own, joined to the test's
// by a pair of virtual Ethernet interfaces. Sockets that are made on its thread are its.
//
//   here  hp0  10.99.0.1/24  fd99::1/64  fe80::99:1   <->   there  hp1  10.99.0.2/24  fd99::2/64  fe80::99:2
//
// Threads:  the test's thread; what Run() is given runs on the host's.
// Owner:    the object owns the host; interfaces go with it.
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
  // Takes the cable, and both interfaces, away.
  void Unplug();

 private:
  class Thread;
  explicit SecondHost(std::unique_ptr<Thread> thread);
  bool AwaitLink(std::string* why);

  std::unique_ptr<Thread> thread_;
  bool plugged_ = true;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SECOND_HOST_H_
