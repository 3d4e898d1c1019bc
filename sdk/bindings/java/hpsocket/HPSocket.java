package hpsocket;

import com.sun.jna.Function;
import com.sun.jna.Native;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What belongs to no component: the version, the library's messages, options of sockets that listeners are shown. */
public final class HPSocket {
  private static final Level[] LEVELS = {Level.INFO, Level.WARNING, Level.SEVERE};

  private static Callbacks.Log logFunction;  // guarded by the class

  private HPSocket() {}

  /** The version of the core that is running, "1.0.0" for example. */
  public static String getVersion() {
    return CLibrary.GLOBAL.HP_GetHPSocketVersionDesc();
  }

  /** The same as a number: major << 24 | minor << 16 | revision << 8 | build. */
  public static int getVersionNumber() {
    return CLibrary.GLOBAL.HP_GetHPSocketVersion();
  }

  /** A C function that no method calls, an alias for example: function("HP_Client_Connect").invokeInt(...). */
  public static Function function(String name) {
    return CLibrary.function(name);
  }

  /** Gives the library's messages to a handler, one at a time; null: to stderr. It must not call the library. */
  public static synchronized void setLogHandler(BiConsumer<Level, String> handler) {
    Callbacks.Log function = handler == null ? null : (level, message, user) -> {
      try {
        handler.accept(LEVELS[Math.max(0, Math.min(level, LEVELS.length - 1))], message);
      } catch (Throwable thrown) {
        Logger.getLogger("hpsocket").log(Level.SEVERE, "the handler of messages failed", thrown);
      }
    };
    if (function != null) State.keepThreads(function);
    CLibrary.GLOBAL.HP_SetLogHandler(function, null);
    logFunction = function;  // the one before is not called any more
  }

  /** setsockopt(2). */
  public static void setSocketOption(int socket, int level, int name, byte[] value) throws HPSocketException {
    check(CLibrary.GLOBAL.SYS_SetSocketOption(socket, level, name, value, value.length));
  }

  /** getsockopt(2), for a value of up to `length` bytes. */
  public static byte[] getSocketOption(int socket, int level, int name, int length) throws HPSocketException {
    byte[] value = new byte[length];
    int[] got = {length};
    check(CLibrary.GLOBAL.SYS_GetSocketOption(socket, level, name, value, got));
    return Data.part(value, 0, got[0]);
  }

  /** ioctl(2) with a number, which goes in and comes out: FIONREAD for example. */
  public static long ioctlSocket(int socket, long command, long argument) throws HPSocketException {
    long[] number = {argument};
    check(CLibrary.GLOBAL.SYS_IoctlSocket(socket, command, number));
    return number[0];
  }

  /** What there is on Linux of Windows' WSAIoctl; gives up to `length` bytes. */
  public static byte[] wsaIoctl(int socket, int code, byte[] in, int length) throws HPSocketException {
    byte[] out = new byte[length];
    int[] returned = {0};
    check(CLibrary.GLOBAL.SYS_WSAIoctl(socket, code, in, in.length, out, length, returned));
    return Data.part(out, 0, returned[0]);
  }

  private static void check(int result) throws HPSocketException {
    if (result < 0) throw new HPSocketException(Native.getLastError(), null, "");
  }
}
