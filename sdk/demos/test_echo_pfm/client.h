// Internal to the demo.
//
// `test_echo_pfm client`: sends messages over many connections and checks what comes back.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_CLIENT_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_CLIENT_H_

namespace hpsocket::demos {

// `argv[0]` is the sub-command. The exit code.
int RunTcpClient(int argc, char** argv);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_CLIENT_H_
