#include "hpsocket/core/stream/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

namespace hpsocket::core {
namespace {

class SmallFileTest : public testing::Test {
 protected:
  std::string Make(const char* name, size_t bytes) {
    const std::string path = testing::TempDir() + "/" + name;
    std::ofstream(path, std::ios::binary) << std::string(bytes, 'x');
    return path;
  }
  std::vector<uint8_t> out_;
};

TEST_F(SmallFileTest, ReadsOneByteAndTheLargest) {
  EXPECT_EQ(ReadSmallFile(Make("one", 1).c_str(), &out_), 0);
  EXPECT_EQ(out_.size(), 1u);
  EXPECT_EQ(ReadSmallFile(Make("largest", kMaxSmallFile).c_str(), &out_), 0);
  EXPECT_EQ(out_.size(), kMaxSmallFile);
  EXPECT_EQ(out_.back(), 'x');
}

TEST_F(SmallFileTest, RefusesEmptyAndTooLarge) {
  EXPECT_EQ(ReadSmallFile(Make("empty", 0).c_str(), &out_), EINVAL);
  EXPECT_EQ(ReadSmallFile(Make("toolarge", kMaxSmallFile + 1).c_str(), &out_), EFBIG);
  // More bytes than 32 bits count, and none of them on the disk.
  const std::string path = Make("fartoolarge", 0);
  std::filesystem::resize_file(path, (uint64_t{1} << 32) + 1);
  EXPECT_EQ(ReadSmallFile(path.c_str(), &out_), EFBIG);
  std::filesystem::remove(path);
}

TEST_F(SmallFileTest, SaysWhatTheSystemSays) {
  EXPECT_EQ(ReadSmallFile("/no/such/file", &out_), ENOENT);
  EXPECT_EQ(ReadSmallFile(testing::TempDir().c_str(), &out_), EISDIR);
  EXPECT_EQ(ReadSmallFile(nullptr, &out_), EINVAL);
}

TEST_F(SmallFileTest, AFifoDoesNotBlock) {
  const std::string path = testing::TempDir() + "/fifo";
  unlink(path.c_str());
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(ReadSmallFile(path.c_str(), &out_), EINVAL);
}

}  // namespace
}  // namespace hpsocket::core
