#include "hpsocket/core/datagram/socket_options.h"

#include <sys/socket.h>

namespace hpsocket::core {

int SetDatagramOptions(Network& network, int fd, const DatagramSettings& settings) {
  int result = 0;
  if (settings.send_buffer_size != 0)
    result = network.SetOption(fd, SOL_SOCKET, SO_SNDBUF, static_cast<int>(settings.send_buffer_size));
  if (result == 0 && settings.receive_buffer_size != 0)
    result = network.SetOption(fd, SOL_SOCKET, SO_RCVBUF, static_cast<int>(settings.receive_buffer_size));
  return result;
}

}  // namespace hpsocket::core
