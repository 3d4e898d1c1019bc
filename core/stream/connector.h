// Internal to core.
//
// An agent's Connect, from any thread and inside any callback; and what Stop needs to know of the
// calls that are under way. It also looks, when the agent starts, whether its bind address can be
// bound.
//
// Threads:  Connect() and StopRequested() any; the rest as WorkerGuest.
// Owner:    the agent.
// Spec: §2.3, api §6.10, decisions 2.5, 3.1, decisions §5
#ifndef HPSOCKET_CORE_STREAM_CONNECTOR_H_
#define HPSOCKET_CORE_STREAM_CONNECTOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/stream/connect_call.h"
#include "hpsocket/core/stream/worker_guest.h"

namespace hpsocket::core {

class Connector final : public WorkerGuest, private ConnectParty {
 public:
  explicit Connector(StreamEngine& engine) : engine_(engine) {}
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  ~Connector() = default;

  // For the next Open(). `bind_address` null: any.
  void Configure(const char* bind_address, bool async);

  // 0 or errno, and words for it or none. `*id` is written before OnPrepareConnect.
  int Connect(const char* remote, uint16_t port, CONNID* id, std::string* detail);

  StartFailure Open() override;
  void Abandon() override {}
  void Begin(Worker& worker) override;
  void StopRequested() override;
  void BeginEnd() override {}
  bool ended() const override;

 private:
  // ConnectParty.
  bool Stopped() const override;
  // A stop that comes after it finds the connection in the table.
  bool Complete(bool /*connected*/) override { return true; }
  bool CompletesAlways() const override { return true; }

  // One call among those that touch the component, until it ends.
  class Listed;

  // Lists a call. Null: not started.
  std::shared_ptr<ConnectToken> Enter(bool* async);
  // A call that has not been told yet; null when there is none.
  std::shared_ptr<ConnectToken> BeginStopOfOne();
  void Leave(const std::shared_ptr<ConnectToken>& token);
  int ConnectListed(Listed& listed, ConnectCall& call, CONNID* id, std::string* detail);
  int ConnectResolved(ConnectCall& call, CONNID* id);

  StreamEngine& engine_;
  mutable Mutex mutex_;
  std::string bind_text_ ABSL_GUARDED_BY(mutex_);
  bool has_bind_text_ ABSL_GUARDED_BY(mutex_) = false;
  bool async_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Worker* worker_ ABSL_GUARDED_BY(mutex_) = nullptr;  // the first: it waits for the calls to end
  std::vector<std::shared_ptr<ConnectToken>> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CONNECTOR_H_
