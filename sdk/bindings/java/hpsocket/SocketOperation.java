package hpsocket;

/** What had been going on when onError was called. */
public enum SocketOperation {
  UNKNOWN,
  ACCEPT,
  CONNECT,
  SEND,
  RECEIVE
}
