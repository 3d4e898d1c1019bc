package hpsocket;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * One C object and its listener.
 *
 * <p>It is closed by close(), at the end of a `try`, when it is collected, and at the latest when Java ends. What is
 * set counts from the next start on; core/api/socket_interfaces.h says what each setting does.
 */
public abstract class Component implements AutoCloseable {
  private final State state;
  private final Object listener;
  private final Map<Long, Object> extras = new ConcurrentHashMap<>();
  private final Cleaner.Cleanable cleanable;

  Component(State state, Object listener) {
    this.state = state;
    this.listener = listener;
    cleanable = state.tie(this, extras);
  }

  /** What stands in for a component that was collected, in its last events. */
  Component(State state) {
    this.state = state;
    listener = state.listener();
    cleanable = null;
  }

  /** Stops it and ends the C objects; a second time nothing. Inside a callback it happens on another thread. */
  @Override
  public void close() {
    state.close(this);
    if (cleanable != null && !Events.insideCallback()) cleanable.clean();
    Reference.reachabilityFence(this);
  }

  /** The C handle, for functions that no method calls (HPSocket.function); null when closed, which C refuses. */
  public Pointer getHandle() {
    return get(handle -> handle);
  }

  /** What it was made with. */
  public Object getListener() {
    return listener;
  }

  /** Ends every connection; when this returns, no callback runs or will run. In a callback: at once, later. */
  public void stop() throws HPSocketException {
    check(call(family()::Stop), true);
  }

  /** Waits until it is stopped. Interrupting does not end that. */
  public void waitFor() throws HPSocketException {
    check(call(component -> family().Wait(component, -1)), true);
  }

  /** Waits until it is stopped, but not longer; whether it is. Interrupting does not end that. */
  public boolean waitFor(long timeout, TimeUnit unit) throws HPSocketException {
    int milliseconds = (int) Math.max(0, Math.min(unit.toMillis(timeout), Integer.MAX_VALUE));
    if (call(component -> family().Wait(component, milliseconds))) return true;
    if (Native.getLastError() != Errno.ETIMEDOUT) check(false, true);
    return false;
  }

  /** STARTED or STARTING. */
  public boolean hasStarted() {
    return call(family()::HasStarted);
  }

  public ServiceState getState() {
    return CLibrary.enumerator(ServiceState.values(), getInt(family()::GetState));
  }

  /** The component error; a success does not clear it. */
  public SocketError getLastError() {
    return CLibrary.enumerator(SocketError.values(), getInt(family()::GetLastError));
  }

  /** The same in words. */
  public String getLastErrorDesc() {
    return get(family()::GetLastErrorDesc);
  }

  /** Which port is in use, and why. */
  public String getIoBackendDesc() {
    return get(family()::GetIoBackendDesc);
  }

  /** Figures since the last start. */
  public Stats getStats() throws HPSocketException {
    byte[] stats = Stats.room();
    check(call(component -> family().GetStats(component, stats)));
    return new Stats(stats);
  }

  public IoBackend getIoBackend() {
    return CLibrary.enumerator(IoBackend.values(), getInt(family()::GetIoBackend));
  }

  public void setIoBackend(IoBackend value) { setInt(family()::SetIoBackend, value.ordinal()); }

  public long getMaxPendingLength() { return getLong(family()::GetMaxPendingLength); }

  public void setMaxPendingLength(long value) { setLong(family()::SetMaxPendingLength, value); }

  public long getMaxPendingTotal() { return getLong(family()::GetMaxPendingTotal); }

  public void setMaxPendingTotal(long value) { setLong(family()::SetMaxPendingTotal, value); }

  public int getGracefulTimeout() { return getInt(family()::GetGracefulTimeout); }

  public void setGracefulTimeout(int value) { setInt(family()::SetGracefulTimeout, value); }

  public int getSlowCallbackTime() { return getInt(family()::GetSlowCallbackTime); }

  public void setSlowCallbackTime(int value) { setInt(family()::SetSlowCallbackTime, value); }

  public int getBusyPoll() { return getInt(family()::GetBusyPoll); }

  public void setBusyPoll(int value) { setInt(family()::SetBusyPoll, value); }

  public boolean isNoDelay() { return call(family()::IsNoDelay); }

  public void setNoDelay(boolean value) { setBoolean(family()::SetNoDelay, value); }

  // --- Calls ---

  /** The functions that every component has. */
  abstract Functions.Component family();

  final Map<Long, Object> extras() {
    return extras;
  }

  interface BooleanSetter {
    void set(Pointer component, boolean value);
  }

  interface IntSetter {
    void set(Pointer component, int value);
  }

  interface LongSetter {
    void set(Pointer component, long value);
  }

  final <T> T get(Function<Pointer, T> function) {
    Pointer handle = state.enter();
    try {
      return function.apply(handle);
    } finally {
      leave(handle);
    }
  }

  final boolean call(Predicate<Pointer> function) {
    Pointer handle = state.enter();
    try {
      return function.test(handle);
    } finally {
      leave(handle);
    }
  }

  final int getInt(ToIntFunction<Pointer> function) {
    Pointer handle = state.enter();
    try {
      return function.applyAsInt(handle);
    } finally {
      leave(handle);
    }
  }

  final long getLong(ToLongFunction<Pointer> function) {
    Pointer handle = state.enter();
    try {
      return function.applyAsLong(handle);
    } finally {
      leave(handle);
    }
  }

  final void set(Consumer<Pointer> function) {
    Pointer handle = state.enter();
    if (handle == null) throw new IllegalStateException("closed");
    try {
      function.accept(handle);
    } finally {
      leave(handle);
    }
  }

  final void setBoolean(BooleanSetter function, boolean value) {
    set(handle -> function.set(handle, value));
  }

  final void setInt(IntSetter function, int value) {
    if (value < 0) throw new IllegalArgumentException(value + " is negative");
    set(handle -> function.set(handle, value));
  }

  final void setLong(LongSetter function, long value) {
    if (value < 0) throw new IllegalArgumentException(value + " is negative");
    set(handle -> function.set(handle, value));
  }

  private void leave(Pointer handle) {
    if (handle != null) state.leave();
    Reference.reachabilityFence(this);  // or it might be collected, and so closed, during a call
  }

  /** Throws what made a call fail: at once behind it, on the same thread. */
  final void check(boolean succeeded) throws HPSocketException {
    check(succeeded, false);
  }

  final void check(boolean succeeded, boolean setsComponentError) throws HPSocketException {
    if (succeeded) return;
    int errno = Native.getLastError();
    SocketError code = setsComponentError ? getLastError() : null;
    String detail = get(handle -> handle == null ? "closed" : family().GetLastErrorDetail(handle));
    throw new HPSocketException(errno, code, detail);
  }

  /** For questions about a connection, which fail only where there is none. */
  static void checkConnected(boolean answered) throws HPSocketException {
    if (!answered) throw new HPSocketException(Errno.ENOTCONN, null, "no such connection");
  }

  interface AddressGetter {
    boolean get(Pointer component, byte[] address, int[] length, short[] port);
  }

  final InetSocketAddress address(AddressGetter getter) throws HPSocketException {
    AddressRoom room = new AddressRoom();
    if (!call(component -> getter.get(component, room.text, room.length, room.port))) {
      throw new HPSocketException(Errno.ENOTCONN, null, "no address");
    }
    return room.address();
  }
}
