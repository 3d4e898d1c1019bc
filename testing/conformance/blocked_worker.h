// Internal to testing.
//
// A connection's worker that is held, whatever component it belongs to.
//
// Threads:  the test's thread.
#ifndef HPSOCKET_TESTING_CONFORMANCE_BLOCKED_WORKER_H_
#define HPSOCKET_TESTING_CONFORMANCE_BLOCKED_WORKER_H_

#include <cstddef>

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/recorder.h"

namespace hpsocket::conformance {

// Holds it inside OnReceive while it lives. What is sent meanwhile cannot be reported.
class BlockedWorker {
 public:
  // The component's events, and the peer of one of its connections.
  BlockedWorker(harness::Recorder& events, harness::Peer& peer) : events_(events) {
    const size_t before = events.log().Count(harness::EventKind::kReceive);
    events.Do(harness::EventKind::kReceive, [this](const harness::Event&) { EXPECT_TRUE(gate_.Pass()); });
    EXPECT_TRUE(peer.Send("#"));  // one byte, one OnReceive
    EXPECT_TRUE(events.WaitFor(
        [&](const harness::EventLog& log) { return log.Count(harness::EventKind::kReceive) > before; }));
  }
  BlockedWorker(const BlockedWorker&) = delete;
  BlockedWorker& operator=(const BlockedWorker&) = delete;
  ~BlockedWorker() {
    gate_.Open();
    EXPECT_TRUE(harness::RunUntil([&] { return events_.running() == 0; }));
    events_.React(harness::EventKind::kReceive, nullptr);
  }

 private:
  harness::Recorder& events_;
  harness::Gate gate_;
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_BLOCKED_WORKER_H_
