// Internal to core.
//
// How a connection ends, as one atomic word {state, cause}. Whoever first moves it to kClosing owns
// the last event and has fixed what it says; everybody else comes too late and changes nothing.
//
//   state        event                                   next          who writes
//   kConnecting  connect succeeded                       kOpening      worker (or the connecting thread)
//   kOpening     OnAccept/OnConnect returned well        kOpen         worker
//   kOpen        Disconnect(id, false)                   kDraining     any thread
//   any above    Claim(cause)                            kClosing      any thread, the first one
//   kClosing     receive, send and connect have ended,   kReporting    whoever delivers the event:
//                the opening callback has returned                     worker, a client's Stop
//   kClosing     RP_PARALLEL: its OnReceive runs         kReporting    another worker, at once
//   kReporting   the event has returned                  kReported     the same
//   kReported                                            memory goes, or the connection lingers
//
// Tolerance: kDraining may be set late (bytes are still accepted until then); kClosing must not be
// set twice; after kReporting no other event of the connection begins.
//
// Threads:  any.
// Spec: decisions 2.7, 4.4, 4.8
#ifndef HPSOCKET_CORE_STREAM_CLOSE_PROTOCOL_H_
#define HPSOCKET_CORE_STREAM_CLOSE_PROTOCOL_H_

#include <atomic>
#include <cstdint>

#include "hpsocket/core/api/enums.h"

namespace hpsocket::core {

enum class ConnectionState : uint8_t {
  kConnecting,
  kOpening,
  kOpen,
  kDraining,
  kClosing,
  kReporting,
  kReported,
};

struct CloseCause {
  enum class Kind : uint8_t {
    kNone,
    kLocal,     // Disconnect, Stop, a limit: OnClose
    kPeer,      // the peer's FIN: OnClose; what Send had accepted still goes out
    kError,     // OnError(operation, error)
    kListener,  // the listener returned HR_ERROR: OnError(operation, ECANCELED)
    kSilent,    // dropped before it was opened: no event
  };
  Kind kind = Kind::kNone;
  EnSocketOperation operation = SO_UNKNOWN;
  uint16_t error = 0;

  static CloseCause Local() { return {Kind::kLocal, SO_UNKNOWN, 0}; }
  static CloseCause Peer() { return {Kind::kPeer, SO_UNKNOWN, 0}; }
  static CloseCause Silent() { return {Kind::kSilent, SO_UNKNOWN, 0}; }
  static CloseCause Error(EnSocketOperation operation, int error) {
    return {Kind::kError, operation, static_cast<uint16_t>(error)};
  }
  static CloseCause Listener(EnSocketOperation operation, int error) {
    return {Kind::kListener, operation, static_cast<uint16_t>(error)};
  }
};

class CloseWord {
 public:
  explicit CloseWord(ConnectionState first) : word_(Pack(first, CloseCause())) {}

  ConnectionState state() const { return StateOf(word_.load(std::memory_order_acquire)); }
  bool closing() const { return state() >= ConnectionState::kClosing; }
  // The same in one order with Claim(): for Connection::EnterReceive().
  bool ClosingInOrder() const {
    return StateOf(word_.load(std::memory_order_seq_cst)) >= ConnectionState::kClosing;
  }

  // What the last event says. After Claim() has succeeded somewhere.
  CloseCause cause() const {
    const uint32_t word = word_.load(std::memory_order_acquire);
    return {static_cast<CloseCause::Kind>((word >> 8) & 0xf),
            static_cast<EnSocketOperation>((word >> 12) & 0xf), static_cast<uint16_t>(word >> 16)};
  }

  // From one state to another that is not closing. False when it was not in `from`.
  bool Move(ConnectionState from, ConnectionState to) {
    uint32_t expected = Pack(from, CloseCause());
    return word_.compare_exchange_strong(expected, Pack(to, CloseCause()), std::memory_order_acq_rel);
  }

  // True for the one caller that closes the connection. While our own graceful disconnect drains,
  // an error is the end of what we asked for: OnClose.
  bool Claim(CloseCause cause) {
    uint32_t now = word_.load(std::memory_order_acquire);
    for (;;) {
      const ConnectionState state = StateOf(now);
      if (state >= ConnectionState::kClosing) return false;
      const bool asked_for = state == ConnectionState::kDraining && cause.kind != CloseCause::Kind::kPeer;
      const CloseCause reported = asked_for ? CloseCause::Local() : cause;
      if (word_.compare_exchange_weak(now, Pack(ConnectionState::kClosing, reported),
                                      std::memory_order_seq_cst)) {
        return true;
      }
    }
  }

  // kClosing to kReporting: true for the one who is to deliver the event and then calls EndReport().
  bool BeginReport() {
    uint32_t now = word_.load(std::memory_order_acquire);
    if (StateOf(now) != ConnectionState::kClosing) return false;
    return word_.compare_exchange_strong(now, WithState(now, ConnectionState::kReporting),
                                         std::memory_order_acq_rel);
  }
  void EndReport() {
    const uint32_t now = word_.load(std::memory_order_relaxed);
    word_.store(WithState(now, ConnectionState::kReported), std::memory_order_release);
  }

 private:
  static uint32_t Pack(ConnectionState state, CloseCause cause) {
    return static_cast<uint32_t>(state) | static_cast<uint32_t>(cause.kind) << 8 |
           static_cast<uint32_t>(cause.operation) << 12 | static_cast<uint32_t>(cause.error) << 16;
  }
  static ConnectionState StateOf(uint32_t word) { return static_cast<ConnectionState>(word & 0xff); }
  static uint32_t WithState(uint32_t word, ConnectionState state) {
    return (word & ~uint32_t{0xff}) | static_cast<uint32_t>(state);
  }

  std::atomic<uint32_t> word_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CLOSE_PROTOCOL_H_
