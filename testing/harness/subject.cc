#include "hpsocket/testing/harness/subject.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hpsocket::harness {
namespace {

template <class Factory>
std::vector<Factory>& Registry() {
  static std::vector<Factory>& registry = *new std::vector<Factory>;
  return registry;
}

template <class Factory>
std::vector<Factory> OnlyPush() {
  std::vector<Factory> push;
  std::copy_if(Registry<Factory>().begin(), Registry<Factory>().end(), std::back_inserter(push),
               [](const Factory& factory) { return factory.delivery == Delivery::kPush; });
  return push;
}

}  // namespace

void RegisterTcpServer(TcpServerFactory factory) {
  Registry<TcpServerFactory>().push_back(std::move(factory));
}
void RegisterTcpClient(TcpClientFactory factory) {
  Registry<TcpClientFactory>().push_back(std::move(factory));
}

std::vector<TcpServerFactory> TcpServers() { return Registry<TcpServerFactory>(); }
std::vector<TcpServerFactory> PushTcpServers() { return OnlyPush<TcpServerFactory>(); }
std::vector<TcpClientFactory> TcpClients() { return Registry<TcpClientFactory>(); }
std::vector<TcpClientFactory> PushTcpClients() { return OnlyPush<TcpClientFactory>(); }

}  // namespace hpsocket::harness
