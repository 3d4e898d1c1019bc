package hpsocket;

/** Whether a close may overtake a running onReceive. */
public enum RecvPolicy {
  SERIAL,
  PARALLEL
}
