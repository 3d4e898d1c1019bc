package hpsocket;

/** TCP, PULL. */
public final class TcpPullServer extends TcpServer implements PullSocket {
  private static final Functions.PullSocket PULL = CLibrary.functions(Functions.PullSocket.class, "HP_TcpPullServer_");

  public TcpPullServer(ServerListener listener) {
    super(new State("TcpPullServer", FAMILY, listener, Events::ofServer, TcpPullServer::new), listener);
  }

  TcpPullServer(State state) {
    super(state);
  }

  @Override
  public byte[] fetch(long connId, int length) throws HPSocketException {
    return Pulling.take(length, data -> getInt(component ->
        Direct.HP_TcpPullServer_Fetch(component, connId, data, length)));
  }

  @Override
  public byte[] peek(long connId, int length) throws HPSocketException {
    return Pulling.take(length, data -> getInt(component ->
        Direct.HP_TcpPullServer_Peek(component, connId, data, length)));
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
