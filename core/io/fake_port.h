// Internal to core. Tests only.
//
// The simulated world's completion port. It keeps every sentence of completion_port.h in the least
// comfortable way that the seed allows, and stops the program where its user breaks one: an
// operation submitted twice, two sends on one socket, a call by another runnable than the owner,
// bytes changed under a send, a buffer used after it was given back, a descriptor closed under an
// operation.
//
// Inside RunRound() of its owner RunOnce() never blocks: it notes the deadline and returns; the step
// driver calls the runnable again when there is something to do. Called by the test itself it steps
// the world.
//
// Threads:  the world's one thread; the owner is the runnable (or the test) that called Open().
// Lifetime: destroyed with no operation in flight and no lease out.
#ifndef HPSOCKET_CORE_IO_FAKE_PORT_H_
#define HPSOCKET_CORE_IO_FAKE_PORT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/fake_buffers.h"
#include "hpsocket/core/io/fake_faults.h"
#include "hpsocket/core/io/fake_kernel.h"
#include "hpsocket/core/io/fake_trace.h"
#include "hpsocket/core/io/step_driver.h"

namespace hpsocket::core {

class FakePort final : public CompletionPort, private SteppedPort, private FakeSocketWatcher {
 public:
  FakePort(FakeClock& clock, FakeKernel& kernel, FakeFaults& faults, StepDriver& driver, FakeTrace& trace,
           bool sends_at_once);
  FakePort(const FakePort&) = delete;
  FakePort& operator=(const FakePort&) = delete;
  ~FakePort() override;

  int Open(const PortOptions& options, std::string* why) override;
  void Accept(AcceptOperation& operation) override;
  void Connect(ConnectOperation& operation) override;
  void Receive(ReceiveOperation& operation) override;
  int64_t Send(SendOperation& operation, const iovec* pieces, int count) override;
  bool SendsAtOnce() const override { return sends_at_once_; }
  void Cancel(AcceptOperation& operation) override;
  void Cancel(ConnectOperation& operation) override;
  void Cancel(ReceiveOperation& operation) override;
  void Cancel(SendOperation& operation) override;
  void AwaitReady(ReadinessOperation& operation) override;
  void Cancel(ReadinessOperation& operation) override;
  void Forget(PolledSocket& socket) override;
  void Close(PortSocket& socket) override;
  void RunOnce(TimePoint deadline) override;
  bool Wake() override;
  const char* name() const override { return "simulated"; }
  PortStats stats() const override;

 private:
  enum class Kind { kAccept, kConnect, kReceive, kSend, kReadable, kWritable };
  enum class State {
    kNew,      // submitted; the next RunOnce() hands it to the kernel
    kWaiting,  // for the socket
    kDelayed,  // could go on, but its completion comes late
    kReady,    // the next RunOnce() goes on with it
    kParked,   // a receive without a buffer
  };

  struct Flight {
    uint64_t id = 0;
    Kind kind = Kind::kAccept;
    State state = State::kNew;
    int fd = -1;
    PortSocket* socket = nullptr;
    Operation* operation = nullptr;
    bool cancelled = false;
    int error = 0;  // of a wait for readiness, found at its beginning
    // Of a send.
    std::vector<iovec> pieces;
    uint64_t checksum = 0;
  };

  // SteppedPort, FakeSocketWatcher.
  bool HasWork() const override;
  std::string Describe() const override;
  void HandleSocketChange(int fd) override;
  bool SendInFlight(int fd) const override;

  void CheckOwner() const;
  Flight& Submit(Kind kind, Operation& operation, PortSocket* socket);
  void CancelFlight(Kind kind, Operation& operation, const PortSocket* socket);
  Flight* FindFlight(uint64_t id);
  void SetState(Flight& flight, State state);

  void BeginSubmitted();
  int ErrorOfWaiting();
  bool CanGoOn(const Flight& flight) const;
  // Makes it ready, at once or late, if the socket lets it go on.
  void Consider(Flight& flight);
  void MakeReadyLater(Flight& flight, Duration delay);
  std::vector<uint64_t> TakeReady();
  void GoOn(Flight& flight);
  void GoOnAccepting(Flight& flight);
  void GoOnConnecting(Flight& flight);
  void GoOnReceiving(Flight& flight);
  void GoOnSending(Flight& flight);
  void GoOnWaiting(Flight& flight);
  // False: it has ended or waits for a buffer.
  bool ReceiveSome(Flight& flight);
  static uint64_t ChecksumOf(const std::vector<iovec>& pieces);
  int64_t WriteNow(int fd, const iovec* pieces, int count);
  ReceiveBuffer* TakeBuffer(Flight& flight, size_t available);

  void Forget(const Flight& flight);
  // Forgets the flight and calls the ending handler, which may do anything.
  void End(Flight& flight, int64_t result);
  void CloseDeferred();
  void Unpark();

  FakeClock& clock_;
  FakeKernel& kernel_;
  FakeFaults& faults_;
  StepDriver& driver_;
  FakeTrace& trace_;
  const bool sends_at_once_;

  bool open_ = false;
  int owner_ = StepDriver::kOutside;
  bool in_run_once_ = false;
  bool woken_ = false;
  uint64_t last_flight_ = 0;
  std::map<uint64_t, Flight> flights_;
  std::set<uint64_t> new_;                   // those in state kNew
  std::set<uint64_t> ready_;                 // those in state kReady
  std::map<int, std::set<uint64_t>> by_fd_;  // of every descriptor that it knows
  std::vector<int> deferred_closes_;
  std::unique_ptr<FakeBuffers> small_;
  std::unique_ptr<FakeBuffers> large_;  // null for a port with one socket
  PortStats stats_;
  // Events of the kernel that come after the port is gone find it expired.
  std::shared_ptr<FakePort*> self_ = std::make_shared<FakePort*>(this);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_PORT_H_
