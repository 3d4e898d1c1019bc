#include "hpsocket/core/io/fake_faults.h"

#include <cerrno>
#include <cstddef>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

struct CallFacts {
  const char* name;
  std::vector<int> errors;
};

const CallFacts& FactsOf(FakeCall call) {
  // In the order of FakeCall. What Linux gives for the call without the caller being at fault.
  static const std::vector<CallFacts>* const facts = new std::vector<CallFacts>{
      {"OpenStream", {EMFILE, ENFILE, ENOBUFS, ENOMEM}},
      {"Bind", {EADDRINUSE, EADDRNOTAVAIL, EACCES, ENOMEM}},
      {"Listen", {EADDRINUSE}},
      {"LocalAddress", {ENOBUFS}},
      {"PeerAddress", {ENOTCONN, ENOBUFS}},
      {"SetOption", {ENOPROTOOPT, ENOMEM, ENOBUFS}},
      {"SetAbortOnClose", {ENOMEM}},
      {"Shutdown", {ENOTCONN}},
      {"ConnectAndAwait", {ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL}},
      {"SendNow", {ENOBUFS, ENOMEM, ECONNRESET, EPIPE, ETIMEDOUT}},
      {"OpenDatagram", {EMFILE, ENFILE, ENOBUFS, ENOMEM}},
      {"ConnectDatagram", {ENETUNREACH, EADDRNOTAVAIL, EACCES}},
      {"ReceiveDatagrams", {ENOMEM, ENOBUFS, ECONNREFUSED}},
      {"SendDatagrams", {ENETUNREACH, EPERM, ENOBUFS, ENOMEM, ECONNREFUSED}},
      {"JoinGroup", {ENODEV, ENOBUFS, ENOMEM}},
      {"SetSendInterface", {ENODEV, ENOMEM}},
      {"Resolve", {EADDRNOTAVAIL}},
      {"NewPort", {ENOSYS, EPERM, ENOMEM, EMFILE}},
      {"PortOpen", {ENOMEM, EMFILE, ENFILE}},
      {"StartThread", {EAGAIN}},
      {"accept", {EMFILE, ENFILE, ENOMEM, ENOBUFS, ECONNABORTED, EPROTO, EINTR}},
      {"connect", {ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL}},
      {"receive", {ECONNRESET, ETIMEDOUT, ENOMEM}},
      {"send", {ECONNRESET, EPIPE, ETIMEDOUT, ENOBUFS, ENOMEM}},
      {"await ready", {ENOMEM, ENOSPC}},
  };
  return (*facts)[static_cast<size_t>(call)];
}

}  // namespace

const char* FakeCallName(FakeCall call) { return FactsOf(call).name; }

FakeWorldOptions FakeWorldOptions::Calm(uint64_t seed) {
  FakeWorldOptions options;
  options.seed = seed;
  return options;
}

FakeWorldOptions FakeWorldOptions::Rough(uint64_t seed) {
  FakeWorldOptions options;
  options.seed = seed;
  // A generator of its own: the mixture must not depend on how the world uses its dice.
  std::mt19937_64 engine(seed ^ 0x9e3779b97f4a7c15);
  const auto some = [&engine](double most) {
    return engine() % 4 == 0 ? 0.0 : most * static_cast<double>(engine() % 1000) / 1000.0;
  };
  options.short_read = some(0.8);
  options.short_write = some(0.8);
  options.delay = some(0.5);
  options.reorder = some(0.8);
  options.send_other_way = some(0.6);
  options.spurious_sent = some(0.2);
  options.buffer_shortage = some(0.2);
  options.max_delay = std::chrono::microseconds(1 + engine() % 20000);
  options.send_buffer = static_cast<uint32_t>(512) << (engine() % 9);
  options.receive_buffer = static_cast<uint32_t>(512) << (engine() % 9);
  options.datagram_buffer = 4 * options.receive_buffer;
  options.receive_buffers = engine() % 2 == 0 ? 0 : static_cast<uint32_t>(2 + engine() % 8);
  options.datagram_full = some(0.2);
  options.datagram_shortage = some(0.2);
  options.datagram_refusal = some(0.2);
  options.ready_error = some(0.1);
  return options;
}

FakeWorldOptions FakeWorldOptions::Exact(uint64_t seed) {
  FakeWorldOptions options = Rough(seed);
  std::mt19937_64 engine(seed ^ 0xd1342543de82ef95);
  // The listener waits a little and accepts the same connection later.
  options.accept_end_error = engine() % 2 == 0 ? 0.0 : 0.05;
  // As on any real host: suites send small messages and expect them in one piece.
  options.never_short = 64;
  options.short_read /= 2;
  options.short_write /= 2;
  options.max_delay = std::chrono::microseconds(1 + engine() % 500);
  options.send_buffer = static_cast<uint32_t>(8 * 1024) << (engine() % 6);
  options.receive_buffer = static_cast<uint32_t>(8 * 1024) << (engine() % 6);
  options.datagram_buffer = 212'992;  // Linux's default, for what does not fit is lost
  return options;
}

FakeWorldOptions FakeWorldOptions::Hostile(uint64_t seed) {
  FakeWorldOptions options = Rough(seed);
  std::mt19937_64 engine(seed ^ 0x5851f42d4c957f2d);
  const auto some = [&engine](double most) {
    return engine() % 2 == 0 ? 0.0 : most * static_cast<double>(engine() % 1000) / 1000.0;
  };
  options.accept_peer_error = some(0.2);
  options.accept_end_error = some(0.2);
  options.reset = some(0.02);
  options.silence = some(0.005);
  options.reset_drops_data = some(1.0);
  options.thread_error = some(0.1);
  options.call_error = some(0.02);
  return options;
}

FakeFaults::FakeFaults(const FakeWorldOptions& options, FakeTrace& trace)
    : options_(options), trace_(trace), engine_(options.seed) {}

void FakeFaults::FailCall(uint64_t n, int error) {
  HP_CHECK(n > calls_);
  by_number_[n] = error;
}

void FakeFaults::FailNext(FakeCall call, int error, uint64_t times) { by_kind_[call] = Plan{error, times}; }

int FakeFaults::Call(FakeCall call) {
  ++calls_;
  trace_.Add(FakeCallName(call), static_cast<int64_t>(calls_));
  const auto numbered = by_number_.find(calls_);
  if (numbered != by_number_.end()) return Fail(call, numbered->second);
  const auto planned = by_kind_.find(call);
  if (planned != by_kind_.end() && planned->second.times > 0) {
    --planned->second.times;
    return Fail(call, planned->second.error);
  }
  if (call == FakeCall::kStartThread && Chance(options_.thread_error)) return Fail(call, 0);
  return Chance(options_.call_error) ? Fail(call, 0) : 0;
}

bool FakeFaults::Chance(double probability) {
  if (probability <= 0) return false;
  return static_cast<double>(engine_() >> 11) * 0x1.0p-53 < probability;
}

uint64_t FakeFaults::Below(uint64_t limit) {
  HP_CHECK(limit >= 1);
  return engine_() % limit;
}

Duration FakeFaults::Delay() {
  if (!Chance(options_.delay) || options_.max_delay <= Duration::zero()) return Duration::zero();
  return Duration(1 + static_cast<int64_t>(Below(static_cast<uint64_t>(options_.max_delay.count()))));
}

size_t FakeFaults::Shorten(size_t size, double probability) {
  return size > options_.never_short ? Fewer(size, probability) : size;
}

size_t FakeFaults::Fewer(size_t count, double probability) {
  return count > 1 && Chance(probability) ? 1 + IndexBelow(count) : count;
}

int FakeFaults::Plausible(FakeCall call) {
  const std::vector<int>& errors = FactsOf(call).errors;
  return errors[IndexBelow(errors.size())];
}

int FakeFaults::Fail(FakeCall call, int error) {
  if (error == 0) error = Plausible(call);
  ++failures_;
  last_call_ = call;
  last_error_ = error;
  last_failure_ = "call " + std::to_string(calls_) + " (" + FakeCallName(call) + ") fails with errno " +
                  std::to_string(error);
  trace_.Add("fails", error);
  return error;
}

}  // namespace hpsocket::core
