#include "hpsocket/testing/bench/load/one_way.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/load/datagram_socket.h"
#include "hpsocket/testing/bench/load/load_failure.h"
#include "hpsocket/testing/harness/segmented_message.h"

namespace hpsocket::bench {
namespace {

constexpr int kAskAgainMs = 50;  // the question may have found a full buffer
constexpr int kQuestions = 400;
constexpr int kLookMs = 10;
constexpr size_t kLargestMessage = 65536;
constexpr int kReceiveBuffer = 4 << 20;  // the system may give less

double SecondsSince(core::TimePoint started) {
  return std::chrono::duration<double>(core::Clock::System().Now() - started).count();
}

double ShareLost(uint64_t sent, uint64_t arrived) {
  return sent == 0 ? 0 : 1 - static_cast<double>(arrived) / static_cast<double>(sent);
}

void Set(int fd, int level, int option, int value) {
  if (setsockopt(fd, level, option, &value, sizeof(value)) != 0) FailLoad(std::strerror(errno));
}

}  // namespace

OneWay::OneWay(uint16_t port, size_t message)
    : fd_(ConnectDatagrams(port)),
      message_(message),
      outgoing_(harness::MostSegments(message) * message),
      incoming_(kLargestMessage) {
  Set(fd_, SOL_UDP, UDP_GRO, 1);
  Set(fd_, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
}

OneWay::~OneWay() { close(fd_); }

LoadSample OneWay::Blast(core::Duration duration) {
  const core::Clock& clock = core::Clock::System();
  const uint64_t received_before = Ask(BlastNote::kReport);
  const uint64_t first = next_number_;
  const core::TimePoint started = clock.Now();
  const core::TimePoint end = started + duration;
  while (clock.Now() < end) SendSegments();
  LoadSample sample;
  sample.seconds = SecondsSince(started);
  sample.messages = Ask(BlastNote::kReport) - received_before;
  sample.lost = ShareLost(next_number_ - first, sample.messages);
  return sample;
}

LoadSample OneWay::Drain(core::Duration duration) {
  const core::Clock& clock = core::Clock::System();
  tally_.Clear();
  const core::TimePoint started = clock.Now();
  const core::TimePoint end = started + duration;
  SendNote({BlastNote::kStart, message_, 0});
  while (clock.Now() < end) TakeNext(kLookMs);
  LoadSample sample;
  sample.seconds = SecondsSince(started);
  sample.messages = Ask(BlastNote::kStop);
  sample.lost = ShareLost(sample.messages, tally_.count());
  if (tally_.count() == 0) FailLoad("nothing came from the server");
  return sample;
}

void OneWay::SendSegments() {
  for (uint8_t* datagram = outgoing_.data(); datagram < outgoing_.data() + outgoing_.size();
       datagram += message_) {
    NumberDatagram(datagram, message_, next_number_++);
  }
  harness::SegmentedMessage message(outgoing_.data(), outgoing_.size());
  message.CutInto(message_);
  CheckSent(sendmsg(fd_, message.header(), 0), outgoing_.size());
}

void OneWay::SendNote(const BlastNote& note) const {
  CheckSent(send(fd_, note.bytes(), sizeof(note), 0), sizeof(note));
}

uint64_t OneWay::Ask(BlastNote::Wish wish) {
  ++question_;
  answer_.reset();
  for (int i = 0; i < kQuestions; ++i) {
    SendNote({wish, 0, question_});
    while (!answer_ && TakeNext(kAskAgainMs)) {
    }
    if (answer_) return *answer_;
  }
  FailLoad("no answer from the server");
}

bool OneWay::TakeNext(int timeout_ms) {
  harness::SegmentedMessage message(incoming_.data(), incoming_.size());
  const int length = ReceiveWithin(fd_, timeout_ms, message.header());
  if (length < 0) return false;
  const size_t total = static_cast<size_t>(length);
  const size_t segment = message.SegmentSize(total);
  for (size_t at = 0; at < total; at += segment) {
    const uint8_t* const datagram = incoming_.data() + at;
    const size_t size = std::min(segment, total - at);
    if (const std::optional<BlastNote> note = BlastNote::From(datagram, size); note) {
      if (note->question == question_) answer_ = note->number;
    } else if (size != message_ || !tally_.Take(datagram, size)) {
      FailLoad(
          absl::StrFormat("a wrong datagram of %u bytes came after %u right ones", size, tally_.count()));
    }
  }
  return true;
}

}  // namespace hpsocket::bench
