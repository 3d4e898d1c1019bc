// Internal to core. Tests only.
//
// A test's own end of a simulated connection: a plain socket of the simulated kernel, on which nothing
// is made to fail. Methods that wait step the world meanwhile.
//
// Threads:  the world's one thread.
// Errors:   counts and results are negative errnos on failure; -EAGAIN: not within the patience.
#ifndef HPSOCKET_CORE_IO_FAKE_PEER_H_
#define HPSOCKET_CORE_IO_FAKE_PEER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "hpsocket/core/io/fake_world.h"

namespace hpsocket::core {

class FakePeer {
 public:
  // Virtual time that a wait may take.
  static constexpr Duration kPatience = std::chrono::minutes(1);

  explicit FakePeer(FakeWorld& world) : world_(world) {}
  FakePeer(const FakePeer&) = delete;
  FakePeer& operator=(const FakePeer&) = delete;
  ~FakePeer() { Close(); }

  // --- Connecting ---
  // Begins only: 0, or why not.
  int StartConnect(const Address& address);
  int Connect(const Address& address, Duration patience = kPatience);

  // --- Listening ---
  int Listen(const Address& address, int backlog = 128);
  std::unique_ptr<FakePeer> TryAccept();  // null: nobody waits
  std::unique_ptr<FakePeer> Accept(Duration patience = kPatience);

  // --- Bytes ---
  int64_t TrySend(const char* data, size_t length);
  int64_t TryReceive(char* data, size_t length);
  // Sends all of it: the bytes that were taken, which are fewer if the connection or the patience ends.
  size_t Send(const std::string& bytes, Duration patience = kPatience);
  // Receives `length` bytes, or fewer if the stream or the patience ends before.
  std::string Receive(size_t length, Duration patience = kPatience);
  // Throws bytes away until the stream ends: 0 after a FIN, or the errno.
  int64_t AwaitEnd(Duration patience = kPatience);

  // --- Ending ---
  void ShutdownWrite();
  void Reset();
  void Close();

  // --- Nuisance ---
  // Nothing passes any more in either direction, as if the machine had been unplugged; or again.
  void SetSilent(bool silent) { world_.kernel().SetSilent(fd_, silent); }
  // Sizes of this end's buffers, from now on.
  void SetBuffers(int send, int receive);

  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  Address local_address() const;

 private:
  int fd_ = -1;
  FakeWorld& world_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_PEER_H_
