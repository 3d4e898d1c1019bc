#include "hpsocket/tcp_server/tcp_server.h"
using namespace hpsocket;
struct Echo : CTcpServerListener {
  CTcpServerPtr server{this};
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return server->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
};
Echo echo;
int main() { return echo.server->Start("0.0.0.0", 5555) && echo.server->Wait() ? 0 : 1; }
