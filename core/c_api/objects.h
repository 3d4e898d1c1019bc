// Internal to core.
//
// Makes and ends what handles stand for. A component needs a line for each of its four functions.
//
// Threads:  any.
// Errors:   null with errno: EINVAL no listener of this family, ENOMEM.
#ifndef HPSOCKET_CORE_C_API_OBJECTS_H_
#define HPSOCKET_CORE_C_API_OBJECTS_H_

#include <cerrno>
#include <exception>
#include <memory>
#include <utility>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/c_api/call.h"
#include "hpsocket/core/c_api/handle.h"

namespace hpsocket::core {

// A component and the C++ listener that it reports to, which outlives it.
template <class Component, class Creator, class Listener>
class ComponentWithListener {
 public:
  ComponentWithListener(std::shared_ptr<typename Listener::FunctionsType> functions, HP_Object handle)
      : listener_(std::move(functions), handle), component_(Creator::Create(&listener_)) {}
  ComponentWithListener(const ComponentWithListener&) = delete;
  ComponentWithListener& operator=(const ComponentWithListener&) = delete;
  ~ComponentWithListener() {
    if (component_ != nullptr) Creator::Destroy(component_);
  }

  // Null when memory is short.
  Component* component() { return component_; }

 private:
  Listener listener_;
  Component* const component_;
};

// A component that reports to the functions of a listener handle. `Interfaces` are those that functions look
// for: IServer, ITcpServer, ...
template <class Component, class Creator, class Listener, class... Interfaces>
HP_Object CreateComponent(HP_Object listener) noexcept {
  auto functions = Handle::Share<typename Listener::FunctionsType>(listener);
  if (functions == nullptr) return Refuse<HP_Object>(EINVAL);
  Handle* const handle = Handle::Take();
  if (handle == nullptr) return Refuse<HP_Object>(ENOMEM);
  try {
    auto object =
        std::make_shared<ComponentWithListener<Component, Creator, Listener>>(std::move(functions), handle);
    if (Component* const component = object->component(); component != nullptr) {
      handle->Hold<Interfaces...>(std::move(object), component);
      handle->Publish();
      return handle;
    }
  } catch (const std::exception&) {  // out of memory
  }
  handle->GiveBack();
  return Refuse<HP_Object>(ENOMEM);
}

// Stops first; events of that still find the component. What is no such component is ignored, with EINVAL.
template <class Component>
void DestroyComponent(HP_Object object) noexcept {
  Handle* const handle = Handle::Of<Component>(object);
  if (handle == nullptr || !handle->Destroy()) Refuse<void>(EINVAL);
}

template <class Functions>
HP_Object CreateListener() noexcept {
  Handle* const handle = Handle::Take();
  if (handle == nullptr) return Refuse<HP_Object>(ENOMEM);
  try {
    auto functions = std::make_shared<Functions>();
    Functions* const object = functions.get();
    handle->Hold<Functions>(std::move(functions), object);
    handle->Publish();
    return handle;
  } catch (const std::exception&) {  // out of memory
    handle->GiveBack();
    return Refuse<HP_Object>(ENOMEM);
  }
}

// Components that report to it go on calling its functions until they are destroyed.
template <class Functions>
void DestroyListener(HP_Object object) noexcept {
  DestroyComponent<Functions>(object);
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_C_API_OBJECTS_H_
