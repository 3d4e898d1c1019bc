#include "hpsocket/sdk/demos/common/listening.h"

#include <cerrno>

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {

bool StartListening(IServer& server, const std::string& address, uint16_t port) {
  if (server.Start(address.c_str(), port)) return true;
  const int error = errno;
  PrintError(StartFailLine("Server", DescribeFailure(server, error)));
  if (error == EADDRINUSE)
    PrintError("  another program listens there; choose another port (-p; 0 = any free one)");
  return false;
}

void SayListening(IServer& server) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  server.GetListenAddress(address, room, port);
  Print(StartOkLine("Server", address, port));
  Print("listening on " + AddressText(address, port));
}

}  // namespace hpsocket::demos
