package hpsocket;

import com.sun.jna.Memory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What clients share: one connection, so methods without an ID. */
public abstract class Client extends Component {
  static final Functions.Client FAMILY = CLibrary.functions(Functions.Client.class, "HP_Client_");

  private volatile Object extra;

  Client(State state, ClientListener listener) {
    super(state, listener);
  }

  Client(State state) {
    super(state);
  }

  @Override
  final Functions.Client family() {
    return FAMILY;
  }

  /** Connects to a literal or a name, and waits for that. */
  public void start(String remoteAddress, int port) throws HPSocketException {
    start(remoteAddress, port, false);
  }

  /** The same; with `asyncConnect` it does not wait. */
  public void start(String remoteAddress, int port, boolean asyncConnect) throws HPSocketException {
    short number = AddressRoom.port(port);
    check(call(client -> FAMILY.Start(client, CLibrary.text(remoteAddress), number, asyncConnect)), true);
  }

  /** The same with an address. */
  public void start(InetSocketAddress address) throws HPSocketException {
    start(address.getHostString(), address.getPort());
  }

  /** Sends; the bytes may be reused when it returns. */
  public void send(byte[] data) throws HPSocketException {
    check(call(client -> Direct.HP_Client_Send(client, data, data.length)), true);
  }

  /** Sends what remains of a buffer, and moves its position behind that. */
  public void send(ByteBuffer data) throws HPSocketException {
    check(call(client -> Data.send(data,
        (array, length) -> Direct.HP_Client_Send(client, array, length),
        (pointer, length) -> Direct.HP_Client_Send(client, pointer, length))), true);
  }

  /** Sends `length` bytes from `offset` on. */
  public void sendPart(byte[] data, int offset, int length) throws HPSocketException {
    send(Data.part(data, offset, length));
  }

  /** Sends several pieces as one. */
  public void sendPackets(byte[]... buffers) throws HPSocketException {
    try (Memory pieces = Data.pieces(buffers)) {
      check(call(client -> FAMILY.SendPackets(client, pieces, buffers.length)), true);
    }
  }

  /** Stops or resumes reading. */
  public void pauseReceive(boolean pause) throws HPSocketException {
    check(call(client -> FAMILY.PauseReceive(client, pause)));
  }

  /** Whether reading is paused. */
  public boolean isReceivePaused() throws HPSocketException {
    int[] paused = {0};
    checkConnected(call(client -> FAMILY.IsPauseReceive(client, paused)));
    return paused[0] != 0;
  }

  /** Binds an object to it. */
  public void setExtra(Object extra) {
    this.extra = extra;
  }

  /** What setExtra() bound. */
  public Object getExtra() {
    return extra;
  }

  /** The connection's ID; 0 before the first start. */
  public long getConnectionId() {
    return getLong(FAMILY::GetConnectionID);
  }

  /** Our side of the connection. */
  public InetSocketAddress getLocalAddress() throws HPSocketException {
    return address(FAMILY::GetLocalAddress);
  }

  /** Bytes that send() accepted and whose send has not completed; 0 when not started. */
  public int getPendingDataLength() {
    int[] pending = {0};
    call(client -> FAMILY.GetPendingDataLength(client, pending));
    return pending[0];
  }

  public int getFreeBufferPoolSize() { return getInt(FAMILY::GetFreeBufferPoolSize); }

  public void setFreeBufferPoolSize(int value) { setInt(FAMILY::SetFreeBufferPoolSize, value); }

  public int getFreeBufferPoolHold() { return getInt(FAMILY::GetFreeBufferPoolHold); }

  public void setFreeBufferPoolHold(int value) { setInt(FAMILY::SetFreeBufferPoolHold, value); }

  public int getSyncConnectTimeout() { return getInt(FAMILY::GetSyncConnectTimeout); }

  public void setSyncConnectTimeout(int value) { setInt(FAMILY::SetSyncConnectTimeout, value); }
}
