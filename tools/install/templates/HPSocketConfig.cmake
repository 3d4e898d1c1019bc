# find_package(HPSocket [VERSION] [COMPONENTS hpsocket hpsocket4c hpsocket_static])
#
#   HPSocket::hpsocket         #include "HPSocket.h", links libhpsocket.so
#   HPSocket::hpsocket4c       #include "HPSocket4C.h", links libhpsocket4c.so
#   HPSocket::hpsocket_static  #include "HPSocket.h", links libhpsocket.a
#
# In configuration Debug the first two are the libraries in debug mode, libhpsocket_d.so and libhpsocket4c_d.so, if these
# are installed. What is not installed has no target.

# The real path: /lib may be a link to /usr/lib.
get_filename_component(_hpsocket_prefix "${CMAKE_CURRENT_LIST_DIR}" REALPATH)
get_filename_component(_hpsocket_prefix "${_hpsocket_prefix}/@UP@" ABSOLUTE)
set(_hpsocket_lib "${_hpsocket_prefix}/@LIBDIR@")

foreach(_hpsocket_name hpsocket hpsocket4c)
  if(NOT TARGET HPSocket::${_hpsocket_name} AND EXISTS "${_hpsocket_lib}/lib${_hpsocket_name}.so.@ABI@")
    add_library(HPSocket::${_hpsocket_name} SHARED IMPORTED)
    set_target_properties(HPSocket::${_hpsocket_name} PROPERTIES
      IMPORTED_LOCATION "${_hpsocket_lib}/lib${_hpsocket_name}.so.@ABI@"
      IMPORTED_SONAME "lib${_hpsocket_name}.so.@ABI@"
      INTERFACE_INCLUDE_DIRECTORIES "${_hpsocket_prefix}/include")
    if(EXISTS "${_hpsocket_lib}/lib${_hpsocket_name}_d.so.@ABI@")
      set_target_properties(HPSocket::${_hpsocket_name} PROPERTIES
        IMPORTED_LOCATION_DEBUG "${_hpsocket_lib}/lib${_hpsocket_name}_d.so.@ABI@"
        IMPORTED_SONAME_DEBUG "lib${_hpsocket_name}_d.so.@ABI@")
    endif()
  endif()
endforeach()

if(TARGET HPSocket::hpsocket)
  set_target_properties(HPSocket::hpsocket PROPERTIES INTERFACE_COMPILE_FEATURES cxx_std_14)
endif()
if(TARGET HPSocket::hpsocket4c)
  # It needs the other one when it runs; programs in C are not to link it.
  set_target_properties(HPSocket::hpsocket4c PROPERTIES IMPORTED_LINK_DEPENDENT_LIBRARIES HPSocket::hpsocket)
endif()

if(NOT TARGET HPSocket::hpsocket_static AND EXISTS "${_hpsocket_lib}/libhpsocket.a")
  add_library(HPSocket::hpsocket_static STATIC IMPORTED)
  set_target_properties(HPSocket::hpsocket_static PROPERTIES
    IMPORTED_LOCATION "${_hpsocket_lib}/libhpsocket.a"
    IMPORTED_LINK_INTERFACE_LANGUAGES CXX
    INTERFACE_COMPILE_FEATURES cxx_std_14
    INTERFACE_INCLUDE_DIRECTORIES "${_hpsocket_prefix}/include"
    INTERFACE_LINK_LIBRARIES -pthread)
endif()

foreach(_hpsocket_name ${HPSocket_FIND_COMPONENTS})
  if(TARGET HPSocket::${_hpsocket_name})
    set(HPSocket_${_hpsocket_name}_FOUND TRUE)
  elseif(HPSocket_FIND_REQUIRED_${_hpsocket_name})
    set(HPSocket_FOUND FALSE)
    set(HPSocket_NOT_FOUND_MESSAGE
      "HPSocket in ${_hpsocket_prefix} has no ${_hpsocket_name}; there are hpsocket, hpsocket4c and hpsocket_static")
  endif()
endforeach()

unset(_hpsocket_name)
unset(_hpsocket_lib)
unset(_hpsocket_prefix)
