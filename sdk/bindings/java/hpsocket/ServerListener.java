package hpsocket;

/**
 * What servers tell an application, which writes the methods that it needs.
 *
 * <p>A method runs on the library's thread, never two for one connection at a time. What it throws is logged (logger
 * "hpsocket") and taken as ERROR. A listener may serve several components, which `sender` tells apart. Methods that are
 * not written are never called, so they cost nothing.
 */
public interface ServerListener {
  /** The listening socket exists and is not bound yet; on the thread that starts. */
  default HandleResult onPrepareListen(Server sender, int socket) throws Exception {
    return HandleResult.OK;
  }

  /** A peer has connected. ERROR: closed, and no further event comes for it. `socket` is -1 for UDP. */
  default HandleResult onAccept(Server sender, long connId, int socket) throws Exception {
    return HandleResult.OK;
  }

  /** The kernel has taken these bytes. */
  default HandleResult onSend(Server sender, long connId, byte[] data) throws Exception {
    return HandleResult.OK;
  }

  /** PUSH: these have come. ERROR ends the connection. */
  default HandleResult onReceive(Server sender, long connId, byte[] data) throws Exception {
    return HandleResult.OK;
  }

  /** PULL: so many bytes can be fetched now. ERROR ends the connection. */
  default HandleResult onPullReceive(TcpPullServer sender, long connId, int length) throws Exception {
    return HandleResult.OK;
  }

  /** The connection has ended in order; its last event. */
  default HandleResult onClose(Server sender, long connId) throws Exception {
    return HandleResult.OK;
  }

  /** The connection has ended by an error, an errno; its last event. */
  default HandleResult onError(Server sender, long connId, SocketOperation operation, int error) throws Exception {
    return HandleResult.OK;
  }

  /** The component has ended. */
  default HandleResult onShutdown(Server sender) throws Exception {
    return HandleResult.OK;
  }
}
