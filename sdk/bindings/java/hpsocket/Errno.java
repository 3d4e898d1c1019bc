package hpsocket;

/** The errno values that calls and onError give most, as they are on Linux. */
public final class Errno {
  /** Not started, or not connected yet. */
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EINVAL = 22;
  public static final int EFBIG = 27;
  /** As many connections as MaxConnectionCount allows. */
  public static final int ENOSR = 63;
  /** No such connection, or it is closing. */
  public static final int EBADSLT = 57;
  /** Longer than a datagram may be, or than may ever be pending. */
  public static final int EMSGSIZE = 90;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETUNREACH = 101;
  public static final int ECONNRESET = 104;
  /** More would be pending than MaxPendingLength or MaxPendingTotal allows. */
  public static final int ENOBUFS = 105;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  /** Stopped meanwhile, or a listener did not want it. */
  public static final int ECANCELED = 125;

  private Errno() {}
}
