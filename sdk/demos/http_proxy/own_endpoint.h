// Internal to http_proxy.
//
// How the proxy recognises itself, so that a request cannot run in circles.
//
// Threads:  Listens once, before anything that IsHere is asked about; then any.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_OWN_ENDPOINT_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_OWN_ENDPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "hpsocket/sdk/demos/http_proxy/ip_address.h"

namespace hpsocket::demos {

class OwnEndpoint {
 public:
  // Makes up the token that goes into Via: other proxies on the way may lead back here, too.
  OwnEndpoint();

  void Listens(std::string_view address, uint16_t port);
  // Whether a connection to there would come to us. Asks the system for its addresses if the port is ours.
  bool IsHere(const IpAddress& address, uint16_t port) const;
  const std::string& via_token() const { return via_token_; }

 private:
  std::string via_token_;
  std::string address_;
  uint16_t port_ = 0;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_OWN_ENDPOINT_H_
