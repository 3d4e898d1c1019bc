// Public.
//
// TCP Pull Client: one outgoing connection; its data is kept until the application fetches it (PULL).
// For protocols with lengths: wait until OnReceive says that enough is there, then Fetch exactly that.
//
//   class Reader : public hpsocket::CTcpPullClientListener { ... };
//   Reader reader;
//   hpsocket::CTcpPullClientPtr client(&reader);
//   if (!client->Start("127.0.0.1", 5555)) puts(client->GetLastErrorDesc());
//
// Threads:  as IClient and IPullClient; events as IClientListener, on the client's own thread.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component. Data can be fetched from when OnConnect has returned
//           until OnClose or OnError has.
// Order:    as ITcpClient; one OnReceive, with the unfetched total, for each completed read.
// Errors:   as IClient and IPullClient.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_CLIENT_TCP_PULL_CLIENT_H_
#define HPSOCKET_TCP_CLIENT_TCP_PULL_CLIENT_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/tcp_client/tcp_client.h"

namespace hpsocket {

// A listener that ignores what is not overridden; the OnReceive without data is the one that comes.
// Spec: api §3.1
class CTcpPullClientListener : public CTcpClientListener {
 public:
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  // `length`: everything that can be fetched now.
  EnHandleResult OnReceive(IClient* client, int length) override = 0;
};

// Spec: §2.1.1, §2.4, api §2.12
class ITcpPullClient : public IPullClient, public ITcpClient {
 public:
  // Between the two bases of one object; `client` and `pull` belong to an ITcpPullClient.
  static IPullClient* ToPull(IClient* client) { return static_cast<ITcpPullClient*>(client); }
  static ITcpClient* ToClient(IPullClient* pull) { return static_cast<ITcpPullClient*>(pull); }
};

extern template class core::ClientFacade<ITcpPullClient>;
extern template class TcpClientFacade<ITcpPullClient>;

// Spec: §1.2, §2.4
class CTcpPullClient : public TcpClientFacade<ITcpPullClient> {
 public:
  // As CTcpClient.
  explicit CTcpPullClient(ITcpClientListener* listener);
  ~CTcpPullClient() override;

  EnFetchResult Fetch(uint8_t* data, int length) final;
  EnFetchResult Peek(uint8_t* data, int length) final;
  EnFetchResult PeekSpan(const uint8_t** data, int* length) final;
  EnFetchResult Find(const uint8_t* pattern, int length, int from, int* position) final;
  void SetMaxPullLength(uint64_t length = 0) final;
  uint64_t GetMaxPullLength() final;
};

// Spec: §3.2, api §4
struct TcpPullClient_Creator {
  // Null when memory is short.
  static ITcpPullClient* Create(ITcpClientListener* listener) noexcept;
  static void Destroy(ITcpPullClient* client) noexcept;
};
typedef CHPSocketPtr<ITcpPullClient, ITcpClientListener, TcpPullClient_Creator> CTcpPullClientPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_TCP_CLIENT_TCP_PULL_CLIENT_H_
