package hpsocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** Figures of a component; core/api/types.h says what each is. */
public final class Stats {
  // HP_Stats: its size, 4 bytes more, and the figures.
  private static final int FIRST = 8;
  private static final int FIGURES = 23;
  private static final int SIZE = FIRST + FIGURES * Long.BYTES;

  private final LongBuffer figures;

  Stats(byte[] stats) {
    figures = ByteBuffer.wrap(stats, FIRST, FIGURES * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
  }

  /** What C fills in. */
  static byte[] room() {
    return ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder()).putInt(SIZE).array();
  }

  public long getConnections() { return figures.get(0); }

  public long getLingering() { return figures.get(1); }

  public long getTotalConnections() { return figures.get(2); }

  public long getRefusedConnections() { return figures.get(3); }

  public long getFailedConnections() { return figures.get(4); }

  public long getBytesReceived() { return figures.get(5); }

  public long getBytesSent() { return figures.get(6); }

  public long getReceiveCalls() { return figures.get(7); }

  public long getSendCalls() { return figures.get(8); }

  public long getPendingBytes() { return figures.get(9); }

  public long getPoolBytes() { return figures.get(10); }

  public long getPoolBuffers() { return figures.get(11); }

  public long getLeases() { return figures.get(12); }

  public long getAcceptErrors() { return figures.get(13); }

  public long getBufferShortages() { return figures.get(14); }

  public long getCqOverflows() { return figures.get(15); }

  public long getSlowCallbacks() { return figures.get(16); }

  public long getLongestCallbackUs() { return figures.get(17); }

  public long getContainedExceptions() { return figures.get(18); }

  public long getOversizeDatagrams() { return figures.get(19); }

  public long getKernelDrops() { return figures.get(20); }

  public long getDroppedDatagrams() { return figures.get(21); }

  public long getEvictedSessions() { return figures.get(22); }
}
