// Public.
//
// The C interface of TCP Agent and TCP Pull Agent: what only they have. The functions that they share with
// others are in core/c_api/c_api.h, which also says what C does differently; tcp_agent.h and
// tcp_pull_agent.h have the contracts.
//
//   HP_TcpAgentListener listener = Create_HP_TcpAgentListener();
//   HP_Set_FN_Agent_OnReceive(listener, OnReceive);
//   HP_TcpAgent agent = Create_HP_TcpAgent(listener);
//
// Threads:  any, as in C++. A handle is not used while another thread destroys it.
// Owner:    Create_HP_* and Destroy_HP_* of one kind belong together.
// Lifetime: a listener outlives the components that were made with it. Destroying a running component
//           stops it: its last events find the handle still valid.
// Errors:   Create_HP_* give null: EINVAL no listener of this family, ENOMEM.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_AGENT_C_API_H_
#define HPSOCKET_TCP_AGENT_C_API_H_

#include <stdint.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/c_api.h"

// --- Objects ---

// Spec: §3.3, api §5.3
HPSOCKET_API HP_TcpAgent __stdcall Create_HP_TcpAgent(HP_TcpAgentListener pListener);
HPSOCKET_API HP_TcpPullAgent __stdcall Create_HP_TcpPullAgent(HP_TcpPullAgentListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpAgent(HP_TcpAgent pAgent);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullAgent(HP_TcpPullAgent pAgent);

// All agents share one kind of listener, whatever they are called here.
// Spec: api §5.1, api §5.3
HPSOCKET_API HP_TcpAgentListener __stdcall Create_HP_TcpAgentListener(void);
HPSOCKET_API HP_TcpPullAgentListener __stdcall Create_HP_TcpPullAgentListener(void);
HPSOCKET_API void __stdcall Destroy_HP_TcpAgentListener(HP_TcpAgentListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_TcpPullAgentListener(HP_TcpPullAgentListener pListener);

// --- TCP ---

// As ITcpAgent.
// Spec: api §5.3
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

// --- PULL ---

// As IPullSocket.
// Spec: api §5.3
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_Fetch(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                               BYTE* pData, int iLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_Peek(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                              BYTE* pData, int iLength);

// Not in HP-Socket.
// Spec: decisions §8
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_PeekSpan(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                                  const BYTE** ppData, int* piLength);
HPSOCKET_API En_HP_FetchResult __stdcall HP_TcpPullAgent_Find(HP_TcpPullAgent pAgent, HP_CONNID dwConnID,
                                                              const BYTE* pPattern, int iLength, int iFrom,
                                                              int* piPosition);
HPSOCKET_API void __stdcall HP_TcpPullAgent_SetMaxPullLength(HP_TcpPullAgent pAgent, uint64_t ullLength);
HPSOCKET_API uint64_t __stdcall HP_TcpPullAgent_GetMaxPullLength(HP_TcpPullAgent pAgent);

#endif  // HPSOCKET_TCP_AGENT_C_API_H_
