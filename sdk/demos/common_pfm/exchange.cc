#include "hpsocket/sdk/demos/test_echo_pfm/connection.h"

#include <chrono>

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {

int64_t NowNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Connection::Connection(size_t index, Shared& shared)
    : index_(index), shared_(shared), started_(shared.window), client_(this) {}

bool Connection::SendNext() {
  const uint8_t* const message = shared_.pattern.At(index_, queued_bytes());
  started_[queued_ % shared_.window].store(NowNanoseconds());
  // Counted first: the echo may be back before Send has returned.
  ++queued_;
  return client_.Send(message, static_cast<int>(shared_.length));
}

EnHandleResult Connection::OnReceive(IClient*, const uint8_t* data, int length) {
  const int64_t now = NowNanoseconds();
  const uint64_t before = received_.load(std::memory_order_relaxed);
  const size_t size = static_cast<size_t>(length);
  const size_t right = shared_.pattern.Match(index_, before, data, size);
  if (right != size && first_wrong_.load(std::memory_order_relaxed) == kNoError) {
    first_wrong_.store(before + right, std::memory_order_relaxed);
  }

  const uint64_t after = before + size;
  const uint64_t first = before / shared_.length;
  const uint64_t complete = after / shared_.length;
  for (uint64_t message = first; message < complete; ++message) {
    shared_.latencies.Record(index_, now - started_[message % shared_.window].load());
  }
  if (complete != first) last_return_.store(now, std::memory_order_relaxed);
  received_.store(after);
  returned_.store(complete);
  shared_.gate.Notify(this);
  return HR_OK;
}

EnHandleResult Connection::OnSend(IClient*, const uint8_t*, int length) {
  sent_.store(sent_.load(std::memory_order_relaxed) + static_cast<uint64_t>(length));
  shared_.gate.Notify(this);
  return HR_OK;
}

EnHandleResult Connection::OnClose(IClient* client) {
  Ended(client, "OnClose", "");
  return HR_OK;
}

EnHandleResult Connection::OnError(IClient* client, EnSocketOperation operation, int error_code) {
  Ended(client, "OnError", ErrorContent(operation, error_code));
  return HR_OK;
}

void Connection::Ended(IClient* client, const char* event, const std::string& content) {
  constexpr uint32_t kShown = 3;  // when a server dies, a thousand connections have the same to say
  if (shared_.stopping.load()) return;
  ended_.store(true);
  const uint32_t before = shared_.lost.fetch_add(1);
  if (before < kShown) PrintError(EventLine(client->GetConnectionID(), event, content));
  if (before == kShown) PrintError("  > [ ... ] -> and more");
  shared_.gate.Notify(this);
}

}  // namespace hpsocket::demos
