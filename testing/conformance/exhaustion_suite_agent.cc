// Conformance: an agent in a process that runs out of descriptors.
#include <cerrno>
#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/harness/descriptor_shortage.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::DescriptorShortage;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;

class TcpAgentExhaustion : public AgentTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentExhaustion);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentExhaustion, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// Whoever is connected is served meanwhile; the next connect works as soon as there is a descriptor.
// Spec: fault 8, fault 9, fault 18, decisions 5.13, api §6.10
TEST_P(TcpAgentExhaustion, SaysThatItLacksDescriptorsToConnectAndGoesOn) {
  if (NeedsKernel("takes the process's descriptors")) return;
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = EchoAgent(async);
    const Link before = agent.Connect();
    ASSERT_TRUE(agent.ConnectTo("localhost", listener.port())) << "the resolver has been used";
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 2));
    std::unique_ptr<Peer> named = listener.Accept();
    for (const char* const address : {"127.0.0.1", "localhost"}) {
      bool connected = false;
      bool failed = false;
      int spare = 0;
      for (int attempt = 0; attempt < 64 && !connected; ++attempt) {
        SCOPED_TRACE(std::string(address) + (async ? ", asynchronous, " : ", ") + std::to_string(spare) +
                     " descriptors");
        DescriptorShortage shortage;
        shortage.Begin(spare);
        CONNID id = 0;
        int error = 0;
        errno = 0;
        if (agent.ConnectTo(address, listener.port(), &id)) {
          ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) {
            return log.Count(EventKind::kConnect, id) + log.CountEnds(id) > 0;
          }));
          const EventLog log = agent.events().log();
          if (const Event* const end = log.First(EventKind::kError, id)) error = end->error;
          EXPECT_TRUE(error == 0 || async);
        } else {
          error = errno;
          EXPECT_NE(error, 0);
        }
        // A ring may close a socket late: one that came back is spare before anything has failed.
        connected = error == 0 && failed;
        if (error != 0) {
          failed = true;
          ++spare;
          // A name cannot be looked up without a descriptor either.
          EXPECT_TRUE(error == EMFILE || error == EADDRNOTAVAIL) << error;
        }
        EXPECT_TRUE(agent.Echoes(before, "served all the while"));
        shortage.End();
        while (listener.Accept(Deadline::In(std::chrono::milliseconds(0))) != nullptr) {
        }
      }
      EXPECT_TRUE(connected);
      EXPECT_TRUE(failed);
    }
    EXPECT_EQ(agent->GetState(), SS_STARTED);
    EXPECT_EQ(agent->GetLastError(), SE_OK);
    ASSERT_TRUE(agent->Stop());
  }
}

}  // namespace
}  // namespace hpsocket::conformance
