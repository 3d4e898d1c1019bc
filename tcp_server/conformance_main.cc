// Runs the conformance suite on the TCP servers: bazel test //tcp_server:conformance
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/tcp_server/tcp_pull_server.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/harness/deaf_component.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/tcp_server_adapter.h"
#include "hpsocket/testing/simulation/simulation.h"

int main(int argc, char** argv) {
  using hpsocket::harness::MakeTcpServer;
  using hpsocket::harness::RegisterDeaf;
  using hpsocket::harness::RegisterTcpServer;
  RegisterTcpServer(MakeTcpServer<hpsocket::CTcpServer, hpsocket::ITcpServerListener>("CTcpServer"));
  RegisterTcpServer(MakeTcpServer<hpsocket::CTcpPullServer, hpsocket::ITcpServerListener>("CTcpPullServer"));
  RegisterDeaf<hpsocket::CTcpServer>("CTcpServer");
  RegisterDeaf<hpsocket::CTcpPullServer>("CTcpPullServer");
  hpsocket::simulation::RegisterSimulatedWorlds();
  return hpsocket::harness::RunConformance(argc, argv);
}
