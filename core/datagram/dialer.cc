#include "hpsocket/core/datagram/dialer.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>
#include <utility>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"
#include "hpsocket/core/datagram/socket_options.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/net/multicast.h"

namespace hpsocket::core {
namespace {

#ifndef IPV6_MULTICAST_ALL
constexpr int IPV6_MULTICAST_ALL = 29;
#endif

}  // namespace

void Dialer::Set(const char* remote, uint16_t port) {
  remote_ = remote == nullptr ? "" : remote;
  port_ = port;
  addresses_.clear();
  next_ = 0;
  peer_ = Address();
  ticket_ = nullptr;
}

StartFailure Dialer::Failed(EnSocketError code, int result, const char* what) const {
  return StartFailure::Of(code, -result,
                          std::string(what) + " " + remote_ + " port " + std::to_string(port_));
}

Resolution Dialer::Resolve(bool on_caller, std::shared_ptr<ConnectToken> token, StartFailure* failure) {
  const DatagramSettings& settings = engine_.running();
  if (engine_.role() == Role::kCast && settings.cast_mode == CM_BROADCAST) {
    Address everybody;
    Address::ParseLiteral("255.255.255.255", port_, &everybody);
    addresses_ = {everybody};
    return Resolution::kDone;
  }
  Address literal;
  if (Address::ParseLiteral(remote_.c_str(), port_, &literal)) {
    addresses_ = {literal};
    return Resolution::kDone;
  }
  if (remote_.empty()) {
    *failure = {SE_CONNECT_SERVER, EADDRNOTAVAIL, "no remote address given"};
    return Resolution::kFailed;
  }
  if (!on_caller) return Resolution::kDone;
  std::string detail;
  Lifecycle& lifecycle = engine_.lifecycle();
  std::vector<Address> found;
  const std::string name = remote_;
  const Resolution resolution = ResolveWithToken(
      std::move(token), [&lifecycle] { return lifecycle.stop_requested(); }, engine_.world().network(), name,
      port_, &found, &detail);
  if (resolution == Resolution::kAbandoned) return resolution;
  addresses_ = std::move(found);
  if (resolution == Resolution::kFailed) *failure = {SE_CONNECT_SERVER, EADDRNOTAVAIL, std::move(detail)};
  if (resolution == Resolution::kStopped)
    *failure = {SE_ILLEGAL_STATE, ECANCELED, "stopped while connecting"};
  return resolution;
}

StartFailure Dialer::Prepare() {
  Network& network = engine_.world().network();
  const DatagramSettings& settings = engine_.running();
  const bool cast = engine_.role() == Role::kCast;
  peer_ = addresses_[next_++];
  const int fd = network.OpenDatagram(peer_.family());
  if (fd < 0) return Failed(SE_SOCKET_CREATE, fd, "cannot make a socket for");
  int result = SetDatagramOptions(network, fd, settings);
  if (result == 0 && cast && settings.reuse_address)
    result = network.SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  // A member of an IPv6 group neither hears IPv4 nor takes its port there.
  if (result == 0 && cast && peer_.family() == AF_INET6)
    result = network.SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  StartFailure failure;
  if (result < 0) failure = Failed(SE_SOCKET_CREATE, result, "cannot set up a socket for");
  // All that is set is set before the hook, whose own choice wins.
  if (!failure.failed() && cast) failure = SetUpCast(fd);
  if (failure.failed()) {
    network.Close(fd);
    return failure;
  }
  EnHandleResult wanted;
  {
    const CallbackScope scope(engine_.lifecycle());
    wanted = engine_.events().HandlePrepareConnect(engine_.client_id(), fd);
  }
  if (wanted == HR_ERROR) {
    network.Close(fd);
    next_ = addresses_.size();
    return {SE_SOCKET_PREPARE, ECANCELED, "OnPrepareConnect returned HR_ERROR"};
  }
  engine_.ReplaceSocket(fd);
  return {};
}

StartFailure Dialer::Connect() {
  if (engine_.role() == Role::kCast) return BindCast();
  Network& network = engine_.world().network();
  int result = network.ConnectDatagram(engine_.socket(), peer_);
  // Its name as the kernel tells it with each datagram, which need not be the one that was asked for: a
  // wildcard is this host, a scope that says nothing is gone.
  if (result == 0) result = network.PeerAddress(engine_.socket(), &peer_);
  return result < 0 ? Failed(SE_CONNECT_SERVER, result, "cannot connect to") : StartFailure();
}

StartFailure Dialer::DialAll(bool first_is_prepared) {
  StartFailure failure{SE_CONNECT_SERVER, EADDRNOTAVAIL, "no address for " + remote_};
  bool prepared = first_is_prepared;
  while (prepared || next_ < addresses_.size()) {
    failure = prepared ? StartFailure() : Prepare();
    prepared = false;
    if (!failure.failed()) failure = Connect();
    if (!failure.failed()) return {};
    if (const int fd = engine_.ReplaceSocket(-1); fd >= 0) engine_.world().network().Close(fd);
    if (engine_.lifecycle().stop_requested())
      return {SE_ILLEGAL_STATE, ECANCELED, "stopped while connecting"};
  }
  return failure;
}

int Dialer::SetCastOptions(int fd, const Address& local) {
  Network& network = engine_.world().network();
  const DatagramSettings& settings = engine_.running();
  const bool v6 = peer_.family() == AF_INET6;
  const int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  // Only what this socket has joined, and be it nothing, not what any on this host has.
  int result = network.SetOption(fd, level, v6 ? IPV6_MULTICAST_ALL : IP_MULTICAST_ALL, 0);
  if (settings.cast_mode == CM_BROADCAST) {
    if (result == 0) result = network.SetOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
    return result < 0 ? result : network.SetSendInterface(fd, local, true);
  }
  if (result == 0)
    result =
        network.SetOption(fd, level, v6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL, settings.multicast_ttl);
  if (result == 0)
    result =
        network.SetOption(fd, level, v6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP, settings.multicast_loop);
  return result < 0 ? result : network.SetSendInterface(fd, local, false);
}

StartFailure Dialer::SetUpCast(int fd) {
  const DatagramSettings& settings = engine_.running();
  Address& local = cast_local_;
  if (!Address::ParseLiteral(settings.cast_bind_address(), port_, &local))
    return {SE_SOCKET_BIND, EINVAL,
            std::string("'") + settings.cast_bind_address() + "' is no IPv4 or IPv6 address"};
  // "0.0.0.0" is the default and says nothing of the family.
  if (local.family() != peer_.family()) {
    if (!(local == Address::Any(local.family(), port_)))
      return {SE_SOCKET_BIND, EAFNOSUPPORT, "bind address and group are of different families"};
    local = Address::Any(peer_.family(), port_);
  }
  // "ff15::1%eth0": the group names the interface, if the bind address does not.
  if (local == Address::Any(local.family(), port_)) local.set_scope_id(peer_.scope_id());
  if (settings.cast_mode == CM_MULTICAST && !IsMulticast(peer_))
    return Failed(SE_CONNECT_SERVER, -EINVAL, "this is no multicast group:");
  if (const int result = SetCastOptions(fd, local); result < 0) {
    return Failed(result == -ENODEV ? SE_SOCKET_BIND : SE_CONNECT_SERVER,
                  result == -ENODEV ? -EADDRNOTAVAIL : result, "cannot set up casting to");
  }
  return {};
}

StartFailure Dialer::BindCast() {
  Network& network = engine_.world().network();
  const DatagramSettings& settings = engine_.running();
  const Address& local = cast_local_;
  const int fd = engine_.socket();
  // An interface's address would keep multicast out: its interface is named otherwise.
  if (const int result = network.Bind(fd, Address::Any(peer_.family(), port_)); result < 0)
    return Failed(SE_SOCKET_BIND, result, "cannot bind for");
  if (settings.cast_mode == CM_BROADCAST) return FindBroadcastRoute(local);
  std::vector<Address> sources(1);
  if (settings.sources != nullptr) {
    sources.clear();
    for (const std::string& text : *settings.sources) {
      Address source;
      if (!Address::ParseLiteral(text.c_str(), 0, &source) || source.family() != peer_.family())
        return {SE_CONNECT_SERVER, EINVAL, "'" + text + "' is no source of this group's family"};
      sources.push_back(source);
    }
  }
  for (const Address& source : sources) {
    if (const int result = network.JoinGroup(fd, peer_, local, source); result < 0)
      return Failed(SE_CONNECT_SERVER, result, "cannot join");
  }
  return {};
}

// Asks the kernel by a socket that is connected and sends nothing.
StartFailure Dialer::FindBroadcastRoute(const Address& local) {
  Network& network = engine_.world().network();
  const int probe = network.OpenDatagram(AF_INET);
  if (probe < 0) return Failed(SE_SOCKET_CREATE, probe, "cannot make a socket for");
  int result = network.SetOption(probe, SOL_SOCKET, SO_BROADCAST, 1);
  if (result == 0) result = network.SetSendInterface(probe, local, true);
  if (result == 0) result = network.ConnectDatagram(probe, peer_);
  network.Close(probe);
  return result < 0 ? Failed(SE_CONNECT_SERVER, result, "no way to broadcast to") : StartFailure();
}

int Dialer::BeginResolving() {
  try {
    ticket_ = std::make_shared<ResolveTicket>(static_cast<ResolveWaiter&>(*this));
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  Resolver::Resolve(engine_.world(), remote_, port_, ticket_);
  return 0;
}

void Dialer::HandleResolved() { engine_.workers()[0].PostTask(DatagramWorker::kResolved); }

StartFailure Dialer::TakeResolved() {
  const int error = ticket_->Take(&addresses_);
  ticket_ = nullptr;
  if (error != 0 || addresses_.empty())
    return {SE_CONNECT_SERVER, error == 0 ? EADDRNOTAVAIL : error, "cannot resolve " + remote_};
  return {};
}

void Dialer::Abandon() {
  if (ticket_ != nullptr) ticket_->Abandon();
  ticket_ = nullptr;
}

}  // namespace hpsocket::core
