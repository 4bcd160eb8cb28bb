"""The words of the wire and of the tables (`docs/sync.md`): places of a visit, contacts, outcomes, states of records."""

from __future__ import annotations

from enum import StrEnum


class VisitPlace(StrEnum):
    HOME = "home"
    CULTURE_HOUSE = "culture_house"
    OFFICE = "office"
    PHONE = "phone"
    OTHER = "other"


class Contact(StrEnum):
    MET = "met"
    NOBODY_HOME = "nobody_home"
    REFUSED = "refused"
    MOVED = "moved"


class Outcome(StrEnum):
    DONE = "done"
    IN_PROGRESS = "in_progress"
    REFERRED = "referred"
    NOT_DONE = "not_done"


NEEDS_CAUSE = frozenset({Outcome.NOT_DONE})
MAY_HAVE_CAUSE = frozenset({Outcome.NOT_DONE, Outcome.IN_PROGRESS})


class RecordState(StrEnum):
    """A version of a visit or gathering: exactly one of a chain is current, unless it was voided."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    VOID = "void"


class Pillar(StrEnum):
    GOVERNMENT = "government"
    ECONOMY = "economy"
    SOCIETY = "society"


class FilingMode(StrEnum):
    FULL = "full"  # toan trinh
    PARTIAL = "partial"  # mot phan


class FilingState(StrEnum):
    SUBMITTED = "submitted"
    SUPPLEMENT = "supplement"  # more papers asked for
    RETURNED = "returned"  # result given back
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    COUNTED = "counted"
    DECLARED = "declared"


class Nature(StrEnum):
    FLOW = "flow"  # sums over periods
    DISTINCT = "distinct"  # tallied per period and per statutory year, never summed
    STOCK = "stock"  # as of the period's end, frozen then


class PeriodStatus(StrEnum):
    OPEN = "open"
    SEALED = "sealed"
