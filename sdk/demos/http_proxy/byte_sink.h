// Internal to http_proxy.
//
// Where the bytes of a message go.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_BYTE_SINK_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_BYTE_SINK_H_

#include <initializer_list>
#include <string_view>

namespace hpsocket::demos {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // Takes all pieces, in order, or none of them; false: no more can go there.
  virtual bool Write(std::initializer_list<std::string_view> pieces) = 0;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_BYTE_SINK_H_
