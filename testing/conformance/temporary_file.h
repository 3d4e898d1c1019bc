// Internal to testing.
//
// A file that lives as long as the object, for SendSmallFile.
//
// Errors:   the constructor throws when it cannot write; gtest reports it as a failure.
#ifndef HPSOCKET_TESTING_CONFORMANCE_TEMPORARY_FILE_H_
#define HPSOCKET_TESTING_CONFORMANCE_TEMPORARY_FILE_H_

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace hpsocket::conformance {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    const char* const folder = std::getenv("TEST_TMPDIR");
    const std::string stem =
        std::string(folder != nullptr ? folder : "/tmp") + "/small_file_" + std::to_string(getpid()) + "_";
    // Not mkstemp: ThreadSanitizer follows descriptors from where they are made, and does not know that
    // it makes one; it then takes the number for the socket that had it before.
    static std::atomic<unsigned> next{0};
    int fd = -1;
    do {
      path_ = stem + std::to_string(next++);
      fd = open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    } while (fd < 0 && errno == EEXIST);
    if (fd < 0) throw std::runtime_error("no temporary file");
    close(fd);
    Write(content);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { Remove(); }

  const char* path() const { return path_.c_str(); }
  void Write(const std::string& content) {
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file << content;
    if (!file.flush()) throw std::runtime_error("cannot write " + path_);
  }
  void Forbid() { chmod(path_.c_str(), 0); }
  void Remove() { std::remove(path_.c_str()); }

 private:
  std::string path_;
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_TEMPORARY_FILE_H_
