// Internal to core.
//
// The methods of IPullSocket and IPullClient, once for all PULL components; a client passes its one ID.
//
// Threads:  any.
// Errors:   as IPullSocket.
// Spec: §2.1.1, api §2.11, decisions 4.1, decisions §8
#ifndef HPSOCKET_CORE_FACADE_PULL_CALLS_H_
#define HPSOCKET_CORE_FACADE_PULL_CALLS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::core {

class StreamEngine;

EnFetchResult PullFetch(StreamEngine& engine, CONNID id, uint8_t* data, int length);
EnFetchResult PullPeek(StreamEngine& engine, CONNID id, uint8_t* data, int length);
EnFetchResult PullPeekSpan(StreamEngine& engine, CONNID id, const uint8_t** data, int* length);
EnFetchResult PullFind(StreamEngine& engine, CONNID id, const uint8_t* pattern, int length, int from,
                       int* position);
void SetMaxPullLength(StreamEngine& engine, uint64_t length);
uint64_t GetMaxPullLength(StreamEngine& engine);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_PULL_CALLS_H_
