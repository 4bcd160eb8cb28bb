"""A commune's report as an address names it: a month's or another span's, by its code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from tdteam.domain.errors import NotFound, Refused
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.report_spans import ReportSpan, SpanKind, span_code, span_named
from tdteam.store import places, settings
from tdteam.store.tables import Place
from tdteam.web.gate import session
from tdteam.web.verify import span_words


@dataclass(frozen=True)
class Asked:
    """A commune and a span."""

    commune: Place
    span: ReportSpan
    start_day: int

    @property
    def code(self) -> str:
        return span_code(self.span)

    @property
    def name(self) -> str:
        """What a page calls it."""
        return span_words(self.span)

    @property
    def month(self) -> Period | None:
        """The period of a month's report; None for another span."""
        if self.span.kind is not SpanKind.MONTH:
            return None
        return Period(self.span.year, self.span.index, self.start_day)

    @property
    def here(self) -> dict[str, object]:
        """The arguments of the addresses that a month's and a span's report share."""
        return {"commune_id": self.commune.id, "period": self.code}

    def url(self) -> str:
        if self.month:
            return url_for("reports.show", commune_id=self.commune.id, period=self.code)
        return url_for("spans.show", commune_id=self.commune.id, code=self.code)

    def paper_url(self, ending: str) -> str:
        if self.month:
            return url_for(f"reports.{ending}", commune_id=self.commune.id, period=self.code)
        return url_for("spans.paper", commune_id=self.commune.id, code=self.code, ending=ending)

    def step_url(self, step: str) -> str:
        """The page before a step."""
        if self.month:
            return url_for("report_steps.take", commune_id=self.commune.id, period=self.code, step=step)
        return url_for("spans.take", commune_id=self.commune.id, code=self.code, step=step)


def whole_commune(commune_id: int) -> Place:
    """A commune that lies whole inside the scope; NotFound else."""
    place = places.get_place(session(), commune_id)
    if place.level != Level.COMMUNE:
        raise NotFound
    session().demand(commune_id)
    return place


def span_asked(code: str) -> tuple[ReportSpan, int]:
    """The span of a code and the day its periods begin on; NotFound for what is none."""
    start_day = settings.period_start_day(session())
    try:
        return span_named(code, start_day), start_day
    except Refused:
        raise NotFound from None


def asked_report(commune_id: int, code: str) -> Asked:
    """The report of an address; NotFound for another place or no span."""
    return Asked(whole_commune(commune_id), *span_asked(code))
