#include "hpsocket/core/c_api/handle.h"

#include <cstdint>
#include <memory>
#include <set>
#include <utility>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

struct First {
  virtual ~First() = default;
  int first = 1;
};
struct Second {
  virtual ~Second() = default;
  int second = 2;
};
struct Both : First, Second {
  ~Both() override {
    if (ending) ending(this);
  }
  void (*ending)(Both*) = nullptr;
  HP_Object handle = nullptr;
};

template <class... Interfaces>
Handle* Published(std::shared_ptr<Both> both) {
  Handle* const handle = Handle::Take();
  Both* const object = both.get();
  object->handle = handle;
  handle->Hold<Interfaces...>(std::move(both), object);
  handle->Publish();
  return handle;
}

TEST(HandleTest, FindsAnObjectByEachOfItsInterfaces) {
  auto both = std::make_shared<Both>();
  Handle* const handle = Published<First, Second>(both);
  EXPECT_EQ(Handle::Find<First>(handle), both.get());
  EXPECT_EQ(Handle::Find<Second>(handle), both.get());  // which is another address
  EXPECT_EQ(Handle::Find<Both>(handle), nullptr);
  EXPECT_EQ(Handle::Of<Second>(handle), handle);
  EXPECT_TRUE(handle->Destroy());
  EXPECT_EQ(both.use_count(), 1);
}

TEST(HandleTest, TellsWhatIsNoHandle) {
  EXPECT_EQ(Handle::Find<First>(nullptr), nullptr);
  alignas(Handle) uint64_t something[sizeof(Handle) / sizeof(uint64_t)] = {42};
  EXPECT_EQ(Handle::Find<First>(something), nullptr);
  EXPECT_EQ(Handle::Find<First>(reinterpret_cast<char*>(something) + 1), nullptr);
  Handle* const unpublished = Handle::Take();
  EXPECT_EQ(Handle::Find<First>(unpublished), nullptr);
  unpublished->GiveBack();
}

TEST(HandleTest, TellsADestroyedHandleWhileItRests) {
  Handle* const handle = Published<First>(std::make_shared<Both>());
  EXPECT_TRUE(handle->Destroy());
  EXPECT_EQ(Handle::Find<First>(handle), nullptr);
  EXPECT_EQ(Handle::Share<First>(handle), nullptr);
  EXPECT_FALSE(handle->Destroy());
  for (size_t i = 0; i < kRested; ++i) {
    Handle* const other = Published<First>(std::make_shared<Both>());
    EXPECT_NE(other, handle);
    EXPECT_TRUE(other->Destroy());
  }
  EXPECT_EQ(Handle::Find<First>(handle), nullptr);
}

TEST(HandleTest, UsesBlocksAgain) {
  std::set<Handle*> blocks;
  for (size_t i = 0; i < 10 * kRested; ++i) {
    Handle* const handle = Published<First>(std::make_shared<Both>());
    blocks.insert(handle);
    EXPECT_TRUE(handle->Destroy());
  }
  EXPECT_LE(blocks.size(), kRested + 2);
}

TEST(HandleTest, IsFoundWhileItsObjectEndsAndEndsOnce) {
  auto both = std::make_shared<Both>();
  both->ending = [](Both* object) {
    EXPECT_EQ(Handle::Find<First>(object->handle), object);
    EXPECT_FALSE(static_cast<Handle*>(object->handle)->Destroy());
  };
  Handle* const handle = Published<First>(std::move(both));
  EXPECT_TRUE(handle->Destroy());
  EXPECT_EQ(Handle::Find<First>(handle), nullptr);
}

TEST(HandleTest, SharedObjectsOutliveTheirHandles) {
  Handle* const handle = Published<First, Second>(std::make_shared<Both>());
  const std::shared_ptr<Second> shared = Handle::Share<Second>(handle);
  EXPECT_TRUE(handle->Destroy());
  EXPECT_EQ(shared->second, 2);
  EXPECT_EQ(shared.use_count(), 1);
}

}  // namespace
}  // namespace hpsocket::core
