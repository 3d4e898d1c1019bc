// A server where io_uring is forbidden: left to itself it serves on epoll and the log says why; forced,
// it does not start and says why.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "hpsocket/core/api/library.h"
#include "hpsocket/core/io/uring_forbidden.h"
#include "hpsocket/core/io/uring_probe.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using core::ForbidUring;
using core::RunInChild;
using harness::RawPeer;

class Echo final : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return server->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    return HR_OK;
  }

  ITcpServer* server = nullptr;
  int shutdowns = 0;
};

std::string& LogText() {
  static std::string& text = *new std::string;
  return text;
}

void CollectLog() {
  HP_SetLogHandler([](int, const char* message, void*) { LogText() += std::string(message) + "\n"; },
                   nullptr);
}

bool Says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

// What is wrong with a Start that must fail, or nothing.
std::string WhatIsWrongWithForcedStart(CTcpServer& server, const Echo& listener) {
  if (server.Start("127.0.0.1", 0)) return "it started";
  if (errno != EPERM) return std::string("errno: ") + strerror(errno);
  if (server.GetLastError() != SE_CP_CREATE) return server.GetLastErrorDesc();
  if (std::string(server.GetLastErrorDesc()) != "Create IOCP Fail") return server.GetLastErrorDesc();
  if (!Says(server.GetLastErrorDetail(), "EPERM")) return server.GetLastErrorDetail();
  if (!Says(LogText(), "EPERM")) return "log: " + LogText();
  if (listener.shutdowns != 1) return std::to_string(listener.shutdowns) + " OnShutdown";
  return server.GetState() == SS_STOPPED ? "" : "it is not stopped";
}

// Spec: fault 33, decisions 8.2/3
TEST(UringForbiddenTest, ServesOnEpollAndSaysWhy) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(EPERM)) return "no seccomp";
    CollectLog();
    Echo listener;
    CTcpServer server(&listener);
    listener.server = &server;
    if (!server.Start("127.0.0.1", 0)) return server.GetLastErrorDetail();
    const std::string port_reason = server.GetIoBackendDesc();
    if (!Says(port_reason, "epoll") || !Says(port_reason, "EPERM")) return port_reason;
    if (!Says(LogText(), "epoll") || !Says(LogText(), "EPERM")) return "log: " + LogText();
    char address[64];
    int length = sizeof(address);
    uint16_t port = 0;
    if (!server.GetListenAddress(address, length, port)) return "no address";
    const std::unique_ptr<RawPeer> peer = RawPeer::Connect(address, port, {});
    if (peer == nullptr || !peer->Send("hello", harness::Deadline::Patient())) return "no connection";
    if (peer->Receive(5, harness::Deadline::Patient()) != "hello") return "no echo";
    return server.Stop() ? "" : "Stop";
  });
}

// What the probe could not foresee.
// Spec: fault 33, decisions 8.2/3
TEST(UringForbiddenTest, ServesOnEpollAndSaysWhyWhenItIsForbiddenAfterTheProbe) {
  if (!core::ProbeUring().usable()) GTEST_SKIP() << "no io_uring here";
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!core::ProbedUring().usable()) return "";  // it has just gone
    if (!ForbidUring(EPERM)) return "no seccomp";
    CollectLog();
    Echo listener;
    CTcpServer server(&listener);
    if (!server.Start("127.0.0.1", 0)) return server.GetLastErrorDetail();
    const std::string reason = server.GetIoBackendDesc();
    if (reason.rfind("epoll, fallen back from io_uring", 0) != 0) return reason;
    if (!Says(reason, "not permitted") || Says(reason, "asked for")) return reason;
    if (!Says(LogText(), "falling back to epoll")) return "log: " + LogText();
    return server.Stop() ? "" : "Stop";
  });
}

// Spec: fault 33, decisions 8.2/2
TEST(UringForbiddenTest, DoesNotStartWhenTheApplicationForcesIt) {
  RunInChild([]() -> std::string {
    unsetenv("HPSOCKET_PORT");
    if (!ForbidUring(EPERM)) return "no seccomp";
    CollectLog();
    Echo listener;
    CTcpServer server(&listener);
    server.SetIoBackend(IO_URING);
    return WhatIsWrongWithForcedStart(server, listener);
  });
}

// Spec: fault 33
TEST(UringForbiddenTest, DoesNotStartWhenTheEnvironmentForcesIt) {
  RunInChild([]() -> std::string {
    setenv("HPSOCKET_PORT", "io_uring", 1);
    if (!ForbidUring(EPERM)) return "no seccomp";
    CollectLog();
    Echo listener;
    CTcpServer server(&listener);
    return WhatIsWrongWithForcedStart(server, listener);
  });
}

}  // namespace
}  // namespace hpsocket
