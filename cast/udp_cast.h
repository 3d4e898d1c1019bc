// Public.
//
// UDP Cast: a member of a multicast group, or of everybody who hears broadcasts to a port.
//
//   class Member : public hpsocket::CUdpCastListener { ... };
//   Member member;
//   hpsocket::CUdpCastPtr cast(&member);
//   cast->SetReuseAddress(true);  // more than one member on this host
//   if (!cast->Start("233.0.0.1", 5555)) puts(cast->GetLastErrorDesc());
//
// Start is always synchronous: OnPrepareConnect and OnConnect run on its caller.
//
// Threads:  as IClient; events as IClientListener, on the component's own thread.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component.
// Order:    OnPrepareConnect, OnConnect, OnReceive and OnSend in any order, one of OnClose and OnError.
// Errors:   as IClient; a group that is none, or that cannot be joined: SE_CONNECT_SERVER; a bind address
//           that is no literal, not this host's, of another family than the group or in use:
//           SE_SOCKET_BIND. A datagram that the kernel refuses to send is dropped and counted.
// Units:    bytes.
#ifndef HPSOCKET_CAST_UDP_CAST_H_
#define HPSOCKET_CAST_UDP_CAST_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/facade/client_facade.h"

namespace hpsocket {

namespace core {
class DatagramEngine;
}

// Adds nothing. OnReceive comes for empty datagrams, too, with length 0.
// Spec: §1.4, §2.4.1, api §3, api §6.13
class IUdpCastListener : public IClientListener {};

// A listener that ignores what is not overridden. Overriding one OnReceive hides the other from
// calls through the derived class, which does not matter to the component.
// Spec: api §3.1
class CUdpCastListener : public IUdpCastListener {
 public:
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(IClient*, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(IClient*) override { return HR_IGNORE; }
};

class IUdpCast : public IClient {
 public:
  // An IPv4 or IPv6 literal of this host, whose interface is joined on and sent by; "0.0.0.0" and "::"
  // leave that to the system, "::%eth0" names it alone. An address with a scope must be that interface's.
  // Default "0.0.0.0". The getter's text is valid until this thread's next call.
  // Spec: §2.4.1, api §2.10, decisions 1.2, 6.6
  virtual void SetBindAdddress(const char* bind_address) = 0;
  virtual const char* GetBindAdddress() = 0;
  // The document's spelling.
  void SetBindAddress(const char* bind_address) { SetBindAdddress(bind_address); }
  const char* GetBindAddress() { return GetBindAdddress(); }
  // The longest datagram that is received and sent. Default 1472, 1 .. 65535. A longer one that comes is
  // dropped and counted (HP_Stats::oversize_datagrams).
  // Spec: §2.4.1, api §2.10, decisions 6.3
  virtual void SetMaxDatagramSize(uint32_t max_datagram_size) = 0;
  virtual uint32_t GetMaxDatagramSize() = 0;
  // Several members of one host need it, each. Default false.
  // Spec: §2.4.1, §4.2, api §2.10
  virtual void SetReuseAddress(bool reuse_address) = 0;
  virtual bool IsReuseAddress() = 0;
  // Default CM_MULTICAST. In broadcast mode the remote address of Start is ignored, and the sender hears
  // itself; groups that others on this host have joined are not for it.
  // Spec: §2.4.1, api §2.10
  virtual void SetCastMode(EnCastMode cast_mode) = 0;
  virtual EnCastMode GetCastMode() = 0;
  // Routers that a multicast datagram may pass. Default 1: this network; 0 .. 255.
  // Spec: §2.4.1, api §2.10
  virtual void SetMultiCastTtl(int ttl) = 0;
  virtual int GetMultiCastTtl() = 0;
  // Whether what this member sends is heard on its own host, by itself and others. Default false.
  // Spec: §2.4.1, api §2.10, decisions 6.6
  virtual void SetMultiCastLoop(bool loop) = 0;
  virtual bool IsMultiCastLoop() = 0;
  // Hear the group from this source only, or from each of those named; used by the next Start. One that is
  // named already changes nothing. False, EINVAL: no literal. Null or "" forgets them all: any source,
  // which is the default. Of the group only: what anybody sends to this host and the port is heard all the
  // same; GetRemoteAddress tells.
  // Spec: decisions 6.6, decisions §8
  virtual bool JoinSource(const char* source_address) = 0;
  // As IUdpServer's.
  // Spec: decisions 6.3, decisions §8
  virtual void SetCloseOnOversize(bool close_on_oversize = false) = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual void SetSendBufferSize(uint32_t send_buffer_size = 0) = 0;
  virtual void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
  // Inside OnReceive: who sent the datagram; false elsewhere, in the event that ends the cast after it, too.
  // Room as in GetLocalAddress.
  // Spec: §2.4.1, api §2.10, api §6.13
  virtual bool GetRemoteAddress(char address[], int& address_length, uint16_t& port) = 0;
};

extern template class core::ClientFacade<IUdpCast, core::DatagramEngine>;

// Spec: §1.2, §2.4
class CUdpCast : public core::ClientFacade<IUdpCast, core::DatagramEngine> {
 public:
  // With a null listener every Start fails, SE_INVALID_PARAM. Throws std::bad_alloc, nothing else.
  explicit CUdpCast(IUdpCastListener* listener);
  // Stops first: OnClose may come from here. A class derived from this one must stop in its own
  // destructor if its listener needs the derived part.
  ~CUdpCast() override;

  void SetBindAdddress(const char* bind_address) final;
  const char* GetBindAdddress() final;
  void SetMaxDatagramSize(uint32_t max_datagram_size) final;
  uint32_t GetMaxDatagramSize() final;
  void SetReuseAddress(bool reuse_address) final;
  bool IsReuseAddress() final;
  void SetCastMode(EnCastMode cast_mode) final;
  EnCastMode GetCastMode() final;
  void SetMultiCastTtl(int ttl) final;
  int GetMultiCastTtl() final;
  void SetMultiCastLoop(bool loop) final;
  bool IsMultiCastLoop() final;
  bool JoinSource(const char* source_address) final;
  void SetCloseOnOversize(bool close_on_oversize = false) final;
  bool IsCloseOnOversize() final;
  void SetSendBufferSize(uint32_t send_buffer_size = 0) final;
  void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) final;
  uint32_t GetSendBufferSize() final;
  uint32_t GetReceiveBufferSize() final;
  bool GetRemoteAddress(char address[], int& address_length, uint16_t& port) final;
};

// Spec: §3.2, api §4
struct UdpCast_Creator {
  // Null when memory is short.
  static IUdpCast* Create(IUdpCastListener* listener) noexcept;
  static void Destroy(IUdpCast* cast) noexcept;
};
typedef CHPSocketPtr<IUdpCast, IUdpCastListener, UdpCast_Creator> CUdpCastPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_CAST_UDP_CAST_H_
