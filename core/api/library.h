// Public.
//
// What concerns the library and not one component.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_API_LIBRARY_H_
#define HPSOCKET_CORE_API_LIBRARY_H_

#include <cstdint>

#include "hpsocket/core/api/types.h"

namespace hpsocket {

// Sends the library's messages to `handler`; null restores the default, stderr. A message
// appears once per cause, never per connection. When this returns, the handler before it is not
// running and will not run. `user` is passed on as it is and must live until then.
// Spec: decisions §8
void HP_SetLogHandler(HP_LogHandler handler, void* user) noexcept;

// Version of the core that is running: major << 24 | minor << 16 | revision << 8 | build.
// Spec: api §7
uint32_t HP_GetHPSocketVersion() noexcept;

// The same as text, for example "1.0.0"; valid for ever.
// Spec: api §7
const char* HP_GetHPSocketVersionDesc() noexcept;

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_LIBRARY_H_
