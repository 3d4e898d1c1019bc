#include "hpsocket/sdk/demos/common/client_desk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/sdk/demos/common/desk_events.h"
#include "hpsocket/tcp_client/tcp_client.h"

namespace hpsocket::demos {
namespace {

// Somebody to connect to, who says nothing.
class Listener {
 public:
  Listener() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size);
    listen(descriptor_, 1);
    getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(descriptor_); }

  uint16_t port() const { return port_; }

 private:
  const int descriptor_;
  uint16_t port_ = 0;
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
  const Listener listener;
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
