package hpsocket;

import com.sun.jna.Pointer;
import java.net.InetSocketAddress;

/** What agents share. */
public abstract class Agent extends ComplexSocket {
  static final Functions.Agent FAMILY = CLibrary.functions(Functions.Agent.class, "HP_Agent_");

  Agent(State state, AgentListener listener) {
    super(state, listener);
  }

  Agent(State state) {
    super(state);
  }

  @Override
  final Functions.Agent family() {
    return FAMILY;
  }

  @Override
  final boolean send(Pointer component, long connId, byte[] data, int length) {
    return Direct.HP_Agent_Send(component, connId, data, length);
  }

  @Override
  final boolean send(Pointer component, long connId, Pointer data, int length) {
    return Direct.HP_Agent_Send(component, connId, data, length);
  }

  @Override
  final boolean setExtra(Pointer component, long connId, Pointer extra) {
    return Direct.HP_Agent_SetConnectionExtra(component, connId, extra);
  }

  @Override
  final boolean getExtra(Pointer component, long connId, long[] extra) {
    return Direct.HP_Agent_GetConnectionExtra(component, connId, extra);
  }

  /** Starts the workers, for connect() from any address that waits for each connection. */
  public void start() throws HPSocketException {
    start(null, false);
  }

  /** The same from one address, null for any; with `asyncConnect` connect() does not wait. */
  public void start(String bindAddress, boolean asyncConnect) throws HPSocketException {
    check(call(agent -> FAMILY.Start(agent, CLibrary.text(bindAddress), asyncConnect)), true);
  }

  /** Connects to a literal or a name; the connection's ID. */
  public long connect(String remoteAddress, int port) throws HPSocketException {
    short number = AddressRoom.port(port);
    long[] connId = {0};
    check(call(agent -> FAMILY.Connect(agent, CLibrary.text(remoteAddress), number, connId)));
    return connId[0];
  }

  /** The same with an address. */
  public long connect(InetSocketAddress address) throws HPSocketException {
    return connect(address.getHostString(), address.getPort());
  }

  /** Our side of a connection. */
  public InetSocketAddress getLocalAddress(long connId) throws HPSocketException {
    return address((agent, text, length, port) -> FAMILY.GetLocalAddress(agent, connId, text, length, port));
  }

  public int getSyncConnectTimeout() { return getInt(FAMILY::GetSyncConnectTimeout); }

  public void setSyncConnectTimeout(int value) { setInt(FAMILY::SetSyncConnectTimeout, value); }
}
