#include "hpsocket/tcp_client/c_api.h"

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/listeners.h"
#include "hpsocket/core/c_api/objects.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_client/tcp_pull_client.h"

using hpsocket::IClient;
using hpsocket::ITcpClient;
using hpsocket::ITcpPullClient;
using hpsocket::core::Call;
using hpsocket::core::ClientFunctions;
using hpsocket::core::CreateComponent;
using hpsocket::core::CreateListener;
using hpsocket::core::DestroyComponent;
using hpsocket::core::DestroyListener;

namespace {

using Listener = hpsocket::core::ClientListener<hpsocket::ITcpClientListener>;

}  // namespace

// --- Objects ---

HP_TcpClient Create_HP_TcpClient(HP_TcpClientListener pListener) {
  return CreateComponent<ITcpClient, hpsocket::TcpClient_Creator, Listener, IClient, ITcpClient>(pListener);
}

HP_TcpPullClient Create_HP_TcpPullClient(HP_TcpPullClientListener pListener) {
  return CreateComponent<ITcpPullClient, hpsocket::TcpPullClient_Creator, Listener, IClient, ITcpClient,
                         ITcpPullClient>(pListener);
}

void Destroy_HP_TcpClient(HP_TcpClient pClient) { DestroyComponent<ITcpClient>(pClient); }

void Destroy_HP_TcpPullClient(HP_TcpPullClient pClient) { DestroyComponent<ITcpPullClient>(pClient); }

HP_TcpClientListener Create_HP_TcpClientListener() { return CreateListener<ClientFunctions>(); }

HP_TcpPullClientListener Create_HP_TcpPullClientListener() { return CreateListener<ClientFunctions>(); }

void Destroy_HP_TcpClientListener(HP_TcpClientListener pListener) {
  DestroyListener<ClientFunctions>(pListener);
}

void Destroy_HP_TcpPullClientListener(HP_TcpPullClientListener pListener) {
  DestroyListener<ClientFunctions>(pListener);
}

// --- TCP ---

BOOL HP_TcpClient_SendSmallFile(HP_Client pClient, LPCTSTR lpszFileName, const LPWSABUF pHead,
                                const LPWSABUF pTail) {
  return Call<ITcpClient>(pClient, &ITcpClient::SendSmallFile, lpszFileName, pHead, pTail);
}

void HP_TcpClient_SetSocketBufferSize(HP_TcpClient pClient, DWORD dwSocketBufferSize) {
  return Call<ITcpClient>(pClient, &ITcpClient::SetSocketBufferSize, dwSocketBufferSize);
}

void HP_TcpClient_SetKeepAliveTime(HP_TcpClient pClient, DWORD dwKeepAliveTime) {
  return Call<ITcpClient>(pClient, &ITcpClient::SetKeepAliveTime, dwKeepAliveTime);
}

void HP_TcpClient_SetKeepAliveInterval(HP_TcpClient pClient, DWORD dwKeepAliveInterval) {
  return Call<ITcpClient>(pClient, &ITcpClient::SetKeepAliveInterval, dwKeepAliveInterval);
}

DWORD HP_TcpClient_GetSocketBufferSize(HP_TcpClient pClient) {
  return Call<ITcpClient>(pClient, &ITcpClient::GetSocketBufferSize);
}

DWORD HP_TcpClient_GetKeepAliveTime(HP_TcpClient pClient) {
  return Call<ITcpClient>(pClient, &ITcpClient::GetKeepAliveTime);
}

DWORD HP_TcpClient_GetKeepAliveInterval(HP_TcpClient pClient) {
  return Call<ITcpClient>(pClient, &ITcpClient::GetKeepAliveInterval);
}

// --- PULL ---

En_HP_FetchResult HP_TcpPullClient_Fetch(HP_TcpPullClient pClient, BYTE* pData, int iLength) {
  return Call<ITcpPullClient>(pClient, &ITcpPullClient::Fetch, pData, iLength);
}

En_HP_FetchResult HP_TcpPullClient_Peek(HP_TcpPullClient pClient, BYTE* pData, int iLength) {
  return Call<ITcpPullClient>(pClient, &ITcpPullClient::Peek, pData, iLength);
}

En_HP_FetchResult HP_TcpPullClient_PeekSpan(HP_TcpPullClient pClient, const BYTE** ppData, int* piLength) {
  return Call<ITcpPullClient>(pClient, &ITcpPullClient::PeekSpan, ppData, piLength);
}

En_HP_FetchResult HP_TcpPullClient_Find(HP_TcpPullClient pClient, const BYTE* pPattern, int iLength,
                                        int iFrom, int* piPosition) {
  return Call<ITcpPullClient>(pClient, &ITcpPullClient::Find, pPattern, iLength, iFrom, piPosition);
}

void HP_TcpPullClient_SetMaxPullLength(HP_TcpPullClient pClient, uint64_t ullLength) {
  return Call<ITcpPullClient>(pClient, &ITcpPullClient::SetMaxPullLength, ullLength);
}

uint64_t HP_TcpPullClient_GetMaxPullLength(HP_TcpPullClient pClient) {
  return Call<ITcpPullClient>(pClient, &ITcpPullClient::GetMaxPullLength);
}
