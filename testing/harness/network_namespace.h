// Internal to testing.
//
// Gives a test program a network of its own: only loopback, nobody else's ports.
//
// Threads:  before any thread is started.
#ifndef HPSOCKET_TESTING_HARNESS_NETWORK_NAMESPACE_H_
#define HPSOCKET_TESTING_HARNESS_NETWORK_NAMESPACE_H_

#include <string>

namespace hpsocket::harness {

// Makes sure that loopback is the only interface and is up, in a new network namespace if need be.
// Empty on success, else why not.
std::string EnterOwnNetwork();

// Whether HPSOCKET_REQUIRE_NETNS asks for an error instead of skipped tests.
bool OwnNetworkRequired();

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_NETWORK_NAMESPACE_H_
