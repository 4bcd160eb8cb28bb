"""Locks by file: the system lets go of them when their holder dies, however it dies, so none is ever left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SERVING = "serving.lock"
"""In the instance folder: shared by a server and by commands that use the database, held alone by a restore."""
Held = AbstractContextManager[None]


class InUse(Exception):
    """Somebody else holds the lock."""


@contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = False) -> Iterator[None]:
    """Hold the lock of a file: many may share it, or one has it alone. Raises InUse where it would have to wait.

    A forked child shares the lock of its parent: it is let go when the last of them ends.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle, shared, wait)
        yield
    finally:
        os.close(handle)


def _take(handle: int, shared: bool, wait: bool) -> None:
    try:
        if (
            sys.platform == "win32"
        ):  # knows no shared locks: there one process serves, and commands wait their turn
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(handle, how if wait else how | fcntl.LOCK_NB)
    except OSError as taken:
        raise InUse(str(taken)) from taken
