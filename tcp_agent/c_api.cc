#include "hpsocket/tcp_agent/c_api.h"

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/listeners.h"
#include "hpsocket/core/c_api/objects.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/tcp_agent/tcp_pull_agent.h"

using hpsocket::IAgent;
using hpsocket::ITcpAgent;
using hpsocket::ITcpPullAgent;
using hpsocket::core::AgentFunctions;
using hpsocket::core::Call;
using hpsocket::core::CreateComponent;
using hpsocket::core::CreateListener;
using hpsocket::core::DestroyComponent;
using hpsocket::core::DestroyListener;

namespace {

using Listener = hpsocket::core::AgentListener<hpsocket::ITcpAgentListener>;

}  // namespace

// --- Objects ---

HP_TcpAgent Create_HP_TcpAgent(HP_TcpAgentListener pListener) {
  return CreateComponent<ITcpAgent, hpsocket::TcpAgent_Creator, Listener, IAgent, ITcpAgent>(pListener);
}

HP_TcpPullAgent Create_HP_TcpPullAgent(HP_TcpPullAgentListener pListener) {
  return CreateComponent<ITcpPullAgent, hpsocket::TcpPullAgent_Creator, Listener, IAgent, ITcpAgent,
                         ITcpPullAgent>(pListener);
}

void Destroy_HP_TcpAgent(HP_TcpAgent pAgent) { DestroyComponent<ITcpAgent>(pAgent); }

void Destroy_HP_TcpPullAgent(HP_TcpPullAgent pAgent) { DestroyComponent<ITcpPullAgent>(pAgent); }

HP_TcpAgentListener Create_HP_TcpAgentListener() { return CreateListener<AgentFunctions>(); }

HP_TcpPullAgentListener Create_HP_TcpPullAgentListener() { return CreateListener<AgentFunctions>(); }

void Destroy_HP_TcpAgentListener(HP_TcpAgentListener pListener) {
  DestroyListener<AgentFunctions>(pListener);
}

void Destroy_HP_TcpPullAgentListener(HP_TcpPullAgentListener pListener) {
  DestroyListener<AgentFunctions>(pListener);
}

// --- TCP ---

BOOL HP_TcpAgent_SendSmallFile(HP_Agent pAgent, HP_CONNID dwConnID, LPCTSTR lpszFileName,
                               const LPWSABUF pHead, const LPWSABUF pTail) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::SendSmallFile, dwConnID, lpszFileName, pHead, pTail);
}

void HP_TcpAgent_SetReuseAddress(HP_TcpAgent pAgent, BOOL bReuseAddress) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::SetReuseAddress, bReuseAddress);
}

BOOL HP_TcpAgent_IsReuseAddress(HP_TcpAgent pAgent) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::IsReuseAddress);
}

void HP_TcpAgent_SetSocketBufferSize(HP_TcpAgent pAgent, DWORD dwSocketBufferSize) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::SetSocketBufferSize, dwSocketBufferSize);
}

void HP_TcpAgent_SetKeepAliveTime(HP_TcpAgent pAgent, DWORD dwKeepAliveTime) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::SetKeepAliveTime, dwKeepAliveTime);
}

void HP_TcpAgent_SetKeepAliveInterval(HP_TcpAgent pAgent, DWORD dwKeepAliveInterval) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::SetKeepAliveInterval, dwKeepAliveInterval);
}

DWORD HP_TcpAgent_GetSocketBufferSize(HP_TcpAgent pAgent) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::GetSocketBufferSize);
}

DWORD HP_TcpAgent_GetKeepAliveTime(HP_TcpAgent pAgent) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::GetKeepAliveTime);
}

DWORD HP_TcpAgent_GetKeepAliveInterval(HP_TcpAgent pAgent) {
  return Call<ITcpAgent>(pAgent, &ITcpAgent::GetKeepAliveInterval);
}

// --- PULL ---

En_HP_FetchResult HP_TcpPullAgent_Fetch(HP_TcpPullAgent pAgent, HP_CONNID dwConnID, BYTE* pData,
                                        int iLength) {
  return Call<ITcpPullAgent>(pAgent, &ITcpPullAgent::Fetch, dwConnID, pData, iLength);
}

En_HP_FetchResult HP_TcpPullAgent_Peek(HP_TcpPullAgent pAgent, HP_CONNID dwConnID, BYTE* pData, int iLength) {
  return Call<ITcpPullAgent>(pAgent, &ITcpPullAgent::Peek, dwConnID, pData, iLength);
}

En_HP_FetchResult HP_TcpPullAgent_PeekSpan(HP_TcpPullAgent pAgent, HP_CONNID dwConnID, const BYTE** ppData,
                                           int* piLength) {
  return Call<ITcpPullAgent>(pAgent, &ITcpPullAgent::PeekSpan, dwConnID, ppData, piLength);
}

En_HP_FetchResult HP_TcpPullAgent_Find(HP_TcpPullAgent pAgent, HP_CONNID dwConnID, const BYTE* pPattern,
                                       int iLength, int iFrom, int* piPosition) {
  return Call<ITcpPullAgent>(pAgent, &ITcpPullAgent::Find, dwConnID, pPattern, iLength, iFrom, piPosition);
}

void HP_TcpPullAgent_SetMaxPullLength(HP_TcpPullAgent pAgent, uint64_t ullLength) {
  return Call<ITcpPullAgent>(pAgent, &ITcpPullAgent::SetMaxPullLength, ullLength);
}

uint64_t HP_TcpPullAgent_GetMaxPullLength(HP_TcpPullAgent pAgent) {
  return Call<ITcpPullAgent>(pAgent, &ITcpPullAgent::GetMaxPullLength);
}
