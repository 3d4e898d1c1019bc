// Tests of the C# binding: csharp_test.exe --list, or the name of one. csharp_test.py runs them.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Remoting.Messaging;
using System.Runtime.Remoting.Proxies;
using System.Text;
using System.Threading;
using HPSocket;

/// <summary>What callbacks have said, to be waited for.</summary>
internal sealed class Said<T>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // far beyond what anything takes

    private readonly List<T> words = new List<T>();

    public void Say(T word)
    {
        lock (words)
        {
            words.Add(word);
            Monitor.PulseAll(words);
        }
    }

    public T[] Expect(Func<List<T>, bool> wanted)
    {
        DateTime end = DateTime.UtcNow + Patience;
        lock (words)
        {
            while (!wanted(words))
            {
                TimeSpan left = end - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(words, left))
                {
                    throw new TimeoutException("only this was said: " + string.Join(", ", words));
                }
            }
            return words.ToArray();
        }
    }

    public T[] Expect(int count) => Expect(all => all.Count >= count);
}

/// <summary>Gives back what comes, PUSH or PULL.</summary>
internal class Echo : ServerListener
{
    public override HandleResult OnReceive(Server sender, ulong connectionId, byte[] data)
    {
        sender.Send(connectionId, data);
        return HandleResult.Ok;
    }

    public override HandleResult OnPullReceive(Server sender, ulong connectionId, int length)
    {
        sender.Send(connectionId, ((TcpPullServer)sender).Fetch(connectionId, length));
        return HandleResult.Ok;
    }
}

/// <summary>Echoes, and keeps what it is told of sockets.</summary>
internal sealed class Sockets : Echo
{
    public readonly Said<int> Seen = new Said<int>();

    public override HandleResult OnAccept(Server sender, ulong connectionId, int socket)
    {
        Seen.Say(socket);
        return HandleResult.Ok;
    }
}

/// <summary>A client's: keeps what comes.</summary>
internal class Answers : ClientListener
{
    public readonly Said<byte[]> Data = new Said<byte[]>();
    public readonly Said<string> Events = new Said<string>();

    public byte[] Bytes(int count) =>
        Data.Expect(all => all.Sum(one => one.Length) >= count).SelectMany(one => one).ToArray();

    public override HandleResult OnConnect(Client sender) => Say("connect");

    public override HandleResult OnReceive(Client sender, byte[] data)
    {
        Data.Say(data);
        return HandleResult.Ok;
    }

    public override HandleResult OnPullReceive(Client sender, int length) =>
        OnReceive(sender, ((TcpPullClient)sender).Fetch(length));

    public override HandleResult OnClose(Client sender) => Say("close");

    public override HandleResult OnError(Client sender, SocketOperation operation, int error) =>
        Say(operation + " " + error);

    private HandleResult Say(string word)
    {
        Events.Say(word);
        return HandleResult.Ok;
    }
}

/// <summary>An agent's.</summary>
internal class AgentAnswers : AgentListener
{
    public readonly Said<byte[]> Data = new Said<byte[]>();
    public readonly Said<string> Events = new Said<string>();

    public override HandleResult OnConnect(Agent sender, ulong connectionId)
    {
        sender.SetConnectionExtra(connectionId, "extra " + connectionId);
        return HandleResult.Ok;
    }

    public override HandleResult OnReceive(Agent sender, ulong connectionId, byte[] data)
    {
        Data.Say(data);
        return HandleResult.Ok;
    }

    public override HandleResult OnPullReceive(Agent sender, ulong connectionId, int length) =>
        OnReceive(sender, connectionId, ((TcpPullAgent)sender).Fetch(connectionId, length));

    public override HandleResult OnClose(Agent sender, ulong connectionId)
    {
        Events.Say((string)sender.GetConnectionExtra(connectionId));
        return HandleResult.Ok;
    }

    public override HandleResult OnShutdown(Agent sender)
    {
        Events.Say("shutdown");
        return HandleResult.Ok;
    }
}

/// <summary>Calls what it is given for each event of that name.</summary>
internal sealed class On : Echo
{
    public Func<Server, ulong, byte[], HandleResult> Receive;
    public Func<Server, ulong, int, HandleResult> PullReceive;
    public Action<Server, ulong> Accept = (sender, id) => { };
    public Action<Server> Shutdown = sender => { };
    public object Kept;

    public override HandleResult OnAccept(Server sender, ulong connectionId, int socket)
    {
        Accept(sender, connectionId);
        return HandleResult.Ok;
    }

    public override HandleResult OnReceive(Server sender, ulong connectionId, byte[] data) =>
        Receive == null ? base.OnReceive(sender, connectionId, data) : Receive(sender, connectionId, data);

    public override HandleResult OnPullReceive(Server sender, ulong connectionId, int length) =>
        PullReceive == null ? base.OnPullReceive(sender, connectionId, length) : PullReceive(sender, connectionId, length);

    public override HandleResult OnShutdown(Server sender)
    {
        Shutdown(sender);
        return HandleResult.Ok;
    }
}

internal static class Program
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static int Main(string[] arguments)
    {
        if (arguments[0] == "--list")
        {
            Console.WriteLine(string.Join("\n", typeof(Tests).GetMethods(Own).Select(test => test.Name)));
            return 0;
        }
        MethodInfo method = typeof(Tests).GetMethod(arguments[0], Own) ?? typeof(Endings).GetMethod(arguments[0], Own);
        method.Invoke(null, null); // what it throws ends the process
        return 0;
    }
}

/// <summary>What csharp_test.py runs to see how the process ends.</summary>
internal static class Endings
{
    private static Server server;

    public static void ProcessEndsWhileComponentsRun()
    {
        server = new TcpServer(new On { Shutdown = sender => Console.WriteLine("shut down") });
        server.Start("127.0.0.1");
    }

    private static readonly List<Server> Servers = new List<Server>();
    private static int ended;

    public static void ProcessEndsAfterWhatCallbacksClose()
    {
        var listener = new On
        {
            Shutdown = sender =>
            {
                Servers.ForEach(one => one.Dispose());
                Thread.Sleep(300 * (Interlocked.Increment(ref ended) - 1)); // the first ends before the others
                Console.WriteLine("shut down");
            },
        };
        for (int i = 0; i < 3; ++i)
        {
            Servers.Add(new TcpServer(listener));
            Servers[i].Start("127.0.0.1");
        }
    }
}

internal static class Tests
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes("from C# and back");

    private static readonly Func<ServerListener, Server>[] TcpServers =
    {
        listener => new TcpServer(listener), listener => new TcpPullServer(listener),
    };

    private static readonly Func<AgentListener, Agent>[] TcpAgents =
    {
        listener => new TcpAgent(listener), listener => new TcpPullAgent(listener),
    };

    private static readonly Func<ClientListener, Client>[] TcpClients =
    {
        listener => new TcpClient(listener), listener => new TcpPullClient(listener),
    };

    private static void Equal<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new Exception("expected " + expected + ", but it is " + actual);
        }
    }

    private static void Equal(byte[] expected, byte[] actual) =>
        Equal(BitConverter.ToString(expected), actual == null ? "null" : BitConverter.ToString(actual));

    private static TException Throws<TException>(Action action) where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException exception)
        {
            return exception;
        }
        throw new Exception("it does not throw " + typeof(TException).Name);
    }

    private static byte[] Repeat(byte[] bytes, int count) => Enumerable.Repeat(bytes, count).SelectMany(one => one).ToArray();

    private static void StartTo(this Client client, Server server) => client.Start("127.0.0.1", Port(server));

    private static ushort Port(Server server) => (ushort)server.ListenAddress.Port;

    // --- Echoes ---

    public static void EveryServerWithEveryClient()
    {
        foreach (var makeServer in TcpServers)
        {
            foreach (var makeClient in TcpClients)
            {
                var answers = new Answers();
                using (Server server = makeServer(new Echo()))
                using (Client client = makeClient(answers))
                {
                    server.Start("127.0.0.1");
                    client.StartTo(server);
                    client.Send(Text);
                    client.SendPart(new byte[] { 1, 2 }.Concat(Text).ToArray(), 2, Text.Length);
                    client.SendPackets(Text.Take(5).ToArray(), Text.Skip(5).ToArray());
                    Equal(Repeat(Text, 3), answers.Bytes(3 * Text.Length));
                    Equal(1, server.ConnectionIds.Length);
                    Equal(client.LocalAddress, server.RemoteAddress(server.ConnectionIds[0]));
                    Equal((ulong)(3 * Text.Length), client.Stats.BytesReceived);
                    client.Extra = answers;
                    Equal<object>(answers, client.Extra);
                }
            }
        }
    }

    public static void EveryServerWithEveryAgent()
    {
        foreach (var makeServer in TcpServers)
        {
            foreach (var makeAgent in TcpAgents)
            {
                var answers = new AgentAnswers();
                using (Server server = makeServer(new Echo()))
                using (Agent agent = makeAgent(answers))
                {
                    server.Start("127.0.0.1");
                    agent.Start();
                    ulong[] ids = Enumerable.Range(0, 3).Select(_ => agent.Connect("127.0.0.1", Port(server))).ToArray();
                    foreach (ulong id in ids)
                    {
                        agent.Send(id, Text);
                    }
                    byte[][] data = answers.Data.Expect(all => all.Sum(one => one.Length) >= 3 * Text.Length);
                    Equal(3 * Text.Length, data.Sum(one => one.Length));
                    Equal(string.Join(" ", ids), string.Join(" ", agent.ConnectionIds.OrderBy(id => id)));
                    Equal<object>("extra " + ids[0], agent.GetConnectionExtra(ids[0]));
                    Equal(server.ListenAddress, agent.RemoteAddress(ids[0]));
                    agent.PauseReceive(ids[0]);
                    Equal(true, agent.IsReceivePaused(ids[0]));
                    agent.Stop();
                    string[] events = answers.Events.Expect(4);
                    Equal(string.Join(" ", ids.Select(id => "extra " + id).OrderBy(one => one)),
                        string.Join(" ", events.Take(3).OrderBy(one => one)));
                    Equal("shutdown", events[3]);
                    Throws<HPSocketException>(() => agent.GetConnectionExtra(ids[0]));
                }
            }
        }
    }

    public static void SocketsAreShown()
    {
        var sockets = new Sockets();
        using (var server = new TcpServer(sockets))
        using (var client = new TcpClient(new Answers()))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            Equal(true, sockets.Seen.Expect(1)[0] > 2);
        }
    }

    public static void DatagramsGoThereAndBack()
    {
        var answers = new Answers();
        var sockets = new Sockets();
        using (var server = new UdpServer(sockets))
        using (var client = new UdpClient(answers))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            answers.Events.Expect(1);
            client.Send(Text);
            Equal(Text, answers.Bytes(Text.Length));
            Equal(-1, sockets.Seen.Expect(1)[0]);
            Equal(22, Throws<HPSocketException>(() => client.Send(new byte[0])).Errno);
            client.Stop();
            Equal("connect close", string.Join(" ", answers.Events.Expect(2)));
        }
    }

    public static void MemberOfAGroupHearsItself()
    {
        var answers = new Answers();
        using (var cast = new UdpCast(answers))
        {
            cast.BindAddress = "127.0.0.1";
            Equal("127.0.0.1", cast.BindAddress);
            cast.MultiCastLoop = true;
            Equal(CastMode.Multicast, cast.CastMode);
            Throws<HPSocketException>(() => cast.JoinSource("nobody"));
            cast.Start("233.0.0.1", 5555);
            cast.Send(Text);
            Equal(Text, answers.Bytes(Text.Length));
        }
    }

    public static void PullLooksBeforeItTakes()
    {
        var looked = new Said<string>();
        Func<byte[], string> read = bytes => bytes == null ? "null" : Encoding.ASCII.GetString(bytes);
        var listener = new On();
        listener.PullReceive = (sender, id, length) =>
        {
            if (length == Text.Length)
            {
                var server = (TcpPullServer)sender;
                bool found = server.Find(id, Encoding.ASCII.GetBytes("and"), out int position);
                bool other = server.Find(id, Encoding.ASCII.GetBytes("nowhere"), out int _);
                looked.Say(string.Join("|", found, position, other, read(server.Peek(id, 4)),
                    read(server.PeekSpan(id)).Substring(0, 4), read(server.Fetch(id, length + 1)),
                    read(server.Fetch(id, length))));
            }
            return HandleResult.Ok;
        };
        using (var server = new TcpPullServer(listener))
        using (var client = new TcpClient(new Answers()))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            client.Send(Text);
            Equal("True|8|False|from|from|null|from C# and back", looked.Expect(1)[0]);
            Throws<HPSocketException>(() => server.Fetch(1000000000, 1));
        }
    }

    public static void ClientsLookToo()
    {
        var looked = new Said<string>();
        using (var server = new TcpServer(new Echo()))
        using (var client = new TcpPullClient(new Looks { Looked = looked, Length = Text.Length }))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            client.Send(Text);
            Equal("True|8|4|True|True|16", looked.Expect(1)[0]);
        }
    }

    private sealed class Looks : ClientListener
    {
        public Said<string> Looked;
        public int Length;

        public override HandleResult OnPullReceive(Client sender, int length)
        {
            if (length == Length)
            {
                var client = (TcpPullClient)sender;
                bool found = client.Find(Encoding.ASCII.GetBytes("and"), out int position);
                Looked.Say(string.Join("|", found, position, client.Peek(4).Length, client.PeekSpan().Length > 0,
                    client.Fetch(length + 1) == null, client.Fetch(length).Length));
            }
            return HandleResult.Ok;
        }
    }

    public static void SmallFilesGoWithHeadAndTail()
    {
        var answers = new Answers();
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, Text);
        using (var server = new TcpServer(new Echo()))
        using (var client = new TcpClient(answers))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            client.SendSmallFile(file, new byte[] { 60 }, new byte[] { 62 });
            Equal(new byte[] { 60 }.Concat(Text).Concat(new byte[] { 62 }).ToArray(), answers.Bytes(Text.Length + 2));
            var failure = Throws<HPSocketException>(() => client.SendSmallFile(file + ".none"));
            Equal(2, failure.Errno);
            Equal(SocketError.InvalidParam, failure.Code.Value);
        }
        File.Delete(file);
    }

    // --- Errors ---

    public static void FailingCallsThrowWhatCSays()
    {
        using (var server = new TcpServer(new Echo()))
        using (var client = new TcpClient(new Answers()))
        {
            server.Start("127.0.0.1");
            Equal(SocketError.IllegalState, Throws<HPSocketException>(() => server.Start("127.0.0.1")).Code.Value);
            Equal("Illegal State", server.LastErrorDesc);
            var failure = Throws<HPSocketException>(() => server.Send(1000000000, Text));
            Equal(57, failure.Errno);
            Equal(null, failure.Code);
            failure = Throws<HPSocketException>(() => client.Send(Text));
            Equal(1, failure.Errno);
            Equal(SocketError.IllegalState, failure.Code.Value);
            ushort port = Port(server);
            server.Stop();
            failure = Throws<HPSocketException>(() => client.Start("127.0.0.1", port));
            Equal(111, failure.Errno);
            Equal(SocketError.ConnectServer, failure.Code.Value);
            Equal(true, failure.Message.StartsWith("Connection refused"));
            Equal(true, server.Wait(0));
            Throws<ArgumentOutOfRangeException>(() => client.SendPart(Text, 1, Text.Length));
            Throws<ArgumentNullException>(() => new TcpServer(null));
        }
    }

    public static void WhatWouldGetLostIsRefused()
    {
        using (var server = new TcpServer(new Echo()))
        using (var client = new TcpPullClient(new Answers()))
        using (var agent = new TcpAgent(new AgentListener()))
        using (var cast = new UdpCast(new Answers()))
        {
            const string text = "127.0.0.1\0x";
            Throws<ArgumentException>(() => server.Start(text));
            Throws<ArgumentException>(() => server.SendSmallFile(1, "/etc/passwd\0.txt"));
            Throws<ArgumentException>(() => client.Start(text, 1));
            Throws<ArgumentException>(() => client.SendSmallFile("/etc/passwd\0.txt"));
            Throws<ArgumentException>(() => agent.Start(text));
            Throws<ArgumentException>(() => agent.Connect(text, 1));
            Throws<ArgumentException>(() => agent.SendSmallFile(1, "/etc/passwd\0.txt"));
            Throws<ArgumentException>(() => cast.BindAddress = text);
            Throws<ArgumentException>(() => cast.JoinSource(text));
            int position;
            Throws<ArgumentOutOfRangeException>(() => client.Fetch(-1));
            Throws<ArgumentOutOfRangeException>(() => client.Peek(-1));
            Throws<ArgumentOutOfRangeException>(() => client.Find(new byte[0], out position));
            Throws<ArgumentOutOfRangeException>(() => client.Find(Text, out position, -1));
        }
    }

    public static void ScopesOfAddressesAreKept()
    {
        var parse = typeof(Component).GetMethod("Parse", BindingFlags.NonPublic | BindingFlags.Static);
        Func<string, IPAddress> parsed = literal => (IPAddress)parse.Invoke(null, new object[] { literal });
        Equal(1L, parsed("fe80::1%lo").ScopeId);
        Equal(7L, parsed("fe80::1%7").ScopeId);
        Equal(IPAddress.Parse("fe80::1").GetAddressBytes()[15], parsed("fe80::1%lo").GetAddressBytes()[15]);
        Equal(IPAddress.Parse("10.0.0.1"), parsed("10.0.0.1"));
        Equal(99, ((HPSocketException)Throws<TargetInvocationException>(() => parsed("fe80::1%gone0")).InnerException).Errno);
    }

    public static void ClosedObjectsRefuse()
    {
        var client = new TcpClient(new Answers());
        client.Dispose();
        client.Dispose();
        Throws<ObjectDisposedException>(() => client.Start("127.0.0.1", 1));
    }

    public static void WaitingEndsInTime()
    {
        using (var server = new TcpServer(new Echo()))
        {
            server.Start("127.0.0.1");
            Equal(false, server.Wait(10));
        }
    }

    public static void WhatACallbackThrowsIsReportedAndEndsTheConnection()
    {
        var failures = new Said<string>();
        Library.CallbackFailed += (name, owner, exception) =>
        {
            failures.Say(name + " " + owner.GetType().Name + " " + exception.Message);
            throw new Exception("so does the handler");
        };
        var answers = new Answers();
        Func<Server, ulong, byte[], HandleResult> receive = (sender, id, data) => throw new KeyNotFoundException("not this");
        using (var server = new TcpServer(new On { Receive = receive }))
        using (var client = new TcpClient(answers))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            client.Send(Text);
            answers.Events.Expect(2);
            Equal("OnReceive On not this", failures.Expect(1)[0]);
            client.Wait();
            client.StartTo(server); // the server goes on
        }
    }

    private sealed class HasNoText : ServerListener
    {
        private sealed class NoTextEither : Exception
        {
            public override string ToString() => throw new InvalidOperationException("nor this");
        }

        public override HandleResult OnReceive(Server sender, ulong connectionId, byte[] data) => throw new NoTextEither();

        public override string ToString() => throw new InvalidOperationException("this has no text");
    }

    public static void FailuresThatCannotBeWrittenStayInside()
    {
        var broken = new StreamWriter(new MemoryStream());
        broken.Close();
        var errors = new StringWriter();
        foreach (TextWriter writer in new TextWriter[] { errors, broken })
        {
            Console.SetError(writer);
            var answers = new Answers();
            using (var server = new TcpServer(new HasNoText()))
            using (var client = new TcpClient(answers))
            {
                server.Start("127.0.0.1");
                client.StartTo(server);
                client.Send(Text);
                answers.Events.Expect(2);
                client.Wait();
                client.StartTo(server); // the server goes on
            }
        }
        Equal("OnReceive of Tests+HasNoText failed: Tests+HasNoText+NoTextEither", errors.ToString().Trim());
    }

    // --- Life ---

    /// <summary>Stands before the C functions: when an extra was set, the component is stopped at once.</summary>
    private sealed class ThenStop : RealProxy
    {
        private readonly object functions;
        private readonly Component component;

        public ThenStop(Type type, object functions, Component component) : base(type)
        {
            this.functions = functions;
            this.component = component;
        }

        public override IMessage Invoke(IMessage message)
        {
            var call = (IMethodCallMessage)message;
            object[] arguments = call.Args;
            object answer = call.MethodBase.Invoke(functions, arguments);
            if (call.MethodName == "SetConnectionExtra")
            {
                component.Stop(); // the last event has returned
            }
            return new ReturnMessage(answer, arguments, arguments.Length, call.LogicalCallContext, call);
        }
    }

    public static void ExtraThatMeetsTheLastEventIsForgotten()
    {
        const BindingFlags hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        FieldInfo functions = typeof(Complex).GetField("functions", hidden);
        using (var server = new TcpServer(new Echo()))
        using (var agent = new TcpAgent(new AgentAnswers()))
        {
            server.Start("127.0.0.1");
            agent.Start();
            ulong id = agent.Connect("127.0.0.1", Port(server));
            agent.SetConnectionExtra(id, null);
            var extras = (ICollection)typeof(Complex).GetField("extras", hidden).GetValue(agent);
            Equal(0, extras.Count);
            object direct = functions.GetValue(agent);
            functions.SetValue(agent, new ThenStop(functions.FieldType, direct, agent).GetTransparentProxy());
            agent.SetConnectionExtra(id, "late");
            functions.SetValue(agent, direct);
            Throws<HPSocketException>(() => agent.SetConnectionExtra(id, "too late"));
            Equal(0, extras.Count);
        }
    }

    private static void OnAnotherThread(Action action)
    {
        // What a thread's stack has looked like keeps objects alive.
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private static void Collect(Func<bool> until)
    {
        DateTime end = DateTime.UtcNow + TimeSpan.FromSeconds(60);
        do
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException("it is not collected");
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        while (!until());
        GC.WaitForPendingFinalizers();
    }

    public static void ListenerLivesAsLongAsItsComponent()
    {
        WeakReference gone = null;
        Server server = null;
        OnAnotherThread(() =>
        {
            var listener = new Echo();
            gone = new WeakReference(listener);
            server = new TcpServer(listener);
        });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Equal(true, gone.IsAlive);
        OnAnotherThread(() =>
        {
            var answers = new Answers();
            using (var client = new TcpClient(answers))
            {
                server.Start("127.0.0.1");
                client.StartTo(server);
                client.Send(Text);
                Equal(Text, answers.Bytes(Text.Length));
            }
            server.Dispose();
            server = null;
        });
        Collect(() => !gone.IsAlive);
    }

    public static void RunningComponentThatNobodyHasAnyMoreIsClosed() => CollectsRunning(inACircle: false);

    public static void SoItIsWhenItsListenerHasIt() => CollectsRunning(inACircle: true);

    private static void CollectsRunning(bool inACircle)
    {
        // Several, since what is left on a stack may keep one of them.
        var gone = new List<WeakReference>();
        var ports = new List<ushort>();
        var shutDown = new Said<ServiceState>();
        for (int i = 0; i < 8; ++i)
        {
            OnAnotherThread(() =>
            {
                var listener = new On { Shutdown = sender => shutDown.Say(sender.State) };
                Server server = new TcpServer(listener);
                listener.Kept = inACircle ? server : null;
                server.Start("127.0.0.1");
                ports.Add(Port(server));
                gone.Add(new WeakReference(server));
            });
        }
        Collect(() => gone.Any(one => !one.IsAlive));
        Equal(ServiceState.Stopping, shutDown.Expect(1)[0]);
        ushort port = ports[gone.FindIndex(one => !one.IsAlive)];
        using (var client = new TcpClient(new Answers()))
        {
            Equal(111, Throws<HPSocketException>(() => client.Start("127.0.0.1", port)).Errno);
        }
    }

    public static void BusyComponentOutlivesCollections()
    {
        var answers = new Answers();
        using (var server = new TcpServer(new Echo()))
        using (var client = new TcpClient(answers))
        {
            server.Start("127.0.0.1");
            client.StartTo(server);
            for (int i = 1; i <= 50; ++i)
            {
                client.Send(Text);
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Equal(i * Text.Length, answers.Bytes(i * Text.Length).Length);
            }
        }
    }

    public static void ClosingInsideACallbackHappensAfterwards()
    {
        var shutDown = new Said<string>();
        var answers = new Answers();
        var listener = new On { Shutdown = sender => shutDown.Say("shutdown") };
        listener.Receive = (sender, id, data) =>
        {
            sender.Dispose();
            return HandleResult.Ok;
        };
        var server = new TcpServer(listener);
        server.Start("127.0.0.1");
        using (var client = new TcpClient(answers))
        {
            client.StartTo(server);
            client.Send(Text);
            shutDown.Expect(1);
            answers.Events.Expect(2);
        }
    }

    public static void ClosingEndsAWaitOfAnotherThread()
    {
        var server = new TcpServer(new Echo());
        server.Start("127.0.0.1");
        var waiting = new Said<string>();
        new Thread(() =>
        {
            waiting.Say("begun");
            try
            {
                waiting.Say(server.Wait() ? "stopped" : "timed out");
            }
            catch (ObjectDisposedException)
            {
                waiting.Say("closed before");
            }
        }).Start();
        waiting.Expect(1);
        server.Dispose();
        string end = waiting.Expect(2)[1];
        Equal(true, end == "stopped" || end == "closed before");
    }

    public static void LastEventsFindTheirSender()
    {
        var answers = new AgentAnswers();
        using (var server = new TcpServer(new Echo()))
        {
            server.Start("127.0.0.1");
            ulong id;
            using (var agent = new TcpAgent(answers))
            {
                agent.Start();
                id = agent.Connect("127.0.0.1", Port(server));
            }
            Equal("extra " + id + ", shutdown", string.Join(", ", answers.Events.Expect(2)));
        }
    }

    public static void ListenerMayServeSeveralComponents()
    {
        var senders = new Said<Server>();
        var listener = new On { Accept = (sender, id) => senders.Say(sender) };
        using (var first = new TcpServer(listener))
        using (var second = new TcpPullServer(listener))
        using (var one = new TcpClient(new Answers()))
        using (var other = new TcpClient(new Answers()))
        {
            first.Start("127.0.0.1");
            second.Start("127.0.0.1");
            one.StartTo(first);
            other.StartTo(second);
            Server[] said = senders.Expect(2);
            Equal(true, said.Contains(first) && said.Contains(second));
        }
    }

    // --- Settings, helpers, declarations ---

    public static void EverySettingGivesBackWhatWasSet()
    {
        var components = new Component[]
        {
            new TcpServer(new Echo()), new TcpPullServer(new Echo()), new UdpServer(new Echo()),
            new TcpAgent(new AgentAnswers()), new TcpPullAgent(new AgentAnswers()),
            new TcpClient(new Answers()), new TcpPullClient(new Answers()), new UdpClient(new Answers()),
            new UdpCast(new Answers()),
        };
        foreach (Component component in components)
        {
            PropertyInfo[] settings = component.GetType().GetProperties()
                .Where(one => one.CanWrite && one.PropertyType.IsValueType).ToArray();
            Equal(true, settings.Length > 12);
            foreach (PropertyInfo setting in settings)
            {
                object before = setting.GetValue(component, null);
                object value = Another(before);
                setting.SetValue(component, value, null);
                Equal(setting.Name + " " + value, setting.Name + " " + setting.GetValue(component, null));
            }
            component.Dispose();
        }
    }

    private static object Another(object value)
    {
        if (value is bool truth)
        {
            return !truth;
        }
        if (value is Enum)
        {
            return Enum.GetValues(value.GetType()).Cast<object>().Last();
        }
        return Convert.ChangeType(Convert.ToUInt64(value) + 1, value.GetType());
    }

    public static void MessagesGoToTheLogHandler()
    {
        var messages = new Said<string>();
        Library.SetLogHandler((level, message) => messages.Say(message));
        Func<Server, ulong, byte[], HandleResult> slow = (sender, id, data) =>
        {
            Thread.Sleep(10); // longer than SlowCallbackTime, so it is named in the log
            return HandleResult.Ok;
        };
        using (var server = new TcpServer(new On { Receive = slow }))
        using (var client = new TcpClient(new Answers()))
        {
            server.SlowCallbackTime = 1;
            server.Start("127.0.0.1");
            client.StartTo(server);
            client.Send(Text);
            messages.Expect(all => all.Any(one => one.Contains("OnReceive")));
        }
        Library.SetLogHandler(null);
    }

    public static void VersionIsTheLibrarys()
    {
        Equal(3, Library.Version.Split('.').Length);
        Equal((uint)int.Parse(Library.Version.Split('.')[0]), Native.HP_GetHPSocketVersion() >> 24);
    }

    public static void EveryDeclaredFunctionIsInTheLibrary()
    {
        MethodInfo[] functions = typeof(Native).GetMethods(Own)
            .Where(one => (one.Attributes & MethodAttributes.PinvokeImpl) != 0).ToArray();
        Equal(true, functions.Length > 330);
        foreach (MethodInfo function in functions)
        {
            Marshal.Prelink(function);
        }
        Throws<EntryPointNotFoundException>(() => Marshal.Prelink(typeof(Tests).GetMethod(nameof(HP_Nothing), Hidden)));
    }

    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Static;

    [DllImport(Native.Library)]
    private static extern void HP_Nothing();
}
