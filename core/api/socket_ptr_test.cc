#include "hpsocket/core/api/socket_ptr.h"

#include <memory>
#include <type_traits>

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

struct Component;

struct Listener {
  int created = 0;
  int destroyed = 0;
  const void* seen_while_destroyed = nullptr;
  struct Holder* holder = nullptr;
};

struct Component {
  explicit Component(Listener* owner) : listener(owner) {}
  int Id() const { return 7; }
  Listener* listener;
};

struct Creator {
  static Component* Create(Listener* listener) {
    ++listener->created;
    return std::make_unique<Component>(listener).release();
  }
  static void Destroy(Component* component);
};

using Ptr = CHPSocketPtr<Component, Listener, Creator>;

struct Holder {
  Ptr ptr;
};

void Creator::Destroy(Component* component) {
  Listener* const listener = component->listener;
  ++listener->destroyed;
  // As a listener that uses the pointer in its last events.
  if (listener->holder != nullptr) listener->seen_while_destroyed = listener->holder->ptr.Get();
  std::unique_ptr<Component> owned(component);
}

static_assert(!std::is_copy_constructible<Ptr>::value && !std::is_copy_assignable<Ptr>::value, "");
static_assert(std::is_convertible<Ptr, Component*>::value, "");
static_assert(std::is_same<decltype(std::declval<const Ptr&>().IsValid()), bool>::value, "");

// Spec: C25
TEST(SocketPtrTest, CreatesOnlyWithAListener) {
  const Ptr empty;
  EXPECT_FALSE(empty.IsValid());
  EXPECT_EQ(empty.Get(), nullptr);

  Listener listener;
  {
    const Ptr full(&listener);
    EXPECT_TRUE(full.IsValid());
    EXPECT_EQ(full->Id(), 7);
    EXPECT_EQ(listener.created, 1);
    EXPECT_EQ(listener.destroyed, 0);
  }
  EXPECT_EQ(listener.destroyed, 1);
}

// Spec: C25
TEST(SocketPtrTest, ConvertsToThePlainPointer) {
  Listener listener;
  const Ptr ptr(&listener);
  Component* const plain = ptr;
  EXPECT_EQ(plain, ptr.Get());
  EXPECT_EQ((*ptr).Id(), 7);
  EXPECT_TRUE(ptr != nullptr);
}

// Spec: C25
TEST(SocketPtrTest, ResetDestroysTheOldOneOnce) {
  Listener listener;
  Ptr ptr(&listener);
  Component* const second = Creator::Create(&listener);
  EXPECT_EQ(&ptr.Reset(second), &ptr);
  EXPECT_EQ(listener.destroyed, 1);
  ptr.Reset(second);
  EXPECT_EQ(listener.destroyed, 1) << "the same object";
  ptr.Reset();
  EXPECT_EQ(listener.destroyed, 2);
  EXPECT_FALSE(ptr.IsValid());
  ptr.Reset();
  EXPECT_EQ(listener.destroyed, 2);
}

// Spec: C25
TEST(SocketPtrTest, AttachAndAssignmentTakeOwnership) {
  Listener listener;
  Ptr ptr;
  EXPECT_EQ(&ptr.Attach(Creator::Create(&listener)), &ptr);
  ptr = Creator::Create(&listener);
  EXPECT_EQ(listener.destroyed, 1);
  ptr = nullptr;
  EXPECT_EQ(listener.destroyed, 2);
  EXPECT_FALSE(ptr.IsValid());
}

// Spec: C25
TEST(SocketPtrTest, DetachGivesItUp) {
  Listener listener;
  Component* plain = nullptr;
  {
    Ptr ptr(&listener);
    plain = ptr.Detach();
    EXPECT_FALSE(ptr.IsValid());
    EXPECT_EQ(ptr.Detach(), nullptr);
  }
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(listener.destroyed, 0);
  Creator::Destroy(plain);
}

TEST(SocketPtrTest, PointsToTheComponentWhileItIsDestroyed) {
  Listener listener;
  Holder holder;
  listener.holder = &holder;
  holder.ptr.Attach(Creator::Create(&listener));
  const void* const component = holder.ptr.Get();
  holder.ptr.Reset();
  EXPECT_EQ(listener.seen_while_destroyed, component);
}

}  // namespace
}  // namespace hpsocket
