#include "hpsocket/sdk/demos/common_pfm/exchange.h"

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {

void Exchange::HandleSend(int length) {
  sent_.store(sent_.load(std::memory_order_relaxed) + static_cast<uint64_t>(length));
  shared_.gate.Notify(this);
}

void Exchange::HandleEnd(CONNID id, const char* event, const std::string& content) {
  constexpr uint32_t kShown = 3;  // when a server dies, a thousand connections have the same to say
  if (shared_.stopping.load()) return;
  ended_.store(true);
  const uint32_t before = shared_.lost.fetch_add(1);
  if (before < kShown) PrintError(EventLine(id, event, content));
  if (before == kShown) PrintError("  > [ ... ] -> and more");
  shared_.gate.Notify(this);
}

void Exchange::FoundWrong(uint64_t position) {
  if (first_wrong_.load(std::memory_order_relaxed) == kNoError) {
    first_wrong_.store(position);
  }
}

}  // namespace hpsocket::demos
