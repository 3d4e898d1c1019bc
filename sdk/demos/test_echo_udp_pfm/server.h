// Internal to the demo.
//
// `test_echo_udp_pfm server`: sends every datagram back and counts.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_PFM_SERVER_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_PFM_SERVER_H_

namespace hpsocket::demos {

// `argv[0]` is the sub-command. The exit code.
int RunUdpServer(int argc, char** argv);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_PFM_SERVER_H_
