#include "hpsocket/cast/udp_cast.h"

#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "hpsocket/cast/version.h"  // refuses a core that is too old
#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/facade/client_facade_impl.h"
#include "hpsocket/core/facade/facade_calls.h"

namespace hpsocket {
namespace {

// One host in whatever words; the kernel, too, looks at no scope of a source.
bool SameSource(const std::string& text, core::Address source) {
  core::Address other;
  if (!core::Address::ParseLiteral(text.c_str(), 0, &other)) return false;
  other.set_scope_id(0);
  source.set_scope_id(0);
  return other == source;
}

}  // namespace

template class core::ClientFacade<IUdpCast, core::DatagramEngine>;

CUdpCast::CUdpCast(IUdpCastListener* listener)
    : ClientFacade("UdpCast", core::Role::kCast, listener, core::Delivery::kPush) {}

CUdpCast::~CUdpCast() { StopForDestruction(); }

void CUdpCast::SetBindAdddress(const char* bind_address) {
  try {
    auto text = std::make_shared<const std::string>(bind_address == nullptr ? "" : bind_address);
    engine().Change([&text](auto& settings) { settings.bind_address = std::move(text); });
  } catch (const std::bad_alloc&) {  // it stays as it was
    errno = ENOMEM;
  }
}

const char* CUdpCast::GetBindAdddress() {
  return core::KeepForThisThread([this] { return std::string(engine().settings().cast_bind_address()); });
}

void CUdpCast::SetMaxDatagramSize(uint32_t max_datagram_size) {
  engine().Change([=](auto& settings) { settings.max_datagram_size = max_datagram_size; });
}

uint32_t CUdpCast::GetMaxDatagramSize() { return engine().settings().max_datagram_size; }

void CUdpCast::SetReuseAddress(bool reuse_address) {
  engine().Change([=](auto& settings) { settings.reuse_address = reuse_address; });
}

bool CUdpCast::IsReuseAddress() { return engine().settings().reuse_address; }

void CUdpCast::SetCastMode(EnCastMode cast_mode) {
  engine().Change([=](auto& settings) { settings.cast_mode = cast_mode; });
}

EnCastMode CUdpCast::GetCastMode() { return static_cast<EnCastMode>(engine().settings().cast_mode); }

void CUdpCast::SetMultiCastTtl(int ttl) {
  engine().Change([=](auto& settings) { settings.multicast_ttl = ttl; });
}

int CUdpCast::GetMultiCastTtl() { return engine().settings().multicast_ttl; }

void CUdpCast::SetMultiCastLoop(bool loop) {
  engine().Change([=](auto& settings) { settings.multicast_loop = loop; });
}

bool CUdpCast::IsMultiCastLoop() { return engine().settings().multicast_loop; }

bool CUdpCast::JoinSource(const char* source_address) {
  if (source_address == nullptr || *source_address == '\0') {
    engine().Change([](auto& settings) { settings.sources = nullptr; });
    return true;
  }
  core::Address source;
  if (!core::Address::ParseLiteral(source_address, 0, &source))
    return core::Report(EINVAL, "the source is no IPv4 or IPv6 address");
  try {
    engine().Change([=](auto& settings) {
      auto more = std::make_shared<std::vector<std::string>>();
      if (settings.sources != nullptr) *more = *settings.sources;
      // The kernel would refuse to join for it twice.
      for (const std::string& text : *more) {
        if (SameSource(text, source)) return;
      }
      more->emplace_back(source_address);
      settings.sources = std::move(more);
    });
  } catch (const std::bad_alloc&) {  // there is none more
    return core::Report(ENOMEM);
  }
  return true;
}

void CUdpCast::SetCloseOnOversize(bool close_on_oversize) {
  engine().Change([=](auto& settings) { settings.close_on_oversize = close_on_oversize; });
}

bool CUdpCast::IsCloseOnOversize() { return engine().settings().close_on_oversize; }

void CUdpCast::SetSendBufferSize(uint32_t send_buffer_size) {
  engine().Change([=](auto& settings) { settings.send_buffer_size = send_buffer_size; });
}

void CUdpCast::SetReceiveBufferSize(uint32_t receive_buffer_size) {
  engine().Change([=](auto& settings) { settings.receive_buffer_size = receive_buffer_size; });
}

uint32_t CUdpCast::GetSendBufferSize() { return engine().settings().send_buffer_size; }

uint32_t CUdpCast::GetReceiveBufferSize() { return engine().settings().receive_buffer_size; }

bool CUdpCast::GetRemoteAddress(char address[], int& address_length, uint16_t& port) {
  core::Address found;
  return engine().CurrentSource(&found) && core::CopyAddress(found, address, address_length, port);
}

IUdpCast* UdpCast_Creator::Create(IUdpCastListener* listener) noexcept {
  try {
    return std::make_unique<CUdpCast>(listener).release();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void UdpCast_Creator::Destroy(IUdpCast* cast) noexcept { std::unique_ptr<IUdpCast> owned(cast); }

}  // namespace hpsocket
