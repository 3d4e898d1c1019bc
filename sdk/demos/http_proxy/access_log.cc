#include "hpsocket/sdk/demos/http_proxy/access_log.h"

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {
namespace {

// A request's target may have quotes and any byte above 0x7F: neither ends the field, nor reaches a terminal.
std::string Escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte >= ' ' && byte < 0x7F && c != '"' && c != '\\') {
      escaped += c;
    } else {
      escaped += {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
    }
  }
  return escaped;
}

}  // namespace

bool AccessLog::Open(const std::string& path) {
  if (path.empty()) return true;
  if (path == "-") {
    to_stdout_ = true;
    return true;
  }
  file_.reset(std::fopen(path.c_str(), "ae"));
  return file_ != nullptr;
}

void AccessLog::Write(std::string_view client, std::string_view request, unsigned status, uint64_t bytes,
                      int64_t milliseconds) {
  if (!is_open()) return;
  const std::string line = std::string(client) + " \"" + Escaped(request) + "\" " +
                           (status == 0 ? "-" : std::to_string(status)) + " " + std::to_string(bytes) +
                           " bytes " + std::to_string(milliseconds) + " ms";
  if (to_stdout_) return Print(line);
  const std::lock_guard<std::mutex> lock(mutex_);
  std::fprintf(file_.get(), "%s\n", line.c_str());
  std::fflush(file_.get());
}

}  // namespace hpsocket::demos
