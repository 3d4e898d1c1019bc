package hpsocket;

/** The state of a component. */
public enum ServiceState {
  STARTING,
  STARTED,
  STOPPING,
  STOPPED
}
