// What HP-Socket's guide describes, as programs: each is written as an application of before would be.
#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "HPSocket.h"
#include "gtest/gtest.h"

namespace {

constexpr std::chrono::seconds kPatience{30};

// What a callback is waited for to say.
template <class T>
T Said(std::promise<T>& promise) {
  std::future<T> future = promise.get_future();
  return future.wait_for(kPatience) == std::future_status::ready ? future.get() : T();
}

const BYTE* Bytes(const std::string& text) { return reinterpret_cast<const BYTE*>(text.data()); }
int Length(const std::string& text) { return static_cast<int>(text.size()); }

// An echo server with a smart pointer, as in TestEcho.
class CEchoServer : public CTcpServerListener {
 public:
  CEchoServer() : m_Server(this) {}

  BOOL Start() { return m_Server->Start("127.0.0.1", 0); }
  USHORT GetPort() {
    TCHAR szAddress[50];
    int iAddressLen = sizeof(szAddress) / sizeof(TCHAR);
    USHORT usPort = 0;
    m_Server->GetListenAddress(szAddress, iAddressLen, usPort);
    return usPort;
  }

  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID dwConnID, const BYTE* pData, int iLength) override {
    if (m_Server->Send(dwConnID, pData, iLength)) return HR_OK;
    return HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

 protected:
  CTcpServerPtr m_Server;
};

// --- Listener, server and client: §1.1, §2.2, §2.4 ---

class CEchoClient : public CTcpClientListener {
 public:
  explicit CEchoClient(size_t expected) : m_Expected(expected), m_Client(this) {}

  using CTcpClientListener::OnReceive;
  EnHandleResult OnConnect(IClient* pClient) override {
    m_Connected = pClient == m_Client.Get() && pClient->GetConnectionID() != 0;
    return HR_OK;
  }
  EnHandleResult OnReceive(IClient*, const BYTE* pData, int iLength) override {
    m_Answer.append(reinterpret_cast<const char*>(pData), static_cast<size_t>(iLength));
    if (m_Answer.size() == m_Expected) m_Said.set_value(m_Answer);
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }

  bool m_Connected = false;
  std::promise<std::string> m_Said;

 private:
  const size_t m_Expected;
  std::string m_Answer;

 public:
  CTcpClientPtr m_Client;  // last: it is gone, and with it every event, before the rest is
};

// Spec: §1.1, §2.2.2, §2.4.2, §3.2
TEST(DocumentExamplesTest, ServerAndClientEcho) {
  CEchoServer server;
  ASSERT_TRUE(server.Start());
  const std::string text = "hello from the client";
  CEchoClient client(text.size());
  ASSERT_TRUE(client.m_Client->Start("127.0.0.1", server.GetPort(), FALSE));
  EXPECT_TRUE(client.m_Connected);
  ASSERT_TRUE(client.m_Client->Send(Bytes(text), Length(text)));
  EXPECT_EQ(Said(client.m_Said), text);
  EXPECT_TRUE(client.m_Client->Stop());
}

// --- Agent, connecting both ways: §2.1.4, §2.3 ---

class CEchoAgent : public CTcpAgentListener {
 public:
  explicit CEchoAgent(size_t expected) : m_Expected(expected), m_Agent(this) {}

  using CTcpAgentListener::OnReceive;
  EnHandleResult OnPrepareConnect(CONNID, SOCKET socket) override {
    int on = TRUE;
    return SYS_SetSocketOption(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == 0 ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnConnect(CONNID dwConnID) override {
    const std::string text = "agent";
    return m_Agent->Send(dwConnID, Bytes(text), Length(text)) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnReceive(CONNID, const BYTE*, int iLength) override {
    std::lock_guard<std::mutex> guard(m_Mutex);
    m_Received += static_cast<size_t>(iLength);
    if (m_Received == m_Expected) m_Said.set_value(m_Received);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  std::promise<size_t> m_Said;

 private:
  const size_t m_Expected;
  std::mutex m_Mutex;
  size_t m_Received = 0;

 public:
  CTcpAgentPtr m_Agent;
};

// Spec: §2.1.4, §2.3.2
TEST(DocumentExamplesTest, AgentConnectsSynchronouslyAndAsynchronously) {
  CEchoServer server;
  ASSERT_TRUE(server.Start());
  for (const BOOL bAsyncConnect : {FALSE, TRUE}) {
    CEchoAgent agent(3 * 5);
    ASSERT_TRUE(agent.m_Agent->Start(nullptr, bAsyncConnect));
    std::set<CONNID> ids;
    for (int i = 0; i < 3; ++i) {
      CONNID dwConnID = 0;
      if (!agent.m_Agent->Connect("127.0.0.1", server.GetPort(), &dwConnID)) FAIL() << ::GetLastError();
      ids.insert(dwConnID);
    }
    EXPECT_EQ(ids.size(), 3u);
    EXPECT_EQ(Said(agent.m_Said), 15u);
    EXPECT_EQ(agent.m_Agent->GetConnectionCount(), 3u);
    EXPECT_TRUE(agent.m_Agent->Stop());
  }
}

// --- PULL model, head and body, state as connection extra: §2.1.1, §2.1.5 ---

struct TPkgHeader {
  DWORD seq;
  int body_len;
};

struct TPkgInfo {
  bool is_header;
  int length;
};

class CPullServer : public CTcpPullServerListener {
 public:
  CPullServer() : m_Server(this) {}

  EnHandleResult OnAccept(CONNID dwConnID, SOCKET) override {
    auto* const pInfo = new TPkgInfo{true, sizeof(TPkgHeader)};
    return m_Server->SetConnectionExtra(dwConnID, pInfo) ? HR_OK : HR_ERROR;
  }

  using CTcpPullServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID dwConnID, int iLength) override {
    PVOID pExtra = nullptr;
    if (!m_Server->GetConnectionExtra(dwConnID, &pExtra)) return HR_ERROR;
    auto* const pInfo = static_cast<TPkgInfo*>(pExtra);
    int remain = iLength;
    int required = pInfo->length;
    while (remain >= required) {
      remain -= required;
      std::string buffer(static_cast<size_t>(required), '\0');
      const EnFetchResult result = m_Server->Fetch(dwConnID, reinterpret_cast<BYTE*>(&buffer[0]), required);
      if (result != FR_OK) return HR_ERROR;
      if (pInfo->is_header) {
        TPkgHeader header;
        std::memcpy(&header, buffer.data(), sizeof(header));
        required = header.body_len;
      } else {
        {
          std::lock_guard<std::mutex> guard(m_Mutex);
          m_Bodies.push_back(buffer);
          if (m_Bodies.size() == 3) m_Said.set_value(m_Bodies);
        }
        required = sizeof(TPkgHeader);
      }
      pInfo->is_header = !pInfo->is_header;
      pInfo->length = required;
    }
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID dwConnID) override {
    Release(dwConnID);
    return HR_OK;
  }
  EnHandleResult OnError(CONNID dwConnID, EnSocketOperation, int) override {
    Release(dwConnID);
    return HR_OK;
  }
  EnHandleResult OnShutdown() override {
    m_Released.set_value(m_Infos);
    return HR_OK;
  }

  std::promise<std::vector<std::string>> m_Said;
  std::promise<int> m_Released;  // how many extras had been freed when the server had shut down

 private:
  void Release(CONNID dwConnID) {
    PVOID pExtra = nullptr;
    if (!m_Server->GetConnectionExtra(dwConnID, &pExtra) || pExtra == nullptr) return;
    delete static_cast<TPkgInfo*>(pExtra);
    m_Server->SetConnectionExtra(dwConnID, nullptr);
    std::lock_guard<std::mutex> guard(m_Mutex);
    ++m_Infos;
  }

  std::mutex m_Mutex;
  std::vector<std::string> m_Bodies;
  int m_Infos = 0;

 public:
  CTcpPullServerPtr m_Server;
};

class CQuietClient : public CTcpClientListener {
 public:
  CQuietClient() : m_Client(this) {}

  using CTcpClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }

  CTcpClientPtr m_Client;
};

// Spec: §2.1.1, §2.1.5, §4.2/8
TEST(DocumentExamplesTest, PullLoopTakesHeadAndBodyWithItsStateAsConnectionExtra) {
  CPullServer server;
  ASSERT_TRUE(server.m_Server->Start("127.0.0.1", 0));
  TCHAR szAddress[50];
  int iAddressLen = sizeof(szAddress);
  USHORT usPort = 0;
  ASSERT_TRUE(server.m_Server->GetListenAddress(szAddress, iAddressLen, usPort));

  CQuietClient client;
  ASSERT_TRUE(client.m_Client->Start(szAddress, usPort));
  const std::vector<std::string> bodies = {"first", std::string(20000, 'b'), "third and last"};
  DWORD dwSeq = 0;
  for (const std::string& body : bodies) {
    TPkgHeader header = {++dwSeq, Length(body)};
    WSABUF bufs[] = {{sizeof(header), reinterpret_cast<BYTE*>(&header)},
                     {static_cast<UINT>(body.size()), const_cast<BYTE*>(Bytes(body))}};
    ASSERT_TRUE(client.m_Client->SendPackets(bufs, 2));
  }
  EXPECT_EQ(Said(server.m_Said), bodies);
  EXPECT_TRUE(client.m_Client->Stop());
  EXPECT_TRUE(server.m_Server->Stop());
  EXPECT_EQ(Said(server.m_Released), 1);
}

// --- Reconnecting by GetState: §4.2 ---

// Turns the first two connections away.
class CFickleServer : public CEchoServer {
 public:
  ~CFickleServer() override { m_Server->Stop(); }

  using CEchoServer::OnReceive;
  EnHandleResult OnReceive(CONNID dwConnID, const BYTE* pData, int iLength) override {
    if (++m_Served <= 2) {
      m_Server->Disconnect(dwConnID);
      return HR_OK;
    }
    return CEchoServer::OnReceive(dwConnID, pData, iLength);
  }

 private:
  std::atomic<int> m_Served{0};
};

class CReconnecting : public CTcpClientListener {
 public:
  CReconnecting() : m_Client(this) {}

  using CTcpClientListener::OnReceive;
  EnHandleResult OnConnect(IClient* pClient) override {
    return pClient->Send(Bytes("again"), 5) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnReceive(IClient*, const BYTE* pData, int iLength) override {
    m_Answer.append(reinterpret_cast<const char*>(pData), static_cast<size_t>(iLength));
    if (m_Answer == "again") m_Said.set_value(m_Answer);
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }

  std::promise<std::string> m_Said;

 private:
  std::string m_Answer;

 public:
  CTcpClientPtr m_Client;
};

// Spec: §4.2/5
TEST(DocumentExamplesTest, MonitoringThreadReconnectsWhenGetStateIsStopped) {
  CFickleServer server;
  ASSERT_TRUE(server.Start());
  const USHORT usPort = server.GetPort();
  CReconnecting client;
  std::atomic<bool> ending{false};
  int started = 0;
  std::thread monitor([&] {
    while (!ending) {
      if (client.m_Client->GetState() == SS_STOPED && client.m_Client->Start("127.0.0.1", usPort)) ++started;
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(Said(client.m_Said), "again");
  ending = true;
  monitor.join();
  EXPECT_EQ(started, 3);
}

}  // namespace
