// Runs the conformance suite on the TCP clients: bazel test //tcp_client:conformance
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_client/tcp_pull_client.h"
#include "hpsocket/testing/harness/deaf_component.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/tcp_client_adapter.h"
#include "hpsocket/testing/simulation/simulation.h"

int main(int argc, char** argv) {
  using hpsocket::harness::MakeTcpClient;
  using hpsocket::harness::RegisterDeaf;
  using hpsocket::harness::RegisterTcpClient;
  RegisterTcpClient(MakeTcpClient<hpsocket::CTcpClient, hpsocket::ITcpClientListener>("CTcpClient"));
  RegisterTcpClient(MakeTcpClient<hpsocket::CTcpPullClient, hpsocket::ITcpClientListener>("CTcpPullClient"));
  RegisterDeaf<hpsocket::CTcpClient>("CTcpClient");
  RegisterDeaf<hpsocket::CTcpPullClient>("CTcpPullClient");
  hpsocket::simulation::RegisterSimulatedWorlds();
  return hpsocket::harness::RunConformance(argc, argv);
}
