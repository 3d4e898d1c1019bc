package hpsocket;

import com.sun.jna.Native;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where C writes an address. */
final class AddressRoom {
  final byte[] text = new byte[64];
  final int[] length = {text.length};
  final short[] port = {0};

  /** What it wrote. */
  InetSocketAddress address() throws HPSocketException {
    String literal = Native.toString(text, "UTF-8");
    try {
      return new InetSocketAddress(InetAddress.getByName(literal), Short.toUnsignedInt(port[0]));
    } catch (UnknownHostException e) {
      throw new HPSocketException(Errno.EADDRNOTAVAIL, null, literal);  // its interface has gone meanwhile
    }
  }

  /** A port as C takes it. */
  static short port(int port) {
    if (port < 0 || port > 0xffff) throw new IllegalArgumentException("port " + port);
    return (short) port;
  }
}
