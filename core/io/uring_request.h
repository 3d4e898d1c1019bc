// Internal to core.
//
// What a UringPort writes into a request's user_data to know its completion again: the operation's
// address, and in the low bits, which alignment leaves free, what kind of operation it is.
//
// No generation is needed: an operation ends with its own last completion only, and a cancel of it is
// always queued, so executed, before whatever is submitted for it afterwards.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_URING_REQUEST_H_
#define HPSOCKET_CORE_IO_URING_REQUEST_H_

#include <cstdint>

#include "hpsocket/core/io/operation.h"

namespace hpsocket::core {

enum class RequestKind : uint8_t {
  kUnheard = 0,  // cancels and closes: they answer only when they fail, and then nobody minds
  kAccept,
  kConnect,
  kReceive,
  kSend,
  kWake,
  kReadiness,
};

inline constexpr uint64_t kRequestKindMask = 7;
static_assert(alignof(Operation) > kRequestKindMask);

template <class OperationType>
uint64_t RequestTag(OperationType& operation, RequestKind kind) {
  return static_cast<uint64_t>(reinterpret_cast<uintptr_t>(&operation)) | static_cast<uint64_t>(kind);
}

inline RequestKind KindOfRequest(uint64_t tag) { return static_cast<RequestKind>(tag & kRequestKindMask); }

template <class OperationType>
OperationType& OperationOfRequest(uint64_t tag) {
  return *reinterpret_cast<OperationType*>(static_cast<uintptr_t>(tag & ~kRequestKindMask));
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_REQUEST_H_
