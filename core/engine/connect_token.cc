#include "hpsocket/core/engine/connect_token.h"

#include <new>

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
  int error = 0;
  bool out_of_memory = false;
  try {
    error = network.Resolve(remote, port, addresses, detail);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;
  }
  MutexLock lock(token->mutex);
  if (token->abandoned) return Resolution::kAbandoned;
  token->resolving = false;
  // Once it is sure that the component still stands.
  if (out_of_memory) throw std::bad_alloc();
  return error == 0 ? Resolution::kDone : Resolution::kFailed;
}

}  // namespace hpsocket::core
