// Public.
//
// The words of the C interface: handles, enumerations and callback types, with HP-Socket's names and
// values. core/api/enums.h says what the enumerators mean, core/api/listener_interfaces.h when a callback
// comes.
//
// Threads:  callbacks run where the events of listener_interfaces.h do.
// Owner:    an HP_Object stands for what Create_HP_* made; the matching Destroy_HP_* ends it.
// Lifetime: a listener outlives the components that were made with it. Data that a callback is shown is
//           valid until it returns.
// Errors:   as in C++; an exception that a callback written in C++ lets out is taken as HP_HR_ERROR.
// Units:    bytes and milliseconds; ports in host byte order; text is UTF-8.
#ifndef HPSOCKET_CORE_API_C_TYPES_H_
#define HPSOCKET_CORE_API_C_TYPES_H_

#include <stdint.h>

#include "hpsocket/core/api/windows_types.h"

#ifdef __cplusplus
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

#define HPSOCKET_API extern "C" __attribute__((visibility("default")))
#else
#define HPSOCKET_API __attribute__((visibility("default")))
#endif

// --- Handles ---

// 0 is never valid.
// Spec: decisions 1.4, api §5.1
typedef uintptr_t HP_CONNID;

// Every handle is one of these, and a component's handle goes with every family of functions that the
// component belongs to: a pull server's with HP_Server_*, HP_TcpServer_* and HP_TcpPullServer_*.
// Spec: api §5.1
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

// --- Enumerations ---

#ifdef __cplusplus
// The same types as in C++, so that both interfaces go together.
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
// State of a component; both spellings of the last two are the same values.
// Spec: api §1, decisions 1.2
typedef enum En_HP_ServiceState {
  HP_SS_STARTING = 0,
  HP_SS_STARTED = 1,
  HP_SS_STOPPING = 2,
  HP_SS_STOPPED = 3,
  HP_SS_STOPING = 2,
  HP_SS_STOPED = 3,
} En_HP_ServiceState;

// Spec: api §1
typedef enum En_HP_SocketOperation {
  HP_SO_UNKNOWN = 0,
  HP_SO_ACCEPT = 1,
  HP_SO_CONNECT = 2,
  HP_SO_SEND = 3,
  HP_SO_RECEIVE = 4,
} En_HP_SocketOperation;

// Spec: §1.4, api §1
typedef enum En_HP_HandleResult {
  HP_HR_OK = 0,
  HP_HR_IGNORE = 1,
  HP_HR_ERROR = 2,
} En_HP_HandleResult;

// Spec: §2.1.1, api §1
typedef enum En_HP_FetchResult {
  HP_FR_OK = 0,
  HP_FR_LENGTH_TOO_LONG = 1,
  HP_FR_DATA_NOT_FOUND = 2,
} En_HP_FetchResult;

// Spec: §2.1.2, api §1
typedef enum En_HP_SendPolicy {
  HP_SP_PACK = 0,
  HP_SP_SAFE = 1,
  HP_SP_DIRECT = 2,
} En_HP_SendPolicy;

// Spec: §2.1.3, api §1
typedef enum En_HP_RecvPolicy {
  HP_RP_SERIAL = 0,
  HP_RP_PARALLEL = 1,
} En_HP_RecvPolicy;

// Spec: api §1
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

// Spec: api §1
typedef enum En_HP_CastMode {
  HP_CM_MULTICAST = 0,
  HP_CM_BROADCAST = 1,
} En_HP_CastMode;

// Spec: decisions §8
typedef enum En_HP_IoBackend {
  HP_IO_AUTO = 0,
  HP_IO_URING = 1,
  HP_IO_EPOLL = 2,
} En_HP_IoBackend;

// As hpsocket::HP_Stats (core/api/types.h), field by field. `size` is the caller's sizeof(HP_Stats).
// Spec: decisions §8
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

// Spec: decisions §8
typedef void (*HP_LogHandler)(int level, const char* message, void* user);
#endif

// --- Callbacks ---

// `soListen` and `socket` are SOCKETs.
// Spec: api §5.2
typedef En_HP_HandleResult(__stdcall* HP_FN_Server_OnPrepareListen)(UINT_PTR soListen);
// `pClient`: a TCP server's SOCKET; on a UDP server a pointer to the peer's address, a const SOCKADDR_IN*.
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

#endif  // HPSOCKET_CORE_API_C_TYPES_H_
