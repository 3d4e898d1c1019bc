#include "hpsocket/sdk/demos/common_pfm/server_totals.h"

namespace hpsocket::demos {

ServerTotals::Shard& ServerTotals::Mine() {
  static std::atomic<size_t> threads{0};
  thread_local const size_t thread = threads.fetch_add(1, std::memory_order_relaxed);
  return (*shards_)[thread % shards_->size()];
}

void ServerTotals::AddSent(uint64_t bytes) { Mine().sent.fetch_add(bytes, std::memory_order_relaxed); }

void ServerTotals::AddReceived(uint64_t bytes) {
  Mine().received.fetch_add(bytes, std::memory_order_relaxed);
}

void ServerTotals::Reset() {
  for (Shard& shard : *shards_) {
    shard.sent.store(0, std::memory_order_relaxed);
    shard.received.store(0, std::memory_order_relaxed);
  }
}

ServerTotals::Bytes ServerTotals::Now() const {
  Bytes bytes;
  for (const Shard& shard : *shards_) {
    bytes.sent += shard.sent.load(std::memory_order_relaxed);
    bytes.received += shard.received.load(std::memory_order_relaxed);
  }
  return bytes;
}

void ServerTotals::Opened() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!open_) Reset();
  open_ = true;
  ++connections_;
}

bool ServerTotals::Closed(TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (--connections_ != 0) return false;
  last_closed_ = now;
  return true;
}

std::optional<ServerTotals::TimePoint> ServerTotals::Due() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!open_ || connections_ != 0) return std::nullopt;
  return last_closed_ + kQuiet;
}

std::optional<ServerTotals::Bytes> ServerTotals::Finish(TimePoint now, bool force) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool due = connections_ == 0 && now >= last_closed_ + kQuiet;
  if (!open_ || !(due || force)) return std::nullopt;
  open_ = false;
  return Now();
}

}  // namespace hpsocket::demos
