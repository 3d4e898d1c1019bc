#include "hpsocket/core/engine/connect_token.h"

namespace hpsocket::core {

bool ConnectToken::Cancel() {
  MutexLock lock(mutex);
  if (resolving) {
    abandoned = true;
    return true;
  }
  canceller.Cancel();
  return false;
}

Resolution ResolveWithToken(std::shared_ptr<ConnectToken> token, absl::FunctionRef<bool()> stopped,
                            Network& network, const std::string& remote, uint16_t port,
                            std::vector<Address>* addresses, std::string* detail) {
  {
    MutexLock lock(token->mutex);
    if (stopped()) return Resolution::kStopped;
    token->resolving = true;
  }
  // From here until the answer, this thread may be left alone with its own stack.
  const int error = network.Resolve(remote, port, addresses, detail);
  MutexLock lock(token->mutex);
  if (token->abandoned) return Resolution::kAbandoned;
  token->resolving = false;
  return error == 0 ? Resolution::kDone : Resolution::kFailed;
}

}  // namespace hpsocket::core
