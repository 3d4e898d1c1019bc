// Public.
//
// What a component tells an application. A listener implements the interface of its component
// (ITcpServerListener, ITcpClientListener, ...), usually by deriving from that component's base
// class (CTcpServerListener, ...), which answers HR_IGNORE to what the application does not need.
//
// Threads:  each event says where it runs. Events of different connections run at the same time on
//           different workers; a worker that is kept busy by one connection delays its others.
// Owner:    data belongs to the library, is read-only and valid during the call.
// Lifetime: a listener outlives the components that it serves; it may serve several.
// Order:    OnAccept, or OnPrepareConnect and OnConnect, then OnReceive and OnSend, then exactly one
//           of OnClose and OnError, which is the connection's last event. Events of one connection
//           come one at a time (IComplexSocket::SetRecvPolicy has the exception) and never inside
//           a Send or Disconnect of the application.
// Errors:   an exception that leaves a listener is contained, counted (GetStats) and taken as
//           HR_ERROR. HR_OK and HR_IGNORE mean the same.
// Units:    bytes; error codes are errno values.
#ifndef HPSOCKET_CORE_API_LISTENER_INTERFACES_H_
#define HPSOCKET_CORE_API_LISTENER_INTERFACES_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket {

class IClient;

// Events that servers and agents share.
class IComplexSocketListener {
 public:
  virtual ~IComplexSocketListener() = default;

  // The kernel has taken `length` bytes that Send had accepted: once per contiguous piece, which may
  // join or split calls of Send; the sum is exact and in order. UDP: once per datagram. On the
  // connection's worker. HR_ERROR has no effect.
  // Spec: §1.4, §2.1.4, decisions 4.2
  virtual EnHandleResult OnSend(CONNID conn_id, const uint8_t* data, int length) = 0;

  // PUSH: data has arrived. TCP: 1 .. SocketBufferSize bytes of the stream, with no regard to how the
  // peer sent them; UDP: one datagram. On the connection's worker; may begin before a synchronous
  // Connect has returned, never before OnConnect has. HR_ERROR: OnError(SO_RECEIVE, ECANCELED), and
  // the rest of what was read is dropped.
  // Spec: §1.4, §2.1.1, api §3.2, api §6.8
  virtual EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) = 0;

  // PULL: data has arrived; `total_length` bytes are now there to Fetch. Otherwise as the former, and
  // a component calls only one of the two.
  // Spec: §1.4, §2.1.1, api §6.8
  virtual EnHandleResult OnReceive(CONNID conn_id, int total_length) = 0;

  // The connection has ended in order: the peer closed, or our side did (Disconnect*, Stop, idle or
  // silent for too long). The ID still works for extra, addresses, Fetch and Peek, until this
  // returns; Send fails. On the connection's worker. The result has no effect.
  // Spec: §1.4, §2.1.3, api §6.3, decisions 2.7
  virtual EnHandleResult OnClose(CONNID conn_id) = 0;

  // The connection has ended by an error, `error_code` an errno: reset, timed out, HR_ERROR
  // (ECANCELED), or, with SO_CONNECT, an asynchronous connect that failed. As OnClose otherwise.
  // Spec: §1.4, §2.1.3, api §6.3, decisions 2.7, 4.8
  virtual EnHandleResult OnError(CONNID conn_id, EnSocketOperation operation, int error_code) = 0;

  // The component has ended: after the last connection's last event, in SS_STOPPING, with
  // GetConnectionCount() 0. Once per Stop, and once for a Start that failed on its way. On the caller
  // of Stop or Start; on the last worker if Stop was called inside a callback.
  // Spec: §1.4, §2.2.2, api §6.4, decisions 2.6, 2.7
  virtual EnHandleResult OnShutdown() = 0;
};

// Events of servers. OnAccept is declared with each kind of server.
class IServerListener : public IComplexSocketListener {
 public:
  // The listening socket exists and is not bound yet: options set here win over the library's.
  // GetListenAddress gives the address asked for. Once per Start, on its caller, in SS_STARTING.
  // HR_ERROR: Start fails, SE_SOCKET_PREPARE, then OnShutdown.
  // Spec: §2.2.1, decisions 2.3
  virtual EnHandleResult OnPrepareListen(SOCKET listen_socket) = 0;
};

// Events of agents.
class IAgentListener : public IComplexSocketListener {
 public:
  // A socket exists and is neither bound nor connecting yet: options set here win. The ID takes no Send
  // yet, and has no extra unless it is an asynchronous Connect's to a name. Once more, with another
  // socket, for each further address of a name. On the caller of Connect; on the connection's worker if a
  // name was resolved asynchronously.
  // HR_ERROR: no further address; Connect fails with ECANCELED and there is no event, or
  // OnError(SO_CONNECT, ECANCELED) if it had returned true.
  // Spec: §2.1.4, §2.3.1, decisions 2.3, decisions §5
  virtual EnHandleResult OnPrepareConnect(CONNID conn_id, SOCKET socket) = 0;

  // Connected; Send works. On the caller of a synchronous Connect, else on the connection's worker.
  // HR_ERROR: the connection is closed without a further event; a synchronous Connect fails with
  // ECANCELED.
  // Spec: §2.1.4, §2.3.1, api §3.2
  virtual EnHandleResult OnConnect(CONNID conn_id) = 0;
};

// Events of clients; `client` is the object itself. They run on the client's own thread, except as
// said. There is no OnShutdown.
class IClientListener {
 public:
  virtual ~IClientListener() = default;

  // A socket exists and is neither bound nor connecting yet: options set here win. GetConnectionID is
  // set. Once more, with another socket, for each further address of a name. On the caller of Start;
  // on the client's thread if a name was resolved asynchronously. HR_ERROR: no further address; Start
  // fails, SE_SOCKET_PREPARE and ECANCELED, without an event, or OnError(SO_CONNECT, ECANCELED) if it
  // had returned true.
  // Spec: §2.1.4, §2.4.1, decisions 2.3, decisions §5
  virtual EnHandleResult OnPrepareConnect(IClient* client, SOCKET socket) = 0;

  // Connected; Send works; the state is still SS_STARTING. On the caller of a synchronous Start.
  // HR_ERROR: a synchronous Start fails, SE_CONNECT_SERVER and ECANCELED, without an event; an
  // asynchronous one ends with OnError(SO_CONNECT, ECANCELED).
  // Spec: §2.1.4, §2.4.1, api §3.2, api §6.11
  virtual EnHandleResult OnConnect(IClient* client) = 0;

  // As IComplexSocketListener::OnSend.
  // Spec: §1.4, decisions 4.2
  virtual EnHandleResult OnSend(IClient* client, const uint8_t* data, int length) = 0;

  // PUSH: as IComplexSocketListener::OnReceive. HR_ERROR: SE_DATA_PROC,
  // OnError(SO_RECEIVE, ECANCELED), and the client stops. UDP Cast also reports empty datagrams.
  // Spec: §1.4, §2.1.1, api §3.2, api §6.13
  virtual EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) = 0;
  // PULL: `total_length` bytes are now there to Fetch.
  // Spec: §1.4, §2.1.1, api §6.8
  virtual EnHandleResult OnReceive(IClient* client, int total_length) = 0;

  // As IComplexSocketListener::OnClose; the client then stops by itself and is SS_STOPPED a little
  // later. On the caller of Stop if that ended it from another thread.
  // Spec: §1.4, §2.4.2, api §6.11, decisions 3.5
  virtual EnHandleResult OnClose(IClient* client) = 0;

  // As IComplexSocketListener::OnError, with SE_NETWORK; the client then stops by itself.
  // Spec: §1.4, §2.4.2, api §6.11
  virtual EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) = 0;
};

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_LISTENER_INTERFACES_H_
