#include "hpsocket/tcp_server/c_api.h"

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/listeners.h"
#include "hpsocket/core/c_api/objects.h"
#include "hpsocket/tcp_server/tcp_pull_server.h"
#include "hpsocket/tcp_server/tcp_server.h"

using hpsocket::IServer;
using hpsocket::ITcpPullServer;
using hpsocket::ITcpServer;
using hpsocket::core::Call;
using hpsocket::core::CreateComponent;
using hpsocket::core::CreateListener;
using hpsocket::core::DestroyComponent;
using hpsocket::core::DestroyListener;
using hpsocket::core::ServerFunctions;

namespace {

class Listener final : public hpsocket::core::ServerListener<hpsocket::ITcpServerListener> {
 public:
  using ServerListener::ServerListener;

  hpsocket::EnHandleResult OnAccept(hpsocket::CONNID id, SOCKET client_socket) override {
    return functions().on_accept(id, static_cast<UINT_PTR>(client_socket));
  }
};

}  // namespace

// --- Objects ---

HP_TcpServer Create_HP_TcpServer(HP_TcpServerListener pListener) {
  return CreateComponent<ITcpServer, hpsocket::TcpServer_Creator, Listener, IServer, ITcpServer>(pListener);
}

HP_TcpPullServer Create_HP_TcpPullServer(HP_TcpPullServerListener pListener) {
  return CreateComponent<ITcpPullServer, hpsocket::TcpPullServer_Creator, Listener, IServer, ITcpServer,
                         ITcpPullServer>(pListener);
}

void Destroy_HP_TcpServer(HP_TcpServer pServer) { DestroyComponent<ITcpServer>(pServer); }

void Destroy_HP_TcpPullServer(HP_TcpPullServer pServer) { DestroyComponent<ITcpPullServer>(pServer); }

HP_TcpServerListener Create_HP_TcpServerListener() { return CreateListener<ServerFunctions>(); }

HP_TcpPullServerListener Create_HP_TcpPullServerListener() { return CreateListener<ServerFunctions>(); }

void Destroy_HP_TcpServerListener(HP_TcpServerListener pListener) {
  DestroyListener<ServerFunctions>(pListener);
}

void Destroy_HP_TcpPullServerListener(HP_TcpPullServerListener pListener) {
  DestroyListener<ServerFunctions>(pListener);
}

// --- TCP ---

BOOL HP_TcpServer_SendSmallFile(HP_Server pServer, HP_CONNID dwConnID, LPCTSTR lpszFileName,
                                const LPWSABUF pHead, const LPWSABUF pTail) {
  return Call<ITcpServer>(pServer, &ITcpServer::SendSmallFile, dwConnID, lpszFileName, pHead, pTail);
}

void HP_TcpServer_SetSocketListenQueue(HP_TcpServer pServer, DWORD dwSocketListenQueue) {
  return Call<ITcpServer>(pServer, &ITcpServer::SetSocketListenQueue, dwSocketListenQueue);
}

void HP_TcpServer_SetAcceptSocketCount(HP_TcpServer pServer, DWORD dwAcceptSocketCount) {
  return Call<ITcpServer>(pServer, &ITcpServer::SetAcceptSocketCount, dwAcceptSocketCount);
}

void HP_TcpServer_SetSocketBufferSize(HP_TcpServer pServer, DWORD dwSocketBufferSize) {
  return Call<ITcpServer>(pServer, &ITcpServer::SetSocketBufferSize, dwSocketBufferSize);
}

void HP_TcpServer_SetKeepAliveTime(HP_TcpServer pServer, DWORD dwKeepAliveTime) {
  return Call<ITcpServer>(pServer, &ITcpServer::SetKeepAliveTime, dwKeepAliveTime);
}

void HP_TcpServer_SetKeepAliveInterval(HP_TcpServer pServer, DWORD dwKeepAliveInterval) {
  return Call<ITcpServer>(pServer, &ITcpServer::SetKeepAliveInterval, dwKeepAliveInterval);
}

DWORD HP_TcpServer_GetAcceptSocketCount(HP_TcpServer pServer) {
  return Call<ITcpServer>(pServer, &ITcpServer::GetAcceptSocketCount);
}

DWORD HP_TcpServer_GetSocketBufferSize(HP_TcpServer pServer) {
  return Call<ITcpServer>(pServer, &ITcpServer::GetSocketBufferSize);
}

DWORD HP_TcpServer_GetSocketListenQueue(HP_TcpServer pServer) {
  return Call<ITcpServer>(pServer, &ITcpServer::GetSocketListenQueue);
}

DWORD HP_TcpServer_GetKeepAliveTime(HP_TcpServer pServer) {
  return Call<ITcpServer>(pServer, &ITcpServer::GetKeepAliveTime);
}

DWORD HP_TcpServer_GetKeepAliveInterval(HP_TcpServer pServer) {
  return Call<ITcpServer>(pServer, &ITcpServer::GetKeepAliveInterval);
}

// --- PULL ---

En_HP_FetchResult HP_TcpPullServer_Fetch(HP_TcpPullServer pServer, HP_CONNID dwConnID, BYTE* pData,
                                         int iLength) {
  return Call<ITcpPullServer>(pServer, &ITcpPullServer::Fetch, dwConnID, pData, iLength);
}

En_HP_FetchResult HP_TcpPullServer_Peek(HP_TcpPullServer pServer, HP_CONNID dwConnID, BYTE* pData,
                                        int iLength) {
  return Call<ITcpPullServer>(pServer, &ITcpPullServer::Peek, dwConnID, pData, iLength);
}

En_HP_FetchResult HP_TcpPullServer_PeekSpan(HP_TcpPullServer pServer, HP_CONNID dwConnID, const BYTE** ppData,
                                            int* piLength) {
  return Call<ITcpPullServer>(pServer, &ITcpPullServer::PeekSpan, dwConnID, ppData, piLength);
}

En_HP_FetchResult HP_TcpPullServer_Find(HP_TcpPullServer pServer, HP_CONNID dwConnID, const BYTE* pPattern,
                                        int iLength, int iFrom, int* piPosition) {
  return Call<ITcpPullServer>(pServer, &ITcpPullServer::Find, dwConnID, pPattern, iLength, iFrom, piPosition);
}

void HP_TcpPullServer_SetMaxPullLength(HP_TcpPullServer pServer, uint64_t ullLength) {
  return Call<ITcpPullServer>(pServer, &ITcpPullServer::SetMaxPullLength, ullLength);
}

uint64_t HP_TcpPullServer_GetMaxPullLength(HP_TcpPullServer pServer) {
  return Call<ITcpPullServer>(pServer, &ITcpPullServer::GetMaxPullLength);
}
