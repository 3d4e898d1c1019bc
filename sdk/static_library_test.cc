// A program that has nothing of the library but libhpsocket.a, which has the implementation classes, too.
#include <cstdint>
#include <cstring>
#include <future>
#include <string>

#include "HPSocket.h"
#include "gtest/gtest.h"

namespace {

class Echo : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID id, const BYTE* data, int length) override {
    return server.Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  CTcpServer server{this};
};

class Asker : public CTcpAgentListener {
 public:
  using CTcpAgentListener::OnReceive;
  EnHandleResult OnReceive(CONNID, const BYTE* data, int length) override {
    answer_.append(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    if (answer_.size() == 6) answered.set_value(answer_);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  std::promise<std::string> answered;

 private:
  std::string answer_;

 public:
  CTcpAgent agent{this};  // last: it is gone, and with it every event, before the rest is
};

// Spec: §3.1
TEST(StaticLibraryTest, ImplementationClassesEcho) {
  Echo echo;
  ASSERT_TRUE(echo.server.Start("127.0.0.1", 0)) << echo.server.GetLastErrorDesc();
  TCHAR address[64];
  int length = sizeof(address);
  USHORT port = 0;
  ASSERT_TRUE(echo.server.GetListenAddress(address, length, port));

  Asker asker;
  ASSERT_TRUE(asker.agent.Start()) << asker.agent.GetLastErrorDesc();
  CONNID id = 0;
  ASSERT_TRUE(asker.agent.Connect(address, port, &id)) << strerror(errno);
  ASSERT_TRUE(asker.agent.Send(id, reinterpret_cast<const BYTE*>("static"), 6));
  std::future<std::string> answered = asker.answered.get_future();
  ASSERT_EQ(answered.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(answered.get(), "static");
  EXPECT_TRUE(asker.agent.Stop());
  EXPECT_TRUE(echo.server.Stop());
}

}  // namespace
