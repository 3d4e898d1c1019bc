#include "hpsocket/core/engine/worker_set.h"

#include <memory>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

class NoEvents final : public EngineEvents {
 public:
  EnHandleResult HandlePrepareListen(int) override { return HR_OK; }
  EnHandleResult HandlePrepareConnect(CONNID, int) override { return HR_OK; }
  EnHandleResult HandleAccept(CONNID, int, const Address&) override { return HR_OK; }
  EnHandleResult HandleConnect(CONNID) override { return HR_OK; }
  EnHandleResult HandleReceive(CONNID, const uint8_t*, int) override { return HR_OK; }
  void HandleSend(CONNID, const uint8_t*, int) override {}
  void HandleClose(CONNID, EnSocketOperation, int) override {}
  void HandleShutdown() override {}
};

// One that is never started.
class IdleEngine final : public EngineBase {
 public:
  explicit IdleEngine(EngineEvents& events) : EngineBase("IdleEngine", Role::kServer, events) {}

 private:
  void RequestStop() override {}
  bool CancelStart() override { return false; }
  void DeliverHandedEvent() override {}
  void JoinWorkers(bool) override {}
};

// As it is between a Stop and the next Start, when a Start before them is about to return.
TEST(WorkerSetTest, ThereMayBeNobodyToNudge) {
  NoEvents events;
  // Not on the stack: AddressSanitizer's instrumentation there does not keep to an alignment of 64 bytes.
  const auto engine = std::make_unique<IdleEngine>(events);
  WorkerSet workers(*engine);
  workers.NudgeFirst();
  EXPECT_FALSE(workers.NudgeOneAfter(0));
  EXPECT_TRUE(workers.all_quiet());
}

}  // namespace
}  // namespace hpsocket::core
