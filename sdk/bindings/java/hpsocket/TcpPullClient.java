package hpsocket;

/** TCP, PULL. */
public final class TcpPullClient extends TcpClient {
  private static final Functions.PullClient PULL = CLibrary.functions(Functions.PullClient.class, "HP_TcpPullClient_");

  public TcpPullClient(ClientListener listener) {
    super(new State("TcpPullClient", FAMILY, listener, Events::ofClient, TcpPullClient::new), listener);
  }

  TcpPullClient(State state) {
    super(state);
  }

  /** Takes exactly so many bytes; null if they are not there yet. */
  public byte[] fetch(int length) throws HPSocketException {
    return Pulling.take(length, data -> getInt(component -> Direct.HP_TcpPullClient_Fetch(component, data, length)));
  }

  /** The same without taking them. */
  public byte[] peek(int length) throws HPSocketException {
    return Pulling.take(length, data -> getInt(component -> Direct.HP_TcpPullClient_Peek(component, data, length)));
  }

  /** Inside onPullReceive: the first bytes, as many as lie in one piece; null if there is none. */
  public byte[] peekSpan() throws HPSocketException {
    return Pulling.span((data, length) -> getInt(component -> PULL.PeekSpan(component, data, length)));
  }

  /** Looks for a pattern at or after `from`. */
  public FindResult find(byte[] pattern, int from) throws HPSocketException {
    return Pulling.find(pattern, from, position -> getInt(component ->
        PULL.Find(component, pattern, pattern.length, from, position)));
  }

  public long getMaxPullLength() { return getLong(PULL::GetMaxPullLength); }

  public void setMaxPullLength(long value) { setLong(PULL::SetMaxPullLength, value); }
}
