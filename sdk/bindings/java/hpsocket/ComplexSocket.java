package hpsocket;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What servers and agents share: methods with a connection's ID. */
public abstract class ComplexSocket extends Component {
  ComplexSocket(State state, Object listener) {
    super(state, listener);
  }

  ComplexSocket(State state) {
    super(state);
  }

  @Override
  abstract Functions.Complex family();

  abstract boolean send(Pointer component, long connId, byte[] data, int length);

  abstract boolean send(Pointer component, long connId, Pointer data, int length);

  abstract boolean setExtra(Pointer component, long connId, Pointer extra);

  abstract boolean getExtra(Pointer component, long connId, long[] extra);

  /** Sends; the bytes may be reused when it returns. */
  public void send(long connId, byte[] data) throws HPSocketException {
    check(call(component -> send(component, connId, data, data.length)));
  }

  /** Sends what remains of a buffer, and moves its position behind that. */
  public void send(long connId, ByteBuffer data) throws HPSocketException {
    check(call(component -> Data.send(data,
        (array, length) -> send(component, connId, array, length),
        (pointer, length) -> send(component, connId, pointer, length))));
  }

  /** Sends `length` bytes from `offset` on. */
  public void sendPart(long connId, byte[] data, int offset, int length) throws HPSocketException {
    send(connId, Data.part(data, offset, length));
  }

  /** Sends several pieces as one. */
  public void sendPackets(long connId, byte[]... buffers) throws HPSocketException {
    try (Memory pieces = Data.pieces(buffers)) {
      check(call(component -> family().SendPackets(component, connId, pieces, buffers.length)));
    }
  }

  /** Closes a connection; its last event follows. */
  public void disconnect(long connId) throws HPSocketException {
    disconnect(connId, true);
  }

  /** The same; without `force` what was sent goes out first. */
  public void disconnect(long connId, boolean force) throws HPSocketException {
    check(call(component -> family().Disconnect(component, connId, force)));
  }

  /** Disconnects what is that old, in ms; whether there was any. */
  public boolean disconnectLongConnections(int period, boolean force) {
    checkPeriod(period);
    return call(component -> family().DisconnectLongConnections(component, period, force));
  }

  /** Disconnects what has received nothing for so many ms (MarkSilence); whether there was any. */
  public boolean disconnectSilenceConnections(int period, boolean force) {
    checkPeriod(period);
    return call(component -> family().DisconnectSilenceConnections(component, period, force));
  }

  private static void checkPeriod(int period) {
    if (period < 0) throw new IllegalArgumentException(period + " ms");
  }

  /** Stops or resumes reading from a connection. */
  public void pauseReceive(long connId, boolean pause) throws HPSocketException {
    check(call(component -> family().PauseReceive(component, connId, pause)));
  }

  /** Whether a connection is paused. */
  public boolean isReceivePaused(long connId) throws HPSocketException {
    int[] paused = {0};
    checkConnected(call(component -> family().IsPauseReceive(component, connId, paused)));
    return paused[0] != 0;
  }

  /** Binds an object to a connection, until its last event has returned; null for none. */
  public void setConnectionExtra(long connId, Object extra) throws HPSocketException {
    if (extra != null) extras().put(connId, extra);
    boolean connected = call(component -> setExtra(component, connId, null));
    if (extra == null || !connected) extras().remove(connId);
    checkConnected(connected);
  }

  /** What setConnectionExtra bound; null if nothing. */
  public Object getConnectionExtra(long connId) throws HPSocketException {
    checkConnected(call(component -> getExtra(component, connId, new long[1])));
    return extras().get(connId);
  }

  /** How many connections there are. */
  public int getConnectionCount() {
    return getInt(family()::GetConnectionCount);
  }

  /** The IDs of all connections. */
  public long[] getConnectionIds() throws HPSocketException {
    int[] count = {1};
    while (true) {
      long[] ids = new long[count[0]];
      if (call(component -> family().GetAllConnectionIDs(component, ids, count))) return Arrays.copyOf(ids, count[0]);
      // More have come meanwhile; or it is closed, and there is no count.
      if (count[0] <= ids.length) check(false);
    }
  }

  /** A connection's age in ms. */
  public long getConnectPeriod(long connId) throws HPSocketException {
    int[] period = {0};
    checkConnected(call(component -> family().GetConnectPeriod(component, connId, period)));
    return Integer.toUnsignedLong(period[0]);
  }

  /** Since when it has received nothing, in ms (MarkSilence). */
  public long getSilencePeriod(long connId) throws HPSocketException {
    int[] period = {0};
    checkConnected(call(component -> family().GetSilencePeriod(component, connId, period)));
    return Integer.toUnsignedLong(period[0]);
  }

  /** The peer. */
  public InetSocketAddress getRemoteAddress(long connId) throws HPSocketException {
    return address((component, text, length, port) ->
        family().GetRemoteAddress(component, connId, text, length, port));
  }

  /** Bytes that send() accepted and whose send has not completed. */
  public int getPendingDataLength(long connId) throws HPSocketException {
    int[] pending = {0};
    checkConnected(call(component -> family().GetPendingDataLength(component, connId, pending)));
    return pending[0];
  }

  public SendPolicy getSendPolicy() {
    return CLibrary.enumerator(SendPolicy.values(), getInt(family()::GetSendPolicy));
  }

  public void setSendPolicy(SendPolicy value) { setInt(family()::SetSendPolicy, value.ordinal()); }

  public RecvPolicy getRecvPolicy() {
    return CLibrary.enumerator(RecvPolicy.values(), getInt(family()::GetRecvPolicy));
  }

  public void setRecvPolicy(RecvPolicy value) { setInt(family()::SetRecvPolicy, value.ordinal()); }

  public int getFreeSocketObjLockTime() { return getInt(family()::GetFreeSocketObjLockTime); }

  public void setFreeSocketObjLockTime(int value) { setInt(family()::SetFreeSocketObjLockTime, value); }

  public int getFreeSocketObjPool() { return getInt(family()::GetFreeSocketObjPool); }

  public void setFreeSocketObjPool(int value) { setInt(family()::SetFreeSocketObjPool, value); }

  public int getFreeBufferObjPool() { return getInt(family()::GetFreeBufferObjPool); }

  public void setFreeBufferObjPool(int value) { setInt(family()::SetFreeBufferObjPool, value); }

  public int getFreeSocketObjHold() { return getInt(family()::GetFreeSocketObjHold); }

  public void setFreeSocketObjHold(int value) { setInt(family()::SetFreeSocketObjHold, value); }

  public int getFreeBufferObjHold() { return getInt(family()::GetFreeBufferObjHold); }

  public void setFreeBufferObjHold(int value) { setInt(family()::SetFreeBufferObjHold, value); }

  public int getWorkerThreadCount() { return getInt(family()::GetWorkerThreadCount); }

  public void setWorkerThreadCount(int value) { setInt(family()::SetWorkerThreadCount, value); }

  public int getMaxShutdownWaitTime() { return getInt(family()::GetMaxShutdownWaitTime); }

  public void setMaxShutdownWaitTime(int value) { setInt(family()::SetMaxShutdownWaitTime, value); }

  public boolean isMarkSilence() { return call(family()::IsMarkSilence); }

  public void setMarkSilence(boolean value) { setBoolean(family()::SetMarkSilence, value); }

  public int getMaxConnectionCount() { return getInt(family()::GetMaxConnectionCount); }

  public void setMaxConnectionCount(int value) { setInt(family()::SetMaxConnectionCount, value); }

  public int getMaxIdleTime() { return getInt(family()::GetMaxIdleTime); }

  public void setMaxIdleTime(int value) { setInt(family()::SetMaxIdleTime, value); }
}
