{ HP-Socket for Delphi and Free Pascal: servers, agents, clients and casts whose work is done by libhpsocket4c.so.

    procedure TEcho.Receive(Sender: THPServer; Id: TConnectionId; Data: PByte; Length: Integer;
      var Answer: THandleResult);
    begin
      Sender.Send(Id, Data^, Length);
    end;

    Server := TTcpServer.Create;
    Server.OnReceive := Echo.Receive;
    Server.Start('0.0.0.0', 5555);
    Server.Wait;

  Events run on the library's threads, never two for one connection at a time. README.md has more. }
unit hpsocket;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$LONGSTRINGS ON}

interface

uses
{$IF DEFINED(FPC) AND DEFINED(UNIX)}
  cthreads,
{$IFEND}
  Classes, SyncObjs, SysUtils, hpsocket4c, hpsocketfamilies, hpsocketslots;

type
  TConnectionId = HP_CONNID;
  TConnectionIds = array of TConnectionId;
  TServiceState = En_HP_ServiceState;
  TSocketOperation = En_HP_SocketOperation;
  TSocketError = En_HP_SocketError;
  TSendPolicy = En_HP_SendPolicy;
  TRecvPolicy = En_HP_RecvPolicy;
  TCastMode = En_HP_CastMode;
  TIoBackend = En_HP_IoBackend;
  { What an event's Answer may become: HP_HR_OK as it comes, HP_HR_IGNORE, or HP_HR_ERROR, which ends the connection. }
  THandleResult = En_HP_HandleResult;
  { Figures of a component; core/api/types.h says what each is. }
  TStats = HP_Stats;

  TSocketAddress = record
    Address: string;
    Port: Word;
  end;

  { A call that failed. }
  EHPSocket = class(Exception)
  private
    FErrorNumber: Integer;
    FCode: TSocketError;
    FDetail: string;
  public
    constructor Create(AErrorNumber: Integer; ACode: TSocketError; const ADetail: string);
    { The system's number: 111 is ECONNREFUSED. }
    property ErrorNumber: Integer read FErrorNumber;
    { The component error; HP_SE_OK if the call sets none. }
    property Code: TSocketError read FCode;
    { What it was about, in words; may be empty. }
    property Detail: string read FDetail;
  end;

  THPServer = class;
  THPAgent = class;
  THPClient = class;

  THPServerPrepareListenEvent = procedure(Sender: THPServer; Socket: Integer; var Answer: THandleResult) of object;
  THPServerAcceptEvent = procedure(Sender: THPServer; Id: TConnectionId; Socket: Integer; var Answer: THandleResult) of
    object;
  THPServerSendEvent = procedure(Sender: THPServer; Id: TConnectionId; Data: PByte; Length: Integer; var Answer:
    THandleResult) of object;
  THPServerReceiveEvent = procedure(Sender: THPServer; Id: TConnectionId; Data: PByte; Length: Integer; var Answer:
    THandleResult) of object;
  THPServerPullReceiveEvent = procedure(Sender: THPServer; Id: TConnectionId; Length: Integer; var Answer:
    THandleResult) of object;
  THPServerCloseEvent = procedure(Sender: THPServer; Id: TConnectionId; var Answer: THandleResult) of object;
  THPServerErrorEvent = procedure(Sender: THPServer; Id: TConnectionId; Operation: TSocketOperation; ErrorNumber:
    Integer; var Answer: THandleResult) of object;
  THPServerShutdownEvent = procedure(Sender: THPServer; var Answer: THandleResult) of object;

  THPAgentPrepareConnectEvent = procedure(Sender: THPAgent; Id: TConnectionId; Socket: Integer; var Answer:
    THandleResult) of object;
  THPAgentConnectEvent = procedure(Sender: THPAgent; Id: TConnectionId; var Answer: THandleResult) of object;
  THPAgentSendEvent = procedure(Sender: THPAgent; Id: TConnectionId; Data: PByte; Length: Integer; var Answer:
    THandleResult) of object;
  THPAgentReceiveEvent = procedure(Sender: THPAgent; Id: TConnectionId; Data: PByte; Length: Integer; var Answer:
    THandleResult) of object;
  THPAgentPullReceiveEvent = procedure(Sender: THPAgent; Id: TConnectionId; Length: Integer; var Answer: THandleResult)
    of object;
  THPAgentCloseEvent = procedure(Sender: THPAgent; Id: TConnectionId; var Answer: THandleResult) of object;
  THPAgentErrorEvent = procedure(Sender: THPAgent; Id: TConnectionId; Operation: TSocketOperation; ErrorNumber: Integer;
    var Answer: THandleResult) of object;
  THPAgentShutdownEvent = procedure(Sender: THPAgent; var Answer: THandleResult) of object;

  THPClientPrepareConnectEvent = procedure(Sender: THPClient; Socket: Integer; var Answer: THandleResult) of object;
  THPClientConnectEvent = procedure(Sender: THPClient; var Answer: THandleResult) of object;
  THPClientSendEvent = procedure(Sender: THPClient; Data: PByte; Length: Integer; var Answer: THandleResult) of object;
  THPClientReceiveEvent = procedure(Sender: THPClient; Data: PByte; Length: Integer; var Answer: THandleResult) of
    object;
  THPClientPullReceiveEvent = procedure(Sender: THPClient; Length: Integer; var Answer: THandleResult) of object;
  THPClientCloseEvent = procedure(Sender: THPClient; var Answer: THandleResult) of object;
  THPClientErrorEvent = procedure(Sender: THPClient; Operation: TSocketOperation; ErrorNumber: Integer; var Answer:
    THandleResult) of object;

  { How the C objects of one kind of component are made and ended. }
  THPKind = record
    CreateListener: function: HP_Object; cdecl;
    CreateComponent: function(Listener: HP_Object): HP_Object; cdecl;
    DestroyComponent: procedure(Handle: HP_Object); cdecl;
    DestroyListener: procedure(Handle: HP_Object); cdecl;
  end;

{$M+}
  { What all components share. }
  THPComponent = class
  private
    FHandle: HP_Object;
    FListener: HP_Object;
    FReleased: Boolean; { guarded by the list of releasers }
    function GetNumber(Setting: Integer): Cardinal;
    procedure SetNumber(Setting: Integer; Value: Cardinal);
    function GetSize(Setting: Integer): UInt64;
    procedure SetSize(Setting: Integer; Value: UInt64);
    function GetInteger(Setting: Integer): Integer;
    procedure SetInteger(Setting: Integer; Value: Integer);
    function GetSendPolicy(Setting: Integer): TSendPolicy;
    procedure SetSendPolicy(Setting: Integer; Value: TSendPolicy);
    function GetRecvPolicy(Setting: Integer): TRecvPolicy;
    procedure SetRecvPolicy(Setting: Integer; Value: TRecvPolicy);
    function GetIoBackend(Setting: Integer): TIoBackend;
    procedure SetIoBackend(Setting: Integer; Value: TIoBackend);
    function GetCastMode(Setting: Integer): TCastMode;
    procedure SetCastMode(Setting: Integer; Value: TCastMode);
    function GetFlag(Setting: Integer): Boolean;
    procedure SetFlag(Setting: Integer; Value: Boolean);
    function GetHasStarted: Boolean;
    function GetState: TServiceState;
    function GetLastError: TSocketError;
    function GetLastErrorDesc: string;
    function GetIoBackendDesc: string;
    procedure StopAndWait;
  protected
    class function Kind: THPKind; virtual; abstract;
    class function Role: THPRole; virtual; abstract;
    { Gives the listener its functions. }
    procedure Hook; virtual; abstract;
    { Raises what a call has failed with unless it has succeeded. }
    procedure Check(Succeeded: LongBool; ComponentError: Boolean = False);
  public
    constructor Create; virtual;
    { Inside a callback it refuses; Release does not. }
    procedure BeforeDestruction; override;
    destructor Destroy; override;
    { Frees it; inside a callback, afterwards on another thread. A second time nothing. }
    procedure Release;
    { Ends every connection; when this returns, no callback runs or will run. In a callback: at once, later. }
    procedure Stop;
    { Waits until it is stopped, at most so many milliseconds; whether it is. }
    function Wait(Milliseconds: Integer = -1): Boolean;
    { Figures since the last start. }
    function Stats: TStats;
    { For functions of hpsocket4c. }
    property Handle: HP_Object read FHandle;
    { STARTED or STARTING. }
    property HasStarted: Boolean read GetHasStarted;
    property State: TServiceState read GetState;
    { The component error; a success does not clear it. }
    property LastError: TSocketError read GetLastError;
    property LastErrorDesc: string read GetLastErrorDesc;
    { Which port is in use, and why. }
    property IoBackendDesc: string read GetIoBackendDesc;
  published
    property IoBackend: TIoBackend index stIoBackend read GetIoBackend write SetIoBackend;
    property MaxPendingLength: UInt64 index stMaxPendingLength read GetSize write SetSize;
    property MaxPendingTotal: UInt64 index stMaxPendingTotal read GetSize write SetSize;
    property GracefulTimeout: Cardinal index stGracefulTimeout read GetNumber write SetNumber;
    property SlowCallbackTime: Cardinal index stSlowCallbackTime read GetNumber write SetNumber;
    property BusyPoll: Cardinal index stBusyPoll read GetNumber write SetNumber;
    property NoDelay: Boolean index stNoDelay read GetFlag write SetFlag;
  end;
{$M-}

  { What servers and agents share: methods with a connection's ID. }
  THPComplex = class(THPComponent)
  private
    FEvents: THPSlotOwner;
    FSlot: PHPSlot;
    function GetConnectionCount: Cardinal;
  protected
    function MakeEvents: THPSlotOwner; virtual; abstract;
    procedure Hook; override;
  public
    destructor Destroy; override;
    { Sends; the bytes may be reused when it returns. }
    procedure Send(Id: TConnectionId; const Data; Length: Integer); overload;
    procedure Send(Id: TConnectionId; const Data: TBytes); overload;
    { Sends Length bytes from Offset on. }
    procedure SendPart(Id: TConnectionId; const Data: TBytes; Offset, Length: Integer);
    { Sends several pieces as one. }
    procedure SendPackets(Id: TConnectionId; const Pieces: array of TBytes);
    { Closes a connection; its last event follows. }
    procedure Disconnect(Id: TConnectionId; Force: Boolean = True);
    { Disconnects what is that old, in ms; whether there was any. }
    function DisconnectLongConnections(Period: Cardinal; Force: Boolean = True): Boolean;
    { Disconnects what has received nothing for that long (MarkSilence); whether there was any. }
    function DisconnectSilenceConnections(Period: Cardinal; Force: Boolean = True): Boolean;
    { Stops or resumes reading from a connection. }
    procedure PauseReceive(Id: TConnectionId; Pause: Boolean = True);
    function IsReceivePaused(Id: TConnectionId): Boolean;
    { A pointer of the user's. }
    procedure SetConnectionExtra(Id: TConnectionId; Extra: Pointer);
    function GetConnectionExtra(Id: TConnectionId): Pointer;
    function ConnectionIds: TConnectionIds;
    { A connection's age in ms. }
    function ConnectPeriod(Id: TConnectionId): Cardinal;
    { Since when it has received nothing, in ms (MarkSilence). }
    function SilencePeriod(Id: TConnectionId): Cardinal;
    { The peer. }
    function RemoteAddress(Id: TConnectionId): TSocketAddress;
    { Bytes that Send accepted and whose send has not completed. }
    function PendingDataLength(Id: TConnectionId): Integer;
    property ConnectionCount: Cardinal read GetConnectionCount;
  published
    property SendPolicy: TSendPolicy index stSendPolicy read GetSendPolicy write SetSendPolicy;
    property RecvPolicy: TRecvPolicy index stRecvPolicy read GetRecvPolicy write SetRecvPolicy;
    property FreeSocketObjLockTime: Cardinal index stFreeSocketObjLockTime read GetNumber write SetNumber;
    property FreeSocketObjPool: Cardinal index stFreeSocketObjPool read GetNumber write SetNumber;
    property FreeBufferObjPool: Cardinal index stFreeBufferObjPool read GetNumber write SetNumber;
    property FreeSocketObjHold: Cardinal index stFreeSocketObjHold read GetNumber write SetNumber;
    property FreeBufferObjHold: Cardinal index stFreeBufferObjHold read GetNumber write SetNumber;
    property WorkerThreadCount: Cardinal index stWorkerThreadCount read GetNumber write SetNumber;
    property MaxShutdownWaitTime: Cardinal index stMaxShutdownWaitTime read GetNumber write SetNumber;
    property MarkSilence: Boolean index stMarkSilence read GetFlag write SetFlag;
    property MaxConnectionCount: Cardinal index stMaxConnectionCount read GetNumber write SetNumber;
    property MaxIdleTime: Cardinal index stMaxIdleTime read GetNumber write SetNumber;
  end;

  THPServer = class(THPComplex)
  private
    FOnPrepareListen: THPServerPrepareListenEvent;
    FOnAccept: THPServerAcceptEvent;
    FOnSend: THPServerSendEvent;
    FOnReceive: THPServerReceiveEvent;
    FOnPullReceive: THPServerPullReceiveEvent;
    FOnClose: THPServerCloseEvent;
    FOnError: THPServerErrorEvent;
    FOnShutdown: THPServerShutdownEvent;
  protected
    class function Role: THPRole; override;
    function MakeEvents: THPSlotOwner; override;
    procedure Hook; override;
  public
    { Listens; port 0 is any, and ListenAddress tells which. }
    procedure Start(const BindAddress: string = '0.0.0.0'; Port: Word = 0);
    function ListenAddress: TSocketAddress;
  published
    { The listening socket exists and is not bound yet; on the thread that starts. }
    property OnPrepareListen: THPServerPrepareListenEvent read FOnPrepareListen write FOnPrepareListen;
    { A peer has connected; on UDP Socket is -1. Error: closed, no further event for it. }
    property OnAccept: THPServerAcceptEvent read FOnAccept write FOnAccept;
    { The kernel has taken these bytes. }
    property OnSend: THPServerSendEvent read FOnSend write FOnSend;
    { PUSH: these have come, and are here until it returns. }
    property OnReceive: THPServerReceiveEvent read FOnReceive write FOnReceive;
    { PULL: so many bytes can be fetched now. }
    property OnPullReceive: THPServerPullReceiveEvent read FOnPullReceive write FOnPullReceive;
    { The connection has ended in order; its last event. }
    property OnClose: THPServerCloseEvent read FOnClose write FOnClose;
    { The connection has ended by an error, or could not be made (connect); its last event. }
    property OnError: THPServerErrorEvent read FOnError write FOnError;
    { The component has ended. }
    property OnShutdown: THPServerShutdownEvent read FOnShutdown write FOnShutdown;
  end;

  { TCP, PUSH. }
  TTcpServer = class(THPServer)
  protected
    class function Kind: THPKind; override;
  public
    { Sends Head, a file of up to 4 MiB, and Tail as one. }
    procedure SendSmallFile(Id: TConnectionId; const FileName: string; const Head: TBytes = nil;
      const Tail: TBytes = nil);
  published
    property AcceptSocketCount: Cardinal index stTcpServerAcceptSocketCount read GetNumber write SetNumber;
    property SocketBufferSize: Cardinal index stTcpServerSocketBufferSize read GetNumber write SetNumber;
    property SocketListenQueue: Cardinal index stTcpServerSocketListenQueue read GetNumber write SetNumber;
    property KeepAliveTime: Cardinal index stTcpServerKeepAliveTime read GetNumber write SetNumber;
    property KeepAliveInterval: Cardinal index stTcpServerKeepAliveInterval read GetNumber write SetNumber;
  end;

  { TCP, PULL. }
  TTcpPullServer = class(TTcpServer)
  protected
    class function Kind: THPKind; override;
  public
    { Takes exactly so many bytes; False if they are not there yet. }
    function Fetch(Id: TConnectionId; var Data; Length: Integer): Boolean; overload;
    function Fetch(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean; overload;
    { The same without taking them. }
    function Peek(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
    { Inside OnPullReceive: the first bytes, as many as lie in one piece; False if there is none. }
    function PeekSpan(Id: TConnectionId; out Data: TBytes): Boolean;
    { Whether the pattern is there at or after From, and where; if not, where to look on when more has come. }
    function Find(Id: TConnectionId; const Pattern: TBytes; out Position: Integer; From: Integer = 0): Boolean;
  published
    property MaxPullLength: UInt64 index stTcpPullServerMaxPullLength read GetSize write SetSize;
  end;

  { UDP: a session for every peer that is heard. }
  TUdpServer = class(THPServer)
  protected
    class function Kind: THPKind; override;
  published
    property PostReceiveCount: Cardinal index stUdpServerPostReceiveCount read GetNumber write SetNumber;
    property MaxDatagramSize: Cardinal index stUdpServerMaxDatagramSize read GetNumber write SetNumber;
    property CloseOnOversize: Boolean index stUdpServerCloseOnOversize read GetFlag write SetFlag;
    property SendBufferSize: Cardinal index stUdpServerSendBufferSize read GetNumber write SetNumber;
    property ReceiveBufferSize: Cardinal index stUdpServerReceiveBufferSize read GetNumber write SetNumber;
    property DetectAttempts: Cardinal index stUdpServerDetectAttempts read GetNumber write SetNumber;
    property DetectInterval: Cardinal index stUdpServerDetectInterval read GetNumber write SetNumber;
  end;

  THPAgent = class(THPComplex)
  private
    FOnPrepareConnect: THPAgentPrepareConnectEvent;
    FOnConnect: THPAgentConnectEvent;
    FOnSend: THPAgentSendEvent;
    FOnReceive: THPAgentReceiveEvent;
    FOnPullReceive: THPAgentPullReceiveEvent;
    FOnClose: THPAgentCloseEvent;
    FOnError: THPAgentErrorEvent;
    FOnShutdown: THPAgentShutdownEvent;
  protected
    class function Role: THPRole; override;
    function MakeEvents: THPSlotOwner; override;
    procedure Hook; override;
  public
    { Starts the workers; Connect makes connections, waiting for each unless AsyncConnect. }
    procedure Start(const BindAddress: string = ''; AsyncConnect: Boolean = False);
    { Connects to a literal or a name; the connection's ID. }
    function Connect(const RemoteAddress: string; Port: Word): TConnectionId;
    { Our side of a connection. }
    function LocalAddress(Id: TConnectionId): TSocketAddress;
  published
    property SyncConnectTimeout: Cardinal index stSyncConnectTimeout read GetNumber write SetNumber;
    { A socket exists and is neither bound nor connecting yet. }
    property OnPrepareConnect: THPAgentPrepareConnectEvent read FOnPrepareConnect write FOnPrepareConnect;
    { Connected. }
    property OnConnect: THPAgentConnectEvent read FOnConnect write FOnConnect;
    { The kernel has taken these bytes. }
    property OnSend: THPAgentSendEvent read FOnSend write FOnSend;
    { PUSH: these have come, and are here until it returns. }
    property OnReceive: THPAgentReceiveEvent read FOnReceive write FOnReceive;
    { PULL: so many bytes can be fetched now. }
    property OnPullReceive: THPAgentPullReceiveEvent read FOnPullReceive write FOnPullReceive;
    { The connection has ended in order; its last event. }
    property OnClose: THPAgentCloseEvent read FOnClose write FOnClose;
    { The connection has ended by an error, or could not be made (connect); its last event. }
    property OnError: THPAgentErrorEvent read FOnError write FOnError;
    { The component has ended. }
    property OnShutdown: THPAgentShutdownEvent read FOnShutdown write FOnShutdown;
  end;

  { TCP, PUSH. }
  TTcpAgent = class(THPAgent)
  protected
    class function Kind: THPKind; override;
  public
    { Sends Head, a file of up to 4 MiB, and Tail as one. }
    procedure SendSmallFile(Id: TConnectionId; const FileName: string; const Head: TBytes = nil;
      const Tail: TBytes = nil);
  published
    property ReuseAddress: Boolean index stTcpAgentReuseAddress read GetFlag write SetFlag;
    property SocketBufferSize: Cardinal index stTcpAgentSocketBufferSize read GetNumber write SetNumber;
    property KeepAliveTime: Cardinal index stTcpAgentKeepAliveTime read GetNumber write SetNumber;
    property KeepAliveInterval: Cardinal index stTcpAgentKeepAliveInterval read GetNumber write SetNumber;
  end;

  { TCP, PULL. }
  TTcpPullAgent = class(TTcpAgent)
  protected
    class function Kind: THPKind; override;
  public
    { As TTcpPullServer's. }
    function Fetch(Id: TConnectionId; var Data; Length: Integer): Boolean; overload;
    function Fetch(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean; overload;
    function Peek(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
    function PeekSpan(Id: TConnectionId; out Data: TBytes): Boolean;
    function Find(Id: TConnectionId; const Pattern: TBytes; out Position: Integer; From: Integer = 0): Boolean;
  published
    property MaxPullLength: UInt64 index stTcpPullAgentMaxPullLength read GetSize write SetSize;
  end;

  { What clients and casts share: one connection, so methods without an ID. }
  THPClient = class(THPComponent)
  private
    FExtra: Pointer;
    FOnPrepareConnect: THPClientPrepareConnectEvent;
    FOnConnect: THPClientConnectEvent;
    FOnSend: THPClientSendEvent;
    FOnReceive: THPClientReceiveEvent;
    FOnPullReceive: THPClientPullReceiveEvent;
    FOnClose: THPClientCloseEvent;
    FOnError: THPClientErrorEvent;
    function GetConnectionId: TConnectionId;
  protected
    class function Role: THPRole; override;
    procedure Hook; override;
  public
    constructor Create; override;
    { Connects to a literal or a name. }
    procedure Start(const RemoteAddress: string; Port: Word; AsyncConnect: Boolean = False);
    { Sends; the bytes may be reused when it returns. }
    procedure Send(const Data; Length: Integer); overload;
    procedure Send(const Data: TBytes); overload;
    { Sends Length bytes from Offset on. }
    procedure SendPart(const Data: TBytes; Offset, Length: Integer);
    { Sends several pieces as one. }
    procedure SendPackets(const Pieces: array of TBytes);
    { Stops or resumes reading. }
    procedure PauseReceive(Pause: Boolean = True);
    function IsReceivePaused: Boolean;
    { Our side of the connection. }
    function LocalAddress: TSocketAddress;
    { Bytes that Send accepted and whose send has not completed; 0 when not started. }
    function PendingDataLength: Integer;
    { 0 before the first start. }
    property ConnectionId: TConnectionId read GetConnectionId;
    { A pointer of the user's. }
    property Extra: Pointer read FExtra write FExtra;
  published
    property FreeBufferPoolSize: Cardinal index stFreeBufferPoolSize read GetNumber write SetNumber;
    property FreeBufferPoolHold: Cardinal index stFreeBufferPoolHold read GetNumber write SetNumber;
    property SyncConnectTimeout: Cardinal index stSyncConnectTimeout read GetNumber write SetNumber;
    { A socket exists and is neither bound nor connecting yet. }
    property OnPrepareConnect: THPClientPrepareConnectEvent read FOnPrepareConnect write FOnPrepareConnect;
    { Connected. }
    property OnConnect: THPClientConnectEvent read FOnConnect write FOnConnect;
    { The kernel has taken these bytes. }
    property OnSend: THPClientSendEvent read FOnSend write FOnSend;
    { PUSH: these have come, and are here until it returns. }
    property OnReceive: THPClientReceiveEvent read FOnReceive write FOnReceive;
    { PULL: so many bytes can be fetched now. }
    property OnPullReceive: THPClientPullReceiveEvent read FOnPullReceive write FOnPullReceive;
    { The connection has ended in order; its last event. }
    property OnClose: THPClientCloseEvent read FOnClose write FOnClose;
    { The connection has ended by an error, or could not be made (connect); its last event. }
    property OnError: THPClientErrorEvent read FOnError write FOnError;
  end;

  { TCP, PUSH. }
  TTcpClient = class(THPClient)
  protected
    class function Kind: THPKind; override;
  public
    { Sends Head, a file of up to 4 MiB, and Tail as one. }
    procedure SendSmallFile(const FileName: string; const Head: TBytes = nil; const Tail: TBytes = nil);
  published
    property SocketBufferSize: Cardinal index stTcpClientSocketBufferSize read GetNumber write SetNumber;
    property KeepAliveTime: Cardinal index stTcpClientKeepAliveTime read GetNumber write SetNumber;
    property KeepAliveInterval: Cardinal index stTcpClientKeepAliveInterval read GetNumber write SetNumber;
  end;

  { TCP, PULL. }
  TTcpPullClient = class(TTcpClient)
  protected
    class function Kind: THPKind; override;
  public
    { As TTcpPullServer's. }
    function Fetch(var Data; Length: Integer): Boolean; overload;
    function Fetch(Length: Integer; out Data: TBytes): Boolean; overload;
    function Peek(Length: Integer; out Data: TBytes): Boolean;
    function PeekSpan(out Data: TBytes): Boolean;
    function Find(const Pattern: TBytes; out Position: Integer; From: Integer = 0): Boolean;
  published
    property MaxPullLength: UInt64 index stTcpPullClientMaxPullLength read GetSize write SetSize;
  end;

  { UDP: hears one server. }
  TUdpClient = class(THPClient)
  protected
    class function Kind: THPKind; override;
  published
    property MaxDatagramSize: Cardinal index stUdpClientMaxDatagramSize read GetNumber write SetNumber;
    property CloseOnOversize: Boolean index stUdpClientCloseOnOversize read GetFlag write SetFlag;
    property SendBufferSize: Cardinal index stUdpClientSendBufferSize read GetNumber write SetNumber;
    property ReceiveBufferSize: Cardinal index stUdpClientReceiveBufferSize read GetNumber write SetNumber;
    property DetectAttempts: Cardinal index stUdpClientDetectAttempts read GetNumber write SetNumber;
    property DetectInterval: Cardinal index stUdpClientDetectInterval read GetNumber write SetNumber;
  end;

  { UDP: a member of a multicast group, or of all who hear broadcasts. }
  TUdpCast = class(THPClient)
  private
    function GetBindAddress: string;
    procedure SetBindAddress(const Address: string);
  protected
    class function Kind: THPKind; override;
  public
    { Hear the group from these senders only; none forgets them. }
    procedure JoinSource(const Address: string);
    { Inside OnReceive: who sent it. }
    function RemoteAddress: TSocketAddress;
    { Whose interface is joined on and sent by. }
    property BindAddress: string read GetBindAddress write SetBindAddress;
  published
    property ReuseAddress: Boolean index stUdpCastReuseAddress read GetFlag write SetFlag;
    property CastMode: TCastMode index stUdpCastCastMode read GetCastMode write SetCastMode;
    property MultiCastTtl: Integer index stUdpCastMultiCastTtl read GetInteger write SetInteger;
    property MultiCastLoop: Boolean index stUdpCastMultiCastLoop read GetFlag write SetFlag;
    property MaxDatagramSize: Cardinal index stUdpCastMaxDatagramSize read GetNumber write SetNumber;
    property CloseOnOversize: Boolean index stUdpCastCloseOnOversize read GetFlag write SetFlag;
    property SendBufferSize: Cardinal index stUdpCastSendBufferSize read GetNumber write SetNumber;
    property ReceiveBufferSize: Cardinal index stUdpCastReceiveBufferSize read GetNumber write SetNumber;
  end;

  { Told what a callback has raised. }
  THPFailureHandler = procedure(const Event: string; Sender: THPComponent; Failure: TObject);
  { The library's messages: 0 information, 1 warning, 2 error. It must not call the library. }
  THPLogHandler = procedure(Level: Integer; const Message: string);

var
  { Nil: to standard error. Set before components start. }
  OnHPCallbackFailed: THPFailureHandler = nil;

{ Nil: to standard error. }
procedure HPSetLogHandler(Handler: THPLogHandler);
{ The version of the core that is running, '1.0.0' for example. }
function HPVersion: string;

implementation

const
  ENOTCONN = 107;
  ENOBUFS = 105;
  EDEADLK = 35;
  ETIMEDOUT = 110;

  TcpServerKind: THPKind = (CreateListener: Create_HP_TcpServerListener;
    CreateComponent: Create_HP_TcpServer; DestroyComponent: Destroy_HP_TcpServer;
    DestroyListener: Destroy_HP_TcpServerListener);
  TcpPullServerKind: THPKind = (CreateListener: Create_HP_TcpPullServerListener;
    CreateComponent: Create_HP_TcpPullServer; DestroyComponent: Destroy_HP_TcpPullServer;
    DestroyListener: Destroy_HP_TcpPullServerListener);
  TcpAgentKind: THPKind = (CreateListener: Create_HP_TcpAgentListener;
    CreateComponent: Create_HP_TcpAgent; DestroyComponent: Destroy_HP_TcpAgent;
    DestroyListener: Destroy_HP_TcpAgentListener);
  TcpPullAgentKind: THPKind = (CreateListener: Create_HP_TcpPullAgentListener;
    CreateComponent: Create_HP_TcpPullAgent; DestroyComponent: Destroy_HP_TcpPullAgent;
    DestroyListener: Destroy_HP_TcpPullAgentListener);
  TcpClientKind: THPKind = (CreateListener: Create_HP_TcpClientListener;
    CreateComponent: Create_HP_TcpClient; DestroyComponent: Destroy_HP_TcpClient;
    DestroyListener: Destroy_HP_TcpClientListener);
  TcpPullClientKind: THPKind = (CreateListener: Create_HP_TcpPullClientListener;
    CreateComponent: Create_HP_TcpPullClient; DestroyComponent: Destroy_HP_TcpPullClient;
    DestroyListener: Destroy_HP_TcpPullClientListener);
  UdpServerKind: THPKind = (CreateListener: Create_HP_UdpServerListener;
    CreateComponent: Create_HP_UdpServer; DestroyComponent: Destroy_HP_UdpServer;
    DestroyListener: Destroy_HP_UdpServerListener);
  UdpClientKind: THPKind = (CreateListener: Create_HP_UdpClientListener;
    CreateComponent: Create_HP_UdpClient; DestroyComponent: Destroy_HP_UdpClient;
    DestroyListener: Destroy_HP_UdpClientListener);
  UdpCastKind: THPKind = (CreateListener: Create_HP_UdpCastListener;
    CreateComponent: Create_HP_UdpCast; DestroyComponent: Destroy_HP_UdpCast;
    DestroyListener: Destroy_HP_UdpCastListener);

type
  TServerEvents = class(THPSlotOwner)
  private
    FServer: THPServer;
  public
    function PrepareListen(Socket: NativeUInt): En_HP_HandleResult; override;
    function Accept(Id: HP_CONNID; Client: NativeUInt): En_HP_HandleResult; override;
    function Send(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; override;
    function Receive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; override;
    function PullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult; override;
    function Close(Id: HP_CONNID): En_HP_HandleResult; override;
    function Error(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult; override;
    function Shutdown: En_HP_HandleResult; override;
  end;

  TAgentEvents = class(THPSlotOwner)
  private
    FAgent: THPAgent;
  public
    function PrepareConnect(Id: HP_CONNID; Socket: NativeUInt): En_HP_HandleResult; override;
    function Connect(Id: HP_CONNID): En_HP_HandleResult; override;
    function Send(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; override;
    function Receive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; override;
    function PullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult; override;
    function Close(Id: HP_CONNID): En_HP_HandleResult; override;
    function Error(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult; override;
    function Shutdown: En_HP_HandleResult; override;
  end;

  { Frees a component that was released inside a callback. }
  TReleaser = class(TThread)
  private
    FComponent: THPComponent;
  protected
    procedure Execute; override;
  end;

var
  Living: TThreadList; { of components }
  Releasers: TThreadList;
  ProgramEnds: Boolean = False; { under the lock of Releasers }
  LogLock: TCriticalSection;
  LogHandler: THPLogHandler = nil;

threadvar
  Depth: Integer; { of callbacks on this thread }

{ --- Texts, failures --- }

function Text(Value: PAnsiChar): string;
begin
{$IFDEF UNICODE}
  Result := UTF8ToString(Value);
{$ELSE}
  Result := Value;
{$ENDIF}
end;

{ Nothing is a null pointer. C's texts end at the first null character: the rest must not get lost unnoticed. }
function CText(const Value: string): RawByteString;
begin
  if Pos(#0, Value) > 0 then
    raise EArgumentException.Create('a null character in a text');
{$IFDEF UNICODE}
  Result := UTF8Encode(Value);
{$ELSE}
  Result := Value;
{$ENDIF}
end;

constructor EHPSocket.Create(AErrorNumber: Integer; ACode: TSocketError; const ADetail: string);
begin
  if ADetail = '' then
    inherited Create(SysErrorMessage(AErrorNumber))
  else
    inherited Create(SysErrorMessage(AErrorNumber) + ': ' + ADetail);
  FErrorNumber := AErrorNumber;
  FCode := ACode;
  FDetail := ADetail;
end;

procedure CheckConnection(Exists: LongBool);
begin
  if not Exists then
    raise EHPSocket.Create(ENOTCONN, HP_SE_OK, 'no such connection');
end;

procedure CheckRange(const Data: TBytes; Offset, Count: Integer);
begin
  if (Offset < 0) or (Count < 0) or (Offset > Length(Data) - Count) then
    raise ERangeError.CreateFmt('%d bytes from %d of %d', [Count, Offset, Length(Data)]);
end;

procedure CheckLength(Length: Integer);
begin
  if Length < 0 then
    raise ERangeError.CreateFmt('%d bytes', [Length]);
end;

procedure CheckPattern(const Pattern: TBytes; From: Integer);
begin
  if (Length(Pattern) = 0) or (From < 0) then
    raise ERangeError.CreateFmt('a pattern of %d bytes from %d on', [Length(Pattern), From]);
end;

function IsThere(Answer: En_HP_FetchResult): Boolean;
begin
  CheckConnection(Answer <> HP_FR_DATA_NOT_FOUND);
  Result := Answer = HP_FR_OK;
end;

{ --- Callbacks --- }

procedure EnterCallback(out Answer: THandleResult);
begin
  Inc(Depth);
  Answer := HP_HR_OK;
end;

procedure LeaveCallback;
begin
  Dec(Depth);
end;

{ In except clauses: nothing that is raised may get into C. Standard error may be closed, or a broken pipe. }
procedure Tell(const Line: string);
begin
  try
    WriteLn(ErrOutput, Line);
    Flush(ErrOutput); { or it is kept until the thread ends }
  except
    { there is nobody else to tell }
  end;
end;

procedure CallbackFailed(const Event: string; Sender: THPComponent; out Answer: THandleResult);
begin
  Answer := HP_HR_ERROR;
  try
    if Assigned(OnHPCallbackFailed) then
      OnHPCallbackFailed(Event, Sender, ExceptObject)
    else if ExceptObject is Exception then
      Tell(Event + ' of ' + Sender.ClassName + ' failed: ' + Exception(ExceptObject).Message)
    else
      Tell(Event + ' of ' + Sender.ClassName + ' failed');
  except
    Tell('OnHPCallbackFailed failed');
  end;
end;

function TServerEvents.PrepareListen(Socket: NativeUInt): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnPrepareListen) then
      FServer.FOnPrepareListen(FServer, Integer(Socket), Result);
  except
    CallbackFailed('OnPrepareListen', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.Accept(Id: HP_CONNID; Client: NativeUInt): En_HP_HandleResult;
var
  Socket: Integer;
begin
  EnterCallback(Result);
  try
    Socket := Integer(Client);
    if FServer is TUdpServer then
      Socket := -1; { C gives a pointer to the peer's address }
    if Assigned(FServer.FOnAccept) then
      FServer.FOnAccept(FServer, Id, Socket, Result);
  except
    CallbackFailed('OnAccept', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.Send(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnSend) then
      FServer.FOnSend(FServer, Id, Data, Length, Result);
  except
    CallbackFailed('OnSend', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.Receive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnReceive) then
      FServer.FOnReceive(FServer, Id, Data, Length, Result);
  except
    CallbackFailed('OnReceive', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.PullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnPullReceive) then
      FServer.FOnPullReceive(FServer, Id, Length, Result);
  except
    CallbackFailed('OnPullReceive', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.Close(Id: HP_CONNID): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnClose) then
      FServer.FOnClose(FServer, Id, Result);
  except
    CallbackFailed('OnClose', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.Error(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnError) then
      FServer.FOnError(FServer, Id, Operation, ErrorCode, Result);
  except
    CallbackFailed('OnError', FServer, Result);
  end;
  LeaveCallback;
end;

function TServerEvents.Shutdown: En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FServer.FOnShutdown) then
      FServer.FOnShutdown(FServer, Result);
  except
    CallbackFailed('OnShutdown', FServer, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.PrepareConnect(Id: HP_CONNID; Socket: NativeUInt): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnPrepareConnect) then
      FAgent.FOnPrepareConnect(FAgent, Id, Integer(Socket), Result);
  except
    CallbackFailed('OnPrepareConnect', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.Connect(Id: HP_CONNID): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnConnect) then
      FAgent.FOnConnect(FAgent, Id, Result);
  except
    CallbackFailed('OnConnect', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.Send(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnSend) then
      FAgent.FOnSend(FAgent, Id, Data, Length, Result);
  except
    CallbackFailed('OnSend', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.Receive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnReceive) then
      FAgent.FOnReceive(FAgent, Id, Data, Length, Result);
  except
    CallbackFailed('OnReceive', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.PullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnPullReceive) then
      FAgent.FOnPullReceive(FAgent, Id, Length, Result);
  except
    CallbackFailed('OnPullReceive', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.Close(Id: HP_CONNID): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnClose) then
      FAgent.FOnClose(FAgent, Id, Result);
  except
    CallbackFailed('OnClose', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.Error(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnError) then
      FAgent.FOnError(FAgent, Id, Operation, ErrorCode, Result);
  except
    CallbackFailed('OnError', FAgent, Result);
  end;
  LeaveCallback;
end;

function TAgentEvents.Shutdown: En_HP_HandleResult;
begin
  EnterCallback(Result);
  try
    if Assigned(FAgent.FOnShutdown) then
      FAgent.FOnShutdown(FAgent, Result);
  except
    CallbackFailed('OnShutdown', FAgent, Result);
  end;
  LeaveCallback;
end;

function ClientPrepareConnect(Handle: HP_Client; Socket: NativeUInt): En_HP_HandleResult; cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnPrepareConnect) then
      Client.FOnPrepareConnect(Client, Integer(Socket), Result);
  except
    CallbackFailed('OnPrepareConnect', Client, Result);
  end;
  LeaveCallback;
end;

function ClientConnect(Handle: HP_Client): En_HP_HandleResult; cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnConnect) then
      Client.FOnConnect(Client, Result);
  except
    CallbackFailed('OnConnect', Client, Result);
  end;
  LeaveCallback;
end;

function ClientSend(Handle: HP_Client; Data: PByte; Length: Integer): En_HP_HandleResult; cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnSend) then
      Client.FOnSend(Client, Data, Length, Result);
  except
    CallbackFailed('OnSend', Client, Result);
  end;
  LeaveCallback;
end;

function ClientReceive(Handle: HP_Client; Data: PByte; Length: Integer): En_HP_HandleResult; cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnReceive) then
      Client.FOnReceive(Client, Data, Length, Result);
  except
    CallbackFailed('OnReceive', Client, Result);
  end;
  LeaveCallback;
end;

function ClientPullReceive(Handle: HP_Client; Length: Integer): En_HP_HandleResult; cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnPullReceive) then
      Client.FOnPullReceive(Client, Length, Result);
  except
    CallbackFailed('OnPullReceive', Client, Result);
  end;
  LeaveCallback;
end;

function ClientClose(Handle: HP_Client): En_HP_HandleResult; cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnClose) then
      Client.FOnClose(Client, Result);
  except
    CallbackFailed('OnClose', Client, Result);
  end;
  LeaveCallback;
end;

function ClientError(Handle: HP_Client; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult;
  cdecl;
var
  Client: THPClient;
begin
  EnterCallback(Result);
  Client := HP_Client_GetExtra(Handle);
  try
    if Assigned(Client.FOnError) then
      Client.FOnError(Client, Operation, ErrorCode, Result);
  except
    CallbackFailed('OnError', Client, Result);
  end;
  LeaveCallback;
end;

{ --- All components --- }

constructor THPComponent.Create;
begin
  inherited Create;
  FListener := Kind.CreateListener();
  if FListener = nil then
    raise EOutOfMemory.Create('no memory for a component');
  Hook;
  FHandle := Kind.CreateComponent(FListener);
  if FHandle = nil then
    raise EOutOfMemory.Create('no memory for a component');
  Living.Add(Self);
end;

{ Last events come from here and find an object that is whole. }
procedure THPComponent.BeforeDestruction;
begin
  if FHandle <> nil then
  begin
    if Depth > 0 then
      raise EHPSocket.Create(EDEADLK, HP_SE_OK, 'Free inside a callback; Release does it afterwards');
    StopAndWait;
  end;
  inherited;
end;

procedure THPComponent.StopAndWait;
begin
  if ComponentFunctions[Role].Stop(FHandle) or (State = HP_SS_STOPPING) then
    ComponentFunctions[Role].Wait(FHandle, -1);
end;

destructor THPComponent.Destroy;
begin
  if Assigned(Living) then
    Living.Remove(Self);
  if FHandle <> nil then
    Kind.DestroyComponent(FHandle);
  if FListener <> nil then
    Kind.DestroyListener(FListener);
  inherited;
end;

procedure TReleaser.Execute;
begin
  FComponent.Free;
end;

{ What is done would else keep its thread's stack until the program ends. }
procedure FreeFinished(List: TList);
var
  Index: Integer;
begin
  for Index := List.Count - 1 downto 0 do
    if TReleaser(List[Index]).Finished then
    begin
      TReleaser(List[Index]).Free;
      List.Delete(Index);
    end;
end;

procedure THPComponent.Release;
var
  List: TList;
  Releaser: TReleaser;
begin
  List := Releasers.LockList;
  try
    if FReleased or ProgramEnds then { EndAll ends it, and may be waiting for it }
      Exit;
    if Depth > 0 then
    begin
      FreeFinished(List);
      Releaser := TReleaser.Create(True);
      Releaser.FComponent := Self;
      List.Add(Releaser);
    end;
    FReleased := True;
    if Depth > 0 then
    begin
      Releaser.Start; { in another component's callback it may end this one at once }
      Exit;
    end;
  finally
    Releasers.UnlockList;
  end;
  Free;
end;

procedure THPComponent.Check(Succeeded: LongBool; ComponentError: Boolean);
var
  ErrorNumber: Integer;
  Code: TSocketError;
begin
  if Succeeded then
    Exit;
  ErrorNumber := SYS_GetLastError;
  Code := HP_SE_OK;
  if ComponentError then
    Code := LastError;
  raise EHPSocket.Create(ErrorNumber, Code, Text(ComponentFunctions[Role].GetLastErrorDetail(FHandle)));
end;

procedure THPComponent.Stop;
begin
  Check(ComponentFunctions[Role].Stop(FHandle), True);
end;

function THPComponent.Wait(Milliseconds: Integer): Boolean;
begin
  Result := ComponentFunctions[Role].Wait(FHandle, Milliseconds);
  if not Result and (SYS_GetLastError <> ETIMEDOUT) then
    Check(False, True);
end;

function THPComponent.Stats: TStats;
begin
  FillChar(Result, SizeOf(Result), 0);
  Result.size := SizeOf(Result);
  Check(ComponentFunctions[Role].GetStats(FHandle, Result));
end;

function THPComponent.GetHasStarted: Boolean;
begin
  Result := ComponentFunctions[Role].HasStarted(FHandle);
end;

function THPComponent.GetState: TServiceState;
begin
  Result := ComponentFunctions[Role].GetState(FHandle);
end;

function THPComponent.GetLastError: TSocketError;
begin
  Result := ComponentFunctions[Role].GetLastError(FHandle);
end;

function THPComponent.GetLastErrorDesc: string;
begin
  Result := Text(ComponentFunctions[Role].GetLastErrorDesc(FHandle));
end;

function THPComponent.GetIoBackendDesc: string;
begin
  Result := Text(ComponentFunctions[Role].GetIoBackendDesc(FHandle));
end;

function THPComponent.GetNumber(Setting: Integer): Cardinal;
type
  TGetter = function(Handle: HP_Object): Cardinal; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetNumber(Setting: Integer; Value: Cardinal);
type
  TSetter = procedure(Handle: HP_Object; Value: Cardinal); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetSize(Setting: Integer): UInt64;
type
  TGetter = function(Handle: HP_Object): UInt64; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetSize(Setting: Integer; Value: UInt64);
type
  TSetter = procedure(Handle: HP_Object; Value: UInt64); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetInteger(Setting: Integer): Integer;
type
  TGetter = function(Handle: HP_Object): Integer; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetInteger(Setting: Integer; Value: Integer);
type
  TSetter = procedure(Handle: HP_Object; Value: Integer); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetSendPolicy(Setting: Integer): TSendPolicy;
type
  TGetter = function(Handle: HP_Object): TSendPolicy; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetSendPolicy(Setting: Integer; Value: TSendPolicy);
type
  TSetter = procedure(Handle: HP_Object; Value: TSendPolicy); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetRecvPolicy(Setting: Integer): TRecvPolicy;
type
  TGetter = function(Handle: HP_Object): TRecvPolicy; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetRecvPolicy(Setting: Integer; Value: TRecvPolicy);
type
  TSetter = procedure(Handle: HP_Object; Value: TRecvPolicy); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetIoBackend(Setting: Integer): TIoBackend;
type
  TGetter = function(Handle: HP_Object): TIoBackend; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetIoBackend(Setting: Integer; Value: TIoBackend);
type
  TSetter = procedure(Handle: HP_Object; Value: TIoBackend); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetCastMode(Setting: Integer): TCastMode;
type
  TGetter = function(Handle: HP_Object): TCastMode; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetCastMode(Setting: Integer; Value: TCastMode);
type
  TSetter = procedure(Handle: HP_Object; Value: TCastMode); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

function THPComponent.GetFlag(Setting: Integer): Boolean;
type
  TGetter = function(Handle: HP_Object): LongBool; cdecl;
begin
  Result := TGetter(Settings[Setting].Getters[Role])(FHandle);
end;

procedure THPComponent.SetFlag(Setting: Integer; Value: Boolean);
type
  TSetter = procedure(Handle: HP_Object; Value: LongBool); cdecl;
begin
  TSetter(Settings[Setting].Setters[Role])(FHandle, Value);
end;

{ --- Addresses, pieces --- }

type
  { Room for an address, and what C wrote there. }
  TAddressRoom = record
    Text: array [0 .. 63] of AnsiChar;
    Length: Integer;
    Port: Word;
    procedure Clear;
    function Address(Found: LongBool): TSocketAddress;
  end;

procedure TAddressRoom.Clear;
begin
  FillChar(Text, SizeOf(Text), 0);
  Length := SizeOf(Text);
  Port := 0;
end;

function TAddressRoom.Address(Found: LongBool): TSocketAddress;
begin
  if not Found then
    raise EHPSocket.Create(ENOTCONN, HP_SE_OK, 'no address');
  Result.Address := hpsocket.Text(Text);
  Result.Port := Port;
end;

type
  TPieces = array of WSABUF;

function PiecesOf(const Data: array of TBytes): TPieces;
var
  Index: Integer;
begin
  Result := nil;
  SetLength(Result, Length(Data));
  for Index := 0 to High(Data) do
  begin
    Result[Index].len := Length(Data[Index]);
    Result[Index].buf := Pointer(Data[Index]);
  end;
end;

{ One piece, or nothing. }
function PieceOf(const Data: TBytes): TPieces;
begin
  Result := nil;
  if Data <> nil then
    Result := PiecesOf([Data]);
end;

{ --- Servers and agents --- }

procedure THPComplex.Hook;
begin
  FEvents := MakeEvents;
  FSlot := TakeSlot(FEvents);
  if FSlot = nil then
    raise EHPSocket.Create(ENOBUFS, HP_SE_OK, Format('there are %d servers and agents already', [HPSlotCount]));
end;

destructor THPComplex.Destroy;
begin
  inherited;
  if FSlot <> nil then
    GiveBackSlot(FSlot);
  FEvents.Free;
end;

procedure THPComplex.Send(Id: TConnectionId; const Data; Length: Integer);
begin
  Check(ComplexFunctions[Role].Send(FHandle, Id, @Data, Length));
end;

procedure THPComplex.Send(Id: TConnectionId; const Data: TBytes);
begin
  Check(ComplexFunctions[Role].Send(FHandle, Id, PByte(Data), Length(Data)));
end;

procedure THPComplex.SendPart(Id: TConnectionId; const Data: TBytes; Offset, Length: Integer);
begin
  CheckRange(Data, Offset, Length);
  Check(ComplexFunctions[Role].SendPart(FHandle, Id, PByte(Data), Length, Offset));
end;

procedure THPComplex.SendPackets(Id: TConnectionId; const Pieces: array of TBytes);
begin
  Check(ComplexFunctions[Role].SendPackets(FHandle, Id, PWSABUF(PiecesOf(Pieces)), Length(Pieces)));
end;

procedure THPComplex.Disconnect(Id: TConnectionId; Force: Boolean);
begin
  Check(ComplexFunctions[Role].Disconnect(FHandle, Id, Force));
end;

function THPComplex.DisconnectLongConnections(Period: Cardinal; Force: Boolean): Boolean;
begin
  Result := ComplexFunctions[Role].DisconnectLongConnections(FHandle, Period, Force);
end;

function THPComplex.DisconnectSilenceConnections(Period: Cardinal; Force: Boolean): Boolean;
begin
  Result := ComplexFunctions[Role].DisconnectSilenceConnections(FHandle, Period, Force);
end;

procedure THPComplex.PauseReceive(Id: TConnectionId; Pause: Boolean);
begin
  Check(ComplexFunctions[Role].PauseReceive(FHandle, Id, Pause));
end;

function THPComplex.IsReceivePaused(Id: TConnectionId): Boolean;
var
  Paused: LongBool;
begin
  Paused := False;
  CheckConnection(ComplexFunctions[Role].IsPauseReceive(FHandle, Id, Paused));
  Result := Paused;
end;

procedure THPComplex.SetConnectionExtra(Id: TConnectionId; Extra: Pointer);
begin
  CheckConnection(ComplexFunctions[Role].SetConnectionExtra(FHandle, Id, Extra));
end;

function THPComplex.GetConnectionExtra(Id: TConnectionId): Pointer;
begin
  Result := nil;
  CheckConnection(ComplexFunctions[Role].GetConnectionExtra(FHandle, Id, Result));
end;

function THPComplex.GetConnectionCount: Cardinal;
begin
  Result := ComplexFunctions[Role].GetConnectionCount(FHandle);
end;

function THPComplex.ConnectionIds: TConnectionIds;
var
  Count: Cardinal;
begin
  Result := nil;
  Count := 1;
  repeat
    SetLength(Result, Count);
  until ComplexFunctions[Role].GetAllConnectionIDs(FHandle, PHP_CONNID(Result), Count);
  SetLength(Result, Count);
end;

function THPComplex.ConnectPeriod(Id: TConnectionId): Cardinal;
begin
  Result := 0;
  CheckConnection(ComplexFunctions[Role].GetConnectPeriod(FHandle, Id, Result));
end;

function THPComplex.SilencePeriod(Id: TConnectionId): Cardinal;
begin
  Result := 0;
  CheckConnection(ComplexFunctions[Role].GetSilencePeriod(FHandle, Id, Result));
end;

function THPComplex.RemoteAddress(Id: TConnectionId): TSocketAddress;
var
  Room: TAddressRoom;
begin
  Room.Clear;
  Result := Room.Address(ComplexFunctions[Role].GetRemoteAddress(FHandle, Id, Room.Text, Room.Length, Room.Port));
end;

function THPComplex.PendingDataLength(Id: TConnectionId): Integer;
begin
  Result := 0;
  CheckConnection(ComplexFunctions[Role].GetPendingDataLength(FHandle, Id, Result));
end;

function PullFetch(Component: THPComplex; Id: TConnectionId; Data: PByte; Length: Integer): Boolean;
begin
  CheckLength(Length);
  Result := IsThere(PullFunctions[Component.Role].Fetch(Component.Handle, Id, Data, Length));
end;

function PullPeek(Component: THPComplex; Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
begin
  CheckLength(Length);
  SetLength(Data, Length);
  Result := IsThere(PullFunctions[Component.Role].Peek(Component.Handle, Id, PByte(Data), Length));
end;

function Copied(Data: PByte; Length: Integer): TBytes;
begin
  Result := nil;
  SetLength(Result, Length);
  if Length > 0 then
    Move(Data^, Result[0], Length);
end;

function PullPeekSpan(Component: THPComplex; Id: TConnectionId; out Data: TBytes): Boolean;
var
  Span: PByte;
  Length: Integer;
begin
  Span := nil;
  Length := 0;
  Result := PullFunctions[Component.Role].PeekSpan(Component.Handle, Id, Span, Length) = HP_FR_OK;
  if Result then
    Data := Copied(Span, Length)
  else
    Data := nil;
end;

function PullFind(Component: THPComplex; Id: TConnectionId; const Pattern: TBytes; out Position: Integer;
  From: Integer): Boolean;
begin
  CheckPattern(Pattern, From);
  Position := 0;
  Result := IsThere(PullFunctions[Component.Role].Find(Component.Handle, Id, PByte(Pattern), Length(Pattern), From,
    Position));
end;

{ --- Servers --- }

class function THPServer.Role: THPRole;
begin
  Result := hrServer;
end;

function THPServer.MakeEvents: THPSlotOwner;
begin
  Result := TServerEvents.Create;
  TServerEvents(Result).FServer := Self;
end;

procedure THPServer.Hook;
begin
  inherited;
  HP_Set_FN_Server_OnPrepareListen(FListener, FSlot.OnPrepareListen);
  HP_Set_FN_Server_OnAccept(FListener, FSlot.OnAccept);
  HP_Set_FN_Server_OnSend(FListener, FSlot.OnSend);
  HP_Set_FN_Server_OnReceive(FListener, FSlot.OnReceive);
  HP_Set_FN_Server_OnPullReceive(FListener, FSlot.OnPullReceive);
  HP_Set_FN_Server_OnClose(FListener, FSlot.OnClose);
  HP_Set_FN_Server_OnError(FListener, FSlot.OnError);
  HP_Set_FN_Server_OnShutdown(FListener, FSlot.OnShutdown);
end;

procedure THPServer.Start(const BindAddress: string; Port: Word);
begin
  Check(HP_Server_Start(FHandle, PAnsiChar(CText(BindAddress)), Port), True);
end;

function THPServer.ListenAddress: TSocketAddress;
var
  Room: TAddressRoom;
begin
  Room.Clear;
  Result := Room.Address(HP_Server_GetListenAddress(FHandle, Room.Text, Room.Length, Room.Port));
end;

procedure TTcpServer.SendSmallFile(Id: TConnectionId; const FileName: string; const Head, Tail: TBytes);
begin
  Check(HP_TcpServer_SendSmallFile(FHandle, Id, PAnsiChar(CText(FileName)), PWSABUF(PieceOf(Head)),
    PWSABUF(PieceOf(Tail))));
end;

function TTcpPullServer.Fetch(Id: TConnectionId; var Data; Length: Integer): Boolean;
begin
  Result := PullFetch(Self, Id, @Data, Length);
end;

function TTcpPullServer.Fetch(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
begin
  CheckLength(Length);
  SetLength(Data, Length);
  Result := PullFetch(Self, Id, PByte(Data), Length);
end;

function TTcpPullServer.Peek(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
begin
  Result := PullPeek(Self, Id, Length, Data);
end;

function TTcpPullServer.PeekSpan(Id: TConnectionId; out Data: TBytes): Boolean;
begin
  Result := PullPeekSpan(Self, Id, Data);
end;

function TTcpPullServer.Find(Id: TConnectionId; const Pattern: TBytes; out Position: Integer; From: Integer): Boolean;
begin
  Result := PullFind(Self, Id, Pattern, Position, From);
end;

{ --- Agents --- }

class function THPAgent.Role: THPRole;
begin
  Result := hrAgent;
end;

function THPAgent.MakeEvents: THPSlotOwner;
begin
  Result := TAgentEvents.Create;
  TAgentEvents(Result).FAgent := Self;
end;

procedure THPAgent.Hook;
begin
  inherited;
  HP_Set_FN_Agent_OnPrepareConnect(FListener, FSlot.OnPrepareConnect);
  HP_Set_FN_Agent_OnConnect(FListener, FSlot.OnConnect);
  HP_Set_FN_Agent_OnSend(FListener, FSlot.OnSend);
  HP_Set_FN_Agent_OnReceive(FListener, FSlot.OnReceive);
  HP_Set_FN_Agent_OnPullReceive(FListener, FSlot.OnPullReceive);
  HP_Set_FN_Agent_OnClose(FListener, FSlot.OnClose);
  HP_Set_FN_Agent_OnError(FListener, FSlot.OnError);
  HP_Set_FN_Agent_OnShutdown(FListener, FSlot.OnShutdown);
end;

procedure THPAgent.Start(const BindAddress: string; AsyncConnect: Boolean);
begin
  Check(HP_Agent_Start(FHandle, Pointer(CText(BindAddress)), AsyncConnect), True);
end;

function THPAgent.Connect(const RemoteAddress: string; Port: Word): TConnectionId;
begin
  Result := 0;
  Check(HP_Agent_Connect(FHandle, PAnsiChar(CText(RemoteAddress)), Port, Result));
end;

function THPAgent.LocalAddress(Id: TConnectionId): TSocketAddress;
var
  Room: TAddressRoom;
begin
  Room.Clear;
  Result := Room.Address(HP_Agent_GetLocalAddress(FHandle, Id, Room.Text, Room.Length, Room.Port));
end;

procedure TTcpAgent.SendSmallFile(Id: TConnectionId; const FileName: string; const Head, Tail: TBytes);
begin
  Check(HP_TcpAgent_SendSmallFile(FHandle, Id, PAnsiChar(CText(FileName)), PWSABUF(PieceOf(Head)),
    PWSABUF(PieceOf(Tail))));
end;

function TTcpPullAgent.Fetch(Id: TConnectionId; var Data; Length: Integer): Boolean;
begin
  Result := PullFetch(Self, Id, @Data, Length);
end;

function TTcpPullAgent.Fetch(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
begin
  CheckLength(Length);
  SetLength(Data, Length);
  Result := PullFetch(Self, Id, PByte(Data), Length);
end;

function TTcpPullAgent.Peek(Id: TConnectionId; Length: Integer; out Data: TBytes): Boolean;
begin
  Result := PullPeek(Self, Id, Length, Data);
end;

function TTcpPullAgent.PeekSpan(Id: TConnectionId; out Data: TBytes): Boolean;
begin
  Result := PullPeekSpan(Self, Id, Data);
end;

function TTcpPullAgent.Find(Id: TConnectionId; const Pattern: TBytes; out Position: Integer; From: Integer): Boolean;
begin
  Result := PullFind(Self, Id, Pattern, Position, From);
end;

{ --- Clients and casts --- }

constructor THPClient.Create;
begin
  inherited Create;
  HP_Client_SetExtra(FHandle, Self); { by which its functions find it }
end;

class function THPClient.Role: THPRole;
begin
  Result := hrClient;
end;

procedure THPClient.Hook;
begin
  HP_Set_FN_Client_OnPrepareConnect(FListener, ClientPrepareConnect);
  HP_Set_FN_Client_OnConnect(FListener, ClientConnect);
  HP_Set_FN_Client_OnSend(FListener, ClientSend);
  HP_Set_FN_Client_OnReceive(FListener, ClientReceive);
  HP_Set_FN_Client_OnPullReceive(FListener, ClientPullReceive);
  HP_Set_FN_Client_OnClose(FListener, ClientClose);
  HP_Set_FN_Client_OnError(FListener, ClientError);
end;

procedure THPClient.Start(const RemoteAddress: string; Port: Word; AsyncConnect: Boolean);
begin
  Check(HP_Client_Start(FHandle, PAnsiChar(CText(RemoteAddress)), Port, AsyncConnect), True);
end;

procedure THPClient.Send(const Data; Length: Integer);
begin
  Check(HP_Client_Send(FHandle, @Data, Length), True);
end;

procedure THPClient.Send(const Data: TBytes);
begin
  Check(HP_Client_Send(FHandle, PByte(Data), Length(Data)), True);
end;

procedure THPClient.SendPart(const Data: TBytes; Offset, Length: Integer);
begin
  CheckRange(Data, Offset, Length);
  Check(HP_Client_SendPart(FHandle, PByte(Data), Length, Offset), True);
end;

procedure THPClient.SendPackets(const Pieces: array of TBytes);
begin
  Check(HP_Client_SendPackets(FHandle, PWSABUF(PiecesOf(Pieces)), Length(Pieces)), True);
end;

procedure THPClient.PauseReceive(Pause: Boolean);
begin
  Check(HP_Client_PauseReceive(FHandle, Pause));
end;

function THPClient.IsReceivePaused: Boolean;
var
  Paused: LongBool;
begin
  Paused := False;
  CheckConnection(HP_Client_IsPauseReceive(FHandle, Paused));
  Result := Paused;
end;

function THPClient.GetConnectionId: TConnectionId;
begin
  Result := HP_Client_GetConnectionID(FHandle);
end;

function THPClient.LocalAddress: TSocketAddress;
var
  Room: TAddressRoom;
begin
  Room.Clear;
  Result := Room.Address(HP_Client_GetLocalAddress(FHandle, Room.Text, Room.Length, Room.Port));
end;

function THPClient.PendingDataLength: Integer;
begin
  Result := 0;
  HP_Client_GetPendingDataLength(FHandle, Result);
end;

procedure TTcpClient.SendSmallFile(const FileName: string; const Head, Tail: TBytes);
begin
  Check(HP_TcpClient_SendSmallFile(FHandle, PAnsiChar(CText(FileName)), PWSABUF(PieceOf(Head)), PWSABUF(PieceOf(Tail))),
    True);
end;

function TTcpPullClient.Fetch(var Data; Length: Integer): Boolean;
begin
  CheckLength(Length);
  Result := IsThere(HP_TcpPullClient_Fetch(FHandle, @Data, Length));
end;

function TTcpPullClient.Fetch(Length: Integer; out Data: TBytes): Boolean;
begin
  CheckLength(Length);
  SetLength(Data, Length);
  Result := IsThere(HP_TcpPullClient_Fetch(FHandle, PByte(Data), Length));
end;

function TTcpPullClient.Peek(Length: Integer; out Data: TBytes): Boolean;
begin
  CheckLength(Length);
  SetLength(Data, Length);
  Result := IsThere(HP_TcpPullClient_Peek(FHandle, PByte(Data), Length));
end;

function TTcpPullClient.PeekSpan(out Data: TBytes): Boolean;
var
  Span: PByte;
  Length: Integer;
begin
  Span := nil;
  Length := 0;
  Result := HP_TcpPullClient_PeekSpan(FHandle, Span, Length) = HP_FR_OK;
  if Result then
    Data := Copied(Span, Length)
  else
    Data := nil;
end;

function TTcpPullClient.Find(const Pattern: TBytes; out Position: Integer; From: Integer): Boolean;
begin
  CheckPattern(Pattern, From);
  Position := 0;
  Result := IsThere(HP_TcpPullClient_Find(FHandle, PByte(Pattern), Length(Pattern), From, Position));
end;

function TUdpCast.GetBindAddress: string;
begin
  Result := Text(HP_UdpCast_GetBindAddress(FHandle));
end;

procedure TUdpCast.SetBindAddress(const Address: string);
begin
  HP_UdpCast_SetBindAddress(FHandle, PAnsiChar(CText(Address)));
end;

procedure TUdpCast.JoinSource(const Address: string);
begin
  Check(HP_UdpCast_JoinSource(FHandle, Pointer(CText(Address))));
end;

function TUdpCast.RemoteAddress: TSocketAddress;
var
  Room: TAddressRoom;
begin
  Room.Clear;
  Result := Room.Address(HP_UdpCast_GetRemoteAddress(FHandle, Room.Text, Room.Length, Room.Port));
end;

class function TTcpServer.Kind: THPKind;
begin
  Result := TcpServerKind;
end;

class function TTcpPullServer.Kind: THPKind;
begin
  Result := TcpPullServerKind;
end;

class function TTcpAgent.Kind: THPKind;
begin
  Result := TcpAgentKind;
end;

class function TTcpPullAgent.Kind: THPKind;
begin
  Result := TcpPullAgentKind;
end;

class function TTcpClient.Kind: THPKind;
begin
  Result := TcpClientKind;
end;

class function TTcpPullClient.Kind: THPKind;
begin
  Result := TcpPullClientKind;
end;

class function TUdpServer.Kind: THPKind;
begin
  Result := UdpServerKind;
end;

class function TUdpClient.Kind: THPKind;
begin
  Result := UdpClientKind;
end;

class function TUdpCast.Kind: THPKind;
begin
  Result := UdpCastKind;
end;

{ --- What belongs to no component --- }

procedure PassMessage(Level: Integer; Message: PAnsiChar; User: Pointer); cdecl;
begin
  try
    LogHandler(Level, Text(Message));
  except
    Tell('a handler of messages failed');
  end;
end;

procedure HPSetLogHandler(Handler: THPLogHandler);
begin
  LogLock.Acquire;
  try
    HP_SetLogHandler(nil, nil); { the one before is not called any more }
    LogHandler := Handler;
    if Assigned(Handler) then
      HP_SetLogHandler(PassMessage, nil);
  finally
    LogLock.Release;
  end;
end;

function HPVersion: string;
begin
  Result := Text(HP_GetHPSocketVersionDesc);
end;

{ One by one: what ends may release others, and that frees releasers, too. }
procedure WaitForReleasers;
var
  List: TList;
  Releaser: TReleaser;
begin
  repeat
    Releaser := nil;
    List := Releasers.LockList;
    try
      if List.Count > 0 then
      begin
        Releaser := TReleaser(List[List.Count - 1]);
        List.Delete(List.Count - 1);
      end;
    finally
      Releasers.UnlockList;
    end;
    Releaser.Free; { waits for its end }
  until Releaser = nil;
end;

{ Afterwards the library's threads could not run Pascal any more. }
procedure EndAll;
var
  Index: Integer;
  List: TList;
  Components: array of THPComponent;
begin
  { Last events may release what is waited for below: from here on nothing is freed that has not been released before. }
  Releasers.LockList;
  ProgramEnds := True;
  Releasers.UnlockList;
  WaitForReleasers;
  List := Living.LockList;
  try
    SetLength(Components, List.Count);
    for Index := 0 to List.Count - 1 do
      Components[Index] := THPComponent(List[Index]);
  finally
    Living.UnlockList;
  end;
  for Index := 0 to High(Components) do
    Components[Index].StopAndWait;
end;

initialization
  IsMultiThread := True; { the library's threads are none that Pascal has made }
  Living := TThreadList.Create;
  Releasers := TThreadList.Create;
  LogLock := TCriticalSection.Create;

finalization
  EndAll;
  FreeAndNil(LogLock);
  FreeAndNil(Releasers);
  FreeAndNil(Living);

end.
