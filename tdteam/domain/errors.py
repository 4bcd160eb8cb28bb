"""The one small family of errors. Lower layers raise codes; `web/errors.py` and `cli.py` turn them into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as default


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with what came in: the field it stands beside, a code, and figures for the sentence."""

    field: str
    code: str
    params: dict[str, object] = default(default_factory=dict)


class TdteamError(Exception):
    """Root of the family. `status` is the HTTP status the page layer answers with."""

    status = 500
    code = "error"

    def __init__(self, code: str = "", **params: object) -> None:
        self.code = code or self.code
        self.params = params
        super().__init__(self.code)


class NotFound(TdteamError):
    """The thing is not there, or lies outside the caller's scope: the two are told apart by nobody."""

    status = 404
    code = "not_found"


class NotAllowed(TdteamError):
    """The account lacks the power for this endpoint."""

    status = 403
    code = "not_allowed"


class Refused(TdteamError):
    """What came in does not satisfy `judge`; nothing was stored."""

    status = 422
    code = "refused"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("refused")
        self.flaws = tuple(flaws)


class Conflict(TdteamError):
    """Someone else changed the thing since it was read (stale base version, same id with other content)."""

    status = 409
    code = "conflict"


class Closed(TdteamError):
    """The period is sealed: its figures never move."""

    status = 409
    code = "closed"


class Unavailable(TdteamError):
    """The database cannot take this now (locked, full, read-only, away): nothing was stored, try again shortly."""

    status = 503
    code = "unavailable"
