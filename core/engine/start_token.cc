#include "hpsocket/core/engine/start_token.h"

namespace hpsocket::core {

std::shared_ptr<ConnectToken> StartToken::Begin() {
  MutexLock lock(mutex_);
  token_ = std::make_shared<ConnectToken>();
  return token_;
}

void StartToken::End(const std::shared_ptr<ConnectToken>& token) {
  MutexLock lock(mutex_);
  if (token_ == token) token_ = nullptr;
}

bool StartToken::Cancel() {
  std::shared_ptr<ConnectToken> token;
  {
    MutexLock lock(mutex_);
    token = token_;
  }
  // Not under the lock: the thread that it belongs to may be about to end its Start.
  if (token == nullptr || !token->Cancel()) return false;
  // That thread will not come back for it.
  End(token);
  return true;
}

}  // namespace hpsocket::core
