package hpsocket;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;

/** The types of the functions that C calls. An ID is a connection's or, of clients, the handle. */
final class Callbacks {
  private Callbacks() {}

  interface Plain extends Callback {
    int invoke();
  }

  /** An ID, or a socket. */
  interface Word extends Callback {
    int invoke(long word);
  }

  interface Socket extends Callback {
    int invoke(long id, long socket);
  }

  interface Data extends Callback {
    int invoke(long id, Pointer data, int length);
  }

  interface Length extends Callback {
    int invoke(long id, int length);
  }

  interface Error extends Callback {
    int invoke(long id, int operation, int error);
  }

  interface Log extends Callback {
    void invoke(int level, String message, Pointer user);
  }
}
