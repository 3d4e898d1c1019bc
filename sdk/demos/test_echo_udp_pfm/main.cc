// test_echo_udp_pfm: HP-Socket's performance test over UDP, server and client in one program.

#include <cstdio>
#include <string_view>

#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/test_echo_udp_pfm/client.h"
#include "hpsocket/sdk/demos/test_echo_udp_pfm/server.h"

namespace {

constexpr const char* kUsage =
    "HP-Socket's UDP performance test.\n"
    "\n"
    "Usage: test_echo_udp_pfm server [OPTIONS]    sends everything back\n"
    "       test_echo_udp_pfm client [OPTIONS]    sends, checks and measures\n"
    "\n"
    "'test_echo_udp_pfm server --help' and 'test_echo_udp_pfm client --help' tell the options.\n";

int Run(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "server") return hpsocket::demos::RunUdpServer(argc - 1, argv + 1);
  if (command == "client") return hpsocket::demos::RunUdpClient(argc - 1, argv + 1);
  if (command == "-h" || command == "--help" || command == "help") {
    std::fputs(kUsage, stdout);
    return hpsocket::demos::kExitOk;
  }
  if (argc > 1) std::fprintf(stderr, "test_echo_udp_pfm: unknown sub-command '%s'\n", argv[1]);
  std::fputs(kUsage, stderr);
  return hpsocket::demos::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(Run(argc, argv)); }
