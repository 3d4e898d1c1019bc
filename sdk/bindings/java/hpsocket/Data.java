package hpsocket;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Bytes as C takes them. */
final class Data {
  private static final int PIECE = 16;  // WSABUF: the length, and behind 4 bytes more the address

  private Data() {}

  /** What sends the bytes of an array, or those at an address. */
  interface ArraySender {
    boolean send(byte[] data, int length);
  }

  interface PointerSender {
    boolean send(Pointer data, int length);
  }

  /** Sends what remains of a buffer, without copying it here if it is a direct one; whether it was sent. */
  static boolean send(ByteBuffer data, ArraySender array, PointerSender pointer) {
    int length = data.remaining();
    boolean sent;
    if (data.isDirect()) {
      sent = pointer.send(Native.getDirectBufferPointer(data).share(data.position()), length);
      Reference.reachabilityFence(data);
    } else {
      byte[] copy = new byte[length];
      data.duplicate().get(copy);
      sent = array.send(copy, length);
    }
    if (sent) data.position(data.limit());
    return sent;
  }

  /** A part of an array: JNA would copy all of it. */
  static byte[] part(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    return offset == 0 && length == data.length ? data : Arrays.copyOfRange(data, offset, offset + length);
  }

  /** C's array of pieces, their bytes behind it. */
  static Memory pieces(byte[]... buffers) {
    long size = (long) PIECE * buffers.length;
    for (byte[] buffer : buffers) size += buffer.length;
    Memory memory = new Memory(Math.max(size, 1));
    long head = 0;
    long bytes = (long) PIECE * buffers.length;
    for (byte[] buffer : buffers) {
      memory.setInt(head, buffer.length);
      memory.setLong(head + Long.BYTES, Pointer.nativeValue(memory) + bytes);
      memory.write(bytes, buffer, 0, buffer.length);
      head += PIECE;
      bytes += buffer.length;
    }
    return memory;
  }

  interface FileSender {
    boolean send(Pointer head, Pointer tail);
  }

  /** Sends something between a head and a tail, both of which may be null. */
  static boolean sendBetween(byte[] head, byte[] tail, FileSender sender) {
    try (Memory first = head == null ? null : pieces(head); Memory last = tail == null ? null : pieces(tail)) {
      return sender.send(first, last);
    }
  }
}
