// Internal to core.
//
// The Start of a client that is under way: what a Stop in another thread takes hold of.
//
// Threads:  Begin() and End() on the caller of Start; Cancel() any.
#ifndef HPSOCKET_CORE_ENGINE_START_TOKEN_H_
#define HPSOCKET_CORE_ENGINE_START_TOKEN_H_

#include <memory>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/connect_token.h"

namespace hpsocket::core {

class StartToken {
 public:
  std::shared_ptr<ConnectToken> Begin();
  void End(const std::shared_ptr<ConnectToken>& token);
  // As ConnectToken::Cancel(); false, too, when no Start is under way.
  bool Cancel();

 private:
  Mutex mutex_;
  std::shared_ptr<ConnectToken> token_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_START_TOKEN_H_
