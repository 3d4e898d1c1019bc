#include "hpsocket/udp/udp_client.h"

#include <exception>
#include <memory>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/facade/client_facade_impl.h"
#include "hpsocket/udp/shared_settings.h"
#include "hpsocket/udp/version.h"  // refuses a core that is too old

namespace hpsocket {

template class core::ClientFacade<IUdpClient, core::DatagramEngine>;

CUdpClient::CUdpClient(IUdpClientListener* listener)
    : ClientFacade("UdpClient", core::Role::kClient, listener, core::Delivery::kPush) {}

CUdpClient::~CUdpClient() { StopForDestruction(); }

HPSOCKET_UDP_SHARED_SETTINGS(CUdpClient)

IUdpClient* UdpClient_Creator::Create(IUdpClientListener* listener) noexcept {
  try {
    return std::make_unique<CUdpClient>(listener).release();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void UdpClient_Creator::Destroy(IUdpClient* client) noexcept { std::unique_ptr<IUdpClient> owned(client); }

}  // namespace hpsocket
