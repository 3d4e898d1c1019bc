package hpsocket;

/** PULL of servers and agents. */
public interface PullSocket {
  /** Takes exactly so many bytes; null if they are not there yet. */
  byte[] fetch(long connId, int length) throws HPSocketException;

  /** The same without taking them. */
  byte[] peek(long connId, int length) throws HPSocketException;

  /** Inside onPullReceive: the first bytes, as many as lie in one piece; null if there is none. */
  byte[] peekSpan(long connId) throws HPSocketException;

  /** Looks for a pattern at or after `from`. */
  FindResult find(long connId, byte[] pattern, int from) throws HPSocketException;

  /** How much is kept before reading stops; 0 for all. */
  long getMaxPullLength();

  void setMaxPullLength(long length);
}
