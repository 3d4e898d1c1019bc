#include <cerrno>
#include <cstdint>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/c_api.h"
#include "hpsocket/core/c_api/call.h"

using hpsocket::IServer;
using hpsocket::core::Call;
using hpsocket::core::Refuse;

BOOL HP_Server_Start(HP_Server pServer, LPCTSTR pszBindAddress, USHORT usPort) {
  return Call<IServer>(pServer, &IServer::Start, pszBindAddress, usPort);
}

BOOL HP_Server_Stop(HP_Server pServer) { return Call<IServer>(pServer, &IServer::Stop); }

BOOL HP_Server_Send(HP_Server pServer, HP_CONNID dwConnID, const BYTE* pBuffer, int iLength) {
  return Call<IServer>(pServer, &IServer::Send, dwConnID, pBuffer, iLength, 0);
}

BOOL HP_Server_SendPart(HP_Server pServer, HP_CONNID dwConnID, const BYTE* pBuffer, int iLength,
                        int iOffset) {
  return Call<IServer>(pServer, &IServer::Send, dwConnID, pBuffer, iLength, iOffset);
}

BOOL HP_Server_SendPackets(HP_Server pServer, HP_CONNID dwConnID, const WSABUF pBuffers[], int iCount) {
  return Call<IServer>(pServer, &IServer::SendPackets, dwConnID, pBuffers, iCount);
}

BOOL HP_Server_Disconnect(HP_Server pServer, HP_CONNID dwConnID, BOOL bForce) {
  return Call<IServer>(pServer, &IServer::Disconnect, dwConnID, bForce);
}

BOOL HP_Server_DisconnectLongConnections(HP_Server pServer, DWORD dwPeriod, BOOL bForce) {
  return Call<IServer>(pServer, &IServer::DisconnectLongConnections, dwPeriod, bForce);
}

BOOL HP_Server_DisconnectSilenceConnections(HP_Server pServer, DWORD dwPeriod, BOOL bForce) {
  return Call<IServer>(pServer, &IServer::DisconnectSilenceConnections, dwPeriod, bForce);
}

BOOL HP_Server_SetConnectionExtra(HP_Server pServer, HP_CONNID dwConnID, PVOID pExtra) {
  return Call<IServer>(pServer, &IServer::SetConnectionExtra, dwConnID, pExtra);
}

BOOL HP_Server_GetConnectionExtra(HP_Server pServer, HP_CONNID dwConnID, PVOID* ppExtra) {
  return Call<IServer>(pServer, &IServer::GetConnectionExtra, dwConnID, ppExtra);
}

BOOL HP_Server_HasStarted(HP_Server pServer) { return Call<IServer>(pServer, &IServer::HasStarted); }

En_HP_ServiceState HP_Server_GetState(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetState);
}

En_HP_SocketError HP_Server_GetLastError(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetLastError);
}

LPCTSTR HP_Server_GetLastErrorDesc(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetLastErrorDesc);
}

BOOL HP_Server_GetPendingDataLength(HP_Server pServer, HP_CONNID dwConnID, int* piPending) {
  return Call<IServer>(pServer, &IServer::GetPendingDataLength, dwConnID, piPending);
}

DWORD HP_Server_GetConnectionCount(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetConnectionCount);
}

BOOL HP_Server_GetAllConnectionIDs(HP_Server pServer, HP_CONNID pIDs[], DWORD* pdwCount) {
  return Call<IServer>(pServer, &IServer::GetAllConnectionIDs, pIDs, pdwCount);
}

BOOL HP_Server_GetConnectPeriod(HP_Server pServer, HP_CONNID dwConnID, DWORD* pdwPeriod) {
  return Call<IServer>(pServer, &IServer::GetConnectPeriod, dwConnID, pdwPeriod);
}

BOOL HP_Server_GetSilencePeriod(HP_Server pServer, HP_CONNID dwConnID, DWORD* pdwPeriod) {
  return Call<IServer>(pServer, &IServer::GetSilencePeriod, dwConnID, pdwPeriod);
}

BOOL HP_Server_GetListenAddress(HP_Server pServer, TCHAR lpszAddress[], int* piAddressLen, USHORT* pusPort) {
  return Call<IServer>(pServer, &IServer::GetListenAddress, lpszAddress, piAddressLen, pusPort);
}

BOOL HP_Server_GetRemoteAddress(HP_Server pServer, HP_CONNID dwConnID, TCHAR lpszAddress[], int* piAddressLen,
                                USHORT* pusPort) {
  return Call<IServer>(pServer, &IServer::GetRemoteAddress, dwConnID, lpszAddress, piAddressLen, pusPort);
}

void HP_Server_SetSendPolicy(HP_Server pServer, En_HP_SendPolicy enSendPolicy) {
  return Call<IServer>(pServer, &IServer::SetSendPolicy, enSendPolicy);
}

void HP_Server_SetRecvPolicy(HP_Server pServer, En_HP_RecvPolicy enRecvPolicy) {
  return Call<IServer>(pServer, &IServer::SetRecvPolicy, enRecvPolicy);
}

void HP_Server_SetFreeSocketObjLockTime(HP_Server pServer, DWORD dwFreeSocketObjLockTime) {
  return Call<IServer>(pServer, &IServer::SetFreeSocketObjLockTime, dwFreeSocketObjLockTime);
}

void HP_Server_SetFreeSocketObjPool(HP_Server pServer, DWORD dwFreeSocketObjPool) {
  return Call<IServer>(pServer, &IServer::SetFreeSocketObjPool, dwFreeSocketObjPool);
}

void HP_Server_SetFreeBufferObjPool(HP_Server pServer, DWORD dwFreeBufferObjPool) {
  return Call<IServer>(pServer, &IServer::SetFreeBufferObjPool, dwFreeBufferObjPool);
}

void HP_Server_SetFreeSocketObjHold(HP_Server pServer, DWORD dwFreeSocketObjHold) {
  return Call<IServer>(pServer, &IServer::SetFreeSocketObjHold, dwFreeSocketObjHold);
}

void HP_Server_SetFreeBufferObjHold(HP_Server pServer, DWORD dwFreeBufferObjHold) {
  return Call<IServer>(pServer, &IServer::SetFreeBufferObjHold, dwFreeBufferObjHold);
}

void HP_Server_SetWorkerThreadCount(HP_Server pServer, DWORD dwWorkerThreadCount) {
  return Call<IServer>(pServer, &IServer::SetWorkerThreadCount, dwWorkerThreadCount);
}

void HP_Server_SetMaxShutdownWaitTime(HP_Server pServer, DWORD dwMaxShutdownWaitTime) {
  return Call<IServer>(pServer, &IServer::SetMaxShutdownWaitTime, dwMaxShutdownWaitTime);
}

void HP_Server_SetMarkSilence(HP_Server pServer, BOOL bMarkSilence) {
  return Call<IServer>(pServer, &IServer::SetMarkSilence, bMarkSilence);
}

En_HP_SendPolicy HP_Server_GetSendPolicy(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetSendPolicy);
}

En_HP_RecvPolicy HP_Server_GetRecvPolicy(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetRecvPolicy);
}

DWORD HP_Server_GetFreeSocketObjLockTime(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetFreeSocketObjLockTime);
}

DWORD HP_Server_GetFreeSocketObjPool(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetFreeSocketObjPool);
}

DWORD HP_Server_GetFreeBufferObjPool(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetFreeBufferObjPool);
}

DWORD HP_Server_GetFreeSocketObjHold(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetFreeSocketObjHold);
}

DWORD HP_Server_GetFreeBufferObjHold(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetFreeBufferObjHold);
}

DWORD HP_Server_GetWorkerThreadCount(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetWorkerThreadCount);
}

DWORD HP_Server_GetMaxShutdownWaitTime(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetMaxShutdownWaitTime);
}

BOOL HP_Server_IsMarkSilence(HP_Server pServer) { return Call<IServer>(pServer, &IServer::IsMarkSilence); }

// --- Not in HP-Socket ---

BOOL HP_Server_Wait(HP_Server pServer, int iTimeout) {
  return Call<IServer>(pServer, &IServer::Wait, iTimeout);
}

BOOL HP_Server_PauseReceive(HP_Server pServer, HP_CONNID dwConnID, BOOL bPause) {
  return Call<IServer>(pServer, &IServer::PauseReceive, dwConnID, bPause);
}

BOOL HP_Server_IsPauseReceive(HP_Server pServer, HP_CONNID dwConnID, BOOL* pbPaused) {
  bool paused = false;
  if (pbPaused == nullptr) return Refuse<BOOL>(EINVAL);
  const BOOL known = Call<IServer>(pServer, &IServer::IsPauseReceive, dwConnID, &paused);
  if (known != FALSE) *pbPaused = paused ? TRUE : FALSE;
  return known;
}

LPCTSTR HP_Server_GetLastErrorDetail(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetLastErrorDetail);
}

BOOL HP_Server_GetStats(HP_Server pServer, HP_Stats* pStats) {
  return Call<IServer>(pServer, &IServer::GetStats, pStats);
}

void HP_Server_SetIoBackend(HP_Server pServer, En_HP_IoBackend enIoBackend) {
  return Call<IServer>(pServer, &IServer::SetIoBackend, enIoBackend);
}

En_HP_IoBackend HP_Server_GetIoBackend(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetIoBackend);
}

LPCTSTR HP_Server_GetIoBackendDesc(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetIoBackendDesc);
}

void HP_Server_SetMaxPendingLength(HP_Server pServer, uint64_t ullLength) {
  return Call<IServer>(pServer, &IServer::SetMaxPendingLength, ullLength);
}

uint64_t HP_Server_GetMaxPendingLength(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetMaxPendingLength);
}

void HP_Server_SetMaxPendingTotal(HP_Server pServer, uint64_t ullLength) {
  return Call<IServer>(pServer, &IServer::SetMaxPendingTotal, ullLength);
}

uint64_t HP_Server_GetMaxPendingTotal(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetMaxPendingTotal);
}

void HP_Server_SetGracefulTimeout(HP_Server pServer, DWORD dwTimeout) {
  return Call<IServer>(pServer, &IServer::SetGracefulTimeout, dwTimeout);
}

DWORD HP_Server_GetGracefulTimeout(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetGracefulTimeout);
}

void HP_Server_SetSlowCallbackTime(HP_Server pServer, DWORD dwTime) {
  return Call<IServer>(pServer, &IServer::SetSlowCallbackTime, dwTime);
}

DWORD HP_Server_GetSlowCallbackTime(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetSlowCallbackTime);
}

void HP_Server_SetBusyPoll(HP_Server pServer, DWORD dwTime) {
  return Call<IServer>(pServer, &IServer::SetBusyPoll, dwTime);
}

DWORD HP_Server_GetBusyPoll(HP_Server pServer) { return Call<IServer>(pServer, &IServer::GetBusyPoll); }

void HP_Server_SetNoDelay(HP_Server pServer, BOOL bNoDelay) {
  return Call<IServer>(pServer, &IServer::SetNoDelay, bNoDelay);
}

BOOL HP_Server_IsNoDelay(HP_Server pServer) { return Call<IServer>(pServer, &IServer::IsNoDelay); }

void HP_Server_SetMaxConnectionCount(HP_Server pServer, DWORD dwMaxConnectionCount) {
  return Call<IServer>(pServer, &IServer::SetMaxConnectionCount, dwMaxConnectionCount);
}

DWORD HP_Server_GetMaxConnectionCount(HP_Server pServer) {
  return Call<IServer>(pServer, &IServer::GetMaxConnectionCount);
}

void HP_Server_SetMaxIdleTime(HP_Server pServer, DWORD dwMaxIdleTime) {
  return Call<IServer>(pServer, &IServer::SetMaxIdleTime, dwMaxIdleTime);
}

DWORD HP_Server_GetMaxIdleTime(HP_Server pServer) { return Call<IServer>(pServer, &IServer::GetMaxIdleTime); }
