package hpsocket;

import com.sun.jna.Pointer;
import java.util.function.ToIntFunction;

/** PULL, whatever the function. */
final class Pulling {
  private Pulling() {}

  interface Span {
    int get(long[] data, int[] length);
  }

  static byte[] take(int length, ToIntFunction<byte[]> function) throws HPSocketException {
    if (length < 0) throw new IllegalArgumentException(length + " bytes");
    byte[] data = new byte[length];
    return isThere(function.applyAsInt(data)) ? data : null;
  }

  static byte[] span(Span function) throws HPSocketException {
    long[] data = {0};
    int[] length = {0};
    return isThere(function.get(data, length)) ? new Pointer(data[0]).getByteArray(0, length[0]) : null;
  }

  static FindResult find(byte[] pattern, int from, ToIntFunction<int[]> function) throws HPSocketException {
    if (pattern.length == 0 || from < 0) {
      throw new IllegalArgumentException("a pattern of " + pattern.length + " bytes from " + from + " on");
    }
    int[] position = {0};
    boolean found = isThere(function.applyAsInt(position));
    return new FindResult(found, position[0]);
  }

  private static boolean isThere(int number) throws HPSocketException {
    FetchResult result = CLibrary.enumerator(FetchResult.values(), number);
    Component.checkConnected(result != FetchResult.DATA_NOT_FOUND);
    return result == FetchResult.OK;
  }
}
