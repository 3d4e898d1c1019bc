// Public.
//
// The rest of a conformance program's main(), after it has registered what is to be tested.
//
// Threads:  the main thread.
#ifndef HPSOCKET_TESTING_HARNESS_CONFORMANCE_MAIN_H_
#define HPSOCKET_TESTING_HARNESS_CONFORMANCE_MAIN_H_

#include <string>

namespace hpsocket::harness {

// Reads the variant, enters a network of its own, and runs every linked suite on every registered
// subject. The program's exit code.
int RunConformance(int argc, char** argv);

// Why no test can run here; empty when they can. Fixtures skip with it.
const std::string& SkipReason();

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_CONFORMANCE_MAIN_H_
