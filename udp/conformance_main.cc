// Runs the conformance suite on UDP Server and UDP Client: bazel test //udp:conformance
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/udp_adapters.h"
#include "hpsocket/testing/simulation/simulation.h"
#include "hpsocket/udp/udp_client.h"
#include "hpsocket/udp/udp_server.h"

int main(int argc, char** argv) {
  using hpsocket::harness::MakeUdpClient;
  using hpsocket::harness::MakeUdpServer;
  hpsocket::harness::RegisterUdpServer(
      MakeUdpServer<hpsocket::CUdpServer, hpsocket::IUdpServerListener>("CUdpServer"));
  hpsocket::harness::RegisterUdpClient(
      MakeUdpClient<hpsocket::CUdpClient, hpsocket::IUdpClientListener>("CUdpClient"));
  hpsocket::simulation::RegisterSimulatedWorlds();
  return hpsocket::harness::RunConformance(argc, argv);
}
