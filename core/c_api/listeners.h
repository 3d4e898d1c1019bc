// Internal to core.
//
// The listeners of the C interface: what a listener handle holds, one function per event, and the C++
// listeners that call these. All servers share one set of functions, so do all agents and all clients; a
// component derives from the C++ listener and adds the events that only it has.
//
// Threads:  functions are set and called on any thread.
// Owner:    a C++ listener shares the functions, which outlive their handle in it.
#ifndef HPSOCKET_CORE_C_API_LISTENERS_H_
#define HPSOCKET_CORE_C_API_LISTENERS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket {

class IClient;

namespace core {

// One function of a listener; null is ignored.
template <class Function>
class Slot {
 public:
  void Set(Function function) { function_.store(function, std::memory_order_release); }

  template <class... Args>
  EnHandleResult operator()(Args... args) const {
    const Function function = function_.load(std::memory_order_acquire);
    return function == nullptr ? HR_IGNORE : function(args...);
  }

 private:
  std::atomic<Function> function_{nullptr};
};

struct ServerFunctions {
  Slot<HP_FN_Server_OnPrepareListen> on_prepare_listen;
  Slot<HP_FN_Server_OnAccept> on_accept;
  Slot<HP_FN_Server_OnSend> on_send;
  Slot<HP_FN_Server_OnReceive> on_receive;
  Slot<HP_FN_Server_OnPullReceive> on_pull_receive;
  Slot<HP_FN_Server_OnClose> on_close;
  Slot<HP_FN_Server_OnError> on_error;
  Slot<HP_FN_Server_OnShutdown> on_shutdown;
};

struct AgentFunctions {
  Slot<HP_FN_Agent_OnPrepareConnect> on_prepare_connect;
  Slot<HP_FN_Agent_OnConnect> on_connect;
  Slot<HP_FN_Agent_OnSend> on_send;
  Slot<HP_FN_Agent_OnReceive> on_receive;
  Slot<HP_FN_Agent_OnPullReceive> on_pull_receive;
  Slot<HP_FN_Agent_OnClose> on_close;
  Slot<HP_FN_Agent_OnError> on_error;
  Slot<HP_FN_Agent_OnShutdown> on_shutdown;
};

struct ClientFunctions {
  Slot<HP_FN_Client_OnPrepareConnect> on_prepare_connect;
  Slot<HP_FN_Client_OnConnect> on_connect;
  Slot<HP_FN_Client_OnSend> on_send;
  Slot<HP_FN_Client_OnReceive> on_receive;
  Slot<HP_FN_Client_OnPullReceive> on_pull_receive;
  Slot<HP_FN_Client_OnClose> on_close;
  Slot<HP_FN_Client_OnError> on_error;
};

// What servers and agents share; `Interface` is ITcpServerListener, ITcpAgentListener, ...
template <class Interface, class Functions>
class ComplexListener : public Interface {
 public:
  using FunctionsType = Functions;

  // The handle is not what these functions are called with.
  ComplexListener(std::shared_ptr<Functions> functions, HP_Object) : functions_(std::move(functions)) {}

  EnHandleResult OnSend(CONNID id, const uint8_t* data, int length) final {
    return functions_->on_send(id, data, length);
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) final {
    return functions_->on_receive(id, data, length);
  }
  EnHandleResult OnReceive(CONNID id, int total_length) final {
    return functions_->on_pull_receive(id, total_length);
  }
  EnHandleResult OnClose(CONNID id) final { return functions_->on_close(id); }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) final {
    return functions_->on_error(id, operation, error_code);
  }
  EnHandleResult OnShutdown() final { return functions_->on_shutdown(); }

 protected:
  const Functions& functions() const { return *functions_; }

 private:
  const std::shared_ptr<Functions> functions_;
};

template <class Interface>
class ServerListener : public ComplexListener<Interface, ServerFunctions> {
 public:
  using ComplexListener<Interface, ServerFunctions>::ComplexListener;

  EnHandleResult OnPrepareListen(SOCKET listen_socket) final {
    return this->functions().on_prepare_listen(static_cast<UINT_PTR>(listen_socket));
  }
};

template <class Interface>
class AgentListener : public ComplexListener<Interface, AgentFunctions> {
 public:
  using ComplexListener<Interface, AgentFunctions>::ComplexListener;

  EnHandleResult OnPrepareConnect(CONNID id, SOCKET socket) final {
    return this->functions().on_prepare_connect(id, static_cast<UINT_PTR>(socket));
  }
  EnHandleResult OnConnect(CONNID id) final { return this->functions().on_connect(id); }
};

// Shows the functions the client's handle.
template <class Interface>
class ClientListener : public Interface {
 public:
  using FunctionsType = ClientFunctions;

  ClientListener(std::shared_ptr<ClientFunctions> functions, HP_Client client)
      : functions_(std::move(functions)), client_(client) {}

  EnHandleResult OnPrepareConnect(IClient*, SOCKET socket) final {
    return functions_->on_prepare_connect(client_, static_cast<UINT_PTR>(socket));
  }
  EnHandleResult OnConnect(IClient*) final { return functions_->on_connect(client_); }
  EnHandleResult OnSend(IClient*, const uint8_t* data, int length) final {
    return functions_->on_send(client_, data, length);
  }
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) final {
    return functions_->on_receive(client_, data, length);
  }
  EnHandleResult OnReceive(IClient*, int total_length) final {
    return functions_->on_pull_receive(client_, total_length);
  }
  EnHandleResult OnClose(IClient*) final { return functions_->on_close(client_); }
  EnHandleResult OnError(IClient*, EnSocketOperation operation, int error_code) final {
    return functions_->on_error(client_, operation, error_code);
  }

 private:
  const std::shared_ptr<ClientFunctions> functions_;
  const HP_Client client_;
};

}  // namespace core
}  // namespace hpsocket

#endif  // HPSOCKET_CORE_C_API_LISTENERS_H_
