package hpsocket;

import com.sun.jna.Function;
import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.Map;
import java.util.function.UnaryOperator;

/** libhpsocket4c.so: where it is, and its functions. */
final class CLibrary {
  private static final String NAME = "libhpsocket4c.so.1";
  private static final String ENCODING = "UTF-8";
  private static final String PATH = path();

  static final Functions.Global GLOBAL = functions(Functions.Global.class, "");

  private CLibrary() {}

  /** The C functions whose names are `prefix` and a method's. */
  static <F extends Library> F functions(Class<F> type, String prefix) {
    return functions(type, method -> prefix + method);
  }

  /** The C functions whose names are made of a method's. */
  static <F extends Library> F functions(Class<F> type, UnaryOperator<String> name) {
    FunctionMapper mapper = (library, method) -> name.apply(method.getName());
    return Native.load(PATH, type,
        Map.of(Library.OPTION_FUNCTION_MAPPER, mapper, Library.OPTION_STRING_ENCODING, ENCODING));
  }

  /** For methods that are `native`: these are C functions of the same names. */
  static void register(Class<?> type) {
    Native.register(type, library());
  }

  /** A text for C, which ends at its first zero character: the rest must not get lost unnoticed. */
  static String text(String value) {
    if (value != null && value.indexOf('\0') >= 0) throw new IllegalArgumentException("a null character in a text");
    return value;
  }

  /** A C function, by its name. */
  static Function function(String name) {
    return library().getFunction(name);
  }

  private static NativeLibrary library() {
    return NativeLibrary.getInstance(PATH, Map.of(Library.OPTION_STRING_ENCODING, ENCODING));
  }

  /** The text that belongs to an errno. */
  static String errorText(int errno) {
    return NativeLibrary.getProcess().getFunction("strerror").invokeString(new Object[] {errno}, false);
  }

  /** An enumerator by its number in C. */
  static <E extends Enum<E>> E enumerator(E[] values, int number) {
    if (number < 0 || number >= values.length) {
      throw new IllegalStateException("the library is newer than this: it gave " + number + " for a "
          + values.getClass().getComponentType().getSimpleName());
    }
    return values[number];
  }

  private static String path() {
    if (Native.POINTER_SIZE != Long.BYTES) {
      throw new UnsatisfiedLinkError("hpsocket needs a 64-bit Java");  // a connection's ID is a long here
    }
    String named = System.getenv("HPSOCKET4C_LIBRARY");
    if (named != null && !named.isEmpty()) return named;
    File beside = new File(folder(), NAME);
    return beside.exists() ? beside.getPath() : NAME;
  }

  /** Where this class comes from: the jar's folder. */
  private static File folder() {
    CodeSource source = CLibrary.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : new File(source.getLocation().toURI()).getParentFile();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;  // it is not in a file
    }
  }
}
