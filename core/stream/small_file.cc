// Where pointers have 32 bits a file may be larger than the C library's own off_t can say.
#define _FILE_OFFSET_BITS 64

#include "hpsocket/core/stream/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hpsocket::core {
namespace {

class File {
 public:
  // O_NONBLOCK: a FIFO by that name must not stop the caller.
  explicit File(const char* path) : fd_(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace

int ReadSmallFile(const char* path, std::vector<uint8_t>* out) {
  if (path == nullptr) return EINVAL;
  const File file(path);
  if (file.fd() < 0) return errno;
  struct stat info;
  if (fstat(file.fd(), &info) != 0) return errno;
  if (S_ISDIR(info.st_mode)) return EISDIR;
  if (!S_ISREG(info.st_mode) || info.st_size == 0) return EINVAL;
  if (static_cast<uint64_t>(info.st_size) > kMaxSmallFile) return EFBIG;
  out->resize(static_cast<size_t>(info.st_size));
  size_t done = 0;
  while (done < out->size()) {
    const ssize_t got = read(file.fd(), out->data() + done, out->size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;  // it has shrunk meanwhile
    done += static_cast<size_t>(got);
  }
  out->resize(done);
  return done == 0 ? EINVAL : 0;
}

}  // namespace hpsocket::core
