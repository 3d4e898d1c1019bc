#include "hpsocket/testing/bench/servers/cost_counters.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "hpsocket/testing/bench/servers/cost_hooks.h"

namespace hpsocket::bench {
namespace {

constexpr uintptr_t kLineBits = 6;
constexpr size_t kCallers = 5;
constexpr size_t kSlots = size_t{1} << 20;  // per thread
constexpr size_t kThreads = 64;
constexpr uintptr_t kLargestFrame = 1 << 16;

using Callers = std::array<uintptr_t, kCallers>;

struct Slot {
  uint64_t key = 0;  // 0: free
  uint64_t count = 0;
  uintptr_t line = 0;
  Callers callers{};
  Cost cost = Cost::kRead;
};

std::atomic<bool> counting{false};
std::atomic<size_t> threads{0};
std::array<Slot*, kThreads> tables{};
thread_local Slot* own_table = nullptr;
thread_local bool busy = false;

void Abandon(const char* why) {
  __builtin_printf("error counter build: %s\n", why);
  std::_Exit(1);
}

Slot* OwnTable() {
  if (own_table != nullptr) return own_table;
  void* const memory =
      mmap(nullptr, kSlots * sizeof(Slot), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const size_t index = threads.fetch_add(1);
  if (memory == MAP_FAILED || index >= kThreads) Abandon("too many threads, or no memory");
  own_table = static_cast<Slot*>(memory);
  tables[index] = own_table;
  return own_table;
}

// By frame pointers, which the build keeps. A caller without them ends the chain or sends it astray, within
// the stack.
Callers CallersFrom(const void* frame) {
  Callers callers{};
  auto at = reinterpret_cast<uintptr_t>(frame);
  for (uintptr_t& caller : callers) {
    const auto* const words = reinterpret_cast<const uintptr_t*>(at);
    caller = words[1];
    const uintptr_t next = words[0];
    if (next <= at || next - at > kLargestFrame || next % alignof(uintptr_t) != 0) break;
    at = next;
  }
  return callers;
}

uint64_t KeyOf(Cost cost, uintptr_t line, const Callers& callers) {
  uint64_t key = (line << 3 | static_cast<uint64_t>(cost)) * 0x9e3779b97f4a7c15;
  for (const uintptr_t caller : callers) key = (key ^ key >> 29 ^ caller) * 0xbf58476d1ce4e5b9;
  return key | 1;
}

void AddTo(Slot* table, Cost cost, uintptr_t line, const Callers& callers) {
  const uint64_t key = KeyOf(cost, line, callers);
  for (size_t i = 0; i < kSlots; ++i) {
    Slot& slot = table[((key >> 20 ^ key) + i) & (kSlots - 1)];
    if (slot.key == key) {
      ++slot.count;
      return;
    }
    if (slot.key != 0) continue;
    slot = {key, 1, line, callers, cost};
    return;
  }
  Abandon("a table is full");
}

std::string NameOf(uintptr_t address) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(address - 1), &info) == 0 || info.dli_sname == nullptr) return "?";
  int status = 0;
  char* const demangled = abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status);
  std::string name = status == 0 ? demangled : info.dli_sname;
  std::free(demangled);
  name = absl::StrReplaceAll(name, {{"(anonymous namespace)::", ""},
                                    {"hpsocket::core::", ""},
                                    {"hpsocket::bench::", ""},
                                    {" ", ""},
                                    {"=", ""}});
  return name.substr(0, name.find('('));
}

// Functions that only pass on what their callers want.
bool IsMiddleman(const std::string& name) {
  for (const char* const part : {"std::", "__gnu", "SmallMutex", "LockGuard", "Mutex::", "operator",
                                 "PoolAllocate", "HeapAllocate", "PrivateHeap::", "SharedPool::", "__wrap"}) {
    if (absl::StartsWith(name, part)) return true;
  }
  return name == "?";
}

std::string SiteOf(const Callers& callers) {
  std::string last = "?";
  for (const uintptr_t caller : callers) {
    if (caller == 0) break;
    last = NameOf(caller);
    if (!IsMiddleman(last)) break;
  }
  return last;
}

bool IsSmallLock(const Slot& slot) {
  return slot.cost == Cost::kReadModifyWrite && NameOf(slot.callers[0]) == "SmallMutex::lock";
}

// Calls `look(thread, slot)` for all that was counted.
template <class Look>
void ForEach(const Look& look) {
  for (size_t thread = 0; thread < threads.load(); ++thread) {
    for (size_t i = 0; i < kSlots; ++i) {
      if (tables[thread][i].key != 0) look(thread, tables[thread][i]);
    }
  }
}

std::set<uintptr_t> SharedLines() {
  std::map<uintptr_t, size_t> first_of_line;
  std::set<uintptr_t> shared;
  ForEach([&](size_t thread, const Slot& slot) {
    if (slot.line == 0) return;
    const auto [first, is_new] = first_of_line.emplace(slot.line, thread);
    if (!is_new && first->second != thread) shared.insert(slot.line);
  });
  return shared;
}

std::string Report() {
  const std::set<uintptr_t> shared = SharedLines();
  std::map<std::string, uint64_t> counts;
  ForEach([&](size_t, const Slot& slot) {
    if (slot.cost == Cost::kRead) return;
    const std::string site = SiteOf(slot.callers);
    if (slot.cost == Cost::kAllocation) counts["allocation@" + site] += slot.count;
    if (slot.cost == Cost::kLock || IsSmallLock(slot)) counts["lock@" + site] += slot.count;
    if (slot.cost == Cost::kReadModifyWrite) counts["rmw@" + site] += slot.count;
    if (shared.count(slot.line) > 0) counts["shared@" + site] += slot.count;
  });
  std::string report;
  for (const auto& [name, count] : counts) absl::StrAppend(&report, " ", name, "=", count);
  return report;
}

}  // namespace

void Count(Cost cost, const void* address, const void* frame) {
  if (!counting.load(std::memory_order_relaxed) || busy) return;
  busy = true;
  const uintptr_t line = reinterpret_cast<uintptr_t>(address) >> kLineBits;
  AddTo(OwnTable(), cost, line, cost == Cost::kRead ? Callers{} : CallersFrom(frame));
  busy = false;
}

std::string CostsSinceLast() {
  counting = false;
  std::string report = Report();
  ForEach([](size_t, Slot& slot) { slot = {}; });
  counting = true;
  return report;
}

}  // namespace hpsocket::bench
