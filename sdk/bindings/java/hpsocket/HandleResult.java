package hpsocket;

/** What a listener's method gives back; null is OK. */
public enum HandleResult {
  OK,
  IGNORE,
  ERROR
}
