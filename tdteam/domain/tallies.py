"""What is tallied: the names of all measures, and what one visit, gathering or filing adds to them.

A measure is a flow (sums over periods), distinct (never summed) or a stock (the registry as of a day). `kind` and
`outcome` of a key refine it as the comment beside each name says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from tdteam.domain.assists import AssistDraft
from tdteam.domain.catalogue import FILING_SUBMIT
from tdteam.domain.filings import FilingDraft, turnaround_days
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.visits import VisitDraft
from tdteam.domain.vocabulary import Contact, FilingState, Nature, Outcome

# Flows of visits and gatherings.
VISITS = "visits"  # kind: contact
RETURNS = "returns"  # visits that set a return date
ASSISTS = "assists"  # kind: assist kind; outcome: outcome
PEOPLE = "people"  # people helped; kind and outcome likewise
CAUSES = "causes"  # people not helped, or not yet; kind: assist kind; outcome: cause
GATHERINGS = "gatherings"
ATTENDED = "attended"
HEADS = ("women", "youth", "elders")  # each with "<name>_of": attended where they were counted
# Flows of filings, in the period of submission.
FILINGS = "filings"  # kind: procedure; outcome: mode
FILINGS_UNLISTED = "filings_unlisted"  # filed with a team's help and not listed one by one
FEES_DUE = "fees_due"
FEES_PAID_ONLINE = "fees_paid_online"
# Flows of filings, in the period the result came in.
RESULTS = "results"
RESULTS_DUE = "results_due"  # of these, with a due date
RESULTS_ON_TIME = "results_on_time"
RESULTS_ELECTRONIC = "results_electronic"
RESULT_DAYS = "result_days"  # days from submission to result, summed
# Households met at least once.
REACHED = "reached"  # distinct, by period and by statutory year
REACHED_FIRST = "reached_first"  # flow: households reached for the first time in the statutory year

FLOWS = (
    *(VISITS, RETURNS, ASSISTS, PEOPLE, CAUSES, GATHERINGS, ATTENDED, *HEADS, *(f"{h}_of" for h in HEADS)),
    *(FILINGS, FILINGS_UNLISTED, FEES_DUE, FEES_PAID_ONLINE),
    *(RESULTS, RESULTS_DUE, RESULTS_ON_TIME, RESULTS_ELECTRONIC, RESULT_DAYS, REACHED_FIRST),
)
DISTINCT = (REACHED,)
ACTIVITY = (VISITS, GATHERINGS, FILINGS, RESULTS)
"""Whatever a team does shows in one of these."""

# Stocks: the registry. A figure named "<x>_of" counts those of whom x is known, so that shares stay honest.
HOUSEHOLDS = "households"  # kind: subject kind
INHABITANTS = "inhabitants"  # people of the households where that is known
ADULTS = "adults"  # of 14 years and over, where known
EID2 = "eid2"  # of these, with level 2
EID2_OF = "eid2_of"  # adults of the households where both are known
SMARTPHONE = "smartphone"  # households
SMARTPHONE_OF = "smartphone_of"
POVERTY = "poverty"  # households, kind: poverty; unknown is left out
CONSENT = "consent"  # households, kind: yes or no; not asked is left out
LISTED = "listed"  # residents listed by name
ATTAINED = "attained"  # of these, kind: an attainment's code
COMING_OF_AGE = "coming_of_age"  # listed, kind: the year they turn 14; outcome: "" or an attainment's code
STOCKS = (
    *(HOUSEHOLDS, INHABITANTS, ADULTS, EID2, EID2_OF, SMARTPHONE, SMARTPHONE_OF, POVERTY, CONSENT),
    *(LISTED, ATTAINED, COMING_OF_AGE),
)
EID2_CODE = "EID2"
"""The attainment that level 2 is (as a resident's record, by the police's word)."""

NOW = "now"
"""The span of stocks as the registry stands."""


def nature_of(measure: str) -> Nature:
    """Whether a measure sums, is distinct or is a stock; ValueError for a name nobody tallies."""
    if measure in FLOWS:
        return Nature.FLOW
    if measure in DISTINCT:
        return Nature.DISTINCT
    if measure in STOCKS:
        return Nature.STOCK
    raise ValueError(measure)


class TallyKey(NamedTuple):
    """What one figure of a village in a span is called."""

    measure: str
    kind: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Counted:
    """What one fact adds in a village and period, by a team. `household_id`: the household it met, if it met one."""

    village_id: int
    team_id: int
    period: str
    deltas: Mapping[TallyKey, int] = field(default_factory=dict)
    household_id: str | None = None
    worked_on: date | None = None
    received_at: datetime | None = None


def deltas_of_visit(visit: VisitDraft) -> dict[TallyKey, int]:
    """What a visit adds, households reached apart."""
    deltas = _deltas_of_assists(visit.assists)
    deltas[TallyKey(VISITS, str(visit.contact))] += 1
    if visit.return_on:
        deltas[TallyKey(RETURNS)] += 1
    return dict(deltas)


def household_met(visit: VisitDraft) -> str | None:
    """The household a visit reached: one was named, and somebody was met."""
    return visit.household_id if visit.contact == Contact.MET else None


def deltas_of_gathering(gathering: GatheringDraft) -> dict[TallyKey, int]:
    """What a gathering adds. Heads nobody counted add nothing, and neither does their "_of"."""
    deltas = _deltas_of_assists(gathering.assists)
    attended = gathering.attended or 0
    deltas[TallyKey(GATHERINGS)] += 1
    deltas[TallyKey(ATTENDED)] += attended
    for head in HEADS:
        counted = getattr(gathering, head)
        if counted is not None:
            deltas[TallyKey(head)] += counted
            deltas[TallyKey(f"{head}_of")] += attended
    return dict(deltas)


def _deltas_of_assists(assists: Iterable[AssistDraft]) -> Counter[TallyKey]:
    deltas: Counter[TallyKey] = Counter()
    for assist in assists:
        kind, outcome, people = str(assist.kind), str(assist.outcome), assist.people or 1
        deltas[TallyKey(ASSISTS, kind, outcome)] += 1
        deltas[TallyKey(PEOPLE, kind, outcome)] += people
        if assist.cause:
            deltas[TallyKey(CAUSES, kind, assist.cause)] += people
        if kind == FILING_SUBMIT and outcome == Outcome.DONE:
            deltas[TallyKey(FILINGS_UNLISTED)] += people - (assist.filing is not None)
    return deltas


def deltas_of_filing(filing: FilingDraft) -> dict[TallyKey, int]:
    """What a filing adds in the period it was submitted in."""
    return {
        TallyKey(FILINGS, filing.procedure or "", filing.mode or ""): 1,
        TallyKey(FEES_DUE): int(filing.fee_due is True),
        TallyKey(FEES_PAID_ONLINE): int(filing.fee_due is True and filing.paid_online is True),
    }


def has_result(filing: FilingDraft) -> bool:
    """Whether the result was given back on a known day."""
    return filing.state == FilingState.RETURNED and filing.result_on is not None


def deltas_of_result(filing: FilingDraft) -> dict[TallyKey, int]:
    """What a filing's result adds in the period it came in; nothing while there is none."""
    submitted, result = filing.submitted_on, filing.result_on
    if not has_result(filing) or submitted is None or result is None:
        return {}
    return {
        TallyKey(RESULTS): 1,
        TallyKey(RESULTS_DUE): int(filing.due_on is not None),
        TallyKey(RESULTS_ON_TIME): int(filing.due_on is not None and result <= filing.due_on),
        TallyKey(RESULTS_ELECTRONIC): int(filing.electronic_result is True),
        TallyKey(RESULT_DAYS): turnaround_days(submitted, result) or 0,
    }


TEAM_COLUMNS = {
    VISITS: "visits",
    ASSISTS: "assists",
    PEOPLE: "people",
    GATHERINGS: "gatherings",
    FILINGS: "filings",
    FILINGS_UNLISTED: "filings",
}
"""Which measures a team's own tally keeps, and under which name."""
