#ifndef HPSOCKET_SDK_HPSOCKET_H_
#define HPSOCKET_SDK_HPSOCKET_H_
#ifndef HPSOCKET_SDK_SOCKETINTERFACE_H_
#define HPSOCKET_SDK_SOCKETINTERFACE_H_
#ifndef HPSOCKET_CAST_UDP_CAST_H_
#define HPSOCKET_CAST_UDP_CAST_H_
#include <cstdint>
#ifndef HPSOCKET_CORE_API_ENUMS_H_
#define HPSOCKET_CORE_API_ENUMS_H_
namespace hpsocket {
enum EnServiceState : int {
  SS_STARTING = 0,
  SS_STARTED = 1,
  SS_STOPPING = 2,
  SS_STOPPED = 3,
  SS_STOPING = SS_STOPPING,
  SS_STOPED = SS_STOPPED,
};
enum EnSocketOperation : int {
  SO_UNKNOWN = 0,
  SO_ACCEPT = 1,
  SO_CONNECT = 2,
  SO_SEND = 3,
  SO_RECEIVE = 4,
};
enum EnHandleResult : int {
  HR_OK = 0,
  HR_IGNORE = 1,
  HR_ERROR = 2,
};
enum EnFetchResult : int {
  FR_OK = 0,
  FR_LENGTH_TOO_LONG = 1,
  FR_DATA_NOT_FOUND = 2,
};
enum EnSendPolicy : int {
  SP_PACK = 0,
  SP_SAFE = 1,
  SP_DIRECT = 2,
};
enum EnRecvPolicy : int {
  RP_SERIAL = 0,
  RP_PARALLEL = 1,
};
enum EnSocketError : int {
  SE_OK = 0,
  SE_ILLEGAL_STATE = 1,
  SE_INVALID_PARAM = 2,
  SE_SOCKET_CREATE = 3,
  SE_SOCKET_BIND = 4,
  SE_SOCKET_PREPARE = 5,
  SE_SOCKET_LISTEN = 6,
  SE_CP_CREATE = 7,
  SE_WORKER_THREAD_CREATE = 8,
  SE_DETECT_THREAD_CREATE = 9,
  SE_SOCKE_ATTACH_TO_CP = 10,
  SE_CONNECT_SERVER = 11,
  SE_NETWORK = 12,
  SE_DATA_PROC = 13,
  SE_DATA_SEND = 14,
};
enum EnCastMode : int {
  CM_MULTICAST = 0,
  CM_BROADCAST = 1,
};
enum EnIoBackend : int {
  IO_AUTO = 0,
  IO_URING = 1,
  IO_EPOLL = 2,
};
}
#endif
#ifndef HPSOCKET_CORE_API_LISTENER_INTERFACES_H_
#define HPSOCKET_CORE_API_LISTENER_INTERFACES_H_
#include <cstdint>
#ifndef HPSOCKET_CORE_API_TYPES_H_
#define HPSOCKET_CORE_API_TYPES_H_
#include <cstdint>
namespace hpsocket {
typedef std::uintptr_t CONNID;
typedef int SOCKET;
struct WSABUF {
  uint32_t len;
  uint8_t* buf;
};
typedef WSABUF* LPWSABUF;
struct HP_Stats {
  uint32_t size = static_cast<uint32_t>(sizeof(HP_Stats));
  uint32_t reserved = 0;
  uint64_t connections = 0;
  uint64_t lingering = 0;
  uint64_t total_connections = 0;
  uint64_t refused_connections = 0;
  uint64_t failed_connections = 0;
  uint64_t bytes_received = 0;
  uint64_t bytes_sent = 0;
  uint64_t receive_calls = 0;
  uint64_t send_calls = 0;
  uint64_t pending_bytes = 0;
  uint64_t pool_bytes = 0;
  uint64_t pool_buffers = 0;
  uint64_t leases = 0;
  uint64_t accept_errors = 0;
  uint64_t buffer_shortages = 0;
  uint64_t cq_overflows = 0;
  uint64_t slow_callbacks = 0;
  uint64_t longest_callback_us = 0;
  uint64_t contained_exceptions = 0;
  uint64_t oversize_datagrams = 0;
  uint64_t kernel_drops = 0;
  uint64_t dropped_datagrams = 0;
  uint64_t evicted_sessions = 0;
};
typedef void (*HP_LogHandler)(int level, const char* message, void* user);
}
#endif
namespace hpsocket {
class IClient;
class IComplexSocketListener {
 public:
  virtual ~IComplexSocketListener() = default;
  virtual EnHandleResult OnSend(CONNID conn_id, const uint8_t* data, int length) = 0;
  virtual EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) = 0;
  virtual EnHandleResult OnReceive(CONNID conn_id, int total_length) = 0;
  virtual EnHandleResult OnClose(CONNID conn_id) = 0;
  virtual EnHandleResult OnError(CONNID conn_id, EnSocketOperation operation, int error_code) = 0;
  virtual EnHandleResult OnShutdown() = 0;
};
class IServerListener : public IComplexSocketListener {
 public:
  virtual EnHandleResult OnPrepareListen(SOCKET listen_socket) = 0;
};
class IAgentListener : public IComplexSocketListener {
 public:
  virtual EnHandleResult OnPrepareConnect(CONNID conn_id, SOCKET socket) = 0;
  virtual EnHandleResult OnConnect(CONNID conn_id) = 0;
};
class IClientListener {
 public:
  virtual ~IClientListener() = default;
  virtual EnHandleResult OnPrepareConnect(IClient* client, SOCKET socket) = 0;
  virtual EnHandleResult OnConnect(IClient* client) = 0;
  virtual EnHandleResult OnSend(IClient* client, const uint8_t* data, int length) = 0;
  virtual EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) = 0;
  virtual EnHandleResult OnReceive(IClient* client, int total_length) = 0;
  virtual EnHandleResult OnClose(IClient* client) = 0;
  virtual EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) = 0;
};
}
#endif
#ifndef HPSOCKET_CORE_API_SOCKET_INTERFACES_H_
#define HPSOCKET_CORE_API_SOCKET_INTERFACES_H_
#include <cstdint>
namespace hpsocket {
class IComplexSocket {
 public:
  virtual ~IComplexSocket() = default;
  virtual bool Stop() = 0;
  virtual bool Wait(int timeout_ms = -1) = 0;
  virtual bool Send(CONNID conn_id, const uint8_t* data, int length, int offset = 0) = 0;
  virtual bool SendPackets(CONNID conn_id, const WSABUF buffers[], int count) = 0;
  virtual bool Disconnect(CONNID conn_id, bool force = true) = 0;
  virtual bool DisconnectLongConnections(uint32_t period_ms, bool force = true) = 0;
  virtual bool DisconnectSilenceConnections(uint32_t period_ms, bool force = true) = 0;
  virtual bool PauseReceive(CONNID conn_id, bool pause = true) = 0;
  virtual bool IsPauseReceive(CONNID conn_id, bool& paused) = 0;
  virtual bool SetConnectionExtra(CONNID conn_id, void* extra) = 0;
  virtual bool GetConnectionExtra(CONNID conn_id, void** extra) = 0;
  virtual bool HasStarted() = 0;
  virtual EnServiceState GetState() = 0;
  virtual uint32_t GetConnectionCount() = 0;
  virtual bool GetAllConnectionIDs(CONNID ids[], uint32_t& count) = 0;
  virtual bool GetConnectPeriod(CONNID conn_id, uint32_t& period_ms) = 0;
  virtual bool GetSilencePeriod(CONNID conn_id, uint32_t& period_ms) = 0;
  virtual bool GetRemoteAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) = 0;
  virtual EnSocketError GetLastError() = 0;
  virtual const char* GetLastErrorDesc() = 0;
  virtual const char* GetLastErrorDetail() = 0;
  virtual bool GetPendingDataLength(CONNID conn_id, int& pending) = 0;
  virtual bool GetStats(HP_Stats& stats) = 0;
  virtual void SetSendPolicy(EnSendPolicy send_policy) = 0;
  virtual void SetRecvPolicy(EnRecvPolicy recv_policy) = 0;
  virtual void SetFreeSocketObjLockTime(uint32_t lock_time_ms) = 0;
  virtual void SetFreeSocketObjPool(uint32_t pool) = 0;
  virtual void SetFreeBufferObjPool(uint32_t pool) = 0;
  virtual void SetFreeSocketObjHold(uint32_t hold) = 0;
  virtual void SetFreeBufferObjHold(uint32_t hold) = 0;
  virtual void SetWorkerThreadCount(uint32_t worker_thread_count) = 0;
  virtual void SetMaxShutdownWaitTime(uint32_t wait_time_ms) = 0;
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
  virtual void SetMaxConnectionCount(uint32_t max_connections) = 0;
  virtual uint32_t GetMaxConnectionCount() = 0;
  virtual void SetMaxIdleTime(uint32_t time_ms = 0) = 0;
  virtual uint32_t GetMaxIdleTime() = 0;
};
class IServer : public IComplexSocket {
 public:
  virtual bool Start(const char* bind_address, uint16_t port) = 0;
  virtual bool GetListenAddress(char address[], int& address_length, uint16_t& port) = 0;
};
class IAgent : public IComplexSocket {
 public:
  virtual bool Start(const char* bind_address = nullptr, bool async_connect = false) = 0;
  virtual bool Connect(const char* remote_address, uint16_t port, CONNID* conn_id = nullptr) = 0;
  virtual bool GetLocalAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) = 0;
  bool GetLocaleAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) {
    return GetLocalAddress(conn_id, address, address_length, port);
  }
  virtual void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) = 0;
  virtual uint32_t GetSyncConnectTimeout() = 0;
};
class IClient {
 public:
  virtual ~IClient() = default;
  virtual bool Start(const char* remote_address, uint16_t port, bool async_connect = false) = 0;
  bool Connect(const char* remote_address, uint16_t port, bool async_connect = false) {
    return Start(remote_address, port, async_connect);
  }
  virtual bool Stop() = 0;
  virtual bool Wait(int timeout_ms = -1) = 0;
  virtual bool Send(const uint8_t* data, int length, int offset = 0) = 0;
  virtual bool SendPackets(const WSABUF buffers[], int count) = 0;
  virtual bool PauseReceive(bool pause = true) = 0;
  virtual bool IsPauseReceive(bool& paused) = 0;
  virtual void SetExtra(void* extra) = 0;
  virtual void* GetExtra() = 0;
  virtual bool HasStarted() = 0;
  virtual EnServiceState GetState() = 0;
  virtual EnSocketError GetLastError() = 0;
  virtual const char* GetLastErrorDesc() = 0;
  virtual const char* GetLastErrorDetail() = 0;
  virtual CONNID GetConnectionID() = 0;
  virtual bool GetLocalAddress(char address[], int& address_length, uint16_t& port) = 0;
  bool GetLocaleAddress(char address[], int& address_length, uint16_t& port) {
    return GetLocalAddress(address, address_length, port);
  }
  virtual bool GetPendingDataLength(int& pending) = 0;
  virtual bool GetStats(HP_Stats& stats) = 0;
  virtual void SetFreeBufferPoolSize(uint32_t pool_size) = 0;
  virtual void SetFreeBufferPoolHold(uint32_t pool_hold) = 0;
  virtual uint32_t GetFreeBufferPoolSize() = 0;
  virtual uint32_t GetFreeBufferPoolHold() = 0;
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
}
#endif
#ifndef HPSOCKET_CORE_API_SOCKET_PTR_H_
#define HPSOCKET_CORE_API_SOCKET_PTR_H_
namespace hpsocket {
template <class T, class Listener, class Creator>
class CHPSocketPtr {
 public:
  CHPSocketPtr(Listener* listener = nullptr)
      : object_(listener != nullptr ? Creator::Create(listener) : nullptr) {}
  ~CHPSocketPtr() { Reset(); }
  CHPSocketPtr& Reset(T* object = nullptr) {
    if (object != object_) {
      if (object_ != nullptr) Creator::Destroy(object_);
      object_ = object;
    }
    return *this;
  }
  CHPSocketPtr& Attach(T* object) { return Reset(object); }
  T* Detach() {
    T* const object = object_;
    object_ = nullptr;
    return object;
  }
  bool IsValid() const { return object_ != nullptr; }
  T* Get() const { return object_; }
  T* operator->() const { return object_; }
  operator T*() const { return object_; }
  CHPSocketPtr& operator=(T* object) { return Reset(object); }
 private:
  CHPSocketPtr(const CHPSocketPtr&) = delete;
  CHPSocketPtr& operator=(const CHPSocketPtr&) = delete;
  T* object_;
};
}
#endif
#ifndef HPSOCKET_CORE_FACADE_CLIENT_FACADE_H_
#define HPSOCKET_CORE_FACADE_CLIENT_FACADE_H_
#include <atomic>
#include <cstdint>
#include <memory>
namespace hpsocket {
namespace core {
class ClientEvents;
class StreamEngine;
enum class Delivery;
enum class Role;
template <class Interface, class Engine = StreamEngine>
class ClientFacade : public Interface {
 public:
  ClientFacade(const ClientFacade&) = delete;
  ClientFacade& operator=(const ClientFacade&) = delete;
  ~ClientFacade() override;
  bool Start(const char* remote_address, uint16_t port, bool async_connect = false) final;
  bool Stop() final;
  bool Wait(int timeout_ms = -1) final;
  bool Send(const uint8_t* data, int length, int offset = 0) final;
  bool SendPackets(const WSABUF buffers[], int count) final;
  bool PauseReceive(bool pause = true) final;
  bool IsPauseReceive(bool& paused) final;
  void SetExtra(void* extra) final;
  void* GetExtra() final;
  bool HasStarted() final;
  EnServiceState GetState() final;
  EnSocketError GetLastError() final;
  const char* GetLastErrorDesc() final;
  const char* GetLastErrorDetail() final;
  CONNID GetConnectionID() final;
  bool GetLocalAddress(char address[], int& address_length, uint16_t& port) final;
  bool GetPendingDataLength(int& pending) final;
  bool GetStats(HP_Stats& stats) final;
  void SetFreeBufferPoolSize(uint32_t pool_size) final;
  void SetFreeBufferPoolHold(uint32_t pool_hold) final;
  uint32_t GetFreeBufferPoolSize() final;
  uint32_t GetFreeBufferPoolHold() final;
  void SetIoBackend(EnIoBackend backend) final;
  EnIoBackend GetIoBackend() final;
  const char* GetIoBackendDesc() final;
  void SetMaxPendingLength(uint64_t length = 64u << 20) final;
  uint64_t GetMaxPendingLength() final;
  void SetMaxPendingTotal(uint64_t length) final;
  uint64_t GetMaxPendingTotal() final;
  void SetGracefulTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetGracefulTimeout() final;
  void SetSlowCallbackTime(uint32_t time_ms = 0) final;
  uint32_t GetSlowCallbackTime() final;
  void SetBusyPoll(uint32_t time_us = 0) final;
  uint32_t GetBusyPoll() final;
  void SetNoDelay(bool no_delay = true) final;
  bool IsNoDelay() final;
  void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetSyncConnectTimeout() final;
 protected:
  ClientFacade(const char* kind, Role role, IClientListener* listener, Delivery delivery);
  void StopForDestruction();
  bool ReportSend(int error, const char* detail = nullptr);
  Engine& engine() { return *engine_; }
 private:
  std::atomic<void*> extra_{nullptr};
  std::unique_ptr<ClientEvents> events_;
  std::unique_ptr<Engine> engine_;
};
}
}
#endif
namespace hpsocket {
namespace core {
class DatagramEngine;
}
class IUdpCastListener : public IClientListener {};
class CUdpCastListener : public IUdpCastListener {
 public:
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(IClient*, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(IClient*) override { return HR_IGNORE; }
};
class IUdpCast : public IClient {
 public:
  virtual void SetBindAdddress(const char* bind_address) = 0;
  virtual const char* GetBindAdddress() = 0;
  void SetBindAddress(const char* bind_address) { SetBindAdddress(bind_address); }
  const char* GetBindAddress() { return GetBindAdddress(); }
  virtual void SetMaxDatagramSize(uint32_t max_datagram_size) = 0;
  virtual uint32_t GetMaxDatagramSize() = 0;
  virtual void SetReuseAddress(bool reuse_address) = 0;
  virtual bool IsReuseAddress() = 0;
  virtual void SetCastMode(EnCastMode cast_mode) = 0;
  virtual EnCastMode GetCastMode() = 0;
  virtual void SetMultiCastTtl(int ttl) = 0;
  virtual int GetMultiCastTtl() = 0;
  virtual void SetMultiCastLoop(bool loop) = 0;
  virtual bool IsMultiCastLoop() = 0;
  virtual bool JoinSource(const char* source_address) = 0;
  virtual void SetCloseOnOversize(bool close_on_oversize = false) = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual void SetSendBufferSize(uint32_t send_buffer_size = 0) = 0;
  virtual void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
  virtual bool GetRemoteAddress(char address[], int& address_length, uint16_t& port) = 0;
};
extern template class core::ClientFacade<IUdpCast, core::DatagramEngine>;
class CUdpCast : public core::ClientFacade<IUdpCast, core::DatagramEngine> {
 public:
  explicit CUdpCast(IUdpCastListener* listener);
  ~CUdpCast() override;
  void SetBindAdddress(const char* bind_address) final;
  const char* GetBindAdddress() final;
  void SetMaxDatagramSize(uint32_t max_datagram_size) final;
  uint32_t GetMaxDatagramSize() final;
  void SetReuseAddress(bool reuse_address) final;
  bool IsReuseAddress() final;
  void SetCastMode(EnCastMode cast_mode) final;
  EnCastMode GetCastMode() final;
  void SetMultiCastTtl(int ttl) final;
  int GetMultiCastTtl() final;
  void SetMultiCastLoop(bool loop) final;
  bool IsMultiCastLoop() final;
  bool JoinSource(const char* source_address) final;
  void SetCloseOnOversize(bool close_on_oversize = false) final;
  bool IsCloseOnOversize() final;
  void SetSendBufferSize(uint32_t send_buffer_size = 0) final;
  void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) final;
  uint32_t GetSendBufferSize() final;
  uint32_t GetReceiveBufferSize() final;
  bool GetRemoteAddress(char address[], int& address_length, uint16_t& port) final;
};
struct UdpCast_Creator {
  static IUdpCast* Create(IUdpCastListener* listener) noexcept;
  static void Destroy(IUdpCast* cast) noexcept;
};
typedef CHPSocketPtr<IUdpCast, IUdpCastListener, UdpCast_Creator> CUdpCastPtr;
}
#endif
#ifndef HPSOCKET_CORE_API_PULL_INTERFACES_H_
#define HPSOCKET_CORE_API_PULL_INTERFACES_H_
#include <cstdint>
namespace hpsocket {
class IPullSocket {
 public:
  virtual ~IPullSocket() = default;
  virtual EnFetchResult Fetch(CONNID conn_id, uint8_t* data, int length) = 0;
  virtual EnFetchResult Peek(CONNID conn_id, uint8_t* data, int length) = 0;
  virtual EnFetchResult PeekSpan(CONNID conn_id, const uint8_t** data, int* length) = 0;
  virtual EnFetchResult Find(CONNID conn_id, const uint8_t* pattern, int length, int from, int* position) = 0;
  virtual void SetMaxPullLength(uint64_t length = 0) = 0;
  virtual uint64_t GetMaxPullLength() = 0;
};
class IPullClient {
 public:
  virtual ~IPullClient() = default;
  virtual EnFetchResult Fetch(uint8_t* data, int length) = 0;
  virtual EnFetchResult Peek(uint8_t* data, int length) = 0;
  virtual EnFetchResult PeekSpan(const uint8_t** data, int* length) = 0;
  virtual EnFetchResult Find(const uint8_t* pattern, int length, int from, int* position) = 0;
  virtual void SetMaxPullLength(uint64_t length = 0) = 0;
  virtual uint64_t GetMaxPullLength() = 0;
};
}
#endif
#ifndef HPSOCKET_CORE_API_WINDOWS_TYPES_H_
#define HPSOCKET_CORE_API_WINDOWS_TYPES_H_
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#ifdef __cplusplus
#endif
typedef int BOOL;
typedef unsigned char BYTE;
typedef unsigned short USHORT;
typedef unsigned int UINT;
typedef uint32_t DWORD;
typedef DWORD* LPDWORD;
typedef void* PVOID;
typedef void* LPVOID;
typedef uintptr_t UINT_PTR;
typedef uintptr_t ULONG_PTR;
typedef char TCHAR;
typedef const TCHAR* LPCTSTR;
typedef struct sockaddr_in SOCKADDR_IN;
#ifdef __cplusplus
using hpsocket::LPWSABUF;
using hpsocket::SOCKET;
using hpsocket::WSABUF;
#else
typedef int SOCKET;
typedef struct WSABUF {
  UINT len;
  BYTE* buf;
} WSABUF, *LPWSABUF;
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#define INVALID_SOCKET (-1)
#define SOCKET_ERROR (-1)
#ifndef __stdcall
#define __stdcall
#endif
#define NO_ERROR 0
#define ERROR_SUCCESS 0
#define ERROR_INVALID_STATE EPERM
#define ERROR_INVALID_OPERATION EPERM
#define ERROR_NOT_READY EPERM
#define ERROR_NOT_SUPPORTED EPERM
#define ERROR_INVALID_PARAMETER EINVAL
#define ERROR_OBJECT_NOT_FOUND EBADSLT
#define ERROR_CANCELLED ECANCELED
#define ERROR_OPERATION_ABORTED ECANCELED
#define ERROR_INCORRECT_SIZE EMSGSIZE
#define ERROR_BAD_LENGTH EMSGSIZE
#define ERROR_FILE_TOO_LARGE EFBIG
#define ERROR_FILE_NOT_FOUND ENOENT
#define ERROR_FILE_INVALID EINVAL
#define ERROR_ADDRNOTAVAIL EADDRNOTAVAIL
#define ERROR_CONNECTION_COUNT_LIMIT ENOSR
#define ERROR_CREATE_FAILED EMFILE
#define ERROR_INVALID_INDEX ENOANO
#define ERROR_CONNRESET ECONNRESET
#define ERROR_CONNREFUSED ECONNREFUSED
#define ERROR_TIMEDOUT ETIMEDOUT
#define ERROR_WOULDBLOCK EAGAIN
#define WSAEINTR EINTR
#define WSAEACCES EACCES
#define WSAEINVAL EINVAL
#define WSAEMFILE EMFILE
#define WSAEWOULDBLOCK EWOULDBLOCK
#define WSAENOTSOCK ENOTSOCK
#define WSAEMSGSIZE EMSGSIZE
#define WSAEOPNOTSUPP EOPNOTSUPP
#define WSAEADDRINUSE EADDRINUSE
#define WSAEADDRNOTAVAIL EADDRNOTAVAIL
#define WSAENETUNREACH ENETUNREACH
#define WSAECONNABORTED ECONNABORTED
#define WSAECONNRESET ECONNRESET
#define WSAENOBUFS ENOBUFS
#define WSAENOTCONN ENOTCONN
#define WSAETIMEDOUT ETIMEDOUT
#define WSAECONNREFUSED ECONNREFUSED
#define WSAEHOSTUNREACH EHOSTUNREACH
static inline DWORD GetLastError(void) { return (DWORD)errno; }
static inline void SetLastError(DWORD error) { errno = (int)error; }
static inline int WSAGetLastError(void) { return errno; }
static inline void WSASetLastError(int error) { errno = error; }
#define SIO_KEEPALIVE_VALS 0x98000004u
struct tcp_keepalive {
  uint32_t onoff;
  uint32_t keepalivetime;
  uint32_t keepaliveinterval;
};
#endif
#ifndef HPSOCKET_TCP_AGENT_TCP_AGENT_H_
#define HPSOCKET_TCP_AGENT_TCP_AGENT_H_
#include <cstdint>
#include <memory>
#ifndef HPSOCKET_CORE_FACADE_COMPLEX_FACADE_H_
#define HPSOCKET_CORE_FACADE_COMPLEX_FACADE_H_
#include <cstdint>
#include <memory>
namespace hpsocket {
namespace core {
class ComplexEvents;
class StreamEngine;
enum class Delivery;
enum class Role;
template <class Interface, class Engine = StreamEngine>
class ComplexFacade : public Interface {
 public:
  ComplexFacade(const ComplexFacade&) = delete;
  ComplexFacade& operator=(const ComplexFacade&) = delete;
  ~ComplexFacade() override;
  bool Stop() final;
  bool Wait(int timeout_ms = -1) final;
  bool Send(CONNID conn_id, const uint8_t* data, int length, int offset = 0) final;
  bool SendPackets(CONNID conn_id, const WSABUF buffers[], int count) final;
  bool Disconnect(CONNID conn_id, bool force = true) final;
  bool DisconnectLongConnections(uint32_t period_ms, bool force = true) final;
  bool DisconnectSilenceConnections(uint32_t period_ms, bool force = true) final;
  bool PauseReceive(CONNID conn_id, bool pause = true) final;
  bool IsPauseReceive(CONNID conn_id, bool& paused) final;
  bool SetConnectionExtra(CONNID conn_id, void* extra) final;
  bool GetConnectionExtra(CONNID conn_id, void** extra) final;
  bool HasStarted() final;
  EnServiceState GetState() final;
  uint32_t GetConnectionCount() final;
  bool GetAllConnectionIDs(CONNID ids[], uint32_t& count) final;
  bool GetConnectPeriod(CONNID conn_id, uint32_t& period_ms) final;
  bool GetSilencePeriod(CONNID conn_id, uint32_t& period_ms) final;
  bool GetRemoteAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) final;
  EnSocketError GetLastError() final;
  const char* GetLastErrorDesc() final;
  const char* GetLastErrorDetail() final;
  bool GetPendingDataLength(CONNID conn_id, int& pending) final;
  bool GetStats(HP_Stats& stats) final;
  void SetSendPolicy(EnSendPolicy send_policy) final;
  void SetRecvPolicy(EnRecvPolicy recv_policy) final;
  void SetFreeSocketObjLockTime(uint32_t lock_time_ms) final;
  void SetFreeSocketObjPool(uint32_t pool) final;
  void SetFreeBufferObjPool(uint32_t pool) final;
  void SetFreeSocketObjHold(uint32_t hold) final;
  void SetFreeBufferObjHold(uint32_t hold) final;
  void SetWorkerThreadCount(uint32_t worker_thread_count) final;
  void SetMaxShutdownWaitTime(uint32_t wait_time_ms) final;
  void SetMarkSilence(bool mark_silence) final;
  EnSendPolicy GetSendPolicy() final;
  EnRecvPolicy GetRecvPolicy() final;
  uint32_t GetFreeSocketObjLockTime() final;
  uint32_t GetFreeSocketObjPool() final;
  uint32_t GetFreeBufferObjPool() final;
  uint32_t GetFreeSocketObjHold() final;
  uint32_t GetFreeBufferObjHold() final;
  uint32_t GetWorkerThreadCount() final;
  uint32_t GetMaxShutdownWaitTime() final;
  bool IsMarkSilence() final;
  void SetIoBackend(EnIoBackend backend) final;
  EnIoBackend GetIoBackend() final;
  const char* GetIoBackendDesc() final;
  void SetMaxPendingLength(uint64_t length = 64u << 20) final;
  uint64_t GetMaxPendingLength() final;
  void SetMaxPendingTotal(uint64_t length) final;
  uint64_t GetMaxPendingTotal() final;
  void SetGracefulTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetGracefulTimeout() final;
  void SetSlowCallbackTime(uint32_t time_ms = 0) final;
  uint32_t GetSlowCallbackTime() final;
  void SetBusyPoll(uint32_t time_us = 0) final;
  uint32_t GetBusyPoll() final;
  void SetNoDelay(bool no_delay = true) final;
  bool IsNoDelay() final;
  void SetMaxConnectionCount(uint32_t max_connections) final;
  uint32_t GetMaxConnectionCount() final;
  void SetMaxIdleTime(uint32_t time_ms = 0) final;
  uint32_t GetMaxIdleTime() final;
 protected:
  ComplexFacade(const char* kind, Role role, Delivery delivery, std::unique_ptr<ComplexEvents> events);
  void StopForDestruction();
  bool CanStart();
  Engine& engine() { return *engine_; }
 private:
  std::unique_ptr<ComplexEvents> events_;
  std::unique_ptr<Engine> engine_;
};
}
}
#endif
namespace hpsocket {
namespace core {
class Connector;
}
class ITcpAgentListener : public IAgentListener {};
class CTcpAgentListener : public ITcpAgentListener {
 public:
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(CONNID, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(CONNID, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(CONNID) override { return HR_IGNORE; }
  EnHandleResult OnShutdown() override { return HR_IGNORE; }
};
class ITcpAgent : public IAgent {
 public:
  virtual bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                             const WSABUF* tail = nullptr) = 0;
  virtual void SetReuseAddress(bool reuse_address) = 0;
  virtual bool IsReuseAddress() = 0;
  virtual void SetSocketBufferSize(uint32_t socket_buffer_size) = 0;
  virtual void SetKeepAliveTime(uint32_t keep_alive_time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};
template <class Interface>
class TcpAgentFacade : public core::ComplexFacade<Interface> {
 public:
  bool Start(const char* bind_address = nullptr, bool async_connect = false) final;
  bool Connect(const char* remote_address, uint16_t port, CONNID* conn_id = nullptr) final;
  bool GetLocalAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) final;
  void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetSyncConnectTimeout() final;
  bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                     const WSABUF* tail = nullptr) final;
  void SetReuseAddress(bool reuse_address) final;
  bool IsReuseAddress() final;
  void SetSocketBufferSize(uint32_t socket_buffer_size) final;
  void SetKeepAliveTime(uint32_t keep_alive_time_ms) final;
  void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) final;
  uint32_t GetSocketBufferSize() final;
  uint32_t GetKeepAliveTime() final;
  uint32_t GetKeepAliveInterval() final;
 protected:
  TcpAgentFacade(const char* kind, ITcpAgentListener* listener, core::Delivery delivery);
  ~TcpAgentFacade() override;
 private:
  std::unique_ptr<core::Connector> connector_;
};
extern template class core::ComplexFacade<ITcpAgent>;
extern template class TcpAgentFacade<ITcpAgent>;
class CTcpAgent : public TcpAgentFacade<ITcpAgent> {
 public:
  explicit CTcpAgent(ITcpAgentListener* listener);
  ~CTcpAgent() override;
};
struct TcpAgent_Creator {
  static ITcpAgent* Create(ITcpAgentListener* listener) noexcept;
  static void Destroy(ITcpAgent* agent) noexcept;
};
typedef CHPSocketPtr<ITcpAgent, ITcpAgentListener, TcpAgent_Creator> CTcpAgentPtr;
}
#endif
#ifndef HPSOCKET_TCP_AGENT_TCP_PULL_AGENT_H_
#define HPSOCKET_TCP_AGENT_TCP_PULL_AGENT_H_
#include <cstdint>
namespace hpsocket {
class CTcpPullAgentListener : public CTcpAgentListener {
 public:
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnReceive(CONNID conn_id, int length) override = 0;
};
class ITcpPullAgent : public IPullSocket, public ITcpAgent {
 public:
  static IPullSocket* ToPull(IAgent* agent) { return static_cast<ITcpPullAgent*>(agent); }
  static ITcpAgent* ToAgent(IPullSocket* pull) { return static_cast<ITcpPullAgent*>(pull); }
};
extern template class core::ComplexFacade<ITcpPullAgent>;
extern template class TcpAgentFacade<ITcpPullAgent>;
class CTcpPullAgent : public TcpAgentFacade<ITcpPullAgent> {
 public:
  explicit CTcpPullAgent(ITcpAgentListener* listener);
  ~CTcpPullAgent() override;
  EnFetchResult Fetch(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult Peek(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult PeekSpan(CONNID conn_id, const uint8_t** data, int* length) final;
  EnFetchResult Find(CONNID conn_id, const uint8_t* pattern, int length, int from, int* position) final;
  void SetMaxPullLength(uint64_t length = 0) final;
  uint64_t GetMaxPullLength() final;
};
struct TcpPullAgent_Creator {
  static ITcpPullAgent* Create(ITcpAgentListener* listener) noexcept;
  static void Destroy(ITcpPullAgent* agent) noexcept;
};
typedef CHPSocketPtr<ITcpPullAgent, ITcpAgentListener, TcpPullAgent_Creator> CTcpPullAgentPtr;
}
#endif
#ifndef HPSOCKET_TCP_CLIENT_TCP_CLIENT_H_
#define HPSOCKET_TCP_CLIENT_TCP_CLIENT_H_
#include <cstdint>
namespace hpsocket {
class ITcpClientListener : public IClientListener {};
class CTcpClientListener : public ITcpClientListener {
 public:
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(IClient*, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(IClient*) override { return HR_IGNORE; }
};
class ITcpClient : public IClient {
 public:
  virtual bool SendSmallFile(const char* file_name, const WSABUF* head = nullptr,
                             const WSABUF* tail = nullptr) = 0;
  virtual void SetSocketBufferSize(uint32_t socket_buffer_size) = 0;
  virtual void SetKeepAliveTime(uint32_t keep_alive_time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};
template <class Interface>
class TcpClientFacade : public core::ClientFacade<Interface> {
 public:
  bool SendSmallFile(const char* file_name, const WSABUF* head = nullptr, const WSABUF* tail = nullptr) final;
  void SetSocketBufferSize(uint32_t socket_buffer_size) final;
  void SetKeepAliveTime(uint32_t keep_alive_time_ms) final;
  void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) final;
  uint32_t GetSocketBufferSize() final;
  uint32_t GetKeepAliveTime() final;
  uint32_t GetKeepAliveInterval() final;
 protected:
  TcpClientFacade(const char* kind, ITcpClientListener* listener, core::Delivery delivery);
};
extern template class core::ClientFacade<ITcpClient>;
extern template class TcpClientFacade<ITcpClient>;
class CTcpClient : public TcpClientFacade<ITcpClient> {
 public:
  explicit CTcpClient(ITcpClientListener* listener);
  ~CTcpClient() override;
};
struct TcpClient_Creator {
  static ITcpClient* Create(ITcpClientListener* listener) noexcept;
  static void Destroy(ITcpClient* client) noexcept;
};
typedef CHPSocketPtr<ITcpClient, ITcpClientListener, TcpClient_Creator> CTcpClientPtr;
}
#endif
#ifndef HPSOCKET_TCP_CLIENT_TCP_PULL_CLIENT_H_
#define HPSOCKET_TCP_CLIENT_TCP_PULL_CLIENT_H_
#include <cstdint>
namespace hpsocket {
class CTcpPullClientListener : public CTcpClientListener {
 public:
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnReceive(IClient* client, int length) override = 0;
};
class ITcpPullClient : public IPullClient, public ITcpClient {
 public:
  static IPullClient* ToPull(IClient* client) { return static_cast<ITcpPullClient*>(client); }
  static ITcpClient* ToClient(IPullClient* pull) { return static_cast<ITcpPullClient*>(pull); }
};
extern template class core::ClientFacade<ITcpPullClient>;
extern template class TcpClientFacade<ITcpPullClient>;
class CTcpPullClient : public TcpClientFacade<ITcpPullClient> {
 public:
  explicit CTcpPullClient(ITcpClientListener* listener);
  ~CTcpPullClient() override;
  EnFetchResult Fetch(uint8_t* data, int length) final;
  EnFetchResult Peek(uint8_t* data, int length) final;
  EnFetchResult PeekSpan(const uint8_t** data, int* length) final;
  EnFetchResult Find(const uint8_t* pattern, int length, int from, int* position) final;
  void SetMaxPullLength(uint64_t length = 0) final;
  uint64_t GetMaxPullLength() final;
};
struct TcpPullClient_Creator {
  static ITcpPullClient* Create(ITcpClientListener* listener) noexcept;
  static void Destroy(ITcpPullClient* client) noexcept;
};
typedef CHPSocketPtr<ITcpPullClient, ITcpClientListener, TcpPullClient_Creator> CTcpPullClientPtr;
}
#endif
#ifndef HPSOCKET_TCP_SERVER_TCP_PULL_SERVER_H_
#define HPSOCKET_TCP_SERVER_TCP_PULL_SERVER_H_
#include <cstdint>
#ifndef HPSOCKET_TCP_SERVER_TCP_SERVER_H_
#define HPSOCKET_TCP_SERVER_TCP_SERVER_H_
#include <cstdint>
#include <memory>
namespace hpsocket {
namespace core {
class Acceptor;
}
class ITcpServerListener : public IServerListener {
 public:
  virtual EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) = 0;
};
class CTcpServerListener : public ITcpServerListener {
 public:
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(CONNID, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareListen(SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnAccept(CONNID, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnShutdown() override { return HR_IGNORE; }
};
class ITcpServer : public IServer {
 public:
  virtual bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                             const WSABUF* tail = nullptr) = 0;
  virtual void SetAcceptSocketCount(uint32_t accept_socket_count) = 0;
  virtual void SetSocketBufferSize(uint32_t socket_buffer_size) = 0;
  virtual void SetSocketListenQueue(uint32_t socket_listen_queue) = 0;
  virtual void SetKeepAliveTime(uint32_t keep_alive_time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) = 0;
  virtual uint32_t GetAcceptSocketCount() = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetSocketListenQueue() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};
template <class Interface>
class TcpServerFacade : public core::ComplexFacade<Interface> {
 public:
  bool Start(const char* bind_address, uint16_t port) final;
  bool GetListenAddress(char address[], int& address_length, uint16_t& port) final;
  bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                     const WSABUF* tail = nullptr) final;
  void SetAcceptSocketCount(uint32_t accept_socket_count) final;
  void SetSocketBufferSize(uint32_t socket_buffer_size) final;
  void SetSocketListenQueue(uint32_t socket_listen_queue) final;
  void SetKeepAliveTime(uint32_t keep_alive_time_ms) final;
  void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) final;
  uint32_t GetAcceptSocketCount() final;
  uint32_t GetSocketBufferSize() final;
  uint32_t GetSocketListenQueue() final;
  uint32_t GetKeepAliveTime() final;
  uint32_t GetKeepAliveInterval() final;
 protected:
  TcpServerFacade(const char* kind, ITcpServerListener* listener, core::Delivery delivery);
  ~TcpServerFacade() override;
 private:
  std::unique_ptr<core::Acceptor> acceptor_;
};
extern template class core::ComplexFacade<ITcpServer>;
extern template class TcpServerFacade<ITcpServer>;
class CTcpServer : public TcpServerFacade<ITcpServer> {
 public:
  explicit CTcpServer(ITcpServerListener* listener);
  ~CTcpServer() override;
};
struct TcpServer_Creator {
  static ITcpServer* Create(ITcpServerListener* listener) noexcept;
  static void Destroy(ITcpServer* server) noexcept;
};
typedef CHPSocketPtr<ITcpServer, ITcpServerListener, TcpServer_Creator> CTcpServerPtr;
}
#endif
namespace hpsocket {
class CTcpPullServerListener : public CTcpServerListener {
 public:
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnReceive(CONNID conn_id, int length) override = 0;
};
class ITcpPullServer : public IPullSocket, public ITcpServer {
 public:
  static IPullSocket* ToPull(IServer* server) { return static_cast<ITcpPullServer*>(server); }
  static ITcpServer* ToServer(IPullSocket* pull) { return static_cast<ITcpPullServer*>(pull); }
};
extern template class core::ComplexFacade<ITcpPullServer>;
extern template class TcpServerFacade<ITcpPullServer>;
class CTcpPullServer : public TcpServerFacade<ITcpPullServer> {
 public:
  explicit CTcpPullServer(ITcpServerListener* listener);
  ~CTcpPullServer() override;
  EnFetchResult Fetch(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult Peek(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult PeekSpan(CONNID conn_id, const uint8_t** data, int* length) final;
  EnFetchResult Find(CONNID conn_id, const uint8_t* pattern, int length, int from, int* position) final;
  void SetMaxPullLength(uint64_t length = 0) final;
  uint64_t GetMaxPullLength() final;
};
struct TcpPullServer_Creator {
  static ITcpPullServer* Create(ITcpServerListener* listener) noexcept;
  static void Destroy(ITcpPullServer* server) noexcept;
};
typedef CHPSocketPtr<ITcpPullServer, ITcpServerListener, TcpPullServer_Creator> CTcpPullServerPtr;
}
#endif
#ifndef HPSOCKET_UDP_UDP_CLIENT_H_
#define HPSOCKET_UDP_UDP_CLIENT_H_
#include <cstdint>
namespace hpsocket {
namespace core {
class DatagramEngine;
}
class IUdpClientListener : public IClientListener {};
class CUdpClientListener : public IUdpClientListener {
 public:
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(IClient*, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(IClient*) override { return HR_IGNORE; }
};
class IUdpClient : public IClient {
 public:
  virtual void SetMaxDatagramSize(uint32_t max_datagram_size) = 0;
  virtual void SetDetectAttempts(uint32_t detect_attempts) = 0;
  virtual void SetDetectInterval(uint32_t detect_interval_s) = 0;
  virtual void SetCloseOnOversize(bool close_on_oversize = false) = 0;
  virtual void SetSendBufferSize(uint32_t send_buffer_size = 0) = 0;
  virtual void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) = 0;
  virtual uint32_t GetMaxDatagramSize() = 0;
  virtual uint32_t GetDetectAttempts() = 0;
  virtual uint32_t GetDetectInterval() = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
};
extern template class core::ClientFacade<IUdpClient, core::DatagramEngine>;
class CUdpClient : public core::ClientFacade<IUdpClient, core::DatagramEngine> {
 public:
  explicit CUdpClient(IUdpClientListener* listener);
  ~CUdpClient() override;
  void SetMaxDatagramSize(uint32_t max_datagram_size) final;
  void SetDetectAttempts(uint32_t detect_attempts) final;
  void SetDetectInterval(uint32_t detect_interval_s) final;
  void SetCloseOnOversize(bool close_on_oversize = false) final;
  void SetSendBufferSize(uint32_t send_buffer_size = 0) final;
  void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) final;
  uint32_t GetMaxDatagramSize() final;
  uint32_t GetDetectAttempts() final;
  uint32_t GetDetectInterval() final;
  bool IsCloseOnOversize() final;
  uint32_t GetSendBufferSize() final;
  uint32_t GetReceiveBufferSize() final;
};
struct UdpClient_Creator {
  static IUdpClient* Create(IUdpClientListener* listener) noexcept;
  static void Destroy(IUdpClient* client) noexcept;
};
typedef CHPSocketPtr<IUdpClient, IUdpClientListener, UdpClient_Creator> CUdpClientPtr;
}
#endif
#ifndef HPSOCKET_UDP_UDP_SERVER_H_
#define HPSOCKET_UDP_UDP_SERVER_H_
#include <netinet/in.h>
#include <cstdint>
namespace hpsocket {
namespace core {
class DatagramEngine;
}
class IUdpServerListener : public IServerListener {
 public:
  virtual EnHandleResult OnAccept(CONNID conn_id, const sockaddr_in* peer_address) = 0;
};
class CUdpServerListener : public IUdpServerListener {
 public:
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(CONNID, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareListen(SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnAccept(CONNID, const sockaddr_in*) override { return HR_IGNORE; }
  EnHandleResult OnShutdown() override { return HR_IGNORE; }
};
class IUdpServer : public IServer {
 public:
  virtual void SetMaxDatagramSize(uint32_t max_datagram_size) = 0;
  virtual void SetPostReceiveCount(uint32_t post_receive_count) = 0;
  virtual void SetDetectAttempts(uint32_t detect_attempts) = 0;
  virtual void SetDetectInterval(uint32_t detect_interval_s) = 0;
  virtual void SetCloseOnOversize(bool close_on_oversize = false) = 0;
  virtual void SetSendBufferSize(uint32_t send_buffer_size = 0) = 0;
  virtual void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) = 0;
  virtual uint32_t GetMaxDatagramSize() = 0;
  virtual uint32_t GetPostReceiveCount() = 0;
  virtual uint32_t GetDetectAttempts() = 0;
  virtual uint32_t GetDetectInterval() = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
};
extern template class core::ComplexFacade<IUdpServer, core::DatagramEngine>;
class CUdpServer : public core::ComplexFacade<IUdpServer, core::DatagramEngine> {
 public:
  explicit CUdpServer(IUdpServerListener* listener);
  ~CUdpServer() override;
  bool Start(const char* bind_address, uint16_t port) final;
  bool GetListenAddress(char address[], int& address_length, uint16_t& port) final;
  void SetMaxDatagramSize(uint32_t max_datagram_size) final;
  void SetPostReceiveCount(uint32_t post_receive_count) final;
  void SetDetectAttempts(uint32_t detect_attempts) final;
  void SetDetectInterval(uint32_t detect_interval_s) final;
  void SetCloseOnOversize(bool close_on_oversize = false) final;
  void SetSendBufferSize(uint32_t send_buffer_size = 0) final;
  void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) final;
  uint32_t GetMaxDatagramSize() final;
  uint32_t GetPostReceiveCount() final;
  uint32_t GetDetectAttempts() final;
  uint32_t GetDetectInterval() final;
  bool IsCloseOnOversize() final;
  uint32_t GetSendBufferSize() final;
  uint32_t GetReceiveBufferSize() final;
};
struct UdpServer_Creator {
  static IUdpServer* Create(IUdpServerListener* listener) noexcept;
  static void Destroy(IUdpServer* server) noexcept;
};
typedef CHPSocketPtr<IUdpServer, IUdpServerListener, UdpServer_Creator> CUdpServerPtr;
}
#endif
using hpsocket::CONNID;
using hpsocket::HP_LogHandler;
using hpsocket::HP_Stats;
using hpsocket::LPWSABUF;
using hpsocket::SOCKET;
using hpsocket::WSABUF;
using hpsocket::EnServiceState;
using hpsocket::SS_STARTED;
using hpsocket::SS_STARTING;
using hpsocket::SS_STOPED;
using hpsocket::SS_STOPING;
using hpsocket::SS_STOPPED;
using hpsocket::SS_STOPPING;
using hpsocket::EnSocketOperation;
using hpsocket::SO_ACCEPT;
using hpsocket::SO_CONNECT;
using hpsocket::SO_RECEIVE;
using hpsocket::SO_SEND;
using hpsocket::SO_UNKNOWN;
using hpsocket::EnHandleResult;
using hpsocket::HR_ERROR;
using hpsocket::HR_IGNORE;
using hpsocket::HR_OK;
using hpsocket::EnFetchResult;
using hpsocket::FR_DATA_NOT_FOUND;
using hpsocket::FR_LENGTH_TOO_LONG;
using hpsocket::FR_OK;
using hpsocket::EnSendPolicy;
using hpsocket::SP_DIRECT;
using hpsocket::SP_PACK;
using hpsocket::SP_SAFE;
using hpsocket::EnRecvPolicy;
using hpsocket::RP_PARALLEL;
using hpsocket::RP_SERIAL;
using hpsocket::EnSocketError;
using hpsocket::SE_CONNECT_SERVER;
using hpsocket::SE_CP_CREATE;
using hpsocket::SE_DATA_PROC;
using hpsocket::SE_DATA_SEND;
using hpsocket::SE_DETECT_THREAD_CREATE;
using hpsocket::SE_ILLEGAL_STATE;
using hpsocket::SE_INVALID_PARAM;
using hpsocket::SE_NETWORK;
using hpsocket::SE_OK;
using hpsocket::SE_SOCKE_ATTACH_TO_CP;
using hpsocket::SE_SOCKET_BIND;
using hpsocket::SE_SOCKET_CREATE;
using hpsocket::SE_SOCKET_LISTEN;
using hpsocket::SE_SOCKET_PREPARE;
using hpsocket::SE_WORKER_THREAD_CREATE;
using hpsocket::CM_BROADCAST;
using hpsocket::CM_MULTICAST;
using hpsocket::EnCastMode;
using hpsocket::EnIoBackend;
using hpsocket::IO_AUTO;
using hpsocket::IO_EPOLL;
using hpsocket::IO_URING;
using hpsocket::IAgent;
using hpsocket::IClient;
using hpsocket::IComplexSocket;
using hpsocket::IPullClient;
using hpsocket::IPullSocket;
using hpsocket::IServer;
using hpsocket::ITcpAgent;
using hpsocket::ITcpClient;
using hpsocket::ITcpPullAgent;
using hpsocket::ITcpPullClient;
using hpsocket::ITcpPullServer;
using hpsocket::ITcpServer;
using hpsocket::IUdpCast;
using hpsocket::IUdpClient;
using hpsocket::IUdpServer;
using hpsocket::IAgentListener;
using hpsocket::IClientListener;
using hpsocket::IComplexSocketListener;
using hpsocket::IServerListener;
using hpsocket::ITcpAgentListener;
using hpsocket::ITcpClientListener;
using hpsocket::ITcpServerListener;
using hpsocket::IUdpCastListener;
using hpsocket::IUdpClientListener;
using hpsocket::IUdpServerListener;
using hpsocket::CTcpAgentListener;
using hpsocket::CTcpClientListener;
using hpsocket::CTcpPullAgentListener;
using hpsocket::CTcpPullClientListener;
using hpsocket::CTcpPullServerListener;
using hpsocket::CTcpServerListener;
using hpsocket::CUdpCastListener;
using hpsocket::CUdpClientListener;
using hpsocket::CUdpServerListener;
#endif
#ifndef HPSOCKET_CORE_C_API_HELPERS_H_
#define HPSOCKET_CORE_C_API_HELPERS_H_
#include <sys/ioctl.h>
#include <sys/socket.h>
#ifndef HPSOCKET_CORE_API_C_TYPES_H_
#define HPSOCKET_CORE_API_C_TYPES_H_
#include <stdint.h>
#ifdef __cplusplus
#define HPSOCKET_API extern "C" __attribute__((visibility("default")))
#else
#define HPSOCKET_API __attribute__((visibility("default")))
#endif
typedef uintptr_t HP_CONNID;
typedef PVOID HP_Object;
typedef HP_Object HP_Server;
typedef HP_Object HP_Agent;
typedef HP_Object HP_Client;
typedef HP_Object HP_TcpServer;
typedef HP_Object HP_TcpAgent;
typedef HP_Object HP_TcpClient;
typedef HP_Object HP_PullSocket;
typedef HP_Object HP_PullClient;
typedef HP_Object HP_TcpPullServer;
typedef HP_Object HP_TcpPullAgent;
typedef HP_Object HP_TcpPullClient;
typedef HP_Object HP_UdpServer;
typedef HP_Object HP_UdpClient;
typedef HP_Object HP_UdpCast;
typedef HP_Object HP_Listener;
typedef HP_Object HP_ServerListener;
typedef HP_Object HP_AgentListener;
typedef HP_Object HP_ClientListener;
typedef HP_Object HP_TcpServerListener;
typedef HP_Object HP_TcpAgentListener;
typedef HP_Object HP_TcpClientListener;
typedef HP_Object HP_PullSocketListener;
typedef HP_Object HP_PullClientListener;
typedef HP_Object HP_TcpPullServerListener;
typedef HP_Object HP_TcpPullAgentListener;
typedef HP_Object HP_TcpPullClientListener;
typedef HP_Object HP_UdpServerListener;
typedef HP_Object HP_UdpClientListener;
typedef HP_Object HP_UdpCastListener;
#ifdef __cplusplus
typedef hpsocket::EnServiceState En_HP_ServiceState;
typedef hpsocket::EnSocketOperation En_HP_SocketOperation;
typedef hpsocket::EnHandleResult En_HP_HandleResult;
typedef hpsocket::EnFetchResult En_HP_FetchResult;
typedef hpsocket::EnSendPolicy En_HP_SendPolicy;
typedef hpsocket::EnRecvPolicy En_HP_RecvPolicy;
typedef hpsocket::EnSocketError En_HP_SocketError;
typedef hpsocket::EnCastMode En_HP_CastMode;
typedef hpsocket::EnIoBackend En_HP_IoBackend;
constexpr En_HP_ServiceState HP_SS_STARTING = hpsocket::SS_STARTING;
constexpr En_HP_ServiceState HP_SS_STARTED = hpsocket::SS_STARTED;
constexpr En_HP_ServiceState HP_SS_STOPPING = hpsocket::SS_STOPPING;
constexpr En_HP_ServiceState HP_SS_STOPPED = hpsocket::SS_STOPPED;
constexpr En_HP_ServiceState HP_SS_STOPING = hpsocket::SS_STOPING;
constexpr En_HP_ServiceState HP_SS_STOPED = hpsocket::SS_STOPED;
constexpr En_HP_SocketOperation HP_SO_UNKNOWN = hpsocket::SO_UNKNOWN;
constexpr En_HP_SocketOperation HP_SO_ACCEPT = hpsocket::SO_ACCEPT;
constexpr En_HP_SocketOperation HP_SO_CONNECT = hpsocket::SO_CONNECT;
constexpr En_HP_SocketOperation HP_SO_SEND = hpsocket::SO_SEND;
constexpr En_HP_SocketOperation HP_SO_RECEIVE = hpsocket::SO_RECEIVE;
constexpr En_HP_HandleResult HP_HR_OK = hpsocket::HR_OK;
constexpr En_HP_HandleResult HP_HR_IGNORE = hpsocket::HR_IGNORE;
constexpr En_HP_HandleResult HP_HR_ERROR = hpsocket::HR_ERROR;
constexpr En_HP_FetchResult HP_FR_OK = hpsocket::FR_OK;
constexpr En_HP_FetchResult HP_FR_LENGTH_TOO_LONG = hpsocket::FR_LENGTH_TOO_LONG;
constexpr En_HP_FetchResult HP_FR_DATA_NOT_FOUND = hpsocket::FR_DATA_NOT_FOUND;
constexpr En_HP_SendPolicy HP_SP_PACK = hpsocket::SP_PACK;
constexpr En_HP_SendPolicy HP_SP_SAFE = hpsocket::SP_SAFE;
constexpr En_HP_SendPolicy HP_SP_DIRECT = hpsocket::SP_DIRECT;
constexpr En_HP_RecvPolicy HP_RP_SERIAL = hpsocket::RP_SERIAL;
constexpr En_HP_RecvPolicy HP_RP_PARALLEL = hpsocket::RP_PARALLEL;
constexpr En_HP_SocketError HP_SE_OK = hpsocket::SE_OK;
constexpr En_HP_SocketError HP_SE_ILLEGAL_STATE = hpsocket::SE_ILLEGAL_STATE;
constexpr En_HP_SocketError HP_SE_INVALID_PARAM = hpsocket::SE_INVALID_PARAM;
constexpr En_HP_SocketError HP_SE_SOCKET_CREATE = hpsocket::SE_SOCKET_CREATE;
constexpr En_HP_SocketError HP_SE_SOCKET_BIND = hpsocket::SE_SOCKET_BIND;
constexpr En_HP_SocketError HP_SE_SOCKET_PREPARE = hpsocket::SE_SOCKET_PREPARE;
constexpr En_HP_SocketError HP_SE_SOCKET_LISTEN = hpsocket::SE_SOCKET_LISTEN;
constexpr En_HP_SocketError HP_SE_CP_CREATE = hpsocket::SE_CP_CREATE;
constexpr En_HP_SocketError HP_SE_WORKER_THREAD_CREATE = hpsocket::SE_WORKER_THREAD_CREATE;
constexpr En_HP_SocketError HP_SE_DETECT_THREAD_CREATE = hpsocket::SE_DETECT_THREAD_CREATE;
constexpr En_HP_SocketError HP_SE_SOCKE_ATTACH_TO_CP = hpsocket::SE_SOCKE_ATTACH_TO_CP;
constexpr En_HP_SocketError HP_SE_CONNECT_SERVER = hpsocket::SE_CONNECT_SERVER;
constexpr En_HP_SocketError HP_SE_NETWORK = hpsocket::SE_NETWORK;
constexpr En_HP_SocketError HP_SE_DATA_PROC = hpsocket::SE_DATA_PROC;
constexpr En_HP_SocketError HP_SE_DATA_SEND = hpsocket::SE_DATA_SEND;
constexpr En_HP_CastMode HP_CM_MULTICAST = hpsocket::CM_MULTICAST;
constexpr En_HP_CastMode HP_CM_BROADCAST = hpsocket::CM_BROADCAST;
constexpr En_HP_IoBackend HP_IO_AUTO = hpsocket::IO_AUTO;
constexpr En_HP_IoBackend HP_IO_URING = hpsocket::IO_URING;
constexpr En_HP_IoBackend HP_IO_EPOLL = hpsocket::IO_EPOLL;
using hpsocket::HP_LogHandler;
using hpsocket::HP_Stats;
#else
typedef enum En_HP_ServiceState {
  HP_SS_STARTING = 0,
  HP_SS_STARTED = 1,
  HP_SS_STOPPING = 2,
  HP_SS_STOPPED = 3,
  HP_SS_STOPING = 2,
  HP_SS_STOPED = 3,
} En_HP_ServiceState;
typedef enum En_HP_SocketOperation {
  HP_SO_UNKNOWN = 0,
  HP_SO_ACCEPT = 1,
  HP_SO_CONNECT = 2,
  HP_SO_SEND = 3,
  HP_SO_RECEIVE = 4,
} En_HP_SocketOperation;
typedef enum En_HP_HandleResult {
  HP_HR_OK = 0,
  HP_HR_IGNORE = 1,
  HP_HR_ERROR = 2,
} En_HP_HandleResult;
typedef enum En_HP_FetchResult {
  HP_FR_OK = 0,
  HP_FR_LENGTH_TOO_LONG = 1,
  HP_FR_DATA_NOT_FOUND = 2,
} En_HP_FetchResult;
typedef enum En_HP_SendPolicy {
  HP_SP_PACK = 0,
  HP_SP_SAFE = 1,
  HP_SP_DIRECT = 2,
} En_HP_SendPolicy;
typedef enum En_HP_RecvPolicy {
  HP_RP_SERIAL = 0,
  HP_RP_PARALLEL = 1,
} En_HP_RecvPolicy;
typedef enum En_HP_SocketError {
  HP_SE_OK = 0,
  HP_SE_ILLEGAL_STATE = 1,
  HP_SE_INVALID_PARAM = 2,
  HP_SE_SOCKET_CREATE = 3,
  HP_SE_SOCKET_BIND = 4,
  HP_SE_SOCKET_PREPARE = 5,
  HP_SE_SOCKET_LISTEN = 6,
  HP_SE_CP_CREATE = 7,
  HP_SE_WORKER_THREAD_CREATE = 8,
  HP_SE_DETECT_THREAD_CREATE = 9,
  HP_SE_SOCKE_ATTACH_TO_CP = 10,
  HP_SE_CONNECT_SERVER = 11,
  HP_SE_NETWORK = 12,
  HP_SE_DATA_PROC = 13,
  HP_SE_DATA_SEND = 14,
} En_HP_SocketError;
typedef enum En_HP_CastMode {
  HP_CM_MULTICAST = 0,
  HP_CM_BROADCAST = 1,
} En_HP_CastMode;
typedef enum En_HP_IoBackend {
  HP_IO_AUTO = 0,
  HP_IO_URING = 1,
  HP_IO_EPOLL = 2,
} En_HP_IoBackend;
typedef struct HP_Stats {
  uint32_t size;
  uint32_t reserved;
  uint64_t connections;
  uint64_t lingering;
  uint64_t total_connections;
  uint64_t refused_connections;
  uint64_t failed_connections;
  uint64_t bytes_received;
  uint64_t bytes_sent;
  uint64_t receive_calls;
  uint64_t send_calls;
  uint64_t pending_bytes;
  uint64_t pool_bytes;
  uint64_t pool_buffers;
  uint64_t leases;
  uint64_t accept_errors;
  uint64_t buffer_shortages;
  uint64_t cq_overflows;
  uint64_t slow_callbacks;
  uint64_t longest_callback_us;
  uint64_t contained_exceptions;
  uint64_t oversize_datagrams;
  uint64_t kernel_drops;
  uint64_t dropped_datagrams;
  uint64_t evicted_sessions;
} HP_Stats;
typedef void (*HP_LogHandler)(int level, const char* message, void* user);
#endif
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnPrepareListen)(UINT_PTR soListen);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnAccept)(HP_CONNID dwConnID, UINT_PTR pClient);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnSend)(HP_CONNID dwConnID, const BYTE* pData,
                                                           int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnReceive)(HP_CONNID dwConnID, const BYTE* pData,
                                                              int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnPullReceive)(HP_CONNID dwConnID, int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnClose)(HP_CONNID dwConnID);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnError)(HP_CONNID dwConnID,
                                                            En_HP_SocketOperation enOperation,
                                                            int iErrorCode);
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnShutdown)(void);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnPrepareConnect)(HP_CONNID dwConnID, UINT_PTR socket);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnConnect)(HP_CONNID dwConnID);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnSend)(HP_CONNID dwConnID, const BYTE* pData, int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnReceive)(HP_CONNID dwConnID, const BYTE* pData,
                                                             int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnPullReceive)(HP_CONNID dwConnID, int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnClose)(HP_CONNID dwConnID);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnError)(HP_CONNID dwConnID,
                                                           En_HP_SocketOperation enOperation, int iErrorCode);
typedef En_HP_HandleResult(__stdcall* HP_FN_Agent_OnShutdown)(void);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnPrepareConnect)(HP_Client pClient, UINT_PTR socket);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnConnect)(HP_Client pClient);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnSend)(HP_Client pClient, const BYTE* pData, int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnReceive)(HP_Client pClient, const BYTE* pData,
                                                              int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnPullReceive)(HP_Client pClient, int iLength);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnClose)(HP_Client pClient);
typedef En_HP_HandleResult(__stdcall* HP_FN_Client_OnError)(HP_Client pClient,
                                                            En_HP_SocketOperation enOperation,
                                                            int iErrorCode);
#endif
HPSOCKET_API LPCTSTR __stdcall HP_GetSocketErrorDesc(En_HP_SocketError enCode);
HPSOCKET_API DWORD __stdcall SYS_GetLastError(void);
HPSOCKET_API int __stdcall SYS_WSAGetLastError(void);
HPSOCKET_API int __stdcall SYS_SetSocketOption(SOCKET sock, int level, int name, LPVOID val, int len);
HPSOCKET_API int __stdcall SYS_GetSocketOption(SOCKET sock, int level, int name, LPVOID val, int* len);
HPSOCKET_API int __stdcall SYS_IoctlSocket(SOCKET sock, long cmd, unsigned long* arg);
HPSOCKET_API int __stdcall SYS_WSAIoctl(SOCKET sock, DWORD dwIoControlCode, LPVOID lpvInBuffer,
                                        DWORD cbInBuffer, LPVOID lpvOutBuffer, DWORD cbOutBuffer,
                                        LPDWORD lpcbBytesReturned);
HPSOCKET_API DWORD __stdcall HP_GetHPSocketVersion(void);
HPSOCKET_API LPCTSTR __stdcall HP_GetHPSocketVersionDesc(void);
HPSOCKET_API void __stdcall HP_SetLogHandler(HP_LogHandler handler, void* user);
#endif
HPSOCKET_API ITcpServer* HP_Create_TcpServer(ITcpServerListener* listener);
HPSOCKET_API ITcpAgent* HP_Create_TcpAgent(ITcpAgentListener* listener);
HPSOCKET_API ITcpClient* HP_Create_TcpClient(ITcpClientListener* listener);
HPSOCKET_API ITcpPullServer* HP_Create_TcpPullServer(ITcpServerListener* listener);
HPSOCKET_API ITcpPullAgent* HP_Create_TcpPullAgent(ITcpAgentListener* listener);
HPSOCKET_API ITcpPullClient* HP_Create_TcpPullClient(ITcpClientListener* listener);
HPSOCKET_API IUdpServer* HP_Create_UdpServer(IUdpServerListener* listener);
HPSOCKET_API IUdpClient* HP_Create_UdpClient(IUdpClientListener* listener);
HPSOCKET_API IUdpCast* HP_Create_UdpCast(IUdpCastListener* listener);
HPSOCKET_API void HP_Destroy_TcpServer(ITcpServer* server);
HPSOCKET_API void HP_Destroy_TcpAgent(ITcpAgent* agent);
HPSOCKET_API void HP_Destroy_TcpClient(ITcpClient* client);
HPSOCKET_API void HP_Destroy_TcpPullServer(ITcpPullServer* server);
HPSOCKET_API void HP_Destroy_TcpPullAgent(ITcpPullAgent* agent);
HPSOCKET_API void HP_Destroy_TcpPullClient(ITcpPullClient* client);
HPSOCKET_API void HP_Destroy_UdpServer(IUdpServer* server);
HPSOCKET_API void HP_Destroy_UdpClient(IUdpClient* client);
HPSOCKET_API void HP_Destroy_UdpCast(IUdpCast* cast);
using hpsocket::CHPSocketPtr;
using hpsocket::TcpAgent_Creator;
using hpsocket::TcpClient_Creator;
using hpsocket::TcpPullAgent_Creator;
using hpsocket::TcpPullClient_Creator;
using hpsocket::TcpPullServer_Creator;
using hpsocket::TcpServer_Creator;
using hpsocket::UdpCast_Creator;
using hpsocket::UdpClient_Creator;
using hpsocket::UdpServer_Creator;
using hpsocket::CTcpAgentPtr;
using hpsocket::CTcpClientPtr;
using hpsocket::CTcpPullAgentPtr;
using hpsocket::CTcpPullClientPtr;
using hpsocket::CTcpPullServerPtr;
using hpsocket::CTcpServerPtr;
using hpsocket::CUdpCastPtr;
using hpsocket::CUdpClientPtr;
using hpsocket::CUdpServerPtr;
using hpsocket::CTcpAgent;
using hpsocket::CTcpClient;
using hpsocket::CTcpPullAgent;
using hpsocket::CTcpPullClient;
using hpsocket::CTcpPullServer;
using hpsocket::CTcpServer;
using hpsocket::CUdpCast;
using hpsocket::CUdpClient;
using hpsocket::CUdpServer;
#endif
