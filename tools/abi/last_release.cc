// A program of the last release: compiled with that release's HPSocket.h, run on today's library. It calls
// methods at the beginning and at the end of each virtual table, and hears events from each of its own.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <string>

#include "HPSocket.h"

#define CHECK(condition)                                                   \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::_Exit(1);                                                       \
    }                                                                      \
  } while (0)

namespace {

const std::string kText = "compiled before, answered today";
const int kLength = static_cast<int>(kText.size());

const BYTE* Text() { return reinterpret_cast<const BYTE*>(kText.data()); }

// What comes back, until it is as long as the text.
class Answer {
 public:
  void Add(const BYTE* data, int length) {
    text_.append(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    if (text_.size() == kText.size()) whole_.set_value(text_);
  }
  void Check() {
    std::future<std::string> whole = whole_.get_future();
    CHECK(whole.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    CHECK(whole.get() == kText);
  }

 private:
  std::string text_;
  std::promise<std::string> whole_;
};

// Hears every event of a server.
template <class Listener, class Pointer, class Accepted>
struct EchoServer : Listener {
  Pointer server{this};
  std::atomic<int> prepared{0}, accepted{0}, sent{0}, closed{0}, shut_down{0};

  using Listener::OnReceive;
  EnHandleResult OnPrepareListen(SOCKET) override {
    ++prepared;
    return HR_OK;
  }
  EnHandleResult OnAccept(CONNID id, Accepted) override {
    ++accepted;
    return server->SetConnectionExtra(id, this) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnReceive(CONNID id, const BYTE* data, int length) override {
    void* extra = nullptr;
    CHECK(server->GetConnectionExtra(id, &extra) && extra == this);
    return server->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnSend(CONNID, const BYTE*, int length) override {
    sent += length;
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override {
    ++closed;
    return HR_OK;
  }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override {
    CHECK(!"OnError of a server");
    return HR_ERROR;
  }
  EnHandleResult OnShutdown() override {
    ++shut_down;
    return HR_OK;
  }

  USHORT Start() {
    char address[64];
    int length = sizeof(address);
    USHORT port = 0;
    CHECK(server->Start("127.0.0.1", 0));
    CHECK(server->GetListenAddress(address, length, port));
    CHECK(std::strcmp(address, "127.0.0.1") == 0);
    return port;
  }

  // Everybody has gone or goes now.
  void Stop(int connections) {
    HP_Stats stats;
    CHECK(server->GetStats(stats));
    CHECK(stats.total_connections == static_cast<uint64_t>(connections));
    CHECK(server->Stop());
    CHECK(server->GetState() == SS_STOPPED);
    CHECK(prepared == 1 && accepted == connections && closed == connections && shut_down == 1);
    CHECK(sent == connections * kLength);
  }
};

using TcpEcho = EchoServer<CTcpServerListener, CTcpServerPtr, SOCKET>;
using UdpEcho = EchoServer<CUdpServerListener, CUdpServerPtr, const SOCKADDR_IN*>;

template <class Listener, class Pointer>
struct Client : Listener {
  Pointer client{this};
  Answer answer;
  std::atomic<int> connected{0}, closed{0};

  using Listener::OnReceive;
  EnHandleResult OnConnect(IClient* who) override {
    CHECK(who == client.Get());
    ++connected;
    return HR_OK;
  }
  EnHandleResult OnReceive(IClient*, const BYTE* data, int length) override {
    answer.Add(data, length);
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override {
    ++closed;
    return HR_OK;
  }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override {
    CHECK(!"OnError of a client");
    return HR_ERROR;
  }

  void Ask(USHORT port) {
    CHECK(client->Start("127.0.0.1", port, false));
    CHECK(client->Send(Text(), kLength));
    answer.Check();
    CHECK(client->Stop());
    CHECK(connected == 1 && closed == 1);
  }
};

struct PullAgent : CTcpPullAgentListener {
  CTcpPullAgentPtr agent{this};
  Answer answer;
  std::atomic<int> prepared{0}, connected{0};

  using CTcpPullAgentListener::OnReceive;
  EnHandleResult OnPrepareConnect(CONNID, SOCKET) override {
    ++prepared;
    return HR_OK;
  }
  EnHandleResult OnConnect(CONNID) override {
    ++connected;
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, int total) override {
    if (total < kLength) return HR_OK;
    BYTE data[64];
    int position = -1;
    CHECK(agent->Find(id, Text() + 9, 6, 0, &position) == FR_OK && position == 9);
    CHECK(agent->Peek(id, data, kLength) == FR_OK);
    CHECK(agent->Fetch(id, data, total) == FR_OK);
    answer.Add(data, total);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override {
    CHECK(!"OnError of an agent");
    return HR_ERROR;
  }

  void Ask(USHORT port) {
    CONNID id = 0;
    CHECK(agent->Start("127.0.0.1", false));
    CHECK(agent->Connect("127.0.0.1", port, &id));
    CHECK(id != 0 && agent->GetConnectionCount() == 1);
    CHECK(prepared == 1 && connected == 1);
    CHECK(agent->Send(id, Text(), kLength));
    answer.Check();
    CHECK(agent->Stop());
  }
};

struct Member : CUdpCastListener {
  CUdpCastPtr cast{this};
  EnHandleResult OnReceive(IClient*, const BYTE*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }
};

template <class Component>
void CheckKeepAlive(Component& component) {
  CHECK(component.GetSocketBufferSize() >= 4096);
  CHECK(component.GetKeepAliveTime() == 20000 && component.GetKeepAliveInterval() == 5000);
  component.SetKeepAliveInterval(7000);
  CHECK(component.GetKeepAliveTime() == 20000 && component.GetKeepAliveInterval() == 7000);
}

template <class Component>
void CheckDatagrams(Component& component) {
  CHECK(component.GetMaxDatagramSize() == 1472);
  CHECK(component.GetDetectAttempts() == 3 && component.GetDetectInterval() == 20);
  CHECK(!component.IsCloseOnOversize());
  component.SetReceiveBufferSize(1 << 16);
  CHECK(component.GetSendBufferSize() == 0 && component.GetReceiveBufferSize() == 1 << 16);
}

void CheckCast(IUdpCast& cast) {
  CHECK(std::strcmp(cast.GetBindAdddress(), "0.0.0.0") == 0);
  CHECK(cast.GetMaxDatagramSize() == 1472 && !cast.IsReuseAddress());
  CHECK(cast.GetCastMode() == CM_MULTICAST && cast.GetMultiCastTtl() == 1 && !cast.IsMultiCastLoop());
  cast.SetReceiveBufferSize(1 << 16);
  CHECK(cast.GetSendBufferSize() == 0 && cast.GetReceiveBufferSize() == 1 << 16);
  CHECK(cast.GetState() == SS_STOPPED && cast.GetSyncConnectTimeout() == 10000);
}

}  // namespace

int main() {
  TcpEcho tcp;
  CHECK(tcp.server->GetSendPolicy() == SP_PACK && tcp.server->GetMaxShutdownWaitTime() == 15000);
  CHECK(tcp.server->GetAcceptSocketCount() == 300 && tcp.server->GetMaxIdleTime() == 0);
  CheckKeepAlive(*tcp.server.Get());
  const USHORT port = tcp.Start();

  Client<CTcpClientListener, CTcpClientPtr> client;
  CHECK(client.client->GetFreeBufferPoolSize() == 10 && client.client->GetSyncConnectTimeout() == 10000);
  CheckKeepAlive(*client.client.Get());
  client.Ask(port);

  PullAgent puller;
  CHECK(puller.agent->GetMaxPullLength() == 0 && puller.agent->GetSyncConnectTimeout() == 10000);
  CheckKeepAlive(*puller.agent.Get());
  puller.Ask(port);
  tcp.Stop(2);

  UdpEcho udp;
  CHECK(udp.server->GetPostReceiveCount() == 300 && udp.server->GetMaxConnectionCount() == 1000000);
  CheckDatagrams(*udp.server.Get());
  Client<CUdpClientListener, CUdpClientPtr> udp_client;
  CheckDatagrams(*udp_client.client.Get());
  udp_client.Ask(udp.Start());
  udp.Stop(1);

  CheckCast(*Member().cast.Get());
  CHECK(std::strlen(HP_GetSocketErrorDesc(SE_CONNECT_SERVER)) > 0);
  std::puts(kText.c_str());
  return 0;
}
