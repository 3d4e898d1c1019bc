// The pull client as a class: its two bases, its listener's defaults, its smart pointer.
#include "hpsocket/tcp_client/tcp_pull_client.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

class Reader final : public CTcpPullClientListener {
 public:
  using CTcpPullClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }
};

static_assert(std::is_base_of_v<IPullClient, ITcpPullClient> &&
              std::is_base_of_v<ITcpClient, ITcpPullClient>);
static_assert(std::is_abstract_v<CTcpPullClientListener>);

// Spec: api §2.12
TEST(TcpPullClientTest, ConvertsBetweenItsTwoBases) {
  Reader reader;
  CTcpPullClient component(&reader);
  ITcpPullClient* const both = &component;
  IClient* const client = both;
  IPullClient* const pull = both;
  EXPECT_NE(static_cast<void*>(client), static_cast<void*>(pull)) << "or the casts prove nothing";
  EXPECT_EQ(ITcpPullClient::ToPull(client), pull);
  EXPECT_EQ(ITcpPullClient::ToClient(pull), client);
  ITcpPullClient::ToPull(client)->SetMaxPullLength(5);
  EXPECT_EQ(component.GetMaxPullLength(), 5u);
  ITcpPullClient::ToClient(pull)->SetSocketBufferSize(77);
  EXPECT_EQ(component.GetSocketBufferSize(), 77u);
}

// Spec: api §3.1
TEST(TcpPullClientTest, HasAListenerThatIgnoresTheOtherOnReceive) {
  Reader reader;
  ITcpClientListener& listener = reader;
  EXPECT_EQ(listener.OnReceive(nullptr, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(listener.OnReceive(nullptr, 5), HR_OK);
  EXPECT_EQ(listener.OnSend(nullptr, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(listener.OnPrepareConnect(nullptr, -1), HR_IGNORE);
  EXPECT_EQ(listener.OnConnect(nullptr), HR_IGNORE);
}

// Spec: §3.2, api §4, C25
TEST(TcpPullClientTest, LivesInASmartPointer) {
  Reader reader;
  {
    CTcpPullClientPtr client(&reader);
    ASSERT_TRUE(client.IsValid());
    ITcpPullClient* const plain = client;
    EXPECT_EQ(plain->GetState(), SS_STOPPED);
    CTcpPullClientPtr other;
    EXPECT_FALSE(other.IsValid());
    other.Attach(client.Detach());
    EXPECT_FALSE(client.IsValid());
    EXPECT_EQ(other.Get(), plain);
    client.Reset(TcpPullClient_Creator::Create(&reader));
    EXPECT_TRUE(client.IsValid());
  }
  CTcpPullClient without(nullptr);
  EXPECT_FALSE(without.Start("127.0.0.1", 1));
  EXPECT_EQ(without.GetLastError(), SE_INVALID_PARAM);
}

}  // namespace
}  // namespace hpsocket
