// What applications call; what the thread does is in toy_loop.cc.
#include "hpsocket/testing/toy_server/toy_server.h"

#include <arpa/inet.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <fstream>
#include <iterator>

#include "hpsocket/core/api/error_map.h"
#include "hpsocket/testing/toy_server/defects.h"

namespace hpsocket::toy {
namespace {

// Sets errno, last thing before returning.
bool FailWith(int error) {
  errno = Has("leaves_no_errno") ? 0 : error;
  return false;
}

bool GiveAddress(const sockaddr_in& name, char address[], int& address_length, uint16_t& port) {
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &name.sin_addr, text, sizeof(text));
  const int room = address_length;
  address_length = static_cast<int>(std::strlen(text)) + 1;
  port = ntohs(name.sin_port);
  if (room < address_length) return false;
  std::memcpy(address, text, static_cast<size_t>(address_length));
  return true;
}

}  // namespace

bool ToyServer::Fail(EnSocketError error, int error_number) {
  error_.store(error);
  errno = error_number;
  return false;
}

bool ToyServer::HasStarted() {
  const EnServiceState state = GetState();
  return state == SS_STARTED || state == SS_STARTING;
}

const char* ToyServer::GetLastErrorDesc() { return GetSocketErrorDesc(GetLastError()); }

bool ToyServer::GetStats(HP_Stats& stats) {
  if (stats.size < sizeof(stats)) return FailWith(EINVAL);
  stats.connections = GetConnectionCount();
  stats.contained_exceptions = exceptions_.load();
  return true;
}

bool ToyServer::Start(const char* bind_address, uint16_t port) {
  EnServiceState stopped = SS_STOPPED;
  if (!state_.compare_exchange_strong(stopped, SS_STARTING)) return Fail(SE_ILLEGAL_STATE, EINVAL);
  last_own_id_ = 0;
  const EnSocketError error = Listen(bind_address, port);
  if (error != SE_OK) {
    const int error_number = errno;
    CloseSockets();
    state_.store(SS_STOPPING);
    Tell([&] { return listener_.OnShutdown(); });
    state_.store(SS_STOPPED);
    return Fail(error, error_number);
  }
  stopping_.store(false);
  state_.store(SS_STARTED);
  thread_ = std::thread([this] { Run(); });
  return true;
}

EnSocketError ToyServer::Listen(const char* bind_address, uint16_t port) {
  name_ = {};
  name_.sin_family = AF_INET;
  name_.sin_port = htons(port);
  const bool is_address = inet_pton(AF_INET, bind_address, &name_.sin_addr) == 1;
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd_ < 0) return SE_CP_CREATE;
  listen_fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listen_fd_ < 0) return SE_SOCKET_CREATE;
  const int on = 1;
  setsockopt(listen_fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  listening_.store(true);
  if (Tell([&] { return listener_.OnPrepareListen(listen_fd_); }) == HR_ERROR) {
    errno = ECANCELED;
    return SE_SOCKET_PREPARE;
  }
  errno = EINVAL;
  socklen_t length = sizeof(name_);
  if (!is_address || bind(listen_fd_, reinterpret_cast<sockaddr*>(&name_), length) != 0 ||
      getsockname(listen_fd_, reinterpret_cast<sockaddr*>(&name_), &length) != 0) {
    return SE_SOCKET_BIND;
  }
  return listen(listen_fd_, static_cast<int>(GetSocketListenQueue())) == 0 ? SE_OK : SE_SOCKET_LISTEN;
}

bool ToyServer::Stop() {
  EnServiceState started = SS_STARTED;
  if (!state_.compare_exchange_strong(started, SS_STOPPING)) return Fail(SE_ILLEGAL_STATE, EINVAL);
  if (Has("shuts_down_first")) Tell([&] { return listener_.OnShutdown(); });
  stopping_.store(true);
  Wake();
  thread_.join();
  CloseSockets();
  if (!Has("shuts_down_first")) Tell([&] { return listener_.OnShutdown(); });
  std::lock_guard<std::mutex> lock(mutex_);
  state_.store(SS_STOPPED);
  stopped_.notify_all();
  return true;
}

void ToyServer::CloseSockets() {
  listening_.store(false);
  if (listen_fd_ >= 0) close(listen_fd_);
  if (wake_fd_ >= 0 && !Has("leaks_a_descriptor")) close(wake_fd_);
  listen_fd_ = wake_fd_ = -1;
}

bool ToyServer::Wait(int timeout_ms) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto is_stopped = [this] { return GetState() == SS_STOPPED; };
  if (timeout_ms < 0) {
    stopped_.wait(lock, is_stopped);
    return true;
  }
  if (stopped_.wait_for(lock, std::chrono::milliseconds(timeout_ms), is_stopped)) return true;
  errno = ETIMEDOUT;
  return false;
}

void ToyServer::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof(one));
}

ToyServer::Connection* ToyServer::Find(CONNID conn_id) {
  const auto found = connections_.find(conn_id);
  return found == connections_.end() ? nullptr : found->second.get();
}

ToyServer::Connection* ToyServer::FindForSending(CONNID conn_id) {
  Connection* const connection = Find(conn_id);
  if (connection != nullptr && !connection->ended && !connection->forced && !connection->graceful) {
    return connection;
  }
  FailWith(EBADSLT);
  return nullptr;
}

bool ToyServer::Send(CONNID conn_id, const uint8_t* data, int length, int offset) {
  if ((data == nullptr && length > 0) || length < 0 || offset < 0) return FailWith(EINVAL);
  const uint8_t* const begin = Has("ignores_the_offset") || data == nullptr ? data : data + offset;
  WSABUF packet = {static_cast<uint32_t>(length), const_cast<uint8_t*>(begin)};
  return SendPackets(conn_id, &packet, 1);
}

bool ToyServer::SendPackets(CONNID conn_id, const WSABUF buffers[], int count) {
  if (buffers == nullptr || count <= 0) return FailWith(EINVAL);
  for (int i = 0; i < count; ++i) {
    if (buffers[i].buf == nullptr && buffers[i].len > 0) return FailWith(EINVAL);
  }
  std::unique_lock<std::mutex> lock(mutex_);
  for (int i = 0; i < count; ++i) {
    Connection* const connection = FindForSending(conn_id);
    if (connection == nullptr) return false;
    if (buffers[i].len == 0) continue;
    connection->queue.append(reinterpret_cast<const char*>(buffers[i].buf), buffers[i].len);
    connection->has_sent = true;
    if (Has("mixes_packets")) {
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
  }
  Wake();
  return true;
}

bool ToyServer::SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head, const WSABUF* tail) {
  std::ifstream file(file_name != nullptr ? file_name : "", std::ios::binary);
  if (!file) return FailWith(ENOENT);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const WSABUF nothing = {0, nullptr};
  const WSABUF packets[] = {
      head != nullptr ? *head : nothing,
      {static_cast<uint32_t>(content.size()), reinterpret_cast<uint8_t*>(content.data())},
      tail != nullptr ? *tail : nothing};
  return SendPackets(conn_id, packets, 3);
}

bool ToyServer::Disconnect(CONNID conn_id, bool force) {
  std::lock_guard<std::mutex> lock(mutex_);
  Connection* const connection = Find(conn_id);
  if (connection == nullptr || connection->ended || connection->forced || (connection->graceful && !force)) {
    return FailWith(EBADSLT);
  }
  (force ? connection->forced : connection->graceful) = true;
  Wake();
  return true;
}

bool ToyServer::GetPendingDataLength(CONNID conn_id, int& pending) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Connection* const connection = Find(conn_id);
  if (connection == nullptr || connection->ended) return false;
  const size_t bytes = connection->queue.size() - (Has("counts_pending_up") ? 0 : connection->sent);
  pending = bytes > INT_MAX ? INT_MAX : static_cast<int>(bytes);
  return true;
}

bool ToyServer::SetConnectionExtra(CONNID conn_id, void* extra) {
  std::lock_guard<std::mutex> lock(mutex_);
  Connection* const connection = Find(conn_id);
  if (connection != nullptr) connection->extra = extra;
  return connection != nullptr;
}

bool ToyServer::GetConnectionExtra(CONNID conn_id, void** extra) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Connection* const connection = Find(conn_id);
  if (connection == nullptr || extra == nullptr) return false;
  *extra = connection->extra;
  return true;
}

uint32_t ToyServer::GetConnectionCount() {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<uint32_t>(connections_.size());
}

bool ToyServer::GetAllConnectionIDs(CONNID ids[], uint32_t& count) {
  std::lock_guard<std::mutex> lock(mutex_);
  const uint32_t room = count;
  count = static_cast<uint32_t>(connections_.size());
  if (ids == nullptr || room < count) return false;
  for (const auto& [id, connection] : connections_) *ids++ = id;
  return true;
}

bool ToyServer::GetRemoteAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Connection* const connection = Find(conn_id);
  return connection != nullptr && GiveAddress(connection->peer, address, address_length, port);
}

bool ToyServer::GetListenAddress(char address[], int& address_length, uint16_t& port) {
  return listening_.load() && GiveAddress(name_, address, address_length, port);
}

}  // namespace hpsocket::toy
