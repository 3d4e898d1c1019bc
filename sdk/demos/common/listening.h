// Internal to the demos.
//
// How a server of the demos starts, and what it says of that: people and tests wait for these lines.
//
// Threads:  the program's own.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_LISTENING_H_
#define HPSOCKET_SDK_DEMOS_COMMON_LISTENING_H_

#include <cstdint>
#include <string>

#include "hpsocket/core/api/socket_interfaces.h"

namespace hpsocket::demos {

// False: it has said why.
bool StartListening(IServer& server, const std::string& address, uint16_t port);
// "$ Server Start OK --> (127.0.0.1 : 5555)", "listening on 127.0.0.1:5555"
void SayListening(IServer& server);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_LISTENING_H_
