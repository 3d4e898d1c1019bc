// Internal to the demos.
//
// What carries a performance run's connections: a client object for each, or one agent for all. It tells the
// exchanges what has come and gone.
//
// Threads:  one thread calls Open, Connect, Send, Failure..., Close; CancelConnect from any.
// Lifetime: the exchanges outlive it.
// Errors:   false leaves the reason in errno.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_TRANSPORT_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "hpsocket/core/api/types.h"

namespace hpsocket::demos {

class Transport {
 public:
  virtual ~Transport() = default;

  // Once, before the first Connect. False: it has said why.
  virtual bool Open() = 0;
  // Connection `index`, which waits until it is there. Connections come in the order of their indices.
  virtual bool Connect(size_t index) = 0;
  // Makes a Connect that is waiting fail, and those that follow.
  virtual void CancelConnect() = 0;
  virtual bool Send(size_t index, const uint8_t* data, int length) = 0;
  // Ends every connection; no event comes any more.
  virtual void Close() = 0;

  // As log lines name it: "Client".
  virtual const char* role() const = 0;
  // In words, of the call on this connection that has just failed with this errno.
  virtual std::string ConnectFailure(size_t index, int error) = 0;
  virtual std::string SendFailure(size_t index, int error) = 0;
  virtual CONNID id(size_t index) = 0;
  // GetIoBackendDesc()
  virtual std::string port() = 0;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_TRANSPORT_H_
