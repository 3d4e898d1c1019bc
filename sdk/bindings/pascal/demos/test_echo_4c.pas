{ HP-Socket's echo demo in Pascal: test_echo_4c server|client, for those of sdk/demos/test_echo_4c, too.

  A package is a header with the body's length, then the body. The server sends each part back as soon as it is there; the
  client takes what comes back apart. Both do so by PULL, with a connection's state as its extra. }
program test_echo_4c;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$LONGSTRINGS ON}

uses
{$IFDEF FPC}
  cthreads,
{$ENDIF}
  SyncObjs, SysUtils, hpsocket, hpsocket4c;

const
  NameSize = 30;
  MaxText = 4000;
  ExitOk = 0;
  ExitFailure = 1;
  ExitUsage = 2;

type
  TPackageHeader = packed record
    Number: Cardinal;
    BodyLength: Integer;
  end;

  { A text and its NUL follow. }
  TPackageBody = packed record
    Name: array [0 .. NameSize - 1] of AnsiChar;
    Age: SmallInt;
  end;
  PPackageBody = ^TPackageBody;

  { What the next bytes of a connection are. }
  TParser = class
  private
    FIsHeader: Boolean;
    FLength: Integer;
  public
    constructor Create;
    { The part that has come is done with; IsHeader and Length are the next one's. }
    procedure Next(const Part: TBytes);
    property IsHeader: Boolean read FIsHeader;
    property Length: Integer read FLength;
  end;

  { Sends each part back. }
  TEchoServer = class
  private
    FServer: TTcpPullServer;
    procedure Forget(Id: TConnectionId);
    procedure Accept(Sender: THPServer; Id: TConnectionId; Socket: Integer; var Answer: THandleResult);
    procedure PullReceive(Sender: THPServer; Id: TConnectionId; Available: Integer; var Answer: THandleResult);
    procedure Close(Sender: THPServer; Id: TConnectionId; var Answer: THandleResult);
    procedure Error(Sender: THPServer; Id: TConnectionId; Operation: TSocketOperation; ErrorNumber: Integer;
      var Answer: THandleResult);
    procedure Shutdown(Sender: THPServer; var Answer: THandleResult);
  public
    { Until exit or the end of the input. }
    function Serve(const Address: string; Port: Word): Integer;
  end;

  { Shows what comes back, and counts it. }
  TEchoClient = class
  private
    FClient: TTcpPullClient;
    FParser: TParser;
    FChanged: TEvent;
    FEchoed: Integer; { written by the library's thread, before FChanged is set }
    FEnded: Boolean;
    procedure Connect(Sender: THPClient; var Answer: THandleResult);
    procedure PullReceive(Sender: THPClient; Available: Integer; var Answer: THandleResult);
    procedure Close(Sender: THPClient; var Answer: THandleResult);
    procedure Error(Sender: THPClient; Operation: TSocketOperation; ErrorNumber: Integer; var Answer: THandleResult);
    procedure TakeBody(const Part: TBytes);
    procedure Ended;
    procedure Send(Number: Cardinal; const Text: string);
  public
    { Sends what `send TEXT` says; at the end all of it comes back first. }
    function Ask(const Address: string; Port: Word): Integer;
  end;

var
  ScreenLock: TCriticalSection;

{ One line at once, from whatever thread. }
procedure Show(const Format: string; const Arguments: array of const);
begin
  ScreenLock.Acquire;
  try
    WriteLn(SysUtils.Format(Format, Arguments));
    Flush(Output);
  finally
    ScreenLock.Release;
  end;
end;

function IdText(Id: TConnectionId): string;
begin
  Result := IntToStr(Id);
end;

{ --- Packages --- }

constructor TParser.Create;
begin
  FIsHeader := True;
  FLength := SizeOf(TPackageHeader);
end;

procedure TParser.Next(const Part: TBytes);
var
  Header: TPackageHeader;
begin
  if not FIsHeader then
    FLength := SizeOf(TPackageHeader)
  else
  begin
    Move(Part[0], Header, SizeOf(Header));
    FLength := Header.BodyLength;
    if (FLength <= SizeOf(TPackageBody)) or (FLength > SizeOf(TPackageBody) + MaxText) then
      raise Exception.CreateFmt('a body of %d bytes', [FLength]);
  end;
  FIsHeader := not FIsHeader;
end;

{ --- The server --- }

procedure TEchoServer.Accept(Sender: THPServer; Id: TConnectionId; Socket: Integer; var Answer: THandleResult);
var
  Peer: TSocketAddress;
begin
  Sender.SetConnectionExtra(Id, TParser.Create);
  Peer := Sender.RemoteAddress(Id);
  Show('  > [ %s, OnAccept ] -> PASS (%s:%d)', [IdText(Id), Peer.Address, Peer.Port]);
end;

procedure TEchoServer.PullReceive(Sender: THPServer; Id: TConnectionId; Available: Integer; var Answer: THandleResult);
var
  Parser: TParser;
  Part: TBytes;
begin
  Parser := Sender.GetConnectionExtra(Id);
  while (Available >= Parser.Length) and FServer.Fetch(Id, Parser.Length, Part) do
  begin
    Show('  > [ %s, OnReceive ] -> (%d bytes)', [IdText(Id), Length(Part)]);
    Dec(Available, Length(Part));
    Parser.Next(Part);
    Sender.Send(Id, Part);
  end;
end;

procedure TEchoServer.Forget(Id: TConnectionId);
begin
  TParser(FServer.GetConnectionExtra(Id)).Free;
end;

procedure TEchoServer.Close(Sender: THPServer; Id: TConnectionId; var Answer: THandleResult);
begin
  Forget(Id);
  Show('  > [ %s, OnClose ]', [IdText(Id)]);
end;

procedure TEchoServer.Error(Sender: THPServer; Id: TConnectionId; Operation: TSocketOperation; ErrorNumber: Integer;
  var Answer: THandleResult);
begin
  Forget(Id);
  Show('  > [ %s, OnError ] -> OP: %d, CODE: %d', [IdText(Id), Ord(Operation), ErrorNumber]);
end;

procedure TEchoServer.Shutdown(Sender: THPServer; var Answer: THandleResult);
begin
  Show('$ Server Stop', []);
end;

function TEchoServer.Serve(const Address: string; Port: Word): Integer;
var
  Line: string;
begin
  FServer := TTcpPullServer.Create;
  try
    FServer.OnAccept := Accept;
    FServer.OnPullReceive := PullReceive;
    FServer.OnClose := Close;
    FServer.OnError := Error;
    FServer.OnShutdown := Shutdown;
    FServer.Start(Address, Port);
    Show('listening on %s:%d', [FServer.ListenAddress.Address, FServer.ListenAddress.Port]);
    Line := '';
    while (Line <> 'exit') and (Line <> 'stop') and not Eof(Input) do
      ReadLn(Line);
  finally
    FServer.Free;
  end;
  Result := ExitOk;
end;

{ --- The client --- }

procedure TEchoClient.Connect(Sender: THPClient; var Answer: THandleResult);
var
  Own: TSocketAddress;
begin
  Own := Sender.LocalAddress;
  Show('  > [ %s, OnConnect ] -> local address: %s:%d', [IdText(Sender.ConnectionId), Own.Address, Own.Port]);
end;

procedure TEchoClient.PullReceive(Sender: THPClient; Available: Integer; var Answer: THandleResult);
var
  Part: TBytes;
  Header: TPackageHeader;
  IsHeader: Boolean;
begin
  while (Available >= FParser.Length) and FClient.Fetch(FParser.Length, Part) do
  begin
    Dec(Available, Length(Part));
    IsHeader := FParser.IsHeader;
    FParser.Next(Part);
    if IsHeader then
    begin
      Move(Part[0], Header, SizeOf(Header));
      Show('  > [ %s, OnReceive ] -> seq: %d, body: %d bytes', [IdText(Sender.ConnectionId), Header.Number,
        Header.BodyLength]);
    end
    else
      TakeBody(Part);
  end;
end;

procedure TEchoClient.TakeBody(const Part: TBytes);
var
  Body: PPackageBody;
  Name, Text: string;
begin
  Body := @Part[0];
  Name := Body.Name;
  Text := PAnsiChar(@Part[SizeOf(TPackageBody)]);
  Show('  > [ %s, OnReceive ] -> name: %s, age: %d, desc: %s', [IdText(FClient.ConnectionId), Name, Body.Age, Text]);
  Inc(FEchoed);
  FChanged.SetEvent;
end;

procedure TEchoClient.Close(Sender: THPClient; var Answer: THandleResult);
begin
  Show('  > [ %s, OnClose ]', [IdText(Sender.ConnectionId)]);
  Ended;
end;

procedure TEchoClient.Error(Sender: THPClient; Operation: TSocketOperation; ErrorNumber: Integer;
  var Answer: THandleResult);
begin
  Show('  > [ %s, OnError ] -> OP: %d, CODE: %d', [IdText(Sender.ConnectionId), Ord(Operation), ErrorNumber]);
  Ended;
end;

procedure TEchoClient.Ended;
begin
  FEnded := True;
  FChanged.SetEvent;
end;

procedure TEchoClient.Send(Number: Cardinal; const Text: string);
var
  Header: TPackageHeader;
  Bytes, Sent: TBytes;
  Body: PPackageBody;
  Size: Integer;
begin
  { The input's bytes are UTF-8, and so is what is sent. }
  Size := Length(Text);
  if Size > MaxText - 1 then
    Size := MaxText - 1;
  SetLength(Bytes, SizeOf(TPackageBody) + Size + 1);
  FillChar(Bytes[0], Length(Bytes), 0);
  Body := @Bytes[0];
  Body.Name := 'HP-Socket';
  Body.Age := 23;
  if Size > 0 then
    Move(Text[1], Bytes[SizeOf(TPackageBody)], Size);
  Header.Number := Number;
  Header.BodyLength := Length(Bytes);
  SetLength(Sent, SizeOf(Header));
  Move(Header, Sent[0], SizeOf(Header));
  FClient.SendPackets([Sent, Bytes]);
  Show('$ (%s) Send OK --> %s', [IdText(FClient.ConnectionId), Text]);
end;

function TEchoClient.Ask(const Address: string; Port: Word): Integer;
var
  Line: string;
  Sent: Integer;
begin
  Sent := 0;
  FChanged := TEvent.Create(nil, False, False, '');
  FParser := TParser.Create;
  FClient := TTcpPullClient.Create;
  try
    FClient.OnConnect := Connect;
    FClient.OnPullReceive := PullReceive;
    FClient.OnClose := Close;
    FClient.OnError := Error;
    FClient.Start(Address, Port);
    Show('$ Client Start OK --> (%s : %d)', [Address, Port]);
    while not Eof(Input) do
    begin
      ReadLn(Line);
      if (Line = 'exit') or (Line = 'stop') then
        Break;
      Inc(Sent);
      Send(Sent, Copy(Line, Pos(' ', Line) + 1, MaxInt));
    end;
    while (FEchoed < Sent) and not FEnded do
      FChanged.WaitFor(INFINITE);
    Show(' *** Summary: send - %d, recv - %d', [Sent, FEchoed]);
    if FEchoed = Sent then
      Result := ExitOk
    else
      Result := ExitFailure;
  finally
    FClient.Free;
    FParser.Free;
    FChanged.Free;
  end;
end;

{ --- The program --- }

function Run: Integer;
var
  Role, Address: string;
  Port, I: Integer;
  Understood: Boolean;
begin
  Role := ParamStr(1);
  Address := '127.0.0.1';
  if Role = 'server' then
    Address := '0.0.0.0';
  Port := 5555;
  Understood := Odd(ParamCount) and ((Role = 'server') or (Role = 'client'));
  I := 2;
  while Understood and (I < ParamCount) do
  begin
    if ParamStr(I) = '-p' then
      Understood := TryStrToInt(ParamStr(I + 1), Port) and (Port >= 0) and (Port <= 65535)
    else if (ParamStr(I) = '-b') and (Role = 'server') or (ParamStr(I) = '-a') and (Role = 'client') then
      Address := ParamStr(I + 1)
    else
      Understood := False;
    Inc(I, 2);
  end;
  if not Understood then
  begin
    WriteLn(ErrOutput, 'test_echo_4c server [-b ADDRESS] [-p PORT]   reads ''exit''');
    WriteLn(ErrOutput, 'test_echo_4c client [-a ADDRESS] [-p PORT]   reads ''send TEXT'' and ''exit''');
    Exit(ExitUsage);
  end;
  try
    if Role = 'server' then
      Result := TEchoServer.Create.Serve(Address, Port)
    else
      Result := TEchoClient.Create.Ask(Address, Port);
  except
    on Failure: EHPSocket do
    begin
      WriteLn(ErrOutput, '$ ', Role, ' Fail --> ', Failure.Message);
      Result := ExitFailure;
    end;
  end;
end;

begin
  ScreenLock := TCriticalSection.Create;
  ExitCode := Run;
end.
