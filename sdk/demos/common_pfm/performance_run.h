// Internal to the demo.
//
// One run of the performance client: connect, wait, send rounds, wait for the echo, stop, sum up.
//
// Threads:  one thread (the "sender") calls Execute; Interrupt and ProgressText from any.
// Units:    bytes, milliseconds, seconds as the options say.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_PERFORMANCE_RUN_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_PERFORMANCE_RUN_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/sdk/demos/test_echo_pfm/connection.h"
#include "hpsocket/sdk/demos/test_echo_pfm/summary.h"

namespace hpsocket::demos {

struct RunOptions {
  std::string address = "127.0.0.1";
  uint32_t port = 5555;
  uint32_t rounds = 100;
  uint32_t interval_ms = 1;
  uint32_t connections = 100;
  uint32_t length = 5000;
  uint32_t duration_s = 0;  // not 0: instead of a number of rounds
  uint32_t window = 0;      // 0: as many messages as keep the whole run below about 64 MiB
  uint32_t wait_ms = 3000;
  uint32_t timeout_s = 30;  // how long a connection may make no progress
  uint32_t buffer_size = 0;
  int backend = IO_AUTO;
  bool quiet = false;
};

class PerformanceRun {
 public:
  explicit PerformanceRun(const RunOptions& options);
  ~PerformanceRun();

  // False: connecting failed, which has been said, and there is nothing to sum up.
  bool Execute(Summary* summary);

  // Ends the run soon: no more messages, a few seconds for what is under way.
  void Interrupt();

  // Empty while there is nothing to tell.
  std::string ProgressText() const;

 private:
  using Clock = SenderGate::Clock;

  bool Connect();
  void WarmUp();
  void SendRounds();
  // False: the run is over.
  bool SendRound();
  bool AwaitRoom(Connection& connection, size_t index);
  void AwaitEcho();
  void StopAll();
  void SumUp(Summary* summary);

  // Sleeps until `until` or an interruption.
  void Pause(Clock::time_point until);
  bool interrupted() const { return interrupted_.load(); }
  void Fail(std::string why);
  void Say(const std::string& line);

  const RunOptions options_;
  Shared shared_;
  std::vector<std::unique_ptr<Connection>> connections_;

  uint64_t rounds_ = 0;  // begun
  std::string failure_;
  int64_t began_ = 0;

  std::atomic<bool> interrupted_{false};
  std::atomic<IClient*> connecting_{nullptr};
  std::atomic<int64_t> sending_since_{0};  // 0: not yet
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_PERFORMANCE_RUN_H_
