#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/tcp_server_adapter.h"
#include "hpsocket/testing/toy_server/toy_server.h"

int main(int argc, char** argv) {
  using namespace hpsocket;
  harness::RegisterTcpServer(harness::MakeTcpServer<toy::ToyServer, toy::ToyListener>("ToyServer"));
  return harness::RunConformance(argc, argv);
}
