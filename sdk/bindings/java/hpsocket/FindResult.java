package hpsocket;

/** What looking for a pattern came to. */
public final class FindResult {
  private final boolean found;
  private final int position;

  FindResult(boolean found, int position) {
    this.found = found;
    this.position = position;
  }

  /** Whether it is there. */
  public boolean isFound() {
    return found;
  }

  /** Where it is; if it is not there, where to look on when more has come. */
  public int getPosition() {
    return position;
  }
}
