#include "hpsocket/core/facade/pull_calls.h"

#include <cerrno>

#include "hpsocket/core/facade/facade_calls.h"
#include "hpsocket/core/stream/stream_engine.h"

namespace hpsocket::core {
namespace {

EnFetchResult Invalid() {
  errno = EINVAL;
  return FR_DATA_NOT_FOUND;
}

EnFetchResult Take(StreamEngine& engine, CONNID id, uint8_t* data, int length, bool remove) {
  if (length < 0 || (data == nullptr && length > 0)) return Invalid();
  return engine.Fetch(id, data, static_cast<size_t>(length), remove);
}

}  // namespace

EnFetchResult PullFetch(StreamEngine& engine, CONNID id, uint8_t* data, int length) {
  return Take(engine, id, data, length, true);
}

EnFetchResult PullPeek(StreamEngine& engine, CONNID id, uint8_t* data, int length) {
  return Take(engine, id, data, length, false);
}

EnFetchResult PullPeekSpan(StreamEngine& engine, CONNID id, const uint8_t** data, int* length) {
  if (data == nullptr || length == nullptr) return Invalid();
  *data = nullptr;
  *length = 0;
  size_t there = 0;
  const EnFetchResult result = engine.PeekSpan(id, data, &there);
  *length = ClampToInt(there);
  return result;
}

EnFetchResult PullFind(StreamEngine& engine, CONNID id, const uint8_t* pattern, int length, int from,
                       int* position) {
  if (pattern == nullptr || length < 1 || from < 0 || position == nullptr) return Invalid();
  *position = from;
  size_t found = static_cast<size_t>(from);
  const EnFetchResult result =
      engine.Find(id, pattern, static_cast<size_t>(length), static_cast<size_t>(from), &found);
  *position = ClampToInt(found);
  return result;
}

void SetMaxPullLength(StreamEngine& engine, uint64_t length) {
  engine.Change([length](StreamSettings& settings) { settings.max_pull_length = length; });
}

uint64_t GetMaxPullLength(StreamEngine& engine) { return engine.settings().max_pull_length; }

}  // namespace hpsocket::core
