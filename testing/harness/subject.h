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

#include <netinet/in.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::harness {

enum class Delivery { kPush, kPull };

// ITcpServerListener, without the component that declares it.
class TcpServerEvents : public IServerListener {
 public:
  virtual EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) = 0;
};

// A TCP server or agent: IComplexSocket and what ITcpServer and ITcpAgent both add.
class TcpComplexSubject {
 public:
  virtual ~TcpComplexSubject() = default;

  virtual IComplexSocket& socket() = 0;
  // Of a PULL component; else null.
  virtual IPullSocket* pull() { return nullptr; }

  virtual bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head,
                             const WSABUF* tail) = 0;
  virtual void SetSocketBufferSize(uint32_t size) = 0;
  virtual void SetKeepAliveTime(uint32_t time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t interval_ms) = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// A TCP server: IServer and what ITcpServer adds.
class TcpServerSubject : public TcpComplexSubject {
 public:
  virtual IServer& server() = 0;
  IComplexSocket& socket() final { return server(); }

  virtual void SetAcceptSocketCount(uint32_t count) = 0;
  virtual void SetSocketListenQueue(uint32_t length) = 0;
  virtual uint32_t GetAcceptSocketCount() = 0;
  virtual uint32_t GetSocketListenQueue() = 0;
};

// A TCP agent: IAgent and what ITcpAgent adds.
class TcpAgentSubject : public TcpComplexSubject {
 public:
  virtual IAgent& agent() = 0;
  IComplexSocket& socket() final { return agent(); }

  virtual void SetReuseAddress(bool reuse_address) = 0;
  virtual bool IsReuseAddress() = 0;
};

// A TCP client: IClient and what ITcpClient adds.
class TcpClientSubject {
 public:
  virtual ~TcpClientSubject() = default;

  virtual IClient& client() = 0;
  // Of a PULL client; else null.
  virtual IPullClient* pull() { return nullptr; }

  virtual bool SendSmallFile(const char* file_name, const WSABUF* head, const WSABUF* tail) = 0;
  virtual void SetSocketBufferSize(uint32_t size) = 0;
  virtual void SetKeepAliveTime(uint32_t time_ms) = 0;
  virtual void SetKeepAliveInterval(uint32_t interval_ms) = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// IUdpServerListener, without the component that declares it.
class UdpServerEvents : public IServerListener {
 public:
  virtual EnHandleResult OnAccept(CONNID conn_id, const sockaddr_in* peer_address) = 0;
};

// What UDP components share besides HP-Socket's interfaces.
class DatagramSubject {
 public:
  virtual ~DatagramSubject() = default;

  virtual void SetMaxDatagramSize(uint32_t size) = 0;
  virtual uint32_t GetMaxDatagramSize() = 0;
  virtual void SetCloseOnOversize(bool close) = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual void SetSendBufferSize(uint32_t size) = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual void SetReceiveBufferSize(uint32_t size) = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
};

// A UDP server: IServer and what IUdpServer adds.
class UdpServerSubject : public DatagramSubject {
 public:
  virtual IServer& server() = 0;

  virtual void SetPostReceiveCount(uint32_t count) = 0;
  virtual uint32_t GetPostReceiveCount() = 0;
  virtual void SetDetectAttempts(uint32_t attempts) = 0;
  virtual uint32_t GetDetectAttempts() = 0;
  virtual void SetDetectInterval(uint32_t interval_s) = 0;
  virtual uint32_t GetDetectInterval() = 0;
};

// A UDP client: IClient and what IUdpClient adds.
class UdpClientSubject : public DatagramSubject {
 public:
  virtual IClient& client() = 0;

  virtual void SetDetectAttempts(uint32_t attempts) = 0;
  virtual uint32_t GetDetectAttempts() = 0;
  virtual void SetDetectInterval(uint32_t interval_s) = 0;
  virtual uint32_t GetDetectInterval() = 0;
};

// A UDP cast: IClient and what IUdpCast adds.
class UdpCastSubject : public DatagramSubject {
 public:
  virtual IClient& client() = 0;

  virtual void SetBindAdddress(const char* address) = 0;
  virtual const char* GetBindAdddress() = 0;
  virtual void SetReuseAddress(bool reuse_address) = 0;
  virtual bool IsReuseAddress() = 0;
  virtual void SetCastMode(EnCastMode mode) = 0;
  virtual EnCastMode GetCastMode() = 0;
  virtual void SetMultiCastTtl(int ttl) = 0;
  virtual int GetMultiCastTtl() = 0;
  virtual void SetMultiCastLoop(bool loop) = 0;
  virtual bool IsMultiCastLoop() = 0;
  virtual bool JoinSource(const char* source) = 0;
  virtual bool GetRemoteAddress(char address[], int& length, uint16_t& port) = 0;
};

// How to make one. `name` is letters and digits; it becomes part of the tests' names.
struct TcpServerFactory {
  std::string name;
  Delivery delivery = Delivery::kPush;
  std::function<std::unique_ptr<TcpServerSubject>(TcpServerEvents&)> make;
};

struct TcpAgentFactory {
  std::string name;
  Delivery delivery = Delivery::kPush;
  std::function<std::unique_ptr<TcpAgentSubject>(IAgentListener&)> make;
};

struct TcpClientFactory {
  std::string name;
  Delivery delivery = Delivery::kPush;
  std::function<std::unique_ptr<TcpClientSubject>(IClientListener&)> make;
};

struct UdpServerFactory {
  std::string name;
  std::function<std::unique_ptr<UdpServerSubject>(UdpServerEvents&)> make;
};

struct UdpClientFactory {
  std::string name;
  std::function<std::unique_ptr<UdpClientSubject>(IClientListener&)> make;
};

struct UdpCastFactory {
  std::string name;
  std::function<std::unique_ptr<UdpCastSubject>(IClientListener&)> make;
};

void RegisterTcpServer(TcpServerFactory factory);
void RegisterTcpAgent(TcpAgentFactory factory);
void RegisterTcpClient(TcpClientFactory factory);
void RegisterUdpServer(UdpServerFactory factory);
void RegisterUdpClient(UdpClientFactory factory);
void RegisterUdpCast(UdpCastFactory factory);

// What has been registered and is of the variant's delivery, for INSTANTIATE_TEST_SUITE_P.
std::vector<TcpServerFactory> TcpServers();
std::vector<TcpServerFactory> PushTcpServers();
std::vector<TcpServerFactory> PullTcpServers();
std::vector<TcpAgentFactory> TcpAgents();
std::vector<TcpAgentFactory> PushTcpAgents();
std::vector<TcpAgentFactory> PullTcpAgents();
std::vector<TcpClientFactory> TcpClients();
std::vector<TcpClientFactory> PushTcpClients();
std::vector<TcpClientFactory> PullTcpClients();
std::vector<UdpServerFactory> UdpServers();
std::vector<UdpClientFactory> UdpClients();
std::vector<UdpCastFactory> UdpCasts();

// For gtest's messages.
inline void PrintTo(const TcpServerFactory& factory, std::ostream* out) { *out << factory.name; }
inline void PrintTo(const TcpAgentFactory& factory, std::ostream* out) { *out << factory.name; }
inline void PrintTo(const TcpClientFactory& factory, std::ostream* out) { *out << factory.name; }
inline void PrintTo(const UdpServerFactory& factory, std::ostream* out) { *out << factory.name; }
inline void PrintTo(const UdpClientFactory& factory, std::ostream* out) { *out << factory.name; }
inline void PrintTo(const UdpCastFactory& factory, std::ostream* out) { *out << factory.name; }

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SUBJECT_H_
