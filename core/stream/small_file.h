// Internal to core.
//
// Reads the file of a SendSmallFile.
//
// Threads:  any; blocks on the file system.
// Units:    bytes.
// Spec: decisions 4.5, api §6.7
#ifndef HPSOCKET_CORE_STREAM_SMALL_FILE_H_
#define HPSOCKET_CORE_STREAM_SMALL_FILE_H_

#include <cstdint>
#include <vector>

namespace hpsocket::core {

inline constexpr uint64_t kMaxSmallFile = 4096 * 1024;

// 0, the errno of open or read, EINVAL for an empty file or what is no regular file, EFBIG.
int ReadSmallFile(const char* path, std::vector<uint8_t>* out);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_SMALL_FILE_H_
