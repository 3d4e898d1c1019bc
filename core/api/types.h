// Public.
//
// The plain types that appear in signatures.
//
// Units:    lengths in bytes; ports in host byte order; text is UTF-8.
#ifndef HPSOCKET_CORE_API_TYPES_H_
#define HPSOCKET_CORE_API_TYPES_H_

#include <cstdint>

namespace hpsocket {

// Identifies one connection. Counts up from 1 through one counter for all components of the process,
// so a listener that serves several components can tell their connections apart. 0 is never valid.
// An ID may be skipped, and is not given out again while its connection lives.
// Spec: decisions 1.4
typedef std::uintptr_t CONNID;

// A socket descriptor. The application may set options on it and ask for its names; it neither
// reads, writes nor closes it.
// Spec: decisions §8
typedef int SOCKET;

// One piece of a SendPackets call. The call only reads the bytes and keeps nothing.
// Spec: decisions 1.3
struct WSABUF {
  uint32_t len;
  uint8_t* buf;
};
typedef WSABUF* LPWSABUF;

// Figures of one component. "Total" and all counters run from the last Start and keep their values
// after Stop; the rest are as of now. The fields are read one after another while traffic goes on,
// so they need not add up exactly. Fields that do not concern a component are 0.
// Spec: decisions §8
struct HP_Stats {
  // In: sizeof(HP_Stats) as the caller was compiled. Out: how many bytes were filled in, which is
  // less when the library is older than the caller; what lies beyond stays as it was.
  uint32_t size = static_cast<uint32_t>(sizeof(HP_Stats));
  uint32_t reserved = 0;

  uint64_t connections = 0;          // now, what GetConnectionCount gives
  uint64_t lingering = 0;            // now: the peer has closed, accepted bytes still go out
  uint64_t total_connections = 0;    // that got past OnAccept or OnConnect
  uint64_t refused_connections = 0;  // over MaxConnectionCount
  uint64_t failed_connections = 0;   // whose accept or connect did not succeed

  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;     // completed
  uint64_t receive_calls = 0;  // receive operations of the kernel
  uint64_t send_calls = 0;     // send operations of the kernel

  uint64_t pending_bytes = 0;  // now: accepted by Send, not yet reported by OnSend
  uint64_t pool_bytes = 0;     // now: memory of buffers and connections, the free ones that are kept included
  uint64_t pool_buffers = 0;   // now: buffers in use
  uint64_t leases = 0;         // now: received buffers that queued sends refer to

  uint64_t accept_errors = 0;     // EMFILE, ENFILE, ENOMEM and the like; accepting goes on
  uint64_t buffer_shortages = 0;  // receives that had to wait for a free buffer
  uint64_t cq_overflows = 0;      // completion queue overflows of the kernel

  uint64_t slow_callbacks = 0;        // that took longer than SlowCallbackTime
  uint64_t longest_callback_us = 0;   // the longest of these, microseconds
  uint64_t contained_exceptions = 0;  // that a listener threw

  uint64_t oversize_datagrams = 0;  // received, longer than MaxDatagramSize
  uint64_t kernel_drops = 0;        // datagrams that found the receive buffer full
  uint64_t dropped_datagrams = 0;   // queued for sending, refused by the kernel
  uint64_t evicted_sessions = 0;    // UDP sessions closed to stay within MaxConnectionCount
};

// Receives the library's messages: `level` is 0 information, 1 warning, 2 error; `message` is one
// line without its end and valid during the call; `user` is what was registered.
// Threads: whichever thread has something to say, one call at a time. It must not call the library
// and must not throw.
// Spec: decisions §8
typedef void (*HP_LogHandler)(int level, const char* message, void* user);

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_TYPES_H_
