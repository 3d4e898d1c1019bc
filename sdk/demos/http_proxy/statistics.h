// Internal to http_proxy.
//
// What the proxy has done so far.
//
// Threads:  any.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_STATISTICS_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_STATISTICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "hpsocket/core/api/types.h"

namespace hpsocket::demos {

class Statistics {
 public:
  void CountRequest() { Add(&requests_); }
  void CountTunnel() { Add(&tunnels_); }
  // Passed on from an origin.
  void CountResponse(unsigned status) { Add(&responses_[ClassOf(status)]); }
  // Made here.
  void CountAnswer(int status) { Add(&answers_[ClassOf(static_cast<unsigned>(status))]); }
  void CountReuse() { Add(&reused_); }
  // A response or a tunnel that ended before its end.
  void CountBroken() { Add(&broken_); }

  // One line per figure; `clients` and `origins` are the two components' own.
  std::string Text(const HP_Stats& clients, const HP_Stats& origins) const;
  // One line in all.
  std::string Summary(const HP_Stats& clients) const;

 private:
  using Counter = std::atomic<uint64_t>;
  static void Add(Counter* counter) { counter->fetch_add(1, std::memory_order_relaxed); }
  static size_t ClassOf(unsigned status) { return status / 100 < 6 ? status / 100 : 0; }

  Counter requests_{0};
  Counter tunnels_{0};
  Counter reused_{0};
  Counter broken_{0};
  std::array<Counter, 6> responses_{};
  std::array<Counter, 6> answers_{};
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_STATISTICS_H_
