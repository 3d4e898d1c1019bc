#include "hpsocket/core/api/library.h"

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/version.h"

namespace hpsocket {

void HP_SetLogHandler(HP_LogHandler handler, void* user) noexcept { core::SetLogFunction(handler, user); }

uint32_t HP_GetHPSocketVersion() noexcept {
  constexpr uint32_t kMajor = HPSOCKET_CORE_VERSION / 10000;
  constexpr uint32_t kMinor = HPSOCKET_CORE_VERSION / 100 % 100;
  constexpr uint32_t kRevision = HPSOCKET_CORE_VERSION % 100;
  return kMajor << 24 | kMinor << 16 | kRevision << 8;
}

const char* HP_GetHPSocketVersionDesc() noexcept { return core::kVersion; }

}  // namespace hpsocket
