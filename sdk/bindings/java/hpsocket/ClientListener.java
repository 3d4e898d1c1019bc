package hpsocket;

/**
 * What clients tell an application, which writes the methods that it needs.
 *
 * <p>A method runs on the library's thread, never two for one connection at a time. What it throws is logged (logger
 * "hpsocket") and taken as ERROR. A listener may serve several components, which `sender` tells apart. Methods that are
 * not written are never called, so they cost nothing.
 */
public interface ClientListener {
  /** A socket exists and is neither bound nor connecting yet. */
  default HandleResult onPrepareConnect(Client sender, int socket) throws Exception {
    return HandleResult.OK;
  }

  /** Connected. */
  default HandleResult onConnect(Client sender) throws Exception {
    return HandleResult.OK;
  }

  /** The kernel has taken these bytes. */
  default HandleResult onSend(Client sender, byte[] data) throws Exception {
    return HandleResult.OK;
  }

  /** PUSH: these have come. ERROR ends the connection. */
  default HandleResult onReceive(Client sender, byte[] data) throws Exception {
    return HandleResult.OK;
  }

  /** PULL: so many bytes can be fetched now. ERROR ends the connection. */
  default HandleResult onPullReceive(TcpPullClient sender, int length) throws Exception {
    return HandleResult.OK;
  }

  /** The connection has ended in order; the client stops by itself. */
  default HandleResult onClose(Client sender) throws Exception {
    return HandleResult.OK;
  }

  /** The connection has ended by an error, or could not be made (CONNECT); the client stops by itself. */
  default HandleResult onError(Client sender, SocketOperation operation, int error) throws Exception {
    return HandleResult.OK;
  }
}
