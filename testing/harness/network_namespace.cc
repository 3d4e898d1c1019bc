#include "hpsocket/testing/harness/network_namespace.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace hpsocket::harness {
namespace {

// Interfaces that are down (tunnel devices that some kernels put into every namespace) do not count.
bool OnlyLoopbackIsUp() {
  struct if_nameindex* const interfaces = if_nameindex();
  if (interfaces == nullptr) return false;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool only_loopback = fd >= 0;
  for (struct if_nameindex* one = interfaces; one->if_index != 0 && only_loopback; ++one) {
    ifreq request{};
    std::strncpy(request.ifr_name, one->if_name, sizeof(request.ifr_name) - 1);
    if (ioctl(fd, SIOCGIFFLAGS, &request) != 0) continue;
    if ((request.ifr_flags & IFF_UP) != 0 && (request.ifr_flags & IFF_LOOPBACK) == 0) only_loopback = false;
  }
  if (fd >= 0) close(fd);
  if_freenameindex(interfaces);
  return only_loopback;
}

bool BringLoopbackUp() {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
  if (up && (request.ifr_flags & IFF_UP) == 0) {
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  }
  close(fd);
  return up;
}

}  // namespace

std::string EnterOwnNetwork() {
  if (!OnlyLoopbackIsUp() && unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    return std::string("no network namespace of its own: ") + std::strerror(errno);
  }
  if (!BringLoopbackUp()) return std::string("loopback does not come up: ") + std::strerror(errno);
  return "";
}

bool OwnNetworkRequired() {
  const char* const value = std::getenv("HPSOCKET_REQUIRE_NETNS");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace hpsocket::harness
