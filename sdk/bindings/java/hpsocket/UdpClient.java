package hpsocket;

/** UDP: hears one server. */
public final class UdpClient extends Client {
  private static final Functions.UdpClient UDP = CLibrary.functions(Functions.UdpClient.class, "HP_UdpClient_");

  public UdpClient(ClientListener listener) {
    super(new State("UdpClient", FAMILY, listener, Events::ofClient, UdpClient::new), listener);
  }

  UdpClient(State state) {
    super(state);
  }

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
