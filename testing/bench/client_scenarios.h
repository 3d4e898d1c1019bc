// Internal to testing/bench. Tests only.
//
// The scenarios in which clients compete, against one bare echo server, and what our agent is to reach.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_CLIENT_SCENARIOS_H_
#define HPSOCKET_TESTING_BENCH_CLIENT_SCENARIOS_H_

#include <vector>

#include "hpsocket/testing/bench/scenario.h"

namespace hpsocket::bench {

// `scale`: as EchoScenarios.
std::vector<Scenario> ClientScenarios(unsigned scale);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_CLIENT_SCENARIOS_H_
