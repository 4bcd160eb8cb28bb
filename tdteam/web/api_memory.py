"""What machines were told lately: who asks again and nothing was written since is told so without counting anew.

An answer's ETag is of its bytes. Beside it this process remembers, for whoever asked and the very address, where the
audit stood when the answer was made: every change of what the API tells ends with an audit entry in its own
transaction. Entries that only note a look do not count.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, g, request

from tdteam.domain.periods import today
from tdteam.store import audit
from tdteam.store.sheet_marks import read_state
from tdteam.web.gate import session, visitor

MOST = 2_000
PRIVATE = "private, no-cache"
VARY = "Accept, Accept-Encoding, Authorization, Cookie"
Key = tuple[object, ...]


class Memory:
    """The last answers, the longest unasked forgotten first: key -> (stamp of the data, ETag)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[str, str]] = OrderedDict()
        self._lock = Lock()

    def tag(self, key: Key, stamp: str) -> str | None:
        """The ETag told under this key while the data stood as they stand now."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != stamp:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def keep(self, key: Key, stamp: str, tag: str) -> None:
        with self._lock:
            self._kept[key] = (stamp, tag)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


def install(app: Flask) -> None:
    """A memory of its own for each program in a process."""
    app.extensions["tdteam_api_memory"] = Memory()


def _memory() -> Memory:
    return cast(Memory, current_app.extensions["tdteam_api_memory"])


def before() -> Response | None:
    """Before an answer is composed: 304 where the asker holds what would be composed. The stamp is read first, so what
    is written meanwhile is younger than it."""
    who = visitor()
    if who is None or request.endpoint is None or request.method != "GET":
        return None
    state = read_state(session())
    g.api_stamp = f"{audit.newest_change(session())}/{state}"
    g.api_key = (
        who.get_id(),
        who.token_id,
        who.seen.roots,
        today(),
        request.full_path,
        request.accept_encodings["gzip"] > 0,
    )
    if not request.if_none_match:
        return None
    tag = _memory().tag(g.api_key, g.api_stamp)
    if tag is None or not request.if_none_match.contains(tag):
        return None
    made = Response(status=304)
    made.set_etag(tag)
    made.headers["Cache-Control"], made.headers["Vary"] = PRIVATE, VARY
    return made


def keep(tag: str) -> None:
    """Remember the ETag of the answer of this request."""
    if "api_stamp" in g:
        _memory().keep(g.api_key, g.api_stamp, tag)
