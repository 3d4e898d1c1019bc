// Internal to core.
//
// Datagrams on their way out: their bytes behind one head, in one piece of memory. And one round's worth
// of received datagrams on its way from the worker that read them to the worker that they are for.
//
// Threads:  one owner at a time.
// Owner:    whoever holds it; memory from where it says.
#ifndef HPSOCKET_CORE_DATAGRAM_PACKET_H_
#define HPSOCKET_CORE_DATAGRAM_PACKET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "hpsocket/core/base/mpsc_queue.h"
#include "hpsocket/core/memory/private_heap.h"
#include "hpsocket/core/memory/shared_pool.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/send_batch.h"

namespace hpsocket::core {

class Session;

// One datagram of a session, or, where a worker sends it many of one length in a row, as many as leave as
// one message.
struct Packet : MpscNode<Packet> {
  Session* session = nullptr;
  Packet* next = nullptr;
  uint32_t length = 0;     // of each
  uint32_t room = 0;       // bytes
  uint16_t count = 1;      // datagrams
  uint16_t done = 0;       // of these, from the first on: they have left, or are dropped
  bool of_heap = false;    // the worker's own heap; else the component's pool
  bool has_left = false;   // SP_DIRECT has sent it; only its OnSend is due
  bool heartbeat = false;  // the library's own: nobody hears of it

  uint8_t* bytes(uint32_t index = 0) { return reinterpret_cast<uint8_t*>(this + 1) + size_t{index} * length; }
  size_t footprint() const { return sizeof(Packet) + room; }
  uint32_t left() const { return uint32_t{count} - done; }

  // Whether a datagram of the worker's can be told to it as one more of the same.
  bool IsLike(const Session& other, uint32_t other_length) const {
    return session == &other && length == other_length && of_heap && !heartbeat;
  }
  bool HasRoom() const { return (uint32_t{count} + 1) * length <= room; }
  // For how many the one behind it should have room: twice as many, since there may be more to come.
  uint32_t NextRoom() const {
    const uint32_t fit = static_cast<uint32_t>(SendBatch::kMostSegmentedBytes) / length;
    return std::clamp(fit, 1u, std::min(2u * count, static_cast<uint32_t>(SendBatch::kMostSegments)));
  }

  // With room for so many. Null when out of memory.
  template <class Memory>
  static Packet* New(Memory& memory, Session* session, uint32_t length, uint32_t most = 1) {
    const uint32_t room = length * most;
    void* const place = memory.Allocate(sizeof(Packet) + room);
    if (place == nullptr) return nullptr;
    Packet* const packet = ::new (place) Packet;
    packet->session = session;
    packet->length = length;
    packet->room = room;
    return packet;
  }
  static void Delete(Packet* packet, PrivateHeap& heap, SharedPool& pool) {
    const size_t size = packet->footprint();
    const bool of_heap = packet->of_heap;
    packet->~Packet();
    if (of_heap) {
      heap.Free(packet, size);
    } else {
      pool.Free(packet, size);
    }
  }
};

// Where a received datagram comes from.
struct Origin {
  Address from;
  Address to;     // of this host, as ReceiveBatch::Message has it
  uint64_t hash;  // of `from`
};

// Received datagrams of one batch for one worker, each behind its head.
struct Arrivals : MpscNode<Arrivals> {
  struct Head {
    Origin origin;
    uint32_t length;
    bool oversize;
  };

  uint32_t size = 0;  // of what stands behind
  uint32_t used = 0;
  uint32_t count = 0;
  Arrivals* next = nullptr;

  static constexpr size_t kAlignment = alignof(Head);
  static size_t Room(uint32_t length) {
    return (sizeof(Head) + length + kAlignment - 1) / kAlignment * kAlignment;
  }

  static Arrivals* New(SharedPool& pool, uint32_t size) {
    void* const place = pool.Allocate(sizeof(Arrivals) + size);
    if (place == nullptr) return nullptr;
    Arrivals* const arrivals = ::new (place) Arrivals;
    arrivals->size = size;
    return arrivals;
  }
  static void Delete(Arrivals* arrivals, SharedPool& pool) {
    const size_t size = sizeof(Arrivals) + arrivals->size;
    arrivals->~Arrivals();
    pool.Free(arrivals, size);
  }

  void Add(const Head& head, const uint8_t* data) {
    uint8_t* const place = begin() + used;
    ::new (static_cast<void*>(place)) Head(head);
    if (head.length != 0) std::memcpy(place + sizeof(Head), data, head.length);
    used += static_cast<uint32_t>(Room(head.length));
    ++count;
  }
  template <class Visit>
  void ForEach(Visit&& visit) {
    for (uint32_t at = 0; at < used;) {
      const Head& head = *reinterpret_cast<const Head*>(begin() + at);
      at += static_cast<uint32_t>(Room(head.length));
      visit(head, reinterpret_cast<const uint8_t*>(&head + 1));
    }
  }

 private:
  uint8_t* begin() { return reinterpret_cast<uint8_t*>(this + 1); }
};
static_assert(sizeof(Arrivals) % Arrivals::kAlignment == 0);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_PACKET_H_
