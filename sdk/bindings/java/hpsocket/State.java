package hpsocket;

import com.sun.jna.Callback;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What lives as long as the C objects do: their handles, and the functions that C calls.
 *
 * <p>It knows the component, the listener and the extras weakly. Whoever waits to be cleaned is kept alive by Java, and
 * so is what it refers to: a listener that knows its component would otherwise keep both for ever.
 */
final class State implements Runnable {
  private static final int CLOSED = Integer.MIN_VALUE;
  private static final long EXIT_CHECK_MS = 100;
  private static final Map<String, Functions.Objects> OBJECTS = new ConcurrentHashMap<>();
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Set<State> LIVING = ConcurrentHashMap.newKeySet();
  // The library's threads stay known to Java until they end, and do not keep it from ending.
  private static final CallbackThreadInitializer THREADS = new CallbackThreadInitializer(true, false, "hpsocket");

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(State::closeAll, "hpsocket-shutdown"));
  }

  private final Functions.Objects objects;
  private final Functions.Component family;
  private final WeakReference<Object> listener;
  private final Function<State, Component> makeComponent;
  private final List<Callback> functions = new ArrayList<>();
  private final Pointer listenerHandle;
  private final Pointer handle;

  // Set once, before anything is started.
  private volatile WeakReference<Component> component;
  private volatile WeakReference<Map<Long, Object>> extras;

  // Events that come after the component was collected show this one instead.
  private Component standIn;

  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  // How many calls use the handle; CLOSED is added when no more may begin.
  private final AtomicInteger users = new AtomicInteger();

  /** The C objects of a kind of component, for a listener whose methods `register` gives to C. */
  <L> State(String kind, Functions.Component family, L listener, Events.Register<L> register,
      Function<State, Component> makeComponent) {
    this.family = family;
    this.listener = new WeakReference<>(Objects.requireNonNull(listener, "listener"));
    this.makeComponent = makeComponent;
    objects = OBJECTS.computeIfAbsent(kind, key ->
        CLibrary.functions(Functions.Objects.class, method -> functionOfKind(key, method)));
    listenerHandle = objects.CreateListener();
    register.events(this, listener);
    handle = objects.Create(listenerHandle);
    if (handle == null) {
      objects.DestroyListener(listenerHandle);
      throw new OutOfMemoryError("for a " + kind);
    }
    LIVING.add(this);
  }

  /** The C function of a kind: Create_HP_TcpServer, Destroy_HP_TcpServerListener. */
  static String functionOfKind(String kind, String method) {
    String verb = method.startsWith("Create") ? "Create" : "Destroy";
    return verb + "_HP_" + kind + method.substring(verb.length());
  }

  /** Ties it to the component that is made of it: when that is collected, it is closed. */
  Cleaner.Cleanable tie(Component component, Map<Long, Object> extras) {
    this.component = new WeakReference<>(component);
    this.extras = new WeakReference<>(extras);
    return CLEANER.register(component, this);
  }

  // --- What C calls ---

  Pointer listenerHandle() {
    return listenerHandle;
  }

  /** Keeps a function as long as C may call it. */
  void keep(Callback function) {
    keepThreads(function);
    functions.add(function);
  }

  /** Threads that call this function stay known to Java. */
  static void keepThreads(Callback function) {
    Native.setCallbackThreadInitializer(function, THREADS);
  }

  /** The listener; null if it was collected, with its component. */
  Object listener() {
    return listener.get();
  }

  /** Whom events are about. */
  Component component() {
    Component component = this.component.get();
    if (component != null) return component;
    synchronized (this) {
      if (standIn == null) standIn = makeComponent.apply(this);
      return standIn;
    }
  }

  /** A connection has had its last event. */
  void forget(long connId) {
    Map<Long, Object> extras = this.extras.get();
    if (extras != null) extras.remove(connId);
  }

  // --- Calls into C ---

  /** The handle, which stays until leave() is called; null, and nothing to leave, when it is closed. */
  Pointer enter() {
    int now = users.get();
    while (now >= 0) {
      if (users.compareAndSet(now, now + 1)) return handle;
      now = users.get();
    }
    return null;
  }

  void leave() {
    if (users.decrementAndGet() == CLOSED) {
      synchronized (users) {
        users.notifyAll();
      }
    }
  }

  // --- The end ---

  /** What happens when the component was collected. */
  @Override
  public void run() {
    close();
  }

  /**
   * Stops the component and ends the C objects; last events come from here. Who comes second waits for the first.
   * Inside a callback, which would wait for itself, it happens afterwards, on another thread; that keeps `alive` until
   * then.
   */
  void close(Component alive) {
    if (!Events.insideCallback()) {
      close();
    } else if (!closing.get()) {
      new Thread(() -> {
        close();
        Reference.reachabilityFence(alive);
      }, "hpsocket-close").start();
    }
  }

  private void close() {
    if (closing.compareAndSet(false, true)) {
      try {
        // Wakes who waits in calls; last events still find the handle, also of a stop that a callback has asked for.
        if (family.Stop(handle) || family.GetState(handle) == ServiceState.STOPPING.ordinal()) family.Wait(handle, -1);
        users.getAndAdd(CLOSED);
        awaitUsers();
        objects.Destroy(handle);
        objects.DestroyListener(listenerHandle);
        functions.clear();
        LIVING.remove(this);
      } finally {
        closed.countDown();
      }
    } else {
      uninterruptibly(closed::await);
    }
  }

  private void awaitUsers() {
    uninterruptibly(() -> {
      synchronized (users) {
        while (users.get() != CLOSED) users.wait();
      }
    });
  }

  private interface Wait {
    void run() throws InterruptedException;
  }

  private static void uninterruptibly(Wait wait) {
    boolean interrupted = false;
    while (true) {
      try {
        wait.run();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  /** Before Java ends: afterwards the library's threads could not call it any more. */
  private static void closeAll() {
    Thread closer = new Thread(() -> LIVING.forEach(State::close), "hpsocket-closer");
    closer.setDaemon(true);
    closer.start();
    // Who calls System.exit() in a callback waits for this, which would wait for the callback.
    uninterruptibly(() -> {
      while (closer.isAlive() && !isExitingInCallback()) closer.join(EXIT_CHECK_MS);
    });
  }

  private static boolean isExitingInCallback() {
    return Thread.getAllStackTraces().values().stream().anyMatch(frames ->
        Arrays.stream(frames).anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"))
            && Arrays.stream(frames).anyMatch(frame -> frame.getClassName().equals(Events.class.getName())));
  }
}
