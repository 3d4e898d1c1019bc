#include "hpsocket/sdk/demos/http_proxy/session_table.h"

#include <cerrno>
#include <utility>

namespace hpsocket::demos {

void SessionTable::Add(CONNID id, std::shared_ptr<Session> session) {
  const std::lock_guard<std::mutex> lock(mutex_);
  sessions_[id] = std::move(session);
}

int SessionTable::Connect(IAgent& agent, const Target& target, const std::shared_ptr<Session>& session,
                          CONNID* id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!agent.Connect(target.host.c_str(), target.port, id)) {
    const int error = errno;
    TakeSocket(*id);  // no event follows that would
    return error;
  }
  sessions_[*id] = session;
  return 0;
}

void SessionTable::KeepSocket(CONNID id, SOCKET socket) {
  const std::lock_guard<std::mutex> lock(sockets_mutex_);
  sockets_[id] = socket;
}

SOCKET SessionTable::TakeSocket(CONNID id) {
  const std::lock_guard<std::mutex> lock(sockets_mutex_);
  const auto found = sockets_.find(id);
  if (found == sockets_.end()) return INVALID_SOCKET;
  const SOCKET socket = found->second;
  sockets_.erase(found);
  return socket;
}

std::shared_ptr<Session> SessionTable::Find(CONNID id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::shared_ptr<Session> SessionTable::Take(CONNID id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return nullptr;
  std::shared_ptr<Session> session = std::move(found->second);
  sessions_.erase(found);
  return session;
}

std::vector<std::shared_ptr<Session>> SessionTable::All() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) all.push_back(session);
  return all;
}

}  // namespace hpsocket::demos
