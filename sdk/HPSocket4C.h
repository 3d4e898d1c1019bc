// Public.
//
// HP-Socket for C, and for every language that can call C: all components, with HP-Socket's names. C99 and
// later; C++14 and later, also together with HPSocket.h. Link libhpsocket4c.so, or //sdk:hpsocket4c.
//
//   En_HP_HandleResult OnReceive(HP_CONNID id, const BYTE* data, int length) {
//     return HP_Server_Send(server, id, data, length) ? HP_HR_OK : HP_HR_ERROR;
//   }
//   ...
//   HP_TcpServerListener listener = Create_HP_TcpServerListener();
//   HP_Set_FN_Server_OnReceive(listener, OnReceive);
//   server = Create_HP_TcpServer(listener);
//   if (!HP_Server_Start(server, "0.0.0.0", 5555)) puts(HP_Server_GetLastErrorDesc(server));
//
// core/c_api/c_api.h says what is different from C++.
#ifndef HPSOCKET_SDK_HPSOCKET4C_H_
#define HPSOCKET_SDK_HPSOCKET4C_H_

#include "hpsocket/cast/c_api.h"
#include "hpsocket/core/api/c_types.h"
#include "hpsocket/core/c_api/c_api.h"
#include "hpsocket/core/c_api/helpers.h"
#include "hpsocket/tcp_agent/c_api.h"
#include "hpsocket/tcp_client/c_api.h"
#include "hpsocket/tcp_server/c_api.h"
#include "hpsocket/udp/c_api.h"

#endif  // HPSOCKET_SDK_HPSOCKET4C_H_
