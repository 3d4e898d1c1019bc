package hpsocket;

import java.nio.file.Path;

/** TCP, PUSH. */
public class TcpServer extends Server {
  private static final Functions.TcpServer TCP = CLibrary.functions(Functions.TcpServer.class, "HP_TcpServer_");

  public TcpServer(ServerListener listener) {
    super(new State("TcpServer", FAMILY, listener, Events::ofServer, TcpServer::new), listener);
  }

  TcpServer(State state, ServerListener listener) {
    super(state, listener);
  }

  TcpServer(State state) {
    super(state);
  }

  /** Sends a file of up to 4 MiB. */
  public void sendSmallFile(long connId, Path file) throws HPSocketException {
    sendSmallFile(connId, file, null, null);
  }

  /** Sends head, a file, and tail as one; head and tail may be null. */
  public void sendSmallFile(long connId, Path file, byte[] head, byte[] tail) throws HPSocketException {
    check(Data.sendBetween(head, tail, (first, last) -> call(component ->
        TCP.SendSmallFile(component, connId, file.toString(), first, last))));
  }

  public int getAcceptSocketCount() { return getInt(TCP::GetAcceptSocketCount); }

  public void setAcceptSocketCount(int value) { setInt(TCP::SetAcceptSocketCount, value); }

  public int getSocketListenQueue() { return getInt(TCP::GetSocketListenQueue); }

  public void setSocketListenQueue(int value) { setInt(TCP::SetSocketListenQueue, value); }

  public int getSocketBufferSize() { return getInt(TCP::GetSocketBufferSize); }

  public void setSocketBufferSize(int value) { setInt(TCP::SetSocketBufferSize, value); }

  public int getKeepAliveTime() { return getInt(TCP::GetKeepAliveTime); }

  public void setKeepAliveTime(int value) { setInt(TCP::SetKeepAliveTime, value); }

  public int getKeepAliveInterval() { return getInt(TCP::GetKeepAliveInterval); }

  public void setKeepAliveInterval(int value) { setInt(TCP::SetKeepAliveInterval, value); }
}
