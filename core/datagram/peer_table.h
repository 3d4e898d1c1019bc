// Internal to core.
//
// Finds the session of a peer's address: one table per worker, so nobody shares it. The hash is keyed
// per component, because whoever can choose addresses must not choose buckets, and also decides which
// worker a peer meets.
//
// Threads:  a table: its worker. HashOfPeer: any.
// Owner:    the table owns no session.
// Errors:   an insert that finds no memory fails.
#ifndef HPSOCKET_CORE_DATAGRAM_PEER_TABLE_H_
#define HPSOCKET_CORE_DATAGRAM_PEER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "hpsocket/core/datagram/session.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

uint64_t HashOfPeer(const Address& peer, uint64_t key);

// Open addressing, one word per place, at most three quarters full. Not abseil's, which does not outlive an
// allocation that fails.
class PeerTable {
 public:
  Session* Find(const Address& peer, uint64_t hash) const;
  // Of a peer that is not in the table.
  bool Insert(Session& session);
  // Nothing if it is not in the table.
  void Remove(const Session& session);
  size_t size() const { return size_; }

 private:
  // Above the pointer, which has 48 bits where programs run (checked when it is written), stand 16 of the
  // hash: most other peers are passed by without a look at their sessions.
  static constexpr int kPointerBits = 48;

  static Session* SessionOf(uint64_t entry) {
    return reinterpret_cast<Session*>(static_cast<uintptr_t>(entry & ((uint64_t{1} << kPointerBits) - 1)));
  }
  // Neither those that say where in the table, nor those that say which worker.
  static uint64_t TagOf(uint64_t hash) { return hash >> 32 & 0xffff; }

  size_t After(size_t place) const { return (place + 1) & mask_; }
  void Place(uint64_t entry, uint64_t hash);
  bool Grow();

  std::unique_ptr<uint64_t[]> places_;  // 0: nobody
  size_t mask_ = 0;
  size_t size_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_PEER_TABLE_H_
