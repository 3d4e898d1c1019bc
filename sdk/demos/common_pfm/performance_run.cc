#include "hpsocket/sdk/demos/test_echo_pfm/performance_run.h"

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

// What may be under way in all connections together where the user sets no window. It is more than the
// default run of the original ever sends at once, and keeps a run of any size within bounded memory.
constexpr uint64_t kMostUnderWay = 64u << 20;

// What an interruption leaves for the bytes under way.
constexpr seconds kDrainAfterInterrupt{5};

uint32_t WindowOf(const RunOptions& options) {
  if (options.window != 0) return options.window;
  const uint64_t fair = kMostUnderWay / (uint64_t{options.connections} * options.length);
  // More slots than rounds would never be used.
  const uint64_t most = options.duration_s != 0 ? 1024 : std::min<uint64_t>(options.rounds, 1024);
  return static_cast<uint32_t>(std::clamp<uint64_t>(fair, 1, most));
}

}  // namespace

PerformanceRun::PerformanceRun(const RunOptions& options)
    : options_(options), shared_(options.length, WindowOf(options)) {
  connections_.reserve(options_.connections);
  for (uint32_t i = 0; i < options_.connections; ++i)
    connections_.push_back(std::make_unique<Connection>(i, shared_));
}

PerformanceRun::~PerformanceRun() { StopAll(); }

bool PerformanceRun::Execute(Summary* summary) {
  if (!Connect()) {
    StopAll();
    return false;
  }
  WarmUp();
  SendRounds();
  AwaitEcho();
  summary->port = connections_.front()->client().GetIoBackendDesc();
  StopAll();
  SumUp(summary);
  return true;
}

void PerformanceRun::Interrupt() {
  interrupted_.store(true);
  shared_.gate.NotifyAll();
  // Wakes a connect that would otherwise take its full time-out.
  if (IClient* const client = connecting_.load()) client->Stop();
}

bool PerformanceRun::Connect() {
  for (const auto& connection : connections_) {
    if (interrupted()) return false;
    ITcpClient& client = connection->client();
    client.SetIoBackend(static_cast<EnIoBackend>(options_.backend));
    if (options_.buffer_size != 0) client.SetSocketBufferSize(options_.buffer_size);
    connecting_.store(&client);
    const bool connected = client.Start(options_.address.c_str(), static_cast<uint16_t>(options_.port));
    const int error = errno;
    connecting_.store(nullptr);
    if (!connected) {
      PrintError(StartFailLine("Client", DescribeFailure(client, error)));
      if (error == ECONNREFUSED) {
        PrintError("  nobody listens at " +
                   AddressText(options_.address, static_cast<uint16_t>(options_.port)) +
                   "; is 'test_echo_pfm server' running there?");
      }
      return false;
    }
  }
  Say(StartOkLine("Client", options_.address, static_cast<uint16_t>(options_.port)));
  Say("port: " + std::string(connections_.front()->client().GetIoBackendDesc()));
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
    ++rounds_;
    if (!SendRound()) return;
    const bool last = !timed && rounds_ == options_.rounds;
    if (options_.interval_ms != 0 && !last) Pause(Clock::now() + milliseconds(options_.interval_ms));
  }
}

bool PerformanceRun::SendRound() {
  for (size_t i = 0; i < connections_.size(); ++i) {
    Connection& connection = *connections_[i];
    if (!AwaitRoom(connection, i)) return false;
    if (!connection.SendNext()) {
      const int error = errno;
      // A lost connection has already said why.
      if (!connection.ended()) {
        PrintError(
            SendFailLine(connection.client().GetConnectionID(), DescribeFailure(connection.client(), error)));
      }
      Fail("connection " + std::to_string(i) + " could not send: " + ErrorText(error));
      return false;
    }
  }
  return true;
}

bool PerformanceRun::AwaitRoom(Connection& connection, size_t index) {
  const auto ready = [&] { return connection.room() || connection.ended() || interrupted(); };
  const bool held = shared_.gate.Await(&connection, ready, Clock::now() + seconds(options_.timeout_s));
  if (!held) Fail("nothing came back on connection " + std::to_string(index) + " within the time-out");
  if (connection.ended()) Fail("connection " + std::to_string(index) + " was lost");
  return held && !connection.ended() && !interrupted();
}

void PerformanceRun::AwaitEcho() {
  Clock::time_point cut = Clock::time_point::max();
  // A failure ends the wait too: connections that hang would have us wait for one after the other.
  for (size_t i = 0; i < connections_.size() && failure_.empty(); ++i) {
    Connection& connection = *connections_[i];
    // Every connection may take its time as long as it gets on.
    for (;;) {
      if (interrupted() && cut == Clock::time_point::max()) cut = Clock::now() + kDrainAfterInterrupt;
      const uint64_t before = connection.received_bytes() + connection.sent_bytes();
      const bool was_interrupted = interrupted();
      const auto ready = [&] {
        return connection.settled() || connection.ended() || (!was_interrupted && interrupted());
      };
      const Clock::time_point deadline = std::min(cut, Clock::now() + seconds(options_.timeout_s));
      const bool held = shared_.gate.Await(&connection, ready, deadline);
      if (connection.settled() || connection.ended()) break;
      if (held) continue;  // interrupted: look again, with less patience
      if (Clock::now() >= cut) break;
      if (connection.received_bytes() + connection.sent_bytes() == before) {
        Fail("nothing came back on connection " + std::to_string(i) + " within the time-out");
        break;
      }
    }
    if (connection.ended()) Fail("connection " + std::to_string(i) + " was lost");
  }
}

void PerformanceRun::StopAll() {
  shared_.stopping.store(true);
  for (const auto& connection : connections_) connection->client().Stop();
  for (const auto& connection : connections_) connection->client().Wait();
}

void PerformanceRun::SumUp(Summary* summary) {
  summary->connections = options_.connections;
  summary->rounds = rounds_;
  summary->length = options_.length;
  uint64_t queued = 0;
  int64_t last = began_;
  for (const auto& connection : connections_) {
    queued += connection->queued_bytes();
    summary->sent += connection->sent_bytes();
    summary->received += connection->received_bytes();
    summary->messages += connection->returned_messages();
    if (const uint64_t wrong = connection->first_wrong(); wrong != Connection::kNoError) {
      if (summary->corrupt_connections++ == 0) {
        summary->corruption = "ID " + std::to_string(connection->client().GetConnectionID()) + ", byte " +
                              std::to_string(wrong) + " of its stream";
      }
    }
    last = std::max(last, connection->last_return());
  }
  // A run of given length has no number to reach: all that it began to send must come back.
  summary->expected =
      options_.duration_s != 0 ? queued : uint64_t{options_.rounds} * options_.connections * options_.length;
  summary->lost_connections = shared_.lost.load();
  summary->interrupted = interrupted();
  summary->failure = failure_;
  summary->duration = last - began_;
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
  for (const auto& connection : connections_) {
    messages += connection->returned_messages();
    received += connection->received_bytes();
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
