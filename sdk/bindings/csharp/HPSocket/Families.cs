// Made by sdk/bindings/declarations from the C headers.
using System;

namespace HPSocket
{
    internal interface IComponentFunctions
    {
        bool Stop(ComponentHandle handle);
        bool HasStarted(ComponentHandle handle);
        ServiceState GetState(ComponentHandle handle);
        SocketError GetLastError(ComponentHandle handle);
        IntPtr GetLastErrorDesc(ComponentHandle handle);
        bool Wait(ComponentHandle handle, int iTimeout);
        IntPtr GetLastErrorDetail(ComponentHandle handle);
        bool GetStats(ComponentHandle handle, ref Stats pStats);
        void SetIoBackend(ComponentHandle handle, IoBackend enIoBackend);
        IoBackend GetIoBackend(ComponentHandle handle);
        IntPtr GetIoBackendDesc(ComponentHandle handle);
        void SetMaxPendingLength(ComponentHandle handle, ulong ullLength);
        ulong GetMaxPendingLength(ComponentHandle handle);
        void SetMaxPendingTotal(ComponentHandle handle, ulong ullLength);
        ulong GetMaxPendingTotal(ComponentHandle handle);
        void SetGracefulTimeout(ComponentHandle handle, uint dwTimeout);
        uint GetGracefulTimeout(ComponentHandle handle);
        void SetSlowCallbackTime(ComponentHandle handle, uint dwTime);
        uint GetSlowCallbackTime(ComponentHandle handle);
        void SetBusyPoll(ComponentHandle handle, uint dwTime);
        uint GetBusyPoll(ComponentHandle handle);
        void SetNoDelay(ComponentHandle handle, bool bNoDelay);
        bool IsNoDelay(ComponentHandle handle);
    }

    internal interface IComplexFunctions : IComponentFunctions
    {
        bool Send(ComponentHandle handle, UIntPtr dwConnID, byte[] pBuffer, int iLength);
        bool SendPart(ComponentHandle handle, UIntPtr dwConnID, byte[] pBuffer, int iLength, int iOffset);
        bool SendPackets(ComponentHandle handle, UIntPtr dwConnID, Piece[] pBuffers, int iCount);
        bool Disconnect(ComponentHandle handle, UIntPtr dwConnID, bool bForce);
        bool DisconnectLongConnections(ComponentHandle handle, uint dwPeriod, bool bForce);
        bool DisconnectSilenceConnections(ComponentHandle handle, uint dwPeriod, bool bForce);
        bool SetConnectionExtra(ComponentHandle handle, UIntPtr dwConnID, IntPtr pExtra);
        bool GetConnectionExtra(ComponentHandle handle, UIntPtr dwConnID, ref IntPtr ppExtra);
        bool GetPendingDataLength(ComponentHandle handle, UIntPtr dwConnID, ref int piPending);
        uint GetConnectionCount(ComponentHandle handle);
        bool GetAllConnectionIDs(ComponentHandle handle, UIntPtr[] pIDs, ref uint pdwCount);
        bool GetConnectPeriod(ComponentHandle handle, UIntPtr dwConnID, ref uint pdwPeriod);
        bool GetSilencePeriod(ComponentHandle handle, UIntPtr dwConnID, ref uint pdwPeriod);
        bool GetRemoteAddress(
            ComponentHandle handle, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        void SetSendPolicy(ComponentHandle handle, SendPolicy enSendPolicy);
        void SetRecvPolicy(ComponentHandle handle, RecvPolicy enRecvPolicy);
        void SetFreeSocketObjLockTime(ComponentHandle handle, uint dwFreeSocketObjLockTime);
        void SetFreeSocketObjPool(ComponentHandle handle, uint dwFreeSocketObjPool);
        void SetFreeBufferObjPool(ComponentHandle handle, uint dwFreeBufferObjPool);
        void SetFreeSocketObjHold(ComponentHandle handle, uint dwFreeSocketObjHold);
        void SetFreeBufferObjHold(ComponentHandle handle, uint dwFreeBufferObjHold);
        void SetWorkerThreadCount(ComponentHandle handle, uint dwWorkerThreadCount);
        void SetMaxShutdownWaitTime(ComponentHandle handle, uint dwMaxShutdownWaitTime);
        void SetMarkSilence(ComponentHandle handle, bool bMarkSilence);
        SendPolicy GetSendPolicy(ComponentHandle handle);
        RecvPolicy GetRecvPolicy(ComponentHandle handle);
        uint GetFreeSocketObjLockTime(ComponentHandle handle);
        uint GetFreeSocketObjPool(ComponentHandle handle);
        uint GetFreeBufferObjPool(ComponentHandle handle);
        uint GetFreeSocketObjHold(ComponentHandle handle);
        uint GetFreeBufferObjHold(ComponentHandle handle);
        uint GetWorkerThreadCount(ComponentHandle handle);
        uint GetMaxShutdownWaitTime(ComponentHandle handle);
        bool IsMarkSilence(ComponentHandle handle);
        bool PauseReceive(ComponentHandle handle, UIntPtr dwConnID, bool bPause);
        bool IsPauseReceive(ComponentHandle handle, UIntPtr dwConnID, ref bool pbPaused);
        void SetMaxConnectionCount(ComponentHandle handle, uint dwMaxConnectionCount);
        uint GetMaxConnectionCount(ComponentHandle handle);
        void SetMaxIdleTime(ComponentHandle handle, uint dwMaxIdleTime);
        uint GetMaxIdleTime(ComponentHandle handle);
    }

    internal interface IPullFunctions
    {
        FetchResult Fetch(ComponentHandle handle, UIntPtr dwConnID, byte[] pData, int iLength);
        FetchResult Peek(ComponentHandle handle, UIntPtr dwConnID, byte[] pData, int iLength);
        FetchResult PeekSpan(ComponentHandle handle, UIntPtr dwConnID, out IntPtr ppData, ref int piLength);
        FetchResult Find(
            ComponentHandle handle, UIntPtr dwConnID, byte[] pPattern, int iLength, int iFrom, ref int piPosition);
    }

    internal sealed class ServerFunctions : IComplexFunctions
    {
        public bool Stop(ComponentHandle handle) =>
            Native.HP_Server_Stop(handle);
        public bool HasStarted(ComponentHandle handle) =>
            Native.HP_Server_HasStarted(handle);
        public ServiceState GetState(ComponentHandle handle) =>
            Native.HP_Server_GetState(handle);
        public SocketError GetLastError(ComponentHandle handle) =>
            Native.HP_Server_GetLastError(handle);
        public IntPtr GetLastErrorDesc(ComponentHandle handle) =>
            Native.HP_Server_GetLastErrorDesc(handle);
        public bool Wait(ComponentHandle handle, int iTimeout) =>
            Native.HP_Server_Wait(handle, iTimeout);
        public IntPtr GetLastErrorDetail(ComponentHandle handle) =>
            Native.HP_Server_GetLastErrorDetail(handle);
        public bool GetStats(ComponentHandle handle, ref Stats pStats) =>
            Native.HP_Server_GetStats(handle, ref pStats);
        public void SetIoBackend(ComponentHandle handle, IoBackend enIoBackend) =>
            Native.HP_Server_SetIoBackend(handle, enIoBackend);
        public IoBackend GetIoBackend(ComponentHandle handle) =>
            Native.HP_Server_GetIoBackend(handle);
        public IntPtr GetIoBackendDesc(ComponentHandle handle) =>
            Native.HP_Server_GetIoBackendDesc(handle);
        public void SetMaxPendingLength(ComponentHandle handle, ulong ullLength) =>
            Native.HP_Server_SetMaxPendingLength(handle, ullLength);
        public ulong GetMaxPendingLength(ComponentHandle handle) =>
            Native.HP_Server_GetMaxPendingLength(handle);
        public void SetMaxPendingTotal(ComponentHandle handle, ulong ullLength) =>
            Native.HP_Server_SetMaxPendingTotal(handle, ullLength);
        public ulong GetMaxPendingTotal(ComponentHandle handle) =>
            Native.HP_Server_GetMaxPendingTotal(handle);
        public void SetGracefulTimeout(ComponentHandle handle, uint dwTimeout) =>
            Native.HP_Server_SetGracefulTimeout(handle, dwTimeout);
        public uint GetGracefulTimeout(ComponentHandle handle) =>
            Native.HP_Server_GetGracefulTimeout(handle);
        public void SetSlowCallbackTime(ComponentHandle handle, uint dwTime) =>
            Native.HP_Server_SetSlowCallbackTime(handle, dwTime);
        public uint GetSlowCallbackTime(ComponentHandle handle) =>
            Native.HP_Server_GetSlowCallbackTime(handle);
        public void SetBusyPoll(ComponentHandle handle, uint dwTime) =>
            Native.HP_Server_SetBusyPoll(handle, dwTime);
        public uint GetBusyPoll(ComponentHandle handle) =>
            Native.HP_Server_GetBusyPoll(handle);
        public void SetNoDelay(ComponentHandle handle, bool bNoDelay) =>
            Native.HP_Server_SetNoDelay(handle, bNoDelay);
        public bool IsNoDelay(ComponentHandle handle) =>
            Native.HP_Server_IsNoDelay(handle);
        public bool Send(ComponentHandle handle, UIntPtr dwConnID, byte[] pBuffer, int iLength) =>
            Native.HP_Server_Send(handle, dwConnID, pBuffer, iLength);
        public bool SendPart(ComponentHandle handle, UIntPtr dwConnID, byte[] pBuffer, int iLength, int iOffset) =>
            Native.HP_Server_SendPart(handle, dwConnID, pBuffer, iLength, iOffset);
        public bool SendPackets(ComponentHandle handle, UIntPtr dwConnID, Piece[] pBuffers, int iCount) =>
            Native.HP_Server_SendPackets(handle, dwConnID, pBuffers, iCount);
        public bool Disconnect(ComponentHandle handle, UIntPtr dwConnID, bool bForce) =>
            Native.HP_Server_Disconnect(handle, dwConnID, bForce);
        public bool DisconnectLongConnections(ComponentHandle handle, uint dwPeriod, bool bForce) =>
            Native.HP_Server_DisconnectLongConnections(handle, dwPeriod, bForce);
        public bool DisconnectSilenceConnections(ComponentHandle handle, uint dwPeriod, bool bForce) =>
            Native.HP_Server_DisconnectSilenceConnections(handle, dwPeriod, bForce);
        public bool SetConnectionExtra(ComponentHandle handle, UIntPtr dwConnID, IntPtr pExtra) =>
            Native.HP_Server_SetConnectionExtra(handle, dwConnID, pExtra);
        public bool GetConnectionExtra(ComponentHandle handle, UIntPtr dwConnID, ref IntPtr ppExtra) =>
            Native.HP_Server_GetConnectionExtra(handle, dwConnID, ref ppExtra);
        public bool GetPendingDataLength(ComponentHandle handle, UIntPtr dwConnID, ref int piPending) =>
            Native.HP_Server_GetPendingDataLength(handle, dwConnID, ref piPending);
        public uint GetConnectionCount(ComponentHandle handle) =>
            Native.HP_Server_GetConnectionCount(handle);
        public bool GetAllConnectionIDs(ComponentHandle handle, UIntPtr[] pIDs, ref uint pdwCount) =>
            Native.HP_Server_GetAllConnectionIDs(handle, pIDs, ref pdwCount);
        public bool GetConnectPeriod(ComponentHandle handle, UIntPtr dwConnID, ref uint pdwPeriod) =>
            Native.HP_Server_GetConnectPeriod(handle, dwConnID, ref pdwPeriod);
        public bool GetSilencePeriod(ComponentHandle handle, UIntPtr dwConnID, ref uint pdwPeriod) =>
            Native.HP_Server_GetSilencePeriod(handle, dwConnID, ref pdwPeriod);
        public bool GetRemoteAddress(
            ComponentHandle handle, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort) =>
            Native.HP_Server_GetRemoteAddress(handle, dwConnID, lpszAddress, ref piAddressLen, ref pusPort);
        public void SetSendPolicy(ComponentHandle handle, SendPolicy enSendPolicy) =>
            Native.HP_Server_SetSendPolicy(handle, enSendPolicy);
        public void SetRecvPolicy(ComponentHandle handle, RecvPolicy enRecvPolicy) =>
            Native.HP_Server_SetRecvPolicy(handle, enRecvPolicy);
        public void SetFreeSocketObjLockTime(ComponentHandle handle, uint dwFreeSocketObjLockTime) =>
            Native.HP_Server_SetFreeSocketObjLockTime(handle, dwFreeSocketObjLockTime);
        public void SetFreeSocketObjPool(ComponentHandle handle, uint dwFreeSocketObjPool) =>
            Native.HP_Server_SetFreeSocketObjPool(handle, dwFreeSocketObjPool);
        public void SetFreeBufferObjPool(ComponentHandle handle, uint dwFreeBufferObjPool) =>
            Native.HP_Server_SetFreeBufferObjPool(handle, dwFreeBufferObjPool);
        public void SetFreeSocketObjHold(ComponentHandle handle, uint dwFreeSocketObjHold) =>
            Native.HP_Server_SetFreeSocketObjHold(handle, dwFreeSocketObjHold);
        public void SetFreeBufferObjHold(ComponentHandle handle, uint dwFreeBufferObjHold) =>
            Native.HP_Server_SetFreeBufferObjHold(handle, dwFreeBufferObjHold);
        public void SetWorkerThreadCount(ComponentHandle handle, uint dwWorkerThreadCount) =>
            Native.HP_Server_SetWorkerThreadCount(handle, dwWorkerThreadCount);
        public void SetMaxShutdownWaitTime(ComponentHandle handle, uint dwMaxShutdownWaitTime) =>
            Native.HP_Server_SetMaxShutdownWaitTime(handle, dwMaxShutdownWaitTime);
        public void SetMarkSilence(ComponentHandle handle, bool bMarkSilence) =>
            Native.HP_Server_SetMarkSilence(handle, bMarkSilence);
        public SendPolicy GetSendPolicy(ComponentHandle handle) =>
            Native.HP_Server_GetSendPolicy(handle);
        public RecvPolicy GetRecvPolicy(ComponentHandle handle) =>
            Native.HP_Server_GetRecvPolicy(handle);
        public uint GetFreeSocketObjLockTime(ComponentHandle handle) =>
            Native.HP_Server_GetFreeSocketObjLockTime(handle);
        public uint GetFreeSocketObjPool(ComponentHandle handle) =>
            Native.HP_Server_GetFreeSocketObjPool(handle);
        public uint GetFreeBufferObjPool(ComponentHandle handle) =>
            Native.HP_Server_GetFreeBufferObjPool(handle);
        public uint GetFreeSocketObjHold(ComponentHandle handle) =>
            Native.HP_Server_GetFreeSocketObjHold(handle);
        public uint GetFreeBufferObjHold(ComponentHandle handle) =>
            Native.HP_Server_GetFreeBufferObjHold(handle);
        public uint GetWorkerThreadCount(ComponentHandle handle) =>
            Native.HP_Server_GetWorkerThreadCount(handle);
        public uint GetMaxShutdownWaitTime(ComponentHandle handle) =>
            Native.HP_Server_GetMaxShutdownWaitTime(handle);
        public bool IsMarkSilence(ComponentHandle handle) =>
            Native.HP_Server_IsMarkSilence(handle);
        public bool PauseReceive(ComponentHandle handle, UIntPtr dwConnID, bool bPause) =>
            Native.HP_Server_PauseReceive(handle, dwConnID, bPause);
        public bool IsPauseReceive(ComponentHandle handle, UIntPtr dwConnID, ref bool pbPaused) =>
            Native.HP_Server_IsPauseReceive(handle, dwConnID, ref pbPaused);
        public void SetMaxConnectionCount(ComponentHandle handle, uint dwMaxConnectionCount) =>
            Native.HP_Server_SetMaxConnectionCount(handle, dwMaxConnectionCount);
        public uint GetMaxConnectionCount(ComponentHandle handle) =>
            Native.HP_Server_GetMaxConnectionCount(handle);
        public void SetMaxIdleTime(ComponentHandle handle, uint dwMaxIdleTime) =>
            Native.HP_Server_SetMaxIdleTime(handle, dwMaxIdleTime);
        public uint GetMaxIdleTime(ComponentHandle handle) =>
            Native.HP_Server_GetMaxIdleTime(handle);
    }

    internal sealed class AgentFunctions : IComplexFunctions
    {
        public bool Stop(ComponentHandle handle) =>
            Native.HP_Agent_Stop(handle);
        public bool HasStarted(ComponentHandle handle) =>
            Native.HP_Agent_HasStarted(handle);
        public ServiceState GetState(ComponentHandle handle) =>
            Native.HP_Agent_GetState(handle);
        public SocketError GetLastError(ComponentHandle handle) =>
            Native.HP_Agent_GetLastError(handle);
        public IntPtr GetLastErrorDesc(ComponentHandle handle) =>
            Native.HP_Agent_GetLastErrorDesc(handle);
        public bool Wait(ComponentHandle handle, int iTimeout) =>
            Native.HP_Agent_Wait(handle, iTimeout);
        public IntPtr GetLastErrorDetail(ComponentHandle handle) =>
            Native.HP_Agent_GetLastErrorDetail(handle);
        public bool GetStats(ComponentHandle handle, ref Stats pStats) =>
            Native.HP_Agent_GetStats(handle, ref pStats);
        public void SetIoBackend(ComponentHandle handle, IoBackend enIoBackend) =>
            Native.HP_Agent_SetIoBackend(handle, enIoBackend);
        public IoBackend GetIoBackend(ComponentHandle handle) =>
            Native.HP_Agent_GetIoBackend(handle);
        public IntPtr GetIoBackendDesc(ComponentHandle handle) =>
            Native.HP_Agent_GetIoBackendDesc(handle);
        public void SetMaxPendingLength(ComponentHandle handle, ulong ullLength) =>
            Native.HP_Agent_SetMaxPendingLength(handle, ullLength);
        public ulong GetMaxPendingLength(ComponentHandle handle) =>
            Native.HP_Agent_GetMaxPendingLength(handle);
        public void SetMaxPendingTotal(ComponentHandle handle, ulong ullLength) =>
            Native.HP_Agent_SetMaxPendingTotal(handle, ullLength);
        public ulong GetMaxPendingTotal(ComponentHandle handle) =>
            Native.HP_Agent_GetMaxPendingTotal(handle);
        public void SetGracefulTimeout(ComponentHandle handle, uint dwTimeout) =>
            Native.HP_Agent_SetGracefulTimeout(handle, dwTimeout);
        public uint GetGracefulTimeout(ComponentHandle handle) =>
            Native.HP_Agent_GetGracefulTimeout(handle);
        public void SetSlowCallbackTime(ComponentHandle handle, uint dwTime) =>
            Native.HP_Agent_SetSlowCallbackTime(handle, dwTime);
        public uint GetSlowCallbackTime(ComponentHandle handle) =>
            Native.HP_Agent_GetSlowCallbackTime(handle);
        public void SetBusyPoll(ComponentHandle handle, uint dwTime) =>
            Native.HP_Agent_SetBusyPoll(handle, dwTime);
        public uint GetBusyPoll(ComponentHandle handle) =>
            Native.HP_Agent_GetBusyPoll(handle);
        public void SetNoDelay(ComponentHandle handle, bool bNoDelay) =>
            Native.HP_Agent_SetNoDelay(handle, bNoDelay);
        public bool IsNoDelay(ComponentHandle handle) =>
            Native.HP_Agent_IsNoDelay(handle);
        public bool Send(ComponentHandle handle, UIntPtr dwConnID, byte[] pBuffer, int iLength) =>
            Native.HP_Agent_Send(handle, dwConnID, pBuffer, iLength);
        public bool SendPart(ComponentHandle handle, UIntPtr dwConnID, byte[] pBuffer, int iLength, int iOffset) =>
            Native.HP_Agent_SendPart(handle, dwConnID, pBuffer, iLength, iOffset);
        public bool SendPackets(ComponentHandle handle, UIntPtr dwConnID, Piece[] pBuffers, int iCount) =>
            Native.HP_Agent_SendPackets(handle, dwConnID, pBuffers, iCount);
        public bool Disconnect(ComponentHandle handle, UIntPtr dwConnID, bool bForce) =>
            Native.HP_Agent_Disconnect(handle, dwConnID, bForce);
        public bool DisconnectLongConnections(ComponentHandle handle, uint dwPeriod, bool bForce) =>
            Native.HP_Agent_DisconnectLongConnections(handle, dwPeriod, bForce);
        public bool DisconnectSilenceConnections(ComponentHandle handle, uint dwPeriod, bool bForce) =>
            Native.HP_Agent_DisconnectSilenceConnections(handle, dwPeriod, bForce);
        public bool SetConnectionExtra(ComponentHandle handle, UIntPtr dwConnID, IntPtr pExtra) =>
            Native.HP_Agent_SetConnectionExtra(handle, dwConnID, pExtra);
        public bool GetConnectionExtra(ComponentHandle handle, UIntPtr dwConnID, ref IntPtr ppExtra) =>
            Native.HP_Agent_GetConnectionExtra(handle, dwConnID, ref ppExtra);
        public bool GetPendingDataLength(ComponentHandle handle, UIntPtr dwConnID, ref int piPending) =>
            Native.HP_Agent_GetPendingDataLength(handle, dwConnID, ref piPending);
        public uint GetConnectionCount(ComponentHandle handle) =>
            Native.HP_Agent_GetConnectionCount(handle);
        public bool GetAllConnectionIDs(ComponentHandle handle, UIntPtr[] pIDs, ref uint pdwCount) =>
            Native.HP_Agent_GetAllConnectionIDs(handle, pIDs, ref pdwCount);
        public bool GetConnectPeriod(ComponentHandle handle, UIntPtr dwConnID, ref uint pdwPeriod) =>
            Native.HP_Agent_GetConnectPeriod(handle, dwConnID, ref pdwPeriod);
        public bool GetSilencePeriod(ComponentHandle handle, UIntPtr dwConnID, ref uint pdwPeriod) =>
            Native.HP_Agent_GetSilencePeriod(handle, dwConnID, ref pdwPeriod);
        public bool GetRemoteAddress(
            ComponentHandle handle, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort) =>
            Native.HP_Agent_GetRemoteAddress(handle, dwConnID, lpszAddress, ref piAddressLen, ref pusPort);
        public void SetSendPolicy(ComponentHandle handle, SendPolicy enSendPolicy) =>
            Native.HP_Agent_SetSendPolicy(handle, enSendPolicy);
        public void SetRecvPolicy(ComponentHandle handle, RecvPolicy enRecvPolicy) =>
            Native.HP_Agent_SetRecvPolicy(handle, enRecvPolicy);
        public void SetFreeSocketObjLockTime(ComponentHandle handle, uint dwFreeSocketObjLockTime) =>
            Native.HP_Agent_SetFreeSocketObjLockTime(handle, dwFreeSocketObjLockTime);
        public void SetFreeSocketObjPool(ComponentHandle handle, uint dwFreeSocketObjPool) =>
            Native.HP_Agent_SetFreeSocketObjPool(handle, dwFreeSocketObjPool);
        public void SetFreeBufferObjPool(ComponentHandle handle, uint dwFreeBufferObjPool) =>
            Native.HP_Agent_SetFreeBufferObjPool(handle, dwFreeBufferObjPool);
        public void SetFreeSocketObjHold(ComponentHandle handle, uint dwFreeSocketObjHold) =>
            Native.HP_Agent_SetFreeSocketObjHold(handle, dwFreeSocketObjHold);
        public void SetFreeBufferObjHold(ComponentHandle handle, uint dwFreeBufferObjHold) =>
            Native.HP_Agent_SetFreeBufferObjHold(handle, dwFreeBufferObjHold);
        public void SetWorkerThreadCount(ComponentHandle handle, uint dwWorkerThreadCount) =>
            Native.HP_Agent_SetWorkerThreadCount(handle, dwWorkerThreadCount);
        public void SetMaxShutdownWaitTime(ComponentHandle handle, uint dwMaxShutdownWaitTime) =>
            Native.HP_Agent_SetMaxShutdownWaitTime(handle, dwMaxShutdownWaitTime);
        public void SetMarkSilence(ComponentHandle handle, bool bMarkSilence) =>
            Native.HP_Agent_SetMarkSilence(handle, bMarkSilence);
        public SendPolicy GetSendPolicy(ComponentHandle handle) =>
            Native.HP_Agent_GetSendPolicy(handle);
        public RecvPolicy GetRecvPolicy(ComponentHandle handle) =>
            Native.HP_Agent_GetRecvPolicy(handle);
        public uint GetFreeSocketObjLockTime(ComponentHandle handle) =>
            Native.HP_Agent_GetFreeSocketObjLockTime(handle);
        public uint GetFreeSocketObjPool(ComponentHandle handle) =>
            Native.HP_Agent_GetFreeSocketObjPool(handle);
        public uint GetFreeBufferObjPool(ComponentHandle handle) =>
            Native.HP_Agent_GetFreeBufferObjPool(handle);
        public uint GetFreeSocketObjHold(ComponentHandle handle) =>
            Native.HP_Agent_GetFreeSocketObjHold(handle);
        public uint GetFreeBufferObjHold(ComponentHandle handle) =>
            Native.HP_Agent_GetFreeBufferObjHold(handle);
        public uint GetWorkerThreadCount(ComponentHandle handle) =>
            Native.HP_Agent_GetWorkerThreadCount(handle);
        public uint GetMaxShutdownWaitTime(ComponentHandle handle) =>
            Native.HP_Agent_GetMaxShutdownWaitTime(handle);
        public bool IsMarkSilence(ComponentHandle handle) =>
            Native.HP_Agent_IsMarkSilence(handle);
        public bool PauseReceive(ComponentHandle handle, UIntPtr dwConnID, bool bPause) =>
            Native.HP_Agent_PauseReceive(handle, dwConnID, bPause);
        public bool IsPauseReceive(ComponentHandle handle, UIntPtr dwConnID, ref bool pbPaused) =>
            Native.HP_Agent_IsPauseReceive(handle, dwConnID, ref pbPaused);
        public void SetMaxConnectionCount(ComponentHandle handle, uint dwMaxConnectionCount) =>
            Native.HP_Agent_SetMaxConnectionCount(handle, dwMaxConnectionCount);
        public uint GetMaxConnectionCount(ComponentHandle handle) =>
            Native.HP_Agent_GetMaxConnectionCount(handle);
        public void SetMaxIdleTime(ComponentHandle handle, uint dwMaxIdleTime) =>
            Native.HP_Agent_SetMaxIdleTime(handle, dwMaxIdleTime);
        public uint GetMaxIdleTime(ComponentHandle handle) =>
            Native.HP_Agent_GetMaxIdleTime(handle);
    }

    internal sealed class ClientFunctions : IComponentFunctions
    {
        public bool Stop(ComponentHandle handle) =>
            Native.HP_Client_Stop(handle);
        public bool HasStarted(ComponentHandle handle) =>
            Native.HP_Client_HasStarted(handle);
        public ServiceState GetState(ComponentHandle handle) =>
            Native.HP_Client_GetState(handle);
        public SocketError GetLastError(ComponentHandle handle) =>
            Native.HP_Client_GetLastError(handle);
        public IntPtr GetLastErrorDesc(ComponentHandle handle) =>
            Native.HP_Client_GetLastErrorDesc(handle);
        public bool Wait(ComponentHandle handle, int iTimeout) =>
            Native.HP_Client_Wait(handle, iTimeout);
        public IntPtr GetLastErrorDetail(ComponentHandle handle) =>
            Native.HP_Client_GetLastErrorDetail(handle);
        public bool GetStats(ComponentHandle handle, ref Stats pStats) =>
            Native.HP_Client_GetStats(handle, ref pStats);
        public void SetIoBackend(ComponentHandle handle, IoBackend enIoBackend) =>
            Native.HP_Client_SetIoBackend(handle, enIoBackend);
        public IoBackend GetIoBackend(ComponentHandle handle) =>
            Native.HP_Client_GetIoBackend(handle);
        public IntPtr GetIoBackendDesc(ComponentHandle handle) =>
            Native.HP_Client_GetIoBackendDesc(handle);
        public void SetMaxPendingLength(ComponentHandle handle, ulong ullLength) =>
            Native.HP_Client_SetMaxPendingLength(handle, ullLength);
        public ulong GetMaxPendingLength(ComponentHandle handle) =>
            Native.HP_Client_GetMaxPendingLength(handle);
        public void SetMaxPendingTotal(ComponentHandle handle, ulong ullLength) =>
            Native.HP_Client_SetMaxPendingTotal(handle, ullLength);
        public ulong GetMaxPendingTotal(ComponentHandle handle) =>
            Native.HP_Client_GetMaxPendingTotal(handle);
        public void SetGracefulTimeout(ComponentHandle handle, uint dwTimeout) =>
            Native.HP_Client_SetGracefulTimeout(handle, dwTimeout);
        public uint GetGracefulTimeout(ComponentHandle handle) =>
            Native.HP_Client_GetGracefulTimeout(handle);
        public void SetSlowCallbackTime(ComponentHandle handle, uint dwTime) =>
            Native.HP_Client_SetSlowCallbackTime(handle, dwTime);
        public uint GetSlowCallbackTime(ComponentHandle handle) =>
            Native.HP_Client_GetSlowCallbackTime(handle);
        public void SetBusyPoll(ComponentHandle handle, uint dwTime) =>
            Native.HP_Client_SetBusyPoll(handle, dwTime);
        public uint GetBusyPoll(ComponentHandle handle) =>
            Native.HP_Client_GetBusyPoll(handle);
        public void SetNoDelay(ComponentHandle handle, bool bNoDelay) =>
            Native.HP_Client_SetNoDelay(handle, bNoDelay);
        public bool IsNoDelay(ComponentHandle handle) =>
            Native.HP_Client_IsNoDelay(handle);
    }

    internal sealed class TcpPullServerFunctions : IPullFunctions
    {
        public FetchResult Fetch(ComponentHandle handle, UIntPtr dwConnID, byte[] pData, int iLength) =>
            Native.HP_TcpPullServer_Fetch(handle, dwConnID, pData, iLength);
        public FetchResult Peek(ComponentHandle handle, UIntPtr dwConnID, byte[] pData, int iLength) =>
            Native.HP_TcpPullServer_Peek(handle, dwConnID, pData, iLength);
        public FetchResult PeekSpan(ComponentHandle handle, UIntPtr dwConnID, out IntPtr ppData, ref int piLength) =>
            Native.HP_TcpPullServer_PeekSpan(handle, dwConnID, out ppData, ref piLength);
        public FetchResult Find(
            ComponentHandle handle, UIntPtr dwConnID, byte[] pPattern, int iLength, int iFrom, ref int piPosition) =>
            Native.HP_TcpPullServer_Find(handle, dwConnID, pPattern, iLength, iFrom, ref piPosition);
    }

    internal sealed class TcpPullAgentFunctions : IPullFunctions
    {
        public FetchResult Fetch(ComponentHandle handle, UIntPtr dwConnID, byte[] pData, int iLength) =>
            Native.HP_TcpPullAgent_Fetch(handle, dwConnID, pData, iLength);
        public FetchResult Peek(ComponentHandle handle, UIntPtr dwConnID, byte[] pData, int iLength) =>
            Native.HP_TcpPullAgent_Peek(handle, dwConnID, pData, iLength);
        public FetchResult PeekSpan(ComponentHandle handle, UIntPtr dwConnID, out IntPtr ppData, ref int piLength) =>
            Native.HP_TcpPullAgent_PeekSpan(handle, dwConnID, out ppData, ref piLength);
        public FetchResult Find(
            ComponentHandle handle, UIntPtr dwConnID, byte[] pPattern, int iLength, int iFrom, ref int piPosition) =>
            Native.HP_TcpPullAgent_Find(handle, dwConnID, pPattern, iLength, iFrom, ref piPosition);
    }
}
