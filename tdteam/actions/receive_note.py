"""What a record from a phone is judged by, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tdteam.domain.errors import Flaw, NotAllowed, Refused
from tdteam.domain.periods import today
from tdteam.domain.roles import Actor, Power
from tdteam.domain.sync import Doubt, Envelope, Timing, Verdict, shifted
from tdteam.domain.wire import Reader
from tdteam.store.gate import GatedSession
from tdteam.store.periods import PeriodBook


@dataclass(frozen=True)
class Outcome:
    """A verdict. `target`: the thing made or changed ("" for the record's own id); `period`: where a new visit counts."""

    state: Verdict
    version: int | None = None
    flaws: tuple[Flaw, ...] = ()
    clash: dict[str, Any] | None = None
    doubt: Doubt | None = None
    target: str = ""
    village_id: int | None = None
    period: str = ""


@dataclass(frozen=True)
class Note:
    """A record to judge, and all about it."""

    session: GatedSession
    record: Envelope
    actor: Actor
    timing: Timing
    now: datetime

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = self.record.body
        return body

    def demand(self, power: Power) -> None:
        """Raise NotAllowed where the sender's role may not."""
        if not self.actor.holds(power):
            raise NotAllowed

    def base_version(self) -> int:
        """The version an edit was made on; Refused where it says none."""
        if self.record.base_version is None:
            raise Refused([Flaw("base_version", "required")])
        return self.record.base_version

    def day(self, sent: date | None) -> tuple[date | None, Doubt | None]:
        """A day by our clock, and what is doubtful about it."""
        if sent is None:
            return None, None
        day, future = shifted(sent, self.timing.shift, today())
        return day, future or self.timing.doubt


def outcome_of(
    book: PeriodBook,
    village_id: int,
    day: date | None,
    period: str,
    version: int,
    target: str,
    doubt: Doubt | None,
) -> Outcome:
    """Accepted, or late where the fact does not count in the period of its day."""
    is_late = day is not None and book.natural(day).code != period
    state = Verdict.LATE if is_late else Verdict.ACCEPTED
    return Outcome(state, version, doubt=doubt, target=target, village_id=village_id, period=period)


def refuse(flaws: list[Flaw]) -> None:
    if flaws:
        raise Refused(flaws)


def named(note: Note, name: str) -> str:
    """An id the body must name."""
    reader = Reader(note.body)
    value = reader.id(name)
    refuse(reader.flaws or ([] if value else [Flaw(name, "required")]))
    return str(value)
