// Internal to core.
//
// For tests only.
// Replaces the program's operator new, so that a test can make each allocation of a scenario fail once:
// what AllocationFault does for the library's own pools, this does for everything else.
//
// Threads:  any; which thread's allocation fails is decided by the order in which they ask.
#ifndef HPSOCKET_CORE_MEMORY_FAILING_NEW_H_
#define HPSOCKET_CORE_MEMORY_FAILING_NEW_H_

#include <cstdint>

namespace hpsocket::core {

// Of the calls of operator new from now on, `skip` succeed, the next one fails, the rest succeed.
void FailOneNewForTest(int64_t skip);
// None fails any more. Whether one has since FailOneNewForTest().
bool EndFailingNewForTest();

// Memory that operator new has given and nobody has given back.
int64_t LiveNewsForTest();

// While one lives, what its thread allocates is the test's own and does not fail.
class TestsOwnNew {
 public:
  TestsOwnNew();
  TestsOwnNew(const TestsOwnNew&) = delete;
  TestsOwnNew& operator=(const TestsOwnNew&) = delete;
  ~TestsOwnNew();
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_FAILING_NEW_H_
