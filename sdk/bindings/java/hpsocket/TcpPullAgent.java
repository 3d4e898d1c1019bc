package hpsocket;

/** TCP, PULL. */
public final class TcpPullAgent extends TcpAgent implements PullSocket {
  private static final Functions.PullSocket PULL = CLibrary.functions(Functions.PullSocket.class, "HP_TcpPullAgent_");

  public TcpPullAgent(AgentListener listener) {
    super(new State("TcpPullAgent", FAMILY, listener, Events::ofAgent, TcpPullAgent::new), listener);
  }

  TcpPullAgent(State state) {
    super(state);
  }

  @Override
  public byte[] fetch(long connId, int length) throws HPSocketException {
    return Pulling.take(length, data -> getInt(component ->
        Direct.HP_TcpPullAgent_Fetch(component, connId, data, length)));
  }

  @Override
  public byte[] peek(long connId, int length) throws HPSocketException {
    return Pulling.take(length, data -> getInt(component ->
        Direct.HP_TcpPullAgent_Peek(component, connId, data, length)));
  }

  @Override
  public byte[] peekSpan(long connId) throws HPSocketException {
    return Pulling.span((data, length) -> getInt(component -> PULL.PeekSpan(component, connId, data, length)));
  }

  @Override
  public FindResult find(long connId, byte[] pattern, int from) throws HPSocketException {
    return Pulling.find(pattern, from, position -> getInt(component ->
        PULL.Find(component, connId, pattern, pattern.length, from, position)));
  }

  @Override
  public long getMaxPullLength() { return getLong(PULL::GetMaxPullLength); }

  @Override
  public void setMaxPullLength(long value) { setLong(PULL::SetMaxPullLength, value); }
}
