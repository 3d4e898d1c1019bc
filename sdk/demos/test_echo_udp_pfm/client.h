// Internal to the demo.
//
// `test_echo_udp_pfm client`: sends datagrams from many sessions, checks what comes back, and tells losses
// from failures.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_PFM_CLIENT_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_PFM_CLIENT_H_

namespace hpsocket::demos {

// `argv[0]` is the sub-command. The exit code.
int RunUdpClient(int argc, char** argv);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_PFM_CLIENT_H_
