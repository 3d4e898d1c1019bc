using System;
using System.Net;

namespace HPSocket
{
    /// <summary>What servers share.</summary>
    public abstract class Server : Complex
    {
        internal Server(Kind kind, ServerListener listener)
            : base(kind, new ServerFunctions(), listener, (target, callbacks) => Hook(target, callbacks, listener))
        {
        }

        /// <summary>What it was made with.</summary>
        public ServerListener Listener => (ServerListener)ListenerObject;

        /// <summary>Listens; port 0 is any, and ListenAddress tells which.</summary>
        public void Start(string bindAddress = "0.0.0.0", ushort port = 0) =>
            Check(Native.HP_Server_Start(Handle, Library.CText(bindAddress), port), componentError: true);

        /// <summary>Where it listens.</summary>
        public IPEndPoint ListenAddress =>
            Address((byte[] text, ref int length, ref ushort port) =>
                Native.HP_Server_GetListenAddress(Handle, text, ref length, ref port));

        // Static, and without the component: these functions live as long as the C objects.
        private static void Hook(IntPtr target, Callbacks callbacks, ServerListener listener)
        {
            if (Overrides.Has(listener, nameof(ServerListener.OnPrepareListen)))
            {
                Native.HP_Set_FN_Server_OnPrepareListen(target,
                    callbacks.Keep<ServerOnPrepareListenFunction>(socket =>
                        callbacks.Run<Server>("OnPrepareListen", sender =>
                            sender.Listener.OnPrepareListen(sender, Callbacks.Socket(socket)))));
            }
            // Refused: no further event comes for it.
            Native.HP_Set_FN_Server_OnAccept(target, callbacks.Keep<ServerOnAcceptFunction>((id, client) =>
                callbacks.Run<Server>("OnAccept", sender => sender.Begin(id.ToUInt64(), () =>
                    sender.Listener.OnAccept(
                        sender, id.ToUInt64(), sender is UdpServer ? -1 : Callbacks.Socket(client))))));
            if (Overrides.Has(listener, nameof(ServerListener.OnSend)))
            {
                Native.HP_Set_FN_Server_OnSend(target, callbacks.Keep<ServerOnSendFunction>((id, data, length) =>
                    callbacks.Run<Server>("OnSend", sender =>
                        sender.Listener.OnSend(sender, id.ToUInt64(), Callbacks.Bytes(data, length)))));
            }
            if (Overrides.Has(listener, nameof(ServerListener.OnReceive)))
            {
                Native.HP_Set_FN_Server_OnReceive(target,
                    callbacks.Keep<ServerOnReceiveFunction>((id, data, length) =>
                        callbacks.Run<Server>("OnReceive", sender =>
                            sender.Listener.OnReceive(sender, id.ToUInt64(), Callbacks.Bytes(data, length)))));
            }
            if (Overrides.Has(listener, nameof(ServerListener.OnPullReceive)))
            {
                Native.HP_Set_FN_Server_OnPullReceive(target,
                    callbacks.Keep<ServerOnPullReceiveFunction>((id, length) =>
                        callbacks.Run<Server>("OnPullReceive", sender =>
                            sender.Listener.OnPullReceive(sender, id.ToUInt64(), length))));
            }
            Native.HP_Set_FN_Server_OnClose(target, callbacks.Keep<ServerOnCloseFunction>(id =>
                callbacks.Run<Server>("OnClose", sender => sender.End(id.ToUInt64(), () =>
                    sender.Listener.OnClose(sender, id.ToUInt64())))));
            Native.HP_Set_FN_Server_OnError(target,
                callbacks.Keep<ServerOnErrorFunction>((id, operation, error) =>
                    callbacks.Run<Server>("OnError", sender => sender.End(id.ToUInt64(), () =>
                        sender.Listener.OnError(sender, id.ToUInt64(), operation, error)))));
            if (Overrides.Has(listener, nameof(ServerListener.OnShutdown)))
            {
                Native.HP_Set_FN_Server_OnShutdown(target, callbacks.Keep<ServerOnShutdownFunction>(() =>
                    callbacks.Run<Server>("OnShutdown", sender =>
                        sender.Listener.OnShutdown(sender))));
            }
        }
    }

    /// <summary>TCP, PUSH.</summary>
    public class TcpServer : Server
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_TcpServerListener,
            Create = Native.Create_HP_TcpServer,
            Destroy = Native.Destroy_HP_TcpServer,
            DestroyListener = Native.Destroy_HP_TcpServerListener,
        };

        /// <summary>Not started yet.</summary>
        public TcpServer(ServerListener listener) : base(OwnKind, listener)
        {
        }

        internal TcpServer(Kind kind, ServerListener listener) : base(kind, listener)
        {
        }

        /// <summary>Sends head, a file of up to 4 MiB, and tail as one.</summary>
        public void SendSmallFile(ulong connectionId, string fileName, byte[] head = null, byte[] tail = null)
        {
            using (Pieces first = Pieces.Optional(head), last = Pieces.Optional(tail))
            {
                Check(Native.HP_TcpServer_SendSmallFile(
                    Handle, new UIntPtr(connectionId), Library.CText(fileName), first?.Array, last?.Array));
            }
        }

        public uint AcceptSocketCount
        {
            get => Native.HP_TcpServer_GetAcceptSocketCount(Handle);
            set => Native.HP_TcpServer_SetAcceptSocketCount(Handle, value);
        }

        public uint SocketBufferSize
        {
            get => Native.HP_TcpServer_GetSocketBufferSize(Handle);
            set => Native.HP_TcpServer_SetSocketBufferSize(Handle, value);
        }

        public uint SocketListenQueue
        {
            get => Native.HP_TcpServer_GetSocketListenQueue(Handle);
            set => Native.HP_TcpServer_SetSocketListenQueue(Handle, value);
        }

        public uint KeepAliveTime
        {
            get => Native.HP_TcpServer_GetKeepAliveTime(Handle);
            set => Native.HP_TcpServer_SetKeepAliveTime(Handle, value);
        }

        public uint KeepAliveInterval
        {
            get => Native.HP_TcpServer_GetKeepAliveInterval(Handle);
            set => Native.HP_TcpServer_SetKeepAliveInterval(Handle, value);
        }
    }

    /// <summary>TCP, PULL.</summary>
    public sealed class TcpPullServer : TcpServer
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_TcpPullServerListener,
            Create = Native.Create_HP_TcpPullServer,
            Destroy = Native.Destroy_HP_TcpPullServer,
            DestroyListener = Native.Destroy_HP_TcpPullServerListener,
        };

        /// <summary>Not started yet.</summary>
        public TcpPullServer(ServerListener listener) : base(OwnKind, listener)
        {
        }

        private static readonly PullCalls Pull = new PullCalls(new TcpPullServerFunctions());

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
            get => Native.HP_TcpPullServer_GetMaxPullLength(Handle);
            set => Native.HP_TcpPullServer_SetMaxPullLength(Handle, value);
        }
    }

    /// <summary>UDP: a session for every peer that is heard.</summary>
    public sealed class UdpServer : Server
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_UdpServerListener,
            Create = Native.Create_HP_UdpServer,
            Destroy = Native.Destroy_HP_UdpServer,
            DestroyListener = Native.Destroy_HP_UdpServerListener,
        };

        /// <summary>Not started yet.</summary>
        public UdpServer(ServerListener listener) : base(OwnKind, listener)
        {
        }

        public uint PostReceiveCount
        {
            get => Native.HP_UdpServer_GetPostReceiveCount(Handle);
            set => Native.HP_UdpServer_SetPostReceiveCount(Handle, value);
        }

        public uint MaxDatagramSize
        {
            get => Native.HP_UdpServer_GetMaxDatagramSize(Handle);
            set => Native.HP_UdpServer_SetMaxDatagramSize(Handle, value);
        }

        public bool CloseOnOversize
        {
            get => Native.HP_UdpServer_IsCloseOnOversize(Handle);
            set => Native.HP_UdpServer_SetCloseOnOversize(Handle, value);
        }

        public uint SendBufferSize
        {
            get => Native.HP_UdpServer_GetSendBufferSize(Handle);
            set => Native.HP_UdpServer_SetSendBufferSize(Handle, value);
        }

        public uint ReceiveBufferSize
        {
            get => Native.HP_UdpServer_GetReceiveBufferSize(Handle);
            set => Native.HP_UdpServer_SetReceiveBufferSize(Handle, value);
        }

        public uint DetectAttempts
        {
            get => Native.HP_UdpServer_GetDetectAttempts(Handle);
            set => Native.HP_UdpServer_SetDetectAttempts(Handle, value);
        }

        public uint DetectInterval
        {
            get => Native.HP_UdpServer_GetDetectInterval(Handle);
            set => Native.HP_UdpServer_SetDetectInterval(Handle, value);
        }
    }
}
