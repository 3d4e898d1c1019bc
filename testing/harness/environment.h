// Internal to testing.
//
// Where a suite runs: the seam between suites and the kernel. A suite gets its peers and its threads
// from here and waits through here, so the same suite can run on the machine's sockets or in a
// simulated world, where waiting means letting that world go on.
//
// Threads:  any in the real environment; in a simulated one those that it has started, one at a time.
// Owner:    whoever replaces the environment owns the new one and keeps it until all tests are over.
#ifndef HPSOCKET_TESTING_HARNESS_ENVIRONMENT_H_
#define HPSOCKET_TESTING_HARNESS_ENVIRONMENT_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/datagram_peer.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/udp_relay.h"

namespace hpsocket::harness {

// A running thread of a test.
class TestThread {
 public:
  virtual ~TestThread() = default;  // after Join()
  virtual void Join() = 0;
};

class Environment {
 public:
  virtual ~Environment() = default;

  // Sockets are not the kernel's, and threads take turns.
  virtual bool simulated() const = 0;

  // A connected peer; null when nobody listens there.
  virtual std::unique_ptr<Peer> Connect(const std::string& address, uint16_t port,
                                        const PeerOptions& options) = 0;
  // Accepts connections on a port of its own.
  virtual std::unique_ptr<PeerListener> Listen(const PeerListenOptions& options) = 0;
  // A UDP peer that is bound to `address`, a literal of this host; port 0: any. Null: errno says why.
  virtual std::unique_ptr<DatagramPeer> BindDatagramPeer(const std::string& address, uint16_t port) = 0;
  // To a UDP server on IPv4 loopback. Null: errno says why.
  virtual std::unique_ptr<UdpRelay> OpenUdpRelay(uint16_t server_port, uint64_t seed) = 0;
  // The other side's port of a socket that a listener event handed out; 0 if there is none.
  virtual uint16_t PeerPort(SOCKET socket) = 0;
  // Its own port; 0 if it is not bound.
  virtual uint16_t LocalPort(SOCKET socket) = 0;
  // A socket option that is a number; -1 if it cannot be had.
  virtual int GetOption(SOCKET socket, int level, int name) = 0;
  virtual bool SetOption(SOCKET socket, int level, int name, int value) = 0;

  // From now on the name of a host is these addresses, in this order.
  virtual void AddName(const std::string& name, const std::vector<std::string>& literals) = 0;

  // Tests use harness/thread.h.
  virtual std::unique_ptr<TestThread> StartThread(std::function<void()> body) = 0;

  // Waits until `holds()`; its last result. `lock` is held on entry, on return and whenever holds() is
  // called, on whatever thread; who changes what it reads notifies `changed`.
  virtual bool Await(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                     const std::function<bool()>& holds, Deadline deadline) = 0;
  // The same for what nobody announces.
  virtual bool Poll(const std::function<bool()>& holds, Deadline deadline) = 0;

  static Environment& Current();
  // Null restores the real one.
  static void Replace(Environment* environment);
};

// Waits until `holds()`; its last result. For conditions that nothing announces, such as a counter
// that goes down after an event has returned. What a Recorder records is better waited for there.
bool RunUntil(const std::function<bool()>& holds, Deadline deadline = Deadline::Patient());

// A door that starts closed. Callbacks wait at it, so that a test decides when they go on.
class Gate {
 public:
  void Open();
  bool is_open() const;
  // False when it was still closed at the deadline.
  bool Pass(Deadline deadline = Deadline::Patient());

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_ENVIRONMENT_H_
