#include "hpsocket/sdk/demos/common_pfm/stream_exchange.h"

namespace hpsocket::demos {

const uint8_t* StreamExchange::Next() {
  const uint8_t* const message = shared_.pattern.At(index_, queued_bytes());
  StartedOf(queued_).store(NowNanoseconds());
  // Counted first: the echo may be back before Send has returned.
  ++queued_;
  return message;
}

void StreamExchange::HandleReceive(const uint8_t* data, int length) {
  const int64_t now = NowNanoseconds();
  const uint64_t before = received_.load(std::memory_order_relaxed);
  const size_t size = static_cast<size_t>(length);
  const size_t right = shared_.pattern.Match(index_, before, data, size);
  if (right != size) FoundWrong(before + right);

  const uint64_t after = before + size;
  const uint64_t first = before / shared_.length;
  const uint64_t complete = after / shared_.length;
  for (uint64_t message = first; message < complete; ++message) {
    shared_.latencies.Record(index_, now - StartedOf(message).load());
  }
  if (complete != first) last_return_.store(now, std::memory_order_relaxed);
  received_.store(after);
  returned_.store(complete);
  shared_.gate.Notify(this);
}

}  // namespace hpsocket::demos
