#include "hpsocket/core/api/error_map.h"

namespace hpsocket {

const char* GetSocketErrorDesc(EnSocketError code) noexcept {
  switch (code) {
    case SE_OK:
      return "SUCCESS";
    case SE_ILLEGAL_STATE:
      return "Illegal State";
    case SE_INVALID_PARAM:
      return "Invalid Parameter";
    case SE_SOCKET_CREATE:
      return "Create SOCKET Fail";
    case SE_SOCKET_BIND:
      return "Bind SOCKET Fail";
    case SE_SOCKET_PREPARE:
      return "Prepare SOCKET Fail";
    case SE_SOCKET_LISTEN:
      return "Listen SOCKET Fail";
    case SE_CP_CREATE:
      return "Create IOCP Fail";
    case SE_WORKER_THREAD_CREATE:
      return "Create Worker Thread Fail";
    case SE_DETECT_THREAD_CREATE:
      return "Create Detector Thread Fail";
    case SE_SOCKE_ATTACH_TO_CP:
      return "Attach SOCKET to IOCP Fail";
    case SE_CONNECT_SERVER:
      return "Connect to Server Fail";
    case SE_NETWORK:
      return "Network Error";
    case SE_DATA_PROC:
      return "Process Data Error";
    case SE_DATA_SEND:
      return "Send Data Error";
  }
  return "UNKNOWN ERROR";
}

}  // namespace hpsocket
