// Public.
//
// HP-Socket's interfaces and the words of their signatures in the global namespace, where code that was
// written for HP-Socket looks for them. The headers that are included here have the contracts.
#ifndef HPSOCKET_SDK_SOCKETINTERFACE_H_
#define HPSOCKET_SDK_SOCKETINTERFACE_H_

#include "hpsocket/cast/udp_cast.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/tcp_agent/tcp_pull_agent.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_client/tcp_pull_client.h"
#include "hpsocket/tcp_server/tcp_pull_server.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/udp/udp_client.h"
#include "hpsocket/udp/udp_server.h"

// --- Types ---

using hpsocket::CONNID;
using hpsocket::HP_LogHandler;
using hpsocket::HP_Stats;
using hpsocket::LPWSABUF;
using hpsocket::SOCKET;
using hpsocket::WSABUF;

// --- Enumerations ---

using hpsocket::EnServiceState;
using hpsocket::SS_STARTED;
using hpsocket::SS_STARTING;
using hpsocket::SS_STOPED;
using hpsocket::SS_STOPING;
using hpsocket::SS_STOPPED;
using hpsocket::SS_STOPPING;

using hpsocket::EnSocketOperation;
using hpsocket::SO_ACCEPT;
using hpsocket::SO_CONNECT;
using hpsocket::SO_RECEIVE;
using hpsocket::SO_SEND;
using hpsocket::SO_UNKNOWN;

using hpsocket::EnHandleResult;
using hpsocket::HR_ERROR;
using hpsocket::HR_IGNORE;
using hpsocket::HR_OK;

using hpsocket::EnFetchResult;
using hpsocket::FR_DATA_NOT_FOUND;
using hpsocket::FR_LENGTH_TOO_LONG;
using hpsocket::FR_OK;

using hpsocket::EnSendPolicy;
using hpsocket::SP_DIRECT;
using hpsocket::SP_PACK;
using hpsocket::SP_SAFE;

using hpsocket::EnRecvPolicy;
using hpsocket::RP_PARALLEL;
using hpsocket::RP_SERIAL;

using hpsocket::EnSocketError;
using hpsocket::SE_CONNECT_SERVER;
using hpsocket::SE_CP_CREATE;
using hpsocket::SE_DATA_PROC;
using hpsocket::SE_DATA_SEND;
using hpsocket::SE_DETECT_THREAD_CREATE;
using hpsocket::SE_ILLEGAL_STATE;
using hpsocket::SE_INVALID_PARAM;
using hpsocket::SE_NETWORK;
using hpsocket::SE_OK;
using hpsocket::SE_SOCKE_ATTACH_TO_CP;
using hpsocket::SE_SOCKET_BIND;
using hpsocket::SE_SOCKET_CREATE;
using hpsocket::SE_SOCKET_LISTEN;
using hpsocket::SE_SOCKET_PREPARE;
using hpsocket::SE_WORKER_THREAD_CREATE;

using hpsocket::CM_BROADCAST;
using hpsocket::CM_MULTICAST;
using hpsocket::EnCastMode;

using hpsocket::EnIoBackend;
using hpsocket::IO_AUTO;
using hpsocket::IO_EPOLL;
using hpsocket::IO_URING;

// --- Components ---

using hpsocket::IAgent;
using hpsocket::IClient;
using hpsocket::IComplexSocket;
using hpsocket::IPullClient;
using hpsocket::IPullSocket;
using hpsocket::IServer;

using hpsocket::ITcpAgent;
using hpsocket::ITcpClient;
using hpsocket::ITcpPullAgent;
using hpsocket::ITcpPullClient;
using hpsocket::ITcpPullServer;
using hpsocket::ITcpServer;

using hpsocket::IUdpCast;
using hpsocket::IUdpClient;
using hpsocket::IUdpServer;

// --- Listeners ---

using hpsocket::IAgentListener;
using hpsocket::IClientListener;
using hpsocket::IComplexSocketListener;
using hpsocket::IServerListener;

using hpsocket::ITcpAgentListener;
using hpsocket::ITcpClientListener;
using hpsocket::ITcpServerListener;
using hpsocket::IUdpCastListener;
using hpsocket::IUdpClientListener;
using hpsocket::IUdpServerListener;

using hpsocket::CTcpAgentListener;
using hpsocket::CTcpClientListener;
using hpsocket::CTcpPullAgentListener;
using hpsocket::CTcpPullClientListener;
using hpsocket::CTcpPullServerListener;
using hpsocket::CTcpServerListener;
using hpsocket::CUdpCastListener;
using hpsocket::CUdpClientListener;
using hpsocket::CUdpServerListener;

#endif  // HPSOCKET_SDK_SOCKETINTERFACE_H_
