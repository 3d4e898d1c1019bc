#include "hpsocket/core/facade/facade_calls.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <exception>
#include <system_error>

#include "absl/base/attributes.h"
#include "hpsocket/core/engine/engine_base.h"

namespace hpsocket::core {
namespace {

bool Readable(const WSABUF& piece) { return piece.buf != nullptr || piece.len == 0; }

// What an errno means in this library, where that is more than the system's text says.
const char* WordsFor(int error) {
  switch (error) {
    case EBADSLT:
      return "no such connection, or it is closing";
    case EPERM:
      return "not connected";
    case EMSGSIZE:
      return "longer than one call may be";
    case ENOBUFS:
      return "MaxPendingLength or MaxPendingTotal is reached";
    case ENOSR:
      return "MaxConnectionCount is reached";
    default:
      return nullptr;
  }
}

void SetDetail(int error, const char* detail) {
  if (detail == nullptr) detail = WordsFor(error);
  try {
    EngineBase::SetLastErrorDetail(detail != nullptr ? detail : std::generic_category().message(error));
  } catch (const std::exception&) {  // out of memory: errno alone has to do
  }
}

}  // namespace

ABSL_ATTRIBUTE_HOT const char* FaultInBytes(const uint8_t* data, int length, int offset) {
  if (length < 0) return "length is negative";
  if (offset < 0) return "offset is negative";
  if (data == nullptr && length > 0) return "data is null";
  return nullptr;
}

const char* FaultInPieces(const WSABUF buffers[], int count) {
  if (buffers == nullptr) return "buffers is null";
  if (count <= 0) return "count is not positive";
  if (!std::all_of(buffers, buffers + count, Readable)) return "a piece with a length has null data";
  return nullptr;
}

const char* FaultInFile(const char* file_name, const WSABUF* head, const WSABUF* tail) {
  if (file_name == nullptr) return "file name is null";
  if (head != nullptr && !Readable(*head)) return "head with a length has null data";
  if (tail != nullptr && !Readable(*tail)) return "tail with a length has null data";
  return nullptr;
}

ABSL_ATTRIBUTE_HOT bool Report(int error, const char* detail) {
  if (error == 0) return true;
  SetDetail(error, detail);
  errno = error;
  return false;
}

EnSocketError ClientErrorOf(int error) {
  return error == EPERM || error == EBADSLT ? SE_ILLEGAL_STATE : SE_INVALID_PARAM;
}

bool CopyAddress(const Address& from, char address[], int& address_length, uint16_t& port) {
  const Address shown = from.Unmapped();
  std::string text;
  try {
    text = shown.ToText();
  } catch (const std::exception&) {  // out of memory
    return false;
  }
  const int room = address == nullptr ? 0 : address_length;
  address_length = static_cast<int>(text.size()) + 1;
  port = shown.port();
  if (room < address_length) return false;
  std::memcpy(address, text.c_str(), text.size() + 1);
  return true;
}

bool CopyStats(const HP_Stats& from, HP_Stats& to) {
  const uint32_t room = to.size;
  if (room < offsetof(HP_Stats, connections)) return false;
  const uint32_t filled = std::min(room, static_cast<uint32_t>(sizeof(HP_Stats)));
  std::memcpy(&to, &from, filled);
  to.size = filled;
  return true;
}

int ClampToInt(uint64_t length) { return static_cast<int>(std::min<uint64_t>(length, INT_MAX)); }

const char* KeepForThisThread(absl::FunctionRef<std::string()> text) noexcept {
  static thread_local std::string kept;
  try {
    kept = text();
  } catch (const std::exception&) {  // out of memory
    kept.clear();
  }
  return kept.c_str();
}

}  // namespace hpsocket::core
