// Runs the conformance suite on the TCP agents: bazel test //tcp_agent:conformance
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/tcp_agent/tcp_pull_agent.h"
#include "hpsocket/testing/harness/deaf_component.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/tcp_agent_adapter.h"
#include "hpsocket/testing/simulation/simulation.h"

int main(int argc, char** argv) {
  using hpsocket::harness::MakeTcpAgent;
  using hpsocket::harness::RegisterDeaf;
  using hpsocket::harness::RegisterTcpAgent;
  RegisterTcpAgent(MakeTcpAgent<hpsocket::CTcpAgent, hpsocket::ITcpAgentListener>("CTcpAgent"));
  RegisterTcpAgent(MakeTcpAgent<hpsocket::CTcpPullAgent, hpsocket::ITcpAgentListener>("CTcpPullAgent"));
  RegisterDeaf<hpsocket::CTcpAgent>("CTcpAgent");
  RegisterDeaf<hpsocket::CTcpPullAgent>("CTcpPullAgent");
  hpsocket::simulation::RegisterSimulatedWorlds();
  return hpsocket::harness::RunConformance(argc, argv);
}
