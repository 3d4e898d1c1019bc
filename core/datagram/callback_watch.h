// Internal to core.
//
// What the other workers see of one whose OnReceive runs long: under RP_PARALLEL detection does not wait for
// it, though the worker's own ticks do.
//
// Threads:  as marked.
// Owner:    its worker.
#ifndef HPSOCKET_CORE_DATAGRAM_CALLBACK_WATCH_H_
#define HPSOCKET_CORE_DATAGRAM_CALLBACK_WATCH_H_

#include <atomic>
#include <cstdint>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {

class CallbackWatch {
 public:
  // --- Worker ---

  // When its next tick is due, whether or not it comes to it.
  void SetTick(TimePoint due) { Store(&tick_, due); }
  // The OnReceive of this session, whose peer has spoken now, begins.
  void Begin(CONNID id, uint64_t hash, TimePoint now) {
    hash_.store(hash, std::memory_order_relaxed);
    Store(&heard_, now);
    id_.store(id, std::memory_order_release);
  }
  void End() { id_.store(0, std::memory_order_release); }

  // --- Any thread ---

  // A datagram of a peer with this hash waits for the worker.
  void NoteHeard(uint64_t hash, TimePoint now) {
    if (hash_.load(std::memory_order_relaxed) == hash) Store(&heard_, now);
  }
  // The session whose OnReceive has run over as many ticks as its peer has had to answer in vain; else 0.
  // Spec: api §6.12, decisions 3.2
  CONNID Silent(TimePoint now, Duration interval, uint32_t attempts) const {
    const CONNID id = id_.load(std::memory_order_acquire);
    if (id == 0) return 0;
    const TimePoint heard = Load(heard_);
    TimePoint first = Load(tick_);  // of those that count
    if (heard >= first) first += ((heard - first) / interval + 1) * interval;
    return now - first >= attempts * interval ? id : 0;
  }

 private:
  static void Store(std::atomic<int64_t>* to, TimePoint time) {
    to->store(time.time_since_epoch().count(), std::memory_order_relaxed);
  }
  static TimePoint Load(const std::atomic<int64_t>& from) {
    return TimePoint(Duration(from.load(std::memory_order_relaxed)));
  }

  std::atomic<CONNID> id_{0};
  std::atomic<uint64_t> hash_{0};
  std::atomic<int64_t> heard_{0};
  std::atomic<int64_t> tick_{kForever.time_since_epoch().count()};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_CALLBACK_WATCH_H_
