package hpsocket;

import com.sun.jna.Pointer;

/** The C functions that messages pass through, without JNA's conversions, and those that say what C calls. */
final class Direct {
  static {
    CLibrary.register(Direct.class);
  }

  private Direct() {}

  static native boolean HP_Server_Send(Pointer server, long connId, byte[] data, int length);
  static native boolean HP_Server_Send(Pointer server, long connId, Pointer data, int length);
  static native boolean HP_Server_SetConnectionExtra(Pointer server, long connId, Pointer extra);
  static native boolean HP_Server_GetConnectionExtra(Pointer server, long connId, long[] extra);

  static native boolean HP_Agent_Send(Pointer agent, long connId, byte[] data, int length);
  static native boolean HP_Agent_Send(Pointer agent, long connId, Pointer data, int length);
  static native boolean HP_Agent_SetConnectionExtra(Pointer agent, long connId, Pointer extra);
  static native boolean HP_Agent_GetConnectionExtra(Pointer agent, long connId, long[] extra);

  static native boolean HP_Client_Send(Pointer client, byte[] data, int length);
  static native boolean HP_Client_Send(Pointer client, Pointer data, int length);

  static native int HP_TcpPullServer_Fetch(Pointer server, long connId, byte[] data, int length);
  static native int HP_TcpPullServer_Peek(Pointer server, long connId, byte[] data, int length);
  static native int HP_TcpPullAgent_Fetch(Pointer agent, long connId, byte[] data, int length);
  static native int HP_TcpPullAgent_Peek(Pointer agent, long connId, byte[] data, int length);
  static native int HP_TcpPullClient_Fetch(Pointer client, byte[] data, int length);
  static native int HP_TcpPullClient_Peek(Pointer client, byte[] data, int length);

  static native void HP_Set_FN_Server_OnPrepareListen(Pointer listener, Callbacks.Word function);
  static native void HP_Set_FN_Server_OnAccept(Pointer listener, Callbacks.Socket function);
  static native void HP_Set_FN_Server_OnSend(Pointer listener, Callbacks.Data function);
  static native void HP_Set_FN_Server_OnReceive(Pointer listener, Callbacks.Data function);
  static native void HP_Set_FN_Server_OnPullReceive(Pointer listener, Callbacks.Length function);
  static native void HP_Set_FN_Server_OnClose(Pointer listener, Callbacks.Word function);
  static native void HP_Set_FN_Server_OnError(Pointer listener, Callbacks.Error function);
  static native void HP_Set_FN_Server_OnShutdown(Pointer listener, Callbacks.Plain function);

  static native void HP_Set_FN_Agent_OnPrepareConnect(Pointer listener, Callbacks.Socket function);
  static native void HP_Set_FN_Agent_OnConnect(Pointer listener, Callbacks.Word function);
  static native void HP_Set_FN_Agent_OnSend(Pointer listener, Callbacks.Data function);
  static native void HP_Set_FN_Agent_OnReceive(Pointer listener, Callbacks.Data function);
  static native void HP_Set_FN_Agent_OnPullReceive(Pointer listener, Callbacks.Length function);
  static native void HP_Set_FN_Agent_OnClose(Pointer listener, Callbacks.Word function);
  static native void HP_Set_FN_Agent_OnError(Pointer listener, Callbacks.Error function);
  static native void HP_Set_FN_Agent_OnShutdown(Pointer listener, Callbacks.Plain function);

  static native void HP_Set_FN_Client_OnPrepareConnect(Pointer listener, Callbacks.Socket function);
  static native void HP_Set_FN_Client_OnConnect(Pointer listener, Callbacks.Word function);
  static native void HP_Set_FN_Client_OnSend(Pointer listener, Callbacks.Data function);
  static native void HP_Set_FN_Client_OnReceive(Pointer listener, Callbacks.Data function);
  static native void HP_Set_FN_Client_OnPullReceive(Pointer listener, Callbacks.Length function);
  static native void HP_Set_FN_Client_OnClose(Pointer listener, Callbacks.Word function);
  static native void HP_Set_FN_Client_OnError(Pointer listener, Callbacks.Error function);
}
