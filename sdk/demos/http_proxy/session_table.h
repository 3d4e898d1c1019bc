// Internal to http_proxy.
//
// Which session a connection belongs to, whichever side it is on: IDs are unique in the process. The entries
// are what keeps a session alive: one from OnAccept, one for each connect, both until the connection's last
// event.
//
// Threads:  any.
// Order:    its locks are taken under a session's, never the other way round.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_SESSION_TABLE_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_SESSION_TABLE_H_

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/sdk/demos/http_proxy/target.h"

namespace hpsocket::demos {

class Session;

class SessionTable {
 public:
  void Add(CONNID id, std::shared_ptr<Session> session);
  // Begins to connect for `session`. 0 or an errno. The first event of the new connection may come on another
  // thread before Connect returns; whoever looks the ID up then waits for this.
  int Connect(IAgent& agent, const Target& target, const std::shared_ptr<Session>& session, CONNID* id);

  // An origin's socket on its way from OnPrepareConnect, which may come inside Connect, to OnConnect. Of each
  // connect the last one is kept; INVALID_SOCKET if there is none.
  void KeepSocket(CONNID id, SOCKET socket);
  SOCKET TakeSocket(CONNID id);

  std::shared_ptr<Session> Find(CONNID id);
  // The same, and takes the entry out. Null if there is none.
  std::shared_ptr<Session> Take(CONNID id);
  // Every session, once for each entry.
  std::vector<std::shared_ptr<Session>> All();

 private:
  std::mutex mutex_;
  std::unordered_map<CONNID, std::shared_ptr<Session>> sessions_;
  std::mutex sockets_mutex_;
  std::unordered_map<CONNID, SOCKET> sockets_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_SESSION_TABLE_H_
