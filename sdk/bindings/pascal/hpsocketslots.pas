{ Internal to hpsocket.pas: functions for C that know whose they are.

  C tells servers' and agents' functions a connection's ID, but not the component, so each component needs functions of
  its own. Pascal cannot make functions at run time; what it can is to compile a generic class once for each set of
  types. Each such class is a slot: functions, and a variable with the object that they call. }
unit hpsocketslots;

{$IFDEF FPC}{$MODE DELPHI}{$NOTES OFF}{$ENDIF} { it would note each class's unused types }

interface

uses
  SyncObjs, hpsocket4c;

type
  { What a slot's functions call. These let no exception out. }
  THPSlotOwner = class
  public
    function PrepareListen(Socket: NativeUInt): En_HP_HandleResult; virtual;
    function Accept(Id: HP_CONNID; Client: NativeUInt): En_HP_HandleResult; virtual;
    function PrepareConnect(Id: HP_CONNID; Socket: NativeUInt): En_HP_HandleResult; virtual;
    function Connect(Id: HP_CONNID): En_HP_HandleResult; virtual;
    function Send(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; virtual; abstract;
    function Receive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; virtual; abstract;
    function PullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult; virtual; abstract;
    function Close(Id: HP_CONNID): En_HP_HandleResult; virtual; abstract;
    function Error(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult; virtual;
      abstract;
    function Shutdown: En_HP_HandleResult; virtual; abstract;
  end;

  THPSlot = record
    Owner: ^THPSlotOwner; { nil there: free }
    OnPrepareListen: HP_FN_Server_OnPrepareListen;
    OnAccept: HP_FN_Server_OnAccept;
    OnPrepareConnect: HP_FN_Agent_OnPrepareConnect;
    OnConnect: HP_FN_Agent_OnConnect;
    OnSend: HP_FN_Server_OnSend;
    OnReceive: HP_FN_Server_OnReceive;
    OnPullReceive: HP_FN_Server_OnPullReceive;
    OnClose: HP_FN_Server_OnClose;
    OnError: HP_FN_Server_OnError;
    OnShutdown: HP_FN_Server_OnShutdown;
  end;
  PHPSlot = ^THPSlot;

const
  { How many servers and agents there can be at once. }
  HPSlotCount = 512;

{ A free slot, now the owner's; nil if there is none. }
function TakeSlot(Owner: THPSlotOwner): PHPSlot;
procedure GiveBackSlot(Slot: PHPSlot);

implementation

type
  { 8 types, so 8 * 8 * 8 slots. }
  TSlot0 = class end;
  TSlot1 = class end;
  TSlot2 = class end;
  TSlot3 = class end;
  TSlot4 = class end;
  TSlot5 = class end;
  TSlot6 = class end;
  TSlot7 = class end;

  TSlotOf<A, B, C> = class
  public
    class var Owner: THPSlotOwner;
    class function OnPrepareListen(Socket: NativeUInt): En_HP_HandleResult; cdecl; static;
    class function OnAccept(Id: HP_CONNID; Client: NativeUInt): En_HP_HandleResult; cdecl; static;
    class function OnPrepareConnect(Id: HP_CONNID; Socket: NativeUInt): En_HP_HandleResult; cdecl; static;
    class function OnConnect(Id: HP_CONNID): En_HP_HandleResult; cdecl; static;
    class function OnSend(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; cdecl; static;
    class function OnReceive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult; cdecl; static;
    class function OnPullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult; cdecl; static;
    class function OnClose(Id: HP_CONNID): En_HP_HandleResult; cdecl; static;
    class function OnError(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer): En_HP_HandleResult;
      cdecl; static;
    class function OnShutdown: En_HP_HandleResult; cdecl; static;
    class procedure Add; static;
  end;

  TSlotRow<A, B> = class
  public
    class procedure Add; static;
  end;

  TSlotPlane<A> = class
  public
    class procedure Add; static;
  end;

var
  Slots: array [0 .. HPSlotCount - 1] of THPSlot;
  Added: Integer = 0;
  Lock: TCriticalSection;

function THPSlotOwner.PrepareListen(Socket: NativeUInt): En_HP_HandleResult;
begin
  Result := HP_HR_OK;
end;

function THPSlotOwner.Accept(Id: HP_CONNID; Client: NativeUInt): En_HP_HandleResult;
begin
  Result := HP_HR_OK;
end;

function THPSlotOwner.PrepareConnect(Id: HP_CONNID; Socket: NativeUInt): En_HP_HandleResult;
begin
  Result := HP_HR_OK;
end;

function THPSlotOwner.Connect(Id: HP_CONNID): En_HP_HandleResult;
begin
  Result := HP_HR_OK;
end;

class function TSlotOf<A, B, C>.OnPrepareListen(Socket: NativeUInt): En_HP_HandleResult;
begin
  Result := Owner.PrepareListen(Socket);
end;

class function TSlotOf<A, B, C>.OnAccept(Id: HP_CONNID; Client: NativeUInt): En_HP_HandleResult;
begin
  Result := Owner.Accept(Id, Client);
end;

class function TSlotOf<A, B, C>.OnPrepareConnect(Id: HP_CONNID; Socket: NativeUInt): En_HP_HandleResult;
begin
  Result := Owner.PrepareConnect(Id, Socket);
end;

class function TSlotOf<A, B, C>.OnConnect(Id: HP_CONNID): En_HP_HandleResult;
begin
  Result := Owner.Connect(Id);
end;

class function TSlotOf<A, B, C>.OnSend(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult;
begin
  Result := Owner.Send(Id, Data, Length);
end;

class function TSlotOf<A, B, C>.OnReceive(Id: HP_CONNID; Data: PByte; Length: Integer): En_HP_HandleResult;
begin
  Result := Owner.Receive(Id, Data, Length);
end;

class function TSlotOf<A, B, C>.OnPullReceive(Id: HP_CONNID; Length: Integer): En_HP_HandleResult;
begin
  Result := Owner.PullReceive(Id, Length);
end;

class function TSlotOf<A, B, C>.OnClose(Id: HP_CONNID): En_HP_HandleResult;
begin
  Result := Owner.Close(Id);
end;

class function TSlotOf<A, B, C>.OnError(Id: HP_CONNID; Operation: En_HP_SocketOperation; ErrorCode: Integer):
  En_HP_HandleResult;
begin
  Result := Owner.Error(Id, Operation, ErrorCode);
end;

class function TSlotOf<A, B, C>.OnShutdown: En_HP_HandleResult;
begin
  Result := Owner.Shutdown;
end;

class procedure TSlotOf<A, B, C>.Add;
begin
  Slots[Added].Owner := @Owner;
  Slots[Added].OnPrepareListen := OnPrepareListen;
  Slots[Added].OnAccept := OnAccept;
  Slots[Added].OnPrepareConnect := OnPrepareConnect;
  Slots[Added].OnConnect := OnConnect;
  Slots[Added].OnSend := OnSend;
  Slots[Added].OnReceive := OnReceive;
  Slots[Added].OnPullReceive := OnPullReceive;
  Slots[Added].OnClose := OnClose;
  Slots[Added].OnError := OnError;
  Slots[Added].OnShutdown := OnShutdown;
  Inc(Added);
end;

class procedure TSlotRow<A, B>.Add;
begin
  TSlotOf<A, B, TSlot0>.Add;
  TSlotOf<A, B, TSlot1>.Add;
  TSlotOf<A, B, TSlot2>.Add;
  TSlotOf<A, B, TSlot3>.Add;
  TSlotOf<A, B, TSlot4>.Add;
  TSlotOf<A, B, TSlot5>.Add;
  TSlotOf<A, B, TSlot6>.Add;
  TSlotOf<A, B, TSlot7>.Add;
end;

class procedure TSlotPlane<A>.Add;
begin
  TSlotRow<A, TSlot0>.Add;
  TSlotRow<A, TSlot1>.Add;
  TSlotRow<A, TSlot2>.Add;
  TSlotRow<A, TSlot3>.Add;
  TSlotRow<A, TSlot4>.Add;
  TSlotRow<A, TSlot5>.Add;
  TSlotRow<A, TSlot6>.Add;
  TSlotRow<A, TSlot7>.Add;
end;

procedure AddAll;
begin
  TSlotPlane<TSlot0>.Add;
  TSlotPlane<TSlot1>.Add;
  TSlotPlane<TSlot2>.Add;
  TSlotPlane<TSlot3>.Add;
  TSlotPlane<TSlot4>.Add;
  TSlotPlane<TSlot5>.Add;
  TSlotPlane<TSlot6>.Add;
  TSlotPlane<TSlot7>.Add;
end;

function TakeSlot(Owner: THPSlotOwner): PHPSlot;
var
  Index: Integer;
begin
  Lock.Acquire;
  try
    for Index := 0 to HPSlotCount - 1 do
      if Slots[Index].Owner^ = nil then
      begin
        Slots[Index].Owner^ := Owner;
        Exit(@Slots[Index]);
      end;
    Result := nil;
  finally
    Lock.Release;
  end;
end;

procedure GiveBackSlot(Slot: PHPSlot);
begin
  Lock.Acquire;
  try
    Slot.Owner^ := nil;
  finally
    Lock.Release;
  end;
end;

initialization
  Lock := TCriticalSection.Create;
  AddAll;

finalization
  Lock.Free;

end.
