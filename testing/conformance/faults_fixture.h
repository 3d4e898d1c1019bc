// Internal to testing.
//
// What the suites share that tell of faults: peers that vanish, and long streams whose every byte is looked
// at.
//
// Threads:  the test's thread; Continues() any.
#ifndef HPSOCKET_TESTING_CONFORMANCE_FAULTS_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_FAULTS_FIXTURE_H_

#include <cstddef>
#include <cstring>
#include <string_view>

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/network_namespace.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::conformance {

// Whether it has vanished. Where no peer can, the test counts as skipped, or has failed if
// HPSOCKET_REQUIRE_NETNS says that nothing may be left out.
inline bool Vanishes(harness::Peer& peer) {
  constexpr char kWhy[] = "peers cannot vanish here";
  if (peer.Vanish()) return true;
  if (harness::OwnNetworkRequired()) {
    ADD_FAILURE() << kWhy;
  } else {
    [&kWhy] { GTEST_SKIP() << kWhy; }();
  }
  return false;
}

// Whether `bytes` are what follows the first `taken` bytes of a stream that is `piece` again and again.
inline bool Continues(std::string_view bytes, std::string_view piece, size_t taken) {
  while (!bytes.empty()) {
    const std::string_view expected = piece.substr(taken % piece.size(), bytes.size());
    if (std::memcmp(bytes.data(), expected.data(), expected.size()) != 0) return false;
    bytes.remove_prefix(expected.size());
    taken += expected.size();
  }
  return true;
}

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_FAULTS_FIXTURE_H_
