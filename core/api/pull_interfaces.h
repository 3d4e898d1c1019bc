// Public.
//
// How an application takes received data out of a PULL component: IPullSocket for servers and
// agents, IPullClient for clients.
//
// Threads:  any, and inside any callback; safe against each other.
// Lifetime: a connection's data can be taken after OnAccept or OnConnect has returned, inside OnClose
//           and OnError too, and not any more when these have returned.
// Order:    bytes come out in the order in which they arrived, none twice.
// Errors:   FR_LENGTH_TOO_LONG less than asked for is there, nothing happened. FR_DATA_NOT_FOUND no
//           such connection, or, with errno EINVAL, a null pointer or a negative number.
// Units:    bytes.
#ifndef HPSOCKET_CORE_API_PULL_INTERFACES_H_
#define HPSOCKET_CORE_API_PULL_INTERFACES_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket {

class IPullSocket {
 public:
  virtual ~IPullSocket() = default;

  // Copies exactly `length` bytes to `data` and removes them. Length 0 is FR_OK.
  // Spec: §2.1.1, api §2.11, decisions 4.1
  virtual EnFetchResult Fetch(CONNID conn_id, uint8_t* data, int length) = 0;
  // Copies exactly `length` bytes to `data` and leaves them.
  // Spec: §2.1.1, api §2.11, decisions 4.1
  virtual EnFetchResult Peek(CONNID conn_id, uint8_t* data, int length) = 0;
  // Lends the first bytes without copying: `*data` and `*length` (at least 1) are as much as lies in
  // one piece, which may be less than is there. Only inside OnReceive of this connection, valid until
  // somebody fetches or it returns. Elsewhere, and when nothing is there, FR_DATA_NOT_FOUND.
  // Spec: decisions §8
  virtual EnFetchResult PeekSpan(CONNID conn_id, const uint8_t** data, int* length) = 0;
  // Looks for `pattern` (`length` bytes, at least 1) at or after byte `from` of what is there, without
  // copying or removing. FR_OK: `*position` is where it begins, counted from the first byte there.
  // FR_LENGTH_TOO_LONG: it is not there yet, `*position` is where to look on when more has come.
  // Spec: decisions §8
  virtual EnFetchResult Find(CONNID conn_id, const uint8_t* pattern, int length, int from, int* position) = 0;

  // With this many bytes unfetched the component stops reading from a connection and goes on when
  // Fetch has made room. The read that reaches it may exceed it. While it is reached the peer's close
  // is not noticed, as during a pause. Default 0 = unlimited. Used by the next Start.
  // Spec: decisions 4.3
  virtual void SetMaxPullLength(uint64_t length = 0) = 0;
  virtual uint64_t GetMaxPullLength() = 0;
};

// The same for the one connection of a client.
class IPullClient {
 public:
  virtual ~IPullClient() = default;

  // Spec: §2.1.1, api §2.11, decisions 4.1
  virtual EnFetchResult Fetch(uint8_t* data, int length) = 0;
  virtual EnFetchResult Peek(uint8_t* data, int length) = 0;
  // Spec: decisions §8
  virtual EnFetchResult PeekSpan(const uint8_t** data, int* length) = 0;
  virtual EnFetchResult Find(const uint8_t* pattern, int length, int from, int* position) = 0;

  // Spec: decisions 4.3
  virtual void SetMaxPullLength(uint64_t length = 0) = 0;
  virtual uint64_t GetMaxPullLength() = 0;
};

}  // namespace hpsocket

#endif  // HPSOCKET_CORE_API_PULL_INTERFACES_H_
