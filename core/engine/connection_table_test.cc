#include "hpsocket/core/engine/connection_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <thread>

namespace hpsocket::core {
namespace {

class Connection;
using Table = ConnectionTable<Connection>;

// The table never looks behind the pointer.
Connection* Fake(uintptr_t value) { return reinterpret_cast<Connection*>(value * 64); }

// 0 when refused.
CONNID Insert(Table& table, Connection* connection, uint32_t worker) {
  std::atomic<CONNID> id{0};
  return table.Insert(connection, worker, &id) ? id.load() : 0;
}

TEST(ConnectionTableTest, FindsByIdAndWorker) {
  Table table;
  const CONNID id = Insert(table, Fake(1), 3);
  ASSERT_NE(id, 0u);
  EXPECT_EQ(table.Find(id), Fake(1));
  EXPECT_EQ(table.FindOwned(id, 3), Fake(1));
  EXPECT_EQ(table.FindOwned(id, 2), nullptr);
  EXPECT_EQ(table.Find(id + 1), nullptr);
  EXPECT_EQ(table.Find(0), nullptr);
  EXPECT_EQ(table.FindOwned(0, Table::kNoWorker), nullptr) << "an empty place has the ID 0";
  EXPECT_EQ(table.count(), 1u);
  table.Remove(id);
  EXPECT_EQ(table.Find(id), nullptr);
  EXPECT_EQ(table.count(), 0u);
}

TEST(ConnectionTableTest, IdsCountUpAcrossTables) {
  Table first;
  Table second;
  const CONNID a = Insert(first, Fake(1), 0);
  const CONNID b = Insert(second, Fake(2), 0);
  const CONNID c = Insert(first, Fake(3), 0);
  EXPECT_LT(a, b);
  EXPECT_LT(b, c);
}

// Whoever keeps an ID and uses it later must not meet the connection that has its place in the table now.
// Spec: api §6.9/2
TEST(ConnectionTableTest, NeverGivesAnotherIdsConnection) {
  constexpr uint32_t kOurs = 1;
  constexpr uint32_t kOthers = 2;
  Table table;
  std::atomic<CONNID> theirs{0};
  std::atomic<bool> done{false};
  // Their connection ends and one of ours comes to the same place, over and over.
  std::thread other([&] {
    for (int round = 0; round < 20'000; ++round) {
      SetNextConnectionIdForTest(64 * 1000 + 128 * static_cast<CONNID>(round) + 1);
      const CONNID id = Insert(table, Fake(1), kOthers);
      theirs.store(id);
      table.Remove(id);
      SetNextConnectionIdForTest(id + 64);
      table.Remove(Insert(table, Fake(2), kOurs));
    }
    done.store(true);
  });
  int wrong = 0;
  while (!done.load()) {
    const CONNID id = theirs.load();
    for (int i = 0; i < 50; ++i) {
      if (table.FindOwned(id, kOurs) != nullptr) ++wrong;
    }
  }
  other.join();
  EXPECT_EQ(wrong, 0);
}

// Spec: fault 16, §4.2/1, decisions 1.4
TEST(ConnectionTableTest, WrapsToOneAndSkipsWhatIsAlive) {
  Table table;
  SetNextConnectionIdForTest(1);
  const CONNID alive = Insert(table, Fake(1), 0);
  EXPECT_EQ(alive, 1u);
  SetNextConnectionIdForTest(UINTPTR_MAX);
  EXPECT_EQ(Insert(table, Fake(2), 0), UINTPTR_MAX);
  const CONNID next = Insert(table, Fake(3), 0);
  EXPECT_EQ(next, 2u) << "0 is no ID and 1 is alive";
  EXPECT_EQ(table.Find(alive), Fake(1));
}

// Thousands on both sides of the wrap, some of them long-lived from before it, and growing meanwhile.
// Spec: fault 16, §4.2/1, decisions 1.4
TEST(ConnectionTableTest, GivesNeitherZeroNorWhatIsAliveAcrossTheWrap) {
  Table table;
  std::map<CONNID, Connection*> alive;
  std::mt19937 random(7);
  SetNextConnectionIdForTest(1);
  uintptr_t made = 0;
  const auto insert = [&] {
    const CONNID id = Insert(table, Fake(++made), 0);
    ASSERT_NE(id, 0u);
    ASSERT_TRUE(alive.emplace(id, Fake(made)).second) << id << " is alive";
  };
  while (made < 1000) {
    insert();
    if (random() % 2 == 0) {
      table.Remove(alive.rbegin()->first);
      alive.erase(std::prev(alive.end()));
    }
  }
  const CONNID reserved = table.Reserve(0).id;
  ASSERT_NE(reserved, 0u);
  SetNextConnectionIdForTest(UINTPTR_MAX - 999);
  while (made < 5000) {
    insert();
    ASSERT_EQ(alive.count(reserved), 0u);
  }
  EXPECT_GT(alive.rbegin()->first, UINTPTR_MAX - 1000) << "it began before the wrap";
  EXPECT_EQ(table.count(), alive.size());
  for (const auto& [id, connection] : alive) ASSERT_EQ(table.Find(id), connection);
  table.Release(reserved);
}

TEST(ConnectionTableTest, GrowsAndKeepsEverything) {
  Table table;
  std::map<CONNID, Connection*> model;
  std::mt19937 random(7);
  for (uintptr_t i = 1; i <= 20000; ++i) {
    if (model.size() > 10 && random() % 3 == 0) {
      auto victim =
          std::next(model.begin(), static_cast<long>(random() % std::min<size_t>(model.size(), 50)));
      table.Remove(victim->first);
      model.erase(victim);
    }
    const CONNID id = Insert(table, Fake(i), 0);
    ASSERT_NE(id, 0u);
    ASSERT_TRUE(model.emplace(id, Fake(i)).second) << "an ID that is alive was given out again";
  }
  EXPECT_EQ(table.count(), model.size());
  for (const auto& [id, connection] : model) ASSERT_EQ(table.Find(id), connection);
  std::vector<CONNID> ids = table.AllIds();
  std::sort(ids.begin(), ids.end());
  ASSERT_EQ(ids.size(), model.size());
  EXPECT_TRUE(std::equal(ids.begin(), ids.end(), model.begin(),
                         [](CONNID id, const auto& entry) { return id == entry.first; }));
}

TEST(ConnectionTableTest, TakesNothingOnceClosed) {
  Table table;
  table.Close();
  EXPECT_EQ(Insert(table, Fake(1), 0), 0u);
  EXPECT_EQ(table.Reserve(0).id, 0u);
  EXPECT_EQ(table.Reserve(0).error, ECANCELED);
  table.Reset();
  EXPECT_NE(Insert(table, Fake(1), 0), 0u);
}

TEST(ConnectionTableTest, KeepsThePlaceOfAReservedIdAndShowsItToNobody) {
  Table table;
  const CONNID id = table.Reserve(0).id;
  ASSERT_NE(id, 0u);
  EXPECT_EQ(table.Find(id), nullptr);
  EXPECT_EQ(table.FindOwned(id, 3), nullptr);
  EXPECT_EQ(table.count(), 0u);
  EXPECT_TRUE(table.AllIds().empty());
  // Through growth, too.
  for (uintptr_t i = 2; i < 500; ++i) ASSERT_NE(Insert(table, Fake(i), 0), 0u);
  EXPECT_EQ(table.Find(id), nullptr);
  ASSERT_TRUE(table.Fill(id, Fake(1), 3));
  EXPECT_EQ(table.Find(id), Fake(1));
  EXPECT_EQ(table.FindOwned(id, 3), Fake(1));
  EXPECT_EQ(table.count(), 499u);
  table.Release(id);  // it is no reservation any more
  EXPECT_EQ(table.Find(id), Fake(1));
  table.Remove(id);
  EXPECT_EQ(table.count(), 498u);
}

TEST(ConnectionTableTest, GivesAReservedPlaceBack) {
  Table table;
  const CONNID first = table.Reserve(2).id;
  const CONNID second = table.Reserve(2).id;
  EXPECT_NE(second, 0u);
  EXPECT_EQ(table.Reserve(2).error, ENOSR);
  table.Release(first);
  const CONNID third = table.Reserve(2).id;
  EXPECT_NE(third, 0u);
  EXPECT_EQ(table.Find(first), nullptr);
  table.Close();
  EXPECT_FALSE(table.Fill(third, Fake(1), 0));
  EXPECT_EQ(table.Find(third), nullptr);
}

TEST(ConnectionTableTest, LooksUpWhileOthersInsertAndRemove) {
  Table table;
  const CONNID fixed = Insert(table, Fake(1), 0);
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop.load()) EXPECT_EQ(table.Find(fixed), Fake(1));
  });
  for (uintptr_t i = 2; i < 5000; ++i) {
    const CONNID id = Insert(table, Fake(i), 0);
    if (i % 2 == 0) table.Remove(id);
  }
  stop.store(true);
  reader.join();
}

}  // namespace
}  // namespace hpsocket::core
