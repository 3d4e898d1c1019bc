package hpsocket;

import java.nio.file.Path;

/** TCP, PUSH. */
public class TcpAgent extends Agent {
  private static final Functions.TcpAgent TCP = CLibrary.functions(Functions.TcpAgent.class, "HP_TcpAgent_");

  public TcpAgent(AgentListener listener) {
    super(new State("TcpAgent", FAMILY, listener, Events::ofAgent, TcpAgent::new), listener);
  }

  TcpAgent(State state, AgentListener listener) {
    super(state, listener);
  }

  TcpAgent(State state) {
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

  public boolean isReuseAddress() { return call(TCP::IsReuseAddress); }

  public void setReuseAddress(boolean value) { setBoolean(TCP::SetReuseAddress, value); }

  public int getSocketBufferSize() { return getInt(TCP::GetSocketBufferSize); }

  public void setSocketBufferSize(int value) { setInt(TCP::SetSocketBufferSize, value); }

  public int getKeepAliveTime() { return getInt(TCP::GetKeepAliveTime); }

  public void setKeepAliveTime(int value) { setInt(TCP::SetKeepAliveTime, value); }

  public int getKeepAliveInterval() { return getInt(TCP::GetKeepAliveInterval); }

  public void setKeepAliveInterval(int value) { setInt(TCP::SetKeepAliveInterval, value); }
}
