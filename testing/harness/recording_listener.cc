#include "hpsocket/testing/harness/recording_listener.h"

#include <netdb.h>
#include <netinet/in.h>

#include <functional>
#include <string>
#include <utility>

#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {
namespace {

Event Of(EventKind kind, CONNID id) {
  Event event;
  event.kind = kind;
  event.id = id;
  return event;
}

Event WithSocket(EventKind kind, CONNID id, SOCKET socket) {
  Event event = Of(kind, id);
  event.socket = socket;
  return event;
}

Event WithData(EventKind kind, CONNID id, const uint8_t* data, int length) {
  Event event = Of(kind, id);
  if (data != nullptr && length > 0) {
    event.data.assign(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    event.bytes = data;
  }
  return event;
}

Event WithTotal(CONNID id, int total) {
  Event event = Of(EventKind::kReceive, id);
  event.total = total;
  return event;
}

Event WithError(CONNID id, EnSocketOperation operation, int error_code) {
  Event event = Of(EventKind::kError, id);
  event.operation = operation;
  event.error = error_code;
  return event;
}

// What `fetch` gives; nothing when somebody else was faster, or the connection is gone.
std::string FetchAll(int total, const std::function<EnFetchResult(uint8_t* data, int length)>& fetch) {
  std::string bytes(static_cast<size_t>(total), '\0');
  return fetch(reinterpret_cast<uint8_t*>(bytes.data()), total) == FR_OK ? bytes : std::string();
}

}  // namespace

template <class Events>
EnHandleResult RecordingComplexListener<Events>::Note(Event event,
                                                      const std::function<std::string()>& fetch) {
  if (IComplexSocket* const component = component_.load(std::memory_order_acquire)) {
    event.state = component->GetState();
    event.connections = component->GetConnectionCount();
  }
  return Record(std::move(event), fetch);
}

template <class Events>
EnHandleResult RecordingComplexListener<Events>::OnSend(CONNID conn_id, const uint8_t* data, int length) {
  return Note(WithData(EventKind::kSend, conn_id, data, length));
}

template <class Events>
EnHandleResult RecordingComplexListener<Events>::OnReceive(CONNID conn_id, const uint8_t* data, int length) {
  return Note(WithData(EventKind::kReceive, conn_id, data, length));
}

template <class Events>
EnHandleResult RecordingComplexListener<Events>::OnReceive(CONNID conn_id, int total_length) {
  IPullSocket* const pull = pull_.load(std::memory_order_acquire);
  if (pull == nullptr) return Note(WithTotal(conn_id, total_length));
  return Note(WithTotal(conn_id, total_length), [&] {
    return FetchAll(total_length,
                    [&](uint8_t* data, int length) { return pull->Fetch(conn_id, data, length); });
  });
}

template <class Events>
EnHandleResult RecordingComplexListener<Events>::OnClose(CONNID conn_id) {
  return Note(Of(EventKind::kClose, conn_id));
}

template <class Events>
EnHandleResult RecordingComplexListener<Events>::OnError(CONNID conn_id, EnSocketOperation operation,
                                                         int error_code) {
  return Note(WithError(conn_id, operation, error_code));
}

template <class Events>
EnHandleResult RecordingComplexListener<Events>::OnShutdown() {
  return Note(Of(EventKind::kShutdown, 0));
}

template class RecordingComplexListener<TcpServerEvents>;
template class RecordingComplexListener<IAgentListener>;
template class RecordingComplexListener<UdpServerEvents>;

EnHandleResult RecordingServerListener::OnPrepareListen(SOCKET listen_socket) {
  return Note(WithSocket(EventKind::kPrepareListen, 0, listen_socket));
}

EnHandleResult RecordingServerListener::OnAccept(CONNID conn_id, SOCKET client_socket) {
  Event event = WithSocket(EventKind::kAccept, conn_id, client_socket);
  event.peer_port = Environment::Current().PeerPort(client_socket);
  return Note(std::move(event));
}

EnHandleResult RecordingUdpServerListener::OnPrepareListen(SOCKET listen_socket) {
  return Note(WithSocket(EventKind::kPrepareListen, 0, listen_socket));
}

EnHandleResult RecordingUdpServerListener::OnAccept(CONNID conn_id, const sockaddr_in* peer_address) {
  Event event = Of(EventKind::kAccept, conn_id);
  event.family = peer_address->sin_family;
  // At the same place in a sockaddr_in6.
  event.peer_port = ntohs(peer_address->sin_port);
  const socklen_t length = event.family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  char text[NI_MAXHOST] = "";
  if (getnameinfo(reinterpret_cast<const sockaddr*>(peer_address), length, text, sizeof(text), nullptr, 0,
                  NI_NUMERICHOST) == 0)
    event.peer_address = text;
  return Note(std::move(event));
}

EnHandleResult RecordingAgentListener::OnPrepareConnect(CONNID conn_id, SOCKET socket) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    sockets_[conn_id] = socket;
  }
  return Note(WithSocket(EventKind::kPrepareConnect, conn_id, socket));
}

EnHandleResult RecordingAgentListener::OnConnect(CONNID conn_id) {
  Event event = Of(EventKind::kConnect, conn_id);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto socket = sockets_.find(conn_id);
    if (socket != sockets_.end()) event.socket = socket->second;
    sockets_.erase(conn_id);
  }
  event.peer_port = Environment::Current().PeerPort(event.socket);
  event.own_port = Environment::Current().LocalPort(event.socket);
  return Note(std::move(event));
}

EnHandleResult RecordingClientListener::Note(IClient* client, Event event,
                                             const std::function<std::string()>& fetch) {
  const IClient* const expected = client_.load(std::memory_order_acquire);
  if (expected != nullptr && client != expected) strangers_.fetch_add(1, std::memory_order_acq_rel);
  event.state = client->GetState();
  return Record(std::move(event), fetch);
}

EnHandleResult RecordingClientListener::OnPrepareConnect(IClient* client, SOCKET socket) {
  return Note(client, WithSocket(EventKind::kPrepareConnect, client->GetConnectionID(), socket));
}

EnHandleResult RecordingClientListener::OnConnect(IClient* client) {
  return Note(client, Of(EventKind::kConnect, client->GetConnectionID()));
}

EnHandleResult RecordingClientListener::OnSend(IClient* client, const uint8_t* data, int length) {
  return Note(client, WithData(EventKind::kSend, client->GetConnectionID(), data, length));
}

EnHandleResult RecordingClientListener::OnReceive(IClient* client, const uint8_t* data, int length) {
  return Note(client, WithData(EventKind::kReceive, client->GetConnectionID(), data, length));
}

EnHandleResult RecordingClientListener::OnReceive(IClient* client, int total_length) {
  const CONNID id = client->GetConnectionID();
  IPullClient* const pull = pull_.load(std::memory_order_acquire);
  if (pull == nullptr) return Note(client, WithTotal(id, total_length));
  return Note(client, WithTotal(id, total_length), [&] {
    return FetchAll(total_length, [&](uint8_t* data, int length) { return pull->Fetch(data, length); });
  });
}

EnHandleResult RecordingClientListener::OnClose(IClient* client) {
  return Note(client, Of(EventKind::kClose, client->GetConnectionID()));
}

EnHandleResult RecordingClientListener::OnError(IClient* client, EnSocketOperation operation,
                                                int error_code) {
  return Note(client, WithError(client->GetConnectionID(), operation, error_code));
}

}  // namespace hpsocket::harness
