package hpsocket;

/** The component error. */
public enum SocketError {
  OK,
  ILLEGAL_STATE,
  INVALID_PARAM,
  SOCKET_CREATE,
  SOCKET_BIND,
  SOCKET_PREPARE,
  SOCKET_LISTEN,
  CP_CREATE,
  WORKER_THREAD_CREATE,
  DETECT_THREAD_CREATE,
  SOCKE_ATTACH_TO_CP,
  CONNECT_SERVER,
  NETWORK,
  DATA_PROC,
  DATA_SEND;

  /** The error in words. */
  public String description() {
    return CLibrary.GLOBAL.HP_GetSocketErrorDesc(ordinal());
  }
}
