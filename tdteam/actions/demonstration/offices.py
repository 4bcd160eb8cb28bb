"""What offices counted: the police, the portal, the health station and the commune's own office, each with its day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tdteam.actions.demonstration.calendar import Month
from tdteam.actions.demonstration.chance import Chance, told
from tdteam.domain.periods import VIETNAM


@dataclass(frozen=True)
class Commune:
    """A commune of the demonstration: `people` and `adults` (14 and over) of its villages, `eid` then and now."""

    id: int
    kind: str
    name: str
    households: int
    people: int
    adults: int
    eid: tuple[float, float]

    @property
    def full_name(self) -> str:
        """As it stands inside a sentence."""
        return f"{self.kind.lower()} {self.name}"


def declared_row(
    place_id: int,
    indicator: str,
    value: tuple[int, int | None],
    *,
    source: str,
    received: date,
    by: int | None,
    period: str | None = None,
    as_of: date | None = None,
    team_id: int | None = None,
    sender: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A declared figure in force, for a period or as of a day."""
    return {
        "place_id": place_id,
        "team_id": team_id,
        "team_key": team_id or 0,
        "indicator": indicator,
        "period": period,
        "as_of": as_of,
        "span_key": period or str(as_of),
        "part": value[0],
        "whole": value[1],
        "source": source,
        "sender": sender,
        "received_on": received,
        "note": note,
        "scan_name": "",
        "declared_by": by,
        "declared_at": datetime.combine(received, time(9, 30), VIETNAM).astimezone(UTC),
    }


class OfficeDrawer:
    """Draws the declared figures of communes. `by`: commune -> the account that typed them in."""

    def __init__(self, chance: Chance, today: date, by: Mapping[int, int]) -> None:
        self.chance, self.today, self.by = chance, today, by

    def draw(self, communes: Iterable[Commune], month: Month) -> list[dict[str, Any]]:
        """All offices of all communes for a period that is over; a few had not answered."""
        received = month.period.until + timedelta(days=2)
        if received > self.today:
            return []
        out: list[dict[str, Any]] = []
        for commune in communes:
            for office, figures in (
                ("police", self._police(commune, month)),
                ("health", self._health(commune, month)),
                ("office", self._office(commune, month)),
            ):
                if self.chance.yes(0.94):
                    out += self._rows(commune, office, dict(figures), received, as_of=month.period.last_day)
            if self.chance.yes(0.97):
                out += self._rows(commune, "portal", dict(self._portal(commune, month)), received, month.code)
            lessons = dict(self._lessons(commune, month))
            out += self._rows(commune, "office", lessons, received, month.code)
        return out

    def _rows(
        self,
        commune: Commune,
        office: str,
        figures: Mapping[str, tuple[int, int | None]],
        received: date,
        period: str | None = None,
        as_of: date | None = None,
    ) -> Iterator[dict[str, Any]]:
        words = told("office")["declared"][office]
        for indicator, value in figures.items():
            yield declared_row(
                commune.id,
                indicator,
                value,
                source=words["source"].format(name=commune.full_name, kind=commune.kind.lower()),
                sender=words["sender"].format(name=commune.full_name, kind=commune.kind.lower()),
                received=received,
                by=self.by.get(commune.id),
                period=period,
                as_of=as_of,
            )

    def _of(self, whole: int, share: float) -> tuple[int, int]:
        return min(whole, max(0, round(whole * (share + self.chance.gauss(0, 0.002))))), whole

    def _police(self, commune: Commune, month: Month) -> Iterator[tuple[str, tuple[int, int]]]:
        then, now = commune.eid
        share = then + (now - then) * month.ripeness
        children = round((commune.people - commune.adults) * 0.6)
        yield "EID2_COLLECTED", self._of(commune.adults, min(0.995, share + 0.055))
        yield "EID2_APPROVED", self._of(commune.adults, min(0.985, share + 0.035))
        yield "EID2_ACTIVE", self._of(commune.adults, share + 0.005)
        yield "EID2_CHILDREN", self._of(children, 0.18 + 0.3 * month.ripeness)
        yield "INTEGRATED_HEALTH_CARD", self._of(round(commune.people * 0.94), share - 0.16)
        yield "INTEGRATED_LICENCE", self._of(round(commune.adults * 0.48), share - 0.2)

    def _health(self, commune: Commune, month: Month) -> Iterator[tuple[str, tuple[int, int]]]:
        yield "HEALTH_BOOK_ALL", self._of(commune.people, 0.52 + 0.3 * month.ripeness)

    def _office(self, commune: Commune, month: Month) -> Iterator[tuple[str, tuple[int, int]]]:
        grown = round(commune.adults * 0.93)
        yield "HOUSEHOLDS_FIBRE", self._of(commune.households, 0.48 + 0.12 * month.ripeness)
        yield "ADULTS_SMARTPHONE", self._of(grown, 0.71 + 0.08 * month.ripeness)
        yield "ADULTS_PAYMENT_ACCOUNT", self._of(grown, 0.58 + 0.16 * month.ripeness)
        yield "SKILL_CONFIRMED", self._of(grown, 0.06 + 0.34 * month.ripeness)

    def _portal(self, commune: Commune, month: Month) -> Iterator[tuple[str, tuple[int, int]]]:
        every = max(30, round(commune.adults * 0.035 * (1 + self.chance.gauss(0, 0.15))))
        online = self._of(every, 0.72 + 0.2 * month.ripeness)
        owing = round(online[0] * 0.55)
        yield "PORTAL_FILINGS", online
        yield "PORTAL_FULL", self._of(online[0], 0.68 + 0.14 * month.ripeness)
        yield "PORTAL_PAID", self._of(owing, 0.45 + 0.24 * month.ripeness)
        yield "PORTAL_ON_TIME", self._of(round(every * 0.93), 0.965)

    def _lessons(self, commune: Commune, month: Month) -> Iterator[tuple[str, tuple[int, int | None]]]:
        classes = self.chance.randrange(1, 5)
        learners = classes * (14 + self.chance.randrange(14))
        yield "SKILL_CLASSES", (classes, None)
        yield "SKILL_LEARNERS", (learners, None)
        yield "SKILL_LEARNERS_WOMEN", self._of(learners, 0.56)
