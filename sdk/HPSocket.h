// Public.
//
// The one header of HP-Socket for C++: every public name in the global namespace, what creates and destroys
// components, and the pointers that do both.
//
//   struct Echo : CTcpServerListener { ... };
//   Echo echo;
//   CTcpServerPtr server(&echo);
//   if (!server->Start("0.0.0.0", 5555)) puts(server->GetLastErrorDesc());
//
// Link the target //sdk:hpsocket, libhpsocket.a or libhpsocket.so. The shared library has the functions that
// this header declares and the creators; the implementation classes (CTcpServer, ...) are for programs that
// link one of the other two.
//
// Threads:  any.
// Owner:    who calls HP_Create_* calls HP_Destroy_*; a smart pointer does both. The listener is the
//           application's.
// Lifetime: a listener outlives the components that were made with it. HP_Destroy_* stops first, so last
//           events come from there.
// Errors:   HP_Create_* give null when memory is short.
#ifndef HPSOCKET_SDK_HPSOCKET_H_
#define HPSOCKET_SDK_HPSOCKET_H_

#include "SocketInterface.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/helpers.h"

// --- Creating and destroying ---

// Spec: §3.2, api §4
HPSOCKET_API ITcpServer* HP_Create_TcpServer(ITcpServerListener* listener);
HPSOCKET_API ITcpAgent* HP_Create_TcpAgent(ITcpAgentListener* listener);
HPSOCKET_API ITcpClient* HP_Create_TcpClient(ITcpClientListener* listener);
HPSOCKET_API ITcpPullServer* HP_Create_TcpPullServer(ITcpServerListener* listener);
HPSOCKET_API ITcpPullAgent* HP_Create_TcpPullAgent(ITcpAgentListener* listener);
HPSOCKET_API ITcpPullClient* HP_Create_TcpPullClient(ITcpClientListener* listener);
HPSOCKET_API IUdpServer* HP_Create_UdpServer(IUdpServerListener* listener);
HPSOCKET_API IUdpClient* HP_Create_UdpClient(IUdpClientListener* listener);
HPSOCKET_API IUdpCast* HP_Create_UdpCast(IUdpCastListener* listener);

// Null is ignored.
// Spec: §3.2, api §4
HPSOCKET_API void HP_Destroy_TcpServer(ITcpServer* server);
HPSOCKET_API void HP_Destroy_TcpAgent(ITcpAgent* agent);
HPSOCKET_API void HP_Destroy_TcpClient(ITcpClient* client);
HPSOCKET_API void HP_Destroy_TcpPullServer(ITcpPullServer* server);
HPSOCKET_API void HP_Destroy_TcpPullAgent(ITcpPullAgent* agent);
HPSOCKET_API void HP_Destroy_TcpPullClient(ITcpPullClient* client);
HPSOCKET_API void HP_Destroy_UdpServer(IUdpServer* server);
HPSOCKET_API void HP_Destroy_UdpClient(IUdpClient* client);
HPSOCKET_API void HP_Destroy_UdpCast(IUdpCast* cast);

// --- Smart pointers and what they are made of ---

using hpsocket::CHPSocketPtr;

using hpsocket::TcpAgent_Creator;
using hpsocket::TcpClient_Creator;
using hpsocket::TcpPullAgent_Creator;
using hpsocket::TcpPullClient_Creator;
using hpsocket::TcpPullServer_Creator;
using hpsocket::TcpServer_Creator;
using hpsocket::UdpCast_Creator;
using hpsocket::UdpClient_Creator;
using hpsocket::UdpServer_Creator;

using hpsocket::CTcpAgentPtr;
using hpsocket::CTcpClientPtr;
using hpsocket::CTcpPullAgentPtr;
using hpsocket::CTcpPullClientPtr;
using hpsocket::CTcpPullServerPtr;
using hpsocket::CTcpServerPtr;
using hpsocket::CUdpCastPtr;
using hpsocket::CUdpClientPtr;
using hpsocket::CUdpServerPtr;

// --- Implementation classes ---

using hpsocket::CTcpAgent;
using hpsocket::CTcpClient;
using hpsocket::CTcpPullAgent;
using hpsocket::CTcpPullClient;
using hpsocket::CTcpPullServer;
using hpsocket::CTcpServer;
using hpsocket::CUdpCast;
using hpsocket::CUdpClient;
using hpsocket::CUdpServer;

#endif  // HPSOCKET_SDK_HPSOCKET_H_
