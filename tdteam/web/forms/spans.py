"""Which span a report is asked over: a quarter, half or whole year, or any days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.periods import STATUTORY_START_DAY
from tdteam.domain.report_spans import ReportSpan, SpanKind, range_span, span_code, span_named, span_of
from tdteam.web.forms.base import Form
from tdteam.web.forms.fields import DayField, YearField, options

KINDS = [
    (f"{SpanKind.QUARTER}-1", _l("Quarter I")),
    (f"{SpanKind.QUARTER}-2", _l("Quarter II")),
    (f"{SpanKind.QUARTER}-3", _l("Quarter III")),
    (f"{SpanKind.QUARTER}-4", _l("Quarter IV")),
    (f"{SpanKind.HALF}-1", _l("First half of the year")),
    (f"{SpanKind.HALF}-2", _l("Second half of the year")),
    (f"{SpanKind.YEAR}-1", _l("The whole year")),
    (f"{SpanKind.RANGE}-0", _l("Quick report, from one day to another")),
]


class SpanForm(Form):
    """A span in three ways; days count for a quick report, the year for the others."""

    kind = SelectField(_l("Report over"), choices=options(KINDS))
    year = YearField(_l("Year"), [Optional()], low=2000, high=2100)
    since = DayField(_l("From day"))
    last_day = DayField(_l("To day"))

    def span(self, start_day: int = STATUTORY_START_DAY) -> ReportSpan:
        """The span that was asked for. Raises Refused: `required`, `span_order`, `span_form`."""
        kind, _, index = (self.kind.data or "").partition("-")
        if kind != SpanKind.RANGE:
            if self.year.data is None:
                raise Refused([Flaw("year", "required")])
            return span_of(SpanKind(kind), self.year.data, int(index), start_day)
        since, last_day = self.since.data, self.last_day.data
        if since is None or last_day is None:
            days = (("since", since), ("last_day", last_day))
            raise Refused([Flaw(name, "required") for name, day in days if day is None])
        if since > last_day:
            raise Refused([Flaw("last_day", "span_order")])
        try:
            return span_named(span_code(range_span(since, last_day, start_day)), start_day)
        except Refused as refused:
            raise Refused([Flaw("last_day", flaw.code) for flaw in refused.flaws]) from None
