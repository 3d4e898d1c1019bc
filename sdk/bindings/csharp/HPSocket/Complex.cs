using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;

namespace HPSocket
{
    /// <summary>What servers and agents share: methods with a connection's ID.</summary>
    public abstract class Complex : Component
    {
        private readonly IComplexFunctions functions;
        private readonly ConcurrentDictionary<ulong, object> extras = new ConcurrentDictionary<ulong, object>();

        internal Complex(Kind kind, IComplexFunctions functions, object listener, Action<IntPtr, Callbacks> hook)
            : base(kind, functions, listener, hook)
        {
            this.functions = functions;
        }

        /// <summary>Sends; the array may be reused when it returns.</summary>
        public void Send(ulong connectionId, byte[] data) =>
            Check(functions.Send(Handle, new UIntPtr(connectionId), data, data.Length));

        /// <summary>Sends `length` bytes from `offset` on.</summary>
        public void SendPart(ulong connectionId, byte[] data, int offset, int length)
        {
            CheckRange(data, offset, length);
            Check(functions.SendPart(Handle, new UIntPtr(connectionId), data, length, offset));
        }

        /// <summary>Sends several pieces as one.</summary>
        public void SendPackets(ulong connectionId, params byte[][] buffers)
        {
            using (var pieces = new Pieces(buffers))
            {
                Check(functions.SendPackets(Handle, new UIntPtr(connectionId), pieces.Array, buffers.Length));
            }
        }

        /// <summary>Closes a connection; its last event follows.</summary>
        public void Disconnect(ulong connectionId, bool force = true) =>
            Check(functions.Disconnect(Handle, new UIntPtr(connectionId), force));

        /// <summary>Disconnects what is that old, in ms; whether there was any.</summary>
        public bool DisconnectLongConnections(uint period, bool force = true) =>
            functions.DisconnectLongConnections(Handle, period, force);

        /// <summary>Disconnects what has received nothing for that long (MarkSilence); whether there was any.</summary>
        public bool DisconnectSilenceConnections(uint period, bool force = true) =>
            functions.DisconnectSilenceConnections(Handle, period, force);

        /// <summary>Stops or resumes reading from a connection.</summary>
        public void PauseReceive(ulong connectionId, bool pause = true) =>
            Check(functions.PauseReceive(Handle, new UIntPtr(connectionId), pause));

        /// <summary>Whether a connection is paused.</summary>
        public bool IsReceivePaused(ulong connectionId)
        {
            bool paused = false;
            CheckConnection(functions.IsPauseReceive(Handle, new UIntPtr(connectionId), ref paused));
            return paused;
        }

        /// <summary>Binds an object to a connection, until its last event has returned; null for none.</summary>
        public void SetConnectionExtra(ulong connectionId, object extra)
        {
            // Before it is asked whether the connection is there: a last event that comes meanwhile finds it.
            if (extra != null)
            {
                extras[connectionId] = extra;
            }
            bool exists = false;
            try
            {
                var id = new UIntPtr(connectionId);
                exists = functions.SetConnectionExtra(Handle, id, unchecked((IntPtr)(long)connectionId));
            }
            finally
            {
                if (extra == null || !exists)
                {
                    extras.TryRemove(connectionId, out _);
                }
            }
            CheckConnection(exists);
        }

        /// <summary>What SetConnectionExtra bound; null if nothing.</summary>
        public object GetConnectionExtra(ulong connectionId)
        {
            IntPtr unused = IntPtr.Zero;
            CheckConnection(functions.GetConnectionExtra(Handle, new UIntPtr(connectionId), ref unused));
            return extras.TryGetValue(connectionId, out object extra) ? extra : null;
        }

        /// <summary>How many connections there are.</summary>
        public uint ConnectionCount => functions.GetConnectionCount(Handle);

        /// <summary>The IDs of all connections.</summary>
        public ulong[] ConnectionIds
        {
            get
            {
                uint count = 0;
                while (true)
                {
                    var ids = new UIntPtr[Math.Max(count, 1)];
                    count = (uint)ids.Length;
                    if (functions.GetAllConnectionIDs(Handle, ids, ref count))
                    {
                        return ids.Take((int)count).Select(id => id.ToUInt64()).ToArray();
                    }
                }
            }
        }

        /// <summary>A connection's age in ms.</summary>
        public uint ConnectPeriod(ulong connectionId)
        {
            uint period = 0;
            CheckConnection(functions.GetConnectPeriod(Handle, new UIntPtr(connectionId), ref period));
            return period;
        }

        /// <summary>Since when it has received nothing, in ms (MarkSilence).</summary>
        public uint SilencePeriod(ulong connectionId)
        {
            uint period = 0;
            CheckConnection(functions.GetSilencePeriod(Handle, new UIntPtr(connectionId), ref period));
            return period;
        }

        /// <summary>The peer.</summary>
        public IPEndPoint RemoteAddress(ulong connectionId) =>
            Address((byte[] text, ref int length, ref ushort port) =>
                functions.GetRemoteAddress(Handle, new UIntPtr(connectionId), text, ref length, ref port));

        /// <summary>Bytes that Send() accepted and whose send has not completed.</summary>
        public int PendingDataLength(ulong connectionId)
        {
            int pending = 0;
            CheckConnection(functions.GetPendingDataLength(Handle, new UIntPtr(connectionId), ref pending));
            return pending;
        }

        public SendPolicy SendPolicy
        {
            get => functions.GetSendPolicy(Handle);
            set => functions.SetSendPolicy(Handle, value);
        }

        public RecvPolicy RecvPolicy
        {
            get => functions.GetRecvPolicy(Handle);
            set => functions.SetRecvPolicy(Handle, value);
        }

        public uint FreeSocketObjLockTime
        {
            get => functions.GetFreeSocketObjLockTime(Handle);
            set => functions.SetFreeSocketObjLockTime(Handle, value);
        }

        public uint FreeSocketObjPool
        {
            get => functions.GetFreeSocketObjPool(Handle);
            set => functions.SetFreeSocketObjPool(Handle, value);
        }

        public uint FreeBufferObjPool
        {
            get => functions.GetFreeBufferObjPool(Handle);
            set => functions.SetFreeBufferObjPool(Handle, value);
        }

        public uint FreeSocketObjHold
        {
            get => functions.GetFreeSocketObjHold(Handle);
            set => functions.SetFreeSocketObjHold(Handle, value);
        }

        public uint FreeBufferObjHold
        {
            get => functions.GetFreeBufferObjHold(Handle);
            set => functions.SetFreeBufferObjHold(Handle, value);
        }

        public uint WorkerThreadCount
        {
            get => functions.GetWorkerThreadCount(Handle);
            set => functions.SetWorkerThreadCount(Handle, value);
        }

        public uint MaxShutdownWaitTime
        {
            get => functions.GetMaxShutdownWaitTime(Handle);
            set => functions.SetMaxShutdownWaitTime(Handle, value);
        }

        public uint MaxConnectionCount
        {
            get => functions.GetMaxConnectionCount(Handle);
            set => functions.SetMaxConnectionCount(Handle, value);
        }

        public uint MaxIdleTime
        {
            get => functions.GetMaxIdleTime(Handle);
            set => functions.SetMaxIdleTime(Handle, value);
        }

        public bool MarkSilence
        {
            get => functions.IsMarkSilence(Handle);
            set => functions.SetMarkSilence(Handle, value);
        }

        /// <summary>A connection's first event that may refuse it: then there is no last one.</summary>
        internal HandleResult Begin(ulong connectionId, Func<HandleResult> call)
        {
            HandleResult result = HandleResult.Error;
            try
            {
                return result = call();
            }
            finally
            {
                if (result == HandleResult.Error)
                {
                    extras.TryRemove(connectionId, out _);
                }
            }
        }

        /// <summary>A connection's last event.</summary>
        internal HandleResult End(ulong connectionId, Func<HandleResult> call)
        {
            try
            {
                return call();
            }
            finally
            {
                extras.TryRemove(connectionId, out _);
            }
        }

        private static void CheckConnection(bool exists)
        {
            if (!exists)
            {
                throw HPSocketException.NotConnected("no such connection");
            }
        }
    }
}
