// What the toy server's thread does: polls, accepts, receives, sends, and tells the listener.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "hpsocket/testing/toy_server/defects.h"
#include "hpsocket/testing/toy_server/toy_server.h"

namespace hpsocket::toy {
namespace {

// From here on loses_the_last_chunk reads one chunk behind.
constexpr size_t kMuch = 256 * 1024;

CONNID NextId() {
  static std::atomic<CONNID> last{0};
  return last.fetch_add(1) + 1;
}

}  // namespace

void ToyServer::Run() {
  std::vector<Connection*> connections;
  while (!stopping_.load()) PollOnce(&connections);
  connections.clear();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, connection] : connections_) connections.push_back(connection.get());
  }
  for (Connection* const connection : connections) Close(*connection);
}

void ToyServer::PollOnce(std::vector<Connection*>* connections) {
  std::vector<pollfd> polled = {{wake_fd_, POLLIN, 0}, {listen_fd_, POLLIN, 0}};
  connections->clear();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, connection] : connections_) {
      const bool has_work = connection->sent < connection->queue.size();
      connections->push_back(connection.get());
      polled.push_back({connection->fd, static_cast<short>(POLLIN | (has_work ? POLLOUT : 0)), 0});
    }
  }
  if (poll(polled.data(), polled.size(), -1) < 0) return;
  if (polled[0].revents != 0) {
    uint64_t wakeups = 0;
    [[maybe_unused]] const ssize_t got = read(wake_fd_, &wakeups, sizeof(wakeups));
  }
  if (stopping_.load()) return;
  for (size_t i = 0; i < connections->size(); ++i) {
    Serve(*(*connections)[i], (polled[i + 2].revents & (POLLIN | POLLHUP | POLLERR)) != 0);
  }
  if (polled[1].revents != 0) Accept();
}

void ToyServer::Accept() {
  auto made = std::make_unique<Connection>();
  socklen_t length = sizeof(made->peer);
  made->fd =
      accept4(listen_fd_, reinterpret_cast<sockaddr*>(&made->peer), &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (made->fd < 0) return;
  made->id = Has("reuses_ids") ? ++last_own_id_ : NextId();
  Connection& connection = *made;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    connections_[connection.id] = std::move(made);
  }
  if (Tell([&] { return listener_.OnAccept(connection.id, connection.fd); }) != HR_ERROR) return;
  if (Has("reports_the_refused")) Tell([&] { return listener_.OnClose(connection.id); });
  Remove(connection);
}

void ToyServer::Serve(Connection& connection, bool readable) {
  if (readable && !Receive(connection)) return;
  Flush(connection);
}

bool ToyServer::Receive(Connection& connection) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (connection.forced) return true;
  }
  std::string chunk(size_t{GetSocketBufferSize()} * (Has("hands_up_too_much") ? 2 : 1), '\0');
  const ssize_t got = recv(connection.fd, chunk.data(), chunk.size(), 0);
  if (got < 0) {
    if (errno == EAGAIN) return true;
    Break(connection, SO_RECEIVE, errno);
    return false;
  }
  if (got == 0) {
    if (Has("closes_twice")) Tell([&] { return listener_.OnClose(connection.id); });
    Close(connection);
    return false;
  }
  chunk.resize(static_cast<size_t>(got));
  connection.received += chunk.size();
  bool one_behind = Has("loses_the_last_chunk") && connection.received > kMuch;
  if (one_behind) {  // whoever is answered would notice at once
    std::lock_guard<std::mutex> lock(mutex_);
    one_behind = !connection.has_sent;
  }
  if (one_behind) std::swap(chunk, connection.held_back);
  return chunk.empty() || Deliver(connection, chunk);
}

bool ToyServer::Deliver(Connection& connection, const std::string& bytes) {
  const EnHandleResult result = Tell([&] {
    return listener_.OnReceive(connection.id, reinterpret_cast<const uint8_t*>(bytes.data()),
                               static_cast<int>(bytes.size()));
  });
  if (result != HR_ERROR || Has("ignores_answers")) return true;
  Break(connection, SO_RECEIVE, ECANCELED);
  return false;
}

bool ToyServer::Flush(Connection& connection) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!connection.forced && connection.sent < connection.queue.size()) {
    const size_t before = connection.sent;
    const ssize_t gone = send(connection.fd, connection.queue.data() + before,
                              connection.queue.size() - before, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (gone < 0 && errno == EAGAIN) return true;
    if (gone < 0) {
      const int error = errno;
      lock.unlock();
      Break(connection, SO_SEND, error);
      return false;
    }
    const std::string piece = connection.queue.substr(before, static_cast<size_t>(gone));
    connection.sent += piece.size();
    if (connection.sent == connection.queue.size() && !Has("counts_pending_up")) {
      connection.queue.clear();
      connection.sent = 0;
    }
    lock.unlock();
    Tell([&] {
      return listener_.OnSend(connection.id, reinterpret_cast<const uint8_t*>(piece.data()),
                              static_cast<int>(piece.size()));
    });
    lock.lock();
  }
  const bool forced = connection.forced;
  const bool all_out = connection.graceful && !connection.shut_down;
  lock.unlock();
  if (forced) {
    Close(connection);
  } else if (all_out) {
    connection.shut_down = true;
    shutdown(connection.fd, SHUT_WR);
  }
  return !forced;
}

void ToyServer::Close(Connection& connection) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    connection.ended = true;
  }
  Tell([&] { return listener_.OnClose(connection.id); });
  Remove(connection);
}

void ToyServer::Break(Connection& connection, EnSocketOperation operation, int error) {
  bool asked_for = Has("calls_a_reset_a_close") && error != ECANCELED;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    asked_for |= connection.forced || connection.graceful;
    connection.ended = true;
  }
  Tell([&] {
    return asked_for ? listener_.OnClose(connection.id) : listener_.OnError(connection.id, operation, error);
  });
  Remove(connection);
}

void ToyServer::Remove(Connection& connection) {
  std::lock_guard<std::mutex> lock(mutex_);
  close(connection.fd);
  connections_.erase(connection.id);
}

}  // namespace hpsocket::toy
