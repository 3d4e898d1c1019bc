#include "hpsocket/core/datagram/peer_table.h"

#include <deque>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"
#include "hpsocket/core/memory/failing_new.h"

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

class PeerTableTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(engine_.StartServer("127.0.0.1", 0)); }
  ~PeerTableTest() override { EndFailingNewForTest(); }

  static Address PeerNumber(uint16_t number) {
    Address peer;
    Address::ParseLiteral("192.0.2.1", number, &peer);
    return peer;
  }
  // `hash` in place of the peer's own, so that peers collide.
  Session& NewSession(uint16_t number, uint64_t hash) {
    return sessions_.emplace_back(engine_.workers()[0], PeerNumber(number), hash, SessionState::kOpen);
  }
  Session* Find(const Session& session) { return table_.Find(session.peer(), session.hash()); }

  NoEvents events_;
  DatagramEngine engine_{"UdpServer", Role::kServer, Delivery::kPush, events_};
  std::deque<Session> sessions_;
  PeerTable table_;
};

TEST_F(PeerTableTest, FindsWhatWasInsertedUntilItIsRemoved) {
  Session& session = NewSession(1, 0x123456789abcdef0);
  EXPECT_EQ(Find(session), nullptr);
  table_.Remove(session);
  EXPECT_TRUE(table_.Insert(session));
  EXPECT_EQ(Find(session), &session);
  EXPECT_EQ(table_.Find(PeerNumber(2), session.hash()), nullptr) << "another peer of the same hash";
  table_.Remove(session);
  EXPECT_EQ(Find(session), nullptr);
  EXPECT_EQ(table_.size(), 0u);
}

// Few hashes, so that nearly all collide, at the end of the table, too, where it goes on at the beginning.
TEST_F(PeerTableTest, StaysRightWhileManyComeAndGo) {
  std::mt19937 random(7);
  std::vector<Session*> in;
  std::vector<Session*> out;
  for (uint16_t number = 1; number <= 400; ++number) {
    const uint64_t hash = uint64_t{random() % 3} << 32 | (UINT32_MAX - random() % 20);
    out.push_back(&NewSession(number, hash));
  }
  for (int step = 0; step < 20'000; ++step) {
    const bool grows = (step / 2'000) % 2 == 0 ? random() % 4 != 0 : random() % 4 == 0;
    std::vector<Session*>& from = grows ? out : in;
    if (from.empty()) continue;
    std::swap(from[random() % from.size()], from.back());
    Session& session = *from.back();
    from.pop_back();
    if (grows) {
      ASSERT_TRUE(table_.Insert(session));
    } else {
      table_.Remove(session);
    }
    (grows ? in : out).push_back(&session);
    ASSERT_EQ(table_.size(), in.size());
    if (step % 50 != 0) continue;
    for (Session* const each : in) ASSERT_EQ(Find(*each), each);
    for (Session* const each : out) ASSERT_EQ(Find(*each), nullptr);
  }
}

TEST_F(PeerTableTest, KeepsWhatItHasWhereThereIsNoMemoryToGrow) {
  uint16_t number = 0;
  size_t refused = 0;
  while (refused == 0) {
    ++number;
    Session& session = NewSession(number, number);
    FailOneNewForTest(0);
    const bool inserted = table_.Insert(session);
    EndFailingNewForTest();
    // The first place of all has to be had.
    if (!inserted && table_.size() == 0) {
      ASSERT_TRUE(table_.Insert(session));
      continue;
    }
    if (!inserted) ++refused;
  }
  EXPECT_EQ(table_.size(), 15u) << "one place of sixteen stays empty";
  for (Session& session : sessions_)
    EXPECT_EQ(Find(session), &session == &sessions_.back() ? nullptr : &session);
  EXPECT_TRUE(table_.Insert(sessions_.back())) << "once there is memory";
  for (Session& session : sessions_) EXPECT_EQ(Find(session), &session);
}

}  // namespace
}  // namespace hpsocket::core
