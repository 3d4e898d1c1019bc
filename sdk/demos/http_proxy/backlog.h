// Internal to http_proxy.
//
// Received bytes that cannot be used yet. Most of the time there are none, and what comes is used where it
// lies.
//
//   std::string_view input = backlog.Join(received);
//   ... takes what it can off the front of `input` ...
//   backlog.Keep(input);
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_BACKLOG_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_BACKLOG_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace hpsocket::demos {

class Backlog {
 public:
  // What was kept and `received`; valid until Keep.
  std::string_view Join(std::string_view received) {
    if (kept_.empty()) return received;
    kept_.append(received);
    return kept_;
  }

  // `rest`: the end of what Join gave.
  void Keep(std::string_view rest) {
    if (kept_.empty()) {
      kept_.assign(rest);
    } else {
      kept_.erase(0, kept_.size() - rest.size());
    }
    if (kept_.empty() && kept_.capacity() > 4096) kept_.shrink_to_fit();
  }

  void Clear() { Keep({}); }
  size_t size() const { return kept_.size(); }

 private:
  std::string kept_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_BACKLOG_H_
