// Internal to core. Tests only.
//
// What the tests of port_contract_suite share: a driver that runs a port and notices handlers that
// run where they may not, operations that record what they are told, and ends of connections that
// clean up after themselves.
//
// Threads:  each driver and what belongs to it on one thread.
#ifndef HPSOCKET_CORE_IO_PORT_CONTRACT_FIXTURE_H_
#define HPSOCKET_CORE_IO_PORT_CONTRACT_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/io/port_contract_suite.h"

namespace hpsocket::core {

// How long a test waits before it gives up; nothing normal comes near it.
inline constexpr Duration kPatience = std::chrono::seconds(20);

inline void PrintTo(const ContractSubject& subject, std::ostream* out) { *out << subject.name; }

// `size` bytes in which every place can be told from its neighbours.
std::string MakePattern(size_t size, uint32_t seed = 1);

// Small numbers of buffers, so that tests run out of them.
PortOptions ContractOptions();

class PortDriver {
 public:
  // Null in `port()` where the machine cannot have the port; see `why()`.
  PortDriver(ContractWorld& world, const PortOptions& options);
  PortDriver(const PortDriver&) = delete;
  PortDriver& operator=(const PortDriver&) = delete;

  CompletionPort* port() { return port_.get(); }
  ContractWorld& world() { return world_; }
  const std::string& why() const { return why_; }
  TimePoint now() { return world_.clock().Now(); }

  void RunOnce(TimePoint deadline);
  // Runs rounds until `done()`; false when that took too long.
  bool RunUntil(absl::FunctionRef<bool()> done);
  // Runs some rounds in which nothing need happen.
  void RunAWhile();

  bool in_handler() const { return in_handler_; }

 private:
  friend class HandlerScope;

  ContractWorld& world_;
  std::string why_;  // filled while port_ is made
  std::unique_ptr<CompletionPort> port_;
  bool in_round_ = false;
  bool in_handler_ = false;
};

// Stands at the top of every handler: it has to be inside RunOnce() and inside no other handler.
class HandlerScope {
 public:
  explicit HandlerScope(PortDriver& driver);
  HandlerScope(const HandlerScope&) = delete;
  HandlerScope& operator=(const HandlerScope&) = delete;
  ~HandlerScope() { driver_.in_handler_ = false; }

 private:
  PortDriver& driver_;
};

class TestAccept final : public AcceptOperation {
 public:
  explicit TestAccept(PortDriver& driver) : driver_(driver) {}
  void HandleAccepted(int fd, const Address& peer) override;
  void HandleAcceptEnded(int result) override;

  std::vector<int> fds;
  std::vector<Address> peers;
  std::vector<int> ends;
  std::function<void(int fd)> on_accepted;
  std::function<void(int result)> on_ended;

 private:
  PortDriver& driver_;
};

class TestConnect final : public ConnectOperation {
 public:
  explicit TestConnect(PortDriver& driver) : driver_(driver) {}
  void HandleConnected(int result) override;

  std::vector<int> results;
  std::function<void(int result)> on_connected;

 private:
  PortDriver& driver_;
};

class TestReceive final : public ReceiveOperation {
 public:
  explicit TestReceive(PortDriver& driver) : driver_(driver) {}
  void HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) override;
  void HandleReceiveEnded(int result) override;

  std::string bytes;
  std::vector<int> ends;
  std::function<void(ReceiveBuffer& buffer, uint32_t offset, uint32_t length)> on_received;
  std::function<void(int result)> on_ended;

 private:
  PortDriver& driver_;
};

class TestSend final : public SendOperation {
 public:
  explicit TestSend(PortDriver& driver) : driver_(driver) {}
  void HandleSent(int64_t result) override;

  std::vector<int64_t> results;
  std::function<void(int64_t result)> on_sent;

 private:
  PortDriver& driver_;
};

// A connection's near end, worked by the port.
class NearEnd {
 public:
  NearEnd(PortDriver& driver, int fd);
  NearEnd(const NearEnd&) = delete;
  NearEnd& operator=(const NearEnd&) = delete;
  ~NearEnd();  // cancels, waits for the ends, closes

  void Receive() { driver_.port()->Receive(receive); }
  void CancelReceive() { driver_.port()->Cancel(receive); }
  int64_t Send(const std::string& data);
  // Sends until all is out or an error comes, waiting as long as that takes. Bytes that left; a
  // negative errno where none did.
  int64_t SendAll(const std::string& data);
  void Close() { driver_.port()->Close(socket); }

  PortSocket socket;
  TestReceive receive;
  TestSend send;

 private:
  PortDriver& driver_;
};

// A listening socket that is worked by the port.
class NearListener {
 public:
  explicit NearListener(PortDriver& driver, int backlog = 1024);
  NearListener(const NearListener&) = delete;
  NearListener& operator=(const NearListener&) = delete;
  ~NearListener();  // cancels, waits for the end, closes; closes what was accepted too

  void Accept() { driver_.port()->Accept(accept); }
  const Address& address() const { return address_; }
  // Takes an accepted descriptor over from the listener.
  int Take(size_t index);

  PortSocket socket;
  TestAccept accept;

 private:
  PortDriver& driver_;
  Address address_;
};

class PortContractTest : public ::testing::TestWithParam<ContractSubject> {
 protected:
  void SetUp() override;

  CompletionPort& port() { return *driver().port(); }
  PortDriver& driver() { return *driver_; }
  ContractWorld& world() { return *world_; }
  // Puts another port with other options in place of the one that is open.
  void Reopen(const PortOptions& options);

  // A connection: the near end for the port, the far end in `peer_`.
  std::unique_ptr<NearEnd> NewConnection() { return NewConnection(&peer_); }
  std::unique_ptr<NearEnd> NewConnection(std::unique_ptr<ContractPeer>* peer);

  bool RunUntil(absl::FunctionRef<bool()> done) { return driver().RunUntil(done); }
  // Writes all of it, running the port meanwhile.
  bool PeerWrites(ContractPeer& peer, const std::string& data);
  // Reads `size` bytes, or up to the end of the stream.
  std::string PeerReads(ContractPeer& peer, size_t size);
  // The result of the read that ended the stream: 0 or -errno. What comes before is thrown away.
  int64_t PeerSeesEnd(ContractPeer& peer);

  std::unique_ptr<ContractWorld> world_;
  std::unique_ptr<PortDriver> driver_;
  std::unique_ptr<ContractPeer> peer_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_PORT_CONTRACT_FIXTURE_H_
