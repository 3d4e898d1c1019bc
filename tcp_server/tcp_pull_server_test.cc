// The pull server as a class: its two bases, its listener's defaults, its smart pointer.
#include "hpsocket/tcp_server/tcp_pull_server.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

class Reader final : public CTcpPullServerListener {
 public:
  using CTcpPullServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
};

static_assert(std::is_base_of_v<IPullSocket, ITcpPullServer> &&
              std::is_base_of_v<ITcpServer, ITcpPullServer>);
static_assert(std::is_abstract_v<CTcpPullServerListener>);

// Spec: api §2.12
TEST(TcpPullServerTest, ConvertsBetweenItsTwoBases) {
  Reader reader;
  CTcpPullServer component(&reader);
  ITcpPullServer* const both = &component;
  IServer* const server = both;
  IPullSocket* const pull = both;
  EXPECT_NE(static_cast<void*>(server), static_cast<void*>(pull)) << "or the casts prove nothing";
  EXPECT_EQ(ITcpPullServer::ToPull(server), pull);
  EXPECT_EQ(ITcpPullServer::ToServer(pull), server);
  ITcpPullServer::ToPull(server)->SetMaxPullLength(5);
  EXPECT_EQ(component.GetMaxPullLength(), 5u);
  ITcpPullServer::ToServer(pull)->SetSocketBufferSize(77);
  EXPECT_EQ(component.GetSocketBufferSize(), 77u);
}

// Spec: api §3.1
TEST(TcpPullServerTest, HasAListenerThatIgnoresTheOtherOnReceive) {
  Reader reader;
  ITcpServerListener& listener = reader;
  EXPECT_EQ(listener.OnReceive(1, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(listener.OnReceive(1, 5), HR_OK);
  EXPECT_EQ(listener.OnSend(1, nullptr, 0), HR_IGNORE);
  EXPECT_EQ(listener.OnAccept(1, -1), HR_IGNORE);
  EXPECT_EQ(listener.OnPrepareListen(-1), HR_IGNORE);
}

// Spec: §3.2, api §4, C25
TEST(TcpPullServerTest, LivesInASmartPointer) {
  Reader reader;
  {
    CTcpPullServerPtr server(&reader);
    ASSERT_TRUE(server.IsValid());
    ITcpPullServer* const plain = server;
    EXPECT_EQ(plain->GetState(), SS_STOPPED);
    CTcpPullServerPtr other;
    EXPECT_FALSE(other.IsValid());
    other.Attach(server.Detach());
    EXPECT_FALSE(server.IsValid());
    EXPECT_EQ(other.Get(), plain);
    server.Reset(TcpPullServer_Creator::Create(&reader));
    EXPECT_TRUE(server.IsValid());
  }
  CTcpPullServer without(nullptr);
  EXPECT_FALSE(without.Start("127.0.0.1", 0));
  EXPECT_EQ(without.GetLastError(), SE_INVALID_PARAM);
}

}  // namespace
}  // namespace hpsocket
