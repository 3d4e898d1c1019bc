package hpsocket;

/** UDP: a session for every peer that is heard. */
public final class UdpServer extends Server {
  private static final Functions.UdpServer UDP = CLibrary.functions(Functions.UdpServer.class, "HP_UdpServer_");

  public UdpServer(ServerListener listener) {
    super(new State("UdpServer", FAMILY, listener, Events::ofServer, UdpServer::new), listener);
  }

  UdpServer(State state) {
    super(state);
  }

  public int getPostReceiveCount() { return getInt(UDP::GetPostReceiveCount); }

  public void setPostReceiveCount(int value) { setInt(UDP::SetPostReceiveCount, value); }

  public int getMaxDatagramSize() { return getInt(UDP::GetMaxDatagramSize); }

  public void setMaxDatagramSize(int value) { setInt(UDP::SetMaxDatagramSize, value); }

  public boolean isCloseOnOversize() { return call(UDP::IsCloseOnOversize); }

  public void setCloseOnOversize(boolean value) { setBoolean(UDP::SetCloseOnOversize, value); }

  public int getSendBufferSize() { return getInt(UDP::GetSendBufferSize); }

  public void setSendBufferSize(int value) { setInt(UDP::SetSendBufferSize, value); }

  public int getReceiveBufferSize() { return getInt(UDP::GetReceiveBufferSize); }

  public void setReceiveBufferSize(int value) { setInt(UDP::SetReceiveBufferSize, value); }

  public int getDetectAttempts() { return getInt(UDP::GetDetectAttempts); }

  public void setDetectAttempts(int value) { setInt(UDP::SetDetectAttempts, value); }

  public int getDetectInterval() { return getInt(UDP::GetDetectInterval); }

  public void setDetectInterval(int value) { setInt(UDP::SetDetectInterval, value); }
}
