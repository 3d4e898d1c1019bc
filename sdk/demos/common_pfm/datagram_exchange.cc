#include "hpsocket/sdk/demos/common_pfm/datagram_exchange.h"

#include <algorithm>
#include <cstring>

namespace hpsocket::demos {

DatagramExchange::DatagramExchange(size_t index, Shared& shared)
    : Exchange(index, shared), message_(shared.length), right_(shared.length), slots_(shared.window) {}

void DatagramExchange::Compose(uint64_t number, std::vector<uint8_t>& message) const {
  const uint64_t position = numbered() ? number * shared_.length : 0;
  std::memcpy(message.data(), shared_.pattern.At(index_, position), message.size());
  if (numbered()) std::memcpy(message.data(), &number, sizeof(number));
}

const uint8_t* DatagramExchange::Next() {
  const uint64_t number = queued_++;
  Compose(number, message_);
  const std::lock_guard<std::mutex> lock(mutex_);
  SlotOf(number) = {number, NowNanoseconds()};
  return message_.data();
}

void DatagramExchange::GiveUp() {
  const std::lock_guard<std::mutex> lock(mutex_);
  due_.store(queued_);
}

std::optional<int64_t> DatagramExchange::Take(uint64_t number) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Slot& slot = SlotOf(number);
  if (slot.number != number || number == kNone) return std::nullopt;
  slot.number = kNone;
  due_.store(std::max(due_.load(), number + 1));
  return slot.started;
}

void DatagramExchange::HandleReceive(const uint8_t* data, int length) {
  const int64_t now = NowNanoseconds();
  const size_t size = static_cast<size_t>(length);
  uint64_t number = due_.load();
  if (numbered() && size >= sizeof(number)) std::memcpy(&number, data, sizeof(number));
  Compose(number, right_);
  const size_t common = std::min(size, right_.size());
  const auto differs = std::mismatch(data, data + common, right_.begin()).first;
  if (size != right_.size() || differs != data + common) {
    // Once: whoever sends such for ever must not keep the run alive.
    if (first_wrong() == kNoError) last_return_.store(now, std::memory_order_relaxed);
    // A number that is wrong itself is no place.
    return FoundWrong(received_bytes() + static_cast<uint64_t>(differs - data));
  }
  const std::optional<int64_t> started = Take(number);
  if (!started) {
    strays_.store(strays_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return;
  }
  last_return_.store(now, std::memory_order_relaxed);
  shared_.latencies.Record(index_, now - *started);
  received_.store(received_.load(std::memory_order_relaxed) + size);
  returned_.store(returned_.load(std::memory_order_relaxed) + 1);
  shared_.gate.Notify(this);
}

}  // namespace hpsocket::demos
