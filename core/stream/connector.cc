#include "hpsocket/core/stream/connector.h"

#include <algorithm>
#include <cerrno>
#include <new>

#include "hpsocket/core/stream/socket_setup.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {

void Connector::Configure(const char* bind_address, bool async) {
  MutexLock lock(mutex_);
  has_bind_text_ = bind_address != nullptr;
  bind_text_ = bind_address == nullptr ? "" : bind_address;
  async_ = async;
}

StartFailure Connector::Open() {
  Address local;
  {
    MutexLock lock(mutex_);
    stopping_ = false;
    worker_ = nullptr;
    if (has_bind_text_ && !Address::ParseLiteral(bind_text_.c_str(), 0, &local)) {
      return {SE_SOCKET_BIND, EINVAL, "'" + bind_text_ + "' is no IPv4 or IPv6 address"};
    }
  }
  engine_.set_bind_address(local);
  if (!local.valid()) return {};
  // A throw-away socket tells now what every Connect would tell later.
  Network& network = engine_.world().network();
  const int fd = network.OpenStream(local.family());
  if (fd < 0) return StartFailure::Of(SE_SOCKET_CREATE, -fd, "cannot make a socket");
  const int result = network.Bind(fd, local);
  network.Close(fd);
  if (result == 0) return {};
  return StartFailure::Of(SE_SOCKET_BIND, -result, "cannot bind to " + local.ToText());
}

void Connector::Begin(Worker& worker) {
  MutexLock lock(mutex_);
  worker_ = &worker;
}

void Connector::StopRequested() {
  // One at a time and never under both locks: a call asks Stopped() under its token's.
  while (const std::shared_ptr<ConnectToken> token = BeginStopOfOne()) {
    // One that resolves does not come back to the component.
    if (token->Cancel()) Leave(token);
  }
}

std::shared_ptr<ConnectToken> Connector::BeginStopOfOne() {
  MutexLock lock(mutex_);
  stopping_ = true;
  for (const std::shared_ptr<ConnectToken>& token : calls_) {
    if (!token->canceller.cancelled()) return token;
  }
  return nullptr;
}

bool Connector::ended() const {
  MutexLock lock(mutex_);
  return calls_.empty();
}

bool Connector::Stopped() const {
  MutexLock lock(mutex_);
  return stopping_;
}

std::shared_ptr<ConnectToken> Connector::Enter(bool* async) {
  if (engine_.forked()) return nullptr;
  MutexLock lock(mutex_);
  if (stopping_ || engine_.state() != SS_STARTED) return nullptr;
  *async = async_;
  calls_.push_back(std::make_shared<ConnectToken>());
  return calls_.back();
}

void Connector::Leave(const std::shared_ptr<ConnectToken>& token) {
  MutexLock lock(mutex_);
  calls_.erase(std::remove(calls_.begin(), calls_.end(), token), calls_.end());
  // Under the lock: once ended() has been seen true, the worker may be gone.
  if (stopping_ && calls_.empty() && worker_ != nullptr) worker_->Nudge();
}

class Connector::Listed {
 public:
  Listed(Connector& connector, bool* async) : connector_(connector), token_(connector.Enter(async)) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() {
    if (token_ != nullptr) connector_.Leave(token_);
  }
  const std::shared_ptr<ConnectToken>& token() const { return token_; }
  // A stop has taken it off the list: the component may be gone.
  void Forget() { token_ = nullptr; }

 private:
  Connector& connector_;
  std::shared_ptr<ConnectToken> token_;
};

int Connector::Connect(const char* remote, uint16_t port, CONNID* id, std::string* detail) {
  *id = 0;
  try {
    bool async = false;
    Listed listed(*this, &async);
    if (listed.token() == nullptr) return EPERM;
    ConnectCall call(engine_, *this, listed.token(), remote, port, async);
    return ConnectListed(listed, call, id, detail);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

int Connector::ConnectListed(Listed& listed, ConnectCall& call, CONNID* id, std::string* detail) {
  const ConnectCall::Outcome resolved = call.Resolve();
  if (resolved == ConnectCall::Outcome::kAbandoned) {
    listed.Forget();
    *detail = "stopped while resolving";
    return ECANCELED;
  }
  int error = call.failure().error;
  if (resolved == ConnectCall::Outcome::kDone) {
    error = ConnectResolved(call, id);
  } else {
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
  }
  if (error != 0) *detail = call.failure().detail;
  return error;
}

int Connector::ConnectResolved(ConnectCall& call, CONNID* id) {
  const uint32_t limit = engine_.running().max_connection_count;
  const uint32_t lingering = limit == 0 ? 0 : engine_.LingeringCount();
  const ConnectionTableBase::Reservation reserved =
      limit != 0 && lingering >= limit ? ConnectionTableBase::Reservation{0, ENOSR}
                                       : engine_.table().Reserve(limit == 0 ? 0 : limit - lingering);
  if (reserved.error == ENOSR) engine_.counters().refused_connections.fetch_add(1, std::memory_order_relaxed);
  if (reserved.id == 0) return reserved.error;
  *id = reserved.id;
  // Gives the place back, and counts, however the attempt fails.
  struct Attempt {
    StreamEngine& engine;
    const CONNID id;
    bool succeeded = false;

    ~Attempt() {
      if (succeeded) return;
      engine.table().Release(id);
      engine.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    }
  } attempt{engine_, reserved.id};
  attempt.succeeded = call.Connect(reserved.id, engine_.NextWorker()) == ConnectCall::Outcome::kDone;
  return attempt.succeeded ? 0 : call.failure().error;
}

}  // namespace hpsocket::core
