// Public.
//
// The C interface of UDP Server and UDP Client: what only they have. The functions that they share with
// others are in core/c_api/c_api.h, which also says what C does differently; udp_server.h and udp_client.h
// have the contracts.
//
//   HP_UdpServerListener listener = Create_HP_UdpServerListener();
//   HP_Set_FN_Server_OnReceive(listener, OnReceive);
//   HP_UdpServer server = Create_HP_UdpServer(listener);
//
// Threads:  any, as in C++. A handle is not used while another thread destroys it.
// Owner:    Create_HP_* and Destroy_HP_* of one kind belong together.
// Lifetime: a listener outlives the components that were made with it. Destroying a running component
//           stops it: its last events find the handle still valid.
// Errors:   Create_HP_* give null: EINVAL no listener of this family, ENOMEM.
// Units:    bytes; seconds where it says so.
#ifndef HPSOCKET_UDP_C_API_H_
#define HPSOCKET_UDP_C_API_H_

#include <stdint.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/c_api.h"

// --- Objects ---

// Spec: §3.3, api §5.3
HPSOCKET_API HP_UdpServer __stdcall Create_HP_UdpServer(HP_UdpServerListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_UdpServer(HP_UdpServer pServer);
HPSOCKET_API HP_UdpClient __stdcall Create_HP_UdpClient(HP_UdpClientListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_UdpClient(HP_UdpClient pClient);

// All servers share one kind of listener, and so do all clients, whatever they are called here. OnAccept of
// a UDP Server gets a const SOCKADDR_IN*.
// Spec: api §5.1, api §5.3
HPSOCKET_API HP_UdpServerListener __stdcall Create_HP_UdpServerListener(void);
HPSOCKET_API void __stdcall Destroy_HP_UdpServerListener(HP_UdpServerListener pListener);
HPSOCKET_API HP_UdpClientListener __stdcall Create_HP_UdpClientListener(void);
HPSOCKET_API void __stdcall Destroy_HP_UdpClientListener(HP_UdpClientListener pListener);

// --- UDP Server ---

// As IUdpServer.
// Spec: api §5.3
HPSOCKET_API void __stdcall HP_UdpServer_SetMaxDatagramSize(HP_UdpServer pServer, DWORD dwMaxDatagramSize);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetMaxDatagramSize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetPostReceiveCount(HP_UdpServer pServer, DWORD dwPostReceiveCount);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetPostReceiveCount(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetDetectAttempts(HP_UdpServer pServer, DWORD dwDetectAttempts);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetDetectAttempts(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetDetectInterval(HP_UdpServer pServer, DWORD dwDetectInterval);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetDetectInterval(HP_UdpServer pServer);

// Not in HP-Socket.
// Spec: decisions §8
HPSOCKET_API void __stdcall HP_UdpServer_SetCloseOnOversize(HP_UdpServer pServer, BOOL bCloseOnOversize);
HPSOCKET_API BOOL __stdcall HP_UdpServer_IsCloseOnOversize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetSendBufferSize(HP_UdpServer pServer, DWORD dwSendBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetSendBufferSize(HP_UdpServer pServer);
HPSOCKET_API void __stdcall HP_UdpServer_SetReceiveBufferSize(HP_UdpServer pServer,
                                                              DWORD dwReceiveBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpServer_GetReceiveBufferSize(HP_UdpServer pServer);

// --- UDP Client ---

// As IUdpClient.
// Spec: api §5.3
HPSOCKET_API void __stdcall HP_UdpClient_SetMaxDatagramSize(HP_UdpClient pClient, DWORD dwMaxDatagramSize);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetMaxDatagramSize(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetDetectAttempts(HP_UdpClient pClient, DWORD dwDetectAttempts);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetDetectAttempts(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetDetectInterval(HP_UdpClient pClient, DWORD dwDetectInterval);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetDetectInterval(HP_UdpClient pClient);

// Not in HP-Socket.
// Spec: decisions §8
HPSOCKET_API void __stdcall HP_UdpClient_SetCloseOnOversize(HP_UdpClient pClient, BOOL bCloseOnOversize);
HPSOCKET_API BOOL __stdcall HP_UdpClient_IsCloseOnOversize(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetSendBufferSize(HP_UdpClient pClient, DWORD dwSendBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetSendBufferSize(HP_UdpClient pClient);
HPSOCKET_API void __stdcall HP_UdpClient_SetReceiveBufferSize(HP_UdpClient pClient,
                                                              DWORD dwReceiveBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpClient_GetReceiveBufferSize(HP_UdpClient pClient);

#endif  // HPSOCKET_UDP_C_API_H_
