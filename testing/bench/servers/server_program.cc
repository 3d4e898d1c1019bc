#include "hpsocket/testing/bench/servers/server_program.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"

ABSL_FLAG(uint32_t, workers, 1, "server threads");
ABSL_FLAG(uint32_t, buffers, 256, "receive buffers of the raw io_uring loop's group, a power of two");
ABSL_FLAG(uint32_t, buffer_size, 4096, "bytes of a receive buffer");
ABSL_FLAG(uint32_t, receive_buffer, 0, "SO_RCVBUF of a UDP socket; 0: the system's");
ABSL_FLAG(bool, reuse_port, false,
          "raw loops: a listening socket for each, in place of dealing connections out");
ABSL_FLAG(bool, foreign, false, "ours and raw loops: answer from a thread of the application");
ABSL_FLAG(bool, dismiss, false, "ours and raw loops: close a connection once its answer is out");

namespace hpsocket::bench {
namespace {

constexpr int kBacklog = 4096;

int Listen(uint16_t port, bool together) {
  const int fd = Must(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  const int on = 1;
  Must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), "SO_REUSEADDR");
  if (together) Must(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)), "SO_REUSEPORT");
  Must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Must(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "bind");
  Must(listen(fd, kBacklog), "listen");
  return fd;
}

}  // namespace

int Must(int result, const char* what) {
  if (result < 0) {
    const int error = result == -1 ? errno : -result;
    std::fprintf(stderr, "%s: %s\n", what, std::strerror(error));
    std::exit(1);
  }
  return result;
}

ServerOptions ParseServerFlags(int argc, char** argv, const char* usage) {
  absl::SetProgramUsageMessage(usage);
  absl::ParseCommandLine(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  ServerOptions options;
  options.workers = absl::GetFlag(FLAGS_workers);
  options.buffers = absl::GetFlag(FLAGS_buffers);
  options.buffer_size = absl::GetFlag(FLAGS_buffer_size);
  options.receive_buffer = absl::GetFlag(FLAGS_receive_buffer);
  options.reuse_port = absl::GetFlag(FLAGS_reuse_port);
  options.foreign = absl::GetFlag(FLAGS_foreign);
  options.dismiss = absl::GetFlag(FLAGS_dismiss);
  return options;
}

int ListenOnLoopback(uint16_t port) { return Listen(port, false); }

int ListenTogether(uint16_t port) { return Listen(port, true); }

int ReceiveOnLoopback(const ServerOptions& options) {
  const int fd = Must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Must(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "bind");
  if (options.receive_buffer == 0) return fd;
  const int size = static_cast<int>(options.receive_buffer);
  Must(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), "SO_RCVBUF");
  return fd;
}

uint16_t PortOf(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  Must(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

void AnnounceReady(uint16_t port) {
  std::printf("ready %u\n", unsigned{port});
  std::fflush(stdout);
}

void RunWorkers(unsigned workers, const std::function<void(unsigned)>& loop) {
  std::vector<std::thread> threads;
  for (unsigned worker = 1; worker < workers; ++worker) threads.emplace_back(loop, worker);
  loop(0);
  for (std::thread& thread : threads) thread.join();
}

std::vector<int> ListeningSockets(const ServerOptions& options) {
  std::vector<int> sockets = {options.reuse_port ? ListenTogether() : ListenOnLoopback()};
  const uint16_t port = PortOf(sockets.front());
  while (sockets.size() < options.workers) sockets.push_back(options.reuse_port ? ListenTogether(port) : -1);
  return sockets;
}

void RunLoopPerThread(unsigned workers, const std::function<void(int)>& loop) {
  const std::vector<int> sockets = ListeningSockets({.workers = workers, .reuse_port = true});
  AnnounceReady(PortOf(sockets.front()));
  RunWorkers(workers, [&](unsigned worker) { loop(sockets[worker]); });
}

}  // namespace hpsocket::bench
