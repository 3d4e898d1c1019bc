"""What every Python function that C calls is wrapped in: closing has to know where it happens, and C takes no exceptions."""

from __future__ import annotations

import contextlib
import logging
import threading
import traceback
from typing import Any, Callable

_logger = logging.getLogger("hpsocket")


class _Inside(threading.local):
    depth = 0


_inside = _Inside()


def inside_callback() -> bool:
    """Whether this thread is the library's, in a callback."""
    return _inside.depth > 0


def counted(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, counted as a callback from its first step to what its variables leave behind."""

    def callback(*arguments: Any) -> Any:
        _inside.depth += 1
        try:
            return function(*arguments)
        finally:
            _inside.depth -= 1

    return callback


def report(text: str, *arguments: Any) -> None:
    """Logs the exception that is being handled. A handler of the application's may raise, too, which goes no further."""
    try:
        _logger.exception(text, *arguments)
    except BaseException:  # pylint: disable=broad-except
        with contextlib.suppress(BaseException):
            traceback.print_exc()
