// Internal to core.
//
// The header of one buffer that a port receives into. Whoever wants the bytes to outlive the call
// that delivered them takes a reference (a lease); the last one out sends the buffer home.
//
// Threads:  the worker that owns the port does everything; another thread that ends up with a
//           reference hands it back through that worker's inbox.
// Owner:    the BufferHome it came from.
// Lifetime: valid while referenced; a home outlives its buffers.
#ifndef HPSOCKET_CORE_MEMORY_RECEIVE_BUFFER_H_
#define HPSOCKET_CORE_MEMORY_RECEIVE_BUFFER_H_

#include <cstddef>
#include <cstdint>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {

class ReceiveBuffer;

class BufferHome {
 public:
  // The last reference is gone.
  virtual void Recycle(ReceiveBuffer* buffer) = 0;

  // Whether one more buffer may be kept beyond the call that delivered it. False once leases hold
  // half of the buffers, so that slow peers never starve receiving.
  bool may_lease() const { return leased_ < lease_limit_; }
  size_t leased() const { return leased_; }

 protected:
  explicit BufferHome(size_t lease_limit) : lease_limit_(lease_limit) {}
  virtual ~BufferHome() = default;

 private:
  friend class ReceiveBuffer;
  size_t leased_ = 0;
  const size_t lease_limit_;
};

class ReceiveBuffer {
 public:
  // `id` is the home's own name for the buffer.
  void Init(BufferHome* home, uint8_t* data, uint32_t capacity, uint32_t id) {
    home_ = home;
    data_ = data;
    capacity_ = capacity;
    id_ = id;
  }

  uint8_t* data() const { return data_; }
  uint32_t capacity() const { return capacity_; }
  uint32_t id() const { return id_; }
  uint32_t references() const { return references_; }
  BufferHome* home() const { return home_; }

  bool Contains(const uint8_t* first, size_t length) const {
    return first >= data_ && first < data_ + capacity_ &&
           length <= static_cast<size_t>(data_ + capacity_ - first);
  }

  // The port's own reference, held while it delivers.
  void BeginDelivery() {
    HP_DCHECK(references_ == 0);
    references_ = 1;
  }
  void EndDelivery() { Drop(); }

  // A lease. Ask home()->may_lease() first.
  void AddLease() {
    ++references_;
    if (leases_++ == 0) ++home_->leased_;
  }
  void DropLease() {
    if (--leases_ == 0) --home_->leased_;
    Drop();
  }
  bool leased() const { return leases_ != 0; }

 private:
  void Drop() {
    HP_DCHECK(references_ > 0);
    if (--references_ == 0) home_->Recycle(this);
  }

  BufferHome* home_ = nullptr;
  uint8_t* data_ = nullptr;
  uint32_t capacity_ = 0;
  uint32_t id_ = 0;
  uint32_t references_ = 0;
  uint32_t leases_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_RECEIVE_BUFFER_H_
