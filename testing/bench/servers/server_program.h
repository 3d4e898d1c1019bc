// Internal to testing/bench. Tests only.
//
// What every server program of the benchmark shares: its flags, its socket, and the line that tells
// the driver its port. Each serves on 127.0.0.1 until it is killed.
//
// Threads:  main thread.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_SERVER_PROGRAM_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_SERVER_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace hpsocket::bench {

struct ServerOptions {
  unsigned workers = 1;
  unsigned buffers = 256;       // of the raw io_uring loop's group
  size_t buffer_size = 4096;    // of one receive
  unsigned receive_buffer = 0;  // of a UDP socket, in the kernel; 0: the system's
  bool reuse_port = false;      // the raw loops: a listening socket for each, in place of dealing out
  bool foreign = false;         // ours and the raw loops: a thread of the application answers
  bool dismiss = false;         // ours and the raw loops: close a connection once its answer is out
};

// Takes the flags of those names, and whatever flags the program has besides.
ServerOptions ParseServerFlags(int argc, char** argv, const char* usage);

// A listening socket on 127.0.0.1, non-blocking, with TCP_NODELAY for what it accepts. Port 0: any.
// Ends the program if that does not work.
int ListenOnLoopback(uint16_t port = 0);
// The same, for a port on which several sockets listen, one for each loop.
int ListenTogether(uint16_t port = 0);
// A UDP socket on 127.0.0.1, blocking, on any port.
int ReceiveOnLoopback(const ServerOptions& options);
uint16_t PortOf(int fd);

// Tells the driver.
void AnnounceReady(uint16_t port);

// Runs `loop(worker)` on that many threads, the first of which is this one. Never returns if they do not.
void RunWorkers(unsigned workers, const std::function<void(unsigned)>& loop);

// Runs `loop(listening_socket)` on that many threads, each with its own socket on one announced port.
void RunLoopPerThread(unsigned workers, const std::function<void(int)>& loop);

// Where each of the workers accepts: all on sockets of their own (--reuse_port), or the first one for all,
// and the others nowhere (-1).
std::vector<int> ListeningSockets(const ServerOptions& options);

// What a set-up call gives when it fails ends the program.
int Must(int result, const char* what);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_SERVER_PROGRAM_H_
