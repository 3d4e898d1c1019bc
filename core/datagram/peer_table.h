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

#include "absl/container/flat_hash_set.h"
#include "hpsocket/core/datagram/session.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

uint64_t HashOfPeer(const Address& peer, uint64_t key);

class PeerTable {
 public:
  Session* Find(const Address& peer, uint64_t hash) const;
  bool Insert(Session& session);
  void Remove(Session& session) { sessions_.erase(&session); }
  size_t size() const { return sessions_.size(); }

 private:
  struct Probe {
    const Address& peer;
    uint64_t hash;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(const Session* session) const { return session->hash(); }
    size_t operator()(const Probe& probe) const { return probe.hash; }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Session* a, const Session* b) const { return a == b; }
    bool operator()(const Session* a, const Probe& b) const { return a->peer() == b.peer; }
    bool operator()(const Probe& a, const Session* b) const { return b->peer() == a.peer; }
  };

  absl::flat_hash_set<Session*, Hash, Equal> sessions_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_PEER_TABLE_H_
