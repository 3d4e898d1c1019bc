package hpsocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What the tests are made of. */
final class Harness {
  static final long PATIENCE_MS = 60_000;  // far beyond what anything takes
  static final byte[] TEXT = bytes("from Java and back");
  static final String HOME = "127.0.0.1";

  private Harness() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void equal(Object got, Object wanted) {
    if (!Objects.equals(got, wanted)) throw new AssertionError("got " + got + ", wanted " + wanted);
  }

  static void isTrue(boolean fact) {
    equal(fact, true);
  }

  /** What comes to be, though perhaps not yet. */
  static void becomes(Callable<?> asked, Object wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    while (!Objects.equals(asked.call(), wanted) && System.nanoTime() < end) Thread.yield();
    equal(asked.call(), wanted);
  }

  /** What a call throws. */
  static <E extends Throwable> E thrown(Class<E> type, Callable<?> call) {
    try {
      call.call();
    } catch (Throwable thrown) {
      if (type.isInstance(thrown)) return type.cast(thrown);
      throw new AssertionError("another exception", thrown);
    }
    throw new AssertionError("no exception");
  }

  interface Call {
    void run() throws Exception;
  }

  static HPSocketException fails(Call call) {
    return thrown(HPSocketException.class, () -> {
      call.run();
      return null;
    });
  }

  /** What callbacks have said, to be waited for. */
  static final class Said<T> {
    private final List<T> words = new ArrayList<>();

    synchronized void say(T word) {
      words.add(word);
      notifyAll();
    }

    /** Waits until the words are what is wanted; gives them. */
    synchronized List<T> expect(Predicate<List<T>> wanted) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
      while (!wanted.test(words)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) throw new AssertionError("only this was said: " + words);
        wait(left);
      }
      return new ArrayList<>(words);
    }

    List<T> expect(int count) throws InterruptedException {
      return expect(all -> all.size() >= count);
    }
  }

  /** Bytes that have come. */
  static final class Bytes {
    private final Said<byte[]> said = new Said<>();

    void say(byte[] data) {
      said.say(data);
    }

    byte[] expect(int count) throws InterruptedException {
      List<byte[]> parts = said.expect(all -> all.stream().mapToInt(part -> part.length).sum() >= count);
      ByteBuffer whole = ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
      parts.forEach(whole::put);
      return whole.array();
    }
  }

  /** Gives back what comes, PUSH or PULL. */
  static class Echo implements ServerListener {
    @Override
    public HandleResult onReceive(Server sender, long connId, byte[] data) throws Exception {
      sender.send(connId, data);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onPullReceive(TcpPullServer sender, long connId, int length) throws Exception {
      sender.send(connId, sender.fetch(connId, length));
      return HandleResult.OK;
    }
  }

  /** A client's: keeps what comes. */
  static class Answers implements ClientListener {
    final Bytes data = new Bytes();
    final Said<String> events = new Said<>();

    @Override
    public HandleResult onConnect(Client sender) {
      events.say("connect");
      return HandleResult.OK;
    }

    @Override
    public HandleResult onReceive(Client sender, byte[] received) {
      data.say(received);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onPullReceive(TcpPullClient sender, int length) throws Exception {
      data.say(sender.fetch(length));
      return HandleResult.OK;
    }

    @Override
    public HandleResult onClose(Client sender) {
      events.say("close");
      return null;  // the same as OK
    }

    @Override
    public HandleResult onError(Client sender, SocketOperation operation, int error) {
      events.say(operation + " " + error);
      return HandleResult.OK;
    }
  }

  /** An agent's. */
  static class AgentAnswers implements AgentListener {
    final Bytes data = new Bytes();
    final Said<Object> events = new Said<>();

    @Override
    public HandleResult onConnect(Agent sender, long connId) throws Exception {
      sender.setConnectionExtra(connId, "extra " + connId);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onReceive(Agent sender, long connId, byte[] received) {
      data.say(received);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onPullReceive(TcpPullAgent sender, long connId, int length) throws Exception {
      data.say(sender.fetch(connId, length));
      return HandleResult.OK;
    }

    @Override
    public HandleResult onClose(Agent sender, long connId) throws Exception {
      events.say(sender.getConnectionExtra(connId));
      return HandleResult.OK;
    }

    @Override
    public HandleResult onError(Agent sender, long connId, SocketOperation operation, int error) {
      events.say(operation + " " + error);
      return HandleResult.OK;
    }

    @Override
    public HandleResult onShutdown(Agent sender) {
      events.say("shutdown");
      return HandleResult.OK;
    }
  }
}
