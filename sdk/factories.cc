#include "HPSocket.h"

ITcpServer* HP_Create_TcpServer(ITcpServerListener* listener) { return TcpServer_Creator::Create(listener); }
void HP_Destroy_TcpServer(ITcpServer* server) { TcpServer_Creator::Destroy(server); }

ITcpAgent* HP_Create_TcpAgent(ITcpAgentListener* listener) { return TcpAgent_Creator::Create(listener); }
void HP_Destroy_TcpAgent(ITcpAgent* agent) { TcpAgent_Creator::Destroy(agent); }

ITcpClient* HP_Create_TcpClient(ITcpClientListener* listener) { return TcpClient_Creator::Create(listener); }
void HP_Destroy_TcpClient(ITcpClient* client) { TcpClient_Creator::Destroy(client); }

ITcpPullServer* HP_Create_TcpPullServer(ITcpServerListener* listener) {
  return TcpPullServer_Creator::Create(listener);
}
void HP_Destroy_TcpPullServer(ITcpPullServer* server) { TcpPullServer_Creator::Destroy(server); }

ITcpPullAgent* HP_Create_TcpPullAgent(ITcpAgentListener* listener) {
  return TcpPullAgent_Creator::Create(listener);
}
void HP_Destroy_TcpPullAgent(ITcpPullAgent* agent) { TcpPullAgent_Creator::Destroy(agent); }

ITcpPullClient* HP_Create_TcpPullClient(ITcpClientListener* listener) {
  return TcpPullClient_Creator::Create(listener);
}
void HP_Destroy_TcpPullClient(ITcpPullClient* client) { TcpPullClient_Creator::Destroy(client); }

IUdpServer* HP_Create_UdpServer(IUdpServerListener* listener) { return UdpServer_Creator::Create(listener); }
void HP_Destroy_UdpServer(IUdpServer* server) { UdpServer_Creator::Destroy(server); }

IUdpClient* HP_Create_UdpClient(IUdpClientListener* listener) { return UdpClient_Creator::Create(listener); }
void HP_Destroy_UdpClient(IUdpClient* client) { UdpClient_Creator::Destroy(client); }

IUdpCast* HP_Create_UdpCast(IUdpCastListener* listener) { return UdpCast_Creator::Create(listener); }
void HP_Destroy_UdpCast(IUdpCast* cast) { UdpCast_Creator::Destroy(cast); }
