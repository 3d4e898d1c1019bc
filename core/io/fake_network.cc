#include "hpsocket/core/io/fake_network.h"

#include <cerrno>

namespace hpsocket::core {

FakeNetwork::FakeNetwork(FakeClock& clock, FakeKernel& kernel, FakeFaults& faults, StepDriver& driver)
    : clock_(clock), kernel_(kernel), faults_(faults), driver_(driver) {
  AddName("localhost", {"127.0.0.1", "::1"});
}

int FakeNetwork::OpenStream(int family) {
  if (const int error = Fault(FakeCall::kOpenStream)) return -error;
  return kernel_.NewSocket(family, false);
}

void FakeNetwork::Close(int fd) {
  driver_.CheckThread();
  driver_.CountEffect();
  kernel_.Close(fd);
}

int FakeNetwork::Bind(int fd, const Address& address) {
  if (const int error = Fault(FakeCall::kBind)) return -error;
  return kernel_.Bind(fd, address);
}

int FakeNetwork::Listen(int fd, int backlog) {
  if (const int error = Fault(FakeCall::kListen)) return -error;
  return kernel_.Listen(fd, backlog);
}

int FakeNetwork::LocalAddress(int fd, Address* out) {
  if (const int error = Fault(FakeCall::kLocalAddress)) return -error;
  return kernel_.LocalAddress(fd, out);
}

int FakeNetwork::PeerAddress(int fd, Address* out) {
  if (const int error = Fault(FakeCall::kPeerAddress)) return -error;
  return kernel_.PeerAddress(fd, out);
}

int FakeNetwork::SetOption(int fd, int level, int name, int value) {
  if (const int error = Fault(FakeCall::kSetOption)) return -error;
  return kernel_.SetOption(fd, level, name, value);
}

int FakeNetwork::TakeError(int fd) { return -kernel_.TakeError(fd); }

int FakeNetwork::SetAbortOnClose(int fd) {
  if (const int error = Fault(FakeCall::kSetAbortOnClose)) return -error;
  kernel_.SetAbortOnClose(fd);
  return 0;
}

int FakeNetwork::ShutdownWrite(int fd) {
  if (const int error = Fault(FakeCall::kShutdown)) return -error;
  return kernel_.ShutdownWrite(fd);
}

int FakeNetwork::ShutdownBoth(int fd) {
  if (const int error = Fault(FakeCall::kShutdown)) return -error;
  return kernel_.ShutdownBoth(fd);
}

int FakeNetwork::ConnectAndAwait(int fd, const Address& address, TimePoint deadline,
                                 ConnectCanceller& canceller) {
  if (const int error = Fault(FakeCall::kConnectAndAwait)) return -error;
  if (canceller.cancelled()) return -ECANCELED;
  const int started = kernel_.StartConnect(fd, address);
  if (started < 0) return started;
  const bool ended = driver_.PumpUntil(
      "ConnectAndAwait on " + kernel_.Describe(fd),
      [this, fd, &canceller] { return canceller.cancelled() || kernel_.ConnectResult(fd) != -EINPROGRESS; },
      deadline);
  if (canceller.cancelled()) return -ECANCELED;
  return ended ? kernel_.ConnectResult(fd) : -ETIMEDOUT;
}

int64_t FakeNetwork::SendNow(int fd, const iovec* pieces, int count) {
  const FakeSocket& socket = kernel_.Get(fd);
  if (socket.watcher != nullptr && socket.watcher->SendInFlight(fd)) {
    HP_FATAL("SendNow() on a socket that has a send in flight: their bytes would mix");
  }
  if (const int error = Fault(FakeCall::kSendNow)) {
    if (error == ECONNRESET || error == EPIPE || error == ETIMEDOUT) kernel_.Break(fd, 0);
    return -error;
  }
  size_t total = 0;
  for (int i = 0; i < count; ++i) total += pieces[i].iov_len;
  return kernel_.Write(fd, pieces, count, faults_.Shorten(total, faults_.options().short_write));
}

int FakeNetwork::OpenDatagram(int family) {
  if (const int error = Fault(FakeCall::kOpenDatagram)) return -error;
  return kernel_.NewDatagramSocket(family, false);
}

int FakeNetwork::ConnectDatagram(int fd, const Address& address) {
  if (const int error = Fault(FakeCall::kConnectDatagram)) return -error;
  return kernel_.ConnectDatagram(fd, address);
}

int FakeNetwork::ReceiveDatagrams(int fd, ReceiveBatch& batch) {
  if (const int error = Fault(FakeCall::kReceiveDatagrams)) return -error;
  if (faults_.Chance(faults_.options().datagram_shortage)) return faults_.Below(2) == 0 ? -ENOMEM : -ENOBUFS;
  if (kernel_.TellsRefusal(fd)) return -ECONNREFUSED;
  const size_t wanted = faults_.Fewer(batch.capacity(), faults_.options().short_read);
  const bool merges = kernel_.MergesDatagrams(fd);
  const bool addressed = kernel_.TellsLocalAddress(fd);
  FakeDatagram datagram;
  uint32_t count = 0;
  while (count < wanted && kernel_.ReceiveDatagram(fd, &datagram)) {
    const auto* const bytes = reinterpret_cast<const uint8_t*>(datagram.bytes.data());
    const size_t length = datagram.bytes.size();
    const Address to = addressed ? datagram.to : Address();
    if (merges && count > 0 && faults_.Below(4) != 0 && batch.at(count - 1).to == to &&
        batch.Append(count - 1, datagram.from, bytes, length))
      continue;
    batch.Put(count++, datagram.from, bytes, length, to);
  }
  return count == 0 ? -EAGAIN : static_cast<int>(count);
}

int FakeNetwork::SendDatagrams(int fd, const OutgoingDatagram* datagrams, int count, SendBatch&) {
  if (const int error = Fault(FakeCall::kSendDatagrams)) return -error;
  if (kernel_.TellsRefusal(fd)) return -ECONNREFUSED;
  const size_t wanted = faults_.Fewer(static_cast<size_t>(count), faults_.options().short_write);
  for (size_t i = 0; i < wanted; ++i) {
    const OutgoingDatagram& one = datagrams[i];
    const int result = kernel_.SendDatagram(fd, one.to, one.data, one.length, one.from);
    if (result < 0) return i == 0 ? result : static_cast<int>(i);
  }
  return static_cast<int>(wanted);
}

int FakeNetwork::SendDatagramNow(int fd, const OutgoingDatagram& datagram) {
  if (const int error = Fault(FakeCall::kSendDatagrams)) return -error;
  return kernel_.SendDatagram(fd, datagram.to, datagram.data, datagram.length, datagram.from);
}

int FakeNetwork::JoinGroup(int fd, const Address& group, const Address& local, const Address& source) {
  if (const int error = Fault(FakeCall::kJoinGroup)) return -error;
  return kernel_.JoinGroup(fd, group, local, source);
}

int FakeNetwork::SetSendInterface(int fd, const Address& local, bool everything) {
  if (const int error = Fault(FakeCall::kSetSendInterface)) return -error;
  return kernel_.SetSendInterface(fd, local, everything);
}

int FakeNetwork::Resolve(const std::string& name, uint16_t port, std::vector<Address>* out,
                         std::string* detail) {
  out->clear();
  Address literal;
  if (Address::ParseLiteral(name.c_str(), port, &literal)) {
    out->push_back(literal);
    return 0;
  }
  const int error = Fault(FakeCall::kResolve);
  const auto found = names_.find(name);
  if (found != names_.end() && found->second.delay > Duration::zero()) {
    driver_.PumpUntil(
        "Resolve of '" + name + "'", [] { return false; }, clock_.Now() + found->second.delay);
  }
  if (error != 0) {
    *detail = "cannot resolve '" + name + "': made to fail";
    return -error;
  }
  if (found != names_.end()) {
    for (const std::string& text : found->second.literals) {
      if (Address::ParseLiteral(text.c_str(), port, &literal)) out->push_back(literal);
    }
  }
  if (!out->empty()) return 0;
  *detail = "cannot resolve '" + name + "': Name or service not known";
  return -EADDRNOTAVAIL;
}

void FakeNetwork::AddName(const std::string& name, const std::vector<std::string>& literals, Duration delay) {
  names_[name] = Name{literals, delay};
}

int FakeNetwork::Fault(FakeCall call) {
  driver_.CheckThread();
  driver_.CountEffect();
  return faults_.Call(call);
}

}  // namespace hpsocket::core
