// Public.
//
// HP-Socket's enumerations, with its names and values. Each has the fixed type int, so a value out of
// range can be passed and is then refused (settings at Start) or described (errors).
#ifndef HPSOCKET_CORE_API_ENUMS_H_
#define HPSOCKET_CORE_API_ENUMS_H_

namespace hpsocket {

// State of a component; a new one is stopped. Both spellings of the last two are the same values.
// Spec: api §1, decisions 1.2
enum EnServiceState : int {
  SS_STARTING = 0,  // inside Start, or an asynchronous client that is not connected yet
  SS_STARTED = 1,
  SS_STOPPING = 2,  // OnShutdown still sees this one
  SS_STOPPED = 3,

  SS_STOPING = SS_STOPPING,
  SS_STOPED = SS_STOPPED,
};

// What had been going on when OnError was called.
// Spec: api §1
enum EnSocketOperation : int {
  SO_UNKNOWN = 0,
  SO_ACCEPT = 1,
  SO_CONNECT = 2,
  SO_SEND = 3,
  SO_RECEIVE = 4,
};

// What a listener returns. HR_OK and HR_IGNORE mean the same to the library.
// Spec: §1.4, api §1
enum EnHandleResult : int {
  HR_OK = 0,
  HR_IGNORE = 1,
  HR_ERROR = 2,  // ends the connection, or Start; each event says how
};

// Result of Fetch, Peek, PeekSpan and Find.
// Spec: §2.1.1, api §1
enum EnFetchResult : int {
  FR_OK = 0,
  FR_LENGTH_TOO_LONG = 1,  // less than asked for is there; nothing was copied or removed
  FR_DATA_NOT_FOUND = 2,   // no such connection, or an argument that makes no sense
};

// How sends of a server's or agent's connection leave. GetPendingDataLength is exact under each.
// Spec: §2.1.2, decisions 4.2
enum EnSendPolicy : int {
  SP_PACK = 0,    // queued; what has gathered leaves together
  SP_SAFE = 1,    // as SP_PACK, and the kernel holds at most about 64 KiB unsent per connection
  SP_DIRECT = 2,  // handed to the kernel by the calling thread; what it does not take is queued
};

// Whether OnClose and OnError may overtake an OnReceive of the same connection that is running.
// Spec: §2.1.3, decisions 3.2
enum EnRecvPolicy : int {
  RP_SERIAL = 0,    // never: one event of a connection at a time, in order
  RP_PARALLEL = 1,  // when our side closes: OnClose runs on another worker as soon as one is free
};

// The component error; GetSocketErrorDesc has the texts.
// Spec: api §1
enum EnSocketError : int {
  SE_OK = 0,             // nothing has failed yet; later successes do not restore it
  SE_ILLEGAL_STATE = 1,  // Start when not stopped, Stop when not started, client Send likewise
  SE_INVALID_PARAM = 2,  // a setting out of range or no listener at Start; what a client's Send refuses
  SE_SOCKET_CREATE = 3,
  SE_SOCKET_BIND = 4,
  SE_SOCKET_PREPARE = 5,  // OnPrepareListen or a client's OnPrepareConnect gave HR_ERROR
  SE_SOCKET_LISTEN = 6,
  SE_CP_CREATE = 7,  // no completion port, for example io_uring forced and forbidden
  SE_WORKER_THREAD_CREATE = 8,
  SE_DETECT_THREAD_CREATE = 9,  // kept for its value: there is no detector thread
  SE_SOCKE_ATTACH_TO_CP = 10,   // the historic spelling
  SE_CONNECT_SERVER = 11,       // a client could not resolve, connect or join
  SE_NETWORK = 12,              // a client's OnError
  SE_DATA_PROC = 13,            // a client's OnReceive gave HR_ERROR
  SE_DATA_SEND = 14,            // kept for its value
};

// Where a UDP Cast sends.
// Spec: api §1
enum EnCastMode : int {
  CM_MULTICAST = 0,
  CM_BROADCAST = 1,
};

// How a component talks to the kernel.
// Spec: decisions §8
enum EnIoBackend : int {
  IO_AUTO = 0,   // HPSOCKET_PORT if set, else io_uring where it can be had, else epoll
  IO_URING = 1,  // or Start fails with SE_CP_CREATE
  IO_EPOLL = 2,
};

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_ENUMS_H_
