package hpsocket;

/** How a component talks to the kernel. */
public enum IoBackend {
  AUTO,
  URING,
  EPOLL
}
