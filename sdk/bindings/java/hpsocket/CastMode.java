package hpsocket;

/** To whom a cast sends. */
public enum CastMode {
  MULTICAST,
  BROADCAST
}
