package hpsocket;

/** How sends leave. */
public enum SendPolicy {
  PACK,
  SAFE,
  DIRECT
}
