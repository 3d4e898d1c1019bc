// Internal to testing.
//
// What suites need that have a second host, joined to the test's by a wire (harness/second_host.h).
//
// Threads:  the test's thread, unless a method says otherwise.
#ifndef HPSOCKET_TESTING_CONFORMANCE_TWO_HOST_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_TWO_HOST_FIXTURE_H_

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/datagram_peer.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/network_namespace.h"
#include "hpsocket/testing/harness/raw_datagram_peer.h"
#include "hpsocket/testing/harness/second_host.h"

namespace hpsocket::conformance {

inline constexpr char kHere[] = "10.99.0.1";
inline constexpr char kThere[] = "10.99.0.2";

// A suite's base over a component's: skips where no test can run, or no second host is to be had.
template <class Base>
class WithSecondHost : public Base {
 protected:
  void SetUp() override {
    Base::SetUp();
    if (::testing::Test::IsSkipped() || harness::NeedsKernel("has a second host")) return;
    std::string why;
    host_ = harness::SecondHost::Make(&why);
    if (host_ != nullptr) return;
    if (harness::OwnNetworkRequired()) FAIL() << why;
    GTEST_SKIP() << "no second host: " << why;
  }

  harness::SecondHost& host() { return *host_; }

 private:
  std::unique_ptr<harness::SecondHost> host_;
};

template <class Factory>
class TwoHostTest : public WithSecondHost<UdpTest<Factory>> {
 protected:
  // A peer there.
  std::unique_ptr<harness::DatagramPeer> PeerThere() {
    std::unique_ptr<harness::DatagramPeer> peer;
    this->host().Run([&peer] { peer = harness::RawDatagramPeer::Bind(kThere); });
    return peer;
  }
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_TWO_HOST_FIXTURE_H_
