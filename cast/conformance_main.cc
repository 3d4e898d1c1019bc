// Runs the conformance suite on UDP Cast: bazel test //cast:conformance
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/cast/udp_cast.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/udp_adapters.h"
#include "hpsocket/testing/simulation/simulation.h"

int main(int argc, char** argv) {
  hpsocket::harness::RegisterUdpCast(
      hpsocket::harness::MakeUdpCast<hpsocket::CUdpCast, hpsocket::IUdpCastListener>("CUdpCast"));
  hpsocket::simulation::RegisterSimulatedWorlds();
  return hpsocket::harness::RunConformance(argc, argv);
}
