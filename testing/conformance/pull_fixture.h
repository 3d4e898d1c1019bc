// Internal to testing.
//
// What the PULL suites need besides the other fixtures: fetching as a test writes it down, and messages
// with a header.
//
// Threads:  as the component; PullParser one at a time, PullTest the test's thread.
#ifndef HPSOCKET_TESTING_CONFORMANCE_PULL_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_PULL_FIXTURE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::conformance {

inline constexpr char kTooLong[] = "FR_LENGTH_TOO_LONG";
inline constexpr char kNotFound[] = "FR_DATA_NOT_FOUND";

// Fetch and Peek of one connection, of a server or a client.
class PullUnderTest {
 public:
  PullUnderTest(IPullSocket& pull, CONNID id) : server_(&pull), id_(id) {}
  explicit PullUnderTest(IPullClient& pull) : client_(&pull) {}

  EnFetchResult Fetch(uint8_t* data, int length) const {
    return server_ != nullptr ? server_->Fetch(id_, data, length) : client_->Fetch(data, length);
  }
  EnFetchResult Peek(uint8_t* data, int length) const {
    return server_ != nullptr ? server_->Peek(id_, data, length) : client_->Peek(data, length);
  }
  EnFetchResult PeekSpan(const uint8_t** data, int* length) const {
    return server_ != nullptr ? server_->PeekSpan(id_, data, length) : client_->PeekSpan(data, length);
  }
  EnFetchResult Find(const uint8_t* pattern, int length, int from, int* position) const {
    return server_ != nullptr ? server_->Find(id_, pattern, length, from, position)
                              : client_->Find(pattern, length, from, position);
  }

  // The bytes, or the result that was not FR_OK in words, for which nothing must have been copied.
  std::string Fetch(size_t length) const {
    return Take(length, [this](uint8_t* data, int count) { return Fetch(data, count); });
  }
  std::string Peek(size_t length) const {
    return Take(length, [this](uint8_t* data, int count) { return Peek(data, count); });
  }
  // The first piece.
  std::string Span() const {
    const uint8_t* data = nullptr;
    int length = -1;
    const EnFetchResult result = PeekSpan(&data, &length);
    if (result == FR_OK) return std::string(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return data == nullptr && length == 0 ? Name(result) : "no pointer and no length were expected";
  }
  EnFetchResult Find(std::string_view pattern, int from, int* position) const {
    return Find(reinterpret_cast<const uint8_t*>(pattern.data()), static_cast<int>(pattern.size()), from,
                position);
  }
  // Appends `length` bytes, or nothing.
  bool FetchTo(std::string* bytes, size_t length) const {
    std::string more(length, '\0');
    if (Fetch(reinterpret_cast<uint8_t*>(more.data()), static_cast<int>(length)) != FR_OK) return false;
    *bytes += more;
    return true;
  }
  // Everything; whoever else fetches makes it less.
  std::string FetchAll() const {
    std::string all;
    // It costs no more than there is, and what comes meanwhile is not taken byte by byte.
    for (size_t step = 1; step > 0;) step = FetchTo(&all, step) ? step * 2 : step / 2;
    return all;
  }
  // Nobody under this ID, or nothing for it, as IPullSocket says of all four.
  bool IsUnknown() const {
    int position = 0;
    return Fetch(1) == kNotFound && Peek(1) == kNotFound && Span() == kNotFound &&
           Find("x", 0, &position) == FR_DATA_NOT_FOUND;
  }

 private:
  static std::string Name(EnFetchResult result) {
    return result == FR_LENGTH_TOO_LONG ? kTooLong : result == FR_DATA_NOT_FOUND ? kNotFound : "FR_OK";
  }
  static std::string Take(size_t length, const std::function<EnFetchResult(uint8_t*, int)>& take) {
    constexpr char kUntouched = '\x5a';
    std::string bytes(length + 1, kUntouched);
    const EnFetchResult result = take(reinterpret_cast<uint8_t*>(bytes.data()), static_cast<int>(length));
    if (bytes.back() != kUntouched) return "a byte too many was written";
    bytes.pop_back();
    if (result == FR_OK) return bytes;
    return bytes.find_first_not_of(kUntouched) == std::string::npos ? Name(result)
                                                                    : "bytes were written all the same";
  }

  IPullSocket* server_ = nullptr;
  IPullClient* client_ = nullptr;
  CONNID id_ = 0;
};

// A message with its length in front.
inline std::string WithHeader(std::string_view body) {
  const uint32_t length = static_cast<uint32_t>(body.size());
  std::string message(sizeof(length), '\0');
  std::memcpy(message.data(), &length, sizeof(length));
  message += body;
  return message;
}

// The loop that PULL is for: fetch the header, then the body, as long as there is enough.
class PullParser {
 public:
  // Takes every message that is complete. False when Fetch failed although enough was said to be there.
  bool Parse(const PullUnderTest& pull, int total, const std::function<void(std::string body)>& message) {
    size_t remaining = static_cast<size_t>(total);
    while (remaining >= required_) {
      std::string bytes(required_, '\0');
      if (pull.Fetch(reinterpret_cast<uint8_t*>(bytes.data()), static_cast<int>(required_)) != FR_OK)
        return false;
      remaining -= required_;
      in_body_ = !in_body_;
      if (in_body_) {
        uint32_t length = 0;
        std::memcpy(&length, bytes.data(), sizeof(length));
        required_ = length;
      } else {
        message(std::move(bytes));
        required_ = sizeof(uint32_t);
      }
    }
    return true;
  }

 private:
  bool in_body_ = false;
  size_t required_ = sizeof(uint32_t);
};

// Sends `bytes` in pieces of 1 to `most` bytes.
inline bool SendInPieces(harness::Peer& peer, std::string_view bytes, uint32_t seed, size_t most) {
  std::minstd_rand random(seed);
  while (!bytes.empty()) {
    const size_t length = std::min<size_t>(bytes.size(), 1 + random() % most);
    if (!peer.Send(bytes.substr(0, length))) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

// More than all the buffers between two ends take.
inline std::string Flood() { return Pattern(harness::Scaled(48 << 20, 16 << 20, 2 << 20)); }
// How long a flood may take that passes in pieces, each of which waits for the last to be fetched.
inline harness::Deadline PatientWithAFlood() { return harness::Deadline::In(4 * harness::kPatience); }

// Appends what comes until `enough`; it is each piece that must come in time.
inline bool FetchUntil(const PullUnderTest& pull, std::string* got, const std::function<bool()>& enough) {
  while (!enough()) {
    std::string piece;
    const auto comes = [&] {
      piece = pull.FetchAll();
      return !piece.empty() || enough();
    };
    if (!harness::RunUntil(comes)) return false;
    *got += piece;
  }
  return true;
}

// Servers and agents whose bytes stay where they are until the test fetches them.
class PullTest : public ComplexTest {
 protected:
  ComplexUnderTest& PullComponent() {
    ComplexUnderTest& component = NewComponent();
    component.LeaveUnfetched();
    return component;
  }
  ComplexUnderTest& StartedPullComponent() {
    ComplexUnderTest& component = PullComponent();
    component.MustStart();
    return component;
  }
  static PullUnderTest Pull(ComplexUnderTest& component, CONNID id) { return {*component.tcp().pull(), id}; }
  // Whether an OnReceive with this total, or a larger one, comes or has come, and has returned.
  static bool Arrives(ComplexUnderTest& component, CONNID id, size_t total) {
    return component.events().WaitFor([&](const harness::EventLog& log) {
      return std::any_of(log.events().begin(), log.events().end(), [&](const harness::Event& event) {
        return event.kind == harness::EventKind::kReceive && event.id == id && event.returned &&
               static_cast<size_t>(event.total) >= total;
      });
    });
  }
  // Whether the last event comes, and returns.
  static bool Ended(ComplexUnderTest& component, CONNID id) {
    return component.events().WaitFor([id](const harness::EventLog& log) {
      return std::any_of(log.events().begin(), log.events().end(), [id](const harness::Event& event) {
        const bool last =
            event.kind == harness::EventKind::kClose || event.kind == harness::EventKind::kError;
        return last && event.id == id && event.returned;
      });
    });
  }
  static HP_Stats Stats(ComplexUnderTest& component) {
    HP_Stats stats;
    EXPECT_TRUE(component->GetStats(stats));
    return stats;
  }
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_PULL_FIXTURE_H_
