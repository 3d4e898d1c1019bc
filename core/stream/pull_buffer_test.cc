#include "hpsocket/core/stream/pull_buffer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hpsocket/core/memory/allocation_fault.h"

namespace hpsocket::core {
namespace {

const uint8_t* Bytes(const std::string& text) { return reinterpret_cast<const uint8_t*>(text.data()); }

class PullBufferTest : public ::testing::Test {
 protected:
  // As one OnReceive that fetches nothing.
  bool Arrive(PullBuffer& buffer, const std::string& text) {
    buffer.Lend(Bytes(text), static_cast<uint32_t>(text.size()));
    return buffer.Keep();
  }
  std::string Take(PullBuffer& buffer, size_t length, bool remove = true) {
    std::string out(length, '?');
    bool made_room = false;
    const EnFetchResult result =
        buffer.Take(reinterpret_cast<uint8_t*>(out.data()), length, remove, &made_room);
    made_room_ = made_room;
    return result == FR_OK ? out : result == FR_LENGTH_TOO_LONG ? "too long" : "not found";
  }
  std::pair<EnFetchResult, size_t> Find(PullBuffer& buffer, const std::string& pattern, size_t from) {
    size_t position = 12345;
    const EnFetchResult result = buffer.Find(Bytes(pattern), pattern.size(), from, &position);
    return {result, position};
  }

  SharedPool pool_;
  bool made_room_ = false;
};

TEST_F(PullBufferTest, GivesBackWhatArrivedWhateverTheCuts) {
  std::mt19937 random(7);
  PullBuffer buffer(pool_, 0);
  std::string sent;
  std::string got;
  for (int i = 0; i < 2000; ++i) {
    std::string part(1 + random() % (i % 10 == 0 ? 9000 : 90), ' ');
    for (char& c : part) c = static_cast<char>(random());
    sent += part;
    const size_t there = buffer.Lend(Bytes(part), static_cast<uint32_t>(part.size()));
    EXPECT_EQ(there, sent.size() - got.size());
    // Some of it is taken while it is lent, across the border of what was kept.
    if (random() % 2 == 0) got += Take(buffer, random() % (there + 1));
    ASSERT_TRUE(buffer.Keep());
    const size_t left = sent.size() - got.size();
    if (random() % 3 == 0) {
      const size_t length = random() % (left + 1);
      EXPECT_EQ(Take(buffer, length, false), sent.substr(got.size(), length));
      got += Take(buffer, length);
    }
  }
  got += Take(buffer, sent.size() - got.size());
  EXPECT_EQ(got, sent);
  EXPECT_EQ(pool_.live_count(), 0);
}

TEST_F(PullBufferTest, TakesNothingWhenMoreIsWantedThanIsThere) {
  PullBuffer buffer(pool_, 0);
  EXPECT_EQ(Take(buffer, 1), "too long");
  EXPECT_EQ(Take(buffer, 0), "");
  ASSERT_TRUE(Arrive(buffer, "abc"));
  EXPECT_EQ(Take(buffer, 4), "too long");
  EXPECT_EQ(Take(buffer, 3, false), "abc");
  EXPECT_EQ(Take(buffer, 3), "abc");
  EXPECT_EQ(Take(buffer, 1), "too long");
}

TEST_F(PullBufferTest, KeepsNothingOfWhatWasTakenWhileItWasLent) {
  PullBuffer buffer(pool_, 0);
  const std::string text = "message";
  buffer.Lend(Bytes(text), 7);
  EXPECT_EQ(Take(buffer, 7), text);
  ASSERT_TRUE(buffer.Keep());
  EXPECT_EQ(pool_.live_count(), 0);
}

TEST_F(PullBufferTest, ShowsTheFirstPieceWithoutCopying) {
  PullBuffer buffer(pool_, 0);
  const uint8_t* data = nullptr;
  size_t length = 0;
  EXPECT_EQ(buffer.Front(&data, &length), FR_DATA_NOT_FOUND);
  const std::string text = "fresh";
  buffer.Lend(Bytes(text), 5);
  EXPECT_EQ(buffer.Front(&data, &length), FR_OK);
  EXPECT_EQ(data, Bytes(text));
  EXPECT_EQ(length, 5u);
  ASSERT_TRUE(buffer.Keep());
  EXPECT_EQ(buffer.Front(&data, &length), FR_OK);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(data), length), text);
}

TEST_F(PullBufferTest, FindsAPatternAcrossPieces) {
  PullBuffer buffer(pool_, 0);
  EXPECT_EQ(Find(buffer, "\r\n", 0), std::make_pair(FR_LENGTH_TOO_LONG, size_t{0}));
  ASSERT_TRUE(Arrive(buffer, std::string(1023, 'x') + "\r"));  // fills the first chunk
  EXPECT_EQ(Find(buffer, "\r\n", 0), std::make_pair(FR_LENGTH_TOO_LONG, size_t{1023}));
  ASSERT_TRUE(Arrive(buffer, "\nab"));
  const std::string fresh = "c\r\n";
  buffer.Lend(Bytes(fresh), 3);
  EXPECT_EQ(Find(buffer, "\r\n", 0), std::make_pair(FR_OK, size_t{1023}));
  EXPECT_EQ(Find(buffer, "\r\n", 1024), std::make_pair(FR_OK, size_t{1028}));
  EXPECT_EQ(Find(buffer, "abc\r\n", 0), std::make_pair(FR_OK, size_t{1025}));
  EXPECT_EQ(Find(buffer, "\r\n", 1029), std::make_pair(FR_LENGTH_TOO_LONG, size_t{1029}));
  EXPECT_EQ(Find(buffer, "x", 5000), std::make_pair(FR_LENGTH_TOO_LONG, size_t{5000}));
  EXPECT_TRUE(buffer.Keep());
}

TEST_F(PullBufferTest, FindsWhatAStringFinds) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    PullBuffer buffer(pool_, 0);
    std::string all;
    for (int i = 0; i < 5; ++i) {
      std::string part(1 + random() % 1500, 'a');
      for (char& c : part) c = static_cast<char>('a' + random() % 2);
      all += part;
      ASSERT_TRUE(Arrive(buffer, part));
    }
    std::string pattern(1 + random() % 12, 'a');
    for (char& c : pattern) c = static_cast<char>('a' + random() % 2);
    const size_t from = random() % all.size();
    const size_t expected = all.find(pattern, from);
    if (expected == std::string::npos) {
      EXPECT_EQ(Find(buffer, pattern, from).first, FR_LENGTH_TOO_LONG);
    } else {
      EXPECT_EQ(Find(buffer, pattern, from), std::make_pair(FR_OK, size_t{expected}));
    }
  }
}

// A peer that sends only what patterns begin with: every byte is a candidate, in many chunks.
TEST_F(PullBufferTest, FindsWhatAStringFindsWhereEveryByteCouldBeTheFirst) {
  constexpr size_t kSize = 4 * 1024 * 1024;
  PullBuffer buffer(pool_, 0);
  std::string all(kSize, '\r');
  for (size_t at = 0; at < kSize; at += 1000) ASSERT_TRUE(Arrive(buffer, all.substr(at, 1000)));
  ASSERT_GT(pool_.live_count(), 60);
  const std::pair<std::string, size_t> searches[] = {
      {"\r\n", 0}, {"\r\r\r\n", 0}, {std::string(3000, '\r') + "\n", kSize - 10'000}};
  for (const auto& [pattern, from] : searches) {
    EXPECT_EQ(Find(buffer, pattern, from), std::make_pair(FR_LENGTH_TOO_LONG, kSize - pattern.size() + 1));
  }
  EXPECT_EQ(Find(buffer, "\r\r\r", 12345), std::make_pair(FR_OK, size_t{12345}));
  const std::string fresh = "\n";
  buffer.Lend(Bytes(fresh), 1);
  all += fresh;
  for (const auto& [pattern, from] : searches) {
    EXPECT_EQ(Find(buffer, pattern, from), std::make_pair(FR_OK, all.find(pattern, from)));
  }
  EXPECT_TRUE(buffer.Keep());
}

TEST_F(PullBufferTest, SaysOnceThatItHasRoomAgain) {
  PullBuffer buffer(pool_, 4);
  ASSERT_TRUE(Arrive(buffer, "abc"));
  EXPECT_FALSE(buffer.full());
  ASSERT_TRUE(Arrive(buffer, "de"));
  EXPECT_TRUE(buffer.full());
  Take(buffer, 1);
  EXPECT_FALSE(made_room_);
  Take(buffer, 1);
  EXPECT_TRUE(made_room_);
  EXPECT_FALSE(buffer.full());
  Take(buffer, 1);
  EXPECT_FALSE(made_room_);
}

// Spec: fault 40
TEST_F(PullBufferTest, LosesOnlyTheNewBytesWhenThereIsNoMemory) {
  PullBuffer buffer(pool_, 0);
  ASSERT_TRUE(Arrive(buffer, "abc"));
  const std::string large(5000, 'x');
  buffer.Lend(Bytes(large), 5000);
  FailAllocationsForTest(0, 1);
  EXPECT_FALSE(buffer.Keep());
  FailAllocationsForTest(0, 0);
  EXPECT_EQ(Take(buffer, 3), "abc");
  EXPECT_EQ(Take(buffer, 1), "too long");
}

TEST_F(PullBufferTest, GivesEachByteToOneOfManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kRecords = 4000;
  PullBuffer buffer(pool_, 0);
  std::vector<std::thread> threads;
  std::atomic<int> taken{0};
  std::vector<int> sums(kThreads, 0);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      while (taken.load() < kRecords) {
        uint8_t record[4];
        bool made_room = false;
        if (buffer.Take(record, 4, true, &made_room) != FR_OK) {
          std::this_thread::yield();
          continue;
        }
        EXPECT_EQ(record[0], record[1]);
        EXPECT_EQ(record[0], record[3]);
        sums[static_cast<size_t>(i)] += record[0];
        taken.fetch_add(1);
      }
    });
  }
  int expected = 0;
  for (int i = 0; i < kRecords; ++i) {
    const std::string record(4, static_cast<char>(i % 100));
    expected += i % 100;
    buffer.Lend(Bytes(record), 4);
    ASSERT_TRUE(buffer.Keep());
  }
  for (std::thread& thread : threads) thread.join();
  int sum = 0;
  for (const int part : sums) sum += part;
  EXPECT_EQ(sum, expected);
}

}  // namespace
}  // namespace hpsocket::core
