// Internal to the demos.
//
// The outcome of a performance client's run and how it is told.
//
// Units:    bytes, nanoseconds.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_SUMMARY_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_SUMMARY_H_

#include <cstdint>
#include <string>

#include "hpsocket/sdk/demos/common_pfm/run_options.h"

namespace hpsocket::demos {

struct Summary {
  std::string demo;  // the program's name
  Loss loss = Loss::kFault;

  uint32_t connections = 0;
  uint64_t rounds = 0;  // begun
  uint32_t length = 0;

  uint64_t expected = 0;
  uint64_t queued = 0;  // handed to Send
  uint64_t sent = 0;
  uint64_t received = 0;
  uint64_t messages = 0;  // that came back
  uint64_t strays = 0;    // that came back twice or too late; counted nowhere else
  uint64_t corrupt_connections = 0;
  std::string corruption;  // where the first wrong byte was
  uint32_t lost_connections = 0;
  bool interrupted = false;
  std::string failure;  // what ended the run early; empty if nothing did

  int64_t duration = 0;  // from the start of sending until the last byte was back
  int64_t p50 = 0;
  int64_t p99 = 0;
  int64_t p999 = 0;
  int64_t max = 0;

  std::string port;  // GetIoBackendDesc()

  enum class Outcome {
    kComplete,  // every expected byte was sent and came back unchanged
    kLost,      // the run is complete and nothing is broken, but datagrams got lost
    kFailed,
  };
  Outcome outcome() const;
  bool ok() const { return outcome() == Outcome::kComplete; }
  uint64_t lost_bytes() const { return expected > received ? expected - received : 0; }
  double MessagesPerSecond() const;
  double MegabytesPerSecond() const;  // 10^6 bytes, one way
};

// For people; the first two lines are HP-Socket's.
std::string SummaryText(const Summary& summary);
// For programs: one line.
std::string SummaryJson(const Summary& summary);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_SUMMARY_H_
