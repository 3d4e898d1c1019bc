// Internal to http_proxy.
//
// What every session works with.
//
// Threads:  the references may be used in any; what they lead to says the same of itself.
// Lifetime: outlives the sessions.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_SERVICES_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_SERVICES_H_

#include <cstdint>
#include <string>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/sdk/demos/http_proxy/access_list.h"
#include "hpsocket/sdk/demos/http_proxy/access_log.h"
#include "hpsocket/sdk/demos/http_proxy/own_endpoint.h"
#include "hpsocket/sdk/demos/http_proxy/statistics.h"

namespace hpsocket::demos {

class SessionTable;

// Seconds.
struct Timeouts {
  uint32_t header = 20;   // from the first byte of a request to the end of its header
  uint32_t connect = 10;  // resolving included
  uint32_t idle = 120;    // nothing moves
};

struct Services {
  IServer& clients;
  IAgent& origins;
  SessionTable& sessions;
  const AccessList& access;
  const Timeouts& timeouts;
  const OwnEndpoint& own;
  Statistics& statistics;
  AccessLog& log;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_SERVICES_H_
