// Internal to the demo.
//
// `test_echo_pfm server`: sends everything back and counts.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_SERVER_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_SERVER_H_

namespace hpsocket::demos {

// `argv[0]` is the sub-command. The exit code.
int RunTcpServer(int argc, char** argv);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_SERVER_H_
