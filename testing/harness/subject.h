// Public.
//
// What the conformance suite tests: components, seen through core/api's interfaces and the few methods
// that a component adds to them. The suite knows no component; a component's main registers a factory
// (see tcp_server_adapter.h) and runs the suite (see conformance_main.h).
//
// Threads:  registration before the tests run; a subject as the component that it wraps.
// Owner:    whoever called the factory owns the subject; the subject owns its component.
// Lifetime: the events object outlives the subject. Destroying a subject destroys its component.
#ifndef HPSOCKET_TESTING_HARNESS_SUBJECT_H_
#define HPSOCKET_TESTING_HARNESS_SUBJECT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::harness {

enum class Delivery { kPush, kPull };

// ITcpServerListener, without the component that declares it.
class TcpServerEvents : public IServerListener {
 public:
  virtual EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) = 0;
};

// A TCP server: IServer and what ITcpServer adds.
class TcpServerSubject {
 public:
  virtual ~TcpServerSubject() = default;

  virtual IServer& server() = 0;

  virtual bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head,
                             const WSABUF* tail) = 0;
  virtual void SetAcceptSocketCount(uint32_t count) = 0;
  virtual void SetSocketBufferSize(uint32_t size) = 0;
  virtual void SetSocketListenQueue(uint32_t length) = 0;
  virtual void SetKeepAliveTime(uint32_t time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t interval_ms) = 0;
  virtual uint32_t GetAcceptSocketCount() = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetSocketListenQueue() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// A TCP client: IClient and what ITcpClient adds.
class TcpClientSubject {
 public:
  virtual ~TcpClientSubject() = default;

  virtual IClient& client() = 0;

  virtual bool SendSmallFile(const char* file_name, const WSABUF* head, const WSABUF* tail) = 0;
  virtual void SetSocketBufferSize(uint32_t size) = 0;
  virtual void SetKeepAliveTime(uint32_t time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t interval_ms) = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// How to make one. `name` is letters and digits; it becomes part of the tests' names.
struct TcpServerFactory {
  std::string name;
  Delivery delivery = Delivery::kPush;
  std::function<std::unique_ptr<TcpServerSubject>(TcpServerEvents&)> make;
};

struct TcpClientFactory {
  std::string name;
  Delivery delivery = Delivery::kPush;
  std::function<std::unique_ptr<TcpClientSubject>(IClientListener&)> make;
};

void RegisterTcpServer(TcpServerFactory factory);
void RegisterTcpClient(TcpClientFactory factory);

// What has been registered, for INSTANTIATE_TEST_SUITE_P.
std::vector<TcpServerFactory> TcpServers();
std::vector<TcpServerFactory> PushTcpServers();
std::vector<TcpClientFactory> TcpClients();
std::vector<TcpClientFactory> PushTcpClients();

// For gtest's messages.
inline void PrintTo(const TcpServerFactory& factory, std::ostream* out) { *out << factory.name; }
inline void PrintTo(const TcpClientFactory& factory, std::ostream* out) { *out << factory.name; }

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SUBJECT_H_
