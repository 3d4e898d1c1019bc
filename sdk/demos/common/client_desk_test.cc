#include "hpsocket/sdk/demos/common/client_desk.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket::demos {
namespace {

// Somebody to connect to, who says nothing.
class Listener : public CTcpServerListener {
 public:
  Listener() : server_(this) { server_.Start("127.0.0.1", 0); }

  uint16_t port() {
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    server_.GetListenAddress(address, room, port);
    return port;
  }

 private:
  using CTcpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  CTcpServer server_;
};

class Client : public ClientDeskEvents<CTcpClientListener> {
 public:
  Client(ClientDesk& desk, std::function<bool(const std::string&)> send)
      : ClientDeskEvents(desk), client_(this) {
    desk.Attach(client_, std::move(send));
  }

 private:
  CTcpClient client_;
};

// What the program gives back when its text cannot be sent.
int RunWithoutSending(bool async) {
  Listener listener;
  ClientSettings settings;
  settings.port = listener.port();
  settings.text = "hello";
  settings.no_interactive = true;
  settings.async = async;
  Console console;
  ClientDesk desk(settings, console, Carrier::kTcp, "nobody");
  Client client(desk, [](const std::string&) { return false; });
  OptionTable table("test", "");
  char name[] = "test";
  char* argv[] = {name, nullptr};
  return desk.Run(table, 1, argv, [] { return std::string(); });
}

TEST(ClientDeskTest, TextThatCouldNotBeSentIsNotWaitedFor) {
  EXPECT_EQ(RunWithoutSending(false), kExitFailure);
  EXPECT_EQ(RunWithoutSending(true), kExitFailure);
}

TEST(ClientDeskTest, WhatTheProgramObjectsToIsAMistakeOnTheCommandLine) {
  const ClientSettings settings;
  Console console;
  ClientDesk desk(settings, console, Carrier::kTcp, "nobody");
  Client client(desk, nullptr);
  OptionTable table("test", "");
  char name[] = "test";
  char* argv[] = {name, nullptr};
  EXPECT_EQ(desk.Run(table, 1, argv, [] { return std::string("too long"); }), kExitUsage);
}

}  // namespace
}  // namespace hpsocket::demos
