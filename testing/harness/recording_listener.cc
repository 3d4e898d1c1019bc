#include "hpsocket/testing/harness/recording_listener.h"

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

}  // namespace

EnHandleResult RecordingServerListener::Note(Event event) {
  if (IServer* const server = server_.load(std::memory_order_acquire)) {
    event.state = server->GetState();
    event.connections = server->GetConnectionCount();
  }
  return Record(std::move(event));
}

EnHandleResult RecordingServerListener::OnPrepareListen(SOCKET listen_socket) {
  return Note(WithSocket(EventKind::kPrepareListen, 0, listen_socket));
}

EnHandleResult RecordingServerListener::OnAccept(CONNID conn_id, SOCKET client_socket) {
  Event event = WithSocket(EventKind::kAccept, conn_id, client_socket);
  event.peer_port = Environment::Current().PeerPort(client_socket);
  return Note(std::move(event));
}

EnHandleResult RecordingServerListener::OnSend(CONNID conn_id, const uint8_t* data, int length) {
  return Note(WithData(EventKind::kSend, conn_id, data, length));
}

EnHandleResult RecordingServerListener::OnReceive(CONNID conn_id, const uint8_t* data, int length) {
  return Note(WithData(EventKind::kReceive, conn_id, data, length));
}

EnHandleResult RecordingServerListener::OnReceive(CONNID conn_id, int total_length) {
  return Note(WithTotal(conn_id, total_length));
}

EnHandleResult RecordingServerListener::OnClose(CONNID conn_id) {
  return Note(Of(EventKind::kClose, conn_id));
}

EnHandleResult RecordingServerListener::OnError(CONNID conn_id, EnSocketOperation operation, int error_code) {
  return Note(WithError(conn_id, operation, error_code));
}

EnHandleResult RecordingServerListener::OnShutdown() { return Note(Of(EventKind::kShutdown, 0)); }

EnHandleResult RecordingClientListener::Note(IClient* client, Event event) {
  const IClient* const expected = client_.load(std::memory_order_acquire);
  if (expected != nullptr && client != expected) strangers_.fetch_add(1, std::memory_order_acq_rel);
  event.state = client->GetState();
  return Record(std::move(event));
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
  return Note(client, WithTotal(client->GetConnectionID(), total_length));
}

EnHandleResult RecordingClientListener::OnClose(IClient* client) {
  return Note(client, Of(EventKind::kClose, client->GetConnectionID()));
}

EnHandleResult RecordingClientListener::OnError(IClient* client, EnSocketOperation operation,
                                                int error_code) {
  return Note(client, WithError(client->GetConnectionID(), operation, error_code));
}

}  // namespace hpsocket::harness
