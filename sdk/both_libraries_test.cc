// A program that includes both headers, links both libraries and has one core.
#include <atomic>
#include <chrono>
#include <future>
#include <string>

#include "HPSocket.h"
#include "HPSocket4C.h"
#include "gtest/gtest.h"

namespace {

class Echo : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID dwConnID, const BYTE* pData, int iLength) override {
    id = dwConnID;
    return server->Send(dwConnID, pData, iLength) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HP_HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  std::atomic<CONNID> id{0};
  CTcpServerPtr server{this};
};

std::promise<std::string>& Answer() {
  static std::promise<std::string>& answer = *new std::promise<std::string>;
  return answer;
}

HP_Client& Client() {
  static HP_Client client = nullptr;
  return client;
}

En_HP_HandleResult OnReceive(HP_Client client, const BYTE* data, int length) {
  EXPECT_EQ(client, Client());
  Answer().set_value(std::string(reinterpret_cast<const char*>(data), static_cast<size_t>(length)));
  return HP_HR_OK;
}

// Spec: decisions 1.3, 1.4, C24
TEST(BothLibrariesTest, ClientOfOneTalksToServerOfTheOtherWithIdsOfOneCounter) {
  Echo echo;
  ASSERT_TRUE(echo.server->Start("127.0.0.1", 0));
  TCHAR address[64];
  int length = sizeof(address);
  USHORT port = 0;
  ASSERT_TRUE(echo.server->GetListenAddress(address, length, port));

  const HP_TcpClientListener listener = Create_HP_TcpClientListener();
  HP_Set_FN_Client_OnReceive(listener, OnReceive);
  const HP_TcpClient client = Client() = Create_HP_TcpClient(listener);
  ASSERT_TRUE(HP_Client_Start(client, address, port, FALSE));
  ASSERT_TRUE(HP_Client_Send(client, reinterpret_cast<const BYTE*>("x"), 1));
  std::future<std::string> answer = Answer().get_future();
  ASSERT_EQ(answer.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(answer.get(), "x");
  EXPECT_NE(HP_Client_GetConnectionID(client), 0u);
  EXPECT_NE(echo.id.load(), 0u);
  EXPECT_NE(HP_Client_GetConnectionID(client), echo.id.load());
  Destroy_HP_TcpClient(client);
  Destroy_HP_TcpClientListener(listener);
}

// Spec: decisions 1.3
TEST(BothLibrariesTest, WordsOfBothHeadersAreTheSame) {
  const EnServiceState state = HP_SS_STOPED;
  EXPECT_EQ(state, SS_STOPPED);
  const En_HP_SocketError error = SE_NETWORK;
  EXPECT_STREQ(HP_GetSocketErrorDesc(error), "Network Error");
  HP_Stats stats;
  EXPECT_EQ(stats.size, sizeof(hpsocket::HP_Stats));
  EXPECT_EQ(HP_GetHPSocketVersion() >> 24, 1u);
}

}  // namespace
