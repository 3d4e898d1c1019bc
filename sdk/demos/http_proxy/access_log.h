// Internal to http_proxy.
//
// The log of requests, one line each.
//
// Threads:  any.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_ACCESS_LOG_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_ACCESS_LOG_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hpsocket::demos {

class AccessLog {
 public:
  // Appends to a file; "-" is stdout, "" no log. False with errno if it cannot be opened.
  bool Open(const std::string& path);
  bool is_open() const { return file_ != nullptr || to_stdout_; }

  // `client "request" status bytes ms`; status 0: it never came to an answer. What is not printable in
  // `request`, quotes and backslashes become \xHH.
  void Write(std::string_view client, std::string_view request, unsigned status, uint64_t bytes,
             int64_t milliseconds);

 private:
  struct Closer {
    void operator()(FILE* file) const { std::fclose(file); }
  };

  bool to_stdout_ = false;
  std::mutex mutex_;
  std::unique_ptr<FILE, Closer> file_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_ACCESS_LOG_H_
