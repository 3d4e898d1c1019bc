// The pull agent as a class: its two bases, its listener's defaults, its smart pointer.
#include "hpsocket/tcp_agent/tcp_pull_agent.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

class Reader final : public CTcpPullAgentListener {
 public:
  using CTcpPullAgentListener::OnReceive;
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
};

static_assert(std::is_base_of_v<IPullSocket, ITcpPullAgent> && std::is_base_of_v<ITcpAgent, ITcpPullAgent>);
static_assert(std::is_abstract_v<CTcpPullAgentListener>);

// Spec: api §2.12
TEST(TcpPullAgentTest, ConvertsBetweenItsTwoBases) {
  Reader reader;
  CTcpPullAgent component(&reader);
  ITcpPullAgent* const both = &component;
  IAgent* const agent = both;
  IPullSocket* const pull = both;
  EXPECT_NE(static_cast<void*>(agent), static_cast<void*>(pull)) << "or the casts prove nothing";
  EXPECT_EQ(ITcpPullAgent::ToPull(agent), pull);
  EXPECT_EQ(ITcpPullAgent::ToAgent(pull), agent);
  ITcpPullAgent::ToPull(agent)->SetMaxPullLength(5);
  EXPECT_EQ(component.GetMaxPullLength(), 5u);
  ITcpPullAgent::ToAgent(pull)->SetSocketBufferSize(77);
  EXPECT_EQ(component.GetSocketBufferSize(), 77u);
}

// Spec: api §3.1
TEST(TcpPullAgentTest, HasAListenerThatIgnoresTheOtherOnReceive) {
  Reader reader;
  ITcpAgentListener& listener = reader;
  EXPECT_EQ(listener.OnReceive(1, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(listener.OnReceive(1, 5), HR_OK);
  EXPECT_EQ(listener.OnSend(1, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(listener.OnPrepareConnect(1, -1), HR_IGNORE);
  EXPECT_EQ(listener.OnConnect(1), HR_IGNORE);
}

// Spec: §3.2, api §4, C25
TEST(TcpPullAgentTest, LivesInASmartPointer) {
  Reader reader;
  {
    CTcpPullAgentPtr agent(&reader);
    ASSERT_TRUE(agent.IsValid());
    ITcpPullAgent* const plain = agent;
    EXPECT_EQ(plain->GetState(), SS_STOPPED);
    CTcpPullAgentPtr other;
    EXPECT_FALSE(other.IsValid());
    other.Attach(agent.Detach());
    EXPECT_FALSE(agent.IsValid());
    EXPECT_EQ(other.Get(), plain);
    agent.Reset(TcpPullAgent_Creator::Create(&reader));
    EXPECT_TRUE(agent.IsValid());
  }
  CTcpPullAgent without(nullptr);
  EXPECT_FALSE(without.Start());
  EXPECT_EQ(without.GetLastError(), SE_INVALID_PARAM);
}

}  // namespace
}  // namespace hpsocket
