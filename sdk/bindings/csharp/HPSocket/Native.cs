// Made by sdk/bindings/declarations from the C headers.
using System;
using System.Runtime.InteropServices;

namespace HPSocket
{
    /// <summary>The C functions; sdk/HPSocket4C.h and the headers below it say what each does.</summary>
    public static class Native
    {
        /// <summary>The library, beside the assembly or where the system looks.</summary>
        public const string Library = "libhpsocket4c.so.1";

        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_GetSocketErrorDesc(SocketError enCode);
        [DllImport(Library, SetLastError = true)]
        public static extern uint SYS_GetLastError();
        [DllImport(Library, SetLastError = true)]
        public static extern int SYS_WSAGetLastError();
        [DllImport(Library, SetLastError = true)]
        public static extern int SYS_SetSocketOption(int sock, int level, int name, IntPtr val, int len);
        [DllImport(Library, SetLastError = true)]
        public static extern int SYS_GetSocketOption(int sock, int level, int name, IntPtr val, ref int len);
        [DllImport(Library, SetLastError = true)]
        public static extern int SYS_IoctlSocket(int sock, IntPtr cmd, ref UIntPtr arg);
        [DllImport(Library, SetLastError = true)]
        public static extern int SYS_WSAIoctl(
            int sock, uint dwIoControlCode, IntPtr lpvInBuffer, uint cbInBuffer, IntPtr lpvOutBuffer, uint
            cbOutBuffer, ref uint lpcbBytesReturned);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_GetHPSocketVersion();
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_GetHPSocketVersionDesc();
        [DllImport(Library)]
        public static extern void HP_SetLogHandler(LogFunction handler, IntPtr user);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnPrepareListen(
            IntPtr pListener, ServerOnPrepareListenFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnAccept(IntPtr pListener, ServerOnAcceptFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnSend(IntPtr pListener, ServerOnSendFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnReceive(IntPtr pListener, ServerOnReceiveFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnPullReceive(IntPtr pListener, ServerOnPullReceiveFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnClose(IntPtr pListener, ServerOnCloseFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnError(IntPtr pListener, ServerOnErrorFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Server_OnShutdown(IntPtr pListener, ServerOnShutdownFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnPrepareConnect(
            IntPtr pListener, AgentOnPrepareConnectFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnConnect(IntPtr pListener, AgentOnConnectFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnSend(IntPtr pListener, AgentOnSendFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnReceive(IntPtr pListener, AgentOnReceiveFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnPullReceive(IntPtr pListener, AgentOnPullReceiveFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnClose(IntPtr pListener, AgentOnCloseFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnError(IntPtr pListener, AgentOnErrorFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Agent_OnShutdown(IntPtr pListener, AgentOnShutdownFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnPrepareConnect(
            IntPtr pListener, ClientOnPrepareConnectFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnConnect(IntPtr pListener, ClientOnConnectFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnSend(IntPtr pListener, ClientOnSendFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnReceive(IntPtr pListener, ClientOnReceiveFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnPullReceive(IntPtr pListener, ClientOnPullReceiveFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnClose(IntPtr pListener, ClientOnCloseFunction fn);
        [DllImport(Library)]
        public static extern void HP_Set_FN_Client_OnError(IntPtr pListener, ClientOnErrorFunction fn);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_Start(ComponentHandle pServer, string pszBindAddress, ushort usPort);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_Stop(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_Send(
            ComponentHandle pServer, UIntPtr dwConnID, byte[] pBuffer, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_SendPart(
            ComponentHandle pServer, UIntPtr dwConnID, byte[] pBuffer, int iLength, int iOffset);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_SendPackets(
            ComponentHandle pServer, UIntPtr dwConnID, Piece[] pBuffers, int iCount);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_Disconnect(ComponentHandle pServer, UIntPtr dwConnID, bool bForce);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_DisconnectLongConnections(
            ComponentHandle pServer, uint dwPeriod, bool bForce);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_DisconnectSilenceConnections(
            ComponentHandle pServer, uint dwPeriod, bool bForce);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_SetConnectionExtra(
            ComponentHandle pServer, UIntPtr dwConnID, IntPtr pExtra);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetConnectionExtra(
            ComponentHandle pServer, UIntPtr dwConnID, ref IntPtr ppExtra);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_HasStarted(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern ServiceState HP_Server_GetState(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern SocketError HP_Server_GetLastError(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Server_GetLastErrorDesc(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetPendingDataLength(
            ComponentHandle pServer, UIntPtr dwConnID, ref int piPending);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetConnectionCount(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetAllConnectionIDs(
            ComponentHandle pServer, UIntPtr[] pIDs, ref uint pdwCount);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetConnectPeriod(
            ComponentHandle pServer, UIntPtr dwConnID, ref uint pdwPeriod);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetSilencePeriod(
            ComponentHandle pServer, UIntPtr dwConnID, ref uint pdwPeriod);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetListenAddress(
            ComponentHandle pServer, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetRemoteAddress(
            ComponentHandle pServer, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library)]
        public static extern void HP_Server_SetSendPolicy(ComponentHandle pServer, SendPolicy enSendPolicy);
        [DllImport(Library)]
        public static extern void HP_Server_SetRecvPolicy(ComponentHandle pServer, RecvPolicy enRecvPolicy);
        [DllImport(Library)]
        public static extern void HP_Server_SetFreeSocketObjLockTime(
            ComponentHandle pServer, uint dwFreeSocketObjLockTime);
        [DllImport(Library)]
        public static extern void HP_Server_SetFreeSocketObjPool(ComponentHandle pServer, uint dwFreeSocketObjPool);
        [DllImport(Library)]
        public static extern void HP_Server_SetFreeBufferObjPool(ComponentHandle pServer, uint dwFreeBufferObjPool);
        [DllImport(Library)]
        public static extern void HP_Server_SetFreeSocketObjHold(ComponentHandle pServer, uint dwFreeSocketObjHold);
        [DllImport(Library)]
        public static extern void HP_Server_SetFreeBufferObjHold(ComponentHandle pServer, uint dwFreeBufferObjHold);
        [DllImport(Library)]
        public static extern void HP_Server_SetWorkerThreadCount(ComponentHandle pServer, uint dwWorkerThreadCount);
        [DllImport(Library)]
        public static extern void HP_Server_SetMaxShutdownWaitTime(
            ComponentHandle pServer, uint dwMaxShutdownWaitTime);
        [DllImport(Library)]
        public static extern void HP_Server_SetMarkSilence(ComponentHandle pServer, bool bMarkSilence);
        [DllImport(Library, SetLastError = true)]
        public static extern SendPolicy HP_Server_GetSendPolicy(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern RecvPolicy HP_Server_GetRecvPolicy(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetFreeSocketObjLockTime(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetFreeSocketObjPool(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetFreeBufferObjPool(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetFreeSocketObjHold(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetFreeBufferObjHold(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetWorkerThreadCount(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetMaxShutdownWaitTime(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_IsMarkSilence(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_Wait(ComponentHandle pServer, int iTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_PauseReceive(ComponentHandle pServer, UIntPtr dwConnID, bool bPause);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_IsPauseReceive(
            ComponentHandle pServer, UIntPtr dwConnID, ref bool pbPaused);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Server_GetLastErrorDetail(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_GetStats(ComponentHandle pServer, ref Stats pStats);
        [DllImport(Library)]
        public static extern void HP_Server_SetIoBackend(ComponentHandle pServer, IoBackend enIoBackend);
        [DllImport(Library, SetLastError = true)]
        public static extern IoBackend HP_Server_GetIoBackend(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Server_GetIoBackendDesc(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetMaxPendingLength(ComponentHandle pServer, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_Server_GetMaxPendingLength(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetMaxPendingTotal(ComponentHandle pServer, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_Server_GetMaxPendingTotal(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetGracefulTimeout(ComponentHandle pServer, uint dwTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetGracefulTimeout(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetSlowCallbackTime(ComponentHandle pServer, uint dwTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetSlowCallbackTime(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetBusyPoll(ComponentHandle pServer, uint dwTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetBusyPoll(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetNoDelay(ComponentHandle pServer, bool bNoDelay);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Server_IsNoDelay(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetMaxConnectionCount(ComponentHandle pServer, uint dwMaxConnectionCount);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetMaxConnectionCount(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_Server_SetMaxIdleTime(ComponentHandle pServer, uint dwMaxIdleTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Server_GetMaxIdleTime(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_Start(ComponentHandle pAgent, string pszBindAddress, bool bAsyncConnect);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_Stop(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_Connect(
            ComponentHandle pAgent, string pszRemoteAddress, ushort usPort, ref UIntPtr pdwConnID);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_Send(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] pBuffer, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_SendPart(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] pBuffer, int iLength, int iOffset);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_SendPackets(
            ComponentHandle pAgent, UIntPtr dwConnID, Piece[] pBuffers, int iCount);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_Disconnect(ComponentHandle pAgent, UIntPtr dwConnID, bool bForce);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_DisconnectLongConnections(
            ComponentHandle pAgent, uint dwPeriod, bool bForce);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_DisconnectSilenceConnections(
            ComponentHandle pAgent, uint dwPeriod, bool bForce);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_SetConnectionExtra(
            ComponentHandle pAgent, UIntPtr dwConnID, IntPtr pExtra);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetConnectionExtra(
            ComponentHandle pAgent, UIntPtr dwConnID, ref IntPtr ppExtra);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_HasStarted(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern ServiceState HP_Agent_GetState(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetConnectionCount(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetAllConnectionIDs(
            ComponentHandle pAgent, UIntPtr[] pIDs, ref uint pdwCount);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetConnectPeriod(
            ComponentHandle pAgent, UIntPtr dwConnID, ref uint pdwPeriod);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetSilencePeriod(
            ComponentHandle pAgent, UIntPtr dwConnID, ref uint pdwPeriod);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetLocalAddress(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetRemoteAddress(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library, SetLastError = true)]
        public static extern SocketError HP_Agent_GetLastError(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Agent_GetLastErrorDesc(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetPendingDataLength(
            ComponentHandle pAgent, UIntPtr dwConnID, ref int piPending);
        [DllImport(Library)]
        public static extern void HP_Agent_SetSendPolicy(ComponentHandle pAgent, SendPolicy enSendPolicy);
        [DllImport(Library)]
        public static extern void HP_Agent_SetRecvPolicy(ComponentHandle pAgent, RecvPolicy enRecvPolicy);
        [DllImport(Library)]
        public static extern void HP_Agent_SetFreeSocketObjLockTime(
            ComponentHandle pAgent, uint dwFreeSocketObjLockTime);
        [DllImport(Library)]
        public static extern void HP_Agent_SetFreeSocketObjPool(ComponentHandle pAgent, uint dwFreeSocketObjPool);
        [DllImport(Library)]
        public static extern void HP_Agent_SetFreeBufferObjPool(ComponentHandle pAgent, uint dwFreeBufferObjPool);
        [DllImport(Library)]
        public static extern void HP_Agent_SetFreeSocketObjHold(ComponentHandle pAgent, uint dwFreeSocketObjHold);
        [DllImport(Library)]
        public static extern void HP_Agent_SetFreeBufferObjHold(ComponentHandle pAgent, uint dwFreeBufferObjHold);
        [DllImport(Library)]
        public static extern void HP_Agent_SetWorkerThreadCount(ComponentHandle pAgent, uint dwWorkerThreadCount);
        [DllImport(Library)]
        public static extern void HP_Agent_SetMaxShutdownWaitTime(ComponentHandle pAgent, uint dwMaxShutdownWaitTime);
        [DllImport(Library)]
        public static extern void HP_Agent_SetMarkSilence(ComponentHandle pAgent, bool bMarkSilence);
        [DllImport(Library, SetLastError = true)]
        public static extern SendPolicy HP_Agent_GetSendPolicy(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern RecvPolicy HP_Agent_GetRecvPolicy(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetFreeSocketObjLockTime(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetFreeSocketObjPool(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetFreeBufferObjPool(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetFreeSocketObjHold(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetFreeBufferObjHold(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetWorkerThreadCount(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetMaxShutdownWaitTime(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_IsMarkSilence(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_Wait(ComponentHandle pAgent, int iTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_PauseReceive(ComponentHandle pAgent, UIntPtr dwConnID, bool bPause);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_IsPauseReceive(
            ComponentHandle pAgent, UIntPtr dwConnID, ref bool pbPaused);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Agent_GetLastErrorDetail(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetStats(ComponentHandle pAgent, ref Stats pStats);
        [DllImport(Library)]
        public static extern void HP_Agent_SetIoBackend(ComponentHandle pAgent, IoBackend enIoBackend);
        [DllImport(Library, SetLastError = true)]
        public static extern IoBackend HP_Agent_GetIoBackend(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Agent_GetIoBackendDesc(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetMaxPendingLength(ComponentHandle pAgent, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_Agent_GetMaxPendingLength(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetMaxPendingTotal(ComponentHandle pAgent, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_Agent_GetMaxPendingTotal(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetGracefulTimeout(ComponentHandle pAgent, uint dwTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetGracefulTimeout(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetSlowCallbackTime(ComponentHandle pAgent, uint dwTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetSlowCallbackTime(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetBusyPoll(ComponentHandle pAgent, uint dwTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetBusyPoll(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetNoDelay(ComponentHandle pAgent, bool bNoDelay);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_IsNoDelay(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetMaxConnectionCount(ComponentHandle pAgent, uint dwMaxConnectionCount);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetMaxConnectionCount(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetMaxIdleTime(ComponentHandle pAgent, uint dwMaxIdleTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetMaxIdleTime(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_Agent_SetSyncConnectTimeout(ComponentHandle pAgent, uint dwTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Agent_GetSyncConnectTimeout(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Agent_GetLocaleAddress(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_Start(
            ComponentHandle pClient, string pszRemoteAddress, ushort usPort, bool bAsyncConnect);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_Stop(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_Send(ComponentHandle pClient, byte[] pBuffer, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_SendPart(
            ComponentHandle pClient, byte[] pBuffer, int iLength, int iOffset);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_SendPackets(ComponentHandle pClient, Piece[] pBuffers, int iCount);
        [DllImport(Library)]
        public static extern void HP_Client_SetExtra(ComponentHandle pClient, IntPtr pExtra);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Client_GetExtra(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_HasStarted(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern ServiceState HP_Client_GetState(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern SocketError HP_Client_GetLastError(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Client_GetLastErrorDesc(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern UIntPtr HP_Client_GetConnectionID(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_GetLocalAddress(
            ComponentHandle pClient, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_GetPendingDataLength(ComponentHandle pClient, ref int piPending);
        [DllImport(Library)]
        public static extern void HP_Client_SetFreeBufferPoolSize(ComponentHandle pClient, uint dwFreeBufferPoolSize);
        [DllImport(Library)]
        public static extern void HP_Client_SetFreeBufferPoolHold(ComponentHandle pClient, uint dwFreeBufferPoolHold);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Client_GetFreeBufferPoolSize(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Client_GetFreeBufferPoolHold(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_Wait(ComponentHandle pClient, int iTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_PauseReceive(ComponentHandle pClient, bool bPause);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_IsPauseReceive(ComponentHandle pClient, ref bool pbPaused);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Client_GetLastErrorDetail(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_GetStats(ComponentHandle pClient, ref Stats pStats);
        [DllImport(Library)]
        public static extern void HP_Client_SetIoBackend(ComponentHandle pClient, IoBackend enIoBackend);
        [DllImport(Library, SetLastError = true)]
        public static extern IoBackend HP_Client_GetIoBackend(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_Client_GetIoBackendDesc(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetMaxPendingLength(ComponentHandle pClient, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_Client_GetMaxPendingLength(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetMaxPendingTotal(ComponentHandle pClient, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_Client_GetMaxPendingTotal(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetGracefulTimeout(ComponentHandle pClient, uint dwTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Client_GetGracefulTimeout(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetSlowCallbackTime(ComponentHandle pClient, uint dwTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Client_GetSlowCallbackTime(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetBusyPoll(ComponentHandle pClient, uint dwTime);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Client_GetBusyPoll(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetNoDelay(ComponentHandle pClient, bool bNoDelay);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_IsNoDelay(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_Client_SetSyncConnectTimeout(ComponentHandle pClient, uint dwTimeout);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_Client_GetSyncConnectTimeout(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_Connect(
            ComponentHandle pClient, string pszRemoteAddress, ushort usPort, bool bAsyncConnect);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_Client_GetLocaleAddress(
            ComponentHandle pClient, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpServer(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpPullServer(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpServer(IntPtr pServer);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpPullServer(IntPtr pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpServerListener();
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpPullServerListener();
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpServerListener(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpPullServerListener(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_TcpServer_SendSmallFile(
            ComponentHandle pServer, UIntPtr dwConnID, string lpszFileName, Piece[] pHead, Piece[] pTail);
        [DllImport(Library)]
        public static extern void HP_TcpServer_SetSocketListenQueue(
            ComponentHandle pServer, uint dwSocketListenQueue);
        [DllImport(Library)]
        public static extern void HP_TcpServer_SetAcceptSocketCount(
            ComponentHandle pServer, uint dwAcceptSocketCount);
        [DllImport(Library)]
        public static extern void HP_TcpServer_SetSocketBufferSize(ComponentHandle pServer, uint dwSocketBufferSize);
        [DllImport(Library)]
        public static extern void HP_TcpServer_SetKeepAliveTime(ComponentHandle pServer, uint dwKeepAliveTime);
        [DllImport(Library)]
        public static extern void HP_TcpServer_SetKeepAliveInterval(
            ComponentHandle pServer, uint dwKeepAliveInterval);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpServer_GetAcceptSocketCount(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpServer_GetSocketBufferSize(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpServer_GetSocketListenQueue(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpServer_GetKeepAliveTime(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpServer_GetKeepAliveInterval(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullServer_Fetch(
            ComponentHandle pServer, UIntPtr dwConnID, byte[] pData, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullServer_Peek(
            ComponentHandle pServer, UIntPtr dwConnID, byte[] pData, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullServer_PeekSpan(
            ComponentHandle pServer, UIntPtr dwConnID, out IntPtr ppData, ref int piLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullServer_Find(
            ComponentHandle pServer, UIntPtr dwConnID, byte[] pPattern, int iLength, int iFrom, ref int piPosition);
        [DllImport(Library)]
        public static extern void HP_TcpPullServer_SetMaxPullLength(ComponentHandle pServer, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_TcpPullServer_GetMaxPullLength(ComponentHandle pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpAgent(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpPullAgent(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpAgent(IntPtr pAgent);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpPullAgent(IntPtr pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpAgentListener();
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpPullAgentListener();
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpAgentListener(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpPullAgentListener(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_TcpAgent_SendSmallFile(
            ComponentHandle pAgent, UIntPtr dwConnID, string lpszFileName, Piece[] pHead, Piece[] pTail);
        [DllImport(Library)]
        public static extern void HP_TcpAgent_SetReuseAddress(ComponentHandle pAgent, bool bReuseAddress);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_TcpAgent_IsReuseAddress(ComponentHandle pAgent);
        [DllImport(Library)]
        public static extern void HP_TcpAgent_SetSocketBufferSize(ComponentHandle pAgent, uint dwSocketBufferSize);
        [DllImport(Library)]
        public static extern void HP_TcpAgent_SetKeepAliveTime(ComponentHandle pAgent, uint dwKeepAliveTime);
        [DllImport(Library)]
        public static extern void HP_TcpAgent_SetKeepAliveInterval(ComponentHandle pAgent, uint dwKeepAliveInterval);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpAgent_GetSocketBufferSize(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpAgent_GetKeepAliveTime(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpAgent_GetKeepAliveInterval(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullAgent_Fetch(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] pData, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullAgent_Peek(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] pData, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullAgent_PeekSpan(
            ComponentHandle pAgent, UIntPtr dwConnID, out IntPtr ppData, ref int piLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullAgent_Find(
            ComponentHandle pAgent, UIntPtr dwConnID, byte[] pPattern, int iLength, int iFrom, ref int piPosition);
        [DllImport(Library)]
        public static extern void HP_TcpPullAgent_SetMaxPullLength(ComponentHandle pAgent, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_TcpPullAgent_GetMaxPullLength(ComponentHandle pAgent);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpClient(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpPullClient(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpClient(IntPtr pClient);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpPullClient(IntPtr pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpClientListener();
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_TcpPullClientListener();
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpClientListener(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_TcpPullClientListener(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_TcpClient_SendSmallFile(
            ComponentHandle pClient, string lpszFileName, Piece[] pHead, Piece[] pTail);
        [DllImport(Library)]
        public static extern void HP_TcpClient_SetSocketBufferSize(ComponentHandle pClient, uint dwSocketBufferSize);
        [DllImport(Library)]
        public static extern void HP_TcpClient_SetKeepAliveTime(ComponentHandle pClient, uint dwKeepAliveTime);
        [DllImport(Library)]
        public static extern void HP_TcpClient_SetKeepAliveInterval(
            ComponentHandle pClient, uint dwKeepAliveInterval);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpClient_GetSocketBufferSize(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpClient_GetKeepAliveTime(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_TcpClient_GetKeepAliveInterval(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullClient_Fetch(ComponentHandle pClient, byte[] pData, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullClient_Peek(ComponentHandle pClient, byte[] pData, int iLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullClient_PeekSpan(
            ComponentHandle pClient, out IntPtr ppData, ref int piLength);
        [DllImport(Library, SetLastError = true)]
        public static extern FetchResult HP_TcpPullClient_Find(
            ComponentHandle pClient, byte[] pPattern, int iLength, int iFrom, ref int piPosition);
        [DllImport(Library)]
        public static extern void HP_TcpPullClient_SetMaxPullLength(ComponentHandle pClient, ulong ullLength);
        [DllImport(Library, SetLastError = true)]
        public static extern ulong HP_TcpPullClient_GetMaxPullLength(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_UdpServer(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_UdpServer(IntPtr pServer);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_UdpClient(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_UdpClient(IntPtr pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_UdpServerListener();
        [DllImport(Library)]
        public static extern void Destroy_HP_UdpServerListener(IntPtr pListener);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_UdpClientListener();
        [DllImport(Library)]
        public static extern void Destroy_HP_UdpClientListener(IntPtr pListener);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetMaxDatagramSize(ComponentHandle pServer, uint dwMaxDatagramSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpServer_GetMaxDatagramSize(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetPostReceiveCount(ComponentHandle pServer, uint dwPostReceiveCount);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpServer_GetPostReceiveCount(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetDetectAttempts(ComponentHandle pServer, uint dwDetectAttempts);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpServer_GetDetectAttempts(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetDetectInterval(ComponentHandle pServer, uint dwDetectInterval);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpServer_GetDetectInterval(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetCloseOnOversize(ComponentHandle pServer, bool bCloseOnOversize);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpServer_IsCloseOnOversize(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetSendBufferSize(ComponentHandle pServer, uint dwSendBufferSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpServer_GetSendBufferSize(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpServer_SetReceiveBufferSize(
            ComponentHandle pServer, uint dwReceiveBufferSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpServer_GetReceiveBufferSize(ComponentHandle pServer);
        [DllImport(Library)]
        public static extern void HP_UdpClient_SetMaxDatagramSize(ComponentHandle pClient, uint dwMaxDatagramSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpClient_GetMaxDatagramSize(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_UdpClient_SetDetectAttempts(ComponentHandle pClient, uint dwDetectAttempts);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpClient_GetDetectAttempts(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_UdpClient_SetDetectInterval(ComponentHandle pClient, uint dwDetectInterval);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpClient_GetDetectInterval(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_UdpClient_SetCloseOnOversize(ComponentHandle pClient, bool bCloseOnOversize);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpClient_IsCloseOnOversize(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_UdpClient_SetSendBufferSize(ComponentHandle pClient, uint dwSendBufferSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpClient_GetSendBufferSize(ComponentHandle pClient);
        [DllImport(Library)]
        public static extern void HP_UdpClient_SetReceiveBufferSize(
            ComponentHandle pClient, uint dwReceiveBufferSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpClient_GetReceiveBufferSize(ComponentHandle pClient);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_UdpCast(IntPtr pListener);
        [DllImport(Library)]
        public static extern void Destroy_HP_UdpCast(IntPtr pCast);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr Create_HP_UdpCastListener();
        [DllImport(Library)]
        public static extern void Destroy_HP_UdpCastListener(IntPtr pListener);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetMaxDatagramSize(ComponentHandle pCast, uint dwMaxDatagramSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpCast_GetMaxDatagramSize(ComponentHandle pCast);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpCast_GetRemoteAddress(
            ComponentHandle pCast, byte[] lpszAddress, ref int piAddressLen, ref ushort pusPort);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetBindAdddress(ComponentHandle pCast, string pszBindAddress);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_UdpCast_GetBindAdddress(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetReuseAddress(ComponentHandle pCast, bool bReuseAddress);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpCast_IsReuseAddress(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetCastMode(ComponentHandle pCast, CastMode enCastMode);
        [DllImport(Library, SetLastError = true)]
        public static extern CastMode HP_UdpCast_GetCastMode(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetMultiCastTtl(ComponentHandle pCast, int iMCTtl);
        [DllImport(Library, SetLastError = true)]
        public static extern int HP_UdpCast_GetMultiCastTtl(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetMultiCastLoop(ComponentHandle pCast, bool bMCLoop);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpCast_IsMultiCastLoop(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetBindAddress(ComponentHandle pCast, string pszBindAddress);
        [DllImport(Library, SetLastError = true)]
        public static extern IntPtr HP_UdpCast_GetBindAddress(ComponentHandle pCast);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpCast_JoinSource(ComponentHandle pCast, string pszSourceAddress);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetCloseOnOversize(ComponentHandle pCast, bool bCloseOnOversize);
        [DllImport(Library, SetLastError = true)]
        public static extern bool HP_UdpCast_IsCloseOnOversize(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetSendBufferSize(ComponentHandle pCast, uint dwSendBufferSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpCast_GetSendBufferSize(ComponentHandle pCast);
        [DllImport(Library)]
        public static extern void HP_UdpCast_SetReceiveBufferSize(ComponentHandle pCast, uint dwReceiveBufferSize);
        [DllImport(Library, SetLastError = true)]
        public static extern uint HP_UdpCast_GetReceiveBufferSize(ComponentHandle pCast);
    }

    /// <summary>HP_FN_Server_OnPrepareListen of the C headers.</summary>
    public delegate HandleResult ServerOnPrepareListenFunction(UIntPtr soListen);
    /// <summary>HP_FN_Server_OnAccept of the C headers.</summary>
    public delegate HandleResult ServerOnAcceptFunction(UIntPtr dwConnID, UIntPtr pClient);
    /// <summary>HP_FN_Server_OnSend of the C headers.</summary>
    public delegate HandleResult ServerOnSendFunction(UIntPtr dwConnID, IntPtr pData, int iLength);
    /// <summary>HP_FN_Server_OnReceive of the C headers.</summary>
    public delegate HandleResult ServerOnReceiveFunction(UIntPtr dwConnID, IntPtr pData, int iLength);
    /// <summary>HP_FN_Server_OnPullReceive of the C headers.</summary>
    public delegate HandleResult ServerOnPullReceiveFunction(UIntPtr dwConnID, int iLength);
    /// <summary>HP_FN_Server_OnClose of the C headers.</summary>
    public delegate HandleResult ServerOnCloseFunction(UIntPtr dwConnID);
    /// <summary>HP_FN_Server_OnError of the C headers.</summary>
    public delegate HandleResult ServerOnErrorFunction(UIntPtr dwConnID, SocketOperation enOperation, int iErrorCode);
    /// <summary>HP_FN_Server_OnShutdown of the C headers.</summary>
    public delegate HandleResult ServerOnShutdownFunction();
    /// <summary>HP_FN_Agent_OnPrepareConnect of the C headers.</summary>
    public delegate HandleResult AgentOnPrepareConnectFunction(UIntPtr dwConnID, UIntPtr socket);
    /// <summary>HP_FN_Agent_OnConnect of the C headers.</summary>
    public delegate HandleResult AgentOnConnectFunction(UIntPtr dwConnID);
    /// <summary>HP_FN_Agent_OnSend of the C headers.</summary>
    public delegate HandleResult AgentOnSendFunction(UIntPtr dwConnID, IntPtr pData, int iLength);
    /// <summary>HP_FN_Agent_OnReceive of the C headers.</summary>
    public delegate HandleResult AgentOnReceiveFunction(UIntPtr dwConnID, IntPtr pData, int iLength);
    /// <summary>HP_FN_Agent_OnPullReceive of the C headers.</summary>
    public delegate HandleResult AgentOnPullReceiveFunction(UIntPtr dwConnID, int iLength);
    /// <summary>HP_FN_Agent_OnClose of the C headers.</summary>
    public delegate HandleResult AgentOnCloseFunction(UIntPtr dwConnID);
    /// <summary>HP_FN_Agent_OnError of the C headers.</summary>
    public delegate HandleResult AgentOnErrorFunction(UIntPtr dwConnID, SocketOperation enOperation, int iErrorCode);
    /// <summary>HP_FN_Agent_OnShutdown of the C headers.</summary>
    public delegate HandleResult AgentOnShutdownFunction();
    /// <summary>HP_FN_Client_OnPrepareConnect of the C headers.</summary>
    public delegate HandleResult ClientOnPrepareConnectFunction(IntPtr pClient, UIntPtr socket);
    /// <summary>HP_FN_Client_OnConnect of the C headers.</summary>
    public delegate HandleResult ClientOnConnectFunction(IntPtr pClient);
    /// <summary>HP_FN_Client_OnSend of the C headers.</summary>
    public delegate HandleResult ClientOnSendFunction(IntPtr pClient, IntPtr pData, int iLength);
    /// <summary>HP_FN_Client_OnReceive of the C headers.</summary>
    public delegate HandleResult ClientOnReceiveFunction(IntPtr pClient, IntPtr pData, int iLength);
    /// <summary>HP_FN_Client_OnPullReceive of the C headers.</summary>
    public delegate HandleResult ClientOnPullReceiveFunction(IntPtr pClient, int iLength);
    /// <summary>HP_FN_Client_OnClose of the C headers.</summary>
    public delegate HandleResult ClientOnCloseFunction(IntPtr pClient);
    /// <summary>HP_FN_Client_OnError of the C headers.</summary>
    public delegate HandleResult ClientOnErrorFunction(IntPtr pClient, SocketOperation enOperation, int iErrorCode);
    /// <summary>HP_LogHandler of the C headers.</summary>
    public delegate void LogFunction(int level, IntPtr message, IntPtr user);
}
