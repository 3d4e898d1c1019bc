// Internal to core. Tests only.
//
// Operations that write down what they are told, for the tests of the simulated world's parts.
//
// Threads:  the test's.
#ifndef HPSOCKET_CORE_IO_RECORDING_OPERATIONS_H_
#define HPSOCKET_CORE_IO_RECORDING_OPERATIONS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hpsocket/core/io/operation.h"

namespace hpsocket::core {

struct RecordingAccept final : AcceptOperation {
  void HandleAccepted(int fd, const Address& peer) override {
    fds.push_back(fd);
    if (accepted) accepted(fd, peer);
  }
  void HandleAcceptEnded(int result) override {
    ends.push_back(result);
    if (ended) ended(result);
  }

  std::vector<int> fds;
  std::vector<int> ends;
  std::function<void(int fd, const Address& peer)> accepted;
  std::function<void(int result)> ended;
};

struct RecordingConnect final : ConnectOperation {
  void HandleConnected(int result) override { results.push_back(result); }

  std::vector<int> results;
};

struct RecordingReceive final : ReceiveOperation {
  void HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) override {
    bytes.append(reinterpret_cast<const char*>(buffer.data()) + offset, length);
    if (received) received(buffer, offset, length);
  }
  void HandleReceiveEnded(int result) override {
    ends.push_back(result);
    if (ended) ended(result);
  }

  std::string bytes;
  std::vector<int> ends;
  std::function<void(ReceiveBuffer& buffer, uint32_t offset, uint32_t length)> received;
  std::function<void(int result)> ended;
};

struct RecordingSend final : SendOperation {
  void HandleSent(int64_t result) override {
    results.push_back(result);
    if (sent) sent(result);
  }

  std::vector<int64_t> results;
  std::function<void(int64_t result)> sent;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_RECORDING_OPERATIONS_H_
