// Public.
//
// TCP Pull Server: accepts connections and keeps their data until the application fetches it (PULL).
// For protocols with lengths: wait until OnReceive says that enough is there, then Fetch exactly that.
//
//   class Reader : public hpsocket::CTcpPullServerListener { ... };
//   Reader reader;
//   hpsocket::CTcpPullServerPtr server(&reader);
//   if (!server->Start("0.0.0.0", 5555)) puts(server->GetLastErrorDesc());
//
// Threads:  as IComplexSocket and IPullSocket; events as IComplexSocketListener.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component. A connection's data can be fetched from when OnAccept
//           has returned until its OnClose or OnError has.
// Order:    as ITcpServer; one OnReceive, with the unfetched total, for each completed read.
// Errors:   as IComplexSocket and IPullSocket.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_SERVER_TCP_PULL_SERVER_H_
#define HPSOCKET_TCP_SERVER_TCP_PULL_SERVER_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket {

// A listener that ignores what is not overridden; the OnReceive without data is the one that comes.
// Spec: api §3.1
class CTcpPullServerListener : public CTcpServerListener {
 public:
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  // `length`: everything that can be fetched now.
  EnHandleResult OnReceive(CONNID conn_id, int length) override = 0;
};

// Spec: §2.1.1, §2.2, api §2.12
class ITcpPullServer : public IPullSocket, public ITcpServer {
 public:
  // Between the two bases of one object; `server` and `pull` belong to an ITcpPullServer.
  static IPullSocket* ToPull(IServer* server) { return static_cast<ITcpPullServer*>(server); }
  static ITcpServer* ToServer(IPullSocket* pull) { return static_cast<ITcpPullServer*>(pull); }
};

extern template class core::ComplexFacade<ITcpPullServer>;
extern template class TcpServerFacade<ITcpPullServer>;

// Spec: §1.2, §2.2
class CTcpPullServer : public TcpServerFacade<ITcpPullServer> {
 public:
  // As CTcpServer.
  explicit CTcpPullServer(ITcpServerListener* listener);
  ~CTcpPullServer() override;

  EnFetchResult Fetch(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult Peek(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult PeekSpan(CONNID conn_id, const uint8_t** data, int* length) final;
  EnFetchResult Find(CONNID conn_id, const uint8_t* pattern, int length, int from, int* position) final;
  void SetMaxPullLength(uint64_t length = 0) final;
  uint64_t GetMaxPullLength() final;
};

// Spec: §3.2, api §4
struct TcpPullServer_Creator {
  // Null when memory is short.
  static ITcpPullServer* Create(ITcpServerListener* listener) noexcept;
  static void Destroy(ITcpPullServer* server) noexcept;
};
typedef CHPSocketPtr<ITcpPullServer, ITcpServerListener, TcpPullServer_Creator> CTcpPullServerPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_TCP_SERVER_TCP_PULL_SERVER_H_
