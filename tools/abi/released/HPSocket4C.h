#ifndef HPSOCKET_SDK_HPSOCKET4C_H_
#define HPSOCKET_SDK_HPSOCKET4C_H_
#ifndef HPSOCKET_CAST_C_API_H_
#define HPSOCKET_CAST_C_API_H_
#include <stdint.h>
#ifndef HPSOCKET_CORE_API_C_TYPES_H_
#define HPSOCKET_CORE_API_C_TYPES_H_
#include <stdint.h>
#ifndef HPSOCKET_CORE_API_WINDOWS_TYPES_H_
#define HPSOCKET_CORE_API_WINDOWS_TYPES_H_
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#ifdef __cplusplus
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
#ifdef __cplusplus
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
#ifndef HPSOCKET_CORE_C_API_C_API_H_
#define HPSOCKET_CORE_C_API_C_API_H_
#include <stdint.h>
#ifndef HPSOCKET_CORE_C_API_HELPERS_H_
#define HPSOCKET_CORE_C_API_HELPERS_H_
#include <sys/ioctl.h>
#include <sys/socket.h>
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
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnPrepareListen(HP_ServerListener pListener,
                                                             HP_FN_Server_OnPrepareListen fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnAccept(HP_ServerListener pListener, HP_FN_Server_OnAccept fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnSend(HP_ServerListener pListener, HP_FN_Server_OnSend fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnReceive(HP_ServerListener pListener,
                                                       HP_FN_Server_OnReceive fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnPullReceive(HP_ServerListener pListener,
                                                           HP_FN_Server_OnPullReceive fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnClose(HP_ServerListener pListener, HP_FN_Server_OnClose fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnError(HP_ServerListener pListener, HP_FN_Server_OnError fn);
HPSOCKET_API void __stdcall HP_Set_FN_Server_OnShutdown(HP_ServerListener pListener,
                                                        HP_FN_Server_OnShutdown fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnPrepareConnect(HP_AgentListener pListener,
                                                             HP_FN_Agent_OnPrepareConnect fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnConnect(HP_AgentListener pListener, HP_FN_Agent_OnConnect fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnSend(HP_AgentListener pListener, HP_FN_Agent_OnSend fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnReceive(HP_AgentListener pListener, HP_FN_Agent_OnReceive fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnPullReceive(HP_AgentListener pListener,
                                                          HP_FN_Agent_OnPullReceive fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnClose(HP_AgentListener pListener, HP_FN_Agent_OnClose fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnError(HP_AgentListener pListener, HP_FN_Agent_OnError fn);
HPSOCKET_API void __stdcall HP_Set_FN_Agent_OnShutdown(HP_AgentListener pListener, HP_FN_Agent_OnShutdown fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnPrepareConnect(HP_ClientListener pListener,
                                                              HP_FN_Client_OnPrepareConnect fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnConnect(HP_ClientListener pListener,
                                                       HP_FN_Client_OnConnect fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnSend(HP_ClientListener pListener, HP_FN_Client_OnSend fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnReceive(HP_ClientListener pListener,
                                                       HP_FN_Client_OnReceive fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnPullReceive(HP_ClientListener pListener,
                                                           HP_FN_Client_OnPullReceive fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnClose(HP_ClientListener pListener, HP_FN_Client_OnClose fn);
HPSOCKET_API void __stdcall HP_Set_FN_Client_OnError(HP_ClientListener pListener, HP_FN_Client_OnError fn);
HPSOCKET_API BOOL __stdcall HP_Server_Start(HP_Server pServer, LPCTSTR pszBindAddress, USHORT usPort);
HPSOCKET_API BOOL __stdcall HP_Server_Stop(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Server_Send(HP_Server pServer, HP_CONNID dwConnID, const BYTE* pBuffer,
                                           int iLength);
HPSOCKET_API BOOL __stdcall HP_Server_SendPart(HP_Server pServer, HP_CONNID dwConnID, const BYTE* pBuffer,
                                               int iLength, int iOffset);
HPSOCKET_API BOOL __stdcall HP_Server_SendPackets(HP_Server pServer, HP_CONNID dwConnID,
                                                  const WSABUF pBuffers[], int iCount);
HPSOCKET_API BOOL __stdcall HP_Server_Disconnect(HP_Server pServer, HP_CONNID dwConnID, BOOL bForce);
HPSOCKET_API BOOL __stdcall HP_Server_DisconnectLongConnections(HP_Server pServer, DWORD dwPeriod,
                                                                BOOL bForce);
HPSOCKET_API BOOL __stdcall HP_Server_DisconnectSilenceConnections(HP_Server pServer, DWORD dwPeriod,
                                                                   BOOL bForce);
HPSOCKET_API BOOL __stdcall HP_Server_SetConnectionExtra(HP_Server pServer, HP_CONNID dwConnID, PVOID pExtra);
HPSOCKET_API BOOL __stdcall HP_Server_GetConnectionExtra(HP_Server pServer, HP_CONNID dwConnID,
                                                         PVOID* ppExtra);
HPSOCKET_API BOOL __stdcall HP_Server_HasStarted(HP_Server pServer);
HPSOCKET_API En_HP_ServiceState __stdcall HP_Server_GetState(HP_Server pServer);
HPSOCKET_API En_HP_SocketError __stdcall HP_Server_GetLastError(HP_Server pServer);
HPSOCKET_API LPCTSTR __stdcall HP_Server_GetLastErrorDesc(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Server_GetPendingDataLength(HP_Server pServer, HP_CONNID dwConnID,
                                                           int* piPending);
HPSOCKET_API DWORD __stdcall HP_Server_GetConnectionCount(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Server_GetAllConnectionIDs(HP_Server pServer, HP_CONNID pIDs[],
                                                          DWORD* pdwCount);
HPSOCKET_API BOOL __stdcall HP_Server_GetConnectPeriod(HP_Server pServer, HP_CONNID dwConnID,
                                                       DWORD* pdwPeriod);
HPSOCKET_API BOOL __stdcall HP_Server_GetSilencePeriod(HP_Server pServer, HP_CONNID dwConnID,
                                                       DWORD* pdwPeriod);
HPSOCKET_API BOOL __stdcall HP_Server_GetListenAddress(HP_Server pServer, TCHAR lpszAddress[],
                                                       int* piAddressLen, USHORT* pusPort);
HPSOCKET_API BOOL __stdcall HP_Server_GetRemoteAddress(HP_Server pServer, HP_CONNID dwConnID,
                                                       TCHAR lpszAddress[], int* piAddressLen,
                                                       USHORT* pusPort);
HPSOCKET_API void __stdcall HP_Server_SetSendPolicy(HP_Server pServer, En_HP_SendPolicy enSendPolicy);
HPSOCKET_API void __stdcall HP_Server_SetRecvPolicy(HP_Server pServer, En_HP_RecvPolicy enRecvPolicy);
HPSOCKET_API void __stdcall HP_Server_SetFreeSocketObjLockTime(HP_Server pServer,
                                                               DWORD dwFreeSocketObjLockTime);
HPSOCKET_API void __stdcall HP_Server_SetFreeSocketObjPool(HP_Server pServer, DWORD dwFreeSocketObjPool);
HPSOCKET_API void __stdcall HP_Server_SetFreeBufferObjPool(HP_Server pServer, DWORD dwFreeBufferObjPool);
HPSOCKET_API void __stdcall HP_Server_SetFreeSocketObjHold(HP_Server pServer, DWORD dwFreeSocketObjHold);
HPSOCKET_API void __stdcall HP_Server_SetFreeBufferObjHold(HP_Server pServer, DWORD dwFreeBufferObjHold);
HPSOCKET_API void __stdcall HP_Server_SetWorkerThreadCount(HP_Server pServer, DWORD dwWorkerThreadCount);
HPSOCKET_API void __stdcall HP_Server_SetMaxShutdownWaitTime(HP_Server pServer, DWORD dwMaxShutdownWaitTime);
HPSOCKET_API void __stdcall HP_Server_SetMarkSilence(HP_Server pServer, BOOL bMarkSilence);
HPSOCKET_API En_HP_SendPolicy __stdcall HP_Server_GetSendPolicy(HP_Server pServer);
HPSOCKET_API En_HP_RecvPolicy __stdcall HP_Server_GetRecvPolicy(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetFreeSocketObjLockTime(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetFreeSocketObjPool(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetFreeBufferObjPool(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetFreeSocketObjHold(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetFreeBufferObjHold(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetWorkerThreadCount(HP_Server pServer);
HPSOCKET_API DWORD __stdcall HP_Server_GetMaxShutdownWaitTime(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Server_IsMarkSilence(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Server_Wait(HP_Server pServer, int iTimeout);
HPSOCKET_API BOOL __stdcall HP_Server_PauseReceive(HP_Server pServer, HP_CONNID dwConnID, BOOL bPause);
HPSOCKET_API BOOL __stdcall HP_Server_IsPauseReceive(HP_Server pServer, HP_CONNID dwConnID, BOOL* pbPaused);
HPSOCKET_API LPCTSTR __stdcall HP_Server_GetLastErrorDetail(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Server_GetStats(HP_Server pServer, HP_Stats* pStats);
HPSOCKET_API void __stdcall HP_Server_SetIoBackend(HP_Server pServer, En_HP_IoBackend enIoBackend);
HPSOCKET_API En_HP_IoBackend __stdcall HP_Server_GetIoBackend(HP_Server pServer);
HPSOCKET_API LPCTSTR __stdcall HP_Server_GetIoBackendDesc(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetMaxPendingLength(HP_Server pServer, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_Server_GetMaxPendingLength(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetMaxPendingTotal(HP_Server pServer, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_Server_GetMaxPendingTotal(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetGracefulTimeout(HP_Server pServer, DWORD dwTimeout);
HPSOCKET_API DWORD __stdcall HP_Server_GetGracefulTimeout(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetSlowCallbackTime(HP_Server pServer, DWORD dwTime);
HPSOCKET_API DWORD __stdcall HP_Server_GetSlowCallbackTime(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetBusyPoll(HP_Server pServer, DWORD dwTime);
HPSOCKET_API DWORD __stdcall HP_Server_GetBusyPoll(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetNoDelay(HP_Server pServer, BOOL bNoDelay);
HPSOCKET_API BOOL __stdcall HP_Server_IsNoDelay(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetMaxConnectionCount(HP_Server pServer, DWORD dwMaxConnectionCount);
HPSOCKET_API DWORD __stdcall HP_Server_GetMaxConnectionCount(HP_Server pServer);
HPSOCKET_API void __stdcall HP_Server_SetMaxIdleTime(HP_Server pServer, DWORD dwMaxIdleTime);
HPSOCKET_API DWORD __stdcall HP_Server_GetMaxIdleTime(HP_Server pServer);
HPSOCKET_API BOOL __stdcall HP_Agent_Start(HP_Agent pAgent, LPCTSTR pszBindAddress, BOOL bAsyncConnect);
HPSOCKET_API BOOL __stdcall HP_Agent_Stop(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_Connect(HP_Agent pAgent, LPCTSTR pszRemoteAddress, USHORT usPort,
                                             HP_CONNID* pdwConnID);
HPSOCKET_API BOOL __stdcall HP_Agent_Send(HP_Agent pAgent, HP_CONNID dwConnID, const BYTE* pBuffer,
                                          int iLength);
HPSOCKET_API BOOL __stdcall HP_Agent_SendPart(HP_Agent pAgent, HP_CONNID dwConnID, const BYTE* pBuffer,
                                              int iLength, int iOffset);
HPSOCKET_API BOOL __stdcall HP_Agent_SendPackets(HP_Agent pAgent, HP_CONNID dwConnID, const WSABUF pBuffers[],
                                                 int iCount);
HPSOCKET_API BOOL __stdcall HP_Agent_Disconnect(HP_Agent pAgent, HP_CONNID dwConnID, BOOL bForce);
HPSOCKET_API BOOL __stdcall HP_Agent_DisconnectLongConnections(HP_Agent pAgent, DWORD dwPeriod, BOOL bForce);
HPSOCKET_API BOOL __stdcall HP_Agent_DisconnectSilenceConnections(HP_Agent pAgent, DWORD dwPeriod,
                                                                  BOOL bForce);
HPSOCKET_API BOOL __stdcall HP_Agent_SetConnectionExtra(HP_Agent pAgent, HP_CONNID dwConnID, PVOID pExtra);
HPSOCKET_API BOOL __stdcall HP_Agent_GetConnectionExtra(HP_Agent pAgent, HP_CONNID dwConnID, PVOID* ppExtra);
HPSOCKET_API BOOL __stdcall HP_Agent_HasStarted(HP_Agent pAgent);
HPSOCKET_API En_HP_ServiceState __stdcall HP_Agent_GetState(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetConnectionCount(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_GetAllConnectionIDs(HP_Agent pAgent, HP_CONNID pIDs[], DWORD* pdwCount);
HPSOCKET_API BOOL __stdcall HP_Agent_GetConnectPeriod(HP_Agent pAgent, HP_CONNID dwConnID, DWORD* pdwPeriod);
HPSOCKET_API BOOL __stdcall HP_Agent_GetSilencePeriod(HP_Agent pAgent, HP_CONNID dwConnID, DWORD* pdwPeriod);
HPSOCKET_API BOOL __stdcall HP_Agent_GetLocalAddress(HP_Agent pAgent, HP_CONNID dwConnID, TCHAR lpszAddress[],
                                                     int* piAddressLen, USHORT* pusPort);
HPSOCKET_API BOOL __stdcall HP_Agent_GetRemoteAddress(HP_Agent pAgent, HP_CONNID dwConnID,
                                                      TCHAR lpszAddress[], int* piAddressLen,
                                                      USHORT* pusPort);
HPSOCKET_API En_HP_SocketError __stdcall HP_Agent_GetLastError(HP_Agent pAgent);
HPSOCKET_API LPCTSTR __stdcall HP_Agent_GetLastErrorDesc(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_GetPendingDataLength(HP_Agent pAgent, HP_CONNID dwConnID,
                                                          int* piPending);
HPSOCKET_API void __stdcall HP_Agent_SetSendPolicy(HP_Agent pAgent, En_HP_SendPolicy enSendPolicy);
HPSOCKET_API void __stdcall HP_Agent_SetRecvPolicy(HP_Agent pAgent, En_HP_RecvPolicy enRecvPolicy);
HPSOCKET_API void __stdcall HP_Agent_SetFreeSocketObjLockTime(HP_Agent pAgent, DWORD dwFreeSocketObjLockTime);
HPSOCKET_API void __stdcall HP_Agent_SetFreeSocketObjPool(HP_Agent pAgent, DWORD dwFreeSocketObjPool);
HPSOCKET_API void __stdcall HP_Agent_SetFreeBufferObjPool(HP_Agent pAgent, DWORD dwFreeBufferObjPool);
HPSOCKET_API void __stdcall HP_Agent_SetFreeSocketObjHold(HP_Agent pAgent, DWORD dwFreeSocketObjHold);
HPSOCKET_API void __stdcall HP_Agent_SetFreeBufferObjHold(HP_Agent pAgent, DWORD dwFreeBufferObjHold);
HPSOCKET_API void __stdcall HP_Agent_SetWorkerThreadCount(HP_Agent pAgent, DWORD dwWorkerThreadCount);
HPSOCKET_API void __stdcall HP_Agent_SetMaxShutdownWaitTime(HP_Agent pAgent, DWORD dwMaxShutdownWaitTime);
HPSOCKET_API void __stdcall HP_Agent_SetMarkSilence(HP_Agent pAgent, BOOL bMarkSilence);
HPSOCKET_API En_HP_SendPolicy __stdcall HP_Agent_GetSendPolicy(HP_Agent pAgent);
HPSOCKET_API En_HP_RecvPolicy __stdcall HP_Agent_GetRecvPolicy(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetFreeSocketObjLockTime(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetFreeSocketObjPool(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetFreeBufferObjPool(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetFreeSocketObjHold(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetFreeBufferObjHold(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetWorkerThreadCount(HP_Agent pAgent);
HPSOCKET_API DWORD __stdcall HP_Agent_GetMaxShutdownWaitTime(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_IsMarkSilence(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_Wait(HP_Agent pAgent, int iTimeout);
HPSOCKET_API BOOL __stdcall HP_Agent_PauseReceive(HP_Agent pAgent, HP_CONNID dwConnID, BOOL bPause);
HPSOCKET_API BOOL __stdcall HP_Agent_IsPauseReceive(HP_Agent pAgent, HP_CONNID dwConnID, BOOL* pbPaused);
HPSOCKET_API LPCTSTR __stdcall HP_Agent_GetLastErrorDetail(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_GetStats(HP_Agent pAgent, HP_Stats* pStats);
HPSOCKET_API void __stdcall HP_Agent_SetIoBackend(HP_Agent pAgent, En_HP_IoBackend enIoBackend);
HPSOCKET_API En_HP_IoBackend __stdcall HP_Agent_GetIoBackend(HP_Agent pAgent);
HPSOCKET_API LPCTSTR __stdcall HP_Agent_GetIoBackendDesc(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetMaxPendingLength(HP_Agent pAgent, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_Agent_GetMaxPendingLength(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetMaxPendingTotal(HP_Agent pAgent, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_Agent_GetMaxPendingTotal(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetGracefulTimeout(HP_Agent pAgent, DWORD dwTimeout);
HPSOCKET_API DWORD __stdcall HP_Agent_GetGracefulTimeout(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetSlowCallbackTime(HP_Agent pAgent, DWORD dwTime);
HPSOCKET_API DWORD __stdcall HP_Agent_GetSlowCallbackTime(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetBusyPoll(HP_Agent pAgent, DWORD dwTime);
HPSOCKET_API DWORD __stdcall HP_Agent_GetBusyPoll(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetNoDelay(HP_Agent pAgent, BOOL bNoDelay);
HPSOCKET_API BOOL __stdcall HP_Agent_IsNoDelay(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetMaxConnectionCount(HP_Agent pAgent, DWORD dwMaxConnectionCount);
HPSOCKET_API DWORD __stdcall HP_Agent_GetMaxConnectionCount(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetMaxIdleTime(HP_Agent pAgent, DWORD dwMaxIdleTime);
HPSOCKET_API DWORD __stdcall HP_Agent_GetMaxIdleTime(HP_Agent pAgent);
HPSOCKET_API void __stdcall HP_Agent_SetSyncConnectTimeout(HP_Agent pAgent, DWORD dwTimeout);
HPSOCKET_API DWORD __stdcall HP_Agent_GetSyncConnectTimeout(HP_Agent pAgent);
HPSOCKET_API BOOL __stdcall HP_Agent_GetLocaleAddress(HP_Agent pAgent, HP_CONNID dwConnID,
                                                      TCHAR lpszAddress[], int* piAddressLen,
                                                      USHORT* pusPort);
HPSOCKET_API BOOL __stdcall HP_Client_Start(HP_Client pClient, LPCTSTR pszRemoteAddress, USHORT usPort,
                                            BOOL bAsyncConnect);
HPSOCKET_API BOOL __stdcall HP_Client_Stop(HP_Client pClient);
HPSOCKET_API BOOL __stdcall HP_Client_Send(HP_Client pClient, const BYTE* pBuffer, int iLength);
HPSOCKET_API BOOL __stdcall HP_Client_SendPart(HP_Client pClient, const BYTE* pBuffer, int iLength,
                                               int iOffset);
HPSOCKET_API BOOL __stdcall HP_Client_SendPackets(HP_Client pClient, const WSABUF pBuffers[], int iCount);
HPSOCKET_API void __stdcall HP_Client_SetExtra(HP_Client pClient, PVOID pExtra);
HPSOCKET_API PVOID __stdcall HP_Client_GetExtra(HP_Client pClient);
HPSOCKET_API BOOL __stdcall HP_Client_HasStarted(HP_Client pClient);
HPSOCKET_API En_HP_ServiceState __stdcall HP_Client_GetState(HP_Client pClient);
HPSOCKET_API En_HP_SocketError __stdcall HP_Client_GetLastError(HP_Client pClient);
HPSOCKET_API LPCTSTR __stdcall HP_Client_GetLastErrorDesc(HP_Client pClient);
HPSOCKET_API HP_CONNID __stdcall HP_Client_GetConnectionID(HP_Client pClient);
HPSOCKET_API BOOL __stdcall HP_Client_GetLocalAddress(HP_Client pClient, TCHAR lpszAddress[],
                                                      int* piAddressLen, USHORT* pusPort);
HPSOCKET_API BOOL __stdcall HP_Client_GetPendingDataLength(HP_Client pClient, int* piPending);
HPSOCKET_API void __stdcall HP_Client_SetFreeBufferPoolSize(HP_Client pClient, DWORD dwFreeBufferPoolSize);
HPSOCKET_API void __stdcall HP_Client_SetFreeBufferPoolHold(HP_Client pClient, DWORD dwFreeBufferPoolHold);
HPSOCKET_API DWORD __stdcall HP_Client_GetFreeBufferPoolSize(HP_Client pClient);
HPSOCKET_API DWORD __stdcall HP_Client_GetFreeBufferPoolHold(HP_Client pClient);
HPSOCKET_API BOOL __stdcall HP_Client_Wait(HP_Client pClient, int iTimeout);
HPSOCKET_API BOOL __stdcall HP_Client_PauseReceive(HP_Client pClient, BOOL bPause);
HPSOCKET_API BOOL __stdcall HP_Client_IsPauseReceive(HP_Client pClient, BOOL* pbPaused);
HPSOCKET_API LPCTSTR __stdcall HP_Client_GetLastErrorDetail(HP_Client pClient);
HPSOCKET_API BOOL __stdcall HP_Client_GetStats(HP_Client pClient, HP_Stats* pStats);
HPSOCKET_API void __stdcall HP_Client_SetIoBackend(HP_Client pClient, En_HP_IoBackend enIoBackend);
HPSOCKET_API En_HP_IoBackend __stdcall HP_Client_GetIoBackend(HP_Client pClient);
HPSOCKET_API LPCTSTR __stdcall HP_Client_GetIoBackendDesc(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetMaxPendingLength(HP_Client pClient, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_Client_GetMaxPendingLength(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetMaxPendingTotal(HP_Client pClient, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_Client_GetMaxPendingTotal(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetGracefulTimeout(HP_Client pClient, DWORD dwTimeout);
HPSOCKET_API DWORD __stdcall HP_Client_GetGracefulTimeout(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetSlowCallbackTime(HP_Client pClient, DWORD dwTime);
HPSOCKET_API DWORD __stdcall HP_Client_GetSlowCallbackTime(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetBusyPoll(HP_Client pClient, DWORD dwTime);
HPSOCKET_API DWORD __stdcall HP_Client_GetBusyPoll(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetNoDelay(HP_Client pClient, BOOL bNoDelay);
HPSOCKET_API BOOL __stdcall HP_Client_IsNoDelay(HP_Client pClient);
HPSOCKET_API void __stdcall HP_Client_SetSyncConnectTimeout(HP_Client pClient, DWORD dwTimeout);
HPSOCKET_API DWORD __stdcall HP_Client_GetSyncConnectTimeout(HP_Client pClient);
HPSOCKET_API BOOL __stdcall HP_Client_Connect(HP_Client pClient, LPCTSTR pszRemoteAddress, USHORT usPort,
                                              BOOL bAsyncConnect);
HPSOCKET_API BOOL __stdcall HP_Client_GetLocaleAddress(HP_Client pClient, TCHAR lpszAddress[],
                                                       int* piAddressLen, USHORT* pusPort);
#endif
HPSOCKET_API HP_UdpCast __stdcall Create_HP_UdpCast(HP_UdpCastListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_UdpCast(HP_UdpCast pCast);
HPSOCKET_API HP_UdpCastListener __stdcall Create_HP_UdpCastListener(void);
HPSOCKET_API void __stdcall Destroy_HP_UdpCastListener(HP_UdpCastListener pListener);
HPSOCKET_API void __stdcall HP_UdpCast_SetMaxDatagramSize(HP_UdpCast pCast, DWORD dwMaxDatagramSize);
HPSOCKET_API DWORD __stdcall HP_UdpCast_GetMaxDatagramSize(HP_UdpCast pCast);
HPSOCKET_API BOOL __stdcall HP_UdpCast_GetRemoteAddress(HP_UdpCast pCast, TCHAR lpszAddress[],
                                                        int* piAddressLen, USHORT* pusPort);
HPSOCKET_API void __stdcall HP_UdpCast_SetBindAdddress(HP_UdpCast pCast, LPCTSTR pszBindAddress);
HPSOCKET_API LPCTSTR __stdcall HP_UdpCast_GetBindAdddress(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetReuseAddress(HP_UdpCast pCast, BOOL bReuseAddress);
HPSOCKET_API BOOL __stdcall HP_UdpCast_IsReuseAddress(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetCastMode(HP_UdpCast pCast, En_HP_CastMode enCastMode);
HPSOCKET_API En_HP_CastMode __stdcall HP_UdpCast_GetCastMode(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetMultiCastTtl(HP_UdpCast pCast, int iMCTtl);
HPSOCKET_API int __stdcall HP_UdpCast_GetMultiCastTtl(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetMultiCastLoop(HP_UdpCast pCast, BOOL bMCLoop);
HPSOCKET_API BOOL __stdcall HP_UdpCast_IsMultiCastLoop(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetBindAddress(HP_UdpCast pCast, LPCTSTR pszBindAddress);
HPSOCKET_API LPCTSTR __stdcall HP_UdpCast_GetBindAddress(HP_UdpCast pCast);
HPSOCKET_API BOOL __stdcall HP_UdpCast_JoinSource(HP_UdpCast pCast, LPCTSTR pszSourceAddress);
HPSOCKET_API void __stdcall HP_UdpCast_SetCloseOnOversize(HP_UdpCast pCast, BOOL bCloseOnOversize);
HPSOCKET_API BOOL __stdcall HP_UdpCast_IsCloseOnOversize(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetSendBufferSize(HP_UdpCast pCast, DWORD dwSendBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpCast_GetSendBufferSize(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetReceiveBufferSize(HP_UdpCast pCast, DWORD dwReceiveBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpCast_GetReceiveBufferSize(HP_UdpCast pCast);
#endif
#ifndef HPSOCKET_TCP_AGENT_C_API_H_
#define HPSOCKET_TCP_AGENT_C_API_H_
#include <stdint.h>
HPSOCKET_API HP_TcpAgent __stdcall Create_HP_TcpAgent(HP_TcpAgentListener pListener);
HPSOCKET_API HP_TcpPullAgent __stdcall Create_HP_TcpPullAgent(HP_TcpPullAgentListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpAgent(HP_TcpAgent pAgent);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullAgent(HP_TcpPullAgent pAgent);
HPSOCKET_API HP_TcpAgentListener __stdcall Create_HP_TcpAgentListener(void);
HPSOCKET_API HP_TcpPullAgentListener __stdcall Create_HP_TcpPullAgentListener(void);
HPSOCKET_API void __stdcall Destroy_HP_TcpAgentListener(HP_TcpAgentListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullAgentListener(HP_TcpPullAgentListener pListener);
HPSOCKET_API BOOL __stdcall HP_TcpAgent_SendSmallFile(HP_Agent pAgent, HP_CONNID dwConnID,
                                                      LPCTSTR lpszFileName, const LPWSABUF pHead,
                                                      const LPWSABUF pTail);
HPSOCKET_API void __stdcall HP_TcpAgent_SetReuseAddress(HP_TcpAgent pAgent, BOOL bReuseAddress);
HPSOCKET_API BOOL __stdcall HP_TcpAgent_IsReuseAddress(HP_TcpAgent pAgent);
HPSOCKET_API void __stdcall HP_TcpAgent_SetSocketBufferSize(HP_TcpAgent pAgent, DWORD dwSocketBufferSize);
HPSOCKET_API void __stdcall HP_TcpAgent_SetKeepAliveTime(HP_TcpAgent pAgent, DWORD dwKeepAliveTime);
HPSOCKET_API void __stdcall HP_TcpAgent_SetKeepAliveInterval(HP_TcpAgent pAgent, DWORD dwKeepAliveInterval);
HPSOCKET_API DWORD __stdcall HP_TcpAgent_GetSocketBufferSize(HP_TcpAgent pAgent);
HPSOCKET_API DWORD __stdcall HP_TcpAgent_GetKeepAliveTime(HP_TcpAgent pAgent);
HPSOCKET_API DWORD __stdcall HP_TcpAgent_GetKeepAliveInterval(HP_TcpAgent pAgent);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_Fetch(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                               BYTE* pData, int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_Peek(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                              BYTE* pData, int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_PeekSpan(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                                  const BYTE** ppData, int* piLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_Find(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                              const BYTE* pPattern, int iLength, int iFrom,
                                                              int* piPosition);
HPSOCKET_API void __stdcall HP_TcpPullAgent_SetMaxPullLength(HP_TcpPullAgent pAgent, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_TcpPullAgent_GetMaxPullLength(HP_TcpPullAgent pAgent);
#endif
#ifndef HPSOCKET_TCP_CLIENT_C_API_H_
#define HPSOCKET_TCP_CLIENT_C_API_H_
#include <stdint.h>
HPSOCKET_API HP_TcpClient __stdcall Create_HP_TcpClient(HP_TcpClientListener pListener);
HPSOCKET_API HP_TcpPullClient __stdcall Create_HP_TcpPullClient(HP_TcpPullClientListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpClient(HP_TcpClient pClient);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullClient(HP_TcpPullClient pClient);
HPSOCKET_API HP_TcpClientListener __stdcall Create_HP_TcpClientListener(void);
HPSOCKET_API HP_TcpPullClientListener __stdcall Create_HP_TcpPullClientListener(void);
HPSOCKET_API void __stdcall Destroy_HP_TcpClientListener(HP_TcpClientListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullClientListener(HP_TcpPullClientListener pListener);
HPSOCKET_API BOOL __stdcall HP_TcpClient_SendSmallFile(HP_Client pClient, LPCTSTR lpszFileName,
                                                       const LPWSABUF pHead, const LPWSABUF pTail);
HPSOCKET_API void __stdcall HP_TcpClient_SetSocketBufferSize(HP_TcpClient pClient, DWORD dwSocketBufferSize);
HPSOCKET_API void __stdcall HP_TcpClient_SetKeepAliveTime(HP_TcpClient pClient, DWORD dwKeepAliveTime);
HPSOCKET_API void __stdcall HP_TcpClient_SetKeepAliveInterval(HP_TcpClient pClient,
                                                              DWORD dwKeepAliveInterval);
HPSOCKET_API DWORD __stdcall HP_TcpClient_GetSocketBufferSize(HP_TcpClient pClient);
HPSOCKET_API DWORD __stdcall HP_TcpClient_GetKeepAliveTime(HP_TcpClient pClient);
HPSOCKET_API DWORD __stdcall HP_TcpClient_GetKeepAliveInterval(HP_TcpClient pClient);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_Fetch(HP_TcpPullClient pClient, BYTE* pData,
                                                                int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_Peek(HP_TcpPullClient pClient, BYTE* pData,
                                                               int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_PeekSpan(HP_TcpPullClient pClient,
                                                                   const BYTE** ppData, int* piLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_Find(HP_TcpPullClient pClient, const BYTE* pPattern,
                                                               int iLength, int iFrom, int* piPosition);
HPSOCKET_API void __stdcall HP_TcpPullClient_SetMaxPullLength(HP_TcpPullClient pClient, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_TcpPullClient_GetMaxPullLength(HP_TcpPullClient pClient);
#endif
#ifndef HPSOCKET_TCP_SERVER_C_API_H_
#define HPSOCKET_TCP_SERVER_C_API_H_
#include <stdint.h>
HPSOCKET_API HP_TcpServer __stdcall Create_HP_TcpServer(HP_TcpServerListener pListener);
HPSOCKET_API HP_TcpPullServer __stdcall Create_HP_TcpPullServer(HP_TcpPullServerListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpServer(HP_TcpServer pServer);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullServer(HP_TcpPullServer pServer);
HPSOCKET_API HP_TcpServerListener __stdcall Create_HP_TcpServerListener(void);
HPSOCKET_API HP_TcpPullServerListener __stdcall Create_HP_TcpPullServerListener(void);
HPSOCKET_API void __stdcall Destroy_HP_TcpServerListener(HP_TcpServerListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullServerListener(HP_TcpPullServerListener pListener);
HPSOCKET_API BOOL __stdcall HP_TcpServer_SendSmallFile(HP_Server pServer, HP_CONNID dwConnID,
                                                       LPCTSTR lpszFileName, const LPWSABUF pHead,
                                                       const LPWSABUF pTail);
HPSOCKET_API void __stdcall HP_TcpServer_SetSocketListenQueue(HP_TcpServer pServer,
                                                              DWORD dwSocketListenQueue);
HPSOCKET_API void __stdcall HP_TcpServer_SetAcceptSocketCount(HP_TcpServer pServer,
                                                              DWORD dwAcceptSocketCount);
HPSOCKET_API void __stdcall HP_TcpServer_SetSocketBufferSize(HP_TcpServer pServer, DWORD dwSocketBufferSize);
HPSOCKET_API void __stdcall HP_TcpServer_SetKeepAliveTime(HP_TcpServer pServer, DWORD dwKeepAliveTime);
HPSOCKET_API void __stdcall HP_TcpServer_SetKeepAliveInterval(HP_TcpServer pServer,
                                                              DWORD dwKeepAliveInterval);
HPSOCKET_API DWORD __stdcall HP_TcpServer_GetAcceptSocketCount(HP_TcpServer pServer);
HPSOCKET_API DWORD __stdcall HP_TcpServer_GetSocketBufferSize(HP_TcpServer pServer);
HPSOCKET_API DWORD __stdcall HP_TcpServer_GetSocketListenQueue(HP_TcpServer pServer);
HPSOCKET_API DWORD __stdcall HP_TcpServer_GetKeepAliveTime(HP_TcpServer pServer);
HPSOCKET_API DWORD __stdcall HP_TcpServer_GetKeepAliveInterval(HP_TcpServer pServer);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_Fetch(HP_TcpPullServer pServer, HP_CONNID dwConnID,
                                                                BYTE* pData, int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_Peek(HP_TcpPullServer pServer, HP_CONNID dwConnID,
                                                               BYTE* pData, int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_PeekSpan(HP_TcpPullServer pServer,
                                                                   HP_CONNID dwConnID, const BYTE** ppData,
                                                                   int* piLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_Find(HP_TcpPullServer pServer, HP_CONNID dwConnID,
                                                               const BYTE* pPattern, int iLength, int iFrom,
                                                               int* piPosition);
HPSOCKET_API void __stdcall HP_TcpPullServer_SetMaxPullLength(HP_TcpPullServer pServer, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_TcpPullServer_GetMaxPullLength(HP_TcpPullServer pServer);
#endif
#ifndef HPSOCKET_UDP_C_API_H_
#define HPSOCKET_UDP_C_API_H_
#include <stdint.h>
HPSOCKET_API HP_UdpServer __stdcall Create_HP_UdpServer(HP_UdpServerListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_UdpServer(HP_UdpServer pServer);
HPSOCKET_API HP_UdpClient __stdcall Create_HP_UdpClient(HP_UdpClientListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_UdpClient(HP_UdpClient pClient);
HPSOCKET_API HP_UdpServerListener __stdcall Create_HP_UdpServerListener(void);
HPSOCKET_API void __stdcall Destroy_HP_UdpServerListener(HP_UdpServerListener pListener);
HPSOCKET_API HP_UdpClientListener __stdcall Create_HP_UdpClientListener(void);
HPSOCKET_API void __stdcall Destroy_HP_UdpClientListener(HP_UdpClientListener pListener);
HPSOCKET_API void __stdcall HP_UdpServer_SetMaxDatagramSize(HP_UdpServer pServer, DWORD dwMaxDatagramSize);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetMaxDatagramSize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetPostReceiveCount(HP_UdpServer pServer, DWORD dwPostReceiveCount);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetPostReceiveCount(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetDetectAttempts(HP_UdpServer pServer, DWORD dwDetectAttempts);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetDetectAttempts(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetDetectInterval(HP_UdpServer pServer, DWORD dwDetectInterval);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetDetectInterval(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetCloseOnOversize(HP_UdpServer pServer, BOOL bCloseOnOversize);
HPSOCKET_API BOOL __stdcall HP_UdpServer_IsCloseOnOversize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetSendBufferSize(HP_UdpServer pServer, DWORD dwSendBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetSendBufferSize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetReceiveBufferSize(HP_UdpServer pServer,
                                                              DWORD dwReceiveBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetReceiveBufferSize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpClient_SetMaxDatagramSize(HP_UdpClient pClient, DWORD dwMaxDatagramSize);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetMaxDatagramSize(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetDetectAttempts(HP_UdpClient pClient, DWORD dwDetectAttempts);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetDetectAttempts(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetDetectInterval(HP_UdpClient pClient, DWORD dwDetectInterval);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetDetectInterval(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetCloseOnOversize(HP_UdpClient pClient, BOOL bCloseOnOversize);
HPSOCKET_API BOOL __stdcall HP_UdpClient_IsCloseOnOversize(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetSendBufferSize(HP_UdpClient pClient, DWORD dwSendBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetSendBufferSize(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetReceiveBufferSize(HP_UdpClient pClient,
                                                              DWORD dwReceiveBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetReceiveBufferSize(HP_UdpClient pClient);
#endif
#endif
