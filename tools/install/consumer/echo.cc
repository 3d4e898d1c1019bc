// A server, and a client that sends it a text and gets it back: C++ on the installed header and library.
#include <cstdio>
#include <string>

#include "HPSocket.h"

namespace {

const std::string kText = "from C++ and back";

struct EchoServer : CTcpServerListener {
  CTcpServerPtr server{this};
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID dwConnID, const BYTE* pData, int iLength) override {
    return server->Send(dwConnID, pData, iLength) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
};

// Stops when all of it is back, so that whoever waits for the client need not wait for anything else.
struct EchoClient : CTcpClientListener {
  std::string answer;
  CTcpClientPtr client{this};
  using CTcpClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, const BYTE* pData, int iLength) override {
    answer.append(reinterpret_cast<const char*>(pData), static_cast<size_t>(iLength));
    if (answer.size() >= kText.size()) client->Stop();
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }
};

int Fail(const char* what, const char* why) {
  std::fprintf(stderr, "%s: %s\n", what, why);
  return 1;
}

}  // namespace

int main() {
  EchoServer echo;
  TCHAR address[64];
  int length = sizeof(address);
  USHORT port = 0;
  if (!echo.server->Start("127.0.0.1", 0)) return Fail("server", echo.server->GetLastErrorDesc());
  if (!echo.server->GetListenAddress(address, length, port)) return Fail("server", "no address");

  EchoClient asking;
  const BYTE* const text = reinterpret_cast<const BYTE*>(kText.data());
  if (!asking.client->Start("127.0.0.1", port)) return Fail("client", asking.client->GetLastErrorDesc());
  if (!asking.client->Send(text, static_cast<int>(kText.size()))) {
    return Fail("client", asking.client->GetLastErrorDesc());
  }
  if (!asking.client->Wait(30000)) return Fail("client", "no answer in 30 s");
  if (asking.answer != kText) return Fail("the answer is wrong", asking.answer.c_str());
  std::printf("%s, by HPSocket %s\n", asking.answer.c_str(), HP_GetHPSocketVersionDesc());
  return 0;
}
