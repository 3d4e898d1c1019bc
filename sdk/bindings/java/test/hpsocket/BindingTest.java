package hpsocket;

import static hpsocket.Harness.HOME;
import static hpsocket.Harness.PATIENCE_MS;
import static hpsocket.Harness.TEXT;
import static hpsocket.Harness.becomes;
import static hpsocket.Harness.bytes;
import static hpsocket.Harness.equal;
import static hpsocket.Harness.fails;
import static hpsocket.Harness.isTrue;
import static hpsocket.Harness.text;
import static hpsocket.Harness.thrown;

import hpsocket.Harness.AgentAnswers;
import hpsocket.Harness.Answers;
import hpsocket.Harness.Call;
import hpsocket.Harness.Echo;
import hpsocket.Harness.Said;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The Java binding on the C library: each method here whose name begins with `test` is one. */
final class BindingTest {
  private static final List<Function<ServerListener, Server>> TCP_SERVERS =
      List.of(TcpServer::new, TcpPullServer::new);
  private static final List<Function<ClientListener, Client>> TCP_CLIENTS =
      List.of(TcpClient::new, TcpPullClient::new);
  private static final List<Function<AgentListener, Agent>> TCP_AGENTS =
      List.of(TcpAgent::new, TcpPullAgent::new);

  // In /usr/include/asm-generic.
  private static final int SOL_SOCKET = 1;
  private static final int SO_KEEPALIVE = 9;
  private static final int FIONREAD = 0x541b;

  private BindingTest() {}

  // --- Data ---

  static void testEveryServerWithEveryClient() throws Exception {
    for (Function<ServerListener, Server> makeServer : TCP_SERVERS) {
      for (Function<ClientListener, Client> makeClient : TCP_CLIENTS) {
        Answers answers = new Answers();
        try (Server server = makeServer.apply(new Echo()); Client client = makeClient.apply(answers)) {
          server.start(HOME, 0);
          client.start(server.getListenAddress());
          client.send(TEXT);
          client.sendPart(bytes("xx" + text(TEXT) + "x"), 2, TEXT.length);
          client.sendPackets(Arrays.copyOf(TEXT, 5), new byte[0], Arrays.copyOfRange(TEXT, 5, TEXT.length));
          ByteBuffer direct = ByteBuffer.allocateDirect(TEXT.length + 2).put((byte) 0).put(TEXT).put((byte) 0);
          direct.position(1).limit(1 + TEXT.length);
          client.send(direct);
          equal(direct.remaining(), 0);
          client.send(ByteBuffer.wrap(TEXT).asReadOnlyBuffer());
          equal(text(answers.data.expect(5 * TEXT.length)), text(TEXT).repeat(5));
          equal(server.getConnectionCount(), 1);
          long connId = server.getConnectionIds()[0];
          equal(server.getRemoteAddress(connId), client.getLocalAddress());
          equal(client.getStats().getBytesReceived(), 5L * TEXT.length);
          equal(server.getStats().getConnections(), 1L);
        }
      }
    }
  }

  static void testEveryServerWithEveryAgent() throws Exception {
    for (Function<ServerListener, Server> makeServer : TCP_SERVERS) {
      for (Function<AgentListener, Agent> makeAgent : TCP_AGENTS) {
        AgentAnswers answers = new AgentAnswers();
        try (Server server = makeServer.apply(new Echo()); Agent agent = makeAgent.apply(answers)) {
          server.start(HOME, 0);
          agent.start();
          long[] ids = new long[3];
          for (int i = 0; i < ids.length; ++i) ids[i] = agent.connect(server.getListenAddress());
          agent.send(ids[0], TEXT);
          agent.send(ids[1], ByteBuffer.allocateDirect(TEXT.length).put(TEXT).flip());
          agent.sendPackets(ids[2], TEXT);
          equal(text(answers.data.expect(3 * TEXT.length)), text(TEXT).repeat(3));
          long[] all = agent.getConnectionIds();
          Arrays.sort(all);
          equal(Arrays.toString(all), Arrays.toString(ids));
          equal(agent.getRemoteAddress(ids[1]), server.getListenAddress());
          equal(agent.getLocalAddress(ids[1]).getHostString(), HOME);
          isTrue(agent.getConnectPeriod(ids[0]) < PATIENCE_MS);
          equal(agent.getConnectionExtra(ids[0]), "extra " + ids[0]);
          agent.stop();
          List<Object> words = answers.events.expect(4);
          equal(Set.copyOf(words.subList(0, 3)), Set.of("extra " + ids[0], "extra " + ids[1], "extra " + ids[2]));
          equal(words.get(3), "shutdown");
          equal(fails(() -> agent.getConnectionExtra(ids[0])).getErrno(), Errno.ENOTCONN);
          equal(agent.extras().size(), 0);
        }
      }
    }
  }

  static void testPullLooksBeforeItTakes() throws Exception {
    Said<List<Object>> looked = new Said<>();

    class Looking implements ServerListener, AgentListener, ClientListener {
      private void look(PullSocket sender, long id, int length) throws HPSocketException {
        FindResult found = sender.find(id, bytes("and"), 3);
        looked.say(Arrays.asList(found.isFound(), found.getPosition(),
            sender.find(id, bytes("nowhere"), 0).isFound(), text(sender.peek(id, 4)), text(sender.peekSpan(id)),
            sender.fetch(id, length + 1), text(sender.fetch(id, length))));
      }

      @Override
      public HandleResult onPullReceive(TcpPullServer sender, long id, int length) throws Exception {
        if (length == TEXT.length) {
          look(sender, id, length);
          sender.send(id, TEXT);
        }
        return HandleResult.OK;
      }

      @Override
      public HandleResult onPullReceive(TcpPullAgent sender, long id, int length) throws Exception {
        if (length == TEXT.length) look(sender, id, length);
        return HandleResult.OK;
      }

      @Override
      public HandleResult onPullReceive(TcpPullClient sender, int length) throws Exception {
        if (length < TEXT.length) return HandleResult.OK;
        FindResult found = sender.find(bytes("and"), 3);
        looked.say(Arrays.asList(found.isFound(), found.getPosition(),
            sender.find(bytes("nowhere"), 0).isFound(), text(sender.peek(4)), text(sender.peekSpan()),
            sender.fetch(length + 1), text(sender.fetch(length))));
        return HandleResult.OK;
      }
    }

    Looking listener = new Looking();
    try (TcpPullServer server = new TcpPullServer(listener); TcpPullAgent agent = new TcpPullAgent(listener);
        TcpPullClient client = new TcpPullClient(listener)) {
      server.start(HOME, 0);
      agent.start(HOME, false);
      client.start(server.getListenAddress());
      agent.send(agent.connect(server.getListenAddress()), TEXT);
      client.send(TEXT);
      for (List<Object> seen : looked.expect(4)) {
        equal(seen, Arrays.asList(true, text(TEXT).indexOf("and"), false, "from", text(TEXT), null, text(TEXT)));
      }
      equal(fails(() -> server.fetch(1_000_000_000, 1)).getErrno(), Errno.ENOTCONN);
      thrown(IllegalArgumentException.class, () -> client.peek(-1));
    }
  }

  static void testSmallFilesGoWithHeadAndTail() throws Exception {
    Answers answers = new Answers();
    AgentAnswers agentAnswers = new AgentAnswers();
    Path file = Files.createTempFile("java_test", null);
    try (TcpServer server = new TcpServer(new Echo()); TcpClient client = new TcpClient(answers);
        TcpAgent agent = new TcpAgent(agentAnswers)) {
      Files.write(file, TEXT);
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.sendSmallFile(file, bytes("<"), bytes(">"));
      equal(text(answers.data.expect(TEXT.length + 2)), "<" + text(TEXT) + ">");
      server.sendSmallFile(server.getConnectionIds()[0], file);
      equal(text(answers.data.expect(2 * TEXT.length + 2)), "<" + text(TEXT) + ">" + text(TEXT));
      agent.start();
      agent.sendSmallFile(agent.connect(server.getListenAddress()), file, null, bytes(">"));
      equal(text(agentAnswers.data.expect(TEXT.length + 1)), text(TEXT) + ">");
      HPSocketException failure = fails(() -> client.sendSmallFile(Path.of(file + ".none")));
      equal(failure.getErrno(), Errno.ENOENT);
      equal(failure.getCode(), SocketError.INVALID_PARAM);
    } finally {
      Files.delete(file);
    }
  }

  static void testConnectionsArePausedAndDisconnected() throws Exception {
    Answers answers = new Answers();
    try (TcpServer server = new TcpServer(new Echo()); TcpClient client = new TcpClient(answers)) {
      server.setMarkSilence(true);
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.send(TEXT);
      answers.data.expect(TEXT.length);
      long connId = server.getConnectionIds()[0];
      client.pauseReceive(true);
      server.pauseReceive(connId, true);
      isTrue(client.isReceivePaused());
      isTrue(server.isReceivePaused(connId));
      client.send(TEXT);
      server.pauseReceive(connId, false);
      client.pauseReceive(false);
      equal(text(answers.data.expect(2 * TEXT.length)), text(TEXT).repeat(2));
      // What has come was sent, but the sending end may not know yet.
      becomes(client::getPendingDataLength, 0);
      becomes(() -> server.getPendingDataLength(connId), 0);
      isTrue(server.getSilencePeriod(connId) < PATIENCE_MS);
      equal(server.disconnectSilenceConnections(10 * (int) PATIENCE_MS, true), false);
      equal(server.disconnectLongConnections(10 * (int) PATIENCE_MS, true), false);
      server.disconnect(connId);
      equal(answers.events.expect(2), List.of("connect", "close"));
      equal(fails(() -> server.isReceivePaused(connId)).getErrno(), Errno.ENOTCONN);
      equal(fails(() -> server.disconnect(connId)).getErrno(), Errno.EBADSLT);
    }
  }

  static void testDatagramsGoThereAndBack() throws Exception {
    Answers answers = new Answers();
    try (UdpServer server = new UdpServer(new Echo()); UdpClient client = new UdpClient(answers)) {
      server.setMaxDatagramSize(100);
      client.setDetectAttempts(4);
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.send(bytes("a datagram"));
      equal(text(answers.data.expect(10)), "a datagram");
      equal(fails(() -> client.send(new byte[0])).getErrno(), Errno.EINVAL);
      client.stop();
      equal(answers.events.expect(2), List.of("connect", "close"));
    }
  }

  static void testMemberOfGroupHearsItself() throws Exception {
    Said<InetSocketAddress> senders = new Said<>();
    Answers answers = new Answers() {
      @Override
      public HandleResult onReceive(Client sender, byte[] data) {
        try {
          senders.say(((UdpCast) sender).getRemoteAddress());
        } catch (HPSocketException e) {
          throw new AssertionError(e);
        }
        return super.onReceive(sender, data);
      }
    };
    try (UdpCast cast = new UdpCast(answers)) {
      cast.setBindAddress(HOME);
      cast.setMultiCastLoop(true);
      equal(cast.getBindAddress(), HOME);
      equal(cast.getCastMode(), CastMode.MULTICAST);
      fails(() -> cast.joinSource("nobody"));
      cast.start("233.0.0.1", 5555);
      cast.send(bytes("hello"));
      equal(text(answers.data.expect(5)), "hello");
      equal(senders.expect(1).get(0).getHostString(), HOME);
    }
  }

  // --- Errors ---

  static void testFailingCallsThrowWhatCSays() throws Exception {
    try (TcpServer server = new TcpServer(new Echo()); TcpClient client = new TcpClient(new Answers())) {
      server.start(HOME, 0);
      HPSocketException failure = fails(() -> server.start(HOME, 0));
      equal(failure.getCode(), SocketError.ILLEGAL_STATE);
      equal(server.getLastError(), SocketError.ILLEGAL_STATE);
      equal(server.getLastErrorDesc(), "Illegal State");
      equal(SocketError.ILLEGAL_STATE.description(), "Illegal State");
      failure = fails(() -> server.send(1_000_000_000, TEXT));
      equal(failure.getErrno(), Errno.EBADSLT);
      equal(failure.getCode(), null);
      failure = fails(() -> client.send(TEXT));
      equal(failure.getErrno(), Errno.EPERM);
      equal(failure.getCode(), SocketError.ILLEGAL_STATE);
      isTrue(failure.getMessage().startsWith("Operation not permitted"));
      InetSocketAddress address = server.getListenAddress();
      server.stop();
      failure = fails(() -> client.start(address));
      equal(failure.getErrno(), Errno.ECONNREFUSED);
      equal(failure.getCode(), SocketError.CONNECT_SERVER);
      server.waitFor();
      isTrue(server.waitFor(0, TimeUnit.SECONDS));
      thrown(IndexOutOfBoundsException.class, () -> {
        client.sendPart(TEXT, 1, TEXT.length);
        return null;
      });
      thrown(IllegalArgumentException.class, () -> {
        client.start(HOME, 0x10000);
        return null;
      });
    }
  }

  static void testWhatWouldGetLostIsRefused() throws Exception {
    try (TcpServer server = new TcpServer(new Echo()); TcpClient client = new TcpClient(new Answers());
        TcpAgent agent = new TcpAgent(new AgentListener() {}); UdpCast cast = new UdpCast(new Answers());
        TcpPullClient pull = new TcpPullClient(new Answers())) {
      String text = "127.0.0.1\0x";
      List<Call> calls = List.of(() -> server.start(text, 0), () -> client.start(text, 1), () -> agent.start(text, false),
          () -> agent.connect(text, 1), () -> cast.setBindAddress(text), () -> cast.joinSource(text),
          () -> server.disconnectLongConnections(-1, true), () -> server.disconnectSilenceConnections(-1, true),
          () -> pull.fetch(-1), () -> pull.find(new byte[0], 0), () -> pull.find(TEXT, -1));
      for (Call call : calls) {
        thrown(IllegalArgumentException.class, () -> {
          call.run();
          return null;
        });
      }
    }
  }

  static void testFunctionsWithoutAMethodCanBeCalled() throws Exception {
    try (TcpServer server = new TcpServer(new Echo()); TcpClient client = new TcpClient(new Answers())) {
      server.start(HOME, 0);
      Object[] arguments = {client.getHandle(), HOME, (short) server.getListenAddress().getPort(), 0};
      equal(HPSocket.function("HP_Client_Connect").invokeInt(arguments), 1);
      equal(client.getState(), ServiceState.STARTED);
    }
  }

  static void testClosedObjectsRefuse() throws Exception {
    TcpClient client = new TcpClient(new Answers());
    client.close();
    client.close();
    HPSocketException failure = fails(() -> client.start(HOME, 1));
    equal(failure.getErrno(), Errno.EINVAL);
    equal(failure.getDetail(), "closed");
    equal(client.getState(), ServiceState.STOPPED);
    thrown(IllegalStateException.class, () -> {
      client.setNoDelay(false);
      return null;
    });
    TcpServer server = new TcpServer(new Echo());
    server.close();
    equal(fails(server::getConnectionIds).getErrno(), Errno.EINVAL);
    thrown(NullPointerException.class, () -> new TcpServer((ServerListener) null));
  }

  static void testWaitingEndsInTime() throws Exception {
    try (TcpServer server = new TcpServer(new Echo())) {
      server.start(HOME, 0);
      equal(server.waitFor(10, TimeUnit.MILLISECONDS), false);
    }
  }

  static void testConnectingInTheBackgroundTellsHowItEnds() throws Exception {
    Said<Integer> sockets = new Said<>();
    AgentAnswers answers = new AgentAnswers() {
      @Override
      public HandleResult onPrepareConnect(Agent sender, long connId, int socket) {
        sockets.say(socket);
        return HandleResult.OK;
      }
    };
    try (TcpServer server = new TcpServer(new Echo()); TcpAgent agent = new TcpAgent(answers)) {
      server.start(HOME, 0);
      InetSocketAddress address = server.getListenAddress();
      server.stop();
      agent.start(HOME, true);
      agent.connect(address);
      equal(answers.events.expect(1), List.of("CONNECT " + Errno.ECONNREFUSED));
      isTrue(sockets.expect(1).get(0) > 2);
    }
  }

  /** What is logged while something happens. */
  private static final class Logs extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("hpsocket");
    final Said<LogRecord> records = new Said<>();

    Logs() {
      logger.setUseParentHandlers(false);
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
      records.say(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setUseParentHandlers(true);
    }
  }

  static void testWhatCallbackThrowsIsLoggedAndEndsTheConnection() throws Exception {
    Echo throwing = new Echo() {
      @Override
      public HandleResult onReceive(Server sender, long connId, byte[] data) throws Exception {
        throw new Exception("not " + text(data));
      }
    };
    Answers answers = new Answers();
    try (Logs logs = new Logs(); TcpServer server = new TcpServer(throwing);
        TcpClient client = new TcpClient(answers)) {
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      client.send(TEXT);
      answers.events.expect(2);
      LogRecord record = logs.records.expect(1).get(0);
      equal(record.getLevel(), Level.SEVERE);
      isTrue(record.getMessage().contains("onReceive"));
      equal(record.getThrown().getMessage(), "not " + text(TEXT));
      client.waitFor();
      client.start(server.getListenAddress());  // the server goes on
    }
  }

  // --- Settings ---

  static void testEverySettingGivesBackWhatWasSet() throws Exception {
    int number = 0;
    for (Component component : everyKind()) {
      try (component) {
        int settings = 0;
        for (Method setter : component.getClass().getMethods()) {
          String name = setter.getName().substring(3);
          if (!setter.getName().startsWith("set") || setter.getParameterCount() != 1 || name.equals("Extra")) continue;
          Class<?> type = setter.getParameterTypes()[0];
          Method getter = component.getClass().getMethod((type == boolean.class ? "is" : "get") + name);
          Object before = getter.invoke(component);
          // Another value of the same type: the other truth, the last enumerator, a number of its own.
          ++number;
          Object value = type == boolean.class ? (Object) !(Boolean) before
              : type == int.class ? (Object) (name.equals("MultiCastTtl") ? 9 : 1000 + number)
              : type == long.class ? (Object) ((1L << 33) + number)
              : type == String.class ? "127.0.0.2"
              : type.getEnumConstants()[type.getEnumConstants().length - 1];
          setter.invoke(component, value);
          equal(name + " " + getter.invoke(component), name + " " + value);
          if (type == int.class || type == long.class) {
            thrown(IllegalArgumentException.class, () -> {
              try {
                return setter.invoke(component, type == int.class ? (Object) (-1) : (Object) (-1L));
              } catch (InvocationTargetException e) {
                throw (Exception) e.getCause();
              }
            });
          }
          ++settings;
        }
        isTrue(settings > 12);
      }
    }
  }

  private static List<Component> everyKind() {
    List<Component> all = new ArrayList<>();
    TCP_SERVERS.forEach(make -> all.add(make.apply(new Echo())));
    TCP_AGENTS.forEach(make -> all.add(make.apply(new AgentAnswers())));
    TCP_CLIENTS.forEach(make -> all.add(make.apply(new Answers())));
    all.addAll(List.of(new UdpServer(new Echo()), new UdpClient(new Answers()), new UdpCast(new Answers())));
    return all;
  }

  static void testSocketsThatListenersAreShownHaveOptions() throws Exception {
    Said<List<Object>> said = new Said<>();
    Echo listener = new Echo() {
      @Override
      public HandleResult onPrepareListen(Server sender, int socket) throws Exception {
        int before = HPSocket.getSocketOption(socket, SOL_SOCKET, SO_KEEPALIVE, 4)[0];
        HPSocket.setSocketOption(socket, SOL_SOCKET, SO_KEEPALIVE, new byte[4]);
        byte[] after = HPSocket.getSocketOption(socket, SOL_SOCKET, SO_KEEPALIVE, 16);
        said.say(List.of(before, (int) after[0], after.length,
            fails(() -> HPSocket.ioctlSocket(-1, FIONREAD, 0)).getErrno()));
        return HandleResult.OK;
      }

      @Override
      public HandleResult onAccept(Server sender, long connId, int socket) throws Exception {
        said.say(List.of(HPSocket.ioctlSocket(socket, FIONREAD, 7),
            HPSocket.wsaIoctl(socket, FIONREAD, new byte[0], 4)[0]));
        return HandleResult.OK;
      }
    };
    try (TcpServer server = new TcpServer(listener); TcpClient client = new TcpClient(new Answers())) {
      server.start(HOME, 0);
      client.start(server.getListenAddress());
      int ebadf = 9;
      equal(said.expect(2), List.of(List.of(1, 0, 4, ebadf), List.of(0L, (byte) 0)));
    }
  }

  static void testMessagesGoToTheLogHandler() throws Exception {
    Said<String> messages = new Said<>();
    HPSocket.setLogHandler((level, message) -> messages.say(level + " " + message));
    try {
      Echo slow = new Echo() {
        @Override
        public HandleResult onReceive(Server sender, long connId, byte[] data) {
          long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
          while (System.nanoTime() < end) Thread.onSpinWait();  // longer than SlowCallbackTime, so it is named
          return HandleResult.OK;
        }
      };
      try (TcpServer server = new TcpServer(slow); TcpClient client = new TcpClient(new Answers())) {
        server.setSlowCallbackTime(1);
        server.start(HOME, 0);
        client.start(server.getListenAddress());
        client.send(TEXT);
        messages.expect(words -> words.stream().anyMatch(word -> word.contains("OnReceive")));
      }
    } finally {
      HPSocket.setLogHandler(null);
    }
  }

  static void testVersionIsTheLibrarys() {
    int number = HPSocket.getVersionNumber();
    equal(HPSocket.getVersion(), (number >>> 24) + "." + (number >> 16 & 0xff) + "." + (number >> 8 & 0xff));
  }

  // --- The program ---

  /** Runs the tests of some classes; 1 if one fails. */
  private static int run(Class<?>... types) {
    int failed = 0;
    for (Class<?> type : types) {
      Method[] methods = type.getDeclaredMethods();
      Arrays.sort(methods, Comparator.comparing(Method::getName));
      for (Method method : methods) {
        if (!method.getName().startsWith("test")) continue;
        try {
          method.setAccessible(true);
          method.invoke(null);
          System.out.println("ok " + method.getName());
        } catch (InvocationTargetException | IllegalAccessException e) {
          ++failed;
          System.out.println("FAILED " + method.getName());
          e.printStackTrace(System.out);
        }
      }
    }
    return failed == 0 ? 0 : 1;
  }

  /** Without arguments runs the tests. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "":
        System.exit(run(BindingTest.class, LifeTest.class));
        break;
      case "describe":
        Describe.print();
        break;
      case "end":
        LifeTest.endWhileServing();
        break;
      case "exit":
        LifeTest.exitInsideCallback();
        break;
      default:
        throw new IllegalArgumentException(arguments[0]);
    }
  }
}
