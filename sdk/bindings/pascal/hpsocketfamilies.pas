{ Made by sdk/bindings/declarations from the C headers. Internal to hpsocket.pas: families of functions. }

unit hpsocketfamilies;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

uses
  hpsocket4c;

type
  THPRole = (hrServer, hrAgent, hrClient);

  THPComponentFunctions = record
    Stop: function(Handle: HP_Object): LongBool; cdecl;
    HasStarted: function(Handle: HP_Object): LongBool; cdecl;
    GetState: function(Handle: HP_Object): En_HP_ServiceState; cdecl;
    GetLastError: function(Handle: HP_Object): En_HP_SocketError; cdecl;
    GetLastErrorDesc: function(Handle: HP_Object): PAnsiChar; cdecl;
    Wait: function(Handle: HP_Object; iTimeout: Integer): LongBool; cdecl;
    GetLastErrorDetail: function(Handle: HP_Object): PAnsiChar; cdecl;
    GetStats: function(Handle: HP_Object; var pStats: HP_Stats): LongBool; cdecl;
    GetIoBackendDesc: function(Handle: HP_Object): PAnsiChar; cdecl;
  end;

  THPComplexFunctions = record
    Send: function(Handle: HP_Object; dwConnID: HP_CONNID; pBuffer: PByte; iLength: Integer): LongBool; cdecl;
    SendPart: function(Handle: HP_Object; dwConnID: HP_CONNID; pBuffer: PByte; iLength: Integer; iOffset: Integer):
      LongBool; cdecl;
    SendPackets: function(Handle: HP_Object; dwConnID: HP_CONNID; pBuffers: PWSABUF; iCount: Integer): LongBool; cdecl;
    Disconnect: function(Handle: HP_Object; dwConnID: HP_CONNID; bForce: LongBool): LongBool; cdecl;
    DisconnectLongConnections: function(Handle: HP_Object; dwPeriod: Cardinal; bForce: LongBool): LongBool; cdecl;
    DisconnectSilenceConnections: function(Handle: HP_Object; dwPeriod: Cardinal; bForce: LongBool): LongBool; cdecl;
    SetConnectionExtra: function(Handle: HP_Object; dwConnID: HP_CONNID; pExtra: Pointer): LongBool; cdecl;
    GetConnectionExtra: function(Handle: HP_Object; dwConnID: HP_CONNID; var ppExtra: Pointer): LongBool; cdecl;
    GetPendingDataLength: function(Handle: HP_Object; dwConnID: HP_CONNID; var piPending: Integer): LongBool; cdecl;
    GetConnectionCount: function(Handle: HP_Object): Cardinal; cdecl;
    GetAllConnectionIDs: function(Handle: HP_Object; pIDs: PHP_CONNID; var pdwCount: Cardinal): LongBool; cdecl;
    GetConnectPeriod: function(Handle: HP_Object; dwConnID: HP_CONNID; var pdwPeriod: Cardinal): LongBool; cdecl;
    GetSilencePeriod: function(Handle: HP_Object; dwConnID: HP_CONNID; var pdwPeriod: Cardinal): LongBool; cdecl;
    GetRemoteAddress: function(Handle: HP_Object; dwConnID: HP_CONNID; lpszAddress: PAnsiChar; var piAddressLen:
      Integer; var pusPort: Word): LongBool; cdecl;
    PauseReceive: function(Handle: HP_Object; dwConnID: HP_CONNID; bPause: LongBool): LongBool; cdecl;
    IsPauseReceive: function(Handle: HP_Object; dwConnID: HP_CONNID; var pbPaused: LongBool): LongBool; cdecl;
  end;

  THPPullFunctions = record
    Fetch: function(Handle: HP_Object; dwConnID: HP_CONNID; pData: PByte; iLength: Integer): En_HP_FetchResult; cdecl;
    Peek: function(Handle: HP_Object; dwConnID: HP_CONNID; pData: PByte; iLength: Integer): En_HP_FetchResult; cdecl;
    PeekSpan: function(Handle: HP_Object; dwConnID: HP_CONNID; var ppData: PByte; var piLength: Integer):
      En_HP_FetchResult; cdecl;
    Find: function(Handle: HP_Object; dwConnID: HP_CONNID; pPattern: PByte; iLength: Integer; iFrom: Integer; var
      piPosition: Integer): En_HP_FetchResult; cdecl;
  end;

  THPSetting = record
    Getters, Setters: array [THPRole] of Pointer;
  end;

const
  stSendPolicy = 0;
  stRecvPolicy = 1;
  stFreeSocketObjLockTime = 2;
  stFreeSocketObjPool = 3;
  stFreeBufferObjPool = 4;
  stFreeSocketObjHold = 5;
  stFreeBufferObjHold = 6;
  stWorkerThreadCount = 7;
  stMaxShutdownWaitTime = 8;
  stMarkSilence = 9;
  stIoBackend = 10;
  stMaxPendingLength = 11;
  stMaxPendingTotal = 12;
  stGracefulTimeout = 13;
  stSlowCallbackTime = 14;
  stBusyPoll = 15;
  stNoDelay = 16;
  stMaxConnectionCount = 17;
  stMaxIdleTime = 18;
  stSyncConnectTimeout = 19;
  stFreeBufferPoolSize = 20;
  stFreeBufferPoolHold = 21;
  stTcpServerSocketListenQueue = 22;
  stTcpServerAcceptSocketCount = 23;
  stTcpServerSocketBufferSize = 24;
  stTcpServerKeepAliveTime = 25;
  stTcpServerKeepAliveInterval = 26;
  stTcpAgentReuseAddress = 27;
  stTcpAgentSocketBufferSize = 28;
  stTcpAgentKeepAliveTime = 29;
  stTcpAgentKeepAliveInterval = 30;
  stTcpClientSocketBufferSize = 31;
  stTcpClientKeepAliveTime = 32;
  stTcpClientKeepAliveInterval = 33;
  stTcpPullServerMaxPullLength = 34;
  stTcpPullAgentMaxPullLength = 35;
  stTcpPullClientMaxPullLength = 36;
  stUdpServerMaxDatagramSize = 37;
  stUdpServerPostReceiveCount = 38;
  stUdpServerDetectAttempts = 39;
  stUdpServerDetectInterval = 40;
  stUdpServerCloseOnOversize = 41;
  stUdpServerSendBufferSize = 42;
  stUdpServerReceiveBufferSize = 43;
  stUdpClientMaxDatagramSize = 44;
  stUdpClientDetectAttempts = 45;
  stUdpClientDetectInterval = 46;
  stUdpClientCloseOnOversize = 47;
  stUdpClientSendBufferSize = 48;
  stUdpClientReceiveBufferSize = 49;
  stUdpCastMaxDatagramSize = 50;
  stUdpCastReuseAddress = 51;
  stUdpCastCastMode = 52;
  stUdpCastMultiCastTtl = 53;
  stUdpCastMultiCastLoop = 54;
  stUdpCastCloseOnOversize = 55;
  stUdpCastSendBufferSize = 56;
  stUdpCastReceiveBufferSize = 57;

  ComponentFunctions: array [THPRole] of THPComponentFunctions = (
    (Stop: HP_Server_Stop; HasStarted: HP_Server_HasStarted; GetState: HP_Server_GetState; GetLastError:
      HP_Server_GetLastError; GetLastErrorDesc: HP_Server_GetLastErrorDesc; Wait: HP_Server_Wait; GetLastErrorDetail:
      HP_Server_GetLastErrorDetail; GetStats: HP_Server_GetStats; GetIoBackendDesc: HP_Server_GetIoBackendDesc),
    (Stop: HP_Agent_Stop; HasStarted: HP_Agent_HasStarted; GetState: HP_Agent_GetState; GetLastError:
      HP_Agent_GetLastError; GetLastErrorDesc: HP_Agent_GetLastErrorDesc; Wait: HP_Agent_Wait; GetLastErrorDetail:
      HP_Agent_GetLastErrorDetail; GetStats: HP_Agent_GetStats; GetIoBackendDesc: HP_Agent_GetIoBackendDesc),
    (Stop: HP_Client_Stop; HasStarted: HP_Client_HasStarted; GetState: HP_Client_GetState; GetLastError:
      HP_Client_GetLastError; GetLastErrorDesc: HP_Client_GetLastErrorDesc; Wait: HP_Client_Wait; GetLastErrorDetail:
      HP_Client_GetLastErrorDetail; GetStats: HP_Client_GetStats; GetIoBackendDesc: HP_Client_GetIoBackendDesc));
  ComplexFunctions: array [hrServer .. hrAgent] of THPComplexFunctions = (
    (Send: HP_Server_Send; SendPart: HP_Server_SendPart; SendPackets: HP_Server_SendPackets; Disconnect:
      HP_Server_Disconnect; DisconnectLongConnections: HP_Server_DisconnectLongConnections;
      DisconnectSilenceConnections: HP_Server_DisconnectSilenceConnections; SetConnectionExtra:
      HP_Server_SetConnectionExtra; GetConnectionExtra: HP_Server_GetConnectionExtra; GetPendingDataLength:
      HP_Server_GetPendingDataLength; GetConnectionCount: HP_Server_GetConnectionCount; GetAllConnectionIDs:
      HP_Server_GetAllConnectionIDs; GetConnectPeriod: HP_Server_GetConnectPeriod; GetSilencePeriod:
      HP_Server_GetSilencePeriod; GetRemoteAddress: HP_Server_GetRemoteAddress; PauseReceive: HP_Server_PauseReceive;
      IsPauseReceive: HP_Server_IsPauseReceive),
    (Send: HP_Agent_Send; SendPart: HP_Agent_SendPart; SendPackets: HP_Agent_SendPackets; Disconnect:
      HP_Agent_Disconnect; DisconnectLongConnections: HP_Agent_DisconnectLongConnections; DisconnectSilenceConnections:
      HP_Agent_DisconnectSilenceConnections; SetConnectionExtra: HP_Agent_SetConnectionExtra; GetConnectionExtra:
      HP_Agent_GetConnectionExtra; GetPendingDataLength: HP_Agent_GetPendingDataLength; GetConnectionCount:
      HP_Agent_GetConnectionCount; GetAllConnectionIDs: HP_Agent_GetAllConnectionIDs; GetConnectPeriod:
      HP_Agent_GetConnectPeriod; GetSilencePeriod: HP_Agent_GetSilencePeriod; GetRemoteAddress:
      HP_Agent_GetRemoteAddress; PauseReceive: HP_Agent_PauseReceive; IsPauseReceive: HP_Agent_IsPauseReceive));
  PullFunctions: array [hrServer .. hrAgent] of THPPullFunctions = (
    (Fetch: HP_TcpPullServer_Fetch; Peek: HP_TcpPullServer_Peek; PeekSpan: HP_TcpPullServer_PeekSpan; Find:
      HP_TcpPullServer_Find),
    (Fetch: HP_TcpPullAgent_Fetch; Peek: HP_TcpPullAgent_Peek; PeekSpan: HP_TcpPullAgent_PeekSpan; Find:
      HP_TcpPullAgent_Find));

  Settings: array [0 .. 57] of THPSetting = (
    (Getters: (@HP_Server_GetSendPolicy, @HP_Agent_GetSendPolicy, nil); Setters: (@HP_Server_SetSendPolicy,
      @HP_Agent_SetSendPolicy, nil)),
    (Getters: (@HP_Server_GetRecvPolicy, @HP_Agent_GetRecvPolicy, nil); Setters: (@HP_Server_SetRecvPolicy,
      @HP_Agent_SetRecvPolicy, nil)),
    (Getters: (@HP_Server_GetFreeSocketObjLockTime, @HP_Agent_GetFreeSocketObjLockTime, nil); Setters:
      (@HP_Server_SetFreeSocketObjLockTime, @HP_Agent_SetFreeSocketObjLockTime, nil)),
    (Getters: (@HP_Server_GetFreeSocketObjPool, @HP_Agent_GetFreeSocketObjPool, nil); Setters:
      (@HP_Server_SetFreeSocketObjPool, @HP_Agent_SetFreeSocketObjPool, nil)),
    (Getters: (@HP_Server_GetFreeBufferObjPool, @HP_Agent_GetFreeBufferObjPool, nil); Setters:
      (@HP_Server_SetFreeBufferObjPool, @HP_Agent_SetFreeBufferObjPool, nil)),
    (Getters: (@HP_Server_GetFreeSocketObjHold, @HP_Agent_GetFreeSocketObjHold, nil); Setters:
      (@HP_Server_SetFreeSocketObjHold, @HP_Agent_SetFreeSocketObjHold, nil)),
    (Getters: (@HP_Server_GetFreeBufferObjHold, @HP_Agent_GetFreeBufferObjHold, nil); Setters:
      (@HP_Server_SetFreeBufferObjHold, @HP_Agent_SetFreeBufferObjHold, nil)),
    (Getters: (@HP_Server_GetWorkerThreadCount, @HP_Agent_GetWorkerThreadCount, nil); Setters:
      (@HP_Server_SetWorkerThreadCount, @HP_Agent_SetWorkerThreadCount, nil)),
    (Getters: (@HP_Server_GetMaxShutdownWaitTime, @HP_Agent_GetMaxShutdownWaitTime, nil); Setters:
      (@HP_Server_SetMaxShutdownWaitTime, @HP_Agent_SetMaxShutdownWaitTime, nil)),
    (Getters: (@HP_Server_IsMarkSilence, @HP_Agent_IsMarkSilence, nil); Setters: (@HP_Server_SetMarkSilence,
      @HP_Agent_SetMarkSilence, nil)),
    (Getters: (@HP_Server_GetIoBackend, @HP_Agent_GetIoBackend, @HP_Client_GetIoBackend); Setters:
      (@HP_Server_SetIoBackend, @HP_Agent_SetIoBackend, @HP_Client_SetIoBackend)),
    (Getters: (@HP_Server_GetMaxPendingLength, @HP_Agent_GetMaxPendingLength, @HP_Client_GetMaxPendingLength); Setters:
      (@HP_Server_SetMaxPendingLength, @HP_Agent_SetMaxPendingLength, @HP_Client_SetMaxPendingLength)),
    (Getters: (@HP_Server_GetMaxPendingTotal, @HP_Agent_GetMaxPendingTotal, @HP_Client_GetMaxPendingTotal); Setters:
      (@HP_Server_SetMaxPendingTotal, @HP_Agent_SetMaxPendingTotal, @HP_Client_SetMaxPendingTotal)),
    (Getters: (@HP_Server_GetGracefulTimeout, @HP_Agent_GetGracefulTimeout, @HP_Client_GetGracefulTimeout); Setters:
      (@HP_Server_SetGracefulTimeout, @HP_Agent_SetGracefulTimeout, @HP_Client_SetGracefulTimeout)),
    (Getters: (@HP_Server_GetSlowCallbackTime, @HP_Agent_GetSlowCallbackTime, @HP_Client_GetSlowCallbackTime); Setters:
      (@HP_Server_SetSlowCallbackTime, @HP_Agent_SetSlowCallbackTime, @HP_Client_SetSlowCallbackTime)),
    (Getters: (@HP_Server_GetBusyPoll, @HP_Agent_GetBusyPoll, @HP_Client_GetBusyPoll); Setters: (@HP_Server_SetBusyPoll,
      @HP_Agent_SetBusyPoll, @HP_Client_SetBusyPoll)),
    (Getters: (@HP_Server_IsNoDelay, @HP_Agent_IsNoDelay, @HP_Client_IsNoDelay); Setters: (@HP_Server_SetNoDelay,
      @HP_Agent_SetNoDelay, @HP_Client_SetNoDelay)),
    (Getters: (@HP_Server_GetMaxConnectionCount, @HP_Agent_GetMaxConnectionCount, nil); Setters:
      (@HP_Server_SetMaxConnectionCount, @HP_Agent_SetMaxConnectionCount, nil)),
    (Getters: (@HP_Server_GetMaxIdleTime, @HP_Agent_GetMaxIdleTime, nil); Setters: (@HP_Server_SetMaxIdleTime,
      @HP_Agent_SetMaxIdleTime, nil)),
    (Getters: (nil, @HP_Agent_GetSyncConnectTimeout, @HP_Client_GetSyncConnectTimeout); Setters: (nil,
      @HP_Agent_SetSyncConnectTimeout, @HP_Client_SetSyncConnectTimeout)),
    (Getters: (nil, nil, @HP_Client_GetFreeBufferPoolSize); Setters: (nil, nil, @HP_Client_SetFreeBufferPoolSize)),
    (Getters: (nil, nil, @HP_Client_GetFreeBufferPoolHold); Setters: (nil, nil, @HP_Client_SetFreeBufferPoolHold)),
    (Getters: (@HP_TcpServer_GetSocketListenQueue, nil, nil); Setters: (@HP_TcpServer_SetSocketListenQueue, nil, nil)),
    (Getters: (@HP_TcpServer_GetAcceptSocketCount, nil, nil); Setters: (@HP_TcpServer_SetAcceptSocketCount, nil, nil)),
    (Getters: (@HP_TcpServer_GetSocketBufferSize, nil, nil); Setters: (@HP_TcpServer_SetSocketBufferSize, nil, nil)),
    (Getters: (@HP_TcpServer_GetKeepAliveTime, nil, nil); Setters: (@HP_TcpServer_SetKeepAliveTime, nil, nil)),
    (Getters: (@HP_TcpServer_GetKeepAliveInterval, nil, nil); Setters: (@HP_TcpServer_SetKeepAliveInterval, nil, nil)),
    (Getters: (nil, @HP_TcpAgent_IsReuseAddress, nil); Setters: (nil, @HP_TcpAgent_SetReuseAddress, nil)),
    (Getters: (nil, @HP_TcpAgent_GetSocketBufferSize, nil); Setters: (nil, @HP_TcpAgent_SetSocketBufferSize, nil)),
    (Getters: (nil, @HP_TcpAgent_GetKeepAliveTime, nil); Setters: (nil, @HP_TcpAgent_SetKeepAliveTime, nil)),
    (Getters: (nil, @HP_TcpAgent_GetKeepAliveInterval, nil); Setters: (nil, @HP_TcpAgent_SetKeepAliveInterval, nil)),
    (Getters: (nil, nil, @HP_TcpClient_GetSocketBufferSize); Setters: (nil, nil, @HP_TcpClient_SetSocketBufferSize)),
    (Getters: (nil, nil, @HP_TcpClient_GetKeepAliveTime); Setters: (nil, nil, @HP_TcpClient_SetKeepAliveTime)),
    (Getters: (nil, nil, @HP_TcpClient_GetKeepAliveInterval); Setters: (nil, nil, @HP_TcpClient_SetKeepAliveInterval)),
    (Getters: (@HP_TcpPullServer_GetMaxPullLength, nil, nil); Setters: (@HP_TcpPullServer_SetMaxPullLength, nil, nil)),
    (Getters: (nil, @HP_TcpPullAgent_GetMaxPullLength, nil); Setters: (nil, @HP_TcpPullAgent_SetMaxPullLength, nil)),
    (Getters: (nil, nil, @HP_TcpPullClient_GetMaxPullLength); Setters: (nil, nil, @HP_TcpPullClient_SetMaxPullLength)),
    (Getters: (@HP_UdpServer_GetMaxDatagramSize, nil, nil); Setters: (@HP_UdpServer_SetMaxDatagramSize, nil, nil)),
    (Getters: (@HP_UdpServer_GetPostReceiveCount, nil, nil); Setters: (@HP_UdpServer_SetPostReceiveCount, nil, nil)),
    (Getters: (@HP_UdpServer_GetDetectAttempts, nil, nil); Setters: (@HP_UdpServer_SetDetectAttempts, nil, nil)),
    (Getters: (@HP_UdpServer_GetDetectInterval, nil, nil); Setters: (@HP_UdpServer_SetDetectInterval, nil, nil)),
    (Getters: (@HP_UdpServer_IsCloseOnOversize, nil, nil); Setters: (@HP_UdpServer_SetCloseOnOversize, nil, nil)),
    (Getters: (@HP_UdpServer_GetSendBufferSize, nil, nil); Setters: (@HP_UdpServer_SetSendBufferSize, nil, nil)),
    (Getters: (@HP_UdpServer_GetReceiveBufferSize, nil, nil); Setters: (@HP_UdpServer_SetReceiveBufferSize, nil, nil)),
    (Getters: (nil, nil, @HP_UdpClient_GetMaxDatagramSize); Setters: (nil, nil, @HP_UdpClient_SetMaxDatagramSize)),
    (Getters: (nil, nil, @HP_UdpClient_GetDetectAttempts); Setters: (nil, nil, @HP_UdpClient_SetDetectAttempts)),
    (Getters: (nil, nil, @HP_UdpClient_GetDetectInterval); Setters: (nil, nil, @HP_UdpClient_SetDetectInterval)),
    (Getters: (nil, nil, @HP_UdpClient_IsCloseOnOversize); Setters: (nil, nil, @HP_UdpClient_SetCloseOnOversize)),
    (Getters: (nil, nil, @HP_UdpClient_GetSendBufferSize); Setters: (nil, nil, @HP_UdpClient_SetSendBufferSize)),
    (Getters: (nil, nil, @HP_UdpClient_GetReceiveBufferSize); Setters: (nil, nil, @HP_UdpClient_SetReceiveBufferSize)),
    (Getters: (nil, nil, @HP_UdpCast_GetMaxDatagramSize); Setters: (nil, nil, @HP_UdpCast_SetMaxDatagramSize)),
    (Getters: (nil, nil, @HP_UdpCast_IsReuseAddress); Setters: (nil, nil, @HP_UdpCast_SetReuseAddress)),
    (Getters: (nil, nil, @HP_UdpCast_GetCastMode); Setters: (nil, nil, @HP_UdpCast_SetCastMode)),
    (Getters: (nil, nil, @HP_UdpCast_GetMultiCastTtl); Setters: (nil, nil, @HP_UdpCast_SetMultiCastTtl)),
    (Getters: (nil, nil, @HP_UdpCast_IsMultiCastLoop); Setters: (nil, nil, @HP_UdpCast_SetMultiCastLoop)),
    (Getters: (nil, nil, @HP_UdpCast_IsCloseOnOversize); Setters: (nil, nil, @HP_UdpCast_SetCloseOnOversize)),
    (Getters: (nil, nil, @HP_UdpCast_GetSendBufferSize); Setters: (nil, nil, @HP_UdpCast_SetSendBufferSize)),
    (Getters: (nil, nil, @HP_UdpCast_GetReceiveBufferSize); Setters: (nil, nil, @HP_UdpCast_SetReceiveBufferSize)));

implementation

end.
