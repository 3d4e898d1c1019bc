// Runs the suite for servers, clients and agents together: bazel test //sdk/conformance
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/tcp_agent_adapter.h"
#include "hpsocket/testing/harness/tcp_client_adapter.h"
#include "hpsocket/testing/harness/tcp_server_adapter.h"
#include "hpsocket/testing/simulation/simulation.h"

int main(int argc, char** argv) {
  using namespace hpsocket::harness;
  RegisterTcpServer(MakeTcpServer<hpsocket::CTcpServer, hpsocket::ITcpServerListener>("CTcpServer"));
  RegisterTcpAgent(MakeTcpAgent<hpsocket::CTcpAgent, hpsocket::ITcpAgentListener>("CTcpAgent"));
  RegisterTcpClient(MakeTcpClient<hpsocket::CTcpClient, hpsocket::ITcpClientListener>("CTcpClient"));
  hpsocket::simulation::RegisterSimulatedWorlds();
  return RunConformance(argc, argv);
}
