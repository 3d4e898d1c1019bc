import hpsocket.Client;
import hpsocket.ClientListener;
import hpsocket.HandleResult;
import hpsocket.Server;
import hpsocket.ServerListener;
import hpsocket.SocketOperation;
import hpsocket.TcpPullClient;
import hpsocket.TcpPullServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * HP-Socket's echo demo in Java: TestEcho4C server|client, for those of sdk/demos/test_echo_4c, too.
 *
 * <p>A package is a header with the body's length, then the body. The server sends each part back as soon as it is
 * there; the client takes what comes back apart. Both do so by PULL, with a connection's state as its extra.
 */
public final class TestEcho4C {
  private static final int HEADER = 8;  // number, length of the body
  private static final int NAME = 30;
  private static final int BODY = NAME + 2;  // name, age; a text and its NUL follow
  private static final int MAX_TEXT = 4000;
  private static final int EXIT_OK = 0;
  private static final int EXIT_FAILURE = 1;
  private static final int EXIT_USAGE = 2;
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private TestEcho4C() {}

  /** One line at once, from whatever thread. */
  private static void show(String format, Object... arguments) {
    OUT.print(String.format(format, arguments) + "\n");
    OUT.flush();
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** Takes a connection's packages apart. */
  private static final class Parser {
    interface Fetch {
      byte[] fetch(int length) throws IOException;
    }

    interface Part {
      void take(boolean isHeader, byte[] part) throws IOException;
    }

    private boolean isHeader = true;
    private int length = HEADER;

    /** Each whole part of what is available. */
    void parts(int available, Fetch fetch, Part taker) throws IOException {
      while (available >= length) {
        byte[] part = fetch.fetch(length);
        available -= part.length;
        boolean wasHeader = isHeader;
        length = wasHeader ? wrap(part).getInt(4) : HEADER;
        if (wasHeader && (length <= BODY || length > BODY + MAX_TEXT)) {
          throw new IOException("a body of " + length + " bytes");
        }
        isHeader = !wasHeader;
        taker.take(wasHeader, part);
      }
    }
  }

  /** Sends each part back. */
  private static final class EchoServer implements ServerListener {
    @Override
    public HandleResult onAccept(Server sender, long connId, int socket) throws IOException {
      sender.setConnectionExtra(connId, new Parser());
      show("  > [ %d, OnAccept ] -> PASS (%s)", connId, text(sender.getRemoteAddress(connId)));
      return HandleResult.OK;
    }

    @Override
    public HandleResult onPullReceive(TcpPullServer sender, long connId, int length) throws IOException {
      Parser parser = (Parser) sender.getConnectionExtra(connId);
      parser.parts(length, size -> sender.fetch(connId, size), (isHeader, part) -> {
        show("  > [ %d, OnReceive ] -> (%d bytes)", connId, part.length);
        sender.send(connId, part);
      });
      return HandleResult.OK;
    }

    @Override
    public HandleResult onClose(Server sender, long connId) {
      show("  > [ %d, OnClose ]", connId);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onError(Server sender, long connId, SocketOperation operation, int error) {
      show("  > [ %d, OnError ] -> OP: %d, CODE: %d", connId, operation.ordinal(), error);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onShutdown(Server sender) {
      show("$ Server Stop");
      return HandleResult.OK;
    }
  }

  /** Shows what comes back, and counts it. */
  private static final class EchoClient implements ClientListener {
    private int echoed;
    private boolean ended;

    @Override
    public HandleResult onConnect(Client sender) throws IOException {
      sender.setExtra(new Parser());
      show("  > [ %d, OnConnect ] -> local address: %s", sender.getConnectionId(), text(sender.getLocalAddress()));
      return HandleResult.OK;
    }

    @Override
    public HandleResult onPullReceive(TcpPullClient sender, int length) throws IOException {
      Parser parser = (Parser) sender.getExtra();
      parser.parts(length, sender::fetch, (isHeader, part) -> {
        if (isHeader) {
          show("  > [ %d, OnReceive ] -> seq: %d, body: %d bytes", sender.getConnectionId(),
              Integer.toUnsignedLong(wrap(part).getInt(0)), wrap(part).getInt(4));
          return;
        }
        String name = new String(part, 0, NAME, StandardCharsets.UTF_8).replaceFirst("\0+$", "");
        String desc = new String(part, BODY, part.length - BODY - 1, StandardCharsets.UTF_8);
        show("  > [ %d, OnReceive ] -> name: %s, age: %d, desc: %s", sender.getConnectionId(), name,
            wrap(part).getShort(NAME), desc);
        synchronized (this) {
          ++echoed;
          notifyAll();
        }
      });
      return HandleResult.OK;
    }

    @Override
    public HandleResult onClose(Client sender) {
      show("  > [ %d, OnClose ]", sender.getConnectionId());
      end();
      return HandleResult.OK;
    }

    @Override
    public HandleResult onError(Client sender, SocketOperation operation, int error) {
      show("  > [ %d, OnError ] -> OP: %d, CODE: %d", sender.getConnectionId(), operation.ordinal(), error);
      end();
      return HandleResult.OK;
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    /** Waits until so much has come back, or nothing more will; how much has. */
    synchronized int await(int sent) throws InterruptedException {
      while (!ended && echoed < sent) wait();
      return echoed;
    }
  }

  /** A package of a text: its header and its body. */
  private static byte[][] pack(int number, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_TEXT - 1);
    byte[] body = new byte[BODY + length + 1];
    byte[] name = "HP-Socket".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(name, 0, body, 0, name.length);
    wrap(body).putShort(NAME, (short) 23);
    System.arraycopy(bytes, 0, body, BODY, length);
    byte[] header = new byte[HEADER];
    wrap(header).putInt(number).putInt(body.length);
    return new byte[][] {header, body};
  }

  private static BufferedReader input() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  private static boolean isExit(String command) {
    return command.equals("exit") || command.equals("stop");
  }

  /** Until exit or the end of the input. */
  private static int serve(String address, int port) throws IOException {
    try (TcpPullServer server = new TcpPullServer(new EchoServer())) {
      server.start(address, port);
      show("listening on %s", text(server.getListenAddress()));
      BufferedReader input = input();
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        if (isExit(line.strip())) break;
      }
    }
    return EXIT_OK;
  }

  /** Sends what `send TEXT` says; at the end all of it comes back first. */
  private static int ask(String address, int port) throws IOException, InterruptedException {
    EchoClient listener = new EchoClient();
    int sent = 0;
    int echoed;
    try (TcpPullClient client = new TcpPullClient(listener)) {
      client.start(address, port);
      show("$ Client Start OK --> (%s : %d)", address, port);
      BufferedReader input = input();
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        String[] words = line.split(" ", 2);
        if (isExit(words[0])) break;
        String text = words.length > 1 ? words[1] : "";
        client.sendPackets(pack(++sent, text));
        show("$ (%d) Send OK --> %s", client.getConnectionId(), text);
      }
      echoed = listener.await(sent);
    }
    show(" *** Summary: send - %d, recv - %d", sent, echoed);
    return echoed == sent ? EXIT_OK : EXIT_FAILURE;
  }

  private static int usage() {
    System.err.println("TestEcho4C server [-b ADDRESS] [-p PORT]: an echo server; reads 'exit'\n"
        + "TestEcho4C client [-a ADDRESS] [-p PORT]: reads 'send TEXT' and 'exit'");
    return EXIT_USAGE;
  }

  private static int run(String[] arguments) throws InterruptedException {
    List<String> words = Arrays.asList(arguments);
    boolean isServer = words.size() % 2 == 1 && words.get(0).equals("server");
    if (!isServer && !(words.size() % 2 == 1 && words.get(0).equals("client"))) return usage();
    Map<String, String> options = new HashMap<>();
    options.put("-p", "5555");
    options.put(isServer ? "-b" : "-a", isServer ? "0.0.0.0" : "127.0.0.1");
    for (int i = 1; i < words.size(); i += 2) {
      if (options.replace(words.get(i), words.get(i + 1)) == null) return usage();
    }
    try {
      int port = Integer.parseInt(options.get("-p"));
      return isServer ? serve(options.get("-b"), port) : ask(options.get("-a"), port);
    } catch (NumberFormatException e) {
      return usage();
    } catch (IOException e) {
      System.err.printf("$ %s Fail --> %s%n", isServer ? "Server" : "Client", e.getMessage());
      return EXIT_FAILURE;
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(arguments));
  }
}
