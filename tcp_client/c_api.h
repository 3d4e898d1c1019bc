// Public.
//
// The C interface of TCP Client and TCP Pull Client: what only they have. The functions that they share with
// others are in core/c_api/c_api.h, which also says what C does differently; tcp_client.h and
// tcp_pull_client.h have the contracts.
//
//   HP_TcpClientListener listener = Create_HP_TcpClientListener();
//   HP_Set_FN_Client_OnReceive(listener, OnReceive);
//   HP_TcpClient client = Create_HP_TcpClient(listener);
//
// Threads:  any, as in C++. A handle is not used while another thread destroys it.
// Owner:    Create_HP_* and Destroy_HP_* of one kind belong together.
// Lifetime: a listener outlives the components that were made with it. Destroying a running component
//           stops it: its last events find the handle still valid.
// Errors:   Create_HP_* give null: EINVAL no listener of this family, ENOMEM.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_CLIENT_C_API_H_
#define HPSOCKET_TCP_CLIENT_C_API_H_

#include <stdint.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/c_api.h"

// --- Objects ---

// Spec: §3.3, api §5.3
HPSOCKET_API HP_TcpClient __stdcall Create_HP_TcpClient(HP_TcpClientListener pListener);
HPSOCKET_API HP_TcpPullClient __stdcall Create_HP_TcpPullClient(HP_TcpPullClientListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpClient(HP_TcpClient pClient);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullClient(HP_TcpPullClient pClient);

// All clients share one kind of listener, whatever they are called here.
// Spec: api §5.1, api §5.3
HPSOCKET_API HP_TcpClientListener __stdcall Create_HP_TcpClientListener(void);
HPSOCKET_API HP_TcpPullClientListener __stdcall Create_HP_TcpPullClientListener(void);
HPSOCKET_API void __stdcall Destroy_HP_TcpClientListener(HP_TcpClientListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullClientListener(HP_TcpPullClientListener pListener);

// --- TCP ---

// As ITcpClient.
// Spec: api §5.3
HPSOCKET_API BOOL __stdcall HP_TcpClient_SendSmallFile(HP_Client pClient, LPCTSTR lpszFileName,
                                                       const LPWSABUF pHead, const LPWSABUF pTail);
HPSOCKET_API void __stdcall HP_TcpClient_SetSocketBufferSize(HP_TcpClient pClient, DWORD dwSocketBufferSize);
HPSOCKET_API void __stdcall HP_TcpClient_SetKeepAliveTime(HP_TcpClient pClient, DWORD dwKeepAliveTime);
HPSOCKET_API void __stdcall HP_TcpClient_SetKeepAliveInterval(HP_TcpClient pClient,
                                                              DWORD dwKeepAliveInterval);
HPSOCKET_API DWORD __stdcall HP_TcpClient_GetSocketBufferSize(HP_TcpClient pClient);
HPSOCKET_API DWORD __stdcall HP_TcpClient_GetKeepAliveTime(HP_TcpClient pClient);
HPSOCKET_API DWORD __stdcall HP_TcpClient_GetKeepAliveInterval(HP_TcpClient pClient);

// --- PULL ---

// As IPullClient.
// Spec: api §5.3
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_Fetch(HP_TcpPullClient pClient, BYTE* pData,
                                                                int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_Peek(HP_TcpPullClient pClient, BYTE* pData,
                                                               int iLength);

// Not in HP-Socket.
// Spec: decisions §8
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_PeekSpan(HP_TcpPullClient pClient,
                                                                   const BYTE** ppData, int* piLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullClient_Find(HP_TcpPullClient pClient, const BYTE* pPattern,
                                                               int iLength, int iFrom, int* piPosition);
HPSOCKET_API void __stdcall HP_TcpPullClient_SetMaxPullLength(HP_TcpPullClient pClient, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_TcpPullClient_GetMaxPullLength(HP_TcpPullClient pClient);

#endif  // HPSOCKET_TCP_CLIENT_C_API_H_
