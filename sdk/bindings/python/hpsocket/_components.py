"""The components, over the C functions."""

from __future__ import annotations

import _thread
import atexit
import contextlib
import ctypes
import math
import os
import threading
import time
import weakref
from typing import Any, Callable, Dict, Generic, Iterable, List, Optional, Set, Tuple, Type, TypeVar, Union, overload

from ._callbacks import inside_callback
from ._library import HPStats, WSABUF, library
from ._listeners import AgentListener, ClientListener, ServerListener, events_of, make_callback
from ._words import (CastMode, Error, FetchResult, IoBackend, RecvPolicy, SendPolicy, ServiceState, SocketError, Stats)

Data = Union[bytes, bytearray, memoryview]
Address = Tuple[str, int]
T = TypeVar("T")
C = TypeVar("C", bound="_Component")


def _pointer(data: Data) -> Any:
    """What C takes for bytes, without copying where Python allows it."""
    if isinstance(data, bytes):
        return data
    view = memoryview(data)
    if view.readonly or not view.c_contiguous:
        return view.tobytes()
    return (ctypes.c_char * view.nbytes).from_buffer(view)


def _text(value: Union[str, bytes]) -> bytes:
    """What C takes for a text, which ends at its first zero byte: the rest must not get lost unnoticed."""
    encoded = value.encode() if isinstance(value, str) else value
    if b"\0" in encoded:
        raise ValueError("a null character in %r" % value)
    return encoded


def _name(file_name: Union[str, os.PathLike[str]]) -> bytes:
    return _text(os.fsencode(file_name))


def _length(data: Data) -> int:
    return memoryview(data).nbytes


class _Setting(Generic[T]):
    """A pair of C functions as an attribute; `family` is the attribute of a component that names the functions."""

    def __init__(self, name: str, convert: Callable[[Any], T], family: str = "_family", getter: str = "Get") -> None:
        self._name, self._convert, self._family, self._getter = name, convert, family, getter

    @overload
    def __get__(self, owner: None, kind: Any) -> _Setting[T]:
        ...

    @overload
    def __get__(self, owner: Any, kind: Any) -> T:
        ...

    def __get__(self, owner: Any, kind: Any) -> Any:
        if owner is None:
            return self
        function = getattr(library, getattr(owner, self._family) + self._getter + self._name)
        return self._convert(owner._use(function))  # pylint: disable=protected-access

    def __set__(self, owner: Any, value: T) -> None:
        function = getattr(library, getattr(owner, self._family) + "Set" + self._name)
        owner._set(function, value)  # pylint: disable=protected-access


class _State:
    """What lives as long as the C objects do: the listener, and the C functions that call it."""

    def __init__(self, kind: str, listener: Any) -> None:
        self.kind = kind
        self.listener = listener
        self.functions: List[Any] = []
        self.extras: Dict[int, Any] = {}
        self.listener_handle: Any = None
        self.handle: Any = None
        self.owner: Callable[[], Any] = lambda: None
        self.lock = threading.Lock()
        self.idle = threading.Condition(self.lock)
        self.users = 0
        self.closing = False
        self.ending = threading.Lock()  # held by who stops the component and ends the C objects

    def use(self, function: Any, *arguments: Any) -> Any:
        """Calls a C function with the handle, which stays until it returns; when closed with none, which C refuses."""
        with self.lock:
            handle = self.handle
            if handle:
                self.users += 1
        try:
            return function(handle, *arguments)
        finally:
            if handle:
                with self.lock:
                    self.users -= 1
                    if self.users == 0:
                        self.idle.notify_all()

    def stop(self, family: str) -> bool:
        """Stops the component; last events come from here, and find the handle.

        False in one of its own callbacks, where C does not wait: Python runs code also where C has called and nobody
        has counted it yet.
        """
        getattr(library, family + "Stop")(self.handle)  # a stop that a callback asked for may be under way
        return bool(getattr(library, family + "Wait")(self.handle, -1))

    def destroy(self) -> None:
        """Ends the C objects of what has stopped."""
        with self.lock:
            handle, self.handle = self.handle, None
            self.idle.wait_for(lambda: self.users == 0)  # C must not end what another thread's call uses
        if handle:
            getattr(library, "Destroy_HP_" + self.kind)(handle)
        if self.listener_handle:
            getattr(library, "Destroy_HP_%sListener" % self.kind)(self.listener_handle)
        self.functions.clear()
        self.extras.clear()


_living: weakref.WeakSet[_Component] = weakref.WeakSet()
# Whose end is under way, kept alive until then. Python may collect anywhere, so no lock is held around this.
_ending: Set[_Component] = set()
_python_ends = False


class _Component:
    """One C object and its listener.

    It is closed by close(), at the end of a `with` block, when it is collected, and at the latest when Python ends.
    """

    _kind = ""
    _role = ""
    _family = ""

    def __init__(self, listener: Any) -> None:
        state = _State(self._kind, listener)
        self._state = state
        state.owner = weakref.ref(self)
        try:
            self._create(state)
        except BaseException:
            state.destroy()
            raise
        _living.add(self)

    def _create(self, state: _State) -> None:
        state.listener_handle = getattr(library, "Create_HP_%sListener" % self._kind)()
        if not state.listener_handle:
            raise MemoryError("no memory for a %s" % self._kind)
        for event in events_of(self._role):
            function = make_callback(self._role, event, state.listener, lambda: state.owner(), self._forget(state))
            if function is not None:
                state.functions.append(function)
                getattr(library, "HP_Set_FN_%s_%s" % (self._role, event))(state.listener_handle, function)
        state.handle = getattr(library, "Create_HP_" + self._kind)(state.listener_handle)
        if not state.handle:
            raise MemoryError("no memory for a %s" % self._kind)

    @staticmethod
    def _forget(state: _State) -> Optional[Callable[[int], None]]:
        return lambda conn_id: state.extras.pop(conn_id, None) and None

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_state") and self._begin_closing():
            if _python_ends:
                self._end()
            else:
                self._end_elsewhere()  # Python collects anywhere, in one of its own callbacks, too

    @property
    def handle(self) -> Any:
        """The C handle, for functions of hpsocket.library; None when closed."""
        return self._state.handle

    @property
    def listener(self) -> Any:
        """What it was made with."""
        return self._state.listener

    def close(self) -> None:
        """Stops it and ends the C objects; a second time nothing. Inside a callback it happens on another thread."""
        if self._begin_closing():
            if inside_callback():
                self._end_elsewhere()
            else:
                self._end()

    def _begin_closing(self) -> bool:
        state = self._state
        with state.lock:
            if state.closing or not state.handle:
                return False
            state.closing = True
        state.owner = lambda: self  # last events find it, also while it is being collected
        _ending.add(self)
        return True

    def _end(self) -> None:
        state = self._state
        with state.ending:  # who comes second waits for the first
            if not state.handle:
                return
            stopped = state.stop(self._family)
            if stopped:
                state.destroy()
                state.owner = lambda: None
                _ending.discard(self)
        if not stopped:
            self._end_elsewhere()

    def _end_elsewhere(self) -> None:
        # Not with `threading`, whose locks this thread may hold where Python collects.
        with contextlib.suppress(RuntimeError):  # there is no memory, or Python ends: then _close_all does it
            _thread.start_new_thread(self._end, ())

    # --- Calls ---

    def _use(self, function: Any, *arguments: Any) -> Any:
        return self._state.use(function, *arguments)

    def _set(self, function: Any, value: Any) -> None:
        if not self.handle:  # C cannot say no: a setter has no result
            raise Error(_EINVAL, None, "closed")
        self._use(function, value)

    def _function(self, name: str) -> Any:
        return getattr(library, self._family + name)

    def _call(self, name: str, *arguments: Any) -> Any:
        return self._use(self._function(name), *arguments)

    def _check(self, succeeded: Any, component_error: bool = False) -> None:
        if succeeded:
            return
        error = ctypes.get_errno()
        code = SocketError(self._call("GetLastError")) if component_error else None
        detail = self._call("GetLastErrorDetail").decode("utf-8", "replace") if self.handle else "closed"
        raise Error(error, code, detail)

    def _do(self, name: str, *arguments: Any) -> None:
        self._check(self._call(name, *arguments))

    def _address(self, name: str, *arguments: Any) -> Address:
        text = ctypes.create_string_buffer(64)
        length, port = ctypes.c_int(len(text)), ctypes.c_ushort()
        if not self._call(name, *arguments, text, ctypes.byref(length), ctypes.byref(port)):
            raise Error(_ENOTCONN, None, "no address")
        return text.value.decode(), port.value

    def stop(self) -> None:
        """Ends every connection; when this returns, no callback runs or will run. In a callback: at once, later."""
        self._check(self._call("Stop"), component_error=True)

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Waits until it is stopped, at most `timeout` seconds; whether it is. Ctrl-C ends it, as everywhere in Python."""
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            # In slices: Python handles signals between two calls of C.
            if self._call("Wait", math.ceil(max(0, min(left, _WAIT_SLICE_S)) * 1000)):
                return True
            if ctypes.get_errno() != _ETIMEDOUT:
                self._check(False, component_error=True)
            if left <= _WAIT_SLICE_S:
                return False

    @property
    def has_started(self) -> bool:
        """STARTED or STARTING."""
        return bool(self._call("HasStarted"))

    @property
    def state(self) -> ServiceState:
        """Its state."""
        return ServiceState(self._call("GetState"))

    @property
    def last_error(self) -> SocketError:
        """The component error; a success does not clear it."""
        return SocketError(self._call("GetLastError"))

    @property
    def last_error_desc(self) -> str:
        """The same in words."""
        return str(self._call("GetLastErrorDesc").decode())

    @property
    def io_backend_desc(self) -> str:
        """Which port is in use, and why."""
        return str(self._call("GetIoBackendDesc").decode("utf-8", "replace"))

    def stats(self) -> Stats:
        """Figures since the last start."""
        stats = HPStats(size=ctypes.sizeof(HPStats))
        self._do("GetStats", ctypes.byref(stats))
        return Stats(*(getattr(stats, name) for name, _ in HPStats._fields_[2:]))  # pylint: disable=protected-access

    io_backend = _Setting("IoBackend", IoBackend)
    max_pending_length = _Setting("MaxPendingLength", int)
    max_pending_total = _Setting("MaxPendingTotal", int)
    graceful_timeout = _Setting("GracefulTimeout", int)
    slow_callback_time = _Setting("SlowCallbackTime", int)
    busy_poll = _Setting("BusyPoll", int)
    no_delay = _Setting("NoDelay", bool, getter="Is")


_ENOTCONN = 107
_ETIMEDOUT = 110
_EINVAL = 22
_WAIT_SLICE_S = 0.1
_MAX_PIECE = 2**32 - 1


def _pieces(buffers: Iterable[Data]) -> Tuple[Any, int, List[Any]]:
    """C's array of pieces, its length, and what must live as long."""
    kept = [_pointer(data) for data in buffers]
    array = (WSABUF * max(len(kept), 1))()
    for piece, data in zip(array, kept):
        if len(data) > _MAX_PIECE:  # ctypes would cut the number
            raise ValueError("a piece of %d bytes" % len(data))
        piece.len = len(data)
        piece.buf = ctypes.cast(data, ctypes.c_void_p)
    return array, len(kept), kept


def _piece(data: Optional[Data]) -> Tuple[Any, List[Any]]:
    """The same for one that may be missing."""
    if data is None:
        return None, []
    array, _, kept = _pieces([data])
    return array, kept


class _Complex(_Component):
    """What servers and agents share: methods with a connection's ID."""

    _tcp = ""

    def send(self, conn_id: int, data: Data) -> None:
        """Sends; the bytes may be reused when it returns."""
        self._do("Send", conn_id, _pointer(data), _length(data))

    def send_part(self, conn_id: int, data: Data, offset: int, length: int) -> None:
        """Sends `length` bytes from `offset` on."""
        if offset < 0 or length < 0 or offset + length > _length(data):
            raise ValueError("%d bytes from %d of %d" % (length, offset, _length(data)))
        self._do("SendPart", conn_id, _pointer(data), length, offset)

    def send_packets(self, conn_id: int, buffers: Iterable[Data]) -> None:
        """Sends several pieces as one."""
        array, count, _kept = _pieces(buffers)
        self._do("SendPackets", conn_id, array, count)

    def send_small_file(self, conn_id: int, file_name: Union[str, os.PathLike[str]], head: Optional[Data] = None,
                        tail: Optional[Data] = None) -> None:
        """Sends head, a file of up to 4 MiB, and tail as one."""
        first, _kept_first = _piece(head)
        last, _kept_last = _piece(tail)
        self._check(self._use(getattr(library, self._tcp + "SendSmallFile"), conn_id, _name(file_name), first, last))

    def disconnect(self, conn_id: int, force: bool = True) -> None:
        """Closes a connection; its last event follows."""
        self._do("Disconnect", conn_id, force)

    def disconnect_long_connections(self, period_ms: int, force: bool = True) -> bool:
        """Disconnects what is that old; whether there was any."""
        return bool(self._call("DisconnectLongConnections", period_ms, force))

    def disconnect_silence_connections(self, period_ms: int, force: bool = True) -> bool:
        """Disconnects what has received nothing for that long (mark_silence); whether there was any."""
        return bool(self._call("DisconnectSilenceConnections", period_ms, force))

    def pause_receive(self, conn_id: int, pause: bool = True) -> None:
        """Stops or resumes reading from a connection."""
        self._do("PauseReceive", conn_id, pause)

    def is_receive_paused(self, conn_id: int) -> bool:
        """Whether a connection is paused."""
        paused = ctypes.c_int()
        if not self._call("IsPauseReceive", conn_id, ctypes.byref(paused)):
            raise Error(_ENOTCONN, None, "no such connection")
        return bool(paused.value)

    def set_connection_extra(self, conn_id: int, extra: Any) -> None:
        """Binds an object to a connection, until its last event has returned; None for none."""
        # Before C is asked whether the connection is there: a last event that comes meanwhile finds it.
        if extra is not None:
            self._state.extras[conn_id] = extra
        exists = False
        try:
            exists = self._call("SetConnectionExtra", conn_id, conn_id)
        finally:
            if extra is None or not exists:
                self._state.extras.pop(conn_id, None)
        if not exists:
            raise Error(_ENOTCONN, None, "no such connection")

    def get_connection_extra(self, conn_id: int) -> Any:
        """What set_connection_extra bound; None if nothing."""
        if not self._call("GetConnectionExtra", conn_id, ctypes.byref(ctypes.c_void_p())):
            raise Error(_ENOTCONN, None, "no such connection")
        return self._state.extras.get(conn_id)

    @property
    def connection_count(self) -> int:
        """How many connections there are."""
        return int(self._call("GetConnectionCount"))

    def connection_ids(self) -> List[int]:
        """The IDs of all connections."""
        count = ctypes.c_uint32(0)
        while True:
            ids = (ctypes.c_size_t * max(count.value, 1))()
            count.value = len(ids)
            if self._call("GetAllConnectionIDs", ids, ctypes.byref(count)):
                return list(ids[:count.value])
            if not self.handle:
                self._check(False)

    def _period(self, name: str, conn_id: int) -> int:
        period = ctypes.c_uint32()
        if not self._call(name, conn_id, ctypes.byref(period)):
            raise Error(_ENOTCONN, None, "no such connection")
        return period.value

    def connect_period(self, conn_id: int) -> int:
        """A connection's age in ms."""
        return self._period("GetConnectPeriod", conn_id)

    def silence_period(self, conn_id: int) -> int:
        """Since when it has received nothing, in ms (mark_silence)."""
        return self._period("GetSilencePeriod", conn_id)

    def remote_address(self, conn_id: int) -> Address:
        """The peer."""
        return self._address("GetRemoteAddress", conn_id)

    def pending_data_length(self, conn_id: int) -> int:
        """Bytes that send() accepted and whose send has not completed."""
        pending = ctypes.c_int()
        if not self._call("GetPendingDataLength", conn_id, ctypes.byref(pending)):
            raise Error(_ENOTCONN, None, "no such connection")
        return pending.value

    send_policy = _Setting("SendPolicy", SendPolicy)
    recv_policy = _Setting("RecvPolicy", RecvPolicy)
    free_socket_obj_lock_time = _Setting("FreeSocketObjLockTime", int)
    free_socket_obj_pool = _Setting("FreeSocketObjPool", int)
    free_buffer_obj_pool = _Setting("FreeBufferObjPool", int)
    free_socket_obj_hold = _Setting("FreeSocketObjHold", int)
    free_buffer_obj_hold = _Setting("FreeBufferObjHold", int)
    worker_thread_count = _Setting("WorkerThreadCount", int)
    max_shutdown_wait_time = _Setting("MaxShutdownWaitTime", int)
    mark_silence = _Setting("MarkSilence", bool, getter="Is")
    max_connection_count = _Setting("MaxConnectionCount", int)
    max_idle_time = _Setting("MaxIdleTime", int)


class _Pull:
    """PULL of servers and agents."""

    _pull = ""
    _use: Any

    def fetch(self, conn_id: int, length: int) -> Optional[bytes]:
        """Takes exactly so many bytes; None if they are not there yet."""
        return self._take("Fetch", conn_id, length)

    def peek(self, conn_id: int, length: int) -> Optional[bytes]:
        """The same without taking them."""
        return self._take("Peek", conn_id, length)

    def _take(self, name: str, conn_id: int, length: int) -> Optional[bytes]:
        _check_length(length)
        data = ctypes.create_string_buffer(max(length, 1))
        result = self._use(getattr(library, self._pull + name), conn_id, data, length)
        return data.raw[:length] if _there(result) else None

    def peek_span(self, conn_id: int) -> Optional[bytes]:
        """Inside on_pull_receive: the first bytes, as many as lie in one piece; None if there is none."""
        data, length = ctypes.c_void_p(), ctypes.c_int()
        result = self._use(getattr(library, self._pull + "PeekSpan"), conn_id, ctypes.byref(data),
                           ctypes.byref(length))
        return ctypes.string_at(data, length.value) if result == FetchResult.OK else None

    def find(self, conn_id: int, pattern: bytes, start: int = 0) -> Tuple[bool, int]:
        """Whether the pattern is there at or after `start`, and where; if not, where to look on when more has come."""
        _check_pattern(pattern, start)
        position = ctypes.c_int()
        result = self._use(getattr(library, self._pull + "Find"), conn_id, pattern, len(pattern), start,
                           ctypes.byref(position))
        return _there(result), position.value

    max_pull_length = _Setting("MaxPullLength", int, "_pull")


def _check_length(length: int) -> None:
    if length < 0:
        raise ValueError("%d bytes" % length)


def _check_pattern(pattern: bytes, start: int) -> None:
    if not pattern or start < 0:
        raise ValueError("a pattern of %d bytes from %d on" % (len(pattern), start))


def _there(result: int) -> bool:
    if result == FetchResult.DATA_NOT_FOUND:
        raise Error(_ENOTCONN, None, "no such connection")
    return result == FetchResult.OK


class Server(_Complex):
    """What servers share."""

    _role = "Server"
    _family = "HP_Server_"

    def __init__(self, listener: ServerListener) -> None:
        super().__init__(listener)

    def start(self, bind_address: str = "0.0.0.0", port: int = 0) -> None:
        """Listens; port 0 is any, and listen_address tells which."""
        self._check(self._call("Start", _text(bind_address), port), component_error=True)

    @property
    def listen_address(self) -> Address:
        """Where it listens."""
        return self._address("GetListenAddress")


class TcpServer(Server):
    """TCP, PUSH."""

    _kind = "TcpServer"
    _tcp = "HP_TcpServer_"

    accept_socket_count = _Setting("AcceptSocketCount", int, "_tcp")
    socket_buffer_size = _Setting("SocketBufferSize", int, "_tcp")
    socket_listen_queue = _Setting("SocketListenQueue", int, "_tcp")
    keep_alive_time = _Setting("KeepAliveTime", int, "_tcp")
    keep_alive_interval = _Setting("KeepAliveInterval", int, "_tcp")


class TcpPullServer(_Pull, TcpServer):
    """TCP, PULL."""

    _kind = "TcpPullServer"
    _pull = "HP_TcpPullServer_"


class Agent(_Complex):
    """What agents share."""

    _role = "Agent"
    _family = "HP_Agent_"

    def __init__(self, listener: AgentListener) -> None:
        super().__init__(listener)

    def start(self, bind_address: Optional[str] = None, async_connect: bool = False) -> None:
        """Starts the workers; connect() makes connections, waiting for each unless `async_connect`."""
        address = None if bind_address is None else _text(bind_address)
        self._check(self._call("Start", address, async_connect), component_error=True)

    def connect(self, remote_address: str, port: int) -> int:
        """Connects to a literal or a name; the connection's ID."""
        conn_id = ctypes.c_size_t()
        self._do("Connect", _text(remote_address), port, ctypes.byref(conn_id))
        return conn_id.value

    def local_address(self, conn_id: int) -> Address:
        """Our side of a connection."""
        return self._address("GetLocalAddress", conn_id)

    sync_connect_timeout = _Setting("SyncConnectTimeout", int)


class TcpAgent(Agent):
    """TCP, PUSH."""

    _kind = "TcpAgent"
    _tcp = "HP_TcpAgent_"

    reuse_address = _Setting("ReuseAddress", bool, "_tcp", "Is")
    socket_buffer_size = _Setting("SocketBufferSize", int, "_tcp")
    keep_alive_time = _Setting("KeepAliveTime", int, "_tcp")
    keep_alive_interval = _Setting("KeepAliveInterval", int, "_tcp")


class TcpPullAgent(_Pull, TcpAgent):
    """TCP, PULL."""

    _kind = "TcpPullAgent"
    _pull = "HP_TcpPullAgent_"


class Client(_Component):
    """What clients share: one connection, so methods without an ID."""

    _role = "Client"
    _family = "HP_Client_"

    def __init__(self, listener: ClientListener) -> None:
        super().__init__(listener)
        self.extra: Any = None

    @staticmethod
    def _forget(state: _State) -> Optional[Callable[[int], None]]:
        return None  # its extra is its own

    def start(self, remote_address: str, port: int, async_connect: bool = False) -> None:
        """Connects to a literal or a name."""
        self._check(self._call("Start", _text(remote_address), port, async_connect), component_error=True)

    def send(self, data: Data) -> None:
        """Sends; the bytes may be reused when it returns."""
        self._check(self._call("Send", _pointer(data), _length(data)), component_error=True)

    def send_part(self, data: Data, offset: int, length: int) -> None:
        """Sends `length` bytes from `offset` on."""
        if offset < 0 or length < 0 or offset + length > _length(data):
            raise ValueError("%d bytes from %d of %d" % (length, offset, _length(data)))
        self._check(self._call("SendPart", _pointer(data), length, offset), component_error=True)

    def send_packets(self, buffers: Iterable[Data]) -> None:
        """Sends several pieces as one."""
        array, count, _kept = _pieces(buffers)
        self._check(self._call("SendPackets", array, count), component_error=True)

    def pause_receive(self, pause: bool = True) -> None:
        """Stops or resumes reading."""
        self._do("PauseReceive", pause)

    @property
    def is_receive_paused(self) -> bool:
        """Whether reading is paused."""
        paused = ctypes.c_int()
        if not self._call("IsPauseReceive", ctypes.byref(paused)):
            raise Error(_ENOTCONN, None, "not connected")
        return bool(paused.value)

    @property
    def connection_id(self) -> int:
        """The connection's ID; 0 before the first start."""
        return int(self._call("GetConnectionID"))

    @property
    def local_address(self) -> Address:
        """Our side of the connection."""
        return self._address("GetLocalAddress")

    @property
    def pending_data_length(self) -> int:
        """Bytes that send() accepted and whose send has not completed; 0 when not started."""
        pending = ctypes.c_int()
        self._call("GetPendingDataLength", ctypes.byref(pending))
        return pending.value

    free_buffer_pool_size = _Setting("FreeBufferPoolSize", int)
    free_buffer_pool_hold = _Setting("FreeBufferPoolHold", int)
    sync_connect_timeout = _Setting("SyncConnectTimeout", int)


class TcpClient(Client):
    """TCP, PUSH."""

    _kind = "TcpClient"
    _tcp = "HP_TcpClient_"

    def send_small_file(self, file_name: Union[str, os.PathLike[str]], head: Optional[Data] = None,
                        tail: Optional[Data] = None) -> None:
        """Sends head, a file of up to 4 MiB, and tail as one."""
        first, _kept_first = _piece(head)
        last, _kept_last = _piece(tail)
        self._check(self._use(library.HP_TcpClient_SendSmallFile, _name(file_name), first, last), component_error=True)

    socket_buffer_size = _Setting("SocketBufferSize", int, "_tcp")
    keep_alive_time = _Setting("KeepAliveTime", int, "_tcp")
    keep_alive_interval = _Setting("KeepAliveInterval", int, "_tcp")


class TcpPullClient(TcpClient):
    """TCP, PULL."""

    _kind = "TcpPullClient"
    _pull = "HP_TcpPullClient_"

    def fetch(self, length: int) -> Optional[bytes]:
        """Takes exactly so many bytes; None if they are not there yet."""
        return self._take(library.HP_TcpPullClient_Fetch, length)

    def peek(self, length: int) -> Optional[bytes]:
        """The same without taking them."""
        return self._take(library.HP_TcpPullClient_Peek, length)

    def _take(self, function: Any, length: int) -> Optional[bytes]:
        _check_length(length)
        data = ctypes.create_string_buffer(max(length, 1))
        return data.raw[:length] if _there(self._use(function, data, length)) else None

    def peek_span(self) -> Optional[bytes]:
        """Inside on_pull_receive: the first bytes, as many as lie in one piece; None if there is none."""
        data, length = ctypes.c_void_p(), ctypes.c_int()
        result = self._use(library.HP_TcpPullClient_PeekSpan, ctypes.byref(data), ctypes.byref(length))
        return ctypes.string_at(data, length.value) if result == FetchResult.OK else None

    def find(self, pattern: bytes, start: int = 0) -> Tuple[bool, int]:
        """Whether the pattern is there at or after `start`, and where; if not, where to look on when more has come."""
        _check_pattern(pattern, start)
        position = ctypes.c_int()
        result = self._use(library.HP_TcpPullClient_Find, pattern, len(pattern), start, ctypes.byref(position))
        return _there(result), position.value

    max_pull_length = _Setting("MaxPullLength", int, "_pull")


class UdpServer(Server):
    """UDP: a session for every peer that is heard. on_accept's last argument says nothing; remote_address() does."""

    _kind = "UdpServer"
    _udp = "HP_UdpServer_"

    def send_small_file(self, *_: Any, **__: Any) -> None:
        """For TCP."""
        raise NotImplementedError("UDP sends datagrams")

    post_receive_count = _Setting("PostReceiveCount", int, "_udp")
    max_datagram_size = _Setting("MaxDatagramSize", int, "_udp")
    close_on_oversize = _Setting("CloseOnOversize", bool, "_udp", "Is")
    send_buffer_size = _Setting("SendBufferSize", int, "_udp")
    receive_buffer_size = _Setting("ReceiveBufferSize", int, "_udp")
    detect_attempts = _Setting("DetectAttempts", int, "_udp")
    detect_interval = _Setting("DetectInterval", int, "_udp")


class UdpClient(Client):
    """UDP: hears one server."""

    _kind = "UdpClient"
    _udp = "HP_UdpClient_"

    max_datagram_size = _Setting("MaxDatagramSize", int, "_udp")
    close_on_oversize = _Setting("CloseOnOversize", bool, "_udp", "Is")
    send_buffer_size = _Setting("SendBufferSize", int, "_udp")
    receive_buffer_size = _Setting("ReceiveBufferSize", int, "_udp")
    detect_attempts = _Setting("DetectAttempts", int, "_udp")
    detect_interval = _Setting("DetectInterval", int, "_udp")


class UdpCast(Client):
    """UDP: a member of a multicast group, or of all who hear broadcasts."""

    _kind = "UdpCast"
    _udp = "HP_UdpCast_"

    @property
    def bind_address(self) -> str:
        """Whose interface is joined on and sent by."""
        return str(self._use(library.HP_UdpCast_GetBindAdddress).decode())

    @bind_address.setter
    def bind_address(self, address: str) -> None:
        self._set(library.HP_UdpCast_SetBindAdddress, _text(address))

    def join_source(self, address: Optional[str]) -> None:
        """Hear the group from these senders only; None forgets them."""
        self._check(self._use(library.HP_UdpCast_JoinSource, None if address is None else _text(address)))

    @property
    def remote_address(self) -> Address:
        """Inside on_receive: who sent it."""
        text, length, port = ctypes.create_string_buffer(64), ctypes.c_int(64), ctypes.c_ushort()
        self._check(self._use(library.HP_UdpCast_GetRemoteAddress, text, ctypes.byref(length), ctypes.byref(port)))
        return text.value.decode(), port.value

    reuse_address = _Setting("ReuseAddress", bool, "_udp", "Is")
    cast_mode = _Setting("CastMode", CastMode, "_udp")
    multicast_ttl = _Setting("MultiCastTtl", int, "_udp")
    multicast_loop = _Setting("MultiCastLoop", bool, "_udp", "Is")
    max_datagram_size = _Setting("MaxDatagramSize", int, "_udp")
    close_on_oversize = _Setting("CloseOnOversize", bool, "_udp", "Is")
    send_buffer_size = _Setting("SendBufferSize", int, "_udp")
    receive_buffer_size = _Setting("ReceiveBufferSize", int, "_udp")


@atexit.register
def _close_all() -> None:
    """Before Python ends: afterwards the library's threads could not call it any more.

    Waits for those that callbacks have closed, too, or does it for them: where Python ends, it starts no thread.
    """
    global _python_ends  # pylint: disable=global-statement
    while _living or _ending:
        for components in (_living, _ending):
            with contextlib.suppress(KeyError):  # others take them out, too
                component = components.pop()
                component.close()
                component._end()  # pylint: disable=protected-access
    _python_ends = True


def _forget_all() -> None:
    """In a child that was forked: it has neither the components' threads nor Python's, so it ends without waiting."""
    _living.clear()
    _ending.clear()


os.register_at_fork(after_in_child=_forget_all)
