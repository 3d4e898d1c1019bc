"""HP-Socket for Python: servers, agents, clients and casts whose work is done by libhpsocket4c.so.

    class Echo(hpsocket.ServerListener):
        def on_receive(self, sender, conn_id, data):
            sender.send(conn_id, data)

    with hpsocket.TcpServer(Echo()) as server:
        server.start("0.0.0.0", 5555)
        server.wait()

README.md has more; hpsocket.aio is for asyncio.
"""

from ._components import (Agent, Client, Server, TcpAgent, TcpClient, TcpPullAgent, TcpPullClient, TcpPullServer,
                          TcpServer, UdpCast, UdpClient, UdpServer)
from ._library import library, set_log_handler, version
from ._listeners import AgentListener, ClientListener, ServerListener
from ._words import (CastMode, Error, FetchResult, HandleResult, IoBackend, RecvPolicy, SendPolicy, ServiceState, SocketError,
                     SocketOperation, Stats)

__all__ = [
    "Agent", "AgentListener", "CastMode", "Client", "ClientListener", "Error", "FetchResult", "HandleResult",
    "IoBackend", "RecvPolicy", "SendPolicy", "Server", "ServerListener", "ServiceState", "SocketError",
    "SocketOperation", "Stats", "TcpAgent", "TcpClient", "TcpPullAgent", "TcpPullClient", "TcpPullServer", "TcpServer",
    "UdpCast", "UdpClient", "UdpServer", "library", "set_log_handler", "version"
]
