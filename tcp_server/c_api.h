// Public.
//
// The C interface of TCP Server and TCP Pull Server: what only they have. The functions that they share with
// others are in core/c_api/c_api.h, which also says what C does differently; tcp_server.h and
// tcp_pull_server.h have the contracts.
//
//   HP_TcpServerListener listener = Create_HP_TcpServerListener();
//   HP_Set_FN_Server_OnReceive(listener, OnReceive);
//   HP_TcpServer server = Create_HP_TcpServer(listener);
//
// Threads:  any, as in C++. A handle is not used while another thread destroys it.
// Owner:    Create_HP_* and Destroy_HP_* of one kind belong together.
// Lifetime: a listener outlives the components that were made with it. Destroying a running component
//           stops it: its last events find the handle still valid.
// Errors:   Create_HP_* give null: EINVAL no listener of this family, ENOMEM.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_SERVER_C_API_H_
#define HPSOCKET_TCP_SERVER_C_API_H_

#include <stdint.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/c_api.h"

// --- Objects ---

// Spec: §3.3, api §5.3
HPSOCKET_API HP_TcpServer __stdcall Create_HP_TcpServer(HP_TcpServerListener pListener);
HPSOCKET_API HP_TcpPullServer __stdcall Create_HP_TcpPullServer(HP_TcpPullServerListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpServer(HP_TcpServer pServer);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullServer(HP_TcpPullServer pServer);

// All servers share one kind of listener, whatever they are called here.
// Spec: api §5.1, api §5.3
HPSOCKET_API HP_TcpServerListener __stdcall Create_HP_TcpServerListener(void);
HPSOCKET_API HP_TcpPullServerListener __stdcall Create_HP_TcpPullServerListener(void);
HPSOCKET_API void __stdcall Destroy_HP_TcpServerListener(HP_TcpServerListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullServerListener(HP_TcpPullServerListener pListener);

// --- TCP ---

// As ITcpServer.
// Spec: api §5.3
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

// --- PULL ---

// As IPullSocket.
// Spec: api §5.3
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_Fetch(HP_TcpPullServer pServer, HP_CONNID dwConnID,
                                                                BYTE* pData, int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_Peek(HP_TcpPullServer pServer, HP_CONNID dwConnID,
                                                               BYTE* pData, int iLength);

// Not in HP-Socket.
// Spec: decisions §8
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_PeekSpan(HP_TcpPullServer pServer,
                                                                   HP_CONNID dwConnID, const BYTE** ppData,
                                                                   int* piLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullServer_Find(HP_TcpPullServer pServer, HP_CONNID dwConnID,
                                                               const BYTE* pPattern, int iLength, int iFrom,
                                                               int* piPosition);
HPSOCKET_API void __stdcall HP_TcpPullServer_SetMaxPullLength(HP_TcpPullServer pServer, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_TcpPullServer_GetMaxPullLength(HP_TcpPullServer pServer);

#endif  // HPSOCKET_TCP_SERVER_C_API_H_
