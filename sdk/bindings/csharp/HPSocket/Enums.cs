// Made by sdk/bindings/declarations from the C headers.
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>En_HP_ServiceState of the C headers.</summary>
    public enum ServiceState
    {
        Starting = 0,
        Started = 1,
        Stopping = 2,
        Stopped = 3,
    }

    /// <summary>En_HP_SocketOperation of the C headers.</summary>
    public enum SocketOperation
    {
        Unknown = 0,
        Accept = 1,
        Connect = 2,
        Send = 3,
        Receive = 4,
    }

    /// <summary>En_HP_HandleResult of the C headers.</summary>
    public enum HandleResult
    {
        Ok = 0,
        Ignore = 1,
        Error = 2,
    }

    /// <summary>En_HP_FetchResult of the C headers.</summary>
    public enum FetchResult
    {
        Ok = 0,
        LengthTooLong = 1,
        DataNotFound = 2,
    }

    /// <summary>En_HP_SendPolicy of the C headers.</summary>
    public enum SendPolicy
    {
        Pack = 0,
        Safe = 1,
        Direct = 2,
    }

    /// <summary>En_HP_RecvPolicy of the C headers.</summary>
    public enum RecvPolicy
    {
        Serial = 0,
        Parallel = 1,
    }

    /// <summary>En_HP_SocketError of the C headers.</summary>
    public enum SocketError
    {
        Ok = 0,
        IllegalState = 1,
        InvalidParam = 2,
        SocketCreate = 3,
        SocketBind = 4,
        SocketPrepare = 5,
        SocketListen = 6,
        CpCreate = 7,
        WorkerThreadCreate = 8,
        DetectThreadCreate = 9,
        SockeAttachToCp = 10,
        ConnectServer = 11,
        Network = 12,
        DataProc = 13,
        DataSend = 14,
    }

    /// <summary>En_HP_CastMode of the C headers.</summary>
    public enum CastMode
    {
        Multicast = 0,
        Broadcast = 1,
    }

    /// <summary>En_HP_IoBackend of the C headers.</summary>
    public enum IoBackend
    {
        Auto = 0,
        Uring = 1,
        Epoll = 2,
    }

    /// <summary>Figures of a component; core/api/types.h says what each is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Stats
    {
        internal uint Size;
        internal uint Reserved;
        public ulong Connections;
        public ulong Lingering;
        public ulong TotalConnections;
        public ulong RefusedConnections;
        public ulong FailedConnections;
        public ulong BytesReceived;
        public ulong BytesSent;
        public ulong ReceiveCalls;
        public ulong SendCalls;
        public ulong PendingBytes;
        public ulong PoolBytes;
        public ulong PoolBuffers;
        public ulong Leases;
        public ulong AcceptErrors;
        public ulong BufferShortages;
        public ulong CqOverflows;
        public ulong SlowCallbacks;
        public ulong LongestCallbackUs;
        public ulong ContainedExceptions;
        public ulong OversizeDatagrams;
        public ulong KernelDrops;
        public ulong DroppedDatagrams;
        public ulong EvictedSessions;
    }
}
