// Internal to core. Tests only.
//
// What may go wrong in a simulated world, and the one seeded source of every decision in it. Two
// worlds with the same options and the same calls make the same decisions.
//
// Threads:  the world's one thread.
// Errors:   injected errors are positive errnos here; callers negate them.
#ifndef HPSOCKET_CORE_IO_FAKE_FAULTS_H_
#define HPSOCKET_CORE_IO_FAKE_FAULTS_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/io/fake_trace.h"

namespace hpsocket::core {

struct FakeWorldOptions {
  uint64_t seed = 1;

  // Probabilities, 0..1, rolled each time that the case comes up. These cost no connection:
  double short_read = 0;         // a receive takes less than has arrived
  double short_write = 0;        // a send takes less than has room
  size_t never_short = 1;        // so many bytes are never taken in parts
  double delay = 0;              // a packet or a completion comes up to max_delay late
  double reorder = 0;            // completions of a round swap places, or wait for the next round
  double send_other_way = 0;     // a Send() is pending though the port sends at once, or the reverse
  double spurious_sent = 0;      // HandleSent(0)
  double buffer_shortage = 0;    // a receive finds no buffer and has to wait
  double queue_overflow = 0;     // a round's completions overflow the kernel's queue: counted, none is lost
  double accept_peer_error = 0;  // ECONNABORTED, EPROTO: costs the peer that waits its connection
  double datagram_full = 0;      // a datagram socket takes nothing for a moment
  double datagram_shortage = 0;  // memory is short for reading datagrams
  double datagram_refusal =
      0;                   // a connected one tells that an earlier datagram was refused; not twice in a row
  double ready_error = 0;  // waiting for a datagram socket fails
  // These do harm:
  double accept_end_error = 0;  // EMFILE, ENFILE, ENOMEM, ENOBUFS: ends the accept operation
  double reset = 0;             // a connection breaks while bytes pass
  double silence = 0;           // a connection goes dead while bytes pass: nothing arrives any more
  double reset_drops_data = 0;  // bytes that arrived before a reset are lost with it
  double thread_error = 0;      // no thread is to be had
  double call_error = 0;        // any fallible call

  // What any datagram may meet; a test that counts them leaves these out.
  double datagram_loss = 0;
  double datagram_duplicate = 0;
  double datagram_delay = 0;  // up to max_delay, so that it is overtaken

  Duration max_delay = std::chrono::milliseconds(5);
  uint32_t send_buffer = 64 * 1024;       // of a socket
  uint32_t receive_buffer = 64 * 1024;    // of a socket
  uint32_t datagram_buffer = 256 * 1024;  // of a datagram socket, to receive
  uint32_t receive_buffers = 0;           // at most so many receive buffers per port; 0: as PortOptions
  uint32_t max_descriptors = 0;           // 0: any number
  uint16_t first_ephemeral_port = 32768;
  uint16_t last_ephemeral_port = 60999;
  bool may_bind_privileged = true;  // else ports below 1024 give EACCES
  // So many rounds without the clock moving are a spin: the program stops.
  uint64_t spin_limit = 2'000'000;

  // Nothing goes wrong and nothing is late.
  static FakeWorldOptions Calm(uint64_t seed);
  // Everything that a correct program must not notice, in a mixture that the seed decides.
  static FakeWorldOptions Rough(uint64_t seed);
  // What changes no result that is promised, and lets large transfers through quickly: for suites that
  // know nothing of the world that they run in.
  static FakeWorldOptions Exact(uint64_t seed);
  // Rough, and things fail: what a correct program has to survive.
  static FakeWorldOptions Hostile(uint64_t seed);
};

// Everything that can fail, once each time it is asked for.
enum class FakeCall {
  kOpenStream,
  kBind,
  kListen,
  kLocalAddress,
  kPeerAddress,
  kSetOption,
  kSetAbortOnClose,
  kShutdown,
  kConnectAndAwait,
  kSendNow,
  kOpenDatagram,
  kConnectDatagram,
  kReceiveDatagrams,
  kSendDatagrams,
  kJoinGroup,
  kSetSendInterface,
  kResolve,
  kNewPort,
  kPortOpen,
  kStartThread,
  // Completions.
  kAccept,
  kConnect,
  kReceive,
  kSend,
  kAwaitReady,
};

const char* FakeCallName(FakeCall call);

class FakeFaults {
 public:
  FakeFaults(const FakeWorldOptions& options, FakeTrace& trace);
  FakeFaults(const FakeFaults&) = delete;
  FakeFaults& operator=(const FakeFaults&) = delete;

  // May be changed at any time.
  FakeWorldOptions& options() { return options_; }
  const FakeWorldOptions& options() const { return options_; }

  // --- For tests ---

  // Fails the n-th fallible call from the beginning (1 is the first) with `error`; 0: one that the
  // call really gives, chosen by the seed.
  void FailCall(uint64_t n, int error = 0);
  // Fails the next `times` calls of one kind.
  void FailNext(FakeCall call, int error = 0, uint64_t times = 1);
  // How many fallible calls were made.
  uint64_t calls() const { return calls_; }
  // How many were made to fail, and the last of them: which call, its errno, and both in words.
  uint64_t failures() const { return failures_; }
  FakeCall last_call() const { return last_call_; }
  int last_error() const { return last_error_; }
  const std::string& last_failure() const { return last_failure_; }

  // --- For the world's parts ---

  // Counts one fallible call: 0, or the errno it has to fail with.
  int Call(FakeCall call);
  bool Chance(double probability);
  // 0..limit-1; `limit` >= 1.
  uint64_t Below(uint64_t limit);
  size_t IndexBelow(size_t limit) { return static_cast<size_t>(Below(limit)); }
  // Zero, or with the probability of `delay` up to max_delay.
  Duration Delay();
  // 1..size bytes, less than size with the given probability.
  size_t Shorten(size_t size, double probability);
  // The same of things that are not bytes.
  size_t Fewer(size_t count, double probability);

 private:
  struct Plan {
    int error = 0;
    uint64_t times = 0;
  };

  int Plausible(FakeCall call);
  int Fail(FakeCall call, int error);

  FakeWorldOptions options_;
  FakeTrace& trace_;
  std::mt19937_64 engine_;
  uint64_t calls_ = 0;
  uint64_t failures_ = 0;
  FakeCall last_call_ = FakeCall::kOpenStream;
  int last_error_ = 0;
  std::string last_failure_;
  std::map<uint64_t, int> by_number_;
  std::map<FakeCall, Plan> by_kind_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_FAULTS_H_
