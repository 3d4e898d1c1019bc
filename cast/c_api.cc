#include "hpsocket/cast/c_api.h"

#include <cstdint>

#include "hpsocket/cast/udp_cast.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/listeners.h"
#include "hpsocket/core/c_api/objects.h"

using hpsocket::IClient;
using hpsocket::IUdpCast;
using hpsocket::core::Call;
using hpsocket::core::ClientFunctions;
using hpsocket::core::CreateComponent;
using hpsocket::core::CreateListener;
using hpsocket::core::DestroyComponent;
using hpsocket::core::DestroyListener;

// --- Objects ---

HP_UdpCast Create_HP_UdpCast(HP_UdpCastListener pListener) {
  return CreateComponent<IUdpCast, hpsocket::UdpCast_Creator,
                         hpsocket::core::ClientListener<hpsocket::IUdpCastListener>, IClient, IUdpCast>(
      pListener);
}

void Destroy_HP_UdpCast(HP_UdpCast pCast) { DestroyComponent<IUdpCast>(pCast); }

HP_UdpCastListener Create_HP_UdpCastListener() { return CreateListener<ClientFunctions>(); }

void Destroy_HP_UdpCastListener(HP_UdpCastListener pListener) { DestroyListener<ClientFunctions>(pListener); }

// --- UDP Cast ---

void HP_UdpCast_SetMaxDatagramSize(HP_UdpCast pCast, DWORD dwMaxDatagramSize) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetMaxDatagramSize, dwMaxDatagramSize);
}

DWORD HP_UdpCast_GetMaxDatagramSize(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetMaxDatagramSize);
}

BOOL HP_UdpCast_GetRemoteAddress(HP_UdpCast pCast, TCHAR lpszAddress[], int* piAddressLen, USHORT* pusPort) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetRemoteAddress, lpszAddress, piAddressLen, pusPort);
}

void HP_UdpCast_SetBindAdddress(HP_UdpCast pCast, LPCTSTR pszBindAddress) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetBindAdddress, pszBindAddress);
}

LPCTSTR HP_UdpCast_GetBindAdddress(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetBindAdddress);
}

void HP_UdpCast_SetReuseAddress(HP_UdpCast pCast, BOOL bReuseAddress) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetReuseAddress, bReuseAddress);
}

BOOL HP_UdpCast_IsReuseAddress(HP_UdpCast pCast) { return Call<IUdpCast>(pCast, &IUdpCast::IsReuseAddress); }

void HP_UdpCast_SetCastMode(HP_UdpCast pCast, En_HP_CastMode enCastMode) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetCastMode, enCastMode);
}

En_HP_CastMode HP_UdpCast_GetCastMode(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetCastMode);
}

void HP_UdpCast_SetMultiCastTtl(HP_UdpCast pCast, int iMCTtl) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetMultiCastTtl, iMCTtl);
}

int HP_UdpCast_GetMultiCastTtl(HP_UdpCast pCast) { return Call<IUdpCast>(pCast, &IUdpCast::GetMultiCastTtl); }

void HP_UdpCast_SetMultiCastLoop(HP_UdpCast pCast, BOOL bMCLoop) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetMultiCastLoop, bMCLoop);
}

BOOL HP_UdpCast_IsMultiCastLoop(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::IsMultiCastLoop);
}

void HP_UdpCast_SetBindAddress(HP_UdpCast pCast, LPCTSTR pszBindAddress) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetBindAdddress, pszBindAddress);
}

LPCTSTR HP_UdpCast_GetBindAddress(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetBindAdddress);
}

BOOL HP_UdpCast_JoinSource(HP_UdpCast pCast, LPCTSTR pszSourceAddress) {
  return Call<IUdpCast>(pCast, &IUdpCast::JoinSource, pszSourceAddress);
}

void HP_UdpCast_SetCloseOnOversize(HP_UdpCast pCast, BOOL bCloseOnOversize) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetCloseOnOversize, bCloseOnOversize);
}

BOOL HP_UdpCast_IsCloseOnOversize(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::IsCloseOnOversize);
}

void HP_UdpCast_SetSendBufferSize(HP_UdpCast pCast, DWORD dwSendBufferSize) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetSendBufferSize, dwSendBufferSize);
}

DWORD HP_UdpCast_GetSendBufferSize(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetSendBufferSize);
}

void HP_UdpCast_SetReceiveBufferSize(HP_UdpCast pCast, DWORD dwReceiveBufferSize) {
  return Call<IUdpCast>(pCast, &IUdpCast::SetReceiveBufferSize, dwReceiveBufferSize);
}

DWORD HP_UdpCast_GetReceiveBufferSize(HP_UdpCast pCast) {
  return Call<IUdpCast>(pCast, &IUdpCast::GetReceiveBufferSize);
}
