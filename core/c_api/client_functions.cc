#include <cerrno>
#include <cstdint>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/c_api.h"
#include "hpsocket/core/c_api/call.h"

using hpsocket::IClient;
using hpsocket::core::Call;
using hpsocket::core::Refuse;

BOOL HP_Client_Start(HP_Client pClient, LPCTSTR pszRemoteAddress, USHORT usPort, BOOL bAsyncConnect) {
  return Call<IClient>(pClient, &IClient::Start, pszRemoteAddress, usPort, bAsyncConnect);
}

BOOL HP_Client_Stop(HP_Client pClient) { return Call<IClient>(pClient, &IClient::Stop); }

BOOL HP_Client_Send(HP_Client pClient, const BYTE* pBuffer, int iLength) {
  return Call<IClient>(pClient, &IClient::Send, pBuffer, iLength, 0);
}

BOOL HP_Client_SendPart(HP_Client pClient, const BYTE* pBuffer, int iLength, int iOffset) {
  return Call<IClient>(pClient, &IClient::Send, pBuffer, iLength, iOffset);
}

BOOL HP_Client_SendPackets(HP_Client pClient, const WSABUF pBuffers[], int iCount) {
  return Call<IClient>(pClient, &IClient::SendPackets, pBuffers, iCount);
}

void HP_Client_SetExtra(HP_Client pClient, PVOID pExtra) {
  return Call<IClient>(pClient, &IClient::SetExtra, pExtra);
}

PVOID HP_Client_GetExtra(HP_Client pClient) { return Call<IClient>(pClient, &IClient::GetExtra); }

BOOL HP_Client_HasStarted(HP_Client pClient) { return Call<IClient>(pClient, &IClient::HasStarted); }

En_HP_ServiceState HP_Client_GetState(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetState);
}

En_HP_SocketError HP_Client_GetLastError(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetLastError);
}

LPCTSTR HP_Client_GetLastErrorDesc(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetLastErrorDesc);
}

HP_CONNID HP_Client_GetConnectionID(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetConnectionID);
}

BOOL HP_Client_GetLocalAddress(HP_Client pClient, TCHAR lpszAddress[], int* piAddressLen, USHORT* pusPort) {
  return Call<IClient>(pClient, &IClient::GetLocalAddress, lpszAddress, piAddressLen, pusPort);
}

BOOL HP_Client_GetPendingDataLength(HP_Client pClient, int* piPending) {
  return Call<IClient>(pClient, &IClient::GetPendingDataLength, piPending);
}

void HP_Client_SetFreeBufferPoolSize(HP_Client pClient, DWORD dwFreeBufferPoolSize) {
  return Call<IClient>(pClient, &IClient::SetFreeBufferPoolSize, dwFreeBufferPoolSize);
}

void HP_Client_SetFreeBufferPoolHold(HP_Client pClient, DWORD dwFreeBufferPoolHold) {
  return Call<IClient>(pClient, &IClient::SetFreeBufferPoolHold, dwFreeBufferPoolHold);
}

DWORD HP_Client_GetFreeBufferPoolSize(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetFreeBufferPoolSize);
}

DWORD HP_Client_GetFreeBufferPoolHold(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetFreeBufferPoolHold);
}

// --- Not in HP-Socket ---

BOOL HP_Client_Wait(HP_Client pClient, int iTimeout) {
  return Call<IClient>(pClient, &IClient::Wait, iTimeout);
}

BOOL HP_Client_PauseReceive(HP_Client pClient, BOOL bPause) {
  return Call<IClient>(pClient, &IClient::PauseReceive, bPause);
}

BOOL HP_Client_IsPauseReceive(HP_Client pClient, BOOL* pbPaused) {
  bool paused = false;
  if (pbPaused == nullptr) return Refuse<BOOL>(EINVAL);
  const BOOL known = Call<IClient>(pClient, &IClient::IsPauseReceive, &paused);
  if (known != FALSE) *pbPaused = paused ? TRUE : FALSE;
  return known;
}

LPCTSTR HP_Client_GetLastErrorDetail(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetLastErrorDetail);
}

BOOL HP_Client_GetStats(HP_Client pClient, HP_Stats* pStats) {
  return Call<IClient>(pClient, &IClient::GetStats, pStats);
}

void HP_Client_SetIoBackend(HP_Client pClient, En_HP_IoBackend enIoBackend) {
  return Call<IClient>(pClient, &IClient::SetIoBackend, enIoBackend);
}

En_HP_IoBackend HP_Client_GetIoBackend(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetIoBackend);
}

LPCTSTR HP_Client_GetIoBackendDesc(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetIoBackendDesc);
}

void HP_Client_SetMaxPendingLength(HP_Client pClient, uint64_t ullLength) {
  return Call<IClient>(pClient, &IClient::SetMaxPendingLength, ullLength);
}

uint64_t HP_Client_GetMaxPendingLength(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetMaxPendingLength);
}

void HP_Client_SetMaxPendingTotal(HP_Client pClient, uint64_t ullLength) {
  return Call<IClient>(pClient, &IClient::SetMaxPendingTotal, ullLength);
}

uint64_t HP_Client_GetMaxPendingTotal(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetMaxPendingTotal);
}

void HP_Client_SetGracefulTimeout(HP_Client pClient, DWORD dwTimeout) {
  return Call<IClient>(pClient, &IClient::SetGracefulTimeout, dwTimeout);
}

DWORD HP_Client_GetGracefulTimeout(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetGracefulTimeout);
}

void HP_Client_SetSlowCallbackTime(HP_Client pClient, DWORD dwTime) {
  return Call<IClient>(pClient, &IClient::SetSlowCallbackTime, dwTime);
}

DWORD HP_Client_GetSlowCallbackTime(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetSlowCallbackTime);
}

void HP_Client_SetBusyPoll(HP_Client pClient, DWORD dwTime) {
  return Call<IClient>(pClient, &IClient::SetBusyPoll, dwTime);
}

DWORD HP_Client_GetBusyPoll(HP_Client pClient) { return Call<IClient>(pClient, &IClient::GetBusyPoll); }

void HP_Client_SetNoDelay(HP_Client pClient, BOOL bNoDelay) {
  return Call<IClient>(pClient, &IClient::SetNoDelay, bNoDelay);
}

BOOL HP_Client_IsNoDelay(HP_Client pClient) { return Call<IClient>(pClient, &IClient::IsNoDelay); }

void HP_Client_SetSyncConnectTimeout(HP_Client pClient, DWORD dwTimeout) {
  return Call<IClient>(pClient, &IClient::SetSyncConnectTimeout, dwTimeout);
}

DWORD HP_Client_GetSyncConnectTimeout(HP_Client pClient) {
  return Call<IClient>(pClient, &IClient::GetSyncConnectTimeout);
}

BOOL HP_Client_Connect(HP_Client pClient, LPCTSTR pszRemoteAddress, USHORT usPort, BOOL bAsyncConnect) {
  return Call<IClient>(pClient, &IClient::Start, pszRemoteAddress, usPort, bAsyncConnect);
}

BOOL HP_Client_GetLocaleAddress(HP_Client pClient, TCHAR lpszAddress[], int* piAddressLen, USHORT* pusPort) {
  return Call<IClient>(pClient, &IClient::GetLocalAddress, lpszAddress, piAddressLen, pusPort);
}
