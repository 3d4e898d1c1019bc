package hpsocket;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Gives C a function for each method that a listener has; what such a function throws is logged, and an error. */
final class Events<L, S extends Component> {
  private static final Logger LOGGER = Logger.getLogger("hpsocket");
  private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);
  private static final byte[] NOTHING = {};

  private final State state;
  private final Class<L> role;
  private final Class<S> sender;
  private final Set<String> written = new HashSet<>();

  /** What registers a kind of listener: one of the static methods. */
  interface Register<L> {
    void events(State state, L listener);
  }

  private interface Setter<C> {
    void set(Pointer listener, C function);
  }

  private interface Event<L, S> {
    HandleResult happen(L listener, S sender) throws Exception;
  }

  private interface Teller<L, S> {
    int tell(Event<L, S> event);
  }

  private Events(State state, Class<L> role, Class<S> sender, L listener) {
    this.state = state;
    this.role = role;
    this.sender = sender;
    try {
      for (Method method : role.getMethods()) {
        Method found = listener.getClass().getMethod(method.getName(), method.getParameterTypes());
        if (found.getDeclaringClass() != role) written.add(method.getName());
      }
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);  // it implements the interface
    }
  }

  /** Whether this thread is in a callback. */
  static boolean insideCallback() {
    return DEPTH.get()[0] > 0;
  }

  static void ofServer(State state, ServerListener listener) {
    Events<ServerListener, Server> events = new Events<>(state, ServerListener.class, Server.class, listener);
    events.on("onPrepareListen", Direct::HP_Set_FN_Server_OnPrepareListen,
        teller -> socket -> teller.tell((l, s) -> l.onPrepareListen(s, (int) socket)));
    events.on("onAccept", Direct::HP_Set_FN_Server_OnAccept,
        teller -> (id, socket) -> events.begin(id,
            teller.tell((l, s) -> l.onAccept(s, id, s instanceof UdpServer ? -1 : (int) socket))));
    events.on("onSend", Direct::HP_Set_FN_Server_OnSend,
        teller -> (id, data, length) -> teller.tell((l, s) -> l.onSend(s, id, bytes(data, length))));
    events.on("onReceive", Direct::HP_Set_FN_Server_OnReceive,
        teller -> (id, data, length) -> teller.tell((l, s) -> l.onReceive(s, id, bytes(data, length))));
    events.on("onPullReceive", Direct::HP_Set_FN_Server_OnPullReceive,
        teller -> (id, length) -> teller.tell((l, s) -> l.onPullReceive((TcpPullServer) s, id, length)));
    events.onLast("onClose", Direct::HP_Set_FN_Server_OnClose,
        teller -> id -> events.end(id, teller.tell((l, s) -> l.onClose(s, id))));
    events.onLast("onError", Direct::HP_Set_FN_Server_OnError,
        teller -> (id, operation, error) -> events.end(id,
            teller.tell((l, s) -> l.onError(s, id, operation(operation), error))));
    events.on("onShutdown", Direct::HP_Set_FN_Server_OnShutdown,
        teller -> () -> teller.tell((l, s) -> l.onShutdown(s)));
  }

  static void ofAgent(State state, AgentListener listener) {
    Events<AgentListener, Agent> events = new Events<>(state, AgentListener.class, Agent.class, listener);
    events.on("onPrepareConnect", Direct::HP_Set_FN_Agent_OnPrepareConnect,
        teller -> (id, socket) -> teller.tell((l, s) -> l.onPrepareConnect(s, id, (int) socket)));
    events.on("onConnect", Direct::HP_Set_FN_Agent_OnConnect,
        teller -> id -> events.begin(id, teller.tell((l, s) -> l.onConnect(s, id))));
    events.on("onSend", Direct::HP_Set_FN_Agent_OnSend,
        teller -> (id, data, length) -> teller.tell((l, s) -> l.onSend(s, id, bytes(data, length))));
    events.on("onReceive", Direct::HP_Set_FN_Agent_OnReceive,
        teller -> (id, data, length) -> teller.tell((l, s) -> l.onReceive(s, id, bytes(data, length))));
    events.on("onPullReceive", Direct::HP_Set_FN_Agent_OnPullReceive,
        teller -> (id, length) -> teller.tell((l, s) -> l.onPullReceive((TcpPullAgent) s, id, length)));
    events.onLast("onClose", Direct::HP_Set_FN_Agent_OnClose,
        teller -> id -> events.end(id, teller.tell((l, s) -> l.onClose(s, id))));
    events.onLast("onError", Direct::HP_Set_FN_Agent_OnError,
        teller -> (id, operation, error) -> events.end(id,
            teller.tell((l, s) -> l.onError(s, id, operation(operation), error))));
    events.on("onShutdown", Direct::HP_Set_FN_Agent_OnShutdown,
        teller -> () -> teller.tell((l, s) -> l.onShutdown(s)));
  }

  /** Clients' functions get the handle, which the sender stands for. */
  static void ofClient(State state, ClientListener listener) {
    Events<ClientListener, Client> events = new Events<>(state, ClientListener.class, Client.class, listener);
    events.on("onPrepareConnect", Direct::HP_Set_FN_Client_OnPrepareConnect,
        teller -> (handle, socket) -> teller.tell((l, s) -> l.onPrepareConnect(s, (int) socket)));
    events.on("onConnect", Direct::HP_Set_FN_Client_OnConnect,
        teller -> handle -> teller.tell((l, s) -> l.onConnect(s)));
    events.on("onSend", Direct::HP_Set_FN_Client_OnSend,
        teller -> (handle, data, length) -> teller.tell((l, s) -> l.onSend(s, bytes(data, length))));
    events.on("onReceive", Direct::HP_Set_FN_Client_OnReceive,
        teller -> (handle, data, length) -> teller.tell((l, s) -> l.onReceive(s, bytes(data, length))));
    events.on("onPullReceive", Direct::HP_Set_FN_Client_OnPullReceive,
        teller -> (handle, length) -> teller.tell((l, s) -> l.onPullReceive((TcpPullClient) s, length)));
    events.on("onClose", Direct::HP_Set_FN_Client_OnClose, teller -> handle -> teller.tell((l, s) -> l.onClose(s)));
    events.on("onError", Direct::HP_Set_FN_Client_OnError,
        teller -> (handle, operation, error) -> teller.tell((l, s) -> l.onError(s, operation(operation), error)));
  }

  private <C extends Callback> void on(String method, Setter<C> setter, Function<Teller<L, S>, C> make) {
    if (written.contains(method)) onLast(method, setter, make);
  }

  /** The same whether the listener has the method or not: extras are to be forgotten. */
  private <C extends Callback> void onLast(String method, Setter<C> setter, Function<Teller<L, S>, C> make) {
    C function = make.apply(event -> tell(method, event));
    state.keep(function);
    setter.set(state.listenerHandle(), function);
  }

  /** A connection's first event: one that refuses it is its last, too. */
  private int begin(long connId, int result) {
    return result == HandleResult.ERROR.ordinal() ? end(connId, result) : result;
  }

  private int end(long connId, int result) {
    state.forget(connId);
    return result;
  }

  private int tell(String method, Event<L, S> event) {
    Object listener = state.listener();
    if (listener == null) return HandleResult.IGNORE.ordinal();
    int[] depth = DEPTH.get();
    depth[0]++;
    try {
      HandleResult result = event.happen(role.cast(listener), sender.cast(state.component()));
      return (result == null ? HandleResult.OK : result).ordinal();
    } catch (Throwable thrown) {
      LOGGER.log(Level.SEVERE, method + " of " + listener.getClass().getName() + " failed", thrown);
      return HandleResult.ERROR.ordinal();
    } finally {
      depth[0]--;
    }
  }

  private static SocketOperation operation(int number) {
    return CLibrary.enumerator(SocketOperation.values(), number);
  }

  private static byte[] bytes(Pointer data, int length) {
    return length == 0 ? NOTHING : data.getByteArray(0, length);
  }
}
