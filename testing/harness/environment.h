// Internal to testing.
//
// Where a suite runs: the seam between suites and the kernel. A suite gets its peers from here and
// waits through here, so the same suite can run on the machine's sockets or in a simulated world,
// where waiting means letting that world go on by one step.
//
// Threads:  any in the real environment; in a simulated one there is only one thread.
// Owner:    whoever replaces the environment owns the new one and keeps it until all tests are over.
#ifndef HPSOCKET_TESTING_HARNESS_ENVIRONMENT_H_
#define HPSOCKET_TESTING_HARNESS_ENVIRONMENT_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::harness {

class Environment {
 public:
  virtual ~Environment() = default;

  // One thread runs everything: a test that needs threads of its own is skipped there.
  virtual bool simulated() const = 0;

  // A connected peer; null when nobody listens there.
  virtual std::unique_ptr<Peer> Connect(const std::string& address, uint16_t port,
                                        const PeerOptions& options) = 0;
  // Accepts connections on a port of its own.
  virtual std::unique_ptr<PeerListener> Listen(const PeerListenOptions& options) = 0;
  // The other side's port of a socket that a listener event handed out; 0 if there is none.
  virtual uint16_t PeerPort(SOCKET socket) = 0;

  // Waits, once, for something to change: until `changed` is notified, or a little longer. `lock` is
  // held on entry and return. False when `deadline` has passed.
  virtual bool AwaitChange(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                           Deadline deadline) = 0;

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
