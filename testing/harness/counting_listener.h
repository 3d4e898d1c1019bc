// Internal to testing.
//
// A listener that counts, for tests of one component without a fixture.
//
// Threads:  any may wait.
#ifndef HPSOCKET_TESTING_HARNESS_COUNTING_LISTENER_H_
#define HPSOCKET_TESTING_HARNESS_COUNTING_LISTENER_H_

#include <atomic>
#include <cstdint>

#include "hpsocket/core/api/listener_interfaces.h"

namespace hpsocket::harness {

// `Listener`: CTcpClientListener, CUdpClientListener and the like.
template <class Listener>
class CountingClientListener final : public Listener {
 public:
  using Listener::OnReceive;

  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return Count(prepared); }
  EnHandleResult OnConnect(IClient*) override { return Count(connected); }
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return Count(closed); }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return Count(failed); }

  static void Await(const std::atomic<int>& counter, int value) {
    for (int now = counter.load(); now < value; now = counter.load()) counter.wait(now);
  }

  std::atomic<int> prepared{0};
  std::atomic<int> connected{0};
  std::atomic<int> closed{0};
  std::atomic<int> failed{0};

 private:
  static EnHandleResult Count(std::atomic<int>& counter) {
    counter.fetch_add(1);
    counter.notify_all();
    return HR_OK;
  }
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_COUNTING_LISTENER_H_
