"""libhpsocket4c.so and its declarations."""

from __future__ import annotations

import ctypes
import os
import pathlib
import re
import threading
from typing import Any, Callable, Dict, Optional

from ._callbacks import counted, report
from ._declarations import CALLBACKS, FUNCTIONS

_NAME = "libhpsocket4c.so.1"

_STATS_FIELDS = (
    "connections", "lingering", "total_connections", "refused_connections", "failed_connections", "bytes_received",
    "bytes_sent", "receive_calls", "send_calls", "pending_bytes", "pool_bytes", "pool_buffers", "leases",
    "accept_errors", "buffer_shortages", "cq_overflows", "slow_callbacks", "longest_callback_us",
    "contained_exceptions", "oversize_datagrams", "kernel_drops", "dropped_datagrams", "evicted_sessions")


class HPStats(ctypes.Structure):
    """HP_Stats of the C header."""

    _fields_ = [("size", ctypes.c_uint32), ("reserved", ctypes.c_uint32),
                *((name, ctypes.c_uint64) for name in _STATS_FIELDS)]


class WSABUF(ctypes.Structure):
    """One piece of a SendPackets call."""

    _fields_ = [("len", ctypes.c_uint), ("buf", ctypes.c_void_p)]


LogFunction = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)

_TYPES: Dict[str, Any] = {
    "void": None, "BOOL": ctypes.c_int, "int": ctypes.c_int, "long": ctypes.c_long, "DWORD": ctypes.c_uint32,
    "USHORT": ctypes.c_ushort, "SOCKET": ctypes.c_int, "uint64_t": ctypes.c_uint64, "UINT_PTR": ctypes.c_size_t,
    "HP_CONNID": ctypes.c_size_t, "LPCTSTR": ctypes.c_char_p, "PVOID": ctypes.c_void_p, "LPVOID": ctypes.c_void_p,
    "LPDWORD": ctypes.POINTER(ctypes.c_uint32), "TCHAR*": ctypes.c_char_p, "BYTE*": ctypes.c_void_p,
    "const BYTE*": ctypes.c_void_p, "void*": ctypes.c_void_p, "HP_LogHandler": LogFunction,
}


def _type(name: str) -> Any:
    """The ctypes type of a C type."""
    if name not in _TYPES:
        if name.endswith("*"):
            target = {"HP_Stats": HPStats, "WSABUF": WSABUF, "unsigned long": ctypes.c_ulong}
            inner = name[:-1]
            _TYPES[name] = ctypes.POINTER(target[inner] if inner in target else _type(inner))
        else:  # an enumeration or a handle
            _TYPES[name] = ctypes.c_int if name.startswith("En_HP_") else ctypes.c_void_p
    return _TYPES[name]


def _exact(kind: Any) -> Any:
    """An integer type of a C function's parameter that refuses numbers which it has no room for: ctypes cuts them."""

    class Exact(kind):  # type: ignore[misc]
        """What it takes."""

        @classmethod
        def from_param(cls, value: Any) -> Any:
            """The C value, as ctypes asks for it; it turns what this raises into an ArgumentError."""
            argument = kind(value)
            if argument.value != value:
                raise OverflowError("%d does not fit into C's %d bytes" % (value, ctypes.sizeof(kind)))
            return argument

    return Exact


_EXACT: Dict[Any, Any] = {kind: _exact(kind) for kind in (
    ctypes.c_int, ctypes.c_long, ctypes.c_uint32, ctypes.c_ushort, ctypes.c_uint64, ctypes.c_size_t)}

_DECLARATION = re.compile(r"^(.+?) (\w+)\((.*)\)$", re.MULTILINE)


def _declared(text: str) -> Any:
    for result, name, parameters in _DECLARATION.findall(text):
        yield name, _type(result), [_type(parameter) for parameter in parameters.split(", ") if parameter]


def _load() -> ctypes.CDLL:
    beside = pathlib.Path(__file__).parent / _NAME
    path = os.environ.get("HPSOCKET4C_LIBRARY") or (str(beside) if beside.exists() else _NAME)
    library = ctypes.CDLL(path, use_errno=True)
    for name, result, parameters in _declared(FUNCTIONS):
        function = getattr(library, name)
        function.restype = result
        function.argtypes = [_EXACT.get(parameter, parameter) for parameter in parameters]
    return library


for _name, _result, _parameters in _declared(CALLBACKS):
    _TYPES[_name] = ctypes.CFUNCTYPE(_result, *_parameters)

library = _load()


def callback_type(name: str) -> Any:
    """The type of a callback, HP_FN_Server_OnClose for example."""
    return _TYPES[name]


_log_lock = threading.Lock()
_log_function: Optional[Any] = None


def set_log_handler(handler: Optional[Callable[[int, str], None]]) -> None:
    """Gives the library's messages to handler(level, message): 0 information, 1 warning, 2 error; None: to stderr.

    The handler must not call the library.
    """
    global _log_function  # pylint: disable=global-statement

    def log(level: int, message: bytes, _user: Any) -> None:
        try:
            if handler is not None:
                handler(level, message.decode("utf-8", "replace"))
        except BaseException:  # pylint: disable=broad-except
            report("the handler of messages failed")

    function = LogFunction(0) if handler is None else LogFunction(counted(log))
    with _log_lock:
        library.HP_SetLogHandler(function, None)
        _log_function = function  # the one before is not called any more


def version() -> str:
    """The version of the core that is running, "1.0.0" for example."""
    return str(library.HP_GetHPSocketVersionDesc().decode())
