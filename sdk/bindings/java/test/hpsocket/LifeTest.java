package hpsocket;

import static hpsocket.Harness.HOME;
import static hpsocket.Harness.PATIENCE_MS;
import static hpsocket.Harness.TEXT;
import static hpsocket.Harness.equal;
import static hpsocket.Harness.fails;
import static hpsocket.Harness.isTrue;
import static hpsocket.Harness.text;

import hpsocket.Harness.Answers;
import hpsocket.Harness.Echo;
import hpsocket.Harness.Said;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** When components, their listeners and what C calls of them live and end. */
final class LifeTest {
  private LifeTest() {}

  /** Waits until an object that nobody has any more is collected. */
  private static void awaitCollection(WeakReference<?> object) {
    long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (object.get() != null) {
      if (System.nanoTime() > end) throw new AssertionError(object.get() + " is not collected");
      System.gc();
    }
  }

  private static void awaitRefusal(InetSocketAddress address) throws Exception {
    long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (System.nanoTime() < end) {
      try (Socket connected = new Socket(address.getAddress(), address.getPort())) {
        connected.getInputStream().read();  // until it stops
      } catch (ConnectException e) {
        return;
      } catch (SocketException e) {
        // Reset: it has stopped before it accepted this one.
      }
    }
    throw new AssertionError("still listening");
  }

  static void testListenerLivesAsLongAsItsComponent() throws Exception {
    WeakReference<Object> gone = echoWithListenerThatNobodyElseHas();
    awaitCollection(gone);
  }

  private static WeakReference<Object> echoWithListenerThatNobodyElseHas() throws Exception {
    Answers answers = new Answers();
    try (TcpServer server = new TcpServer(new Echo()); TcpClient client = new TcpClient(answers)) {
      WeakReference<Object> listener = new WeakReference<>(server.getListener());
      awaitCollection(new WeakReference<>(new Object()));
      isTrue(listener.get() != null);
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.send(TEXT);
      equal(text(answers.data.expect(TEXT.length)), text(TEXT));
      return listener;
    }
  }

  /** Tells a listener that lives on how its component ends. */
  private static final class Last extends Echo {
    final Said<Object> events = new Said<>();
    Server server;

    @Override
    public HandleResult onClose(Server sender, long connId) throws Exception {
      events.say(sender.getRemoteAddress(connId).getHostString());
      return HandleResult.OK;
    }

    @Override
    public HandleResult onShutdown(Server sender) {
      events.say(sender.getState());
      events.say(sender.getListener() == this);
      return HandleResult.OK;
    }
  }

  /** A running server that nobody has any more. */
  private static InetSocketAddress abandonServer(Last listener, boolean inCircle) throws Exception {
    TcpServer server = new TcpServer(listener);
    if (inCircle) listener.server = server;
    server.start(HOME, 0);
    return server.getListenAddress();
  }

  static void testRunningComponentThatNobodyHasAnyMoreIsClosed() throws Exception {
    Last listener = new Last();
    InetSocketAddress address = abandonServer(listener, false);
    Answers answers = new Answers();
    try (TcpClient client = new TcpClient(answers)) {
      client.start(address);
      client.send(TEXT);
      answers.data.expect(TEXT.length);
      awaitCollection(new WeakReference<>(new Object()));
      equal(listener.events.expect(3), List.of(HOME, ServiceState.STOPPING, true));
      awaitRefusal(address);
    }
  }

  static void testCircleOfComponentAndListenerIsNoReasonToGoOn() throws Exception {
    InetSocketAddress address = abandonServer(new Last(), true);
    awaitCollection(new WeakReference<>(new Object()));
    awaitRefusal(address);
  }

  static void testComponentIsNotCollectedDuringItsOwnCall() throws Exception {
    Said<String> said = new Said<>();
    Answers answers = new Answers();
    try (TcpServer server = new TcpServer(new Echo())) {
      server.start(HOME, 0);
      InetSocketAddress address = server.getListenAddress();
      Thread waiting = new Thread(() -> {
        try {
          startedClient(answers, address).waitFor();
          said.say("end");
        } catch (HPSocketException e) {
          said.say(e.toString());
        }
      });
      waiting.start();
      answers.events.expect(1);
      for (int i = 0; i < 3; ++i) awaitCollection(new WeakReference<>(new Object()));
      server.disconnect(server.getConnectionIds()[0]);
      equal(said.expect(1), List.of("end"));
      equal(answers.events.expect(2), List.of("connect", "close"));
      waiting.join();
    }
  }

  private static Client startedClient(Answers answers, InetSocketAddress address) throws HPSocketException {
    Client client = new TcpClient(answers);
    client.start(address);
    return client;
  }

  static void testClosingInsideCallbackHappensAfterwards() throws Exception {
    Said<String> said = new Said<>();
    Echo closing = new Echo() {
      @Override
      public HandleResult onReceive(Server sender, long connId, byte[] data) {
        sender.close();
        said.say("closing");
        return HandleResult.OK;
      }

      @Override
      public HandleResult onShutdown(Server sender) {
        sender.close();  // goes on already
        said.say("shutdown");
        return HandleResult.OK;
      }
    };
    Answers answers = new Answers();
    TcpServer server = new TcpServer(closing);
    server.start(HOME, 0);
    try (TcpClient client = new TcpClient(answers)) {
      client.start(server.getListenAddress());
      client.send(TEXT);
      equal(said.expect(2), List.of("closing", "shutdown"));
      answers.events.expect(2);
    }
    server.close();  // waits for what goes on
    equal(server.getState(), ServiceState.STOPPED);
  }

  static void testClosingWhileStoppingLeavesTheHandleToLastEvents() throws Exception {
    Said<ServiceState> said = new Said<>();
    Echo stopping = new Echo() {
      private Thread closer;

      @Override
      public HandleResult onReceive(Server sender, long connId, byte[] data) throws Exception {
        sender.stop();
        closer = new Thread(sender::close);
        closer.start();
        return HandleResult.OK;
      }

      @Override
      public HandleResult onShutdown(Server sender) throws Exception {
        closer.join(100);  // it cannot end before this has returned, only come as far as it can
        said.say(sender.getState());
        return HandleResult.OK;
      }
    };
    TcpServer server = new TcpServer(stopping);
    server.start(HOME, 0);
    try (TcpClient client = new TcpClient(new Answers())) {
      client.start(server.getListenAddress());
      client.send(TEXT);
      equal(said.expect(1), List.of(ServiceState.STOPPING));
    }
    server.close();
  }

  static void testClosingWakesWhoWaits() throws Exception {
    TcpServer server = new TcpServer(new Echo());
    server.start(HOME, 0);
    Said<String> said = new Said<>();
    Thread waiting = new Thread(() -> {
      try {
        said.say("waiting");
        server.waitFor();
        said.say("end");
      } catch (HPSocketException e) {
        said.say(e.getDetail());  // closed before it began to wait
      }
    });
    waiting.start();
    said.expect(1);
    server.close();
    isTrue(Set.of("end", "closed").contains(said.expect(2).get(1)));
    waiting.join();
  }

  static void testClosingDuringCallsIsSafe() throws Exception {
    for (int round = 0; round < 20; ++round) {
      Answers answers = new Answers();
      TcpServer server = new TcpServer(new Echo());
      TcpClient client = new TcpClient(answers);
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < 3; ++i) {
        Thread sender = new Thread(() -> {
          try {
            while (true) client.send(TEXT);
          } catch (HPSocketException e) {
            if (!Set.of(Errno.EPERM, Errno.EINVAL, Errno.EBADSLT).contains(e.getErrno())) wrong.set(e);
          } catch (Throwable e) {
            wrong.set(e);
          }
        });
        sender.start();
        senders.add(sender);
      }
      answers.data.expect(TEXT.length);
      Thread other = new Thread(client::close);
      other.start();
      client.close();
      server.close();
      other.join();
      for (Thread sender : senders) sender.join();
      if (wrong.get() != null) throw new AssertionError(wrong.get());
    }
  }

  static void testListenerMayServeSeveralComponents() throws Exception {
    Said<Component> senders = new Said<>();
    Echo listener = new Echo() {
      @Override
      public HandleResult onAccept(Server sender, long connId, int socket) {
        senders.say(sender);
        return HandleResult.OK;
      }
    };
    try (TcpServer first = new TcpServer(listener); TcpPullServer second = new TcpPullServer(listener);
        TcpClient one = new TcpClient(new Answers()); TcpClient other = new TcpClient(new Answers())) {
      first.start(HOME, 0);
      second.start(HOME, 0);
      one.start(first.getListenAddress());
      other.start(second.getListenAddress());
      equal(Set.copyOf(senders.expect(2)), Set.of(first, second));
    }
  }

  static void testExtrasOfRefusedConnectionsAreForgotten() throws Exception {
    class Refuses implements ServerListener, AgentListener {
      @Override
      public HandleResult onAccept(Server sender, long connId, int socket) throws Exception {
        sender.setConnectionExtra(connId, "refused");
        return HandleResult.ERROR;
      }

      @Override
      public HandleResult onConnect(Agent sender, long connId) throws Exception {
        sender.setConnectionExtra(connId, "refused");
        throw new IllegalStateException("not this one");
      }
    }

    Answers answers = new Answers();
    try (TcpServer server = new TcpServer(new Refuses()); TcpClient client = new TcpClient(answers);
        TcpAgent agent = new TcpAgent(new Refuses())) {
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      answers.events.expect(2);
      agent.start();
      fails(() -> agent.connect(server.getListenAddress()));
      server.stop();  // when this returns, no callback runs
      equal(server.extras().size() + agent.extras().size(), 0);
    }
  }

  static void testOnlyMethodsThatAreWrittenAreGivenToC() throws Exception {
    Field state = Component.class.getDeclaredField("state");
    Field functions = State.class.getDeclaredField("functions");
    state.setAccessible(true);
    functions.setAccessible(true);
    try (TcpServer server = new TcpServer(new Echo()); TcpServer silent = new TcpServer(new ServerListener() {});
        TcpClient client = new TcpClient(new ClientListener() {}); TcpClient answers = new TcpClient(new Answers())) {
      // A server's last events make extras forgotten, whether they are written or not.
      equal(((Collection<?>) functions.get(state.get(server))).size(), 2 + 2);
      equal(((Collection<?>) functions.get(state.get(silent))).size(), 2);
      equal(((Collection<?>) functions.get(state.get(client))).size(), 0);
      equal(((Collection<?>) functions.get(state.get(answers))).size(), 5);
    }
  }

  static void testThreadsOfTheLibraryEndWithTheirComponents() throws Exception {
    Said<Thread> threads = new Said<>();
    Echo echo = new Echo() {
      @Override
      public HandleResult onReceive(Server sender, long connId, byte[] data) throws Exception {
        threads.say(Thread.currentThread());
        return super.onReceive(sender, connId, data);
      }
    };
    Answers answers = new Answers() {
      @Override
      public HandleResult onReceive(Client sender, byte[] data) {
        threads.say(Thread.currentThread());
        return HandleResult.OK;
      }
    };
    try (TcpServer server = new TcpServer(echo); TcpClient client = new TcpClient(answers)) {
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.send(TEXT);
      for (Thread thread : threads.expect(2)) {
        isTrue(thread.isAlive());  // it does not come and go with each event
        isTrue(thread.isDaemon());
      }
    }
    for (Thread thread : threads.expect(2)) equal(thread.isAlive(), false);
  }

  private static TcpServer serving;

  /** Comes to the end of the program while a server runs. */
  static void endWhileServing() throws HPSocketException {
    serving = new TcpServer(new Echo() {
      @Override
      public HandleResult onShutdown(Server sender) {
        System.out.println("shut down");
        return HandleResult.OK;
      }
    });
    serving.start(HOME, 0);
    System.out.println("end");
    Reference.reachabilityFence(serving);
  }

  /** Ends the program from inside a callback. */
  static void exitInsideCallback() throws Exception {
    Echo exiting = new Echo() {
      @Override
      public HandleResult onReceive(Server sender, long connId, byte[] data) {
        System.exit(3);
        return HandleResult.OK;
      }
    };
    try (TcpServer server = new TcpServer(exiting); TcpClient client = new TcpClient(new Answers())) {
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.send(TEXT);
      client.waitFor();
    }
  }
}
