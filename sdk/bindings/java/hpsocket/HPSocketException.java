package hpsocket;

import java.io.IOException;

/** A call that failed: errno as ever, the component error where there is one, the detail in words. */
public final class HPSocketException extends IOException {
  private static final long serialVersionUID = 1;

  private final int errno;
  private final SocketError code;
  private final String detail;

  HPSocketException(int errno, SocketError code, String detail) {
    super(CLibrary.errorText(errno) + (detail.isEmpty() ? "" : ": " + detail));
    this.errno = errno;
    this.code = code;
    this.detail = detail;
  }

  /** The reason, for example {@link Errno#EBADSLT}. */
  public int getErrno() {
    return errno;
  }

  /** The component error; null if the call sets none. */
  public SocketError getCode() {
    return code;
  }

  /** The library's words; empty if it has none. */
  public String getDetail() {
    return detail;
  }
}
