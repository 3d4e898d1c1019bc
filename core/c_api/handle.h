// Internal to core.
//
// Handles are what the C interface calls objects by. One names a component or a listener by each
// interface that it has, so it goes with every family of functions that the object belongs to. The
// blocks behind handles are never given back to the system, only used again, oldest first: a handle
// that was destroyed can be told from a living one until kRested others have been destroyed after it
// and its block is taken again.
//
// Threads:  any. A handle is not used while another thread destroys it.
// Owner:    a handle owns its object.
// Errors:   null for what is no handle, is destroyed, or belongs to another family.
#ifndef HPSOCKET_CORE_C_API_HANDLE_H_
#define HPSOCKET_CORE_C_API_HANDLE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "hpsocket/core/api/c_types.h"

namespace hpsocket::core {

// Destroyed handles that stay unused.
inline constexpr size_t kRested = 1024;

// An interface's name in handles: its address.
template <class Interface>
struct InterfaceTag {
  static constexpr char kTag = 0;
};

class Handle {
 public:
  // A handle that nobody finds yet; null when memory is short.
  static Handle* Take() noexcept;
  // Gives up one that was not published.
  void GiveBack() noexcept;

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // Before Publish(): gives it the object, and the interfaces by which functions may find it.
  template <class... Interfaces, class Object>
  void Hold(std::shared_ptr<void> owner, Object* object) noexcept {
    static_assert(sizeof...(Interfaces) <= std::tuple_size<decltype(faces_)>::value);
    owner_ = std::move(owner);
    faces_ = {Face{&InterfaceTag<Interfaces>::kTag, static_cast<Interfaces*>(object)}...};
  }
  // From here on Find() finds it.
  void Publish() noexcept { state_.store(kAlive, std::memory_order_release); }
  // Ends the object, which events of its own still find by its handle meanwhile, and rests the handle. False
  // if that is going on already.
  bool Destroy() noexcept;

  template <class Interface>
  static Interface* Find(HP_Object object) noexcept {
    Handle* const handle = Check(object);
    if (handle == nullptr) return nullptr;
    for (const Face& face : handle->faces_) {
      if (face.tag == &InterfaceTag<Interface>::kTag) return static_cast<Interface*>(face.object);
    }
    return nullptr;
  }
  // The handle of an object that has this interface.
  template <class Interface>
  static Handle* Of(HP_Object object) noexcept {
    return Find<Interface>(object) == nullptr ? nullptr : static_cast<Handle*>(object);
  }
  // The object's owner, which outlives the handle while somebody holds it.
  template <class Interface>
  static std::shared_ptr<Interface> Share(HP_Object object) noexcept {
    Interface* const found = Find<Interface>(object);
    if (found == nullptr) return nullptr;
    return std::shared_ptr<Interface>(static_cast<Handle*>(object)->owner_, found);
  }

 private:
  struct Face {
    const char* tag = nullptr;
    void* object = nullptr;
  };

  // The state of a block is a word that nothing else looks like:
  //   kResting  Publish  kAlive       only this moves it when the handle is new
  //   kAlive    Destroy  kEnding      whoever moves it ends the object
  //   kEnding   -        kResting     when the object has ended
  static constexpr uint64_t kResting = 0;
  static constexpr uint64_t kAlive = 0x4850'2d53'6f63'6b65;
  static constexpr uint64_t kEnding = 0x4850'2d65'6e64'696e;

  static Handle* Check(HP_Object object) noexcept {
    if (object == nullptr || reinterpret_cast<uintptr_t>(object) % alignof(Handle) != 0) return nullptr;
    Handle* const handle = static_cast<Handle*>(object);
    const uint64_t state = handle->state_.load(std::memory_order_acquire);
    return state == kAlive || state == kEnding ? handle : nullptr;
  }

  // Whoever reads kResting, or what is no state, does not touch the rest.
  std::atomic<uint64_t> state_{kResting};
  std::array<Face, 3> faces_;
  std::shared_ptr<void> owner_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_C_API_HANDLE_H_
