#include "hpsocket/testing/harness/variant.h"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <system_error>

#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {
namespace {

Variant g_variant;
bool g_send_policy_named = false;
bool g_recv_policy_named = false;

// With the flags that tell a kernel of 6.1 or later; spelled out for older headers.
constexpr unsigned kSingleIssuer = 1u << 12;
constexpr unsigned kDeferTaskrun = 1u << 13;

bool ParsePort(std::string_view text) {
  if (text == "io_uring") {
    g_variant.port = IO_URING;
  } else if (text == "epoll") {
    g_variant.port = IO_EPOLL;
  } else if (text == "auto" || text == "simulated") {
    g_variant.port = IO_AUTO;
    g_variant.simulated = text == "simulated";
  } else {
    return false;
  }
  return true;
}

template <class Number>
bool ParseNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

bool ParseWorkers(std::string_view text) {
  return ParseNumber(text, &g_variant.workers) && g_variant.workers >= 1 && g_variant.workers <= 500;
}

bool ParseSeeds(std::string_view text) {
  const size_t dash = text.find('-');
  uint64_t last = 0;
  if (dash == std::string_view::npos || !ParseNumber(text.substr(0, dash), &g_variant.first_seed) ||
      !ParseNumber(text.substr(dash + 1), &last) || last < g_variant.first_seed) {
    return false;
  }
  g_variant.seeds = last - g_variant.first_seed + 1;
  return true;
}

bool ParseSendPolicy(std::string_view text) {
  g_send_policy_named = true;
  if (text == "pack") {
    g_variant.send_policy = SP_PACK;
  } else if (text == "safe") {
    g_variant.send_policy = SP_SAFE;
  } else if (text == "direct") {
    g_variant.send_policy = SP_DIRECT;
  } else {
    return false;
  }
  return true;
}

bool ParseRecvPolicy(std::string_view text) {
  g_recv_policy_named = true;
  if (text != "serial" && text != "parallel") return false;
  g_variant.recv_policy = text == "serial" ? RP_SERIAL : RP_PARALLEL;
  return true;
}

bool ParseDelivery(std::string_view text) {
  g_variant.push = text == "push";
  g_variant.pull = text == "pull";
  return g_variant.push || g_variant.pull;
}

struct Argument {
  std::string_view name;
  bool (*parse)(std::string_view value);
};

constexpr Argument kArguments[] = {
    {"--port=", ParsePort},
    {"--workers=", ParseWorkers},
    {"--send_policy=", ParseSendPolicy},
    {"--recv_policy=", ParseRecvPolicy},
    {"--delivery=", ParseDelivery},
    {"--seeds=", ParseSeeds},
};

bool IsGtests(std::string_view argument) {
  return argument.substr(0, 8) == "--gtest_" || argument.substr(0, 11) == "--internal_";
}

bool Parse(std::string_view argument) {
  for (const Argument& known : kArguments) {
    if (argument.substr(0, known.name.size()) == known.name) {
      return known.parse(argument.substr(known.name.size()));
    }
  }
  return IsGtests(argument);
}

int ErrorOfMakingARing() {
  io_uring_params params;
  std::memset(&params, 0, sizeof(params));
  params.flags = kSingleIssuer | kDeferTaskrun;
  const long ring = syscall(__NR_io_uring_setup, 8, &params);
  if (ring < 0) return errno;
  close(static_cast<int>(ring));
  return 0;
}

}  // namespace

const Variant& CurrentVariant() { return g_variant; }

void LeaveRestToSeed(uint64_t seed) {
  constexpr EnSendPolicy kSendPolicies[] = {SP_PACK, SP_SAFE, SP_DIRECT};
  if (!g_send_policy_named) g_variant.send_policy = kSendPolicies[seed % 3];
  if (!g_recv_policy_named) g_variant.recv_policy = seed / 3 % 2 == 0 ? RP_SERIAL : RP_PARALLEL;
}

bool ParseVariant(int argc, char** argv, std::string* error) {
  for (int i = 1; i < argc; ++i) {
    if (Parse(argv[i])) continue;
    *error = "unknown argument " + std::string(argv[i]) +
             "; --port=io_uring|epoll|auto|simulated --workers=1..500 --send_policy=pack|safe|direct "
             "--recv_policy=serial|parallel --delivery=push|pull --seeds=FIRST-LAST --gtest_*";
    return false;
  }
  return true;
}

std::string WhyVariantCannotRun() {
  if (g_variant.port != IO_URING) return "";
  int error = 0;
  // The kernel gives a ring's locked memory back some time after the ring has gone: no memory now is no
  // reason yet. A death test's child that took it for one would skip the test and exit in good health.
  RunUntil([&error] {
    error = ErrorOfMakingARing();
    return error != ENOMEM;
  });
  if (error == 0) return "";
  return std::string("this kernel gives no io_uring (6.1 or later is needed): ") + std::strerror(error);
}

}  // namespace hpsocket::harness
