#include "hpsocket/core/stream/piece.h"

#include <gtest/gtest.h>

#include <vector>

#include <cstring>
#include <string>

namespace hpsocket::core {
namespace {

class Home final : public BufferHome {
 public:
  Home() : BufferHome(1) { buffer.Init(this, bytes, sizeof(bytes), 0); }
  void Recycle(ReceiveBuffer*) override { ++recycled; }

  uint8_t bytes[256] = {};
  ReceiveBuffer buffer;
  int recycled = 0;
};

class PieceTest : public testing::Test {
 protected:
  PrivateHeap heap_;
  SharedPool shared_;
  PieceStore store_{heap_, shared_, 10, 20};
};

const uint8_t* Bytes(const char* text) { return reinterpret_cast<const uint8_t*>(text); }

TEST_F(PieceTest, ACopyHoldsWhatWasAppended) {
  Piece* piece = store_.NewCopy(10);
  ASSERT_NE(piece, nullptr);
  EXPECT_GE(piece->room(), 10u);
  const uint32_t room = piece->room();
  piece->Append(Bytes("hello"), 5);
  EXPECT_EQ(piece->room(), room - 5);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(piece->data), piece->length), "hello");
  store_.Free(piece);
}

TEST_F(PieceTest, RoomShrinksFromTheFrontOnlyByBytesGone) {
  Piece* piece = store_.NewCopy(10);
  piece->Append(Bytes("hello"), 5);
  const uint32_t room = piece->room();
  piece->data += 2;
  piece->length -= 2;
  EXPECT_EQ(piece->room(), room);
  store_.Free(piece);
}

TEST_F(PieceTest, ALeaseKeepsItsBufferAndGivesItBack) {
  Home home;
  home.buffer.BeginDelivery();
  EXPECT_TRUE(home.may_lease());
  Piece* piece = store_.NewLease(home.buffer, home.bytes + 10, 20);
  ASSERT_NE(piece, nullptr);
  EXPECT_EQ(piece->room(), 0u);
  EXPECT_FALSE(home.may_lease());
  home.buffer.EndDelivery();
  EXPECT_EQ(home.recycled, 0);
  store_.Free(piece);
  EXPECT_EQ(home.recycled, 1);
  EXPECT_TRUE(home.may_lease());
}

// A lease that went on into the next buffer would let that one go home, and be filled for somebody
// else, with its bytes still to be sent.
TEST_F(PieceTest, ALeaseNeverGoesOnIntoTheNextBuffer) {
  struct TwoBuffers final : BufferHome {
    TwoBuffers() : BufferHome(2) {
      first.Init(this, bytes, 128, 0);
      second.Init(this, bytes + 128, 128, 1);
    }
    void Recycle(ReceiveBuffer*) override {}
    uint8_t bytes[256] = {};
    ReceiveBuffer first;
    ReceiveBuffer second;
  } home;
  home.first.BeginDelivery();
  home.second.BeginDelivery();
  Piece* piece = store_.NewLease(home.first, home.bytes + 100, 20);
  EXPECT_TRUE(piece->ContinuesWith(home.first, home.bytes + 120));
  EXPECT_FALSE(piece->ContinuesWith(home.first, home.bytes + 121));
  piece->length = 28;
  EXPECT_FALSE(piece->ContinuesWith(home.second, home.bytes + 128));
  store_.Free(piece);
  home.first.EndDelivery();
  home.second.EndDelivery();
}

TEST_F(PieceTest, WhatNoMemoryHoldsIsRefused) {
  for (const uint64_t bytes :
       {uint64_t{UINT32_MAX}, uint64_t{1} << 32, (uint64_t{1} << 32) + 1, UINT64_MAX}) {
    EXPECT_EQ(store_.NewCopy(bytes), nullptr);
    EXPECT_EQ(PieceStore::NewShared(shared_, bytes), nullptr);
  }
}

TEST_F(PieceTest, SharedPiecesAreCountedUntilFreed) {
  Piece* piece = PieceStore::NewShared(shared_, 1000);
  ASSERT_NE(piece, nullptr);
  EXPECT_GT(shared_.live_count(), 0);
  EXPECT_GE(piece->room(), 1000u);
  store_.Free(piece);
  EXPECT_EQ(shared_.live_count(), 0);
}

TEST_F(PieceTest, AListIsFirstInFirstOut) {
  PieceList list;
  for (uint32_t i = 1; i <= 3; ++i) {
    Piece* piece = store_.NewCopy(1);
    piece->already_sent = i;
    list.PushBack(piece);
  }
  Piece* first = list.PopFront();
  EXPECT_EQ(first->already_sent, 1u);
  store_.Free(first);
  store_.FreeAll(list);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.tail(), nullptr);
}

TEST_F(PieceTest, ListsAreJoinedAndCut) {
  const auto filled = [this](uint32_t from, uint32_t to) {
    PieceList list;
    for (uint32_t i = from; i <= to; ++i) {
      Piece* piece = store_.NewCopy(1);
      piece->already_sent = i;
      list.PushBack(piece);
    }
    return list;
  };
  const auto numbers = [](const PieceList& list) {
    std::vector<uint32_t> all;
    for (const Piece* piece = list.head(); piece != nullptr; piece = list.next(piece))
      all.push_back(piece->already_sent);
    return all;
  };
  PieceList list;
  PieceList empty;
  list.Splice(empty);
  EXPECT_TRUE(list.empty());
  PieceList first = filled(1, 2);
  list.Splice(first);
  EXPECT_TRUE(first.empty());
  Piece* const last = list.tail();
  PieceList second = filled(3, 5);
  list.Splice(second);
  EXPECT_EQ(numbers(list), (std::vector<uint32_t>{1, 2, 3, 4, 5}));
  PieceList rest = list.CutBehind(last);
  EXPECT_EQ(numbers(list), (std::vector<uint32_t>{1, 2}));
  EXPECT_EQ(numbers(rest), (std::vector<uint32_t>{3, 4, 5}));
  EXPECT_TRUE(list.CutBehind(last).empty());
  PieceList all = list.CutBehind(nullptr);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(numbers(all), (std::vector<uint32_t>{1, 2}));
  store_.FreeAll(all);
  store_.FreeAll(rest);
}

}  // namespace
}  // namespace hpsocket::core
