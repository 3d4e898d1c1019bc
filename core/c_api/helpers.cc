#include "hpsocket/core/c_api/helpers.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "hpsocket/core/api/error_map.h"
#include "hpsocket/core/api/library.h"

namespace {

int Fail(int error) {
  errno = error;
  return SOCKET_ERROR;
}

// A number of Windows' is 4 bytes, a caller's u_long on a 64-bit machine 8: both begin with the low ones,
// wherever the machine keeps those.
bool ReadNumber(const void* buffer, DWORD size, int* number) {
  if (buffer == nullptr || size < sizeof(uint32_t)) return false;
  if (size >= sizeof(u_long)) {
    u_long wide;
    std::memcpy(&wide, buffer, sizeof(wide));
    *number = static_cast<int>(wide);
  } else {
    std::memcpy(number, buffer, sizeof(*number));
  }
  return true;
}

DWORD WriteNumber(int number, void* buffer, DWORD size) {
  if (size >= sizeof(u_long)) {
    const u_long wide = static_cast<u_long>(number);
    std::memcpy(buffer, &wide, sizeof(wide));
    return sizeof(wide);
  }
  std::memcpy(buffer, &number, sizeof(number));
  return sizeof(number);
}

// An argument of any other command may be larger than an int: the kernel would write over what lies behind.
bool TakesANumber(unsigned long command) {
  switch (command) {
    case FIONBIO:
    case FIONREAD:
    case FIOASYNC:
    case SIOCATMARK:
    case SIOCOUTQ:
    case SIOCOUTQNSD:
      return true;
    default:
      return false;
  }
}

int SetTcpOption(SOCKET sock, int name, int value) {
  return setsockopt(sock, IPPROTO_TCP, name, &value, sizeof(value));
}

int SetKeepAlive(SOCKET sock, const tcp_keepalive& wanted) {
  const auto seconds = [](uint32_t ms) {
    return static_cast<int>(std::clamp<uint64_t>((uint64_t{ms} + 999) / 1000, 1, 32767));
  };
  const int on = wanted.onoff != 0 ? 1 : 0;
  if (on != 0) {  // the times first: a probe is never sent with old ones
    if (SetTcpOption(sock, TCP_KEEPIDLE, seconds(wanted.keepalivetime)) != 0) return SOCKET_ERROR;
    if (SetTcpOption(sock, TCP_KEEPINTVL, seconds(wanted.keepaliveinterval)) != 0) return SOCKET_ERROR;
  }
  return setsockopt(sock, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

}  // namespace

LPCTSTR HP_GetSocketErrorDesc(En_HP_SocketError enCode) { return hpsocket::GetSocketErrorDesc(enCode); }

DWORD SYS_GetLastError() { return static_cast<DWORD>(errno); }

int SYS_WSAGetLastError() { return errno; }

int SYS_SetSocketOption(SOCKET sock, int level, int name, LPVOID val, int len) {
  if (len < 0) return Fail(EINVAL);
  return setsockopt(sock, level, name, val, static_cast<socklen_t>(len));
}

int SYS_GetSocketOption(SOCKET sock, int level, int name, LPVOID val, int* len) {
  if (len == nullptr || *len < 0) return Fail(EINVAL);
  socklen_t length = static_cast<socklen_t>(*len);
  const int result = getsockopt(sock, level, name, val, &length);
  if (result == 0) *len = static_cast<int>(length);
  return result;
}

int SYS_IoctlSocket(SOCKET sock, long cmd, u_long* arg) {
  if (arg == nullptr) return Fail(EINVAL);
  const unsigned long command = static_cast<unsigned long>(cmd);
  if (!TakesANumber(command)) return Fail(EOPNOTSUPP);
  int number = static_cast<int>(*arg);
  const int result = ioctl(sock, command, &number);
  if (result == 0) *arg = static_cast<u_long>(number);
  return result;
}

int SYS_WSAIoctl(SOCKET sock, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                 LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned) {
  DWORD returned = 0;
  int result = 0;
  int number = 0;
  switch (dwIoControlCode) {
    case FIONBIO:
      if (!ReadNumber(lpvInBuffer, cbInBuffer, &number)) return Fail(EFAULT);
      result = ioctl(sock, FIONBIO, &number);
      break;
    case FIONREAD:
      if (lpvOutBuffer == nullptr || cbOutBuffer < sizeof(number)) return Fail(EFAULT);
      result = ioctl(sock, FIONREAD, &number);
      if (result == 0) returned = WriteNumber(number, lpvOutBuffer, cbOutBuffer);
      break;
    case SIO_KEEPALIVE_VALS: {
      tcp_keepalive wanted;
      if (lpvInBuffer == nullptr || cbInBuffer < sizeof(wanted)) return Fail(EFAULT);
      std::memcpy(&wanted, lpvInBuffer, sizeof(wanted));
      result = SetKeepAlive(sock, wanted);
      break;
    }
    default:
      return Fail(EOPNOTSUPP);
  }
  if (result == 0 && lpcbBytesReturned != nullptr) *lpcbBytesReturned = returned;
  return result;
}

DWORD HP_GetHPSocketVersion() { return hpsocket::HP_GetHPSocketVersion(); }

LPCTSTR HP_GetHPSocketVersionDesc() { return hpsocket::HP_GetHPSocketVersionDesc(); }

void HP_SetLogHandler(HP_LogHandler handler, void* user) { hpsocket::HP_SetLogHandler(handler, user); }
