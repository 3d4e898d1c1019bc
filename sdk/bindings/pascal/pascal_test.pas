{ Tests of the Pascal binding: pascal_test --list, or the name of one. pascal_test.py runs them. }
program pascal_test;

{$MODE DELPHI}
{$LONGSTRINGS ON}

uses
  cthreads, BaseUnix, Classes, SyncObjs, SysUtils, TypInfo, hpsocket, hpsocket4c;

const
  PatienceMs = 60000; { far beyond what anything takes }
  Text = 'from Pascal and back';
  NoConnection = 1000000000;

type
  { What callbacks have said, to be waited for. }
  TSaid = class
  private
    FLock: TCriticalSection;
    FChanged: TEvent;
    FWords: TStringList;
    FBytes: string;
  public
    constructor Create;
    destructor Destroy; override;
    procedure Say(const Word: string);
    procedure Add(Data: PByte; Length: Integer);
    { All words, joined by blanks, when there are so many. }
    function Expect(Count: Integer): string;
    { All bytes, when there are so many. }
    function Bytes(Count: Integer): string;
  end;

  { Hears any component: gives back what servers receive, keeps what others do. }
  TPeer = class
  public
    Data, Events: TSaid;
    constructor Create;
    destructor Destroy; override;
    procedure Hear(Component: THPComponent);
    procedure Raises(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
    procedure Frees(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
    procedure Releases(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
    procedure ReleasesTwice(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
      var Answer: THandleResult);
    procedure ReleasesAnother(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
      var Answer: THandleResult);
    procedure IsSlow(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
    procedure ServerLooks(Sender: THPServer; Id: TConnectionId; Length: Integer; var Answer: THandleResult);
    procedure ClientLooks(Sender: THPClient; Length: Integer; var Answer: THandleResult);
    procedure ServerAccept(Sender: THPServer; Id: TConnectionId; Socket: Integer; var Answer: THandleResult);
    procedure ServerReceive(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
      var Answer: THandleResult);
    procedure ServerPullReceive(Sender: THPServer; Id: TConnectionId; Length: Integer; var Answer: THandleResult);
    procedure ServerShutdown(Sender: THPServer; var Answer: THandleResult);
    procedure AgentConnect(Sender: THPAgent; Id: TConnectionId; var Answer: THandleResult);
    procedure AgentReceive(Sender: THPAgent; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
    procedure AgentPullReceive(Sender: THPAgent; Id: TConnectionId; Length: Integer; var Answer: THandleResult);
    procedure AgentClose(Sender: THPAgent; Id: TConnectionId; var Answer: THandleResult);
    procedure AgentShutdown(Sender: THPAgent; var Answer: THandleResult);
    procedure ClientConnect(Sender: THPClient; var Answer: THandleResult);
    procedure ClientReceive(Sender: THPClient; Bytes: PByte; Length: Integer; var Answer: THandleResult);
    procedure ClientPullReceive(Sender: THPClient; Length: Integer; var Answer: THandleResult);
    procedure ClientClose(Sender: THPClient; var Answer: THandleResult);
    procedure ClientError(Sender: THPClient; Operation: TSocketOperation; ErrorNumber: Integer;
      var Answer: THandleResult);
  end;

  TServerClass = class of THPServer;
  TAgentClass = class of THPAgent;
  TClientClass = class of THPClient;
  TComponentClass = class of THPComponent;

var
  { What tests that need no objects of their own use; each test has a process of its own. }
  Peer, Other: TPeer;
  Said: TSaid;

procedure Check(Truth: Boolean; const What: string);
begin
  if not Truth then
    raise Exception.Create('not so: ' + What);
end;

procedure Equal(const Expected, Actual: string); overload;
begin
  if Expected <> Actual then
    raise Exception.CreateFmt('expected %s, but it is %s', [Expected, Actual]);
end;

procedure Equal(Expected, Actual: Int64); overload;
begin
  Equal(IntToStr(Expected), IntToStr(Actual));
end;

{ --- What is said --- }

constructor TSaid.Create;
begin
  inherited;
  FLock := TCriticalSection.Create;
  FChanged := TEvent.Create(nil, False, False, '');
  FWords := TStringList.Create;
end;

destructor TSaid.Destroy;
begin
  FWords.Free;
  FChanged.Free;
  FLock.Free;
  inherited;
end;

procedure TSaid.Say(const Word: string);
begin
  FLock.Acquire;
  try
    FWords.Add(Word);
  finally
    FLock.Release;
  end;
  FChanged.SetEvent;
end;

procedure TSaid.Add(Data: PByte; Length: Integer);
var
  Added: string;
begin
  SetString(Added, PAnsiChar(Data), Length);
  FLock.Acquire;
  try
    FBytes := FBytes + Added;
  finally
    FLock.Release;
  end;
  FChanged.SetEvent;
end;

function TSaid.Expect(Count: Integer): string;
var
  Enough: Boolean;
begin
  repeat
    FLock.Acquire;
    try
      Enough := FWords.Count >= Count;
      Result := StringReplace(TrimRight(FWords.Text), LineEnding, ' ', [rfReplaceAll]);
    finally
      FLock.Release;
    end;
    if not Enough and (FChanged.WaitFor(PatienceMs) <> wrSignaled) then
      raise Exception.Create('only this was said: ' + Result);
  until Enough;
end;

function TSaid.Bytes(Count: Integer): string;
begin
  repeat
    FLock.Acquire;
    try
      Result := FBytes;
    finally
      FLock.Release;
    end;
    if (Length(Result) < Count) and (FChanged.WaitFor(PatienceMs) <> wrSignaled) then
      raise Exception.Create('only these bytes have come: ' + Result);
  until Length(Result) >= Count;
end;

{ --- What hears --- }

constructor TPeer.Create;
begin
  inherited;
  Data := TSaid.Create;
  Events := TSaid.Create;
end;

destructor TPeer.Destroy;
begin
  Data.Free;
  Events.Free;
  inherited;
end;

procedure TPeer.Hear(Component: THPComponent);
var
  Server: THPServer;
  Agent: THPAgent;
  Client: THPClient;
begin
  if Component is THPServer then
  begin
    Server := THPServer(Component);
    Server.OnReceive := ServerReceive;
    Server.OnPullReceive := ServerPullReceive;
    Server.OnShutdown := ServerShutdown;
  end
  else if Component is THPAgent then
  begin
    Agent := THPAgent(Component);
    Agent.OnConnect := AgentConnect;
    Agent.OnReceive := AgentReceive;
    Agent.OnPullReceive := AgentPullReceive;
    Agent.OnClose := AgentClose;
    Agent.OnShutdown := AgentShutdown;
  end
  else
  begin
    Client := Component as THPClient;
    Client.OnConnect := ClientConnect;
    Client.OnReceive := ClientReceive;
    Client.OnPullReceive := ClientPullReceive;
    Client.OnClose := ClientClose;
    Client.OnError := ClientError;
  end;
end;

procedure TPeer.Raises(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
begin
  raise Exception.Create('not this');
end;

procedure TPeer.Frees(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
begin
  Sender.Free;
end;

procedure TPeer.Releases(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
  var Answer: THandleResult);
begin
  Sender.Release;
end;

procedure TPeer.ReleasesTwice(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
  var Answer: THandleResult);
begin
  Sender.Release;
  Said.Expect(1); { the first is under way, and waits for this event }
  Sender.Release;
end;

procedure TPeer.ReleasesAnother(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
  var Answer: THandleResult);
begin
  TTcpClient.Create.Release;
  Sender.Send(Id, Bytes^, Length);
end;

procedure TPeer.IsSlow(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer; var Answer: THandleResult);
begin
  Sleep(10); { longer than SlowCallbackTime, so it is named in the log }
end;

function Found(const Bytes: TBytes; There: Boolean): string;
begin
  Result := '-';
  if There then
    SetString(Result, PAnsiChar(Bytes), Length(Bytes));
  Result := StringReplace(Result, ' ', '_', [rfReplaceAll]);
end;

procedure TPeer.ServerLooks(Sender: THPServer; Id: TConnectionId; Length: Integer; var Answer: THandleResult);
var
  Server: TTcpPullServer;
  Position: Integer;
  Bytes: TBytes;
begin
  if Length < System.Length(Text) then
    Exit;
  Server := Sender as TTcpPullServer;
  Events.Say(BoolToStr(Server.Find(Id, BytesOf('and'), Position), True));
  Events.Say(IntToStr(Position));
  Events.Say(BoolToStr(Server.Find(Id, BytesOf('nowhere'), Position), True));
  Events.Say(Found(Bytes, Server.Peek(Id, 4, Bytes)));
  Check(Server.PeekSpan(Id, Bytes), 'there is a span');
  Events.Say(Copy(Found(Bytes, True), 1, 4));
  Events.Say(Found(Bytes, Server.Fetch(Id, Length + 1, Bytes)));
  Events.Say(Found(Bytes, Server.Fetch(Id, Length, Bytes)));
end;

procedure TPeer.ClientLooks(Sender: THPClient; Length: Integer; var Answer: THandleResult);
var
  Client: TTcpPullClient;
  Position: Integer;
  Bytes: TBytes;
begin
  if Length < System.Length(Text) then
    Exit;
  Client := Sender as TTcpPullClient;
  Events.Say(BoolToStr(Client.Find(BytesOf('and'), Position), True));
  Events.Say(IntToStr(Position));
  Events.Say(Found(Bytes, Client.Peek(4, Bytes)));
  Check(Client.PeekSpan(Bytes), 'there is a span');
  Events.Say(Copy(Found(Bytes, True), 1, 4));
  Events.Say(Found(Bytes, Client.Fetch(Length + 1, Bytes)));
  Events.Say(Found(Bytes, Client.Fetch(Length, Bytes)));
end;

procedure TPeer.ServerAccept(Sender: THPServer; Id: TConnectionId; Socket: Integer; var Answer: THandleResult);
begin
  if Socket > 2 then
    Events.Say(Sender.ClassName)
  else
    Events.Say('socket ' + IntToStr(Socket));
end;

procedure TPeer.ServerReceive(Sender: THPServer; Id: TConnectionId; Bytes: PByte; Length: Integer;
  var Answer: THandleResult);
begin
  Sender.Send(Id, Bytes^, Length);
end;

procedure TPeer.ServerPullReceive(Sender: THPServer; Id: TConnectionId; Length: Integer; var Answer: THandleResult);
var
  Bytes: TBytes;
begin
  Check((Sender as TTcpPullServer).Fetch(Id, Length, Bytes), 'what is announced is there');
  Sender.Send(Id, Bytes);
end;

procedure TPeer.ServerShutdown(Sender: THPServer; var Answer: THandleResult);
begin
  Check(Sender.State = HP_SS_STOPPING, 'it is stopping');
  Events.Say('shutdown');
end;

procedure TPeer.AgentConnect(Sender: THPAgent; Id: TConnectionId; var Answer: THandleResult);
begin
  Sender.SetConnectionExtra(Id, Pointer(Id + 1000));
end;

procedure TPeer.AgentReceive(Sender: THPAgent; Id: TConnectionId; Bytes: PByte; Length: Integer;
  var Answer: THandleResult);
begin
  Data.Add(Bytes, Length);
end;

procedure TPeer.AgentPullReceive(Sender: THPAgent; Id: TConnectionId; Length: Integer; var Answer: THandleResult);
var
  Bytes: TBytes;
begin
  SetLength(Bytes, Length);
  Check((Sender as TTcpPullAgent).Fetch(Id, Bytes[0], Length), 'what is announced is there');
  Data.Add(PByte(Bytes), Length);
end;

procedure TPeer.AgentClose(Sender: THPAgent; Id: TConnectionId; var Answer: THandleResult);
begin
  Check(Sender.GetConnectionExtra(Id) = Pointer(Id + 1000), 'the extra is there');
  Events.Say('close');
end;

procedure TPeer.AgentShutdown(Sender: THPAgent; var Answer: THandleResult);
begin
  Events.Say('shutdown');
end;

procedure TPeer.ClientConnect(Sender: THPClient; var Answer: THandleResult);
begin
  Events.Say('connect');
end;

procedure TPeer.ClientReceive(Sender: THPClient; Bytes: PByte; Length: Integer; var Answer: THandleResult);
begin
  Data.Add(Bytes, Length);
end;

procedure TPeer.ClientPullReceive(Sender: THPClient; Length: Integer; var Answer: THandleResult);
var
  Bytes: TBytes;
begin
  Check((Sender as TTcpPullClient).Fetch(Length, Bytes), 'what is announced is there');
  Data.Add(PByte(Bytes), Length);
end;

procedure TPeer.ClientClose(Sender: THPClient; var Answer: THandleResult);
begin
  Events.Say('close');
end;

procedure TPeer.ClientError(Sender: THPClient; Operation: TSocketOperation; ErrorNumber: Integer;
  var Answer: THandleResult);
begin
  Events.Say('error');
end;

{ --- Echoes --- }

function Repeated(Count: Integer): string;
begin
  Result := '';
  for Count := 1 to Count do
    Result := Result + Text;
end;

procedure EveryServerWithEveryClient;
const
  Servers: array [0 .. 1] of TServerClass = (TTcpServer, TTcpPullServer);
  Clients: array [0 .. 1] of TClientClass = (TTcpClient, TTcpPullClient);
var
  S, C: Integer;
  Server: THPServer;
  Client: THPClient;
  Mine: TPeer;
begin
  for S := 0 to 1 do
    for C := 0 to 1 do
    begin
      Mine := TPeer.Create;
      Server := Servers[S].Create;
      Client := Clients[C].Create;
      Peer.Hear(Server);
      Mine.Hear(Client);
      Server.Start('127.0.0.1');
      Client.Start('127.0.0.1', Server.ListenAddress.Port);
      Client.Send(BytesOf(Text));
      Client.SendPart(BytesOf('xx' + Text), 2, Length(Text));
      Client.SendPackets([BytesOf(Copy(Text, 1, 5)), BytesOf(Copy(Text, 6, 100))]);
      Equal(Repeated(3), Mine.Data.Bytes(3 * Length(Text)));
      Equal(1, Length(Server.ConnectionIds));
      Equal(Client.LocalAddress.Port, Server.RemoteAddress(Server.ConnectionIds[0]).Port);
      Equal('127.0.0.1', Server.RemoteAddress(Server.ConnectionIds[0]).Address);
      Equal(3 * Length(Text), Client.Stats.bytes_received);
      Client.Free;
      Server.Free;
      Mine.Free;
    end;
end;

procedure EveryServerWithEveryAgent;
const
  Servers: array [0 .. 1] of TServerClass = (TTcpServer, TTcpPullServer);
  Agents: array [0 .. 1] of TAgentClass = (TTcpAgent, TTcpPullAgent);
var
  S, A, I: Integer;
  Server: THPServer;
  Agent: THPAgent;
  Mine: TPeer;
  Ids: array [0 .. 2] of TConnectionId;
begin
  for S := 0 to 1 do
    for A := 0 to 1 do
    begin
      Mine := TPeer.Create;
      Server := Servers[S].Create;
      Agent := Agents[A].Create;
      Peer.Hear(Server);
      Mine.Hear(Agent);
      Server.Start('127.0.0.1');
      Agent.Start;
      for I := 0 to 2 do
        Ids[I] := Agent.Connect('127.0.0.1', Server.ListenAddress.Port);
      for I := 0 to 2 do
        Agent.Send(Ids[I], Text[1], Length(Text));
      Equal(3 * Length(Text), Length(Mine.Data.Bytes(3 * Length(Text))));
      Equal(3, Length(Agent.ConnectionIds));
      Equal(3, Agent.ConnectionCount);
      Equal(Server.ListenAddress.Port, Agent.RemoteAddress(Ids[0]).Port);
      Agent.PauseReceive(Ids[0]);
      Check(Agent.IsReceivePaused(Ids[0]), 'it is paused');
      Agent.Stop;
      Equal('close close close shutdown', Mine.Events.Expect(4));
      try
        Agent.GetConnectionExtra(Ids[0]);
        Check(False, 'it raises');
      except
        on Failure: EHPSocket do
          Equal(107, Failure.ErrorNumber);
      end;
      Agent.Free;
      Server.Free;
      Mine.Free;
    end;
end;

procedure DatagramsGoThereAndBack;
var
  Server: TUdpServer;
  Client: TUdpClient;
begin
  Server := TUdpServer.Create;
  Client := TUdpClient.Create;
  Peer.Hear(Server);
  Server.OnAccept := Peer.ServerAccept;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Other.Events.Expect(1);
  Client.Send(BytesOf(Text));
  Equal('socket -1', Peer.Events.Expect(1));
  Equal(Text, Other.Data.Bytes(Length(Text)));
  try
    Client.Send(nil);
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
      Equal(22, Failure.ErrorNumber);
  end;
  Client.Stop;
  Equal('connect close', Other.Events.Expect(2));
  Client.Free;
  Server.Free;
end;

procedure MemberOfAGroupHearsItself;
var
  Cast: TUdpCast;
begin
  Cast := TUdpCast.Create;
  Peer.Hear(Cast);
  Cast.BindAddress := '127.0.0.1';
  Equal('127.0.0.1', Cast.BindAddress);
  Cast.MultiCastLoop := True;
  Check(Cast.CastMode = HP_CM_MULTICAST, 'it casts to a group');
  try
    Cast.JoinSource('nobody');
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do;
  end;
  Cast.Start('233.0.0.1', 5555);
  Cast.Send(BytesOf(Text));
  Equal(Text, Peer.Data.Bytes(Length(Text)));
  Cast.Free;
end;

procedure PullLooksBeforeItTakes;
var
  Server: TTcpPullServer;
  Client: TTcpClient;
  Bytes: TBytes;
begin
  Server := TTcpPullServer.Create;
  Client := TTcpClient.Create;
  Server.OnPullReceive := Peer.ServerLooks;
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Equal('True 12 False from from - from_Pascal_and_back', Peer.Events.Expect(7));
  try
    Server.Fetch(NoConnection, 1, Bytes);
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
      Equal(107, Failure.ErrorNumber);
  end;
  Client.Free;
  Server.Free;
end;

procedure ClientsLookToo;
var
  Server: TTcpServer;
  Client: TTcpPullClient;
begin
  Server := TTcpServer.Create;
  Client := TTcpPullClient.Create;
  Peer.Hear(Server);
  Client.OnPullReceive := Other.ClientLooks;
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Equal('True 12 from from - from_Pascal_and_back', Other.Events.Expect(6));
  Client.Free;
  Server.Free;
end;

procedure SmallFilesGoWithHeadAndTail;
var
  Server: TTcpServer;
  Client: TTcpClient;
  FileName: string;
  Content: TStringList;
begin
  FileName := GetTempFileName;
  Content := TStringList.Create;
  Content.Text := Text;
  Content.SaveToFile(FileName);
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Peer.Hear(Server);
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.SendSmallFile(FileName, BytesOf('<'), BytesOf('>'));
  Equal('<' + Text + LineEnding + '>', Other.Data.Bytes(Length(Text) + 3));
  try
    Client.SendSmallFile(FileName + '.none');
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
    begin
      Equal(2, Failure.ErrorNumber);
      Check(Failure.Code = HP_SE_INVALID_PARAM, 'the code');
    end;
  end;
  Client.Free;
  Server.Free;
  Content.Free;
  DeleteFile(FileName);
end;

{ --- Errors --- }

procedure FailingCallsRaiseWhatCSays;
var
  Server: TTcpServer;
  Client: TTcpClient;
  Port: Word;
begin
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.Start('127.0.0.1');
  try
    Server.Start('127.0.0.1');
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
      Check(Failure.Code = HP_SE_ILLEGAL_STATE, 'the code');
  end;
  Equal('Illegal State', Server.LastErrorDesc);
  try
    Server.Send(NoConnection, BytesOf(Text));
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
    begin
      Equal(57, Failure.ErrorNumber);
      Check(Failure.Code = HP_SE_OK, 'no code');
    end;
  end;
  try
    Client.Send(BytesOf(Text));
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
    begin
      Equal(1, Failure.ErrorNumber);
      Check(Failure.Code = HP_SE_ILLEGAL_STATE, 'the code');
    end;
  end;
  Port := Server.ListenAddress.Port;
  Server.Stop;
  try
    Client.Start('127.0.0.1', Port);
    Check(False, 'it raises');
  except
    on Failure: EHPSocket do
    begin
      Equal(111, Failure.ErrorNumber);
      Check(Failure.Code = HP_SE_CONNECT_SERVER, 'the code');
      Check(Pos('Connection refused', Failure.Message) = 1, 'the message');
    end;
  end;
  Check(Server.Wait(0), 'it is stopped');
  try
    Client.SendPart(BytesOf(Text), 1, Length(Text));
    Check(False, 'it raises');
  except
    on ERangeError do;
  end;
  Client.Free;
  Server.Free;
end;

procedure WaitingEndsInTime;
var
  Server: TTcpServer;
begin
  Server := TTcpServer.Create;
  Server.Start('127.0.0.1');
  Check(not Server.Wait(10), 'it goes on');
  Server.Free;
end;

procedure TellFailure(const Event: string; Sender: THPComponent; Failure: TObject);
begin
  Said.Say(Event + '/' + Sender.ClassName + '/' + (Failure as Exception).Message);
  raise Exception.Create('so does the handler');
end;

procedure WhatACallbackRaisesIsReportedAndEndsTheConnection;
var
  Server: TTcpServer;
  Client: TTcpClient;
begin
  OnHPCallbackFailed := TellFailure;
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.Raises;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Other.Events.Expect(2);
  Equal('OnReceive/TTcpServer/not this', Said.Expect(1));
  Check(Client.Wait(-1), 'it has stopped');
  Client.Start('127.0.0.1', Server.ListenAddress.Port); { the server goes on }
  Client.Free;
  Server.Free;
end;

procedure FailuresAreWrittenAtOnce;
var
  FileName: string;
  Written: TStringList;
  Server: TTcpServer;
  Client: TTcpClient;
begin
  FileName := GetTempFileName;
  FpDup2(FpOpen(FileName, O_WRONLY or O_CREAT), StdErrorHandle);
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.Raises;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Other.Events.Expect(2);
  Written := TStringList.Create;
  Written.LoadFromFile(FileName);
  DeleteFile(FileName);
  Check(Written.IndexOf('OnReceive of TTcpServer failed: not this') >= 0, Written.Text);
  Written.Free;
  Client.Free;
  Server.Free;
end;

procedure FailToKeepMessage(Level: Integer; const Message: string);
begin
  if Pos('OnReceive', Message) > 0 then
    Said.Say('named');
  raise Exception.Create('not ' + Message);
end;

procedure FailuresThatCannotBeWrittenStayInside;
const
  Rounds = 20; { what they say is more than Pascal keeps of a thread before it writes }
var
  Server: TTcpServer;
  Client: TTcpClient;
  Round: Integer;
begin
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Other.Hear(Client);
  Server.WorkerThreadCount := 1;
  Server.Start('127.0.0.1');
  FpDup2(FpOpen('/dev/full', O_WRONLY), StdErrorHandle);
  Server.OnReceive := Peer.Raises;
  for Round := 1 to Rounds do
  begin
    if Round = 2 then
      OnHPCallbackFailed := TellFailure;
    Client.Start('127.0.0.1', Server.ListenAddress.Port);
    Client.Send(BytesOf(Text));
    Other.Events.Expect(2 * Round);
    Check(Client.Wait(-1), 'it has stopped');
  end;
  Said.Expect(Rounds - 1);
  Server.Stop;
  HPSetLogHandler(FailToKeepMessage);
  Server.OnReceive := Peer.IsSlow;
  Server.SlowCallbackTime := 1;
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Said.Expect(Rounds);
  Client.Free;
  Server.Free;
  HPSetLogHandler(nil);
end;

{ --- Life --- }

procedure FreeingStopsAndLastEventsFindTheirSender;
var
  Server: TTcpServer;
  Agent: TTcpAgent;
begin
  Server := TTcpServer.Create;
  Agent := TTcpAgent.Create;
  Peer.Hear(Server);
  Other.Hear(Agent);
  Server.Start('127.0.0.1');
  Agent.Start;
  Agent.Connect('127.0.0.1', Server.ListenAddress.Port);
  Agent.Free;
  Equal('close shutdown', Other.Events.Expect(2));
  Server.Free;
  Equal('shutdown', Peer.Events.Expect(1));
end;

procedure WhatWouldGetLostIsRefused;
var
  Client: TTcpPullClient;
  Data: TBytes;
  Position, Refused: Integer;
  What: Integer;
begin
  Client := TTcpPullClient.Create;
  Refused := 0;
  for What := 1 to 6 do
    try
      case What of
        1: Client.Start('127.0.0.1' + #0 + 'x', 1);
        2: Client.SendSmallFile('/etc/passwd' + #0 + '.txt');
        3: Client.Fetch(-1, Data);
        4: Client.Peek(-1, Data);
        5: Client.Find(nil, Position);
        6: Client.Find(BytesOf(Text), Position, -1);
      end;
    except
      on EArgumentException do
        Inc(Refused);
      on ERangeError do
        Inc(Refused);
    end;
  Equal(6, Refused);
  Client.Free;
end;

procedure FreeingInsideACallbackIsRefused;
var
  Server: TTcpServer;
  Client: TTcpClient;
begin
  OnHPCallbackFailed := TellFailure;
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.Frees;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Other.Events.Expect(2);
  Check(Pos('Release does it afterwards', Said.Expect(1)) > 0, 'it says what to do');
  Check(Server.State = HP_SS_STARTED, 'it goes on');
  Client.Free;
  Server.Free;
end;

procedure ReleasingInsideACallbackHappensAfterwards;
var
  Server: TTcpServer;
  Client: TTcpClient;
begin
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.Releases;
  Server.OnShutdown := Peer.ServerShutdown;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Peer.Events.Expect(1);
  Other.Events.Expect(2);
  Client.Free;
end;

type
  { Says when it begins to end. }
  TEnding = class(TTcpServer)
    procedure BeforeDestruction; override;
  end;

procedure TEnding.BeforeDestruction;
begin
  Said.Say('ends');
  inherited;
end;

procedure ReleasingTwiceFreesOnce;
var
  Server: TEnding;
  Client: TTcpClient;
begin
  Server := TEnding.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.ReleasesTwice;
  Server.OnShutdown := Peer.ServerShutdown;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Peer.Events.Expect(1);
  Other.Events.Expect(2);
  Equal('ends', Said.Expect(1));
  Client.Free;
end;

{ --- Blocks of memory that are in use --- }

var
  Blocks: Longint = 0;
  Memory: TMemoryManager;

function CountingGetMem(Size: PtrUInt): Pointer;
begin
  Result := Memory.GetMem(Size);
  if Result <> nil then
    InterlockedIncrement(Blocks);
end;

function CountingAllocMem(Size: PtrUInt): Pointer;
begin
  Result := Memory.AllocMem(Size);
  if Result <> nil then
    InterlockedIncrement(Blocks);
end;

function CountingFreeMem(Block: Pointer): PtrUInt;
begin
  if Block <> nil then
    InterlockedDecrement(Blocks);
  Result := Memory.FreeMem(Block);
end;

function CountingFreeMemSize(Block: Pointer; Size: PtrUInt): PtrUInt;
begin
  if Block <> nil then
    InterlockedDecrement(Blocks);
  Result := Memory.FreeMemSize(Block, Size);
end;

function CountingReAllocMem(var Block: Pointer; Size: PtrUInt): Pointer;
var
  Before: Pointer;
begin
  Before := Block;
  Result := Memory.ReAllocMem(Block, Size);
  if (Before = nil) and (Result <> nil) then
    InterlockedIncrement(Blocks)
  else if (Before <> nil) and (Result = nil) then
    InterlockedDecrement(Blocks);
end;

procedure CountBlocks;
var
  Counting: TMemoryManager;
begin
  GetMemoryManager(Memory);
  Counting := Memory;
  Counting.GetMem := CountingGetMem;
  Counting.AllocMem := CountingAllocMem;
  Counting.FreeMem := CountingFreeMem;
  Counting.FreeMemSize := CountingFreeMemSize;
  Counting.ReAllocMem := CountingReAllocMem;
  SetMemoryManager(Counting);
end;

procedure WhatReleasedIsFreedWhileTheProgramGoesOn;
const
  Few = 50;
var
  Server: TTcpServer;
  Client: TTcpClient;
  Before, Echoes: Integer;

  { What does the work of it is freed by a later one, when it has finished. }
  procedure ReleaseOneMore;
  begin
    Inc(Echoes);
    Client.Send(BytesOf(Text));
    Other.Data.Bytes(Echoes * Length(Text));
  end;

begin
  CountBlocks;
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.ReleasesAnother;
  Other.Hear(Client);
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Echoes := 0;
  while Echoes < Few do
    ReleaseOneMore;
  Before := Blocks;
  while Echoes < 4 * Few do
    ReleaseOneMore;
  while (Blocks > Before + Few) and (Echoes < 20 * Few) do
    ReleaseOneMore;
  Check(Blocks <= Before + Few, 'they are not kept');
  Client.Free;
  Server.Free;
end;

procedure OneObjectMayHearSeveralComponents;
var
  First: TTcpServer;
  Second: TTcpPullServer;
  One, Two: TTcpClient;
begin
  First := TTcpServer.Create;
  Second := TTcpPullServer.Create;
  One := TTcpClient.Create;
  Two := TTcpClient.Create;
  First.OnAccept := Peer.ServerAccept;
  Second.OnAccept := Peer.ServerAccept;
  First.Start('127.0.0.1');
  Second.Start('127.0.0.1');
  One.Start('127.0.0.1', First.ListenAddress.Port);
  Equal('TTcpServer', Peer.Events.Expect(1));
  Two.Start('127.0.0.1', Second.ListenAddress.Port);
  Equal('TTcpServer TTcpPullServer', Peer.Events.Expect(2));
  One.Free;
  Two.Free;
  First.Free;
  Second.Free;
end;

procedure AsManyServersAsThereAreSlots;
var
  Round, I: Integer;
  Servers: array [1 .. 512] of TTcpServer;
begin
  for Round := 1 to 2 do
  begin
    for I := 1 to 512 do
      Servers[I] := TTcpServer.Create;
    try
      TTcpAgent.Create;
      Check(False, 'it raises');
    except
      on Failure: EHPSocket do
        Equal(105, Failure.ErrorNumber);
    end;
    { The last slot's functions are as good as any. }
    Peer.Hear(Servers[512]);
    Servers[512].Start('127.0.0.1');
    for I := 1 to 512 do
      Servers[I].Free;
  end;
  Equal('shutdown shutdown', Peer.Events.Expect(2));
end;

{ --- Settings, helpers --- }

procedure EverySettingGivesBackWhatWasSet;
const
  Kinds: array [0 .. 8] of TComponentClass = (TTcpServer, TTcpPullServer, TUdpServer, TTcpAgent, TTcpPullAgent,
    TTcpClient, TTcpPullClient, TUdpClient, TUdpCast);
var
  K, I, Count, Settings: Integer;
  Component: THPComponent;
  List: PPropList;
  Value: Int64;
begin
  for K := 0 to High(Kinds) do
  begin
    Component := Kinds[K].Create;
    Count := GetPropList(Component, List);
    Settings := 0;
    for I := 0 to Count - 1 do
    begin
      if List^[I].PropType.Kind = tkMethod then
        Continue;
      Inc(Settings);
      if List^[I].PropType.Kind = tkEnumeration then
        Value := GetTypeData(List^[I].PropType).MaxValue
      else if List^[I].PropType.Kind = tkBool then
        Value := 1 - GetOrdProp(Component, List^[I])
      else
        Value := GetOrdProp(Component, List^[I]) + 1;
      SetOrdProp(Component, List^[I], Value);
      Equal(List^[I].Name + IntToStr(Value), List^[I].Name + IntToStr(GetOrdProp(Component, List^[I])));
    end;
    Check(Settings > 12, 'there are settings');
    FreeMem(List);
    Component.Free;
  end;
end;

procedure KeepMessage(Level: Integer; const Message: string);
begin
  if Pos('OnReceive', Message) > 0 then
    Said.Say('named');
end;

procedure MessagesGoToTheLogHandler;
var
  Server: TTcpServer;
  Client: TTcpClient;
begin
  HPSetLogHandler(KeepMessage);
  Server := TTcpServer.Create;
  Client := TTcpClient.Create;
  Server.OnReceive := Peer.IsSlow;
  Server.SlowCallbackTime := 1;
  Server.Start('127.0.0.1');
  Client.Start('127.0.0.1', Server.ListenAddress.Port);
  Client.Send(BytesOf(Text));
  Said.Expect(1);
  Client.Free;
  Server.Free;
  HPSetLogHandler(nil);
end;

procedure VersionIsTheLibrarys;
begin
  Equal(HP_GetHPSocketVersion shr 24, StrToInt(Copy(HPVersion, 1, Pos('.', HPVersion) - 1)));
end;

{ --- How the process ends --- }

type
  TLast = class
    procedure Shutdown(Sender: THPServer; var Answer: THandleResult);
  end;

procedure TLast.Shutdown(Sender: THPServer; var Answer: THandleResult);
begin
  WriteLn('shut down');
  Flush(Output);
end;

procedure ProgramEndsWhileComponentsRun;
var
  Server: TTcpServer;
  Last: TLast;
begin
  Last := TLast.Create;
  Server := TTcpServer.Create;
  Server.OnShutdown := Last.Shutdown;
  Server.Start('127.0.0.1');
end;

type
  TReleasing = class
    procedure Close(Sender: THPClient; var Answer: THandleResult);
  end;

procedure TReleasing.Close(Sender: THPClient; var Answer: THandleResult);
begin
  Sender.Release;
  Sleep(5); { longer than it takes to free it, if that is begun }
end;

procedure ProgramEndsWhileCallbacksRelease;
var
  I: Integer;
  Server: TTcpServer;
  Client: TTcpClient;
  Releasing: TReleasing;
begin
  Releasing := TReleasing.Create;
  Server := TTcpServer.Create;
  Server.Start('127.0.0.1');
  for I := 1 to 20 do
  begin
    Client := TTcpClient.Create;
    Client.OnClose := Releasing.Close;
    Client.Start('127.0.0.1', Server.ListenAddress.Port);
  end;
end;

type
  TTest = record
    Name: string;
    Run: procedure;
  end;

const
  Tests: array [0 .. 22] of TTest = (
    (Name: 'EveryServerWithEveryClient'; Run: EveryServerWithEveryClient),
    (Name: 'EveryServerWithEveryAgent'; Run: EveryServerWithEveryAgent),
    (Name: 'DatagramsGoThereAndBack'; Run: DatagramsGoThereAndBack),
    (Name: 'MemberOfAGroupHearsItself'; Run: MemberOfAGroupHearsItself),
    (Name: 'PullLooksBeforeItTakes'; Run: PullLooksBeforeItTakes),
    (Name: 'ClientsLookToo'; Run: ClientsLookToo),
    (Name: 'SmallFilesGoWithHeadAndTail'; Run: SmallFilesGoWithHeadAndTail),
    (Name: 'FailingCallsRaiseWhatCSays'; Run: FailingCallsRaiseWhatCSays),
    (Name: 'WaitingEndsInTime'; Run: WaitingEndsInTime),
    (Name: 'WhatACallbackRaisesIsReportedAndEndsTheConnection'; Run: WhatACallbackRaisesIsReportedAndEndsTheConnection),
    (Name: 'FailuresAreWrittenAtOnce'; Run: FailuresAreWrittenAtOnce),
    (Name: 'FailuresThatCannotBeWrittenStayInside'; Run: FailuresThatCannotBeWrittenStayInside),
    (Name: 'FreeingStopsAndLastEventsFindTheirSender'; Run: FreeingStopsAndLastEventsFindTheirSender),
    (Name: 'WhatWouldGetLostIsRefused'; Run: WhatWouldGetLostIsRefused),
    (Name: 'FreeingInsideACallbackIsRefused'; Run: FreeingInsideACallbackIsRefused),
    (Name: 'ReleasingInsideACallbackHappensAfterwards'; Run: ReleasingInsideACallbackHappensAfterwards),
    (Name: 'ReleasingTwiceFreesOnce'; Run: ReleasingTwiceFreesOnce),
    (Name: 'WhatReleasedIsFreedWhileTheProgramGoesOn'; Run: WhatReleasedIsFreedWhileTheProgramGoesOn),
    (Name: 'OneObjectMayHearSeveralComponents'; Run: OneObjectMayHearSeveralComponents),
    (Name: 'AsManyServersAsThereAreSlots'; Run: AsManyServersAsThereAreSlots),
    (Name: 'EverySettingGivesBackWhatWasSet'; Run: EverySettingGivesBackWhatWasSet),
    (Name: 'MessagesGoToTheLogHandler'; Run: MessagesGoToTheLogHandler),
    (Name: 'VersionIsTheLibrarys'; Run: VersionIsTheLibrarys));

var
  I: Integer;
  Ran: Boolean = False;

begin
  if ParamStr(1) = '--list' then
  begin
    for I := 0 to High(Tests) do
      WriteLn(Tests[I].Name);
    Exit;
  end;
  if ParamStr(1) = 'ProgramEndsWhileComponentsRun' then
  begin
    ProgramEndsWhileComponentsRun;
    Exit;
  end;
  if ParamStr(1) = 'ProgramEndsWhileCallbacksRelease' then
  begin
    ProgramEndsWhileCallbacksRelease;
    Exit;
  end;
  Peer := TPeer.Create;
  Other := TPeer.Create;
  Said := TSaid.Create;
  for I := 0 to High(Tests) do
    if Tests[I].Name = ParamStr(1) then
    begin
      Tests[I].Run; { what it raises ends the program }
      Ran := True;
    end;
  Said.Free;
  Other.Free;
  Peer.Free;
  if not Ran then
    Halt(2);
end.
