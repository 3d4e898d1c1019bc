// Public.
//
// The C interface of UDP Cast: what only it has. The functions that it shares with others
// are in core/c_api/c_api.h, which also says what C does differently; udp_cast.h
// has the contracts.
//
//   HP_UdpCastListener listener = Create_HP_UdpCastListener();
//   HP_Set_FN_Client_OnReceive(listener, OnReceive);
//   HP_UdpCast cast = Create_HP_UdpCast(listener);
//
// Threads:  any, as in C++. A handle is not used while another thread destroys it.
// Owner:    Create_HP_* and Destroy_HP_* of one kind belong together.
// Lifetime: a listener outlives the components that were made with it. Destroying a running component
//           stops it: its last events find the handle still valid.
// Errors:   Create_HP_* give null: EINVAL no listener of this family, ENOMEM.
// Units:    bytes.
#ifndef HPSOCKET_CAST_C_API_H_
#define HPSOCKET_CAST_C_API_H_

#include <stdint.h>

#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/api/windows_types.h"
#include "hpsocket/core/c_api/c_api.h"

// --- Objects ---

// Spec: §3.3, api §5.3
HPSOCKET_API HP_UdpCast __stdcall Create_HP_UdpCast(HP_UdpCastListener pListener);
HPSOCKET_API void __stdcall Destroy_HP_UdpCast(HP_UdpCast pCast);

// All clients share one kind of listener, whatever they are called here.
// Spec: api §5.1, api §5.3
HPSOCKET_API HP_UdpCastListener __stdcall Create_HP_UdpCastListener(void);
HPSOCKET_API void __stdcall Destroy_HP_UdpCastListener(HP_UdpCastListener pListener);

// --- UDP Cast ---

// As IUdpCast.
// Spec: api §5.3
HPSOCKET_API void __stdcall HP_UdpCast_SetMaxDatagramSize(HP_UdpCast pCast, DWORD dwMaxDatagramSize);
HPSOCKET_API DWORD __stdcall HP_UdpCast_GetMaxDatagramSize(HP_UdpCast pCast);
HPSOCKET_API BOOL __stdcall HP_UdpCast_GetRemoteAddress(HP_UdpCast pCast, TCHAR lpszAddress[],
                                                        int* piAddressLen, USHORT* pusPort);
HPSOCKET_API void __stdcall HP_UdpCast_SetBindAdddress(HP_UdpCast pCast, LPCTSTR pszBindAddress);
HPSOCKET_API LPCTSTR __stdcall HP_UdpCast_GetBindAdddress(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetReuseAddress(HP_UdpCast pCast, BOOL bReuseAddress);
HPSOCKET_API BOOL __stdcall HP_UdpCast_IsReuseAddress(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetCastMode(HP_UdpCast pCast, En_HP_CastMode enCastMode);
HPSOCKET_API En_HP_CastMode __stdcall HP_UdpCast_GetCastMode(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetMultiCastTtl(HP_UdpCast pCast, int iMCTtl);
HPSOCKET_API int __stdcall HP_UdpCast_GetMultiCastTtl(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetMultiCastLoop(HP_UdpCast pCast, BOOL bMCLoop);
HPSOCKET_API BOOL __stdcall HP_UdpCast_IsMultiCastLoop(HP_UdpCast pCast);

// Not in HP-Socket, or its document's spelling.
// Spec: decisions 1.2, decisions §8
HPSOCKET_API void __stdcall HP_UdpCast_SetBindAddress(HP_UdpCast pCast, LPCTSTR pszBindAddress);
HPSOCKET_API LPCTSTR __stdcall HP_UdpCast_GetBindAddress(HP_UdpCast pCast);
HPSOCKET_API BOOL __stdcall HP_UdpCast_JoinSource(HP_UdpCast pCast, LPCTSTR pszSourceAddress);
HPSOCKET_API void __stdcall HP_UdpCast_SetCloseOnOversize(HP_UdpCast pCast, BOOL bCloseOnOversize);
HPSOCKET_API BOOL __stdcall HP_UdpCast_IsCloseOnOversize(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetSendBufferSize(HP_UdpCast pCast, DWORD dwSendBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpCast_GetSendBufferSize(HP_UdpCast pCast);
HPSOCKET_API void __stdcall HP_UdpCast_SetReceiveBufferSize(HP_UdpCast pCast, DWORD dwReceiveBufferSize);
HPSOCKET_API DWORD __stdcall HP_UdpCast_GetReceiveBufferSize(HP_UdpCast pCast);

#endif  // HPSOCKET_CAST_C_API_H_
