{ Made by sdk/bindings/declarations from the C headers. Delphi and Free Pascal. }

unit hpsocket4c;

{$IFDEF FPC}{$MODE DELPHI}{$PACKRECORDS C}{$ENDIF}
{$MINENUMSIZE 4}

interface

const
  { The library: Free Pascal's linker adds lib and .so. }
  HPSOCKET4C = {$IFDEF FPC}'hpsocket4c'{$ELSE}'libhpsocket4c.so'{$ENDIF};

type
  HP_CONNID = NativeUInt;
  PHP_CONNID = ^HP_CONNID;
  HP_Object = Pointer;
  HP_Server = HP_Object;
  HP_Agent = HP_Object;
  HP_Client = HP_Object;
  HP_TcpServer = HP_Object;
  HP_TcpAgent = HP_Object;
  HP_TcpClient = HP_Object;
  HP_PullSocket = HP_Object;
  HP_PullClient = HP_Object;
  HP_TcpPullServer = HP_Object;
  HP_TcpPullAgent = HP_Object;
  HP_TcpPullClient = HP_Object;
  HP_UdpServer = HP_Object;
  HP_UdpClient = HP_Object;
  HP_UdpCast = HP_Object;
  HP_Listener = HP_Object;
  HP_ServerListener = HP_Object;
  HP_AgentListener = HP_Object;
  HP_ClientListener = HP_Object;
  HP_TcpServerListener = HP_Object;
  HP_TcpAgentListener = HP_Object;
  HP_TcpClientListener = HP_Object;
  HP_PullSocketListener = HP_Object;
  HP_PullClientListener = HP_Object;
  HP_TcpPullServerListener = HP_Object;
  HP_TcpPullAgentListener = HP_Object;
  HP_TcpPullClientListener = HP_Object;
  HP_UdpServerListener = HP_Object;
  HP_UdpClientListener = HP_Object;
  HP_UdpCastListener = HP_Object;

  En_HP_ServiceState = (HP_SS_STARTING, HP_SS_STARTED, HP_SS_STOPPING, HP_SS_STOPPED);

  En_HP_SocketOperation = (HP_SO_UNKNOWN, HP_SO_ACCEPT, HP_SO_CONNECT, HP_SO_SEND, HP_SO_RECEIVE);

  En_HP_HandleResult = (HP_HR_OK, HP_HR_IGNORE, HP_HR_ERROR);

  En_HP_FetchResult = (HP_FR_OK, HP_FR_LENGTH_TOO_LONG, HP_FR_DATA_NOT_FOUND);

  En_HP_SendPolicy = (HP_SP_PACK, HP_SP_SAFE, HP_SP_DIRECT);

  En_HP_RecvPolicy = (HP_RP_SERIAL, HP_RP_PARALLEL);

  En_HP_SocketError = (HP_SE_OK, HP_SE_ILLEGAL_STATE, HP_SE_INVALID_PARAM, HP_SE_SOCKET_CREATE, HP_SE_SOCKET_BIND,
    HP_SE_SOCKET_PREPARE, HP_SE_SOCKET_LISTEN, HP_SE_CP_CREATE, HP_SE_WORKER_THREAD_CREATE, HP_SE_DETECT_THREAD_CREATE,
    HP_SE_SOCKE_ATTACH_TO_CP, HP_SE_CONNECT_SERVER, HP_SE_NETWORK, HP_SE_DATA_PROC, HP_SE_DATA_SEND);

  En_HP_CastMode = (HP_CM_MULTICAST, HP_CM_BROADCAST);

  En_HP_IoBackend = (HP_IO_AUTO, HP_IO_URING, HP_IO_EPOLL);

  { One piece of a SendPackets call. }
  WSABUF = record
    len: Cardinal;
    buf: Pointer;
  end;
  PWSABUF = ^WSABUF;

  { `size` is SizeOf(HP_Stats). }
  HP_Stats = record
    size: Cardinal;
    reserved: Cardinal;
    connections: UInt64;
    lingering: UInt64;
    total_connections: UInt64;
    refused_connections: UInt64;
    failed_connections: UInt64;
    bytes_received: UInt64;
    bytes_sent: UInt64;
    receive_calls: UInt64;
    send_calls: UInt64;
    pending_bytes: UInt64;
    pool_bytes: UInt64;
    pool_buffers: UInt64;
    leases: UInt64;
    accept_errors: UInt64;
    buffer_shortages: UInt64;
    cq_overflows: UInt64;
    slow_callbacks: UInt64;
    longest_callback_us: UInt64;
    contained_exceptions: UInt64;
    oversize_datagrams: UInt64;
    kernel_drops: UInt64;
    dropped_datagrams: UInt64;
    evicted_sessions: UInt64;
  end;

  HP_LogHandler = procedure(level: Integer; message: PAnsiChar; user: Pointer); cdecl;

  HP_FN_Server_OnPrepareListen = function(soListen: NativeUInt): En_HP_HandleResult; cdecl;
  HP_FN_Server_OnAccept = function(dwConnID: HP_CONNID; pClient: NativeUInt): En_HP_HandleResult; cdecl;
  HP_FN_Server_OnSend = function(dwConnID: HP_CONNID; pData: PByte; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Server_OnReceive = function(dwConnID: HP_CONNID; pData: PByte; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Server_OnPullReceive = function(dwConnID: HP_CONNID; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Server_OnClose = function(dwConnID: HP_CONNID): En_HP_HandleResult; cdecl;
  HP_FN_Server_OnError = function(dwConnID: HP_CONNID; enOperation: En_HP_SocketOperation; iErrorCode: Integer):
    En_HP_HandleResult; cdecl;
  HP_FN_Server_OnShutdown = function: En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnPrepareConnect = function(dwConnID: HP_CONNID; socket: NativeUInt): En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnConnect = function(dwConnID: HP_CONNID): En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnSend = function(dwConnID: HP_CONNID; pData: PByte; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnReceive = function(dwConnID: HP_CONNID; pData: PByte; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnPullReceive = function(dwConnID: HP_CONNID; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnClose = function(dwConnID: HP_CONNID): En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnError = function(dwConnID: HP_CONNID; enOperation: En_HP_SocketOperation; iErrorCode: Integer):
    En_HP_HandleResult; cdecl;
  HP_FN_Agent_OnShutdown = function: En_HP_HandleResult; cdecl;
  HP_FN_Client_OnPrepareConnect = function(pClient: HP_Client; socket: NativeUInt): En_HP_HandleResult; cdecl;
  HP_FN_Client_OnConnect = function(pClient: HP_Client): En_HP_HandleResult; cdecl;
  HP_FN_Client_OnSend = function(pClient: HP_Client; pData: PByte; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Client_OnReceive = function(pClient: HP_Client; pData: PByte; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Client_OnPullReceive = function(pClient: HP_Client; iLength: Integer): En_HP_HandleResult; cdecl;
  HP_FN_Client_OnClose = function(pClient: HP_Client): En_HP_HandleResult; cdecl;
  HP_FN_Client_OnError = function(pClient: HP_Client; enOperation: En_HP_SocketOperation; iErrorCode: Integer):
    En_HP_HandleResult; cdecl;

const
  HP_SS_STOPING = HP_SS_STOPPING;
  HP_SS_STOPED = HP_SS_STOPPED;

function HP_GetSocketErrorDesc(enCode: En_HP_SocketError): PAnsiChar; cdecl; external HPSOCKET4C;
function SYS_GetLastError: Cardinal; cdecl; external HPSOCKET4C;
function SYS_WSAGetLastError: Integer; cdecl; external HPSOCKET4C;
function SYS_SetSocketOption(sock: Integer; level: Integer; name: Integer; val: Pointer; len: Integer): Integer; cdecl;
  external HPSOCKET4C;
function SYS_GetSocketOption(sock: Integer; level: Integer; name: Integer; val: Pointer; var len: Integer): Integer;
  cdecl; external HPSOCKET4C;
function SYS_IoctlSocket(sock: Integer; cmd: NativeInt; var arg: NativeUInt): Integer; cdecl; external HPSOCKET4C;
function SYS_WSAIoctl(sock: Integer; dwIoControlCode: Cardinal; lpvInBuffer: Pointer; cbInBuffer: Cardinal;
  lpvOutBuffer: Pointer; cbOutBuffer: Cardinal; lpcbBytesReturned: PCardinal): Integer; cdecl; external HPSOCKET4C;
function HP_GetHPSocketVersion: Cardinal; cdecl; external HPSOCKET4C;
function HP_GetHPSocketVersionDesc: PAnsiChar; cdecl; external HPSOCKET4C;
procedure HP_SetLogHandler(handler: HP_LogHandler; user: Pointer); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Server_OnPrepareListen(pListener: HP_ServerListener; fn: HP_FN_Server_OnPrepareListen); cdecl;
  external HPSOCKET4C;
procedure HP_Set_FN_Server_OnAccept(pListener: HP_ServerListener; fn: HP_FN_Server_OnAccept); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Server_OnSend(pListener: HP_ServerListener; fn: HP_FN_Server_OnSend); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Server_OnReceive(pListener: HP_ServerListener; fn: HP_FN_Server_OnReceive); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Server_OnPullReceive(pListener: HP_ServerListener; fn: HP_FN_Server_OnPullReceive); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Server_OnClose(pListener: HP_ServerListener; fn: HP_FN_Server_OnClose); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Server_OnError(pListener: HP_ServerListener; fn: HP_FN_Server_OnError); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Server_OnShutdown(pListener: HP_ServerListener; fn: HP_FN_Server_OnShutdown); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Agent_OnPrepareConnect(pListener: HP_AgentListener; fn: HP_FN_Agent_OnPrepareConnect); cdecl;
  external HPSOCKET4C;
procedure HP_Set_FN_Agent_OnConnect(pListener: HP_AgentListener; fn: HP_FN_Agent_OnConnect); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Agent_OnSend(pListener: HP_AgentListener; fn: HP_FN_Agent_OnSend); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Agent_OnReceive(pListener: HP_AgentListener; fn: HP_FN_Agent_OnReceive); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Agent_OnPullReceive(pListener: HP_AgentListener; fn: HP_FN_Agent_OnPullReceive); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Agent_OnClose(pListener: HP_AgentListener; fn: HP_FN_Agent_OnClose); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Agent_OnError(pListener: HP_AgentListener; fn: HP_FN_Agent_OnError); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Agent_OnShutdown(pListener: HP_AgentListener; fn: HP_FN_Agent_OnShutdown); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Client_OnPrepareConnect(pListener: HP_ClientListener; fn: HP_FN_Client_OnPrepareConnect); cdecl;
  external HPSOCKET4C;
procedure HP_Set_FN_Client_OnConnect(pListener: HP_ClientListener; fn: HP_FN_Client_OnConnect); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Client_OnSend(pListener: HP_ClientListener; fn: HP_FN_Client_OnSend); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Client_OnReceive(pListener: HP_ClientListener; fn: HP_FN_Client_OnReceive); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Client_OnPullReceive(pListener: HP_ClientListener; fn: HP_FN_Client_OnPullReceive); cdecl; external
  HPSOCKET4C;
procedure HP_Set_FN_Client_OnClose(pListener: HP_ClientListener; fn: HP_FN_Client_OnClose); cdecl; external HPSOCKET4C;
procedure HP_Set_FN_Client_OnError(pListener: HP_ClientListener; fn: HP_FN_Client_OnError); cdecl; external HPSOCKET4C;
function HP_Server_Start(pServer: HP_Server; pszBindAddress: PAnsiChar; usPort: Word): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Server_Stop(pServer: HP_Server): LongBool; cdecl; external HPSOCKET4C;
function HP_Server_Send(pServer: HP_Server; dwConnID: HP_CONNID; pBuffer: PByte; iLength: Integer): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_SendPart(pServer: HP_Server; dwConnID: HP_CONNID; pBuffer: PByte; iLength: Integer; iOffset:
  Integer): LongBool; cdecl; external HPSOCKET4C;
function HP_Server_SendPackets(pServer: HP_Server; dwConnID: HP_CONNID; pBuffers: PWSABUF; iCount: Integer): LongBool;
  cdecl; external HPSOCKET4C;
function HP_Server_Disconnect(pServer: HP_Server; dwConnID: HP_CONNID; bForce: LongBool): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Server_DisconnectLongConnections(pServer: HP_Server; dwPeriod: Cardinal; bForce: LongBool): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_DisconnectSilenceConnections(pServer: HP_Server; dwPeriod: Cardinal; bForce: LongBool): LongBool;
  cdecl; external HPSOCKET4C;
function HP_Server_SetConnectionExtra(pServer: HP_Server; dwConnID: HP_CONNID; pExtra: Pointer): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_GetConnectionExtra(pServer: HP_Server; dwConnID: HP_CONNID; var ppExtra: Pointer): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_HasStarted(pServer: HP_Server): LongBool; cdecl; external HPSOCKET4C;
function HP_Server_GetState(pServer: HP_Server): En_HP_ServiceState; cdecl; external HPSOCKET4C;
function HP_Server_GetLastError(pServer: HP_Server): En_HP_SocketError; cdecl; external HPSOCKET4C;
function HP_Server_GetLastErrorDesc(pServer: HP_Server): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_Server_GetPendingDataLength(pServer: HP_Server; dwConnID: HP_CONNID; var piPending: Integer): LongBool;
  cdecl; external HPSOCKET4C;
function HP_Server_GetConnectionCount(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetAllConnectionIDs(pServer: HP_Server; pIDs: PHP_CONNID; var pdwCount: Cardinal): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_GetConnectPeriod(pServer: HP_Server; dwConnID: HP_CONNID; var pdwPeriod: Cardinal): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_GetSilencePeriod(pServer: HP_Server; dwConnID: HP_CONNID; var pdwPeriod: Cardinal): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_GetListenAddress(pServer: HP_Server; lpszAddress: PAnsiChar; var piAddressLen: Integer; var pusPort:
  Word): LongBool; cdecl; external HPSOCKET4C;
function HP_Server_GetRemoteAddress(pServer: HP_Server; dwConnID: HP_CONNID; lpszAddress: PAnsiChar; var piAddressLen:
  Integer; var pusPort: Word): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Server_SetSendPolicy(pServer: HP_Server; enSendPolicy: En_HP_SendPolicy); cdecl; external HPSOCKET4C;
procedure HP_Server_SetRecvPolicy(pServer: HP_Server; enRecvPolicy: En_HP_RecvPolicy); cdecl; external HPSOCKET4C;
procedure HP_Server_SetFreeSocketObjLockTime(pServer: HP_Server; dwFreeSocketObjLockTime: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_Server_SetFreeSocketObjPool(pServer: HP_Server; dwFreeSocketObjPool: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Server_SetFreeBufferObjPool(pServer: HP_Server; dwFreeBufferObjPool: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Server_SetFreeSocketObjHold(pServer: HP_Server; dwFreeSocketObjHold: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Server_SetFreeBufferObjHold(pServer: HP_Server; dwFreeBufferObjHold: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Server_SetWorkerThreadCount(pServer: HP_Server; dwWorkerThreadCount: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Server_SetMaxShutdownWaitTime(pServer: HP_Server; dwMaxShutdownWaitTime: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_Server_SetMarkSilence(pServer: HP_Server; bMarkSilence: LongBool); cdecl; external HPSOCKET4C;
function HP_Server_GetSendPolicy(pServer: HP_Server): En_HP_SendPolicy; cdecl; external HPSOCKET4C;
function HP_Server_GetRecvPolicy(pServer: HP_Server): En_HP_RecvPolicy; cdecl; external HPSOCKET4C;
function HP_Server_GetFreeSocketObjLockTime(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetFreeSocketObjPool(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetFreeBufferObjPool(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetFreeSocketObjHold(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetFreeBufferObjHold(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetWorkerThreadCount(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_GetMaxShutdownWaitTime(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Server_IsMarkSilence(pServer: HP_Server): LongBool; cdecl; external HPSOCKET4C;
function HP_Server_Wait(pServer: HP_Server; iTimeout: Integer): LongBool; cdecl; external HPSOCKET4C;
function HP_Server_PauseReceive(pServer: HP_Server; dwConnID: HP_CONNID; bPause: LongBool): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Server_IsPauseReceive(pServer: HP_Server; dwConnID: HP_CONNID; var pbPaused: LongBool): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Server_GetLastErrorDetail(pServer: HP_Server): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_Server_GetStats(pServer: HP_Server; var pStats: HP_Stats): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Server_SetIoBackend(pServer: HP_Server; enIoBackend: En_HP_IoBackend); cdecl; external HPSOCKET4C;
function HP_Server_GetIoBackend(pServer: HP_Server): En_HP_IoBackend; cdecl; external HPSOCKET4C;
function HP_Server_GetIoBackendDesc(pServer: HP_Server): PAnsiChar; cdecl; external HPSOCKET4C;
procedure HP_Server_SetMaxPendingLength(pServer: HP_Server; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_Server_GetMaxPendingLength(pServer: HP_Server): UInt64; cdecl; external HPSOCKET4C;
procedure HP_Server_SetMaxPendingTotal(pServer: HP_Server; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_Server_GetMaxPendingTotal(pServer: HP_Server): UInt64; cdecl; external HPSOCKET4C;
procedure HP_Server_SetGracefulTimeout(pServer: HP_Server; dwTimeout: Cardinal); cdecl; external HPSOCKET4C;
function HP_Server_GetGracefulTimeout(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Server_SetSlowCallbackTime(pServer: HP_Server; dwTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Server_GetSlowCallbackTime(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Server_SetBusyPoll(pServer: HP_Server; dwTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Server_GetBusyPoll(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Server_SetNoDelay(pServer: HP_Server; bNoDelay: LongBool); cdecl; external HPSOCKET4C;
function HP_Server_IsNoDelay(pServer: HP_Server): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Server_SetMaxConnectionCount(pServer: HP_Server; dwMaxConnectionCount: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_Server_GetMaxConnectionCount(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Server_SetMaxIdleTime(pServer: HP_Server; dwMaxIdleTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Server_GetMaxIdleTime(pServer: HP_Server): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_Start(pAgent: HP_Agent; pszBindAddress: PAnsiChar; bAsyncConnect: LongBool): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Agent_Stop(pAgent: HP_Agent): LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_Connect(pAgent: HP_Agent; pszRemoteAddress: PAnsiChar; usPort: Word; var pdwConnID: HP_CONNID):
  LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_Send(pAgent: HP_Agent; dwConnID: HP_CONNID; pBuffer: PByte; iLength: Integer): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_SendPart(pAgent: HP_Agent; dwConnID: HP_CONNID; pBuffer: PByte; iLength: Integer; iOffset: Integer):
  LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_SendPackets(pAgent: HP_Agent; dwConnID: HP_CONNID; pBuffers: PWSABUF; iCount: Integer): LongBool;
  cdecl; external HPSOCKET4C;
function HP_Agent_Disconnect(pAgent: HP_Agent; dwConnID: HP_CONNID; bForce: LongBool): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Agent_DisconnectLongConnections(pAgent: HP_Agent; dwPeriod: Cardinal; bForce: LongBool): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_DisconnectSilenceConnections(pAgent: HP_Agent; dwPeriod: Cardinal; bForce: LongBool): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_SetConnectionExtra(pAgent: HP_Agent; dwConnID: HP_CONNID; pExtra: Pointer): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Agent_GetConnectionExtra(pAgent: HP_Agent; dwConnID: HP_CONNID; var ppExtra: Pointer): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_HasStarted(pAgent: HP_Agent): LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_GetState(pAgent: HP_Agent): En_HP_ServiceState; cdecl; external HPSOCKET4C;
function HP_Agent_GetConnectionCount(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetAllConnectionIDs(pAgent: HP_Agent; pIDs: PHP_CONNID; var pdwCount: Cardinal): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_GetConnectPeriod(pAgent: HP_Agent; dwConnID: HP_CONNID; var pdwPeriod: Cardinal): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_GetSilencePeriod(pAgent: HP_Agent; dwConnID: HP_CONNID; var pdwPeriod: Cardinal): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_GetLocalAddress(pAgent: HP_Agent; dwConnID: HP_CONNID; lpszAddress: PAnsiChar; var piAddressLen:
  Integer; var pusPort: Word): LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_GetRemoteAddress(pAgent: HP_Agent; dwConnID: HP_CONNID; lpszAddress: PAnsiChar; var piAddressLen:
  Integer; var pusPort: Word): LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_GetLastError(pAgent: HP_Agent): En_HP_SocketError; cdecl; external HPSOCKET4C;
function HP_Agent_GetLastErrorDesc(pAgent: HP_Agent): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_Agent_GetPendingDataLength(pAgent: HP_Agent; dwConnID: HP_CONNID; var piPending: Integer): LongBool; cdecl;
  external HPSOCKET4C;
procedure HP_Agent_SetSendPolicy(pAgent: HP_Agent; enSendPolicy: En_HP_SendPolicy); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetRecvPolicy(pAgent: HP_Agent; enRecvPolicy: En_HP_RecvPolicy); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetFreeSocketObjLockTime(pAgent: HP_Agent; dwFreeSocketObjLockTime: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_Agent_SetFreeSocketObjPool(pAgent: HP_Agent; dwFreeSocketObjPool: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetFreeBufferObjPool(pAgent: HP_Agent; dwFreeBufferObjPool: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetFreeSocketObjHold(pAgent: HP_Agent; dwFreeSocketObjHold: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetFreeBufferObjHold(pAgent: HP_Agent; dwFreeBufferObjHold: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetWorkerThreadCount(pAgent: HP_Agent; dwWorkerThreadCount: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_Agent_SetMaxShutdownWaitTime(pAgent: HP_Agent; dwMaxShutdownWaitTime: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_Agent_SetMarkSilence(pAgent: HP_Agent; bMarkSilence: LongBool); cdecl; external HPSOCKET4C;
function HP_Agent_GetSendPolicy(pAgent: HP_Agent): En_HP_SendPolicy; cdecl; external HPSOCKET4C;
function HP_Agent_GetRecvPolicy(pAgent: HP_Agent): En_HP_RecvPolicy; cdecl; external HPSOCKET4C;
function HP_Agent_GetFreeSocketObjLockTime(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetFreeSocketObjPool(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetFreeBufferObjPool(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetFreeSocketObjHold(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetFreeBufferObjHold(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetWorkerThreadCount(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetMaxShutdownWaitTime(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_IsMarkSilence(pAgent: HP_Agent): LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_Wait(pAgent: HP_Agent; iTimeout: Integer): LongBool; cdecl; external HPSOCKET4C;
function HP_Agent_PauseReceive(pAgent: HP_Agent; dwConnID: HP_CONNID; bPause: LongBool): LongBool; cdecl; external
  HPSOCKET4C;
function HP_Agent_IsPauseReceive(pAgent: HP_Agent; dwConnID: HP_CONNID; var pbPaused: LongBool): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Agent_GetLastErrorDetail(pAgent: HP_Agent): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_Agent_GetStats(pAgent: HP_Agent; var pStats: HP_Stats): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetIoBackend(pAgent: HP_Agent; enIoBackend: En_HP_IoBackend); cdecl; external HPSOCKET4C;
function HP_Agent_GetIoBackend(pAgent: HP_Agent): En_HP_IoBackend; cdecl; external HPSOCKET4C;
function HP_Agent_GetIoBackendDesc(pAgent: HP_Agent): PAnsiChar; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetMaxPendingLength(pAgent: HP_Agent; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_Agent_GetMaxPendingLength(pAgent: HP_Agent): UInt64; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetMaxPendingTotal(pAgent: HP_Agent; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_Agent_GetMaxPendingTotal(pAgent: HP_Agent): UInt64; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetGracefulTimeout(pAgent: HP_Agent; dwTimeout: Cardinal); cdecl; external HPSOCKET4C;
function HP_Agent_GetGracefulTimeout(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetSlowCallbackTime(pAgent: HP_Agent; dwTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Agent_GetSlowCallbackTime(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetBusyPoll(pAgent: HP_Agent; dwTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Agent_GetBusyPoll(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetNoDelay(pAgent: HP_Agent; bNoDelay: LongBool); cdecl; external HPSOCKET4C;
function HP_Agent_IsNoDelay(pAgent: HP_Agent): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetMaxConnectionCount(pAgent: HP_Agent; dwMaxConnectionCount: Cardinal); cdecl; external HPSOCKET4C;
function HP_Agent_GetMaxConnectionCount(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetMaxIdleTime(pAgent: HP_Agent; dwMaxIdleTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Agent_GetMaxIdleTime(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Agent_SetSyncConnectTimeout(pAgent: HP_Agent; dwTimeout: Cardinal); cdecl; external HPSOCKET4C;
function HP_Agent_GetSyncConnectTimeout(pAgent: HP_Agent): Cardinal; cdecl; external HPSOCKET4C;
function HP_Agent_GetLocaleAddress(pAgent: HP_Agent; dwConnID: HP_CONNID; lpszAddress: PAnsiChar; var piAddressLen:
  Integer; var pusPort: Word): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_Start(pClient: HP_Client; pszRemoteAddress: PAnsiChar; usPort: Word; bAsyncConnect: LongBool):
  LongBool; cdecl; external HPSOCKET4C;
function HP_Client_Stop(pClient: HP_Client): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_Send(pClient: HP_Client; pBuffer: PByte; iLength: Integer): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_SendPart(pClient: HP_Client; pBuffer: PByte; iLength: Integer; iOffset: Integer): LongBool; cdecl;
  external HPSOCKET4C;
function HP_Client_SendPackets(pClient: HP_Client; pBuffers: PWSABUF; iCount: Integer): LongBool; cdecl; external
  HPSOCKET4C;
procedure HP_Client_SetExtra(pClient: HP_Client; pExtra: Pointer); cdecl; external HPSOCKET4C;
function HP_Client_GetExtra(pClient: HP_Client): Pointer; cdecl; external HPSOCKET4C;
function HP_Client_HasStarted(pClient: HP_Client): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_GetState(pClient: HP_Client): En_HP_ServiceState; cdecl; external HPSOCKET4C;
function HP_Client_GetLastError(pClient: HP_Client): En_HP_SocketError; cdecl; external HPSOCKET4C;
function HP_Client_GetLastErrorDesc(pClient: HP_Client): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_Client_GetConnectionID(pClient: HP_Client): HP_CONNID; cdecl; external HPSOCKET4C;
function HP_Client_GetLocalAddress(pClient: HP_Client; lpszAddress: PAnsiChar; var piAddressLen: Integer; var pusPort:
  Word): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_GetPendingDataLength(pClient: HP_Client; var piPending: Integer): LongBool; cdecl; external
  HPSOCKET4C;
procedure HP_Client_SetFreeBufferPoolSize(pClient: HP_Client; dwFreeBufferPoolSize: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_Client_SetFreeBufferPoolHold(pClient: HP_Client; dwFreeBufferPoolHold: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_Client_GetFreeBufferPoolSize(pClient: HP_Client): Cardinal; cdecl; external HPSOCKET4C;
function HP_Client_GetFreeBufferPoolHold(pClient: HP_Client): Cardinal; cdecl; external HPSOCKET4C;
function HP_Client_Wait(pClient: HP_Client; iTimeout: Integer): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_PauseReceive(pClient: HP_Client; bPause: LongBool): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_IsPauseReceive(pClient: HP_Client; var pbPaused: LongBool): LongBool; cdecl; external HPSOCKET4C;
function HP_Client_GetLastErrorDetail(pClient: HP_Client): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_Client_GetStats(pClient: HP_Client; var pStats: HP_Stats): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Client_SetIoBackend(pClient: HP_Client; enIoBackend: En_HP_IoBackend); cdecl; external HPSOCKET4C;
function HP_Client_GetIoBackend(pClient: HP_Client): En_HP_IoBackend; cdecl; external HPSOCKET4C;
function HP_Client_GetIoBackendDesc(pClient: HP_Client): PAnsiChar; cdecl; external HPSOCKET4C;
procedure HP_Client_SetMaxPendingLength(pClient: HP_Client; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_Client_GetMaxPendingLength(pClient: HP_Client): UInt64; cdecl; external HPSOCKET4C;
procedure HP_Client_SetMaxPendingTotal(pClient: HP_Client; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_Client_GetMaxPendingTotal(pClient: HP_Client): UInt64; cdecl; external HPSOCKET4C;
procedure HP_Client_SetGracefulTimeout(pClient: HP_Client; dwTimeout: Cardinal); cdecl; external HPSOCKET4C;
function HP_Client_GetGracefulTimeout(pClient: HP_Client): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Client_SetSlowCallbackTime(pClient: HP_Client; dwTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Client_GetSlowCallbackTime(pClient: HP_Client): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Client_SetBusyPoll(pClient: HP_Client; dwTime: Cardinal); cdecl; external HPSOCKET4C;
function HP_Client_GetBusyPoll(pClient: HP_Client): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_Client_SetNoDelay(pClient: HP_Client; bNoDelay: LongBool); cdecl; external HPSOCKET4C;
function HP_Client_IsNoDelay(pClient: HP_Client): LongBool; cdecl; external HPSOCKET4C;
procedure HP_Client_SetSyncConnectTimeout(pClient: HP_Client; dwTimeout: Cardinal); cdecl; external HPSOCKET4C;
function HP_Client_GetSyncConnectTimeout(pClient: HP_Client): Cardinal; cdecl; external HPSOCKET4C;
function HP_Client_Connect(pClient: HP_Client; pszRemoteAddress: PAnsiChar; usPort: Word; bAsyncConnect: LongBool):
  LongBool; cdecl; external HPSOCKET4C;
function HP_Client_GetLocaleAddress(pClient: HP_Client; lpszAddress: PAnsiChar; var piAddressLen: Integer; var pusPort:
  Word): LongBool; cdecl; external HPSOCKET4C;
function Create_HP_TcpServer(pListener: HP_TcpServerListener): HP_TcpServer; cdecl; external HPSOCKET4C;
function Create_HP_TcpPullServer(pListener: HP_TcpPullServerListener): HP_TcpPullServer; cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpServer(pServer: HP_TcpServer); cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpPullServer(pServer: HP_TcpPullServer); cdecl; external HPSOCKET4C;
function Create_HP_TcpServerListener: HP_TcpServerListener; cdecl; external HPSOCKET4C;
function Create_HP_TcpPullServerListener: HP_TcpPullServerListener; cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpServerListener(pListener: HP_TcpServerListener); cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpPullServerListener(pListener: HP_TcpPullServerListener); cdecl; external HPSOCKET4C;
function HP_TcpServer_SendSmallFile(pServer: HP_Server; dwConnID: HP_CONNID; lpszFileName: PAnsiChar; pHead: PWSABUF;
  pTail: PWSABUF): LongBool; cdecl; external HPSOCKET4C;
procedure HP_TcpServer_SetSocketListenQueue(pServer: HP_TcpServer; dwSocketListenQueue: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_TcpServer_SetAcceptSocketCount(pServer: HP_TcpServer; dwAcceptSocketCount: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_TcpServer_SetSocketBufferSize(pServer: HP_TcpServer; dwSocketBufferSize: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_TcpServer_SetKeepAliveTime(pServer: HP_TcpServer; dwKeepAliveTime: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_TcpServer_SetKeepAliveInterval(pServer: HP_TcpServer; dwKeepAliveInterval: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_TcpServer_GetAcceptSocketCount(pServer: HP_TcpServer): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpServer_GetSocketBufferSize(pServer: HP_TcpServer): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpServer_GetSocketListenQueue(pServer: HP_TcpServer): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpServer_GetKeepAliveTime(pServer: HP_TcpServer): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpServer_GetKeepAliveInterval(pServer: HP_TcpServer): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpPullServer_Fetch(pServer: HP_TcpPullServer; dwConnID: HP_CONNID; pData: PByte; iLength: Integer):
  En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullServer_Peek(pServer: HP_TcpPullServer; dwConnID: HP_CONNID; pData: PByte; iLength: Integer):
  En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullServer_PeekSpan(pServer: HP_TcpPullServer; dwConnID: HP_CONNID; var ppData: PByte; var piLength:
  Integer): En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullServer_Find(pServer: HP_TcpPullServer; dwConnID: HP_CONNID; pPattern: PByte; iLength: Integer; iFrom:
  Integer; var piPosition: Integer): En_HP_FetchResult; cdecl; external HPSOCKET4C;
procedure HP_TcpPullServer_SetMaxPullLength(pServer: HP_TcpPullServer; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_TcpPullServer_GetMaxPullLength(pServer: HP_TcpPullServer): UInt64; cdecl; external HPSOCKET4C;
function Create_HP_TcpAgent(pListener: HP_TcpAgentListener): HP_TcpAgent; cdecl; external HPSOCKET4C;
function Create_HP_TcpPullAgent(pListener: HP_TcpPullAgentListener): HP_TcpPullAgent; cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpAgent(pAgent: HP_TcpAgent); cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpPullAgent(pAgent: HP_TcpPullAgent); cdecl; external HPSOCKET4C;
function Create_HP_TcpAgentListener: HP_TcpAgentListener; cdecl; external HPSOCKET4C;
function Create_HP_TcpPullAgentListener: HP_TcpPullAgentListener; cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpAgentListener(pListener: HP_TcpAgentListener); cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpPullAgentListener(pListener: HP_TcpPullAgentListener); cdecl; external HPSOCKET4C;
function HP_TcpAgent_SendSmallFile(pAgent: HP_Agent; dwConnID: HP_CONNID; lpszFileName: PAnsiChar; pHead: PWSABUF;
  pTail: PWSABUF): LongBool; cdecl; external HPSOCKET4C;
procedure HP_TcpAgent_SetReuseAddress(pAgent: HP_TcpAgent; bReuseAddress: LongBool); cdecl; external HPSOCKET4C;
function HP_TcpAgent_IsReuseAddress(pAgent: HP_TcpAgent): LongBool; cdecl; external HPSOCKET4C;
procedure HP_TcpAgent_SetSocketBufferSize(pAgent: HP_TcpAgent; dwSocketBufferSize: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_TcpAgent_SetKeepAliveTime(pAgent: HP_TcpAgent; dwKeepAliveTime: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_TcpAgent_SetKeepAliveInterval(pAgent: HP_TcpAgent; dwKeepAliveInterval: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_TcpAgent_GetSocketBufferSize(pAgent: HP_TcpAgent): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpAgent_GetKeepAliveTime(pAgent: HP_TcpAgent): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpAgent_GetKeepAliveInterval(pAgent: HP_TcpAgent): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpPullAgent_Fetch(pAgent: HP_TcpPullAgent; dwConnID: HP_CONNID; pData: PByte; iLength: Integer):
  En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullAgent_Peek(pAgent: HP_TcpPullAgent; dwConnID: HP_CONNID; pData: PByte; iLength: Integer):
  En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullAgent_PeekSpan(pAgent: HP_TcpPullAgent; dwConnID: HP_CONNID; var ppData: PByte; var piLength:
  Integer): En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullAgent_Find(pAgent: HP_TcpPullAgent; dwConnID: HP_CONNID; pPattern: PByte; iLength: Integer; iFrom:
  Integer; var piPosition: Integer): En_HP_FetchResult; cdecl; external HPSOCKET4C;
procedure HP_TcpPullAgent_SetMaxPullLength(pAgent: HP_TcpPullAgent; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_TcpPullAgent_GetMaxPullLength(pAgent: HP_TcpPullAgent): UInt64; cdecl; external HPSOCKET4C;
function Create_HP_TcpClient(pListener: HP_TcpClientListener): HP_TcpClient; cdecl; external HPSOCKET4C;
function Create_HP_TcpPullClient(pListener: HP_TcpPullClientListener): HP_TcpPullClient; cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpClient(pClient: HP_TcpClient); cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpPullClient(pClient: HP_TcpPullClient); cdecl; external HPSOCKET4C;
function Create_HP_TcpClientListener: HP_TcpClientListener; cdecl; external HPSOCKET4C;
function Create_HP_TcpPullClientListener: HP_TcpPullClientListener; cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpClientListener(pListener: HP_TcpClientListener); cdecl; external HPSOCKET4C;
procedure Destroy_HP_TcpPullClientListener(pListener: HP_TcpPullClientListener); cdecl; external HPSOCKET4C;
function HP_TcpClient_SendSmallFile(pClient: HP_Client; lpszFileName: PAnsiChar; pHead: PWSABUF; pTail: PWSABUF):
  LongBool; cdecl; external HPSOCKET4C;
procedure HP_TcpClient_SetSocketBufferSize(pClient: HP_TcpClient; dwSocketBufferSize: Cardinal); cdecl; external
  HPSOCKET4C;
procedure HP_TcpClient_SetKeepAliveTime(pClient: HP_TcpClient; dwKeepAliveTime: Cardinal); cdecl; external HPSOCKET4C;
procedure HP_TcpClient_SetKeepAliveInterval(pClient: HP_TcpClient; dwKeepAliveInterval: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_TcpClient_GetSocketBufferSize(pClient: HP_TcpClient): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpClient_GetKeepAliveTime(pClient: HP_TcpClient): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpClient_GetKeepAliveInterval(pClient: HP_TcpClient): Cardinal; cdecl; external HPSOCKET4C;
function HP_TcpPullClient_Fetch(pClient: HP_TcpPullClient; pData: PByte; iLength: Integer): En_HP_FetchResult; cdecl;
  external HPSOCKET4C;
function HP_TcpPullClient_Peek(pClient: HP_TcpPullClient; pData: PByte; iLength: Integer): En_HP_FetchResult; cdecl;
  external HPSOCKET4C;
function HP_TcpPullClient_PeekSpan(pClient: HP_TcpPullClient; var ppData: PByte; var piLength: Integer):
  En_HP_FetchResult; cdecl; external HPSOCKET4C;
function HP_TcpPullClient_Find(pClient: HP_TcpPullClient; pPattern: PByte; iLength: Integer; iFrom: Integer; var
  piPosition: Integer): En_HP_FetchResult; cdecl; external HPSOCKET4C;
procedure HP_TcpPullClient_SetMaxPullLength(pClient: HP_TcpPullClient; ullLength: UInt64); cdecl; external HPSOCKET4C;
function HP_TcpPullClient_GetMaxPullLength(pClient: HP_TcpPullClient): UInt64; cdecl; external HPSOCKET4C;
function Create_HP_UdpServer(pListener: HP_UdpServerListener): HP_UdpServer; cdecl; external HPSOCKET4C;
procedure Destroy_HP_UdpServer(pServer: HP_UdpServer); cdecl; external HPSOCKET4C;
function Create_HP_UdpClient(pListener: HP_UdpClientListener): HP_UdpClient; cdecl; external HPSOCKET4C;
procedure Destroy_HP_UdpClient(pClient: HP_UdpClient); cdecl; external HPSOCKET4C;
function Create_HP_UdpServerListener: HP_UdpServerListener; cdecl; external HPSOCKET4C;
procedure Destroy_HP_UdpServerListener(pListener: HP_UdpServerListener); cdecl; external HPSOCKET4C;
function Create_HP_UdpClientListener: HP_UdpClientListener; cdecl; external HPSOCKET4C;
procedure Destroy_HP_UdpClientListener(pListener: HP_UdpClientListener); cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetMaxDatagramSize(pServer: HP_UdpServer; dwMaxDatagramSize: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_UdpServer_GetMaxDatagramSize(pServer: HP_UdpServer): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetPostReceiveCount(pServer: HP_UdpServer; dwPostReceiveCount: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_UdpServer_GetPostReceiveCount(pServer: HP_UdpServer): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetDetectAttempts(pServer: HP_UdpServer; dwDetectAttempts: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpServer_GetDetectAttempts(pServer: HP_UdpServer): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetDetectInterval(pServer: HP_UdpServer; dwDetectInterval: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpServer_GetDetectInterval(pServer: HP_UdpServer): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetCloseOnOversize(pServer: HP_UdpServer; bCloseOnOversize: LongBool); cdecl; external
  HPSOCKET4C;
function HP_UdpServer_IsCloseOnOversize(pServer: HP_UdpServer): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetSendBufferSize(pServer: HP_UdpServer; dwSendBufferSize: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpServer_GetSendBufferSize(pServer: HP_UdpServer): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpServer_SetReceiveBufferSize(pServer: HP_UdpServer; dwReceiveBufferSize: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_UdpServer_GetReceiveBufferSize(pServer: HP_UdpServer): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpClient_SetMaxDatagramSize(pClient: HP_UdpClient; dwMaxDatagramSize: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_UdpClient_GetMaxDatagramSize(pClient: HP_UdpClient): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpClient_SetDetectAttempts(pClient: HP_UdpClient; dwDetectAttempts: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpClient_GetDetectAttempts(pClient: HP_UdpClient): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpClient_SetDetectInterval(pClient: HP_UdpClient; dwDetectInterval: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpClient_GetDetectInterval(pClient: HP_UdpClient): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpClient_SetCloseOnOversize(pClient: HP_UdpClient; bCloseOnOversize: LongBool); cdecl; external
  HPSOCKET4C;
function HP_UdpClient_IsCloseOnOversize(pClient: HP_UdpClient): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpClient_SetSendBufferSize(pClient: HP_UdpClient; dwSendBufferSize: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpClient_GetSendBufferSize(pClient: HP_UdpClient): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpClient_SetReceiveBufferSize(pClient: HP_UdpClient; dwReceiveBufferSize: Cardinal); cdecl; external
  HPSOCKET4C;
function HP_UdpClient_GetReceiveBufferSize(pClient: HP_UdpClient): Cardinal; cdecl; external HPSOCKET4C;
function Create_HP_UdpCast(pListener: HP_UdpCastListener): HP_UdpCast; cdecl; external HPSOCKET4C;
procedure Destroy_HP_UdpCast(pCast: HP_UdpCast); cdecl; external HPSOCKET4C;
function Create_HP_UdpCastListener: HP_UdpCastListener; cdecl; external HPSOCKET4C;
procedure Destroy_HP_UdpCastListener(pListener: HP_UdpCastListener); cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetMaxDatagramSize(pCast: HP_UdpCast; dwMaxDatagramSize: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetMaxDatagramSize(pCast: HP_UdpCast): Cardinal; cdecl; external HPSOCKET4C;
function HP_UdpCast_GetRemoteAddress(pCast: HP_UdpCast; lpszAddress: PAnsiChar; var piAddressLen: Integer; var pusPort:
  Word): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetBindAdddress(pCast: HP_UdpCast; pszBindAddress: PAnsiChar); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetBindAdddress(pCast: HP_UdpCast): PAnsiChar; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetReuseAddress(pCast: HP_UdpCast; bReuseAddress: LongBool); cdecl; external HPSOCKET4C;
function HP_UdpCast_IsReuseAddress(pCast: HP_UdpCast): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetCastMode(pCast: HP_UdpCast; enCastMode: En_HP_CastMode); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetCastMode(pCast: HP_UdpCast): En_HP_CastMode; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetMultiCastTtl(pCast: HP_UdpCast; iMCTtl: Integer); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetMultiCastTtl(pCast: HP_UdpCast): Integer; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetMultiCastLoop(pCast: HP_UdpCast; bMCLoop: LongBool); cdecl; external HPSOCKET4C;
function HP_UdpCast_IsMultiCastLoop(pCast: HP_UdpCast): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetBindAddress(pCast: HP_UdpCast; pszBindAddress: PAnsiChar); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetBindAddress(pCast: HP_UdpCast): PAnsiChar; cdecl; external HPSOCKET4C;
function HP_UdpCast_JoinSource(pCast: HP_UdpCast; pszSourceAddress: PAnsiChar): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetCloseOnOversize(pCast: HP_UdpCast; bCloseOnOversize: LongBool); cdecl; external HPSOCKET4C;
function HP_UdpCast_IsCloseOnOversize(pCast: HP_UdpCast): LongBool; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetSendBufferSize(pCast: HP_UdpCast; dwSendBufferSize: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetSendBufferSize(pCast: HP_UdpCast): Cardinal; cdecl; external HPSOCKET4C;
procedure HP_UdpCast_SetReceiveBufferSize(pCast: HP_UdpCast; dwReceiveBufferSize: Cardinal); cdecl; external HPSOCKET4C;
function HP_UdpCast_GetReceiveBufferSize(pCast: HP_UdpCast): Cardinal; cdecl; external HPSOCKET4C;

implementation

end.
