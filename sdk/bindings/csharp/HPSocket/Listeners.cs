using System;
using System.Linq;
using System.Reflection;

namespace HPSocket
{
    /// <summary>Events of servers. A listener derives from this and overrides what it needs; the others cost nothing. A
    /// method runs on the library's thread, never two for one connection at a time; what it throws is reported and
    /// taken as <see cref="HandleResult.Error"/>. One listener may serve several components, which `sender` tells
    /// apart.</summary>
    public class ServerListener
    {
        /// <summary>The listening socket exists and is not bound yet; on the thread that starts.</summary>
        public virtual HandleResult OnPrepareListen(Server sender, int socket) => HandleResult.Ok;

        /// <summary>A peer has connected; on UDP `socket` is -1. Error: closed, and no further
        /// event comes for it.</summary>
        public virtual HandleResult OnAccept(Server sender, ulong connectionId, int socket) => HandleResult.Ok;

        /// <summary>The kernel has taken these bytes.</summary>
        public virtual HandleResult OnSend(Server sender, ulong connectionId, byte[] data) => HandleResult.Ok;

        /// <summary>PUSH: these have come. Error ends the connection.</summary>
        public virtual HandleResult OnReceive(Server sender, ulong connectionId, byte[] data) => HandleResult.Ok;

        /// <summary>PULL: so many bytes can be fetched now. Error ends the connection.</summary>
        public virtual HandleResult OnPullReceive(Server sender, ulong connectionId, int length) => HandleResult.Ok;

        /// <summary>The connection has ended in order; its last event.</summary>
        public virtual HandleResult OnClose(Server sender, ulong connectionId) => HandleResult.Ok;

        /// <summary>The connection has ended by an error, an errno; its last event.</summary>
        public virtual HandleResult OnError(Server sender, ulong connectionId, SocketOperation operation, int error) =>
            HandleResult.Ok;

        /// <summary>The component has ended.</summary>
        public virtual HandleResult OnShutdown(Server sender) => HandleResult.Ok;
    }

    /// <summary>Events of agents, as <see cref="ServerListener"/>.</summary>
    public class AgentListener
    {
        /// <summary>A socket exists and is neither bound nor connecting yet.</summary>
        public virtual HandleResult OnPrepareConnect(Agent sender, ulong connectionId, int socket) => HandleResult.Ok;

        /// <summary>Connected. Error: closed, and no further event comes for it.</summary>
        public virtual HandleResult OnConnect(Agent sender, ulong connectionId) => HandleResult.Ok;

        /// <summary>The kernel has taken these bytes.</summary>
        public virtual HandleResult OnSend(Agent sender, ulong connectionId, byte[] data) => HandleResult.Ok;

        /// <summary>PUSH: these have come. Error ends the connection.</summary>
        public virtual HandleResult OnReceive(Agent sender, ulong connectionId, byte[] data) => HandleResult.Ok;

        /// <summary>PULL: so many bytes can be fetched now. Error ends the connection.</summary>
        public virtual HandleResult OnPullReceive(Agent sender, ulong connectionId, int length) => HandleResult.Ok;

        /// <summary>The connection has ended in order; its last event.</summary>
        public virtual HandleResult OnClose(Agent sender, ulong connectionId) => HandleResult.Ok;

        /// <summary>The connection has ended by an error, or could not be made (Connect); its last event.</summary>
        public virtual HandleResult OnError(Agent sender, ulong connectionId, SocketOperation operation, int error) =>
            HandleResult.Ok;

        /// <summary>The component has ended.</summary>
        public virtual HandleResult OnShutdown(Agent sender) => HandleResult.Ok;
    }

    /// <summary>Events of clients and casts, as <see cref="ServerListener"/>.</summary>
    public class ClientListener
    {
        /// <summary>A socket exists and is neither bound nor connecting yet.</summary>
        public virtual HandleResult OnPrepareConnect(Client sender, int socket) => HandleResult.Ok;

        /// <summary>Connected.</summary>
        public virtual HandleResult OnConnect(Client sender) => HandleResult.Ok;

        /// <summary>The kernel has taken these bytes.</summary>
        public virtual HandleResult OnSend(Client sender, byte[] data) => HandleResult.Ok;

        /// <summary>PUSH: these have come. Error ends the connection.</summary>
        public virtual HandleResult OnReceive(Client sender, byte[] data) => HandleResult.Ok;

        /// <summary>PULL: so many bytes can be fetched now. Error ends the connection.</summary>
        public virtual HandleResult OnPullReceive(Client sender, int length) => HandleResult.Ok;

        /// <summary>The connection has ended in order; the client stops by itself.</summary>
        public virtual HandleResult OnClose(Client sender) => HandleResult.Ok;

        /// <summary>The connection has ended by an error, or could not be made (Connect); the client stops by
        /// itself.</summary>
        public virtual HandleResult OnError(Client sender, SocketOperation operation, int error) => HandleResult.Ok;
    }

    internal static class Overrides
    {
        /// <summary>Whether a listener has a method of its own instead of TBase's.</summary>
        internal static bool Has<TBase>(TBase listener, string name)
        {
            ParameterInfo[] parameters = typeof(TBase).GetMethod(name).GetParameters();
            Type[] types = parameters.Select(one => one.ParameterType).ToArray();
            return listener.GetType().GetMethod(name, types).DeclaringType != typeof(TBase);
        }
    }
}
