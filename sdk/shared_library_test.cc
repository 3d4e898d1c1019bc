// A program that was compiled with HPSocket.h as C++14 and has nothing of the library but libhpsocket.so.
#include <dlfcn.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <future>
#include <string>

#include "HPSocket.h"
#include "gtest/gtest.h"

namespace {

constexpr std::chrono::seconds kPatience{30};

class EchoServer : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID dwConnID, const BYTE* pData, int iLength) override {
    return server->Send(dwConnID, pData, iLength) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  USHORT port() {
    TCHAR address[64];
    int length = sizeof(address);
    USHORT port = 0;
    return server->GetListenAddress(address, length, port) ? port : USHORT{0};
  }

  CTcpServerPtr server{this};
};

// Waits until `wanted` bytes can be fetched.
class PullClient : public CTcpPullClientListener {
 public:
  using CTcpPullClientListener::OnReceive;
  explicit PullClient(size_t wanted) : answer_(wanted, '\0') {}

  EnHandleResult OnReceive(IClient* pClient, int iLength) override {
    if (iLength < static_cast<int>(answer_.size())) return HR_OK;
    BYTE* const data = reinterpret_cast<BYTE*>(&answer_[0]);
    const EnFetchResult result =
        ITcpPullClient::ToPull(pClient)->Fetch(data, static_cast<int>(answer_.size()));
    fetched_.set_value(result == FR_OK ? answer_ : "not fetched");
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }

  std::string Answer() {
    std::future<std::string> fetched = fetched_.get_future();
    return fetched.wait_for(kPatience) == std::future_status::ready ? fetched.get() : "nothing came";
  }

 private:
  std::string answer_;
  std::promise<std::string> fetched_;
};

// Spec: §3.2
TEST(SharedLibraryTest, EchoesThroughTheSharedLibrary) {
  EchoServer echo;
  ASSERT_TRUE(echo.server.IsValid());
  ASSERT_TRUE(echo.server->Start("127.0.0.1", 0)) << echo.server->GetLastErrorDesc();

  const std::string question = "through one door and back";
  PullClient puller(question.size());
  CTcpPullClientPtr client(&puller);
  ASSERT_TRUE(client->Start("127.0.0.1", echo.port())) << client->GetLastErrorDesc();
  ASSERT_TRUE(
      client->Send(reinterpret_cast<const BYTE*>(question.data()), static_cast<int>(question.size())));
  EXPECT_EQ(puller.Answer(), question);
  EXPECT_TRUE(client->Stop());
  EXPECT_TRUE(echo.server->Stop());
}

// Spec: §3.2, api §4
TEST(SharedLibraryTest, FactoriesMakeAndDestroyWhatTheyName) {
  EchoServer server_listener;
  PullClient client_listener(1);
  ITcpPullServer* const server = HP_Create_TcpPullServer(&server_listener);
  ITcpClient* const client = HP_Create_TcpClient(&client_listener);
  ASSERT_NE(server, nullptr);
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_FALSE(client->Send(reinterpret_cast<const BYTE*>("x"), 1));
  EXPECT_EQ(SYS_GetLastError(), static_cast<DWORD>(ERROR_INVALID_STATE));
  EXPECT_STREQ(HP_GetSocketErrorDesc(client->GetLastError()), "Illegal State");
  HP_Destroy_TcpPullServer(server);
  HP_Destroy_TcpClient(client);
  HP_Destroy_TcpAgent(nullptr);
}

// Where the program's calls of a function go.
std::string OwnerOf(const char* function) {
  void* const address = dlsym(RTLD_DEFAULT, function);
  Dl_info info;
  if (address == nullptr || dladdr(address, &info) == 0 || info.dli_fname == nullptr) return "nobody";
  return info.dli_fname;
}

// Spec: decisions 7.1
TEST(SharedLibraryTest, MemoryFunctionsStayTheProgramsOwn) {
  ASSERT_NE(OwnerOf("HP_Create_TcpServer").find("hpsocket"), std::string::npos);
  const bool wide = sizeof(size_t) == 8;  // operator new's names have its type in them
  for (const char* function :
       {"malloc", "calloc", "realloc", "free", "posix_memalign", "aligned_alloc", "memalign",
        "malloc_usable_size", "strdup", wide ? "_Znwm" : "_Znwj", wide ? "_Znam" : "_Znaj", "_ZdlPv",
        "_ZdaPv", wide ? "_ZnwmSt11align_val_t" : "_ZnwjSt11align_val_t"}) {
    const std::string owner = OwnerOf(function);
    EXPECT_NE(owner, "nobody") << function;
    EXPECT_EQ(owner.find("hpsocket"), std::string::npos) << function << " is in " << owner;
  }
}

}  // namespace
