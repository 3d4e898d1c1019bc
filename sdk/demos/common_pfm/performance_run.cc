#include "hpsocket/sdk/demos/common_pfm/performance_run.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <utility>

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What an interruption leaves for the bytes under way.
constexpr seconds kDrainAfterInterrupt{5};

// How late the last event of a connection may be whose send has failed: far beyond what it takes.
constexpr seconds kLastEventWithin{5};

// How long a session with as many datagrams under way as it may have waits for one before it goes on without
// them: longer than a round trip takes, shorter than anybody likes to wait.
constexpr milliseconds kGiveUpAfter{200};

}  // namespace

PerformanceRun::PerformanceRun(const RunOptions& options, std::string server, Shared& shared,
                               Exchanges& exchanges, Transport& transport)
    : options_(options),
      server_(std::move(server)),
      shared_(shared),
      exchanges_(exchanges),
      transport_(transport) {}

PerformanceRun::~PerformanceRun() { StopAll(); }

bool PerformanceRun::Execute(Summary* summary) {
  if (!Connect()) {
    StopAll();
    return false;
  }
  WarmUp();
  SendRounds();
  if (options_.loss == Loss::kFault) {
    AwaitEcho();
  } else {
    AwaitEchoOrLoss();
  }
  summary->port = transport_.port();
  StopAll();
  SumUp(summary);
  return true;
}

void PerformanceRun::Interrupt() {
  interrupted_.store(true);
  shared_.gate.NotifyAll();
  if (!connecting_.load()) return;
  // A connect would otherwise take its full time-out. An agent's other connections end by this, too.
  shared_.stopping.store(true);
  transport_.CancelConnect();
}

bool PerformanceRun::Connect() {
  if (!transport_.Open()) return false;
  const uint16_t port = static_cast<uint16_t>(options_.port);
  connecting_.store(true);
  for (size_t i = 0; i < exchanges_.size(); ++i) {
    if (interrupted()) return false;
    if (!transport_.Connect(i)) {
      const int error = errno;
      PrintError(StartFailLine(transport_.role(), transport_.ConnectFailure(i, error)));
      if (error == ECONNREFUSED) {
        PrintError("  nobody listens at " + AddressText(options_.address, port) + "; is '" + server_ +
                   "' running there?");
      }
      return false;
    }
  }
  connecting_.store(false);
  Say(StartOkLine(transport_.role(), options_.address, port));
  Say("port: " + transport_.port());
  return true;
}

void PerformanceRun::WarmUp() {
  char text[64];
  std::snprintf(text, sizeof(text), " *** willing to send data after %g seconds ...",
                options_.wait_ms / 1000.0);
  Say(text);
  Pause(Clock::now() + milliseconds(options_.wait_ms));
  Say(" *** Go Now !");
}

void PerformanceRun::SendRounds() {
  began_ = NowNanoseconds();
  sending_since_.store(began_);
  const Clock::time_point end = Clock::now() + seconds(options_.duration_s);
  while (!interrupted()) {
    const bool timed = options_.duration_s != 0;
    if (timed ? Clock::now() >= end : rounds_ == options_.rounds) return;
    if (options_.loss == Loss::kExpected && Silent()) return NothingCameBack();
    ++rounds_;
    if (!SendRound()) return;
    const bool last = !timed && rounds_ == options_.rounds;
    if (options_.interval_ms != 0 && !last) Pause(Clock::now() + milliseconds(options_.interval_ms));
  }
}

bool PerformanceRun::SendRound() {
  for (size_t i = 0; i < exchanges_.size(); ++i) {
    Exchange& exchange = *exchanges_[i];
    if (!(options_.loss == Loss::kFault ? AwaitRoom(exchange, i) : AwaitRoomOrLoss(exchange))) return false;
    if (!transport_.Send(i, exchange.Next(), static_cast<int>(options_.length))) {
      const int error = errno;
      // A lost connection says why, and is counted; but a send in the calling thread may know it first.
      AwaitEnd(exchange, error);
      if (!exchange.ended()) {
        PrintError(SendFailLine(transport_.id(i), transport_.SendFailure(i, error)));
      }
      Fail("connection " + std::to_string(i) + " could not send: " + ErrorText(error));
      return false;
    }
  }
  return true;
}

void PerformanceRun::AwaitEnd(Exchange& exchange, int error) {
  const bool ending = error != ENOBUFS && error != ENOMEM && error != EMSGSIZE;  // else it still stands
  if (!ending) return;
  shared_.gate.Await(
      &exchange, [&] { return exchange.ended() || interrupted(); }, Clock::now() + kLastEventWithin);
}

bool PerformanceRun::StillAnEcho(const Exchange& exchange) {
  if (!exchange.astray()) return true;
  Fail("more, or other bytes, came back than were sent");
  return false;
}

bool PerformanceRun::AwaitRoom(Exchange& exchange, size_t index) {
  const auto ready = [&] {
    return exchange.room() || exchange.ended() || exchange.astray() || interrupted();
  };
  const bool held = shared_.gate.Await(&exchange, ready, Clock::now() + seconds(options_.timeout_s));
  if (!StillAnEcho(exchange)) return false;
  if (!held) Fail("nothing came back on connection " + std::to_string(index) + " within the time-out");
  if (exchange.ended()) Fail("connection " + std::to_string(index) + " was lost");
  return held && !exchange.ended() && !interrupted();
}

bool PerformanceRun::AwaitRoomOrLoss(Exchange& exchange) {
  const auto ready = [&] { return exchange.room() || exchange.ended() || interrupted(); };
  if (!shared_.gate.Await(&exchange, ready, Clock::now() + kGiveUpAfter)) {
    if (Silent()) {
      NothingCameBack();
      return false;
    }
    exchange.GiveUp();
  }
  if (exchange.ended()) Fail("a session was lost");
  return !exchange.ended() && !interrupted();
}

void PerformanceRun::AwaitEcho() {
  Clock::time_point cut = Clock::time_point::max();
  // A failure ends the wait too: connections that hang would have us wait for one after the other.
  for (size_t i = 0; i < exchanges_.size() && failure_.empty(); ++i) {
    Exchange& exchange = *exchanges_[i];
    // Every connection may take its time as long as it gets on.
    for (;;) {
      if (interrupted() && cut == Clock::time_point::max()) cut = Clock::now() + kDrainAfterInterrupt;
      const uint64_t before = exchange.received_bytes() + exchange.sent_bytes();
      const bool was_interrupted = interrupted();
      const auto ready = [&] {
        return exchange.settled() || exchange.ended() || exchange.astray() ||
               (!was_interrupted && interrupted());
      };
      const Clock::time_point deadline = std::min(cut, Clock::now() + seconds(options_.timeout_s));
      const bool held = shared_.gate.Await(&exchange, ready, deadline);
      if (!StillAnEcho(exchange)) break;
      if (exchange.settled() || exchange.ended()) break;
      if (held) continue;  // interrupted: look again, with less patience
      if (Clock::now() >= cut) break;
      if (exchange.received_bytes() + exchange.sent_bytes() == before) {
        Fail("nothing came back on connection " + std::to_string(i) + " within the time-out");
        break;
      }
    }
    if (exchange.ended()) Fail("connection " + std::to_string(i) + " was lost");
  }
}

void PerformanceRun::AwaitEchoOrLoss() {
  using std::chrono::nanoseconds;
  const int64_t since = NowNanoseconds();
  const auto ended = [this](const auto& exchange) { return exchange->ended(); };
  int64_t cut = INT64_MAX;
  for (const auto& exchange : exchanges_) {
    // As long as any session hears something, each may.
    while (!exchange->settled() && !exchange->ended() && failure_.empty()) {
      const bool was_interrupted = interrupted();
      if (was_interrupted && cut == INT64_MAX)
        cut = NowNanoseconds() + nanoseconds(kDrainAfterInterrupt).count();
      const int64_t silence =
          std::max(since, LastReturn()) + nanoseconds(seconds(options_.timeout_s)).count();
      const nanoseconds left(std::min(silence, cut) - NowNanoseconds());
      if (left.count() <= 0) break;
      const auto ready = [&] {
        return exchange->settled() || exchange->ended() || (!was_interrupted && interrupted());
      };
      shared_.gate.Await(exchange.get(), ready, Clock::now() + left);
    }
  }
  if (std::any_of(exchanges_.begin(), exchanges_.end(), ended)) Fail("a session was lost");
  if (LastReturn() == 0 && !interrupted()) NothingCameBack();
}

int64_t PerformanceRun::LastReturn() const {
  int64_t last = 0;
  for (const auto& exchange : exchanges_) last = std::max(last, exchange->last_return());
  return last;
}

bool PerformanceRun::Silent() const {
  // A pause is silent by itself.
  const auto patience =
      std::chrono::nanoseconds(seconds(options_.timeout_s)) + milliseconds(options_.interval_ms);
  return NowNanoseconds() - std::max(began_, LastReturn()) > patience.count();
}

void PerformanceRun::NothingCameBack() {
  const std::string whom = AddressText(options_.address, static_cast<uint16_t>(options_.port));
  if (LastReturn() == 0) {
    Fail("nothing came back from " + whom + "; is '" + server_ + "' running there?");
  } else {
    Fail("nothing came back from " + whom + " any more within the time-out");
  }
}

void PerformanceRun::StopAll() {
  shared_.stopping.store(true);
  transport_.Close();
}

void PerformanceRun::SumUp(Summary* summary) {
  summary->loss = options_.loss;
  summary->connections = options_.connections;
  summary->rounds = rounds_;
  summary->length = options_.length;
  for (size_t i = 0; i < exchanges_.size(); ++i) {
    const Exchange& exchange = *exchanges_[i];
    // It may have come after the last look.
    if (options_.loss == Loss::kFault) StillAnEcho(exchange);
    summary->queued += exchange.queued_bytes();
    summary->sent += exchange.sent_bytes();
    summary->received += exchange.received_bytes();
    summary->messages += exchange.returned_messages();
    summary->strays += exchange.strays();
    if (const uint64_t wrong = exchange.first_wrong(); wrong != Exchange::kNoError) {
      if (summary->corrupt_connections++ == 0) {
        summary->corruption =
            "ID " + std::to_string(transport_.id(i)) + ", byte " + std::to_string(wrong) + " of its stream";
      }
    }
  }
  // A run of given length has no number to reach: all that it began to send must come back.
  summary->expected = options_.duration_s != 0
                          ? summary->queued
                          : uint64_t{options_.rounds} * options_.connections * options_.length;
  summary->lost_connections = shared_.lost.load();
  summary->interrupted = interrupted();
  summary->failure = failure_;
  summary->duration = std::max(began_, LastReturn()) - began_;
  summary->p50 = shared_.latencies.Percentile(0.5);
  summary->p99 = shared_.latencies.Percentile(0.99);
  summary->p999 = shared_.latencies.Percentile(0.999);
  summary->max = shared_.latencies.max();
}

std::string PerformanceRun::ProgressText() const {
  const int64_t since = sending_since_.load();
  if (since == 0) return {};
  uint64_t messages = 0;
  uint64_t received = 0;
  for (const auto& exchange : exchanges_) {
    messages += exchange->returned_messages();
    received += exchange->received_bytes();
  }
  const double elapsed = static_cast<double>(NowNanoseconds() - since) / 1e9;
  const double megabytes = static_cast<double>(received) / 1e6;
  char text[160];
  std::snprintf(text, sizeof(text), "%8.1f s  %12llu messages  %10.1f MB received  %8.1f MB/s", elapsed,
                static_cast<unsigned long long>(messages), megabytes,
                elapsed > 0 ? megabytes / elapsed : 0.0);
  return text;
}

void PerformanceRun::Pause(Clock::time_point until) {
  shared_.gate.Await(
      this, [this] { return interrupted(); }, until);
}

void PerformanceRun::Fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
}

void PerformanceRun::Say(const std::string& line) {
  if (!options_.quiet) Print(line);
}

}  // namespace hpsocket::demos
