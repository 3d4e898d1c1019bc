// Internal to core. Tests only.
//
// The tests that every CompletionPort has to pass: each sentence of completion_port.h and
// operation.h. A port's test registers a subject and links this suite; the suite reaches everything
// but the port itself (the far ends of connections, addresses, the clock) through a ContractWorld,
// so that it runs in the kernel's world and in the simulated one.
//
// Threads:  the test's thread; where the world is not simulated, some tests start others.
// Errors:   methods that return a count give a negative errno on failure.
#ifndef HPSOCKET_CORE_IO_PORT_CONTRACT_SUITE_H_
#define HPSOCKET_CORE_IO_PORT_CONTRACT_SUITE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

// The far end of a connection, worked by the test. Nothing here blocks; the suite waits by running
// the port between two attempts.
class ContractPeer {
 public:
  virtual ~ContractPeer() = default;  // as Close()

  // Bytes taken, or -errno (-EAGAIN: not now, or not connected yet).
  virtual int64_t TryWrite(const char* data, size_t length) = 0;
  // Bytes, 0 at the end of the stream, or -errno (-EAGAIN: nothing there).
  virtual int64_t TryRead(char* data, size_t length) = 0;
  virtual void ShutdownWrite() = 0;
  virtual void Close() = 0;
  // Ends the connection by a reset.
  virtual void Reset() = 0;
};

// A listening socket that is worked by the test, not by a port.
class ContractListener {
 public:
  virtual ~ContractListener() = default;

  virtual Address address() const = 0;
  // Null: nobody is waiting.
  virtual std::unique_ptr<ContractPeer> TryAccept() = 0;
};

class ContractWorld {
 public:
  virtual ~ContractWorld() = default;

  // A port that is not open yet; null with the cause in `*why` where the machine cannot have it:
  // the test is then skipped.
  virtual std::unique_ptr<CompletionPort> NewPort(std::string* why) = 0;
  virtual Network& network() = 0;
  virtual const Clock& clock() = 0;

  // An address that a listener can be bound to, with port 0.
  virtual Address LocalAddress() = 0;
  virtual std::unique_ptr<ContractListener> NewListener() = 0;
  // Begins to connect.
  virtual std::unique_ptr<ContractPeer> ConnectPeer(const Address& address) = 0;
  // A connection whose near end is `*fd`, for a port to work, and whose far end is the result.
  virtual std::unique_ptr<ContractPeer> NewPair(int* fd) = 0;
  // Where connecting is refused, and where it is never answered.
  virtual Address RefusingAddress() = 0;
  virtual Address SilentAddress() = 0;

  // Makes every new descriptor fail with EMFILE until Restore. False where that cannot be done.
  virtual bool ExhaustDescriptors() = 0;
  virtual void RestoreDescriptors() = 0;

  // One thread runs everything, and time moves only while the port runs.
  virtual bool simulated() const = 0;
};

struct ContractSubject {
  std::string name;  // letters and digits
  std::function<std::unique_ptr<ContractWorld>()> new_world;
};

// To be called before main(): static const bool registered = RegisterContractSubject({...});
bool RegisterContractSubject(ContractSubject subject);

const std::vector<ContractSubject>& ContractSubjects();

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_PORT_CONTRACT_SUITE_H_
