#include "hpsocket/core/stream/socket_setup.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "hpsocket/core/stream/stream_engine.h"

namespace hpsocket::core {
namespace {

constexpr int kSafeUnsentBytes = 64 * 1024;

// Linux counts keep-alive in seconds: rounded up, within what the kernel takes.
int KeepAliveSeconds(uint32_t ms) {
  const uint64_t seconds = (uint64_t{ms} + 999) / 1000;
  return static_cast<int>(std::clamp<uint64_t>(seconds, 1, 32767));
}

bool HasKeepAlive(const StreamSettings& settings) {
  return settings.keep_alive_time != 0 && settings.keep_alive_interval != 0;
}

}  // namespace

Duration KeepAliveStep(const StreamSettings& settings) {
  if (!HasKeepAlive(settings)) return Duration::zero();
  return std::chrono::seconds(KeepAliveSeconds(settings.keep_alive_interval));
}

int SetStreamOptions(Network& network, int fd, const StreamSettings& settings) {
  struct Option {
    bool wanted;
    int level;
    int name;
    int value;
  };
  const bool keep_alive = HasKeepAlive(settings);
  const Option options[] = {
      {keep_alive, SOL_SOCKET, SO_KEEPALIVE, 1},
      {keep_alive, IPPROTO_TCP, TCP_KEEPIDLE, KeepAliveSeconds(settings.keep_alive_time)},
      {keep_alive, IPPROTO_TCP, TCP_KEEPINTVL, KeepAliveSeconds(settings.keep_alive_interval)},
      {settings.no_delay, IPPROTO_TCP, TCP_NODELAY, 1},
      {settings.send_policy == SP_SAFE, IPPROTO_TCP, TCP_NOTSENT_LOWAT, kSafeUnsentBytes},
  };
  for (const Option& option : options) {
    if (!option.wanted) continue;
    if (const int result = network.SetOption(fd, option.level, option.name, option.value); result < 0)
      return result;
  }
  return 0;
}

PrepareResult PrepareStreamSocket(StreamEngine& engine, CONNID id, const Address& to, int* fd) {
  Network& network = engine.world().network();
  *fd = -1;
  const int made = network.OpenStream(to.family());
  if (made < 0) return {-made, false};
  const Address& local = engine.bind_address();
  int result = SetStreamOptions(network, made, engine.running());
  if (result == 0 && engine.running().reuse_address)
    result = network.SetOption(made, SOL_SOCKET, SO_REUSEADDR, 1);
  // The port is chosen by connect, which may share one between destinations; bind could not.
  if (result == 0 && local.valid()) result = network.SetOption(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  if (result < 0) {
    network.Close(made);
    return {-result, false};
  }
  if (engine.events().HandlePrepareConnect(id, made) == HR_ERROR) {
    network.Close(made);
    return {ECANCELED, true};
  }
  if (local.valid()) result = network.Bind(made, local);
  if (result < 0) {
    network.Close(made);
    return {-result, false};
  }
  *fd = made;
  return {};
}

}  // namespace hpsocket::core
