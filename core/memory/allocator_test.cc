// What a program that links us may rely on: its malloc and operator new stay its own, while our memory
// is mimalloc's. The symbols are looked at as the dynamic linker sees them, the memory as mimalloc does.

#include "gtest/gtest.h"
#include "hpsocket/core/memory/private_heap.h"
#include "hpsocket/core/memory/shared_pool.h"

#ifdef HPSOCKET_ALLOCATOR_SYSTEM

TEST(AllocatorTest, IsAboutMimallocOnly) { GTEST_SKIP() << "built with --//core/memory:allocator=system"; }

#else

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "mimalloc.h"

namespace hpsocket::core {
namespace {

// File name of the object that `symbol` resolves into for the whole program; empty if there is none.
std::string HomeOf(const char* symbol) {
  void* address = dlsym(RTLD_DEFAULT, symbol);
  Dl_info info{};
  if (address == nullptr || dladdr(address, &info) == 0 || info.dli_fname == nullptr) return "";
  const std::string path = info.dli_fname;
  return path.substr(path.rfind('/') + 1);
}

class AllocatorTest : public testing::Test {
 protected:
  // Both allocators are in use before anything is looked at.
  AllocatorTest() : from_heap_(heap_.Allocate(100)), from_pool_(pool_.Allocate(100)) {}
  ~AllocatorTest() override {
    heap_.Free(from_heap_, 100);
    pool_.Free(from_pool_, 100);
  }

  PrivateHeap heap_;
  SharedPool pool_;
  void* const from_heap_;
  void* const from_pool_;
};

TEST_F(AllocatorTest, OursComesFromMimalloc) {
  if (sizeof(void*) == 4) {
    // Its map of regions ends at 2 GiB there, while memory comes from above; so this thread's heap is asked.
    EXPECT_TRUE(mi_check_owned(from_pool_));
    return;
  }
  EXPECT_TRUE(mi_is_in_heap_region(from_heap_));
  EXPECT_TRUE(mi_is_in_heap_region(from_pool_));
}

TEST_F(AllocatorTest, OursComesFromMallocWhereAskedFor) {
  PrivateHeap heap(PrivateHeap::Backing::kSystem);
  SharedPool pool(SharedPool::Backing::kSystem);
  void* from_heap = heap.Allocate(100);
  void* from_pool = pool.Allocate(100);
  EXPECT_FALSE(mi_is_in_heap_region(from_heap));
  EXPECT_FALSE(mi_is_in_heap_region(from_pool));
  heap.Free(from_heap, 100);
  pool.Free(from_pool, 100);
}

TEST_F(AllocatorTest, TheMallocFamilyIsStillLibcs) {
  for (const char* symbol : {"malloc", "calloc", "realloc", "free", "posix_memalign", "aligned_alloc"}) {
    EXPECT_EQ(HomeOf(symbol).rfind("libc.", 0), 0u) << symbol << " is in " << HomeOf(symbol);
  }
  void* aligned = nullptr;
  ASSERT_EQ(posix_memalign(&aligned, 64, 100), 0);
  char* text = strdup("made inside libc");
  for (void* p : {std::malloc(1), std::malloc(100), std::malloc(100'000), std::calloc(3, 7), aligned,
                  static_cast<void*>(text)}) {
    EXPECT_NE(p, nullptr);
    EXPECT_FALSE(mi_is_in_heap_region(p));
    std::free(p);
  }
}

TEST_F(AllocatorTest, OperatorNewIsStillLibstdcxxs) {
  const char* operator_new = sizeof(size_t) == 8 ? "_Znwm" : "_Znwj";
  for (const char* symbol : {operator_new, "_ZdlPv"}) {
    EXPECT_EQ(HomeOf(symbol).rfind("libstdc++.", 0), 0u) << symbol << " is in " << HomeOf(symbol);
  }
  void* plain = ::operator new(100);
  void* aligned = ::operator new (100, std::align_val_t{64});
  EXPECT_FALSE(mi_is_in_heap_region(plain));
  EXPECT_FALSE(mi_is_in_heap_region(aligned));
  ::operator delete(plain);
  ::operator delete (aligned, std::align_val_t{64});

  const std::vector<int> numbers(1000);
  const std::string text(1000, 'x');
  EXPECT_FALSE(mi_is_in_heap_region(numbers.data()));
  EXPECT_FALSE(mi_is_in_heap_region(text.data()));
}

// Names that would take over an application's own mimalloc, or be taken over by it.
TEST_F(AllocatorTest, NoMimallocSymbolIsOffered) {
  for (const char* symbol : {"mi_malloc", "mi_free", "mi_heap_new", "mi_heap_malloc"}) {
    EXPECT_EQ(dlsym(RTLD_DEFAULT, symbol), nullptr) << symbol;
  }
}

}  // namespace
}  // namespace hpsocket::core

#endif  // HPSOCKET_ALLOCATOR_SYSTEM
