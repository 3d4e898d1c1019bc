// Internal to the demos.
//
// One run of a performance client: connect, wait, send rounds, wait for the echo, stop, sum up.
//
// Threads:  one thread (the "sender") calls Execute; Interrupt and ProgressText from any.
// Lifetime: everything that it is made of outlives it.
// Units:    bytes, milliseconds, seconds as the options say.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_RUN_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_RUN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "hpsocket/sdk/demos/common_pfm/exchange.h"
#include "hpsocket/sdk/demos/common_pfm/run_options.h"
#include "hpsocket/sdk/demos/common_pfm/shared.h"
#include "hpsocket/sdk/demos/common_pfm/summary.h"
#include "hpsocket/sdk/demos/common_pfm/transport.h"

namespace hpsocket::demos {

class PerformanceRun {
 public:
  // `server` is the program that should be running at the other end.
  PerformanceRun(const RunOptions& options, std::string server, Shared& shared, Exchanges& exchanges,
                 Transport& transport);
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
  // After a send that failed with `error`: until the connection's last event has come, if it is one to come.
  void AwaitEnd(Exchange& exchange, int error);
  // Streams: false, and the failure, if the peer is no echo.
  bool StillAnEcho(const Exchange& exchange);
  bool AwaitRoom(Exchange& exchange, size_t index);
  bool AwaitRoomOrLoss(Exchange& exchange);
  void AwaitEcho();
  void AwaitEchoOrLoss();
  // When the last message of all came back; 0 before the first.
  int64_t LastReturn() const;
  // Whether nothing has come back for so long that the run gives up.
  bool Silent() const;
  void NothingCameBack();
  void StopAll();
  void SumUp(Summary* summary);

  // Sleeps until `until` or an interruption.
  void Pause(Clock::time_point until);
  bool interrupted() const { return interrupted_.load(); }
  void Fail(std::string why);
  void Say(const std::string& line);

  const RunOptions options_;
  const std::string server_;
  Shared& shared_;
  Exchanges& exchanges_;
  Transport& transport_;

  uint64_t rounds_ = 0;  // begun
  std::string failure_;
  int64_t began_ = 0;

  std::atomic<bool> interrupted_{false};
  std::atomic<bool> connecting_{false};
  std::atomic<int64_t> sending_since_{0};  // 0: not yet
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_PERFORMANCE_RUN_H_
