// Public.
//
// HP-Socket's helper functions, the same in both of its libraries, for C and C++.
//
// Threads:  any.
// Errors:   SYS_* give what the system call that they wrap gives; -1 leaves the reason in errno, which is
//           SYS_GetLastError() and SYS_WSAGetLastError().
#ifndef HPSOCKET_CORE_C_API_HELPERS_H_
#define HPSOCKET_CORE_C_API_HELPERS_H_

// FIONBIO, SOL_SOCKET and their like, as Windows' one header has them.
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"

// HP-Socket's fixed English text, valid for ever; "UNKNOWN ERROR" for what is no enumerator.
// Spec: api §1, api §4
HPSOCKET_API LPCTSTR __stdcall HP_GetSocketErrorDesc(En_HP_SocketError enCode);

// The calling thread's errno.
// Spec: §3.3, api §4, decisions 4.6
HPSOCKET_API DWORD __stdcall SYS_GetLastError(void);
HPSOCKET_API int __stdcall SYS_WSAGetLastError(void);

// setsockopt(2) and getsockopt(2). EINVAL for a negative length.
// Spec: §3.3, api §4
HPSOCKET_API int __stdcall SYS_SetSocketOption(SOCKET sock, int level, int name, LPVOID val, int len);
HPSOCKET_API int __stdcall SYS_GetSocketOption(SOCKET sock, int level, int name, LPVOID val, int* len);

// ioctl(2) with a number: FIONBIO, FIONREAD, FIOASYNC, SIOCATMARK, SIOCOUTQ and SIOCOUTQNSD. The number goes
// in and comes out as an int, which is what the kernel reads and writes; EOPNOTSUPP for any other command,
// whose argument may be larger. EINVAL without `arg`.
// Spec: §3.3, api §4
HPSOCKET_API int __stdcall SYS_IoctlSocket(SOCKET sock, long cmd, unsigned long* arg);

// What there is on Linux of Windows' WSAIoctl: FIONBIO (in: a u_long or 4 bytes), FIONREAD (out: likewise)
// and SIO_KEEPALIVE_VALS (in: tcp_keepalive). EOPNOTSUPP for any other code, EFAULT for a buffer that is null
// or too small. `lpcbBytesReturned` may be null; else it gets the number of bytes written to the out-buffer.
// Spec: §3.3, api §4
HPSOCKET_API int __stdcall SYS_WSAIoctl(SOCKET sock, DWORD dwIoControlCode, LPVOID lpvInBuffer,
                                        DWORD cbInBuffer, LPVOID lpvOutBuffer, DWORD cbOutBuffer,
                                        LPDWORD lpcbBytesReturned);

// Version of the core that is running: major << 24 | minor << 16 | revision << 8 | build; and as text, valid
// for ever.
// Spec: api §7
HPSOCKET_API DWORD __stdcall HP_GetHPSocketVersion(void);
HPSOCKET_API LPCTSTR __stdcall HP_GetHPSocketVersionDesc(void);

// Sends the library's messages to `handler`, one call at a time; null restores the default, stderr.
// core/api/library.h has the rest.
// Spec: decisions §8
HPSOCKET_API void __stdcall HP_SetLogHandler(HP_LogHandler handler, void* user);

#endif  // HPSOCKET_CORE_C_API_HELPERS_H_
