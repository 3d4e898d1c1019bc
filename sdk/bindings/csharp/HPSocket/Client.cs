using System;
using System.Net;

namespace HPSocket
{
    /// <summary>What clients share: one connection, so methods without an ID.</summary>
    public abstract class Client : Component
    {
        internal Client(Kind kind, ClientListener listener)
            : base(kind, new ClientFunctions(), listener, (target, callbacks) => Hook(target, callbacks, listener))
        {
        }

        /// <summary>What it was made with.</summary>
        public ClientListener Listener => (ClientListener)ListenerObject;

        /// <summary>An object of the user's.</summary>
        public object Extra { get; set; }

        /// <summary>Connects to a literal or a name.</summary>
        public void Start(string remoteAddress, ushort port, bool asyncConnect = false) =>
            Check(Native.HP_Client_Start(Handle, Library.CText(remoteAddress), port, asyncConnect), componentError: true);

        /// <summary>Sends; the array may be reused when it returns.</summary>
        public void Send(byte[] data) => Check(Native.HP_Client_Send(Handle, data, data.Length), componentError: true);

        /// <summary>Sends `length` bytes from `offset` on.</summary>
        public void SendPart(byte[] data, int offset, int length)
        {
            CheckRange(data, offset, length);
            Check(Native.HP_Client_SendPart(Handle, data, length, offset), componentError: true);
        }

        /// <summary>Sends several pieces as one.</summary>
        public void SendPackets(params byte[][] buffers)
        {
            using (var pieces = new Pieces(buffers))
            {
                Check(Native.HP_Client_SendPackets(Handle, pieces.Array, buffers.Length), componentError: true);
            }
        }

        /// <summary>Stops or resumes reading.</summary>
        public void PauseReceive(bool pause = true) => Check(Native.HP_Client_PauseReceive(Handle, pause));

        /// <summary>Whether reading is paused.</summary>
        public bool IsReceivePaused
        {
            get
            {
                bool paused = false;
                if (!Native.HP_Client_IsPauseReceive(Handle, ref paused))
                {
                    throw HPSocketException.NotConnected("not connected");
                }
                return paused;
            }
        }

        /// <summary>The connection's ID; 0 before the first start.</summary>
        public ulong ConnectionId => Native.HP_Client_GetConnectionID(Handle).ToUInt64();

        /// <summary>Our side of the connection.</summary>
        public IPEndPoint LocalAddress =>
            Address((byte[] text, ref int length, ref ushort port) =>
                Native.HP_Client_GetLocalAddress(Handle, text, ref length, ref port));

        /// <summary>Bytes that Send() accepted and whose send has not completed; 0 when not started.</summary>
        public int PendingDataLength
        {
            get
            {
                int pending = 0;
                Native.HP_Client_GetPendingDataLength(Handle, ref pending);
                return pending;
            }
        }

        public uint FreeBufferPoolSize
        {
            get => Native.HP_Client_GetFreeBufferPoolSize(Handle);
            set => Native.HP_Client_SetFreeBufferPoolSize(Handle, value);
        }

        public uint FreeBufferPoolHold
        {
            get => Native.HP_Client_GetFreeBufferPoolHold(Handle);
            set => Native.HP_Client_SetFreeBufferPoolHold(Handle, value);
        }

        public uint SyncConnectTimeout
        {
            get => Native.HP_Client_GetSyncConnectTimeout(Handle);
            set => Native.HP_Client_SetSyncConnectTimeout(Handle, value);
        }

        // Static, and without the component: these functions live as long as the C objects.
        private static void Hook(IntPtr target, Callbacks callbacks, ClientListener listener)
        {
            if (Overrides.Has(listener, nameof(ClientListener.OnPrepareConnect)))
            {
                Native.HP_Set_FN_Client_OnPrepareConnect(target,
                    callbacks.Keep<ClientOnPrepareConnectFunction>((handle, socket) =>
                        callbacks.Run<Client>("OnPrepareConnect", sender =>
                            sender.Listener.OnPrepareConnect(sender, Callbacks.Socket(socket)))));
            }
            if (Overrides.Has(listener, nameof(ClientListener.OnConnect)))
            {
                Native.HP_Set_FN_Client_OnConnect(target, callbacks.Keep<ClientOnConnectFunction>(handle =>
                    callbacks.Run<Client>("OnConnect", sender =>
                        sender.Listener.OnConnect(sender))));
            }
            if (Overrides.Has(listener, nameof(ClientListener.OnSend)))
            {
                Native.HP_Set_FN_Client_OnSend(target,
                    callbacks.Keep<ClientOnSendFunction>((handle, data, length) =>
                        callbacks.Run<Client>("OnSend", sender =>
                            sender.Listener.OnSend(sender, Callbacks.Bytes(data, length)))));
            }
            if (Overrides.Has(listener, nameof(ClientListener.OnReceive)))
            {
                Native.HP_Set_FN_Client_OnReceive(target,
                    callbacks.Keep<ClientOnReceiveFunction>((handle, data, length) =>
                        callbacks.Run<Client>("OnReceive", sender =>
                            sender.Listener.OnReceive(sender, Callbacks.Bytes(data, length)))));
            }
            if (Overrides.Has(listener, nameof(ClientListener.OnPullReceive)))
            {
                Native.HP_Set_FN_Client_OnPullReceive(target,
                    callbacks.Keep<ClientOnPullReceiveFunction>((handle, length) =>
                        callbacks.Run<Client>("OnPullReceive", sender =>
                            sender.Listener.OnPullReceive(sender, length))));
            }
            if (Overrides.Has(listener, nameof(ClientListener.OnClose)))
            {
                Native.HP_Set_FN_Client_OnClose(target, callbacks.Keep<ClientOnCloseFunction>(handle =>
                    callbacks.Run<Client>("OnClose", sender =>
                        sender.Listener.OnClose(sender))));
            }
            if (Overrides.Has(listener, nameof(ClientListener.OnError)))
            {
                Native.HP_Set_FN_Client_OnError(target,
                    callbacks.Keep<ClientOnErrorFunction>((handle, operation, error) =>
                        callbacks.Run<Client>("OnError", sender =>
                            sender.Listener.OnError(sender, operation, error))));
            }
        }
    }

    /// <summary>TCP, PUSH.</summary>
    public class TcpClient : Client
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_TcpClientListener,
            Create = Native.Create_HP_TcpClient,
            Destroy = Native.Destroy_HP_TcpClient,
            DestroyListener = Native.Destroy_HP_TcpClientListener,
        };

        /// <summary>Not started yet.</summary>
        public TcpClient(ClientListener listener) : base(OwnKind, listener)
        {
        }

        internal TcpClient(Kind kind, ClientListener listener) : base(kind, listener)
        {
        }

        /// <summary>Sends head, a file of up to 4 MiB, and tail as one.</summary>
        public void SendSmallFile(string fileName, byte[] head = null, byte[] tail = null)
        {
            using (Pieces first = Pieces.Optional(head), last = Pieces.Optional(tail))
            {
                bool sent = Native.HP_TcpClient_SendSmallFile(Handle, Library.CText(fileName), first?.Array, last?.Array);
                Check(sent, componentError: true);
            }
        }

        public uint SocketBufferSize
        {
            get => Native.HP_TcpClient_GetSocketBufferSize(Handle);
            set => Native.HP_TcpClient_SetSocketBufferSize(Handle, value);
        }

        public uint KeepAliveTime
        {
            get => Native.HP_TcpClient_GetKeepAliveTime(Handle);
            set => Native.HP_TcpClient_SetKeepAliveTime(Handle, value);
        }

        public uint KeepAliveInterval
        {
            get => Native.HP_TcpClient_GetKeepAliveInterval(Handle);
            set => Native.HP_TcpClient_SetKeepAliveInterval(Handle, value);
        }
    }

    /// <summary>TCP, PULL.</summary>
    public sealed class TcpPullClient : TcpClient
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_TcpPullClientListener,
            Create = Native.Create_HP_TcpPullClient,
            Destroy = Native.Destroy_HP_TcpPullClient,
            DestroyListener = Native.Destroy_HP_TcpPullClientListener,
        };

        /// <summary>Not started yet.</summary>
        public TcpPullClient(ClientListener listener) : base(OwnKind, listener)
        {
        }

        /// <summary>Takes exactly so many bytes; null if they are not there yet.</summary>
        public byte[] Fetch(int length)
        {
            byte[] data = Room(length);
            return IsThere(Native.HP_TcpPullClient_Fetch(Handle, data, length)) ? data : null;
        }

        /// <summary>The same without taking them.</summary>
        public byte[] Peek(int length)
        {
            byte[] data = Room(length);
            return IsThere(Native.HP_TcpPullClient_Peek(Handle, data, length)) ? data : null;
        }

        /// <summary>Inside OnPullReceive: the first bytes, as many as are in one piece; null if none.</summary>
        public byte[] PeekSpan()
        {
            int length = 0;
            FetchResult result = Native.HP_TcpPullClient_PeekSpan(Handle, out IntPtr data, ref length);
            return result == FetchResult.Ok ? Callbacks.Bytes(data, length) : null;
        }

        /// <summary>Whether the pattern is there at or after `start`, and where; if not, where to look on when more has
        /// come.</summary>
        public bool Find(byte[] pattern, out int position, int start = 0)
        {
            CheckPattern(pattern, start);
            position = 0;
            return IsThere(Native.HP_TcpPullClient_Find(Handle, pattern, pattern.Length, start, ref position));
        }

        public ulong MaxPullLength
        {
            get => Native.HP_TcpPullClient_GetMaxPullLength(Handle);
            set => Native.HP_TcpPullClient_SetMaxPullLength(Handle, value);
        }
    }

    /// <summary>UDP: hears one server.</summary>
    public sealed class UdpClient : Client
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_UdpClientListener,
            Create = Native.Create_HP_UdpClient,
            Destroy = Native.Destroy_HP_UdpClient,
            DestroyListener = Native.Destroy_HP_UdpClientListener,
        };

        /// <summary>Not started yet.</summary>
        public UdpClient(ClientListener listener) : base(OwnKind, listener)
        {
        }

        public uint MaxDatagramSize
        {
            get => Native.HP_UdpClient_GetMaxDatagramSize(Handle);
            set => Native.HP_UdpClient_SetMaxDatagramSize(Handle, value);
        }

        public bool CloseOnOversize
        {
            get => Native.HP_UdpClient_IsCloseOnOversize(Handle);
            set => Native.HP_UdpClient_SetCloseOnOversize(Handle, value);
        }

        public uint SendBufferSize
        {
            get => Native.HP_UdpClient_GetSendBufferSize(Handle);
            set => Native.HP_UdpClient_SetSendBufferSize(Handle, value);
        }

        public uint ReceiveBufferSize
        {
            get => Native.HP_UdpClient_GetReceiveBufferSize(Handle);
            set => Native.HP_UdpClient_SetReceiveBufferSize(Handle, value);
        }

        public uint DetectAttempts
        {
            get => Native.HP_UdpClient_GetDetectAttempts(Handle);
            set => Native.HP_UdpClient_SetDetectAttempts(Handle, value);
        }

        public uint DetectInterval
        {
            get => Native.HP_UdpClient_GetDetectInterval(Handle);
            set => Native.HP_UdpClient_SetDetectInterval(Handle, value);
        }
    }

    /// <summary>UDP: a member of a multicast group, or of all who hear broadcasts.</summary>
    public sealed class UdpCast : Client
    {
        private static readonly Kind OwnKind = new Kind
        {
            CreateListener = Native.Create_HP_UdpCastListener,
            Create = Native.Create_HP_UdpCast,
            Destroy = Native.Destroy_HP_UdpCast,
            DestroyListener = Native.Destroy_HP_UdpCastListener,
        };

        /// <summary>Not started yet.</summary>
        public UdpCast(ClientListener listener) : base(OwnKind, listener)
        {
        }

        /// <summary>Whose interface is joined on and sent by.</summary>
        public string BindAddress
        {
            get => Library.Text(Native.HP_UdpCast_GetBindAddress(Handle));
            set => Native.HP_UdpCast_SetBindAddress(Handle, Library.CText(value));
        }

        /// <summary>Hear the group from these senders only; null forgets them.</summary>
        public void JoinSource(string address) => Check(Native.HP_UdpCast_JoinSource(Handle, Library.CText(address)));

        /// <summary>Inside OnReceive: who sent it.</summary>
        public IPEndPoint RemoteAddress =>
            Address((byte[] text, ref int length, ref ushort port) =>
                Native.HP_UdpCast_GetRemoteAddress(Handle, text, ref length, ref port));

        public bool ReuseAddress
        {
            get => Native.HP_UdpCast_IsReuseAddress(Handle);
            set => Native.HP_UdpCast_SetReuseAddress(Handle, value);
        }

        public CastMode CastMode
        {
            get => Native.HP_UdpCast_GetCastMode(Handle);
            set => Native.HP_UdpCast_SetCastMode(Handle, value);
        }

        public int MultiCastTtl
        {
            get => Native.HP_UdpCast_GetMultiCastTtl(Handle);
            set => Native.HP_UdpCast_SetMultiCastTtl(Handle, value);
        }

        public bool MultiCastLoop
        {
            get => Native.HP_UdpCast_IsMultiCastLoop(Handle);
            set => Native.HP_UdpCast_SetMultiCastLoop(Handle, value);
        }

        public uint MaxDatagramSize
        {
            get => Native.HP_UdpCast_GetMaxDatagramSize(Handle);
            set => Native.HP_UdpCast_SetMaxDatagramSize(Handle, value);
        }

        public bool CloseOnOversize
        {
            get => Native.HP_UdpCast_IsCloseOnOversize(Handle);
            set => Native.HP_UdpCast_SetCloseOnOversize(Handle, value);
        }

        public uint SendBufferSize
        {
            get => Native.HP_UdpCast_GetSendBufferSize(Handle);
            set => Native.HP_UdpCast_SetSendBufferSize(Handle, value);
        }

        public uint ReceiveBufferSize
        {
            get => Native.HP_UdpCast_GetReceiveBufferSize(Handle);
            set => Native.HP_UdpCast_SetReceiveBufferSize(Handle, value);
        }
    }
}
