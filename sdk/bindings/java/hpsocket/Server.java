package hpsocket;

import com.sun.jna.Pointer;
import java.net.InetSocketAddress;

/** What servers share. */
public abstract class Server extends ComplexSocket {
  static final Functions.Server FAMILY = CLibrary.functions(Functions.Server.class, "HP_Server_");

  Server(State state, ServerListener listener) {
    super(state, listener);
  }

  Server(State state) {
    super(state);
  }

  @Override
  final Functions.Server family() {
    return FAMILY;
  }

  @Override
  final boolean send(Pointer component, long connId, byte[] data, int length) {
    return Direct.HP_Server_Send(component, connId, data, length);
  }

  @Override
  final boolean send(Pointer component, long connId, Pointer data, int length) {
    return Direct.HP_Server_Send(component, connId, data, length);
  }

  @Override
  final boolean setExtra(Pointer component, long connId, Pointer extra) {
    return Direct.HP_Server_SetConnectionExtra(component, connId, extra);
  }

  @Override
  final boolean getExtra(Pointer component, long connId, long[] extra) {
    return Direct.HP_Server_GetConnectionExtra(component, connId, extra);
  }

  /** Listens; port 0 is any, and getListenAddress() tells which. */
  public void start(String bindAddress, int port) throws HPSocketException {
    short number = AddressRoom.port(port);
    check(call(server -> FAMILY.Start(server, CLibrary.text(bindAddress), number)), true);
  }

  /** Where it listens. */
  public InetSocketAddress getListenAddress() throws HPSocketException {
    return address(FAMILY::GetListenAddress);
  }
}
