// Public.
//
// What an application can do with a component: IServer and IAgent handle many connections, each
// named by its ID, and share IComplexSocket; IClient is one connection.
//
// Threads:  every method from any thread and inside any callback. What Start, Stop, Wait and
//           destruction do inside a callback is said there.
// Owner:    the application owns the component and its listener. Pointers passed in are read during
//           the call only; an "extra" is the application's own and never touched.
// Lifetime: the listener outlives the component. Destroying a running component stops it; doing so
//           inside one of its own callbacks ends the process with a message that says so.
// Order:    a Send that returned before another began, in whatever threads, comes first; what one
//           call sends is contiguous on the stream.
// Errors:   false = failed. Start and Stop then set the component error (GetLastError). Send*, Connect
//           and Disconnect* leave the reason in the calling thread's errno, never 0; on servers and
//           agents they leave the component error alone, on clients they set it too. Getters that
//           return false set neither, unless they say so. No method throws.
// Units:    bytes and milliseconds; ports in host byte order.
#ifndef HPSOCKET_CORE_API_SOCKET_INTERFACES_H_
#define HPSOCKET_CORE_API_SOCKET_INTERFACES_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket {

// What servers and agents share.
//
// Settings are stored at once, checked and used by the next Start (a value out of range makes that
// Start fail with SE_INVALID_PARAM) and kept over Stop; getters give what was set. The exceptions,
// SetMarkSilence and PauseReceive, work at once.
class IComplexSocket {
 public:
  virtual ~IComplexSocket() = default;

  // Ends every connection, unsent data included (OnClose for each), then OnShutdown on the calling
  // thread, then SS_STOPPED. When it returns, no callback runs or will run, every descriptor is
  // closed and the port can be bound again. It waits for running callbacks, for nothing else: an
  // application must not hold a lock that its callbacks take.
  // Inside a callback of this component: true at once, and the rest happens asynchronously, with
  // OnShutdown on the component's last thread. Inside an event of its own Start it makes that Start
  // fail with SE_ILLEGAL_STATE and ECANCELED.
  // False, SE_ILLEGAL_STATE when not starting or started; another Stop may still be under way (Wait).
  // Spec: §2.2.2, decisions 2.4, 2.5
  virtual bool Stop() = 0;

  // Waits until the component is stopped: at most `timeout_ms`, for ever if -1. True when it is, also
  // if it was never started. False when the time is over (errno ETIMEDOUT, no component error), and
  // SE_ILLEGAL_STATE inside one of its own callbacks, or where components whose callbacks wait for each
  // other would wait in a circle.
  // Spec: decisions 2.4, decisions §8
  virtual bool Wait(int timeout_ms = -1) = 0;

  // Sends `length` bytes from `data` + `offset`; the offset is not part of the length. True means
  // accepted: the bytes may be reused at once and OnSend reports them when the kernel has taken them.
  // Inside OnReceive, data that points into what is being received is referred to, not copied.
  // TCP: length 0 is true and sends nothing. UDP: one call is one datagram of 1 ..
  // MaxDatagramSize bytes.
  // errno: EBADSLT unknown, closing or closed ID, component not started. EPERM not connected yet.
  // EINVAL null data with a length, negative length or offset, UDP length 0. EMSGSIZE datagram too
  // long, or more than MaxPendingLength in one call. ENOBUFS MaxPendingLength or MaxPendingTotal
  // reached. ENOMEM. Under SP_DIRECT also the kernel's error; OnError follows, on the worker.
  // Spec: §2.2.1, §2.3.1, api §6.6, decisions 4.2, 4.3, 4.6, 4.7
  virtual bool Send(CONNID conn_id, const uint8_t* data, int length, int offset = 0) = 0;

  // Sends `count` pieces as one: contiguous on a stream, one datagram on UDP, all or nothing. Empty
  // pieces are skipped. errno as Send; EINVAL also if `count` <= 0 or `buffers` is null.
  // Spec: §2.2.1, §2.3.1, api §6.6, decisions 4.6
  virtual bool SendPackets(CONNID conn_id, const WSABUF buffers[], int count) = 0;

  // Closes a connection from our side; OnClose follows on its worker (not after OnReceive only under
  // RP_PARALLEL). Forced: at once, unsent data is lost. Not forced, TCP: what Send had accepted goes
  // out, then FIN; OnClose when the peer closes too, or after GracefulTimeout. Until then OnReceive
  // goes on and Send fails with EBADSLT; a forced call ends it early. UDP ignores `force`, and the
  // peer is not told. A connection that is still connecting gets OnClose without OnConnect.
  // errno: EBADSLT unknown or closed ID, and closing unless `force` shortens a graceful close.
  // Spec: §2.2.1, §2.3.1, api §6.5, decisions 4.4
  virtual bool Disconnect(CONNID conn_id, bool force = true) = 0;

  // Disconnect for every connection that is at least `period_ms` old; 0 means all. False, EBADSLT if
  // there is none; ENOMEM if they cannot be listed.
  // Spec: §2.2.1, §2.3.1, §4.2, api §6.5
  virtual bool DisconnectLongConnections(uint32_t period_ms, bool force = true) = 0;

  // Disconnect for every connection that has received nothing for at least `period_ms`. False,
  // EBADSLT if there is none; EPERM while MarkSilence is off.
  // Spec: §2.2.1, §2.3.1, §4.2, api §6.5
  virtual bool DisconnectSilenceConnections(uint32_t period_ms, bool force = true) = 0;

  // Stops (true) or resumes reading from a connection; works at once. From inside its OnReceive no
  // further OnReceive follows the running one; from elsewhere at most the running one. What was
  // already read is kept and delivered first on resume, byte for byte. While paused, the peer's close
  // is noticed only on resume, by a failing send, by keep-alive or by our Disconnect.
  // False: EBADSLT unknown or closing ID; EPERM not connected yet, and on UDP, which cannot pause.
  // Spec: decisions 4.3
  virtual bool PauseReceive(CONNID conn_id, bool pause = true) = 0;
  // False if the ID is unknown, closing or not connected yet, and on UDP.
  // Spec: decisions §8
  virtual bool IsPauseReceive(CONNID conn_id, bool& paused) = 0;

  // One pointer of the application per connection, null at first; never freed by the library. Works
  // from OnAccept or OnConnect through OnClose or OnError, of an asynchronous Connect from its return
  // on; false before and after, and if `extra` of the getter is null.
  // Spec: §2.1.5, api §6.9
  virtual bool SetConnectionExtra(CONNID conn_id, void* extra) = 0;
  virtual bool GetConnectionExtra(CONNID conn_id, void** extra) = 0;

  // True in SS_STARTED and SS_STARTING.
  // Spec: §2.2.1, §2.3.1, api §2.1
  virtual bool HasStarted() = 0;
  // Spec: §2.2.1, §2.3.1, api §6.1
  virtual EnServiceState GetState() = 0;
  // Connections with an ID: connecting ones and those inside OnAccept or OnClose included.
  // Spec: §2.2.1, §2.3.1, api §2.1
  virtual uint32_t GetConnectionCount() = 0;
  // `count`: in, how many fit into `ids`; out, how many there are. False, with only `count` set, if
  // `ids` is null or too small.
  // Spec: §2.2.1, §2.3.1, api §2.1
  virtual bool GetAllConnectionIDs(CONNID ids[], uint32_t& count) = 0;
  // Age of a connection. False if it is unknown or closing.
  // Spec: §2.2.1, §2.3.1, §4.2, api §2.1
  virtual bool GetConnectPeriod(CONNID conn_id, uint32_t& period_ms) = 0;
  // Time since the last byte came in, or since it was connected; sending does not count. False if
  // it is unknown or closing, and while MarkSilence is off.
  // Spec: §2.2.1, §2.3.1, §4.2, api §6.8
  virtual bool GetSilencePeriod(CONNID conn_id, uint32_t& period_ms) = 0;
  // The peer, as text without brackets; an IPv4 peer of a dual-stack socket as IPv4. `address_length`:
  // in, room in `address`; out, length with the final NUL. 64 bytes are always enough. False if the
  // room is too small (`address_length` and `port` are set) or the ID unknown. Works through OnClose
  // and OnError.
  // Spec: §2.2.1, §2.3.1, api §2.1, decisions §5
  virtual bool GetRemoteAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) = 0;

  // The last failure of Start or Stop; a success does not clear it. The text is valid for ever.
  // Spec: §2.2.1, §2.3.1, api §1
  virtual EnSocketError GetLastError() = 0;
  virtual const char* GetLastErrorDesc() = 0;
  // What precisely went wrong in this thread's last failing call, in words; "" if there is nothing
  // to add. Valid until this thread's next call of the library.
  // Spec: decisions §8
  virtual const char* GetLastErrorDetail() = 0;

  // Bytes that Send accepted and whose send has not completed, at most INT_MAX. False if the ID is
  // unknown or closing.
  // Spec: §2.1.2, decisions 4.2
  virtual bool GetPendingDataLength(CONNID conn_id, int& pending) = 0;
  // False, EINVAL if `stats.size` was not set. Works in every state.
  // Spec: decisions §8
  virtual bool GetStats(HP_Stats& stats) = 0;

  // Default SP_PACK.
  // Spec: §2.1.2, api §2.1
  virtual void SetSendPolicy(EnSendPolicy send_policy) = 0;
  // Default RP_SERIAL.
  // Spec: §2.1.3, api §2.1
  virtual void SetRecvPolicy(EnRecvPolicy recv_policy) = 0;
  // Default 10000 ms, 0 .. 0x7FFFFFFF. No effect: IDs and memory are safe without a delay.
  // Spec: api §2.1, decisions 2.9
  virtual void SetFreeSocketObjLockTime(uint32_t lock_time_ms) = 0;
  // Connection objects kept when idle. Default 150, 0 .. 0x7FFFFFFF.
  // Spec: api §2.1, decisions 2.9
  virtual void SetFreeSocketObjPool(uint32_t pool) = 0;
  // Buffers kept when idle. Default 300, 0 .. 0x7FFFFFFF.
  // Spec: api §2.1, decisions 2.9
  virtual void SetFreeBufferObjPool(uint32_t pool) = 0;
  // Free connection objects above this go back to the system at once. Default 450, at least Pool.
  // Spec: api §2.1, decisions 2.9
  virtual void SetFreeSocketObjHold(uint32_t hold) = 0;
  // Free buffers above this go back to the system at once. Default 900, at least Pool.
  // Spec: api §2.1, decisions 2.9
  virtual void SetFreeBufferObjHold(uint32_t hold) = 0;
  // Threads that run callbacks. Default: the CPUs this process may run on; 1 .. 500.
  // Spec: §2.2.1, §2.3.1, decisions 3.1
  virtual void SetWorkerThreadCount(uint32_t worker_thread_count) = 0;
  // Default 15000 ms, 0 .. 0x7FFFFFFF. No effect: Stop waits for running callbacks only.
  // Spec: api §2.1, decisions 2.9
  virtual void SetMaxShutdownWaitTime(uint32_t wait_time_ms) = 0;
  // Whether silence is recorded, see GetSilencePeriod; works at once. Default false.
  // Spec: §4.2, decisions 2.1
  virtual void SetMarkSilence(bool mark_silence) = 0;

  virtual EnSendPolicy GetSendPolicy() = 0;
  virtual EnRecvPolicy GetRecvPolicy() = 0;
  virtual uint32_t GetFreeSocketObjLockTime() = 0;
  virtual uint32_t GetFreeSocketObjPool() = 0;
  virtual uint32_t GetFreeBufferObjPool() = 0;
  virtual uint32_t GetFreeSocketObjHold() = 0;
  virtual uint32_t GetFreeBufferObjHold() = 0;
  virtual uint32_t GetWorkerThreadCount() = 0;
  virtual uint32_t GetMaxShutdownWaitTime() = 0;
  virtual bool IsMarkSilence() = 0;

  // Default IO_AUTO. A set value beats the environment's HPSOCKET_PORT. What cannot be had makes
  // Start fail with SE_CP_CREATE; GetLastErrorDetail says why.
  // Spec: decisions §8
  virtual void SetIoBackend(EnIoBackend backend) = 0;
  virtual EnIoBackend GetIoBackend() = 0;
  // Which one is in use and why, one line; "" before the first Start. Valid until
  // this thread's next call of the library.
  // Spec: decisions §8
  virtual const char* GetIoBackendDesc() = 0;

  // Most bytes that may wait in one connection, those whose OnSend is still to come included. A call of
  // its worker and one of another thread, made at the same moment, may pass it together.
  // Default 64 MiB; 0 = unlimited.
  // Spec: decisions 4.3
  virtual void SetMaxPendingLength(uint64_t length = 64u << 20) = 0;
  virtual uint64_t GetMaxPendingLength() = 0;
  // The same for the whole component. Default: a quarter of the memory that this machine or cgroup
  // has, in a 32-bit program at most 1 GiB; 0 = unlimited.
  // Spec: decisions 4.3
  virtual void SetMaxPendingTotal(uint64_t length) = 0;
  virtual uint64_t GetMaxPendingTotal() = 0;
  // How long a graceful close may take. Default 10000 ms, 0 .. 0x7FFFFFFF.
  // Spec: decisions 4.4, 4.8
  virtual void SetGracefulTimeout(uint32_t timeout_ms = 10000) = 0;
  virtual uint32_t GetGracefulTimeout() = 0;
  // Callbacks that take longer are counted (GetStats), and the first of each kind is named in the log.
  // Default 0 ms = not measured, at most 0x7FFFFFFF.
  // Spec: decisions §8
  virtual void SetSlowCallbackTime(uint32_t time_ms = 0) = 0;
  virtual uint32_t GetSlowCallbackTime() = 0;
  // How long a worker spins before it sleeps: latency for CPU. Default 0 us, at most 1000.
  // Spec: decisions §8
  virtual void SetBusyPoll(uint32_t time_us = 0) = 0;
  virtual uint32_t GetBusyPoll() = 0;
  // TCP_NODELAY. Default true; no effect on UDP.
  // Spec: decisions §8
  virtual void SetNoDelay(bool no_delay = true) = 0;
  virtual bool IsNoDelay() = 0;
  // Most connections at a time, lingering ones included; 0 = no limit. Default 0, UDP 1000000. Past
  // it TCP servers reset new connections without OnAccept, agents' Connect fails with ENOSR, UDP
  // servers close the session that was silent longest; all counted in GetStats.
  // Spec: decisions 6.5, 4.6
  virtual void SetMaxConnectionCount(uint32_t max_connections) = 0;
  virtual uint32_t GetMaxConnectionCount() = 0;
  // A connection that neither received nor sent for this long is closed (OnClose). Default 0 ms = off,
  // at most 0x7FFFFFFF.
  // Spec: decisions §8
  virtual void SetMaxIdleTime(uint32_t time_ms = 0) = 0;
  virtual uint32_t GetMaxIdleTime() = 0;
};

class IServer : public IComplexSocket {
 public:
  // Binds, listens and starts the workers. `bind_address` is an IPv4 or IPv6 literal ("0.0.0.0";
  // "::" takes both families; a scope id is accepted), never a name. Port 0: any; GetListenAddress
  // tells which. OnPrepareListen comes once, on this thread, before the socket is bound; not at all when
  // there is none, for example because `bind_address` is no literal.
  // False: SE_INVALID_PARAM a setting is out of range; SE_ILLEGAL_STATE not stopped, or inside one of
  // its own callbacks (both leave a running component alone, no event). A later step that fails
  // leaves its own error and its errno, gives OnShutdown and returns to SS_STOPPED.
  // Spec: §2.2.2, api §2.13, api §6.1, decisions §2, decisions §5
  virtual bool Start(const char* bind_address, uint16_t port) = 0;

  // The listening socket's address; inside OnPrepareListen the one asked for. Room as in
  // GetRemoteAddress. False when stopped.
  // Spec: §2.2.1, api §2.2, decisions 2.3
  virtual bool GetListenAddress(char address[], int& address_length, uint16_t& port) = 0;
};

class IAgent : public IComplexSocket {
 public:
  // Starts the workers; connections are made by Connect. `bind_address`: local address of every
  // connection, IPv4 or IPv6 literal, null for any. `async_connect` is how Connect works. No event.
  // Errors as IServer::Start.
  // Spec: §2.1.4, §2.3.2, decisions 2.2, decisions §5
  virtual bool Start(const char* bind_address = nullptr, bool async_connect = false) = 0;

  // Connects to a literal or a name; all addresses of a name are tried in order, with one
  // OnPrepareConnect each. `conn_id` is 0 first and set before OnPrepareConnect.
  // Synchronous: true after OnConnect on this thread, within SyncConnectTimeout once the name is
  // resolved. Asynchronous: true at once, then exactly one of OnConnect, OnError(SO_CONNECT) and, if
  // our Disconnect or Stop came first, OnClose; nothing blocks on a name.
  // False, after which no event comes for this ID: EPERM not started; EADDRNOTAVAIL null or empty
  // address, unresolvable (if synchronous); ECANCELED HR_ERROR or Stop; ENOSR MaxConnectionCount;
  // ETIMEDOUT; or what connecting gave.
  // Spec: §2.1.4, api §6.10, decisions §5
  virtual bool Connect(const char* remote_address, uint16_t port, CONNID* conn_id = nullptr) = 0;

  // Our side of a connection; as GetRemoteAddress.
  // Spec: §2.3.1, api §2.5
  virtual bool GetLocalAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) = 0;
  // The document's spelling.
  // Spec: §2.3.1, decisions 1.2
  bool GetLocaleAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) {
    return GetLocalAddress(conn_id, address, address_length, port);
  }

  // Bounds a synchronous Connect after resolving. Default 10000 ms, 1 .. 0x7FFFFFFF.
  // Spec: decisions §5
  virtual void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) = 0;
  virtual uint32_t GetSyncConnectTimeout() = 0;
};

// One connection per object. Settings as IComplexSocket's: used by the next Start, kept over Stop.
class IClient {
 public:
  virtual ~IClient() = default;

  // Connects to a literal or a name; all addresses of a name are tried in order, with one
  // OnPrepareConnect each. Only when stopped.
  // Synchronous: OnPrepareConnect and OnConnect on this thread, then true, SS_STARTED; within
  // SyncConnectTimeout once the name is resolved. Asynchronous: true at once in SS_STARTING, then
  // exactly one of OnConnect (SS_STARTED when it has returned), OnError(SO_CONNECT) and, if Stop came
  // first, OnClose. UDP Cast ignores `async_connect`.
  // After OnClose or OnError the client stops by itself: a little later it is SS_STOPPED.
  // False, after which no event comes: SE_INVALID_PARAM a setting is out of range; SE_ILLEGAL_STATE
  // not stopped, or inside one of its own callbacks; SE_SOCKET_CREATE; SE_SOCKET_PREPARE, ECANCELED;
  // SE_CONNECT_SERVER with EADDRNOTAVAIL (no address, or unresolvable if synchronous), ETIMEDOUT or what
  // connecting gave; SE_CP_CREATE; SE_WORKER_THREAD_CREATE. errno has the reason.
  // Spec: §2.1.4, §2.4.2, api §6.11, decisions §2, decisions §5
  virtual bool Start(const char* remote_address, uint16_t port, bool async_connect = false) = 0;
  // The document's second name of Start.
  // Spec: §2.4.1, decisions 1.2
  bool Connect(const char* remote_address, uint16_t port, bool async_connect = false) {
    return Start(remote_address, port, async_connect);
  }

  // Ends the connection, unsent data included; OnClose on the calling thread, with extra, addresses,
  // Fetch and Peek still working; then SS_STOPPED. When it returns, no callback runs or will run.
  // A client that was still connecting asynchronously gets OnClose too.
  // Inside a callback of this client: true at once, OnClose follows on the client's own thread.
  // Inside OnPrepareConnect or OnConnect that Start itself runs: that Start fails with
  // SE_ILLEGAL_STATE and ECANCELED. Inside OnClose or OnError: true when the connection has ended by
  // itself (the peer, an error, HR_ERROR): no event follows, what was still to be sent is lost.
  // False, SE_ILLEGAL_STATE when not starting or started, so also inside OnClose or OnError when a
  // Stop or the destructor is at work.
  // Spec: §2.4.2, decisions 2.4, 2.5, 3.5
  virtual bool Stop() = 0;

  // As IComplexSocket::Wait.
  // Spec: decisions 2.4, decisions §8
  virtual bool Wait(int timeout_ms = -1) = 0;

  // Sends `length` bytes from `data` + `offset`; the offset is not part of the length. True means
  // accepted: the bytes may be reused at once and OnSend reports them when the kernel has taken them.
  // TCP: length 0 is true and sends nothing. UDP: one call is one datagram of 1 ..
  // MaxDatagramSize bytes.
  // False sets errno and the component error. SE_ILLEGAL_STATE: EPERM not started or not connected
  // yet; EBADSLT closing. SE_INVALID_PARAM: EINVAL null data with a length, negative length or
  // offset, UDP length 0; EMSGSIZE datagram too long, or more than MaxPendingLength in one call;
  // ENOBUFS MaxPendingLength or MaxPendingTotal reached; ENOMEM.
  // Spec: §2.1.2, §2.4.1, api §6.6, decisions 4.6
  virtual bool Send(const uint8_t* data, int length, int offset = 0) = 0;

  // Sends `count` pieces as one: contiguous on a stream, one datagram on UDP, all or nothing. Empty
  // pieces are skipped. Errors as Send; EINVAL also if `count` <= 0 or `buffers` is null.
  // Spec: §2.4.1, api §6.6, decisions 4.6
  virtual bool SendPackets(const WSABUF buffers[], int count) = 0;

  // As IComplexSocket::PauseReceive. False: EPERM when not connected, and always on UDP.
  // Spec: decisions 4.3
  virtual bool PauseReceive(bool pause = true) = 0;
  // False when there is no connection.
  // Spec: decisions §8
  virtual bool IsPauseReceive(bool& paused) = 0;

  // One pointer of the application, null at first; kept over Stop and Start.
  // Spec: §2.1.5, api §2.7
  virtual void SetExtra(void* extra) = 0;
  virtual void* GetExtra() = 0;

  // True in SS_STARTED and SS_STARTING.
  // Spec: §2.4.1, api §2.7
  virtual bool HasStarted() = 0;
  // To reconnect, poll for SS_STOPPED from another thread, or Wait; then Start.
  // Spec: §2.4.1, §4.2, api §6.1
  virtual EnServiceState GetState() = 0;
  // The last failure; a success does not clear it. The text is valid for ever.
  // Spec: §2.4.1, api §1
  virtual EnSocketError GetLastError() = 0;
  virtual const char* GetLastErrorDesc() = 0;
  // As IComplexSocket::GetLastErrorDetail.
  // Spec: decisions §8
  virtual const char* GetLastErrorDetail() = 0;
  // Given by Start before OnPrepareConnect, kept after Stop until the next Start; 0 before the first.
  // Spec: §2.4.1, api §2.7
  virtual CONNID GetConnectionID() = 0;
  // Our side of the connection. `address_length`: in, room in `address`; out, length with the final
  // NUL; 64 bytes are always enough. False if the room is too small (`address_length` and `port` are
  // set) or there is no socket. Works through OnClose and OnError.
  // Spec: §2.4.1, api §2.7
  virtual bool GetLocalAddress(char address[], int& address_length, uint16_t& port) = 0;
  // The document's spelling.
  // Spec: §2.4.1, decisions 1.2
  bool GetLocaleAddress(char address[], int& address_length, uint16_t& port) {
    return GetLocalAddress(address, address_length, port);
  }
  // Bytes that Send accepted and whose send has not completed, at most INT_MAX; always set. False
  // when not started.
  // Spec: api §2.7, decisions 4.2
  virtual bool GetPendingDataLength(int& pending) = 0;
  // As IComplexSocket::GetStats.
  // Spec: decisions §8
  virtual bool GetStats(HP_Stats& stats) = 0;

  // Buffers kept when idle. Default 10, 0 .. 0x7FFFFFFF.
  // Spec: api §2.7, decisions 2.9
  virtual void SetFreeBufferPoolSize(uint32_t pool_size) = 0;
  // Free buffers above this go back to the system at once. Default 30, 0 .. 0x7FFFFFFF.
  // Spec: api §2.7, decisions 2.9
  virtual void SetFreeBufferPoolHold(uint32_t pool_hold) = 0;
  virtual uint32_t GetFreeBufferPoolSize() = 0;
  virtual uint32_t GetFreeBufferPoolHold() = 0;

  // The following as in IComplexSocket and IAgent.
  // Spec: decisions §8
  virtual void SetIoBackend(EnIoBackend backend) = 0;
  virtual EnIoBackend GetIoBackend() = 0;
  virtual const char* GetIoBackendDesc() = 0;
  virtual void SetMaxPendingLength(uint64_t length = 64u << 20) = 0;
  virtual uint64_t GetMaxPendingLength() = 0;
  virtual void SetMaxPendingTotal(uint64_t length) = 0;
  virtual uint64_t GetMaxPendingTotal() = 0;
  virtual void SetGracefulTimeout(uint32_t timeout_ms = 10000) = 0;
  virtual uint32_t GetGracefulTimeout() = 0;
  virtual void SetSlowCallbackTime(uint32_t time_ms = 0) = 0;
  virtual uint32_t GetSlowCallbackTime() = 0;
  virtual void SetBusyPoll(uint32_t time_us = 0) = 0;
  virtual uint32_t GetBusyPoll() = 0;
  virtual void SetNoDelay(bool no_delay = true) = 0;
  virtual bool IsNoDelay() = 0;
  virtual void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) = 0;
  virtual uint32_t GetSyncConnectTimeout() = 0;
};

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_SOCKET_INTERFACES_H_
