// Public.
//
// The Windows words of HP-Socket's signatures and its error constants, as they are on Linux, for C and C++.
// They stand in the global namespace, where code that was written for HP-Socket looks for them; the headers
// of the components do without.
//
// Errors:   the ERROR_* and WSAE* constants are errno values, so they compare with errno, with
//           SYS_GetLastError() and with OnError's code.
#ifndef HPSOCKET_CORE_API_WINDOWS_TYPES_H_
#define HPSOCKET_CORE_API_WINDOWS_TYPES_H_

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
#include "hpsocket/core/api/types.h"
#endif

// --- Types ---

// Spec: api §1, decisions 1.3
typedef int BOOL;
typedef unsigned char BYTE;
typedef unsigned short USHORT;
typedef unsigned int UINT;
typedef uint32_t DWORD;
typedef DWORD* LPDWORD;
typedef void* PVOID;
typedef void* LPVOID;
typedef uintptr_t UINT_PTR;
typedef uintptr_t ULONG_PTR;
typedef char TCHAR;
typedef const TCHAR* LPCTSTR;
typedef struct sockaddr_in SOCKADDR_IN;

#ifdef __cplusplus
using hpsocket::LPWSABUF;
using hpsocket::SOCKET;
using hpsocket::WSABUF;
#else
typedef int SOCKET;
// One piece of a SendPackets call. The call only reads the bytes and keeps nothing.
typedef struct WSABUF {
  UINT len;
  BYTE* buf;
} WSABUF, *LPWSABUF;
#endif

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#define INVALID_SOCKET (-1)
#define SOCKET_ERROR (-1)

// The calling convention of callbacks, which Linux has one of.
#ifndef __stdcall
#define __stdcall
#endif

// --- Errors ---

// Spec: api §6.14, decisions 1.3
#define NO_ERROR 0
#define ERROR_SUCCESS 0
#define ERROR_INVALID_STATE EPERM
#define ERROR_INVALID_OPERATION EPERM
#define ERROR_NOT_READY EPERM
#define ERROR_NOT_SUPPORTED EPERM
#define ERROR_INVALID_PARAMETER EINVAL
#define ERROR_OBJECT_NOT_FOUND EBADSLT
#define ERROR_CANCELLED ECANCELED
#define ERROR_OPERATION_ABORTED ECANCELED
#define ERROR_INCORRECT_SIZE EMSGSIZE
#define ERROR_BAD_LENGTH EMSGSIZE
#define ERROR_FILE_TOO_LARGE EFBIG
#define ERROR_FILE_NOT_FOUND ENOENT
#define ERROR_FILE_INVALID EINVAL  // what SendSmallFile gives for an empty file
#define ERROR_ADDRNOTAVAIL EADDRNOTAVAIL
#define ERROR_CONNECTION_COUNT_LIMIT ENOSR
#define ERROR_CREATE_FAILED EMFILE
#define ERROR_INVALID_INDEX ENOANO
#define ERROR_CONNRESET ECONNRESET
#define ERROR_CONNREFUSED ECONNREFUSED
#define ERROR_TIMEDOUT ETIMEDOUT
#define ERROR_WOULDBLOCK EAGAIN

#define WSAEINTR EINTR
#define WSAEACCES EACCES
#define WSAEINVAL EINVAL
#define WSAEMFILE EMFILE
#define WSAEWOULDBLOCK EWOULDBLOCK
#define WSAENOTSOCK ENOTSOCK
#define WSAEMSGSIZE EMSGSIZE
#define WSAEOPNOTSUPP EOPNOTSUPP
#define WSAEADDRINUSE EADDRINUSE
#define WSAEADDRNOTAVAIL EADDRNOTAVAIL
#define WSAENETUNREACH ENETUNREACH
#define WSAECONNABORTED ECONNABORTED
#define WSAECONNRESET ECONNRESET
#define WSAENOBUFS ENOBUFS
#define WSAENOTCONN ENOTCONN
#define WSAETIMEDOUT ETIMEDOUT
#define WSAECONNREFUSED ECONNREFUSED
#define WSAEHOSTUNREACH EHOSTUNREACH

// The calling thread's errno by its Windows names.
// Spec: §2.1.4, api §6.14
static inline DWORD GetLastError(void) { return (DWORD)errno; }
static inline void SetLastError(DWORD error) { errno = (int)error; }
static inline int WSAGetLastError(void) { return errno; }
static inline void WSASetLastError(int error) { errno = error; }

// --- Socket options of SYS_WSAIoctl ---

// Windows' value; in: a struct tcp_keepalive.
// Spec: §3.3, api §4
#define SIO_KEEPALIVE_VALS 0x98000004u

// Units: milliseconds. Linux counts seconds: rounded up, at least 1, at most 32767.
struct tcp_keepalive {
  uint32_t onoff;
  uint32_t keepalivetime;
  uint32_t keepaliveinterval;
};

#endif  // HPSOCKET_CORE_API_WINDOWS_TYPES_H_
