package hpsocket;

import java.nio.file.Path;

/** TCP, PUSH. */
public class TcpClient extends Client {
  private static final Functions.TcpClient TCP = CLibrary.functions(Functions.TcpClient.class, "HP_TcpClient_");

  public TcpClient(ClientListener listener) {
    super(new State("TcpClient", FAMILY, listener, Events::ofClient, TcpClient::new), listener);
  }

  TcpClient(State state, ClientListener listener) {
    super(state, listener);
  }

  TcpClient(State state) {
    super(state);
  }

  /** Sends a file of up to 4 MiB. */
  public void sendSmallFile(Path file) throws HPSocketException {
    sendSmallFile(file, null, null);
  }

  /** Sends head, a file, and tail as one; head and tail may be null. */
  public void sendSmallFile(Path file, byte[] head, byte[] tail) throws HPSocketException {
    check(Data.sendBetween(head, tail, (first, last) -> call(component ->
        TCP.SendSmallFile(component, file.toString(), first, last))), true);
  }

  public int getSocketBufferSize() { return getInt(TCP::GetSocketBufferSize); }

  public void setSocketBufferSize(int value) { setInt(TCP::SetSocketBufferSize, value); }

  public int getKeepAliveTime() { return getInt(TCP::GetKeepAliveTime); }

  public void setKeepAliveTime(int value) { setInt(TCP::SetKeepAliveTime, value); }

  public int getKeepAliveInterval() { return getInt(TCP::GetKeepAliveInterval); }

  public void setKeepAliveInterval(int value) { setInt(TCP::SetKeepAliveInterval, value); }
}
