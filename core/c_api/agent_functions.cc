#include <cerrno>
#include <cstdint>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/c_api.h"
#include "hpsocket/core/c_api/call.h"

using hpsocket::IAgent;
using hpsocket::core::Call;
using hpsocket::core::Refuse;

BOOL HP_Agent_Start(HP_Agent pAgent, LPCTSTR pszBindAddress, BOOL bAsyncConnect) {
  return Call<IAgent>(pAgent, &IAgent::Start, pszBindAddress, bAsyncConnect);
}

BOOL HP_Agent_Stop(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::Stop); }

BOOL HP_Agent_Connect(HP_Agent pAgent, LPCTSTR pszRemoteAddress, USHORT usPort, HP_CONNID* pdwConnID) {
  return Call<IAgent>(pAgent, &IAgent::Connect, pszRemoteAddress, usPort, pdwConnID);
}

BOOL HP_Agent_Send(HP_Agent pAgent, HP_CONNID dwConnID, const BYTE* pBuffer, int iLength) {
  return Call<IAgent>(pAgent, &IAgent::Send, dwConnID, pBuffer, iLength, 0);
}

BOOL HP_Agent_SendPart(HP_Agent pAgent, HP_CONNID dwConnID, const BYTE* pBuffer, int iLength, int iOffset) {
  return Call<IAgent>(pAgent, &IAgent::Send, dwConnID, pBuffer, iLength, iOffset);
}

BOOL HP_Agent_SendPackets(HP_Agent pAgent, HP_CONNID dwConnID, const WSABUF pBuffers[], int iCount) {
  return Call<IAgent>(pAgent, &IAgent::SendPackets, dwConnID, pBuffers, iCount);
}

BOOL HP_Agent_Disconnect(HP_Agent pAgent, HP_CONNID dwConnID, BOOL bForce) {
  return Call<IAgent>(pAgent, &IAgent::Disconnect, dwConnID, bForce);
}

BOOL HP_Agent_DisconnectLongConnections(HP_Agent pAgent, DWORD dwPeriod, BOOL bForce) {
  return Call<IAgent>(pAgent, &IAgent::DisconnectLongConnections, dwPeriod, bForce);
}

BOOL HP_Agent_DisconnectSilenceConnections(HP_Agent pAgent, DWORD dwPeriod, BOOL bForce) {
  return Call<IAgent>(pAgent, &IAgent::DisconnectSilenceConnections, dwPeriod, bForce);
}

BOOL HP_Agent_SetConnectionExtra(HP_Agent pAgent, HP_CONNID dwConnID, PVOID pExtra) {
  return Call<IAgent>(pAgent, &IAgent::SetConnectionExtra, dwConnID, pExtra);
}

BOOL HP_Agent_GetConnectionExtra(HP_Agent pAgent, HP_CONNID dwConnID, PVOID* ppExtra) {
  return Call<IAgent>(pAgent, &IAgent::GetConnectionExtra, dwConnID, ppExtra);
}

BOOL HP_Agent_HasStarted(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::HasStarted); }

En_HP_ServiceState HP_Agent_GetState(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::GetState); }

DWORD HP_Agent_GetConnectionCount(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetConnectionCount);
}

BOOL HP_Agent_GetAllConnectionIDs(HP_Agent pAgent, HP_CONNID pIDs[], DWORD* pdwCount) {
  return Call<IAgent>(pAgent, &IAgent::GetAllConnectionIDs, pIDs, pdwCount);
}

BOOL HP_Agent_GetConnectPeriod(HP_Agent pAgent, HP_CONNID dwConnID, DWORD* pdwPeriod) {
  return Call<IAgent>(pAgent, &IAgent::GetConnectPeriod, dwConnID, pdwPeriod);
}

BOOL HP_Agent_GetSilencePeriod(HP_Agent pAgent, HP_CONNID dwConnID, DWORD* pdwPeriod) {
  return Call<IAgent>(pAgent, &IAgent::GetSilencePeriod, dwConnID, pdwPeriod);
}

BOOL HP_Agent_GetLocalAddress(HP_Agent pAgent, HP_CONNID dwConnID, TCHAR lpszAddress[], int* piAddressLen,
                              USHORT* pusPort) {
  return Call<IAgent>(pAgent, &IAgent::GetLocalAddress, dwConnID, lpszAddress, piAddressLen, pusPort);
}

BOOL HP_Agent_GetRemoteAddress(HP_Agent pAgent, HP_CONNID dwConnID, TCHAR lpszAddress[], int* piAddressLen,
                               USHORT* pusPort) {
  return Call<IAgent>(pAgent, &IAgent::GetRemoteAddress, dwConnID, lpszAddress, piAddressLen, pusPort);
}

En_HP_SocketError HP_Agent_GetLastError(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetLastError);
}

LPCTSTR HP_Agent_GetLastErrorDesc(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::GetLastErrorDesc); }

BOOL HP_Agent_GetPendingDataLength(HP_Agent pAgent, HP_CONNID dwConnID, int* piPending) {
  return Call<IAgent>(pAgent, &IAgent::GetPendingDataLength, dwConnID, piPending);
}

void HP_Agent_SetSendPolicy(HP_Agent pAgent, En_HP_SendPolicy enSendPolicy) {
  return Call<IAgent>(pAgent, &IAgent::SetSendPolicy, enSendPolicy);
}

void HP_Agent_SetRecvPolicy(HP_Agent pAgent, En_HP_RecvPolicy enRecvPolicy) {
  return Call<IAgent>(pAgent, &IAgent::SetRecvPolicy, enRecvPolicy);
}

void HP_Agent_SetFreeSocketObjLockTime(HP_Agent pAgent, DWORD dwFreeSocketObjLockTime) {
  return Call<IAgent>(pAgent, &IAgent::SetFreeSocketObjLockTime, dwFreeSocketObjLockTime);
}

void HP_Agent_SetFreeSocketObjPool(HP_Agent pAgent, DWORD dwFreeSocketObjPool) {
  return Call<IAgent>(pAgent, &IAgent::SetFreeSocketObjPool, dwFreeSocketObjPool);
}

void HP_Agent_SetFreeBufferObjPool(HP_Agent pAgent, DWORD dwFreeBufferObjPool) {
  return Call<IAgent>(pAgent, &IAgent::SetFreeBufferObjPool, dwFreeBufferObjPool);
}

void HP_Agent_SetFreeSocketObjHold(HP_Agent pAgent, DWORD dwFreeSocketObjHold) {
  return Call<IAgent>(pAgent, &IAgent::SetFreeSocketObjHold, dwFreeSocketObjHold);
}

void HP_Agent_SetFreeBufferObjHold(HP_Agent pAgent, DWORD dwFreeBufferObjHold) {
  return Call<IAgent>(pAgent, &IAgent::SetFreeBufferObjHold, dwFreeBufferObjHold);
}

void HP_Agent_SetWorkerThreadCount(HP_Agent pAgent, DWORD dwWorkerThreadCount) {
  return Call<IAgent>(pAgent, &IAgent::SetWorkerThreadCount, dwWorkerThreadCount);
}

void HP_Agent_SetMaxShutdownWaitTime(HP_Agent pAgent, DWORD dwMaxShutdownWaitTime) {
  return Call<IAgent>(pAgent, &IAgent::SetMaxShutdownWaitTime, dwMaxShutdownWaitTime);
}

void HP_Agent_SetMarkSilence(HP_Agent pAgent, BOOL bMarkSilence) {
  return Call<IAgent>(pAgent, &IAgent::SetMarkSilence, bMarkSilence);
}

En_HP_SendPolicy HP_Agent_GetSendPolicy(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetSendPolicy);
}

En_HP_RecvPolicy HP_Agent_GetRecvPolicy(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetRecvPolicy);
}

DWORD HP_Agent_GetFreeSocketObjLockTime(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetFreeSocketObjLockTime);
}

DWORD HP_Agent_GetFreeSocketObjPool(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetFreeSocketObjPool);
}

DWORD HP_Agent_GetFreeBufferObjPool(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetFreeBufferObjPool);
}

DWORD HP_Agent_GetFreeSocketObjHold(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetFreeSocketObjHold);
}

DWORD HP_Agent_GetFreeBufferObjHold(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetFreeBufferObjHold);
}

DWORD HP_Agent_GetWorkerThreadCount(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetWorkerThreadCount);
}

DWORD HP_Agent_GetMaxShutdownWaitTime(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetMaxShutdownWaitTime);
}

BOOL HP_Agent_IsMarkSilence(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::IsMarkSilence); }

// --- Not in HP-Socket ---

BOOL HP_Agent_Wait(HP_Agent pAgent, int iTimeout) { return Call<IAgent>(pAgent, &IAgent::Wait, iTimeout); }

BOOL HP_Agent_PauseReceive(HP_Agent pAgent, HP_CONNID dwConnID, BOOL bPause) {
  return Call<IAgent>(pAgent, &IAgent::PauseReceive, dwConnID, bPause);
}

BOOL HP_Agent_IsPauseReceive(HP_Agent pAgent, HP_CONNID dwConnID, BOOL* pbPaused) {
  bool paused = false;
  if (pbPaused == nullptr) return Refuse<BOOL>(EINVAL);
  const BOOL known = Call<IAgent>(pAgent, &IAgent::IsPauseReceive, dwConnID, &paused);
  if (known != FALSE) *pbPaused = paused ? TRUE : FALSE;
  return known;
}

LPCTSTR HP_Agent_GetLastErrorDetail(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetLastErrorDetail);
}

BOOL HP_Agent_GetStats(HP_Agent pAgent, HP_Stats* pStats) {
  return Call<IAgent>(pAgent, &IAgent::GetStats, pStats);
}

void HP_Agent_SetIoBackend(HP_Agent pAgent, En_HP_IoBackend enIoBackend) {
  return Call<IAgent>(pAgent, &IAgent::SetIoBackend, enIoBackend);
}

En_HP_IoBackend HP_Agent_GetIoBackend(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::GetIoBackend); }

LPCTSTR HP_Agent_GetIoBackendDesc(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::GetIoBackendDesc); }

void HP_Agent_SetMaxPendingLength(HP_Agent pAgent, uint64_t ullLength) {
  return Call<IAgent>(pAgent, &IAgent::SetMaxPendingLength, ullLength);
}

uint64_t HP_Agent_GetMaxPendingLength(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetMaxPendingLength);
}

void HP_Agent_SetMaxPendingTotal(HP_Agent pAgent, uint64_t ullLength) {
  return Call<IAgent>(pAgent, &IAgent::SetMaxPendingTotal, ullLength);
}

uint64_t HP_Agent_GetMaxPendingTotal(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetMaxPendingTotal);
}

void HP_Agent_SetGracefulTimeout(HP_Agent pAgent, DWORD dwTimeout) {
  return Call<IAgent>(pAgent, &IAgent::SetGracefulTimeout, dwTimeout);
}

DWORD HP_Agent_GetGracefulTimeout(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetGracefulTimeout);
}

void HP_Agent_SetSlowCallbackTime(HP_Agent pAgent, DWORD dwTime) {
  return Call<IAgent>(pAgent, &IAgent::SetSlowCallbackTime, dwTime);
}

DWORD HP_Agent_GetSlowCallbackTime(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetSlowCallbackTime);
}

void HP_Agent_SetBusyPoll(HP_Agent pAgent, DWORD dwTime) {
  return Call<IAgent>(pAgent, &IAgent::SetBusyPoll, dwTime);
}

DWORD HP_Agent_GetBusyPoll(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::GetBusyPoll); }

void HP_Agent_SetNoDelay(HP_Agent pAgent, BOOL bNoDelay) {
  return Call<IAgent>(pAgent, &IAgent::SetNoDelay, bNoDelay);
}

BOOL HP_Agent_IsNoDelay(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::IsNoDelay); }

void HP_Agent_SetMaxConnectionCount(HP_Agent pAgent, DWORD dwMaxConnectionCount) {
  return Call<IAgent>(pAgent, &IAgent::SetMaxConnectionCount, dwMaxConnectionCount);
}

DWORD HP_Agent_GetMaxConnectionCount(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetMaxConnectionCount);
}

void HP_Agent_SetMaxIdleTime(HP_Agent pAgent, DWORD dwMaxIdleTime) {
  return Call<IAgent>(pAgent, &IAgent::SetMaxIdleTime, dwMaxIdleTime);
}

DWORD HP_Agent_GetMaxIdleTime(HP_Agent pAgent) { return Call<IAgent>(pAgent, &IAgent::GetMaxIdleTime); }

void HP_Agent_SetSyncConnectTimeout(HP_Agent pAgent, DWORD dwTimeout) {
  return Call<IAgent>(pAgent, &IAgent::SetSyncConnectTimeout, dwTimeout);
}

DWORD HP_Agent_GetSyncConnectTimeout(HP_Agent pAgent) {
  return Call<IAgent>(pAgent, &IAgent::GetSyncConnectTimeout);
}

BOOL HP_Agent_GetLocaleAddress(HP_Agent pAgent, HP_CONNID dwConnID, TCHAR lpszAddress[], int* piAddressLen,
                               USHORT* pusPort) {
  return Call<IAgent>(pAgent, &IAgent::GetLocalAddress, dwConnID, lpszAddress, piAddressLen, pusPort);
}
