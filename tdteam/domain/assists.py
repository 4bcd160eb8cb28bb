"""Assists: what was done for whom, at a visit or at a gathering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tdteam.domain.catalogue import FILING_KINDS, FILING_SUBMIT, Catalogue
from tdteam.domain.errors import Flaw
from tdteam.domain.facts import Facts, KnownFiling
from tdteam.domain.filings import FilingDraft, judge_details, read_filing, settled, warn
from tdteam.domain.occasions import judge_households, judge_number
from tdteam.domain.vocabulary import MAY_HAVE_CAUSE, NEEDS_CAUSE, Outcome
from tdteam.domain.wire import Reader

MOST_ASSISTS = 60
MOST_PEOPLE = 2_000
_OUTCOMES = frozenset(Outcome)


@dataclass(frozen=True)
class AssistDraft:
    """One kind of help with its outcome, for a resident of the list or for `people` people."""

    id: str | None = None
    kind: str | None = None
    outcome: str | None = None
    cause: str | None = None
    people: int | None = 1
    resident_id: str | None = None
    filing: FilingDraft | None = None


def read_assists(reader: Reader, name: str = "assists") -> tuple[AssistDraft, ...]:
    """The assists of a body; errors of shape are in the reader's flaws."""
    out = []
    for item in reader.objects(name):
        filing = item.object("filing")
        people = item.integer("people")
        out.append(
            AssistDraft(
                id=item.id("id"),
                kind=item.word("kind"),
                outcome=item.word("outcome"),
                cause=item.word("cause"),
                people=1 if people is None else people,
                resident_id=item.id("resident_id"),
                filing=read_filing(filing) if filing else None,
            )
        )
    return tuple(out)


def complete(
    assist: AssistDraft,
    *,
    village_id: int | None,
    team_id: int | None,
    household_id: str | None,
    day: date | None,
) -> AssistDraft:
    """The assist with its filing's gaps filled from the visit it stands in."""
    filing = assist.filing
    if filing is None:
        return assist
    whole = replace(
        filing,
        village_id=village_id,
        team_id=team_id,
        household_id=household_id or filing.household_id,
        submitted_on=filing.submitted_on or day,
    )
    return replace(assist, filing=settled(whole))


def judge_assist(
    place: int, assist: AssistDraft, catalogue: Catalogue, *, cause_required: bool = True
) -> list[Flaw]:
    """What is wrong with an assist's kind, outcome, cause and number of people."""
    at = f"assists.{place}."
    if assist.kind is None:
        return [Flaw(at + "kind", "required")]
    kind = catalogue.kinds.get(assist.kind)
    if kind is None:
        return [Flaw(at + "kind", "choice_unknown")]
    flaws = judge_number(at + "people", assist.people, 1, MOST_PEOPLE)
    if assist.outcome is None:
        return [*flaws, Flaw(at + "outcome", "required")]
    if assist.outcome not in _OUTCOMES:
        return [*flaws, Flaw(at + "outcome", "choice_unknown")]
    if not kind.allows(assist.outcome):
        return [*flaws, Flaw(at + "outcome", "outcome_not_allowed", {"kind": kind.name})]
    return flaws + _judge_cause(at, assist, catalogue, cause_required)


def _judge_cause(at: str, assist: AssistDraft, catalogue: Catalogue, required: bool) -> list[Flaw]:
    if assist.cause is None:
        missing = required and assist.outcome in NEEDS_CAUSE
        return [Flaw(at + "cause", "cause_missing")] if missing else []
    if assist.outcome not in MAY_HAVE_CAUSE:
        return [Flaw(at + "cause", "cause_not_allowed")]
    return [] if assist.cause in catalogue.causes else [Flaw(at + "cause", "choice_unknown")]


def judge_resident(
    place: int, assist: AssistDraft, facts: Facts, village_id: int | None, household_id: str | None
) -> list[Flaw]:
    """A resident named is one person, of the household visited (or, without one, of the village)."""
    if assist.resident_id is None:
        return []
    field = f"assists.{place}.resident_id"
    if assist.resident_id not in facts.residents:
        return [Flaw(field, "not_found")]
    home, village = facts.residents[assist.resident_id]
    if (household_id and home != household_id) or (village_id and village != village_id):
        return [Flaw(field, "resident_elsewhere")]
    if assist.people != 1:
        return [Flaw(f"assists.{place}.people", "people_with_resident")]
    return []


def judge_filing(
    place: int,
    assist: AssistDraft,
    catalogue: Catalogue,
    facts: Facts,
    today: date,
    own: Iterable[str] = (),
) -> list[Flaw]:
    """A new filing comes with FILING_SUBMIT; tracking and paying name one that is there (by id or code)."""
    filing = assist.filing
    if filing is None:
        return []
    at = f"assists.{place}.filing"
    if assist.kind not in FILING_KINDS:
        return [Flaw(at, "filing_not_here")]
    if assist.kind != FILING_SUBMIT:
        known = find_filing(filing, facts)
        return [] if known else [Flaw(f"{at}.code", "filing_unknown")]
    if assist.outcome not in (Outcome.DONE, Outcome.IN_PROGRESS):
        return [Flaw(at, "filing_not_submitted")]
    held = find_filing(filing, facts)
    mine = {*own, *([held.id] if held and held.village_id == filing.village_id else [])}
    home = judge_households(facts, filing.village_id, ((f"{at}.household_id", filing.household_id),))
    return home + judge_details(filing, catalogue, facts, today, prefix=f"{at}.", own=mine)


def find_filing(filing: FilingDraft, facts: Facts) -> KnownFiling | None:
    """The filing a draft means: by its id, else by its code."""
    if filing.id and filing.id in facts.filings:
        return facts.filings[filing.id]
    return facts.filing_with(filing.code) if filing.code else None


def judge_twice(assists: Sequence[AssistDraft]) -> list[Flaw]:
    """One person gets one kind of help once at a visit: the same again is a slip of the thumb."""
    seen = set()
    flaws = []
    for place, assist in enumerate(assists):
        key = (assist.kind, assist.resident_id)
        if assist.resident_id and assist.kind not in FILING_KINDS and key in seen:
            flaws.append(Flaw(f"assists.{place}.kind", "assist_twice"))
        seen.add(key)
    return flaws


def essence(assists: Iterable[AssistDraft]) -> list[tuple[object, ...]]:
    """What assists say, without ids and order: two tellings of one visit have one essence."""
    return sorted(
        (
            (a.kind, a.outcome, a.cause or "", a.people, a.resident_id or "", a.filing is not None)
            for a in assists
        ),
        key=str,
    )


def warn_assists(assists: Iterable[AssistDraft]) -> list[Flaw]:
    """Doubts about filing codes; they never stop a record."""
    return [
        flaw
        for place, assist in enumerate(assists)
        if assist.filing
        for flaw in warn(assist.filing, f"assists.{place}.filing.")
    ]
