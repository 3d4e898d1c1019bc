package hpsocket;

/**
 * What agents tell an application, which writes the methods that it needs.
 *
 * <p>A method runs on the library's thread, never two for one connection at a time. What it throws is logged (logger
 * "hpsocket") and taken as ERROR. A listener may serve several components, which `sender` tells apart. Methods that are
 * not written are never called, so they cost nothing.
 */
public interface AgentListener {
  /** A socket exists and is neither bound nor connecting yet. */
  default HandleResult onPrepareConnect(Agent sender, long connId, int socket) throws Exception {
    return HandleResult.OK;
  }

  /** Connected. ERROR: closed, and no further event comes for it. */
  default HandleResult onConnect(Agent sender, long connId) throws Exception {
    return HandleResult.OK;
  }

  /** The kernel has taken these bytes. */
  default HandleResult onSend(Agent sender, long connId, byte[] data) throws Exception {
    return HandleResult.OK;
  }

  /** PUSH: these have come. ERROR ends the connection. */
  default HandleResult onReceive(Agent sender, long connId, byte[] data) throws Exception {
    return HandleResult.OK;
  }

  /** PULL: so many bytes can be fetched now. ERROR ends the connection. */
  default HandleResult onPullReceive(TcpPullAgent sender, long connId, int length) throws Exception {
    return HandleResult.OK;
  }

  /** The connection has ended in order; its last event. */
  default HandleResult onClose(Agent sender, long connId) throws Exception {
    return HandleResult.OK;
  }

  /** The connection has ended by an error, or could not be made (CONNECT); its last event. */
  default HandleResult onError(Agent sender, long connId, SocketOperation operation, int error) throws Exception {
    return HandleResult.OK;
  }

  /** The component has ended. */
  default HandleResult onShutdown(Agent sender) throws Exception {
    return HandleResult.OK;
  }
}
