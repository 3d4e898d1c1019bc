// Internal to testing/bench. Tests only.
//
// The UDP scenarios and what our server is to reach in them.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_DATAGRAM_SCENARIOS_H_
#define HPSOCKET_TESTING_BENCH_DATAGRAM_SCENARIOS_H_

#include <vector>

#include "hpsocket/testing/bench/scenario.h"

namespace hpsocket::bench {

std::vector<Scenario> DatagramScenarios();

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_DATAGRAM_SCENARIOS_H_
