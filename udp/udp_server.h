// Public.
//
// UDP Server: one socket, and a session for every peer that is heard.
//
//   class Echo : public hpsocket::CUdpServerListener { ... };
//   Echo echo;
//   hpsocket::CUdpServerPtr server(&echo);
//   if (!server->Start("0.0.0.0", 5555)) puts(server->GetLastErrorDesc());
//
// A session begins with the first datagram of an address and port, and ends when our side ends it: by
// Disconnect, by detection, or to make room for another. The peer is not told.
//
// Sender addresses can be invented. Past MaxConnectionCount the session that was silent longest makes room,
// so a flood of more than MaxConnectionCount / T new senders a second ends sessions of honest peers that are
// silent for T seconds; of idle clients of this library T is their DetectInterval. What such a peer sends
// next begins a new session.
//
// On a wildcard of a host with several addresses, what is sent to a peer leaves with the address that the
// peer has sent to last: it may hear that one only, as a connected socket does and CUdpClient. Where this
// host has that address no more, or it was a group's, the system chooses one.
//
// Threads:  as IComplexSocket; events as IComplexSocketListener. A peer always meets the same worker.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component.
// Order:    OnPrepareListen, then per session OnAccept, OnReceive and OnSend in any order, one of OnClose
//           and OnError, and OnShutdown at the end. Datagrams of a session come in the order in which the
//           kernel gave them, one at a time.
// Errors:   as IComplexSocket. A datagram that the kernel refuses to send is dropped and counted.
// Units:    bytes; seconds where it says so.
#ifndef HPSOCKET_UDP_UDP_SERVER_H_
#define HPSOCKET_UDP_UDP_SERVER_H_

#include <netinet/in.h>

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/facade/complex_facade.h"

namespace hpsocket {

namespace core {
class DatagramEngine;
}

class IUdpServerListener : public IServerListener {
 public:
  // A peer that has no session was heard; the ID works in every call, Send included. What it sent follows
  // as OnReceive. `peer_address` is valid during the call and points into a sockaddr_storage: look at
  // `sin_family`, an IPv6 peer is a sockaddr_in6. On the session's worker. HR_ERROR: the datagram is
  // dropped and no further event comes for this ID; the peer's next datagram asks again.
  // Spec: §1.4, §2.2.1, api §3.2, decisions §5
  virtual EnHandleResult OnAccept(CONNID conn_id, const sockaddr_in* peer_address) = 0;
};

// A listener that ignores what is not overridden. Overriding one OnReceive hides the other from
// calls through the derived class, which does not matter to the component.
// Spec: api §3.1
class CUdpServerListener : public IUdpServerListener {
 public:
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(CONNID, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareListen(SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnAccept(CONNID, const sockaddr_in*) override { return HR_IGNORE; }
  EnHandleResult OnShutdown() override { return HR_IGNORE; }
};

class IUdpServer : public IServer {
 public:
  // The longest datagram that is received and sent. Default 1472, 1 .. 65535; none is longer than 65507.
  // A longer one that comes is dropped and counted (HP_Stats::oversize_datagrams).
  // Spec: §2.2.1, api §2.4, decisions 6.3
  virtual void SetMaxDatagramSize(uint32_t max_datagram_size) = 0;
  // Datagrams taken from the kernel in one go. Default 300, 1 .. 0x7FFFFFFF; more than 1024 are 1024. Once a
  // peer sends in runs, what the kernel has merged (UDP_GRO: up to 64 KiB of one peer's) counts as one.
  // Spec: §2.2.1, api §2.4, decisions 2.9
  virtual void SetPostReceiveCount(uint32_t post_receive_count) = 0;
  // Detection: every DetectInterval seconds a session that was not heard since fails once more; one that has
  // failed DetectAttempts times already is closed, OnClose: after 60 to 80 s of silence by default. Any
  // datagram counts; an empty one is no event, and is answered by an empty one, unless its peer asks more
  // often than twice a second or the socket takes nothing at the moment. Under RP_PARALLEL an OnReceive that
  // runs keeps neither the detection of its session nor its OnClose. Defaults 3 and 20 seconds,
  // 0 .. 0x7FFFFFFF; 0 in either = off.
  // Spec: §2.2.1, §4.2, api §2.4, api §6.12, decisions 3.2, decisions 6.1
  virtual void SetDetectAttempts(uint32_t detect_attempts) = 0;
  virtual void SetDetectInterval(uint32_t detect_interval_s) = 0;
  // An oversize datagram ends its session, OnError(SO_RECEIVE, EMSGSIZE), as in HP-Socket 3.3.
  // Spec: decisions 6.3, decisions §8
  virtual void SetCloseOnOversize(bool close_on_oversize = false) = 0;
  // The kernel's buffers of the socket, SO_SNDBUF and SO_RCVBUF; the system bounds them. 0: the
  // system's own, 0 .. 0x7FFFFFFF.
  // Spec: decisions §8
  virtual void SetSendBufferSize(uint32_t send_buffer_size = 0) = 0;
  virtual void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) = 0;

  virtual uint32_t GetMaxDatagramSize() = 0;
  virtual uint32_t GetPostReceiveCount() = 0;
  virtual uint32_t GetDetectAttempts() = 0;
  virtual uint32_t GetDetectInterval() = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
};

extern template class core::ComplexFacade<IUdpServer, core::DatagramEngine>;

// Spec: §1.2, §2.2
class CUdpServer : public core::ComplexFacade<IUdpServer, core::DatagramEngine> {
 public:
  // With a null listener every Start fails, SE_INVALID_PARAM. Throws std::bad_alloc, nothing else.
  explicit CUdpServer(IUdpServerListener* listener);
  // Stops first: OnClose and OnShutdown may come from here. A class derived from this one must stop
  // in its own destructor if its listener needs the derived part.
  ~CUdpServer() override;

  bool Start(const char* bind_address, uint16_t port) final;
  bool GetListenAddress(char address[], int& address_length, uint16_t& port) final;
  void SetMaxDatagramSize(uint32_t max_datagram_size) final;
  void SetPostReceiveCount(uint32_t post_receive_count) final;
  void SetDetectAttempts(uint32_t detect_attempts) final;
  void SetDetectInterval(uint32_t detect_interval_s) final;
  void SetCloseOnOversize(bool close_on_oversize = false) final;
  void SetSendBufferSize(uint32_t send_buffer_size = 0) final;
  void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) final;
  uint32_t GetMaxDatagramSize() final;
  uint32_t GetPostReceiveCount() final;
  uint32_t GetDetectAttempts() final;
  uint32_t GetDetectInterval() final;
  bool IsCloseOnOversize() final;
  uint32_t GetSendBufferSize() final;
  uint32_t GetReceiveBufferSize() final;
};

// Spec: §3.2, api §4
struct UdpServer_Creator {
  // Null when memory is short.
  static IUdpServer* Create(IUdpServerListener* listener) noexcept;
  static void Destroy(IUdpServer* server) noexcept;
};
typedef CHPSocketPtr<IUdpServer, IUdpServerListener, UdpServer_Creator> CUdpServerPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_UDP_UDP_SERVER_H_
