package hpsocket;

import java.net.InetSocketAddress;

/** UDP: a member of a multicast group, or of all who hear broadcasts. */
public final class UdpCast extends Client {
  private static final Functions.UdpCast UDP = CLibrary.functions(Functions.UdpCast.class, "HP_UdpCast_");

  public UdpCast(ClientListener listener) {
    super(new State("UdpCast", FAMILY, listener, Events::ofClient, UdpCast::new), listener);
  }

  UdpCast(State state) {
    super(state);
  }

  /** Whose interface is joined on and sent by. */
  public String getBindAddress() {
    return get(UDP::GetBindAdddress);
  }

  public void setBindAddress(String address) {
    set(cast -> UDP.SetBindAdddress(cast, CLibrary.text(address)));
  }

  /** Hear the group from these senders only; null forgets them. */
  public void joinSource(String address) throws HPSocketException {
    check(call(cast -> UDP.JoinSource(cast, CLibrary.text(address))));
  }

  /** Inside onReceive: who sent it. */
  public InetSocketAddress getRemoteAddress() throws HPSocketException {
    return address(UDP::GetRemoteAddress);
  }

  public boolean isReuseAddress() { return call(UDP::IsReuseAddress); }

  public void setReuseAddress(boolean value) { setBoolean(UDP::SetReuseAddress, value); }

  public CastMode getCastMode() {
    return CLibrary.enumerator(CastMode.values(), getInt(UDP::GetCastMode));
  }

  public void setCastMode(CastMode value) { setInt(UDP::SetCastMode, value.ordinal()); }

  public int getMultiCastTtl() { return getInt(UDP::GetMultiCastTtl); }

  public void setMultiCastTtl(int value) { setInt(UDP::SetMultiCastTtl, value); }

  public boolean isMultiCastLoop() { return call(UDP::IsMultiCastLoop); }

  public void setMultiCastLoop(boolean value) { setBoolean(UDP::SetMultiCastLoop, value); }

  public int getMaxDatagramSize() { return getInt(UDP::GetMaxDatagramSize); }

  public void setMaxDatagramSize(int value) { setInt(UDP::SetMaxDatagramSize, value); }

  public boolean isCloseOnOversize() { return call(UDP::IsCloseOnOversize); }

  public void setCloseOnOversize(boolean value) { setBoolean(UDP::SetCloseOnOversize, value); }

  public int getSendBufferSize() { return getInt(UDP::GetSendBufferSize); }

  public void setSendBufferSize(int value) { setInt(UDP::SetSendBufferSize, value); }

  public int getReceiveBufferSize() { return getInt(UDP::GetReceiveBufferSize); }

  public void setReceiveBufferSize(int value) { setInt(UDP::SetReceiveBufferSize, value); }
}
