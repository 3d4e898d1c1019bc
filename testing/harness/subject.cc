#include "hpsocket/testing/harness/subject.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::harness {
namespace {

template <class Factory>
std::vector<Factory>& Registry() {
  static std::vector<Factory>& registry = *new std::vector<Factory>;
  return registry;
}

// Those that `push` and `pull` ask for, as far as the variant has them.
template <class Factory>
std::vector<Factory> Registered(bool push, bool pull) {
  const Variant& variant = CurrentVariant();
  push = push && variant.push;
  pull = pull && variant.pull;
  std::vector<Factory> wanted;
  std::copy_if(Registry<Factory>().begin(), Registry<Factory>().end(), std::back_inserter(wanted),
               [&](const Factory& factory) { return factory.delivery == Delivery::kPush ? push : pull; });
  return wanted;
}

}  // namespace

void RegisterTcpServer(TcpServerFactory factory) {
  Registry<TcpServerFactory>().push_back(std::move(factory));
}
void RegisterTcpAgent(TcpAgentFactory factory) { Registry<TcpAgentFactory>().push_back(std::move(factory)); }
void RegisterTcpClient(TcpClientFactory factory) {
  Registry<TcpClientFactory>().push_back(std::move(factory));
}

void RegisterUdpServer(UdpServerFactory factory) {
  Registry<UdpServerFactory>().push_back(std::move(factory));
}
void RegisterUdpClient(UdpClientFactory factory) {
  Registry<UdpClientFactory>().push_back(std::move(factory));
}
void RegisterUdpCast(UdpCastFactory factory) { Registry<UdpCastFactory>().push_back(std::move(factory)); }

std::vector<UdpServerFactory> UdpServers() { return Registry<UdpServerFactory>(); }
std::vector<UdpClientFactory> UdpClients() { return Registry<UdpClientFactory>(); }
std::vector<UdpCastFactory> UdpCasts() { return Registry<UdpCastFactory>(); }

std::vector<TcpServerFactory> TcpServers() { return Registered<TcpServerFactory>(true, true); }
std::vector<TcpServerFactory> PushTcpServers() { return Registered<TcpServerFactory>(true, false); }
std::vector<TcpServerFactory> PullTcpServers() { return Registered<TcpServerFactory>(false, true); }
std::vector<TcpAgentFactory> TcpAgents() { return Registered<TcpAgentFactory>(true, true); }
std::vector<TcpAgentFactory> PushTcpAgents() { return Registered<TcpAgentFactory>(true, false); }
std::vector<TcpAgentFactory> PullTcpAgents() { return Registered<TcpAgentFactory>(false, true); }
std::vector<TcpClientFactory> TcpClients() { return Registered<TcpClientFactory>(true, true); }
std::vector<TcpClientFactory> PushTcpClients() { return Registered<TcpClientFactory>(true, false); }
std::vector<TcpClientFactory> PullTcpClients() { return Registered<TcpClientFactory>(false, true); }

}  // namespace hpsocket::harness
