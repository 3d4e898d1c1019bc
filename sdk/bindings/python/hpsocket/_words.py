"""HP-Socket's enumerations, and what failing calls raise."""

from __future__ import annotations

import dataclasses
import enum
import os
from typing import Optional


class ServiceState(enum.IntEnum):
    """The state of a component."""

    STARTING = 0
    STARTED = 1
    STOPPING = 2
    STOPPED = 3


class SocketOperation(enum.IntEnum):
    """What had been going on when on_error was called."""

    UNKNOWN = 0
    ACCEPT = 1
    CONNECT = 2
    SEND = 3
    RECEIVE = 4


class HandleResult(enum.IntEnum):
    """What a listener's method may return; None is OK."""

    OK = 0
    IGNORE = 1
    ERROR = 2


class FetchResult(enum.IntEnum):
    """The result of fetching."""

    OK = 0
    LENGTH_TOO_LONG = 1
    DATA_NOT_FOUND = 2


class SendPolicy(enum.IntEnum):
    """How sends leave."""

    PACK = 0
    SAFE = 1
    DIRECT = 2


class RecvPolicy(enum.IntEnum):
    """Whether a close may overtake a running on_receive."""

    SERIAL = 0
    PARALLEL = 1


class CastMode(enum.IntEnum):
    """To whom a cast sends."""

    MULTICAST = 0
    BROADCAST = 1


class SocketError(enum.IntEnum):
    """The component error."""

    OK = 0
    ILLEGAL_STATE = 1
    INVALID_PARAM = 2
    SOCKET_CREATE = 3
    SOCKET_BIND = 4
    SOCKET_PREPARE = 5
    SOCKET_LISTEN = 6
    CP_CREATE = 7
    WORKER_THREAD_CREATE = 8
    DETECT_THREAD_CREATE = 9
    SOCKE_ATTACH_TO_CP = 10
    CONNECT_SERVER = 11
    NETWORK = 12
    DATA_PROC = 13
    DATA_SEND = 14


class IoBackend(enum.IntEnum):
    """How a component talks to the kernel."""

    AUTO = 0
    URING = 1
    EPOLL = 2


class Error(OSError):
    """A call that failed: errno as ever, `code` the component error where there is one, `detail` in words."""

    def __init__(self, error: int, code: Optional[SocketError] = None, detail: str = "") -> None:
        super().__init__(error, os.strerror(error) + (": " + detail if detail else ""))
        self.code = code
        self.detail = detail


@dataclasses.dataclass(frozen=True)
class Stats:  # pylint: disable=too-many-instance-attributes
    """Figures of a component; core/api/types.h says what each is."""

    connections: int
    lingering: int
    total_connections: int
    refused_connections: int
    failed_connections: int
    bytes_received: int
    bytes_sent: int
    receive_calls: int
    send_calls: int
    pending_bytes: int
    pool_bytes: int
    pool_buffers: int
    leases: int
    accept_errors: int
    buffer_shortages: int
    cq_overflows: int
    slow_callbacks: int
    longest_callback_us: int
    contained_exceptions: int
    oversize_datagrams: int
    kernel_drops: int
    dropped_datagrams: int
    evicted_sessions: int
