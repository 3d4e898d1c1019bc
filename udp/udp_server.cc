#include "hpsocket/udp/udp_server.h"

#include <sys/socket.h>

#include <cstring>
#include <exception>
#include <memory>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/facade/complex_events.h"
#include "hpsocket/core/facade/complex_facade_impl.h"
#include "hpsocket/core/facade/facade_calls.h"
#include "hpsocket/core/facade/listener_call.h"
#include "hpsocket/udp/shared_settings.h"
#include "hpsocket/udp/version.h"  // refuses a core that is too old

namespace hpsocket {
namespace {

class ServerEvents final : public core::ComplexEvents {
 public:
  explicit ServerEvents(IUdpServerListener* listener) : ComplexEvents(listener), listener_(listener) {}

  EnHandleResult HandlePrepareListen(int fd) override {
    return core::CallListener(engine(), "OnPrepareListen", [&] { return listener_->OnPrepareListen(fd); });
  }
  EnHandleResult HandleAccept(CONNID id, int, const core::Address& peer) override {
    // Whatever the application reads there is of the size that the contract says.
    sockaddr_storage storage{};
    const core::Address shown = peer.Unmapped();
    std::memcpy(&storage, shown.get(), shown.length());
    return core::CallListener(engine(), "OnAccept", [&] {
      return listener_->OnAccept(id, reinterpret_cast<const sockaddr_in*>(&storage));
    });
  }

 private:
  IUdpServerListener* const listener_;
};

}  // namespace

template class core::ComplexFacade<IUdpServer, core::DatagramEngine>;

CUdpServer::CUdpServer(IUdpServerListener* listener)
    : ComplexFacade("UdpServer", core::Role::kServer, core::Delivery::kPush,
                    std::make_unique<ServerEvents>(listener)) {}

CUdpServer::~CUdpServer() { StopForDestruction(); }

bool CUdpServer::Start(const char* bind_address, uint16_t port) {
  return CanStart() && engine().StartServer(bind_address, port);
}

bool CUdpServer::GetListenAddress(char address[], int& address_length, uint16_t& port) {
  core::Address found;
  return engine().ListenAddress(&found) && core::CopyAddress(found, address, address_length, port);
}

HPSOCKET_UDP_SHARED_SETTINGS(CUdpServer)

void CUdpServer::SetPostReceiveCount(uint32_t post_receive_count) {
  engine().Change([=](auto& settings) { settings.post_receive_count = post_receive_count; });
}

uint32_t CUdpServer::GetPostReceiveCount() { return engine().settings().post_receive_count; }

IUdpServer* UdpServer_Creator::Create(IUdpServerListener* listener) noexcept {
  try {
    return std::make_unique<CUdpServer>(listener).release();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void UdpServer_Creator::Destroy(IUdpServer* server) noexcept { std::unique_ptr<IUdpServer> owned(server); }

}  // namespace hpsocket
