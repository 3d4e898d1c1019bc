using System;
using System.Net;

namespace HPSocket
{
    /// <summary>What agents share.</summary>
    public abstract class Agent : Complex
    {
        internal Agent(Kind kind, AgentListener listener)
            : base(kind, new AgentFunctions(), listener, (target, callbacks) => Hook(target, callbacks, listener))
        {
        }

        /// <summary>What it was made with.</summary>
        public AgentListener Listener => (AgentListener)ListenerObject;

        /// <summary>Starts the workers; Connect() makes connections, waiting for each unless `asyncConnect`.</summary>
        public void Start(string bindAddress = null, bool asyncConnect = false) =>
            Check(Native.HP_Agent_Start(Handle, Library.CText(bindAddress), asyncConnect), componentError: true);

        /// <summary>Connects to a literal or a name; the connection's ID.</summary>
        public ulong Connect(string remoteAddress, ushort port)
        {
            UIntPtr id = UIntPtr.Zero;
            Check(Native.HP_Agent_Connect(Handle, Library.CText(remoteAddress), port, ref id));
            return id.ToUInt64();
        }

        /// <summary>Our side of a connection.</summary>
        public IPEndPoint LocalAddress(ulong connectionId) =>
            Address((byte[] text, ref int length, ref ushort port) =>
                Native.HP_Agent_GetLocalAddress(Handle, new UIntPtr(connectionId), text, ref length, ref port));

        public uint SyncConnectTimeout
        {
            get => Native.HP_Agent_GetSyncConnectTimeout(Handle);
            set => Native.HP_Agent_SetSyncConnectTimeout(Handle, value);
        }

        // Static, and without the component: these functions live as long as the C objects.
        private static void Hook(IntPtr target, Callbacks callbacks, AgentListener listener)
        {
            if (Overrides.Has(listener, nameof(AgentListener.OnPrepareConnect)))
            {
                Native.HP_Set_FN_Agent_OnPrepareConnect(target,
                    callbacks.Keep<AgentOnPrepareConnectFunction>((id, socket) =>
                        callbacks.Run<Agent>("OnPrepareConnect", sender =>
                            sender.Listener.OnPrepareConnect(sender, id.ToUInt64(), Callbacks.Socket(socket)))));
            }
            // Refused: no further event comes for it.
            Native.HP_Set_FN_Agent_OnConnect(target, callbacks.Keep<AgentOnConnectFunction>(id =>
                callbacks.Run<Agent>("OnConnect", sender => sender.Begin(id.ToUInt64(), () =>
                    sender.Listener.OnConnect(sender, id.ToUInt64())))));
            if (Overrides.Has(listener, nameof(AgentListener.OnSend)))
            {
                Native.HP_Set_FN_Agent_OnSend(target, callbacks.Keep<AgentOnSendFunction>((id, data, length) =>
                    callbacks.Run<Agent>("OnSend", sender =>
                        sender.Listener.OnSend(sender, id.ToUInt64(), Callbacks.Bytes(data, length)))));
            }
            if (Overrides.Has(listener, nameof(AgentListener.OnReceive)))
            {
                Native.HP_Set_FN_Agent_OnReceive(target,
                    callbacks.Keep<AgentOnReceiveFunction>((id, data, length) =>
                        callbacks.Run<Agent>("OnReceive", sender =>
                            sender.Listener.OnReceive(sender, id.ToUInt64(), Callbacks.Bytes(data, length)))));
            }
            if (Overrides.Has(listener, nameof(AgentListener.OnPullReceive)))
            {
                Native.HP_Set_FN_Agent_OnPullReceive(target,
                    callbacks.Keep<AgentOnPullReceiveFunction>((id, length) =>
                        callbacks.Run<Agent>("OnPullReceive", sender =>
                            sender.Listener.OnPullReceive(sender, id.ToUInt64(), length))));
            }
            Native.HP_Set_FN_Agent_OnClose(target, callbacks.Keep<AgentOnCloseFunction>(id =>
                callbacks.Run<Agent>("OnClose", sender => sender.End(id.ToUInt64(), () =>
                    sender.Listener.OnClose(sender, id.ToUInt64())))));
            Native.HP_Set_FN_Agent_OnError(target,
                callbacks.Keep<AgentOnErrorFunction>((id, operation, error) =>
                    callbacks.Run<Agent>("OnError", sender => sender.End(id.ToUInt64(), () =>
                        sender.Listener.OnError(sender, id.ToUInt64(), operation, error)))));
            if (Overrides.Has(listener, nameof(AgentListener.OnShutdown)))
            {
                Native.HP_Set_FN_Agent_OnShutdown(target, callbacks.Keep<AgentOnShutdownFunction>(() =>
                    callbacks.Run<Agent>("OnShutdown", sender =>
                        sender.Listener.OnShutdown(sender))));
            }
        }
    }

    /// <summary>TCP, PUSH.</summary>
    public class TcpAgent : Agent
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_TcpAgentListener,
            Create = Native.Create_HP_TcpAgent,
            Destroy = Native.Destroy_HP_TcpAgent,
            DestroyListener = Native.Destroy_HP_TcpAgentListener,
        };

        /// <summary>Not started yet.</summary>
        public TcpAgent(AgentListener listener) : base(OwnKind, listener)
        {
        }

        internal TcpAgent(Kind kind, AgentListener listener) : base(kind, listener)
        {
        }

        /// <summary>Sends head, a file of up to 4 MiB, and tail as one.</summary>
        public void SendSmallFile(ulong connectionId, string fileName, byte[] head = null, byte[] tail = null)
        {
            using (Pieces first = Pieces.Optional(head), last = Pieces.Optional(tail))
            {
                Check(Native.HP_TcpAgent_SendSmallFile(
                    Handle, new UIntPtr(connectionId), Library.CText(fileName), first?.Array, last?.Array));
            }
        }

        public bool ReuseAddress
        {
            get => Native.HP_TcpAgent_IsReuseAddress(Handle);
            set => Native.HP_TcpAgent_SetReuseAddress(Handle, value);
        }

        public uint SocketBufferSize
        {
            get => Native.HP_TcpAgent_GetSocketBufferSize(Handle);
            set => Native.HP_TcpAgent_SetSocketBufferSize(Handle, value);
        }

        public uint KeepAliveTime
        {
            get => Native.HP_TcpAgent_GetKeepAliveTime(Handle);
            set => Native.HP_TcpAgent_SetKeepAliveTime(Handle, value);
        }

        public uint KeepAliveInterval
        {
            get => Native.HP_TcpAgent_GetKeepAliveInterval(Handle);
            set => Native.HP_TcpAgent_SetKeepAliveInterval(Handle, value);
        }
    }

    /// <summary>TCP, PULL.</summary>
    public sealed class TcpPullAgent : TcpAgent
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_TcpPullAgentListener,
            Create = Native.Create_HP_TcpPullAgent,
            Destroy = Native.Destroy_HP_TcpPullAgent,
            DestroyListener = Native.Destroy_HP_TcpPullAgentListener,
        };

        /// <summary>Not started yet.</summary>
        public TcpPullAgent(AgentListener listener) : base(OwnKind, listener)
        {
        }

        private static readonly PullCalls Pull = new PullCalls(new TcpPullAgentFunctions());

        /// <summary>Takes exactly so many bytes; null if they are not there yet.</summary>
        public byte[] Fetch(ulong connectionId, int length) => Pull.Fetch(Handle, connectionId, length);

        /// <summary>The same without taking them.</summary>
        public byte[] Peek(ulong connectionId, int length) => Pull.Peek(Handle, connectionId, length);

        /// <summary>Inside OnPullReceive: the first bytes, as many as are in one piece; null if none.</summary>
        public byte[] PeekSpan(ulong connectionId) => Pull.PeekSpan(Handle, connectionId);

        /// <summary>Whether the pattern is there at or after `start`, and where; if not, where to look on when more has
        /// come.</summary>
        public bool Find(ulong connectionId, byte[] pattern, out int position, int start = 0) =>
            Pull.Find(Handle, connectionId, pattern, out position, start);

        public ulong MaxPullLength
        {
            get => Native.HP_TcpPullAgent_GetMaxPullLength(Handle);
            set => Native.HP_TcpPullAgent_SetMaxPullLength(Handle, value);
        }
    }
}
