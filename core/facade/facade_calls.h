// Internal to core.
//
// What the facades do around a call of the engine, the same for every component: look at arguments
// whose types the engine does not take, and turn results into HP-Socket's protocols.
//
// Threads:  any.
// Errors:   positive errno values, which the public call leaves in errno as the last thing it does.
#ifndef HPSOCKET_CORE_FACADE_FACADE_CALLS_H_
#define HPSOCKET_CORE_FACADE_FACADE_CALLS_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

// What is wrong with the arguments of Send, SendPackets and SendSmallFile, in words; null if nothing.
const char* FaultInBytes(const uint8_t* data, int length, int offset);
const char* FaultInPieces(const WSABUF buffers[], int count);
const char* FaultInFile(const char* file_name, const WSABUF* head, const WSABUF* tail);

// True for 0; else false with `error` in errno, and `detail`, or words for `error`, for
// GetLastErrorDetail.
bool Report(int error, const char* detail = nullptr);

// What a client's failing Send leaves as its component error. Spec: api §6.6
EnSocketError ClientErrorOf(int error);

// The protocol of all address getters. Spec: api §2.1
bool CopyAddress(const Address& from, char address[], int& address_length, uint16_t& port);

// The protocol of HP_Stats::size: false when the caller did not set it.
bool CopyStats(const HP_Stats& from, HP_Stats& to);

// At most INT_MAX, as the historic signature holds no more.
int ClampToInt(uint64_t length);

// What `text` gives as a C string that stays valid until this thread's next call. Without memory for it: "".
const char* KeepForThisThread(absl::FunctionRef<std::string()> text) noexcept;

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_FACADE_CALLS_H_
