// Public.
//
// The text of a component error.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_API_ERROR_MAP_H_
#define HPSOCKET_CORE_API_ERROR_MAP_H_

#include "hpsocket/core/api/enums.h"

namespace hpsocket {

// HP-Socket's fixed English text, valid for ever; "UNKNOWN ERROR" for any value that is not an
// enumerator. Never null.
// Spec: api §1
const char* GetSocketErrorDesc(EnSocketError code) noexcept;

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_ERROR_MAP_H_
