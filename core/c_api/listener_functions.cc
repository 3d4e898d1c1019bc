#include <cerrno>

#include "hpsocket/core/c_api/c_api.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/handle.h"
#include "hpsocket/core/c_api/listeners.h"

using hpsocket::core::AgentFunctions;
using hpsocket::core::ClientFunctions;
using hpsocket::core::ServerFunctions;

namespace {

template <class Functions, class Function>
void SetFunction(HP_Object listener, hpsocket::core::Slot<Function> Functions::*slot, Function function) {
  Functions* const functions = hpsocket::core::Handle::Find<Functions>(listener);
  if (functions == nullptr) return hpsocket::core::Refuse<void>(EINVAL);
  (functions->*slot).Set(function);
}

}  // namespace

void HP_Set_FN_Server_OnPrepareListen(HP_ServerListener pListener, HP_FN_Server_OnPrepareListen fn) {
  SetFunction(pListener, &ServerFunctions::on_prepare_listen, fn);
}

void HP_Set_FN_Server_OnAccept(HP_ServerListener pListener, HP_FN_Server_OnAccept fn) {
  SetFunction(pListener, &ServerFunctions::on_accept, fn);
}

void HP_Set_FN_Server_OnSend(HP_ServerListener pListener, HP_FN_Server_OnSend fn) {
  SetFunction(pListener, &ServerFunctions::on_send, fn);
}

void HP_Set_FN_Server_OnReceive(HP_ServerListener pListener, HP_FN_Server_OnReceive fn) {
  SetFunction(pListener, &ServerFunctions::on_receive, fn);
}

void HP_Set_FN_Server_OnPullReceive(HP_ServerListener pListener, HP_FN_Server_OnPullReceive fn) {
  SetFunction(pListener, &ServerFunctions::on_pull_receive, fn);
}

void HP_Set_FN_Server_OnClose(HP_ServerListener pListener, HP_FN_Server_OnClose fn) {
  SetFunction(pListener, &ServerFunctions::on_close, fn);
}

void HP_Set_FN_Server_OnError(HP_ServerListener pListener, HP_FN_Server_OnError fn) {
  SetFunction(pListener, &ServerFunctions::on_error, fn);
}

void HP_Set_FN_Server_OnShutdown(HP_ServerListener pListener, HP_FN_Server_OnShutdown fn) {
  SetFunction(pListener, &ServerFunctions::on_shutdown, fn);
}

void HP_Set_FN_Agent_OnPrepareConnect(HP_AgentListener pListener, HP_FN_Agent_OnPrepareConnect fn) {
  SetFunction(pListener, &AgentFunctions::on_prepare_connect, fn);
}

void HP_Set_FN_Agent_OnConnect(HP_AgentListener pListener, HP_FN_Agent_OnConnect fn) {
  SetFunction(pListener, &AgentFunctions::on_connect, fn);
}

void HP_Set_FN_Agent_OnSend(HP_AgentListener pListener, HP_FN_Agent_OnSend fn) {
  SetFunction(pListener, &AgentFunctions::on_send, fn);
}

void HP_Set_FN_Agent_OnReceive(HP_AgentListener pListener, HP_FN_Agent_OnReceive fn) {
  SetFunction(pListener, &AgentFunctions::on_receive, fn);
}

void HP_Set_FN_Agent_OnPullReceive(HP_AgentListener pListener, HP_FN_Agent_OnPullReceive fn) {
  SetFunction(pListener, &AgentFunctions::on_pull_receive, fn);
}

void HP_Set_FN_Agent_OnClose(HP_AgentListener pListener, HP_FN_Agent_OnClose fn) {
  SetFunction(pListener, &AgentFunctions::on_close, fn);
}

void HP_Set_FN_Agent_OnError(HP_AgentListener pListener, HP_FN_Agent_OnError fn) {
  SetFunction(pListener, &AgentFunctions::on_error, fn);
}

void HP_Set_FN_Agent_OnShutdown(HP_AgentListener pListener, HP_FN_Agent_OnShutdown fn) {
  SetFunction(pListener, &AgentFunctions::on_shutdown, fn);
}

void HP_Set_FN_Client_OnPrepareConnect(HP_ClientListener pListener, HP_FN_Client_OnPrepareConnect fn) {
  SetFunction(pListener, &ClientFunctions::on_prepare_connect, fn);
}

void HP_Set_FN_Client_OnConnect(HP_ClientListener pListener, HP_FN_Client_OnConnect fn) {
  SetFunction(pListener, &ClientFunctions::on_connect, fn);
}

void HP_Set_FN_Client_OnSend(HP_ClientListener pListener, HP_FN_Client_OnSend fn) {
  SetFunction(pListener, &ClientFunctions::on_send, fn);
}

void HP_Set_FN_Client_OnReceive(HP_ClientListener pListener, HP_FN_Client_OnReceive fn) {
  SetFunction(pListener, &ClientFunctions::on_receive, fn);
}

void HP_Set_FN_Client_OnPullReceive(HP_ClientListener pListener, HP_FN_Client_OnPullReceive fn) {
  SetFunction(pListener, &ClientFunctions::on_pull_receive, fn);
}

void HP_Set_FN_Client_OnClose(HP_ClientListener pListener, HP_FN_Client_OnClose fn) {
  SetFunction(pListener, &ClientFunctions::on_close, fn);
}

void HP_Set_FN_Client_OnError(HP_ClientListener pListener, HP_FN_Client_OnError fn) {
  SetFunction(pListener, &ClientFunctions::on_error, fn);
}
