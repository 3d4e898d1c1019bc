#include "hpsocket/testing/harness/variant.h"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <system_error>

namespace hpsocket::harness {
namespace {

Variant g_variant;

// With the flags that tell a kernel of 6.1 or later; spelled out for older headers.
constexpr unsigned kSingleIssuer = 1u << 12;
constexpr unsigned kDeferTaskrun = 1u << 13;

bool ParsePort(std::string_view text) {
  if (text == "io_uring") {
    g_variant.port = IO_URING;
  } else if (text == "epoll") {
    g_variant.port = IO_EPOLL;
  } else if (text == "auto") {
    g_variant.port = IO_AUTO;
  } else {
    return false;
  }
  return true;
}

bool ParseWorkers(std::string_view text) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), g_variant.workers);
  return error == std::errc() && end == text.data() + text.size() && g_variant.workers >= 1 &&
         g_variant.workers <= 500;
}

}  // namespace

const Variant& CurrentVariant() { return g_variant; }

bool ParseVariant(int argc, char** argv, std::string* error) {
  constexpr std::string_view kPort = "--port=";
  constexpr std::string_view kWorkers = "--workers=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    bool good = true;
    if (argument.substr(0, kPort.size()) == kPort) {
      good = ParsePort(argument.substr(kPort.size()));
    } else if (argument.substr(0, kWorkers.size()) == kWorkers) {
      good = ParseWorkers(argument.substr(kWorkers.size()));
    } else {
      good = argument.substr(0, 8) == "--gtest_" || argument.substr(0, 11) == "--internal_";
    }
    if (!good) {
      *error = "unknown argument " + std::string(argument) +
               "; --port=io_uring|epoll|auto --workers=1..500 --gtest_*";
      return false;
    }
  }
  return true;
}

std::string WhyVariantCannotRun() {
  if (g_variant.port != IO_URING) return "";
  io_uring_params params;
  std::memset(&params, 0, sizeof(params));
  params.flags = kSingleIssuer | kDeferTaskrun;
  const long ring = syscall(__NR_io_uring_setup, 8, &params);
  if (ring >= 0) {
    close(static_cast<int>(ring));
    return "";
  }
  return std::string("this kernel gives no io_uring (6.1 or later is needed): ") + std::strerror(errno);
}

}  // namespace hpsocket::harness
