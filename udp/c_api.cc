#include "hpsocket/udp/c_api.h"

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/listeners.h"
#include "hpsocket/core/c_api/objects.h"
#include "hpsocket/udp/udp_client.h"
#include "hpsocket/udp/udp_server.h"

using hpsocket::IClient;
using hpsocket::IServer;
using hpsocket::IUdpClient;
using hpsocket::IUdpServer;
using hpsocket::core::Call;
using hpsocket::core::ClientFunctions;
using hpsocket::core::CreateComponent;
using hpsocket::core::CreateListener;
using hpsocket::core::DestroyComponent;
using hpsocket::core::DestroyListener;
using hpsocket::core::ServerFunctions;

namespace {

// OnAccept's second argument is the peer's address.
class UdpListener final : public hpsocket::core::ServerListener<hpsocket::IUdpServerListener> {
 public:
  using ServerListener::ServerListener;

  hpsocket::EnHandleResult OnAccept(hpsocket::CONNID id, const sockaddr_in* peer_address) override {
    return functions().on_accept(id, reinterpret_cast<UINT_PTR>(peer_address));
  }
};

}  // namespace

// --- Objects ---

HP_UdpServer Create_HP_UdpServer(HP_UdpServerListener pListener) {
  return CreateComponent<IUdpServer, hpsocket::UdpServer_Creator, UdpListener, IServer, IUdpServer>(
      pListener);
}

void Destroy_HP_UdpServer(HP_UdpServer pServer) { DestroyComponent<IUdpServer>(pServer); }

HP_UdpServerListener Create_HP_UdpServerListener() { return CreateListener<ServerFunctions>(); }

void Destroy_HP_UdpServerListener(HP_UdpServerListener pListener) {
  DestroyListener<ServerFunctions>(pListener);
}

HP_UdpClient Create_HP_UdpClient(HP_UdpClientListener pListener) {
  return CreateComponent<IUdpClient, hpsocket::UdpClient_Creator,
                         hpsocket::core::ClientListener<hpsocket::IUdpClientListener>, IClient, IUdpClient>(
      pListener);
}

void Destroy_HP_UdpClient(HP_UdpClient pClient) { DestroyComponent<IUdpClient>(pClient); }

HP_UdpClientListener Create_HP_UdpClientListener() { return CreateListener<ClientFunctions>(); }

void Destroy_HP_UdpClientListener(HP_UdpClientListener pListener) {
  DestroyListener<ClientFunctions>(pListener);
}

// --- UDP Server ---

void HP_UdpServer_SetMaxDatagramSize(HP_UdpServer pServer, DWORD dwMaxDatagramSize) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetMaxDatagramSize, dwMaxDatagramSize);
}

DWORD HP_UdpServer_GetMaxDatagramSize(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::GetMaxDatagramSize);
}

void HP_UdpServer_SetPostReceiveCount(HP_UdpServer pServer, DWORD dwPostReceiveCount) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetPostReceiveCount, dwPostReceiveCount);
}

DWORD HP_UdpServer_GetPostReceiveCount(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::GetPostReceiveCount);
}

void HP_UdpServer_SetDetectAttempts(HP_UdpServer pServer, DWORD dwDetectAttempts) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetDetectAttempts, dwDetectAttempts);
}

DWORD HP_UdpServer_GetDetectAttempts(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::GetDetectAttempts);
}

void HP_UdpServer_SetDetectInterval(HP_UdpServer pServer, DWORD dwDetectInterval) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetDetectInterval, dwDetectInterval);
}

DWORD HP_UdpServer_GetDetectInterval(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::GetDetectInterval);
}

void HP_UdpServer_SetCloseOnOversize(HP_UdpServer pServer, BOOL bCloseOnOversize) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetCloseOnOversize, bCloseOnOversize);
}

BOOL HP_UdpServer_IsCloseOnOversize(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::IsCloseOnOversize);
}

void HP_UdpServer_SetSendBufferSize(HP_UdpServer pServer, DWORD dwSendBufferSize) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetSendBufferSize, dwSendBufferSize);
}

DWORD HP_UdpServer_GetSendBufferSize(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::GetSendBufferSize);
}

void HP_UdpServer_SetReceiveBufferSize(HP_UdpServer pServer, DWORD dwReceiveBufferSize) {
  return Call<IUdpServer>(pServer, &IUdpServer::SetReceiveBufferSize, dwReceiveBufferSize);
}

DWORD HP_UdpServer_GetReceiveBufferSize(HP_UdpServer pServer) {
  return Call<IUdpServer>(pServer, &IUdpServer::GetReceiveBufferSize);
}

// --- UDP Client ---

void HP_UdpClient_SetMaxDatagramSize(HP_UdpClient pClient, DWORD dwMaxDatagramSize) {
  return Call<IUdpClient>(pClient, &IUdpClient::SetMaxDatagramSize, dwMaxDatagramSize);
}

DWORD HP_UdpClient_GetMaxDatagramSize(HP_UdpClient pClient) {
  return Call<IUdpClient>(pClient, &IUdpClient::GetMaxDatagramSize);
}

void HP_UdpClient_SetDetectAttempts(HP_UdpClient pClient, DWORD dwDetectAttempts) {
  return Call<IUdpClient>(pClient, &IUdpClient::SetDetectAttempts, dwDetectAttempts);
}

DWORD HP_UdpClient_GetDetectAttempts(HP_UdpClient pClient) {
  return Call<IUdpClient>(pClient, &IUdpClient::GetDetectAttempts);
}

void HP_UdpClient_SetDetectInterval(HP_UdpClient pClient, DWORD dwDetectInterval) {
  return Call<IUdpClient>(pClient, &IUdpClient::SetDetectInterval, dwDetectInterval);
}

DWORD HP_UdpClient_GetDetectInterval(HP_UdpClient pClient) {
  return Call<IUdpClient>(pClient, &IUdpClient::GetDetectInterval);
}

void HP_UdpClient_SetCloseOnOversize(HP_UdpClient pClient, BOOL bCloseOnOversize) {
  return Call<IUdpClient>(pClient, &IUdpClient::SetCloseOnOversize, bCloseOnOversize);
}

BOOL HP_UdpClient_IsCloseOnOversize(HP_UdpClient pClient) {
  return Call<IUdpClient>(pClient, &IUdpClient::IsCloseOnOversize);
}

void HP_UdpClient_SetSendBufferSize(HP_UdpClient pClient, DWORD dwSendBufferSize) {
  return Call<IUdpClient>(pClient, &IUdpClient::SetSendBufferSize, dwSendBufferSize);
}

DWORD HP_UdpClient_GetSendBufferSize(HP_UdpClient pClient) {
  return Call<IUdpClient>(pClient, &IUdpClient::GetSendBufferSize);
}

void HP_UdpClient_SetReceiveBufferSize(HP_UdpClient pClient, DWORD dwReceiveBufferSize) {
  return Call<IUdpClient>(pClient, &IUdpClient::SetReceiveBufferSize, dwReceiveBufferSize);
}

DWORD HP_UdpClient_GetReceiveBufferSize(HP_UdpClient pClient) {
  return Call<IUdpClient>(pClient, &IUdpClient::GetReceiveBufferSize);
}
