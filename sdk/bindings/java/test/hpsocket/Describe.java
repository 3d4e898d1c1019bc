package hpsocket;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What the binding believes of C, one line each, to be compared with the C headers. */
final class Describe {
  private static final List<String> KINDS = List.of("TcpServer", "TcpPullServer", "TcpAgent", "TcpPullAgent",
      "TcpClient", "TcpPullClient", "UdpServer", "UdpClient", "UdpCast");

  private Describe() {}

  static void print() throws ReflectiveOperationException {
    for (Method method : Direct.class.getDeclaredMethods()) {
      if (Modifier.isNative(method.getModifiers())) function(method.getName(), method);
    }
    family(Functions.Server.class, "HP_Server_");
    family(Functions.Agent.class, "HP_Agent_");
    family(Functions.Client.class, "HP_Client_");
    family(Functions.TcpServer.class, "HP_TcpServer_");
    family(Functions.TcpAgent.class, "HP_TcpAgent_");
    family(Functions.TcpClient.class, "HP_TcpClient_");
    family(Functions.PullSocket.class, "HP_TcpPullServer_");
    family(Functions.PullSocket.class, "HP_TcpPullAgent_");
    family(Functions.PullClient.class, "HP_TcpPullClient_");
    family(Functions.UdpServer.class, "HP_UdpServer_");
    family(Functions.UdpClient.class, "HP_UdpClient_");
    family(Functions.UdpCast.class, "HP_UdpCast_");
    family(Functions.Global.class, "");
    for (String kind : KINDS) {
      for (Method method : Functions.Objects.class.getDeclaredMethods()) {
        function(State.functionOfKind(kind, method.getName()), method);
      }
    }
    for (Class<?> type : List.of(ServiceState.class, SocketOperation.class, HandleResult.class, FetchResult.class,
        SendPolicy.class, RecvPolicy.class, SocketError.class, CastMode.class, IoBackend.class)) {
      System.out.println("enum En_HP_" + type.getSimpleName() + " " + Arrays.stream(type.getEnumConstants())
          .map(Object::toString).collect(Collectors.joining(" ")));
    }
    stats();
  }

  private static void family(Class<? extends Library> type, String prefix) {
    for (Method method : type.getMethods()) function(prefix + method.getName(), method);
  }

  private static void function(String name, Method method) {
    System.out.println("function " + name + " " + signature(method));
  }

  private static String signature(Method method) {
    return type(method.getReturnType()) + "(" + Arrays.stream(method.getParameterTypes()).map(Describe::type)
        .collect(Collectors.joining(",")) + ")";
  }

  private static String type(Class<?> type) {
    return Callback.class.isAssignableFrom(type) ? signature(type.getDeclaredMethods()[0]) : type.getSimpleName();
  }

  /** Each figure of Stats with its place. */
  private static void stats() throws ReflectiveOperationException {
    byte[] room = Stats.room();
    ByteBuffer figures = ByteBuffer.wrap(room).order(ByteOrder.nativeOrder());
    System.out.println("size " + figures.getInt(0));
    for (int i = 8; i < room.length; i += Long.BYTES) figures.putLong(i, i);
    Stats stats = new Stats(room);
    for (Method method : Stats.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())) {
        System.out.println("figure " + method.invoke(stats) + " " + method.getName());
      }
    }
  }
}
