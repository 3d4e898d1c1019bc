"""What components tell an application: it derives from one of these and writes the methods that it needs.

A method runs on the library's thread, never two for one connection at a time. What it raises is logged (logger
"hpsocket") and taken as HandleResult.ERROR; what it does not return is HandleResult.OK. A listener may serve several
components, which `sender` tells apart. Methods that are not written cost nothing.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, Optional, Tuple

from ._callbacks import counted, report
from ._library import callback_type
from ._words import HandleResult, SocketOperation

if TYPE_CHECKING:
    from ._components import Agent, Client, Server

Result = Optional[HandleResult]


class ServerListener:
    """Events of servers."""

    def on_prepare_listen(self, sender: Server, socket: int) -> Result:
        """The listening socket exists and is not bound yet; on the thread that starts."""

    def on_accept(self, sender: Server, conn_id: int, socket: int) -> Result:
        """A peer has connected. ERROR: closed, and no further event comes for it."""

    def on_send(self, sender: Server, conn_id: int, data: bytes) -> Result:
        """The kernel has taken these bytes."""

    def on_receive(self, sender: Server, conn_id: int, data: bytes) -> Result:
        """PUSH: these have come. ERROR ends the connection."""

    def on_pull_receive(self, sender: Server, conn_id: int, length: int) -> Result:
        """PULL: so many bytes can be fetched now. ERROR ends the connection."""

    def on_close(self, sender: Server, conn_id: int) -> Result:
        """The connection has ended in order; its last event."""

    def on_error(self, sender: Server, conn_id: int, operation: SocketOperation, error: int) -> Result:
        """The connection has ended by an error, an errno; its last event."""

    def on_shutdown(self, sender: Server) -> Result:
        """The component has ended."""


class AgentListener:
    """Events of agents."""

    def on_prepare_connect(self, sender: Agent, conn_id: int, socket: int) -> Result:
        """A socket exists and is neither bound nor connecting yet."""

    def on_connect(self, sender: Agent, conn_id: int) -> Result:
        """Connected. ERROR: closed, and no further event comes for it."""

    def on_send(self, sender: Agent, conn_id: int, data: bytes) -> Result:
        """The kernel has taken these bytes."""

    def on_receive(self, sender: Agent, conn_id: int, data: bytes) -> Result:
        """PUSH: these have come. ERROR ends the connection."""

    def on_pull_receive(self, sender: Agent, conn_id: int, length: int) -> Result:
        """PULL: so many bytes can be fetched now. ERROR ends the connection."""

    def on_close(self, sender: Agent, conn_id: int) -> Result:
        """The connection has ended in order; its last event."""

    def on_error(self, sender: Agent, conn_id: int, operation: SocketOperation, error: int) -> Result:
        """The connection has ended by an error, or could not be made (CONNECT); its last event."""

    def on_shutdown(self, sender: Agent) -> Result:
        """The component has ended."""


class ClientListener:
    """Events of clients."""

    def on_prepare_connect(self, sender: Client, socket: int) -> Result:
        """A socket exists and is neither bound nor connecting yet."""

    def on_connect(self, sender: Client) -> Result:
        """Connected."""

    def on_send(self, sender: Client, data: bytes) -> Result:
        """The kernel has taken these bytes."""

    def on_receive(self, sender: Client, data: bytes) -> Result:
        """PUSH: these have come. ERROR ends the connection."""

    def on_pull_receive(self, sender: Client, length: int) -> Result:
        """PULL: so many bytes can be fetched now. ERROR ends the connection."""

    def on_close(self, sender: Client) -> Result:
        """The connection has ended in order; the client stops by itself."""

    def on_error(self, sender: Client, operation: SocketOperation, error: int) -> Result:
        """The connection has ended by an error, or could not be made (CONNECT); the client stops by itself."""


# C's name of an event -> the method's, and what the C arguments behind the ID become.
_EVENTS: Dict[str, Tuple[str, Callable[..., Tuple[Any, ...]]]] = {
    "OnPrepareListen": ("on_prepare_listen", lambda socket: (socket,)),
    "OnAccept": ("on_accept", lambda client: (client,)),
    "OnPrepareConnect": ("on_prepare_connect", lambda socket: (socket,)),
    "OnConnect": ("on_connect", lambda: ()),
    "OnSend": ("on_send", lambda data, length: (ctypes.string_at(data, length),)),
    "OnReceive": ("on_receive", lambda data, length: (ctypes.string_at(data, length),)),
    "OnPullReceive": ("on_pull_receive", lambda length: (length,)),
    "OnClose": ("on_close", lambda: ()),
    "OnError": ("on_error", lambda operation, error: (SocketOperation(operation), error)),
    "OnShutdown": ("on_shutdown", lambda: ()),
}
_WITHOUT_ID = ("OnPrepareListen", "OnShutdown")
# A connection's last events; and those that are the last if they refuse it.
_LAST = ("OnClose", "OnError")
_LAST_IF_REFUSED = ("OnAccept", "OnConnect")


def make_callback(role: str, event: str, listener: Any, sender: Callable[[], Any],
                  ended: Optional[Callable[[int], None]]) -> Any:
    """The C function of an event, or None if the listener has no method for it and `ended` does not need it either.

    sender() gives the component; ended(conn_id), if there is one, is called after a connection's last event.
    """
    name, convert = _EVENTS[event]
    base = {"Server": ServerListener, "Agent": AgentListener, "Client": ClientListener}[role]
    method = getattr(listener, name, None)
    if getattr(method, "__func__", None) is getattr(base, name):
        method = None
    if method is None and (ended is None or event not in _LAST):
        return None
    has_id = role != "Client" and event not in _WITHOUT_ID
    # Clients' functions get the handle instead, which the sender stands for.
    skipped = 1 if role == "Client" or has_id else 0

    def callback(*arguments: Any) -> int:
        result = HandleResult.ERROR
        try:
            try:
                ids = arguments[:1] if has_id else ()
                answer = None if method is None else method(sender(), *ids, *convert(*arguments[skipped:]))
                result = HandleResult.OK if answer is None else HandleResult(answer)
            finally:
                refused = event in _LAST_IF_REFUSED and result == HandleResult.ERROR
                if ended is not None and (event in _LAST or refused):
                    ended(arguments[0])
        except BaseException:  # pylint: disable=broad-except
            report("%s of %r failed", name, listener)
        return int(result)

    return callback_type("HP_FN_%s_%s" % (role, event))(counted(callback))


def events_of(role: str) -> Iterator[str]:
    """C's names of a role's events."""
    for event in _EVENTS:
        try:
            callback_type("HP_FN_%s_%s" % (role, event))
        except KeyError:
            continue
        yield event
