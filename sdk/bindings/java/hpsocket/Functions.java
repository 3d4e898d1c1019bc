package hpsocket;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * The C functions, by families: what is behind a family's prefix, HP_Server_ for example. A test compares them with the
 * C headers, both ways. What messages pass through is in Direct.
 */
final class Functions {
  private Functions() {}

  /** Create_HP_* and Destroy_HP_*: of a kind, and of its listener. */
  interface Objects extends Library {
    Pointer Create(Pointer listener);
    void Destroy(Pointer component);
    Pointer CreateListener();
    void DestroyListener(Pointer listener);
  }

  /** What all families share. */
  interface Component extends Library {
    boolean Stop(Pointer component);
    boolean Wait(Pointer component, int milliseconds);
    boolean HasStarted(Pointer component);
    int GetState(Pointer component);
    int GetLastError(Pointer component);
    String GetLastErrorDesc(Pointer component);
    String GetLastErrorDetail(Pointer component);
    boolean GetStats(Pointer component, byte[] stats);
    String GetIoBackendDesc(Pointer component);
    void SetIoBackend(Pointer component, int value);
    int GetIoBackend(Pointer component);
    void SetMaxPendingLength(Pointer component, long value);
    long GetMaxPendingLength(Pointer component);
    void SetMaxPendingTotal(Pointer component, long value);
    long GetMaxPendingTotal(Pointer component);
    void SetGracefulTimeout(Pointer component, int value);
    int GetGracefulTimeout(Pointer component);
    void SetSlowCallbackTime(Pointer component, int value);
    int GetSlowCallbackTime(Pointer component);
    void SetBusyPoll(Pointer component, int value);
    int GetBusyPoll(Pointer component);
    void SetNoDelay(Pointer component, boolean value);
    boolean IsNoDelay(Pointer component);
  }

  /** HP_Server_ and HP_Agent_. */
  interface Complex extends Component {
    boolean SendPart(Pointer component, long connId, byte[] data, int length, int offset);
    boolean SendPackets(Pointer component, long connId, Pointer pieces, int count);
    boolean Disconnect(Pointer component, long connId, boolean force);
    boolean DisconnectLongConnections(Pointer component, int period, boolean force);
    boolean DisconnectSilenceConnections(Pointer component, int period, boolean force);
    boolean PauseReceive(Pointer component, long connId, boolean pause);
    boolean IsPauseReceive(Pointer component, long connId, int[] paused);
    boolean GetPendingDataLength(Pointer component, long connId, int[] pending);
    int GetConnectionCount(Pointer component);
    boolean GetAllConnectionIDs(Pointer component, long[] ids, int[] count);
    boolean GetConnectPeriod(Pointer component, long connId, int[] period);
    boolean GetSilencePeriod(Pointer component, long connId, int[] period);
    boolean GetRemoteAddress(Pointer component, long connId, byte[] address, int[] length, short[] port);
    void SetSendPolicy(Pointer component, int value);
    int GetSendPolicy(Pointer component);
    void SetRecvPolicy(Pointer component, int value);
    int GetRecvPolicy(Pointer component);
    void SetFreeSocketObjLockTime(Pointer component, int value);
    int GetFreeSocketObjLockTime(Pointer component);
    void SetFreeSocketObjPool(Pointer component, int value);
    int GetFreeSocketObjPool(Pointer component);
    void SetFreeBufferObjPool(Pointer component, int value);
    int GetFreeBufferObjPool(Pointer component);
    void SetFreeSocketObjHold(Pointer component, int value);
    int GetFreeSocketObjHold(Pointer component);
    void SetFreeBufferObjHold(Pointer component, int value);
    int GetFreeBufferObjHold(Pointer component);
    void SetWorkerThreadCount(Pointer component, int value);
    int GetWorkerThreadCount(Pointer component);
    void SetMaxShutdownWaitTime(Pointer component, int value);
    int GetMaxShutdownWaitTime(Pointer component);
    void SetMarkSilence(Pointer component, boolean value);
    boolean IsMarkSilence(Pointer component);
    void SetMaxConnectionCount(Pointer component, int value);
    int GetMaxConnectionCount(Pointer component);
    void SetMaxIdleTime(Pointer component, int value);
    int GetMaxIdleTime(Pointer component);
  }

  /** HP_Server_. */
  interface Server extends Complex {
    boolean Start(Pointer server, String bindAddress, short port);
    boolean GetListenAddress(Pointer server, byte[] address, int[] length, short[] port);
  }

  /** HP_Agent_. */
  interface Agent extends Complex {
    boolean Start(Pointer agent, String bindAddress, boolean asyncConnect);
    boolean Connect(Pointer agent, String remoteAddress, short port, long[] connId);
    boolean GetLocalAddress(Pointer agent, long connId, byte[] address, int[] length, short[] port);
    boolean GetLocaleAddress(Pointer agent, long connId, byte[] address, int[] length, short[] port);
    void SetSyncConnectTimeout(Pointer component, int value);
    int GetSyncConnectTimeout(Pointer component);
  }

  /** HP_Client_. */
  interface Client extends Component {
    boolean Start(Pointer client, String remoteAddress, short port, boolean asyncConnect);
    boolean Connect(Pointer client, String remoteAddress, short port, boolean asyncConnect);
    boolean SendPart(Pointer client, byte[] data, int length, int offset);
    boolean SendPackets(Pointer client, Pointer pieces, int count);
    boolean PauseReceive(Pointer client, boolean pause);
    boolean IsPauseReceive(Pointer client, int[] paused);
    void SetExtra(Pointer client, Pointer extra);
    Pointer GetExtra(Pointer client);
    long GetConnectionID(Pointer client);
    boolean GetLocalAddress(Pointer client, byte[] address, int[] length, short[] port);
    boolean GetLocaleAddress(Pointer client, byte[] address, int[] length, short[] port);
    boolean GetPendingDataLength(Pointer client, int[] pending);
    void SetFreeBufferPoolSize(Pointer component, int value);
    int GetFreeBufferPoolSize(Pointer component);
    void SetFreeBufferPoolHold(Pointer component, int value);
    int GetFreeBufferPoolHold(Pointer component);
    void SetSyncConnectTimeout(Pointer component, int value);
    int GetSyncConnectTimeout(Pointer component);
  }

  /** HP_TcpServer_, HP_TcpAgent_ and HP_TcpClient_. */
  interface Tcp extends Library {
    void SetSocketBufferSize(Pointer component, int value);
    int GetSocketBufferSize(Pointer component);
    void SetKeepAliveTime(Pointer component, int value);
    int GetKeepAliveTime(Pointer component);
    void SetKeepAliveInterval(Pointer component, int value);
    int GetKeepAliveInterval(Pointer component);
  }

  /** HP_TcpServer_. */
  interface TcpServer extends Tcp {
    boolean SendSmallFile(Pointer server, long connId, String fileName, Pointer head, Pointer tail);
    void SetAcceptSocketCount(Pointer component, int value);
    int GetAcceptSocketCount(Pointer component);
    void SetSocketListenQueue(Pointer component, int value);
    int GetSocketListenQueue(Pointer component);
  }

  /** HP_TcpAgent_. */
  interface TcpAgent extends Tcp {
    boolean SendSmallFile(Pointer agent, long connId, String fileName, Pointer head, Pointer tail);
    void SetReuseAddress(Pointer component, boolean value);
    boolean IsReuseAddress(Pointer component);
  }

  /** HP_TcpClient_. */
  interface TcpClient extends Tcp {
    boolean SendSmallFile(Pointer client, String fileName, Pointer head, Pointer tail);
  }

  /** HP_TcpPullServer_, HP_TcpPullAgent_ and HP_TcpPullClient_. */
  interface Pull extends Library {
    void SetMaxPullLength(Pointer component, long value);
    long GetMaxPullLength(Pointer component);
  }

  /** HP_TcpPullServer_ and HP_TcpPullAgent_. */
  interface PullSocket extends Pull {
    int PeekSpan(Pointer component, long connId, long[] data, int[] length);
    int Find(Pointer component, long connId, byte[] pattern, int length, int from, int[] position);
  }

  /** HP_TcpPullClient_. */
  interface PullClient extends Pull {
    int PeekSpan(Pointer client, long[] data, int[] length);
    int Find(Pointer client, byte[] pattern, int length, int from, int[] position);
  }

  /** HP_UdpServer_, HP_UdpClient_ and HP_UdpCast_. */
  interface Udp extends Library {
    void SetMaxDatagramSize(Pointer component, int value);
    int GetMaxDatagramSize(Pointer component);
    void SetCloseOnOversize(Pointer component, boolean value);
    boolean IsCloseOnOversize(Pointer component);
    void SetSendBufferSize(Pointer component, int value);
    int GetSendBufferSize(Pointer component);
    void SetReceiveBufferSize(Pointer component, int value);
    int GetReceiveBufferSize(Pointer component);
  }

  /** HP_UdpClient_, which HP_UdpServer_ has, too. */
  interface UdpClient extends Udp {
    void SetDetectAttempts(Pointer component, int value);
    int GetDetectAttempts(Pointer component);
    void SetDetectInterval(Pointer component, int value);
    int GetDetectInterval(Pointer component);
  }

  /** HP_UdpServer_. */
  interface UdpServer extends UdpClient {
    void SetPostReceiveCount(Pointer component, int value);
    int GetPostReceiveCount(Pointer component);
  }

  /** HP_UdpCast_. */
  interface UdpCast extends Udp {
    boolean GetRemoteAddress(Pointer cast, byte[] address, int[] length, short[] port);
    void SetBindAdddress(Pointer cast, String address);
    String GetBindAdddress(Pointer cast);
    void SetBindAddress(Pointer cast, String address);
    String GetBindAddress(Pointer cast);
    boolean JoinSource(Pointer cast, String address);
    void SetReuseAddress(Pointer component, boolean value);
    boolean IsReuseAddress(Pointer component);
    void SetCastMode(Pointer component, int value);
    int GetCastMode(Pointer component);
    void SetMultiCastTtl(Pointer component, int value);
    int GetMultiCastTtl(Pointer component);
    void SetMultiCastLoop(Pointer component, boolean value);
    boolean IsMultiCastLoop(Pointer component);
  }

  /** Whole names. SYS_GetLastError and SYS_WSAGetLastError are for C: Java has changed errno meanwhile. */
  interface Global extends Library {
    String HP_GetSocketErrorDesc(int code);
    int SYS_GetLastError();
    int SYS_WSAGetLastError();
    int SYS_SetSocketOption(int socket, int level, int name, byte[] value, int length);
    int SYS_GetSocketOption(int socket, int level, int name, byte[] value, int[] length);
    int SYS_IoctlSocket(int socket, long command, long[] argument);
    int SYS_WSAIoctl(int socket, int code, byte[] in, int inLength, byte[] out, int outLength, int[] returned);
    int HP_GetHPSocketVersion();
    String HP_GetHPSocketVersionDesc();
    void HP_SetLogHandler(Callbacks.Log handler, Pointer user);
  }
}
