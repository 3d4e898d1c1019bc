// HP-Socket's echo demo in C#: test_echo_4c.exe server|client, for those of sdk/demos/test_echo_4c, too.
//
// A package is a header with the body's length, then the body. The server sends each part back as soon as it is there; the
// client takes what comes back apart. Both do so by PULL, with a connection's state as its extra.
using System;
using System.IO;
using System.Text;
using System.Threading;
using HPSocket;

/// <summary>A header: number, length of the body. A body: name, age, a text and its NUL.</summary>
internal static class Package
{
    public const int HeaderSize = 8;
    public const int NameSize = 30;
    public const int TextAt = NameSize + 2;
    public const int MaxText = 4000;

    public static byte[] Header(int number, int length)
    {
        var header = new byte[HeaderSize];
        BitConverter.GetBytes(number).CopyTo(header, 0);
        BitConverter.GetBytes(length).CopyTo(header, 4);
        return header;
    }

    public static byte[] Body(string name, short age, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, MaxText - 1);
        var body = new byte[TextAt + length + 1];
        Encoding.ASCII.GetBytes(name).CopyTo(body, 0);
        BitConverter.GetBytes(age).CopyTo(body, NameSize);
        Array.Copy(bytes, 0, body, TextAt, length);
        return body;
    }
}

/// <summary>Takes a connection's packages apart.</summary>
internal sealed class Parser
{
    private bool isHeader = true;
    private int length = Package.HeaderSize;

    /// <summary>Gives take(whether it is a header, its bytes) each whole part of what is available.</summary>
    public void Parts(int available, Func<int, byte[]> fetch, Action<bool, byte[]> take)
    {
        while (available >= length)
        {
            byte[] part = fetch(length);
            available -= part.Length;
            bool wasHeader = isHeader;
            length = wasHeader ? BitConverter.ToInt32(part, 4) : Package.HeaderSize;
            isHeader = !wasHeader;
            if (wasHeader && (length <= Package.TextAt || length > Package.TextAt + Package.MaxText))
            {
                throw new InvalidDataException("a body of " + length + " bytes");
            }
            take(wasHeader, part);
        }
    }
}

/// <summary>Sends each part back.</summary>
internal sealed class EchoServer : ServerListener
{
    public override HandleResult OnAccept(Server sender, ulong connectionId, int socket)
    {
        sender.SetConnectionExtra(connectionId, new Parser());
        Demo.Show("  > [ {0}, OnAccept ] -> PASS ({1})", connectionId, sender.RemoteAddress(connectionId));
        return HandleResult.Ok;
    }

    public override HandleResult OnPullReceive(Server sender, ulong connectionId, int length)
    {
        var server = (TcpPullServer)sender;
        var parser = (Parser)server.GetConnectionExtra(connectionId);
        parser.Parts(length, size => server.Fetch(connectionId, size), (isHeader, part) =>
        {
            Demo.Show("  > [ {0}, OnReceive ] -> ({1} bytes)", connectionId, part.Length);
            server.Send(connectionId, part);
        });
        return HandleResult.Ok;
    }

    public override HandleResult OnClose(Server sender, ulong connectionId)
    {
        Demo.Show("  > [ {0}, OnClose ]", connectionId);
        return HandleResult.Ok;
    }

    public override HandleResult OnError(Server sender, ulong connectionId, SocketOperation operation, int error)
    {
        Demo.Show("  > [ {0}, OnError ] -> OP: {1:D}, CODE: {2}", connectionId, operation, error);
        return HandleResult.Ok;
    }

    public override HandleResult OnShutdown(Server sender)
    {
        Demo.Show("$ Server Stop");
        return HandleResult.Ok;
    }
}

/// <summary>Shows what comes back, and counts it.</summary>
internal sealed class EchoClient : ClientListener
{
    private readonly object changed = new object();
    private int echoed;
    private bool ended;

    /// <summary>Waits until so many came back, or the connection has ended; how many did.</summary>
    public int WaitFor(int sent)
    {
        lock (changed)
        {
            while (echoed < sent && !ended)
            {
                Monitor.Wait(changed);
            }
            return echoed;
        }
    }

    public override HandleResult OnConnect(Client sender)
    {
        sender.Extra = new Parser();
        Demo.Show("  > [ {0}, OnConnect ] -> local address: {1}", sender.ConnectionId, sender.LocalAddress);
        return HandleResult.Ok;
    }

    public override HandleResult OnPullReceive(Client sender, int length)
    {
        ((Parser)sender.Extra).Parts(length, ((TcpPullClient)sender).Fetch, (isHeader, part) =>
        {
            if (isHeader)
            {
                Demo.Show("  > [ {0}, OnReceive ] -> seq: {1}, body: {2} bytes", sender.ConnectionId,
                    BitConverter.ToInt32(part, 0), BitConverter.ToInt32(part, 4));
                return;
            }
            Demo.Show("  > [ {0}, OnReceive ] -> name: {1}, age: {2}, desc: {3}", sender.ConnectionId,
                Encoding.ASCII.GetString(part, 0, Package.NameSize).TrimEnd('\0'),
                BitConverter.ToInt16(part, Package.NameSize),
                Encoding.UTF8.GetString(part, Package.TextAt, part.Length - Package.TextAt - 1));
            lock (changed)
            {
                ++echoed;
                Monitor.PulseAll(changed);
            }
        });
        return HandleResult.Ok;
    }

    public override HandleResult OnClose(Client sender)
    {
        Demo.Show("  > [ {0}, OnClose ]", sender.ConnectionId);
        return End();
    }

    public override HandleResult OnError(Client sender, SocketOperation operation, int error)
    {
        Demo.Show("  > [ {0}, OnError ] -> OP: {1:D}, CODE: {2}", sender.ConnectionId, operation, error);
        return End();
    }

    private HandleResult End()
    {
        lock (changed)
        {
            ended = true;
            Monitor.PulseAll(changed);
        }
        return HandleResult.Ok;
    }
}

internal static class Demo
{
    private const int ExitOk = 0;
    private const int ExitFailure = 1;
    private const int ExitUsage = 2;

    private static TextReader input;
    private static TextWriter output;

    /// <summary>One line at once, from whatever thread.</summary>
    public static void Show(string format, params object[] arguments)
    {
        lock (output)
        {
            output.WriteLine(format, arguments);
        }
    }

    public static int Main(string[] arguments)
    {
        var utf8 = new UTF8Encoding(false);
        input = new StreamReader(Console.OpenStandardInput(), utf8);
        output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        string role = arguments.Length > 0 ? arguments[0] : "";
        string address = role == "server" ? "0.0.0.0" : "127.0.0.1";
        ushort port = 5555;
        bool understood = arguments.Length % 2 == 1 && (role == "server" || role == "client");
        for (int i = 1; understood && i < arguments.Length; i += 2)
        {
            if (arguments[i] == (role == "server" ? "-b" : "-a"))
            {
                address = arguments[i + 1];
            }
            else
            {
                understood = arguments[i] == "-p" && ushort.TryParse(arguments[i + 1], out port);
            }
        }
        if (!understood)
        {
            Console.Error.WriteLine("test_echo_4c.exe server [-b ADDRESS] [-p PORT]   reads 'exit'");
            Console.Error.WriteLine("test_echo_4c.exe client [-a ADDRESS] [-p PORT]   reads 'send TEXT' and 'exit'");
            return ExitUsage;
        }
        try
        {
            return role == "server" ? Serve(address, port) : Ask(address, port);
        }
        catch (HPSocketException exception)
        {
            Console.Error.WriteLine("$ {0} Fail --> {1}", role, exception.Message);
            return ExitFailure;
        }
    }

    // Until exit or the end of the input.
    private static int Serve(string address, ushort port)
    {
        using (var server = new TcpPullServer(new EchoServer()))
        {
            server.Start(address, port);
            Show("listening on {0}", server.ListenAddress);
            string line = input.ReadLine();
            while (line != null && line != "exit" && line != "stop")
            {
                line = input.ReadLine();
            }
        }
        return ExitOk;
    }

    // Sends what `send TEXT` says; at the end all of it comes back first.
    private static int Ask(string address, ushort port)
    {
        var listener = new EchoClient();
        int sent = 0;
        int echoed;
        using (var client = new TcpPullClient(listener))
        {
            client.Start(address, port);
            Show("$ Client Start OK --> ({0} : {1})", address, port);
            string line = input.ReadLine();
            while (line != null && line != "exit" && line != "stop")
            {
                string text = line.Substring(line.IndexOf(' ') + 1);
                byte[] body = Package.Body("HP-Socket", 23, text);
                client.SendPackets(Package.Header(++sent, body.Length), body);
                Show("$ ({0}) Send OK --> {1}", client.ConnectionId, text);
                line = input.ReadLine();
            }
            echoed = listener.WaitFor(sent);
        }
        Show(" *** Summary: send - {0}, recv - {1}", sent, echoed);
        return echoed == sent ? ExitOk : ExitFailure;
    }
}
