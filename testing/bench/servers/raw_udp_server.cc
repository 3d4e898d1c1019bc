// The reference for our UDP server: the leanest loops that we know, with no framework around them.
// Receives block until there is something and take all that is there (recvmmsg), answers leave with one
// call (sendmmsg), and a blast leaves in messages that the kernel cuts (sendmsg with UDP_SEGMENT).
// Frozen: it changes only to become cheaper, since every ratio is taken against it.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "hpsocket/testing/bench/blast.h"
#include "hpsocket/testing/bench/servers/server_program.h"
#include "hpsocket/testing/harness/segmented_message.h"

ABSL_FLAG(std::string, task, "echo", "echo, count or blast");

namespace hpsocket::bench {
namespace {

constexpr int kBetweenLooks = 16;  // messages of a blast, before it looks for a note

// What one call receives or sends: datagrams with where they come from or go to.
class Batch {
 public:
  Batch(size_t count, size_t size)
      : size_(size), headers_(count), pieces_(count), names_(count), bytes_(count * size) {
    for (size_t i = 0; i < count; ++i) {
      pieces_[i] = {bytes_.data() + i * size, size};
      headers_[i].msg_hdr.msg_iov = &pieces_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
      headers_[i].msg_hdr.msg_name = &names_[i];
      headers_[i].msg_hdr.msg_namelen = sizeof(names_[i]);
    }
  }

  // How many datagrams.
  size_t Receive(int fd) {
    const int count =
        recvmmsg(fd, headers_.data(), static_cast<unsigned>(headers_.size()), MSG_WAITFORONE, nullptr);
    return static_cast<size_t>(Must(count, "recvmmsg"));
  }

  const uint8_t* data(size_t index) const { return static_cast<uint8_t*>(pieces_[index].iov_base); }
  size_t length(size_t index) const { return headers_[index].msg_len; }
  const sockaddr_in& from(size_t index) const { return names_[index]; }

  // Sends the first `count` back; what the kernel refuses is dropped.
  void Return(int fd, size_t count) {
    for (size_t i = 0; i < count; ++i) pieces_[i].iov_len = headers_[i].msg_len;
    for (size_t done = 0; done < count;) {
      const int sent = sendmmsg(fd, &headers_[done], static_cast<unsigned>(count - done), 0);
      done += sent > 0 ? static_cast<size_t>(sent) : 1;
    }
    for (size_t i = 0; i < count; ++i) pieces_[i].iov_len = size_;
  }

 private:
  const size_t size_;
  std::vector<mmsghdr> headers_;
  std::vector<iovec> pieces_;
  std::vector<sockaddr_in> names_;
  std::vector<uint8_t> bytes_;
};

void Answer(int fd, const sockaddr_in& to, const BlastNote& note) {
  Must(static_cast<int>(
           sendto(fd, note.bytes(), sizeof(note), 0, reinterpret_cast<const sockaddr*>(&to), sizeof(to))),
       "sendto");
}

[[noreturn]] void Echo(int fd, const ServerOptions& options) {
  Batch batch(options.buffers, options.buffer_size);
  for (;;) batch.Return(fd, batch.Receive(fd));
}

[[noreturn]] void Count(int fd, const ServerOptions& options) {
  Batch batch(options.buffers, options.buffer_size);
  BlastTally tally;
  for (;;) {
    const size_t count = batch.Receive(fd);
    for (size_t i = 0; i < count; ++i) {
      if (const auto note = BlastNote::From(batch.data(i), batch.length(i)); note) {
        Answer(fd, batch.from(i), note->AnswerWith(tally.count()));
      } else if (!tally.Take(batch.data(i), batch.length(i))) {
        std::fprintf(stderr, "a wrong datagram\n");
        std::exit(1);
      }
    }
  }
}

class Blast {
 public:
  explicit Blast(int fd) : fd_(fd) {}

  [[noreturn]] void Run() {
    for (;;) {
      std::optional<BlastNote> note = Next(0);
      while (note && note->wish == BlastNote::kStart) note = SendUntilNote(static_cast<size_t>(note->number));
      if (note) Answer(fd_, peer_, note->AnswerWith(sent_));
    }
  }

 private:
  std::optional<BlastNote> Next(int flags) {
    uint8_t bytes[sizeof(BlastNote) + 1];
    socklen_t length = sizeof(peer_);
    const ssize_t size =
        recvfrom(fd_, bytes, sizeof(bytes), flags, reinterpret_cast<sockaddr*>(&peer_), &length);
    return size < 0 ? std::nullopt : BlastNote::From(bytes, static_cast<size_t>(size));
  }

  // The note.
  std::optional<BlastNote> SendUntilNote(size_t datagram) {
    std::vector<uint8_t> bytes(harness::MostSegments(datagram) * datagram, 'b');
    harness::SegmentedMessage message(bytes.data(), bytes.size());
    message.CutInto(datagram);
    message.header()->msg_name = &peer_;
    message.header()->msg_namelen = sizeof(peer_);
    sent_ = 0;
    for (;;) {
      for (int i = 0; i < kBetweenLooks; ++i) {
        for (size_t at = 0; at < bytes.size(); at += datagram) NumberDatagram(&bytes[at], datagram, ++sent_);
        Must(static_cast<int>(sendmsg(fd_, message.header(), 0)), "sendmsg");
      }
      if (std::optional<BlastNote> note = Next(MSG_DONTWAIT); note) return note;
    }
  }

  const int fd_;
  sockaddr_in peer_{};
  uint64_t sent_ = 0;
};

void Main(const ServerOptions& options) {
  const int fd = ReceiveOnLoopback(options);
  AnnounceReady(PortOf(fd));
  const std::string task = absl::GetFlag(FLAGS_task);
  if (task == "count") Count(fd, options);
  if (task == "blast") Blast(fd).Run();
  Echo(fd, options);
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "UDP on loopback; bare loops, one thread."));
}
