// Internal to core.
//
// What a stop and a connect in another thread share, and the name resolution of a synchronous connect,
// during which the component may go.
//
// Threads:  any.
// Lifetime: between the question and its answer the caller touches nothing but its own stack and the
//           token.
// Spec: decisions 2.5, decisions §5
#ifndef HPSOCKET_CORE_ENGINE_CONNECT_TOKEN_H_
#define HPSOCKET_CORE_ENGINE_CONNECT_TOKEN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

// Outlives the component if that thread is inside its own name resolution when the component goes.
struct ConnectToken {
  Mutex mutex;
  bool resolving ABSL_GUARDED_BY(mutex) = false;
  bool abandoned ABSL_GUARDED_BY(mutex) = false;
  ConnectCanceller canceller;

  // The connect is to fail soon. True: it is resolving; it will touch nothing but its own stack.
  bool Cancel();
};

enum class Resolution { kDone, kFailed, kStopped, kAbandoned };

// Resolves `remote` on the calling thread. `stopped()` is asked before. kAbandoned: the component must
// not be touched again. Throws std::bad_alloc, but not when it was abandoned.
Resolution ResolveWithToken(std::shared_ptr<ConnectToken> token, absl::FunctionRef<bool()> stopped,
                            Network& network, const std::string& remote, uint16_t port,
                            std::vector<Address>* addresses, std::string* detail);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_CONNECT_TOKEN_H_
