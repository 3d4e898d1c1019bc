#include "hpsocket/testing/harness/recording_listener.h"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {
namespace {

const uint8_t kData[] = {'d', 'a', 't', 'a'};

TEST(RecordingListenerTest, WritesDownWhatItIsTold) {
  RecordingServerListener listener;
  EXPECT_EQ(listener.OnReceive(7, kData, 4), HR_OK);
  EXPECT_EQ(listener.OnError(7, SO_SEND, 32), HR_OK);
  const EventLog log = listener.log();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log.Received(7), "data");
  EXPECT_EQ(log.events()[0].thread, std::this_thread::get_id());
  EXPECT_EQ(log.events()[1].operation, SO_SEND);
  EXPECT_EQ(log.events()[1].error, 32);
  EXPECT_TRUE(log.events()[1].returned);
}

TEST(RecordingListenerTest, AnswersAsItIsTold) {
  RecordingServerListener listener;
  listener.React(EventKind::kClose, [](const Event&) { return HR_ERROR; });
  EXPECT_EQ(listener.OnClose(1), HR_ERROR);
  EXPECT_TRUE(listener.log().events()[0].refused);
  listener.React(EventKind::kClose, [](const Event&) -> EnHandleResult { throw std::runtime_error("x"); });
  EXPECT_THROW(listener.OnClose(2), std::runtime_error);
  EXPECT_TRUE(listener.log().events()[1].refused);
  EXPECT_EQ(listener.running(), 0u);
  listener.React(EventKind::kClose, nullptr);
  EXPECT_EQ(listener.OnClose(3), HR_OK);
}

TEST(RecordingListenerTest, HandsOutTheBytesThemselvesDuringAReaction) {
  RecordingServerListener listener;
  const uint8_t* seen = nullptr;
  listener.Do(EventKind::kReceive, [&](const Event& event) { seen = event.bytes; });
  listener.OnReceive(1, kData, 4);
  EXPECT_EQ(seen, kData);
  EXPECT_EQ(listener.log().events()[0].bytes, nullptr);
}

TEST(RecordingListenerTest, SeesOverlappingEventsOfOneConnection) {
  RecordingServerListener listener;
  Gate gate;
  listener.Do(EventKind::kReceive, [&](const Event&) { gate.Pass(); });
  std::thread worker([&] { listener.OnReceive(1, kData, 4); });
  ASSERT_TRUE(listener.WaitFor([](const EventLog& log) { return log.size() == 1; }));
  EXPECT_EQ(listener.running(), 1u);
  listener.OnClose(2);
  listener.OnClose(1);
  gate.Open();
  worker.join();
  EXPECT_FALSE(listener.log().First(EventKind::kClose, 2)->overlaps);
  EXPECT_TRUE(listener.log().First(EventKind::kClose, 1)->overlaps);
}

TEST(RecordingListenerTest, WaitsForWhatAnotherThreadRecords) {
  RecordingServerListener listener;
  std::thread worker([&] { listener.OnShutdown(); });
  EXPECT_TRUE(listener.WaitForCount(EventKind::kShutdown, 1));
  worker.join();
  EXPECT_FALSE(listener.WaitForCount(EventKind::kShutdown, 2, Deadline::In(std::chrono::milliseconds(1))));
}

}  // namespace
}  // namespace hpsocket::harness
