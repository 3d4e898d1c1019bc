// Public.
//
// The C interface of what several components share: listeners' functions, and the families HP_Server_*,
// HP_Agent_* and HP_Client_*. A component's c_api.h makes the objects and adds what only it has;
// sdk/HPSocket4C.h is all of it. Names, parameters and values are HP-Socket's; core/api/socket_interfaces.h
// has each method's contract. What is different in C:
//
//  1. A handle goes with every family of functions that its component belongs to.
//  2. Booleans are BOOL, and nothing has a default. HP_*_Send is Send from offset 0, HP_*_SendPart has the
//     offset.
//  3. What C++ takes by reference is a pointer, and must not be null.
//  4. A handle that is null, destroyed or of another family is refused, and so is a null pointer of 3: errno
//     is EINVAL, and the result FALSE, 0 or null, HP_SS_STOPPED, HP_SE_INVALID_PARAM, HP_FR_DATA_NOT_FOUND,
//     for texts that of HP_SE_INVALID_PARAM. No component error is set.
//  5. A listener's function that is not set is ignored. It may be set at any time, and one listener may
//     serve several components. Clients' functions get the handle that Create_HP_* returned.
//
// Threads:  any, as in C++. A handle is not used while another thread destroys it.
// Owner:    Create_HP_* and Destroy_HP_* of one kind belong together.
// Lifetime: a listener outlives the components that were made with it.
// Errors:   errno, which is SYS_GetLastError(), and the component error, as in C++. No exception comes out.
// Units:    bytes and milliseconds; ports in host byte order; text is UTF-8.
#ifndef HPSOCKET_CORE_C_API_C_API_H_
#define HPSOCKET_CORE_C_API_C_API_H_

#include <stdint.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/helpers.h"

// --- Listeners ---

// What servers, agents and clients call; null for nothing.
// Spec: §1.4, api §5.1, api §5.3
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

// --- Servers ---

// As IServer and IComplexSocket.
// Spec: api §5.3
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

// Not in HP-Socket.
// Spec: decisions §8
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

// --- Agents ---

// As IAgent and IComplexSocket.
// Spec: api §5.3
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

// Not in HP-Socket.
// Spec: decisions §8
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

// --- Clients ---

// As IClient.
// Spec: api §5.3
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

// Not in HP-Socket.
// Spec: decisions §8
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

#endif  // HPSOCKET_CORE_C_API_C_API_H_
