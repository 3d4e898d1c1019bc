// Internal to core.
//
// One function of the C interface as one line: it finds the object behind a handle and calls a method of
// it, with C's types turned into the method's.
//
// Threads:  as the method.
// Errors:   without an object, and when a result has no place to go (a null pointer for what the method
//           takes by reference), errno is EINVAL and the result is what kRefused says.
#ifndef HPSOCKET_CORE_C_API_CALL_H_
#define HPSOCKET_CORE_C_API_CALL_H_

#include <cerrno>
#include <exception>
#include <type_traits>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/error_map.h"
#include "hpsocket/core/c_api/handle.h"

namespace hpsocket::core {

// What a function gives when it cannot do what it is for: nothing, or the word for that.
template <class Result>
inline constexpr Result kRefused = Result();
template <>
inline constexpr EnServiceState kRefused<EnServiceState> = SS_STOPPED;
template <>
inline constexpr EnSocketError kRefused<EnSocketError> = SE_INVALID_PARAM;
template <>
inline constexpr EnFetchResult kRefused<EnFetchResult> = FR_DATA_NOT_FOUND;

template <class Result>
Result Refuse(int error) noexcept {
  errno = error;
  if constexpr (std::is_same_v<Result, const char*>) {
    return GetSocketErrorDesc(SE_INVALID_PARAM);
  } else if constexpr (!std::is_void_v<Result>) {
    return kRefused<Result>;
  }
}

// bool is BOOL in C.
template <class T>
using InC = std::conditional_t<std::is_same_v<T, bool>, BOOL, T>;

template <class Param, class Arg>
constexpr bool LacksPlace([[maybe_unused]] const Arg& arg) {
  if constexpr (std::is_lvalue_reference_v<Param> && std::is_pointer_v<Arg>) {
    return arg == nullptr;
  } else {
    return false;
  }
}

template <class Param, class Arg>
constexpr Param AsParam(Arg& arg) {
  if constexpr (std::is_lvalue_reference_v<Param>) {
    return *arg;
  } else if constexpr (std::is_same_v<Param, bool>) {
    return arg != FALSE;
  } else {
    return arg;
  }
}

template <class Interface, class Result, class Class, class... Params, class... Args>
InC<Result> Call(HP_Object object, Result (Class::*method)(Params...), Args... args) noexcept {
  static_assert(sizeof...(Params) == sizeof...(Args));
  Interface* const target = Handle::Find<Interface>(object);
  if (target == nullptr || (LacksPlace<Params>(args) || ...)) return Refuse<InC<Result>>(EINVAL);
  try {
    return static_cast<InC<Result>>((target->*method)(AsParam<Params>(args)...));
  } catch (const std::exception&) {  // out of memory
    return Refuse<InC<Result>>(ENOMEM);
  }
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_C_API_CALL_H_
