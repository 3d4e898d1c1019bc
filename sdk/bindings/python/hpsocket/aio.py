"""HP-Socket for asyncio: connections with an asyncio.StreamReader, and send() that waits while too much is queued.

    async def echo(connection):
        while data := await connection.reader.read(65536):
            await connection.send(data)

    async with await hpsocket.aio.serve(echo, "0.0.0.0", 5555) as server:
        await server.wait()

The library's threads only hand over what comes; everything else runs in the event loop.
"""

from __future__ import annotations

import asyncio
import errno
import threading
from typing import Any, Awaitable, Callable, Dict, Optional, Set

from ._components import Address, Data, TcpClient, TcpServer
from ._listeners import ClientListener, ServerListener
from ._words import Error, SocketOperation

LIMIT = 1 << 16  # bytes that may wait, in either direction, before somebody has to
_RETRY_S = 0.1  # after which send() tries again when memory is short


class _Flow:
    """Pauses a connection while its reader has too much, or the event loop is behind with feeding it."""

    def __init__(self, pause: Callable[[bool], None]) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._full = False  # so says the reader
        self._behind = False
        self._waiting = 0  # bytes that the loop has not fed yet
        self._paused = False

    def _decide(self) -> None:
        self._behind = self._waiting > LIMIT or (self._behind and self._waiting > 0)
        wanted = self._full or self._behind
        if wanted == self._paused:
            return
        self._paused = wanted
        try:
            self._pause(wanted)
        except Error:
            pass  # it has ended meanwhile, and the reader will hear of it

    # Called by the StreamReader.

    def pause_reading(self) -> None:
        """There is too much."""
        with self._lock:
            self._full = True
            self._decide()

    def resume_reading(self) -> None:
        """There is room again."""
        with self._lock:
            self._full = False
            self._decide()

    def came(self, length: int) -> None:
        """In the callback."""
        with self._lock:
            self._waiting += length
            self._decide()

    def fed(self, length: int) -> None:
        """In the event loop."""
        with self._lock:
            self._waiting -= length
            self._decide()


class Connection:
    """One connection, of a client or of a server."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Callable[[Data], None], pending: Callable[[], int],
                 flow: _Flow) -> None:
        self._send, self._pending, self._flow = send, pending, flow
        self._sent = asyncio.Event()
        self._closed = asyncio.Event()
        self.reader = asyncio.StreamReader(LIMIT, loop)
        self.reader.set_transport(flow)  # type: ignore[arg-type]

    async def send(self, data: Data) -> None:
        """Sends; waits while more than LIMIT bytes are queued. Error if the connection has ended."""
        while True:
            self._sent.clear()
            try:
                self._send(data)
                break
            except Error as error:
                if error.errno != errno.ENOBUFS:
                    raise
            try:
                await asyncio.wait_for(self._sent.wait(), _RETRY_S)
            except asyncio.TimeoutError:
                pass  # other connections may have the component's share, and nobody tells when they give it back
        while not self._closed.is_set():
            self._sent.clear()  # first: what is sent from here on sets it
            try:
                if self._pending() <= LIMIT:
                    return
            except Error:
                return  # it has ended, which the next send() says
            await self._sent.wait()

    async def wait_closed(self) -> None:
        """Waits for the connection's end."""
        await self._closed.wait()

    # Called in the event loop.

    def _hear_data(self, data: bytes) -> None:
        self.reader.feed_data(data)
        self._flow.fed(len(data))

    def _hear_sent(self) -> None:
        self._sent.set()

    def _hear_end(self, error: int) -> None:
        if error:
            self.reader.set_exception(OSError(error, "the connection has ended"))
        else:
            self.reader.feed_eof()
        self._closed.set()
        self._sent.set()


class ClientConnection(Connection):
    """A client's connection; `async with` closes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._connected: asyncio.Future[None] = loop.create_future()
        self.client = TcpClient(_ClientEvents(loop, self))
        super().__init__(loop, self.client.send, lambda: self.client.pending_data_length,
                         _Flow(self.client.pause_receive))

    @property
    def local_address(self) -> Address:
        """Our side of the connection."""
        return self.client.local_address

    async def close(self) -> None:
        """Ends the connection at once, unsent data included."""
        await self._loop.run_in_executor(None, self.client.close)
        self._closed.set()

    async def __aenter__(self) -> ClientConnection:
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    def _hear_connected(self) -> None:
        if not self._connected.done():
            self._connected.set_result(None)

    def _hear_end(self, error: int) -> None:
        if not self._connected.done():
            self._connected.set_exception(Error(error or errno.ECANCELED, None, "not connected"))
        super()._hear_end(error)


class _ClientEvents(ClientListener):

    def __init__(self, loop: asyncio.AbstractEventLoop, connection: ClientConnection) -> None:
        self._tell = loop.call_soon_threadsafe
        self._connection = connection

    def on_connect(self, sender: Any) -> None:
        self._tell(self._connection._hear_connected)

    def on_receive(self, sender: Any, data: bytes) -> None:
        self._connection._flow.came(len(data))
        self._tell(self._connection._hear_data, data)

    def on_send(self, sender: Any, data: bytes) -> None:
        self._tell(self._connection._hear_sent)

    def on_close(self, sender: Any) -> None:
        self._tell(self._connection._hear_end, 0)

    def on_error(self, sender: Any, operation: SocketOperation, error: int) -> None:
        self._tell(self._connection._hear_end, error)


async def connect(remote_address: str, port: int) -> ClientConnection:
    """A connection to a literal or a name."""
    connection = ClientConnection(asyncio.get_running_loop())
    try:
        connection.client.start(remote_address, port, async_connect=True)
        await connection._connected
    except BaseException:
        await connection.close()
        raise
    return connection


class ServerConnection(Connection):
    """A server's connection. It ends when the handler has returned."""

    def __init__(self, loop: asyncio.AbstractEventLoop, server: TcpServer, conn_id: int, remote: Address,
                 flow: _Flow) -> None:
        super().__init__(loop, lambda data: server.send(conn_id, data), lambda: server.pending_data_length(conn_id), flow)
        self._server = server
        self.conn_id = conn_id
        self.remote_address = remote

    def close(self, force: bool = False) -> None:
        """Ends it: when what was sent is out, or at once."""
        try:
            self._server.disconnect(self.conn_id, force)
        except Error:
            pass  # it has ended already


Handler = Callable[[ServerConnection], Awaitable[None]]


class AsyncServer:
    """A server whose connections are handled by a coroutine each; `async with` closes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, handler: Handler) -> None:
        self._loop, self._handler = loop, handler
        self._connections: Dict[int, ServerConnection] = {}
        self._tasks: Set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self.server = TcpServer(_ServerEvents(loop, self))

    @property
    def listen_address(self) -> Address:
        """Where it listens."""
        return self.server.listen_address

    async def wait(self) -> None:
        """Waits until it is closed."""
        await self._ended.wait()

    async def close(self) -> None:
        """Ends every connection; waits for the other handlers, whose readers are at their end then."""
        await self._loop.run_in_executor(None, self.server.close)
        await asyncio.sleep(0)  # what the last callbacks have handed over
        others = self._tasks - {asyncio.current_task()}  # a handler that closes the server does not wait for itself
        await asyncio.gather(*others, return_exceptions=True)
        self._ended.set()

    async def __aenter__(self) -> AsyncServer:
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    # Called in the event loop.

    def _hear_accepted(self, conn_id: int, remote: Address, flow: _Flow) -> None:
        connection = ServerConnection(self._loop, self.server, conn_id, remote, flow)
        self._connections[conn_id] = connection
        task = self._loop.create_task(self._handle(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, connection: ServerConnection) -> None:
        try:
            await self._handler(connection)
        finally:
            connection.close()

    def _hear_data(self, conn_id: int, data: bytes) -> None:
        self._connections[conn_id]._hear_data(data)

    def _hear_sent(self, conn_id: int) -> None:
        self._connections[conn_id]._hear_sent()

    def _hear_end(self, conn_id: int, error: int) -> None:
        self._connections.pop(conn_id)._hear_end(error)


class _ServerEvents(ServerListener):

    def __init__(self, loop: asyncio.AbstractEventLoop, server: AsyncServer) -> None:
        self._tell = loop.call_soon_threadsafe
        self._server = server

    def on_accept(self, sender: Any, conn_id: int, socket: int) -> None:

        def pause(wanted: bool) -> None:
            sender.pause_receive(conn_id, wanted)

        flow = _Flow(pause)
        sender.set_connection_extra(conn_id, flow)
        # The connection is made in the loop: Python 3.9 makes no asyncio.Event in a thread without one.
        self._tell(self._server._hear_accepted, conn_id, sender.remote_address(conn_id), flow)

    def on_receive(self, sender: Any, conn_id: int, data: bytes) -> None:
        sender.get_connection_extra(conn_id).came(len(data))
        self._tell(self._server._hear_data, conn_id, data)

    def on_send(self, sender: Any, conn_id: int, data: bytes) -> None:
        self._tell(self._server._hear_sent, conn_id)

    def on_close(self, sender: Any, conn_id: int) -> None:
        self._tell(self._server._hear_end, conn_id, 0)

    def on_error(self, sender: Any, conn_id: int, operation: SocketOperation, error: int) -> None:
        self._tell(self._server._hear_end, conn_id, error)


async def serve(handler: Handler, bind_address: str = "0.0.0.0", port: int = 0,
                configure: Optional[Callable[[TcpServer], None]] = None) -> AsyncServer:
    """Starts a server; configure(server) may set what it likes before."""
    server = AsyncServer(asyncio.get_running_loop(), handler)
    try:
        if configure is not None:
            configure(server.server)
        server.server.start(bind_address, port)
    except BaseException:
        await server.close()
        raise
    return server
