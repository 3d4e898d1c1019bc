// Internal to testing.
//
// What the suites share that look at the order in which the bytes of many senders leave: numbered records
// that say whose they are, and who checks them.
//
// Threads:  Insist, Body and their like any; a RecordReader one at a time.
#ifndef HPSOCKET_TESTING_CONFORMANCE_ORDERING_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_ORDERING_FIXTURE_H_

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/complex_under_test.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::conformance {

inline constexpr uint8_t kSenders = 8;

inline std::string ToBytes(uint32_t number) {
  std::string bytes(4, '\0');
  for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  return bytes;
}

inline uint32_t NumberAt(std::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number |= uint32_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  return number;
}

// A record: its thread, its number in that thread, its length, and a body that follows from the three.
inline constexpr size_t kRecordHead = 9;

inline size_t BodyLength(uint8_t thread, uint32_t number) { return (number * 37 + thread) % 300 + 1; }
// Any piece of one long pattern, so that nothing has to be computed per record.
inline std::string_view Body(uint8_t thread, uint32_t number) {
  static const std::string& pattern = *new std::string(Pattern(8192));
  return std::string_view(pattern).substr((number * 131 + thread * 17) % 7000, BodyLength(thread, number));
}

// Takes records from a stream as it comes.
class RecordReader {
 public:
  // False, with the reason, when a record is torn or out of order.
  bool Take(std::string_view bytes, std::string* reason) {
    rest_.append(bytes);
    std::string_view stream = rest_;
    while (stream.size() >= kRecordHead) {
      const uint8_t thread = static_cast<uint8_t>(stream[0]);
      const uint32_t number = NumberAt(stream.substr(1));
      if (thread >= kSenders || number != next_[thread] ||
          NumberAt(stream.substr(5)) != BodyLength(thread, number)) {
        *reason = "a head that nobody sent: record " + std::to_string(records_) + ", thread " +
                  std::to_string(thread) + ", number " + std::to_string(number);
        return false;
      }
      const std::string_view body = Body(thread, number);
      if (stream.size() < kRecordHead + body.size()) break;
      if (stream.substr(kRecordHead, body.size()) != body) {
        *reason = "a torn record " + std::to_string(records_);
        return false;
      }
      stream.remove_prefix(kRecordHead + body.size());
      ++next_[thread];
      ++records_;
    }
    rest_.erase(0, rest_.size() - stream.size());
    return true;
  }
  size_t records() const { return records_; }

 private:
  std::string rest_;
  uint32_t next_[kSenders] = {};
  size_t records_ = 0;
};

// Until it is accepted: a connection may hold only so much. False when it is refused for good.
template <class Call>
bool Insist(Call call) {
  bool accepted = false;
  return harness::RunUntil([&] {
           accepted = call();
           return accepted || errno != ENOBUFS;
         }) &&
         accepted;
}

// Sends one thread's records, each with one call of `send_packets(packets, count)`; how many were refused.
template <class SendPackets>
int SendRecords(uint8_t thread, uint32_t count, SendPackets send_packets) {
  int failures = 0;
  for (uint32_t number = 0; number < count; ++number) {
    const std::string_view body = Body(thread, number);
    const std::string head = std::string(1, static_cast<char>(thread)) + ToBytes(number) +
                             ToBytes(static_cast<uint32_t>(body.size()));
    WSABUF packets[] = {Packet(std::string_view(head).substr(0, 3)), Packet(std::string_view(head).substr(3)),
                        Packet(body)};
    if (!Insist([&] { return send_packets(packets, 3); })) ++failures;
  }
  return failures;
}

// Receives as many records of each thread; why not all of them came as they were sent, or nothing.
inline std::string ReceiveRecords(harness::Peer& peer, uint32_t per_thread) {
  size_t rest = 0;
  for (uint8_t thread = 0; thread < kSenders; ++thread) {
    for (uint32_t number = 0; number < per_thread; ++number) rest += kRecordHead + BodyLength(thread, number);
  }
  RecordReader reader;
  std::string reason;
  while (rest > 0) {
    const std::string some = peer.Receive(std::min<size_t>(65536, rest));
    if (some.empty()) return "the stream stands still";
    if (!reader.Take(some, &reason)) return reason;
    rest -= some.size();
  }
  return reader.records() == size_t{per_thread} * kSenders ? "" : "some are missing";
}

// Numbers that threads and callbacks send turn by turn, under one lock of the application: a call that
// returned before another one began comes first.
class NumbersInTurn {
 public:
  // `send`: sends these bytes in one call.
  NumbersInTurn(uint32_t count, std::function<bool(const std::string&)> send)
      : count_(count), send_(std::move(send)) {}

  // Any thread. False when all have been sent, or the call was refused.
  bool SendNext() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (next_ == count_ || !send_(ToBytes(next_))) return false;
    ++next_;
    return true;
  }
  void SendNextInCallback() {
    if (SendNext()) by_callbacks_.fetch_add(1);
  }
  uint32_t by_callbacks() const { return by_callbacks_.load(); }

  // Receives them all; each stands where it was sent.
  void ExpectAtThePeer(harness::Peer& peer) const {
    const std::string stream = peer.Receive(count_ * sizeof(uint32_t));
    ASSERT_EQ(stream.size(), count_ * sizeof(uint32_t));
    for (uint32_t i = 0; i < count_; ++i) ASSERT_EQ(NumberAt(std::string_view(stream).substr(i * 4)), i);
  }

 private:
  const uint32_t count_;
  const std::function<bool(const std::string&)> send_;
  std::mutex mutex_;
  uint32_t next_ = 0;
  std::atomic<uint32_t> by_callbacks_{0};
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_ORDERING_FIXTURE_H_
