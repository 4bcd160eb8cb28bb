"""The figures a report is composed of, as plain values. Totals arrive computed (`store/tallies`); nobody here adds.

None is a figure nobody has; the paper prints "-". No field holds a resident's name, only officials' and members'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tdteam.domain.shares import Share, Value
from tdteam.domain.village_sums import VillageSubtotal
from tdteam.domain.vocabulary import Nature, Source

# The order of chapter II: work among the people first, then the three pillars of `vocabulary.Pillar`.
OUTREACH = "outreach"
SECTIONS = (OUTREACH, "government", "economy", "society")


@dataclass(frozen=True)
class FigureLine:
    """One indicator of the commune in the span, beside the span before and the statutory year so far.

    `section` is one of SECTIONS (another code makes its own group, named by `section_name`). A declared line names who
    counted (`origin`) and the day it holds for (`as_of`); it stands after the counted line of the same code and is
    never added to it. A stock holds on `as_of` or the span's last day. `headline` lines are also told as sentences.
    """

    code: str
    name: str
    unit: str
    section: str
    nature: Nature
    source: Source
    now: Value
    previous: Value = None
    cumulative: Value = None
    origin: str = ""
    as_of: date | None = None
    headline: bool = False
    section_name: str = ""


@dataclass(frozen=True)
class Organisation:
    """Teams and members on the span's last day; joined and left within the span."""

    teams: int | None = None
    villages_with_team: Share = Share(None, None)
    members: int | None = None
    women: int | None = None
    youth: int | None = None
    trained: int | None = None
    joined: int | None = None
    left: int | None = None


@dataclass(frozen=True)
class Reporting:
    """Which teams sent figures for the span: `silent` names those that sent nothing."""

    expected: int | None = None
    received: int | None = None
    zero: int | None = None
    silent: tuple[str, ...] = ()


@dataclass(frozen=True)
class VillageColumn:
    """A column of annex I; without a name the usual words for the code are printed, likewise for the group."""

    code: str
    name: str = ""
    group: str = ""
    group_name: str = ""


STANDARD_VILLAGE_COLUMNS = (
    VillageColumn("households"),
    VillageColumn("members", group="team"),
    VillageColumn("women", group="team"),
    VillageColumn("youth", group="team"),
    VillageColumn("gatherings", group="gatherings"),
    VillageColumn("attendance", group="gatherings"),
    VillageColumn("visits"),
    VillageColumn("people"),
    VillageColumn("eid", group="kinds"),
    VillageColumn("filings", group="kinds"),
    VillageColumn("payment", group="kinds"),
    VillageColumn("health", group="kinds"),
    VillageColumn("commerce", group="kinds"),
    VillageColumn("safety", group="kinds"),
    VillageColumn("other", group="kinds"),
    VillageColumn("done", group="outcomes"),
    VillageColumn("pending", group="outcomes"),
    VillageColumn("not_done", group="outcomes"),
)


@dataclass(frozen=True)
class VillageLine:
    """A village's row of annex I, one value a column. `declared`: figures its team sent on paper. `village_id` finds it
    again in a consolidated report (0 in a total), where `group` is the commune it stands under."""

    name: str
    values: tuple[Value, ...]
    note: str = ""
    declared: bool = False
    village_id: int = 0
    group: str = ""


@dataclass(frozen=True)
class VillageTable:
    columns: tuple[VillageColumn, ...] = STANDARD_VILLAGE_COLUMNS
    rows: tuple[VillageLine, ...] = ()
    total: VillageLine | None = None
    subtotals: tuple[VillageSubtotal, ...] = ()  # the first snapshots have none and are drawn without

    def __post_init__(self) -> None:
        for row in (*self.rows, *((self.total,) if self.total else ()), *self.subtotals):
            if (wide := len(row.values)) != len(self.columns):
                raise ValueError(f"{row.name}: {wide} values under {len(self.columns)} columns")


def foot(rows: Iterable[VillageLine]) -> VillageLine | None:
    """The total row of annex I: each column's printed counts together, so that a reader who adds finds what is printed.
    A column in which nothing is known stays unknown. Declared cells are in it: they stand where nothing was counted."""
    columns = list(zip(*(row.values for row in rows), strict=True))
    if not columns:
        return None
    counts = [[cell for cell in column if isinstance(cell, int)] for column in columns]
    return VillageLine("", tuple(sum(column) if column else None for column in counts))


@dataclass(frozen=True)
class CauseLine:
    """How many assists were not done for one cause; `villages` is how many villages met it."""

    code: str
    name: str
    now: int | None
    previous: int | None = None
    cumulative: int | None = None
    villages: int | None = None


@dataclass(frozen=True)
class Difficulties:
    """Assists not done of all assists, their causes, and the causes' total row as the tallies give it."""

    not_done: Share = Share(None, None)
    not_done_before: Share = Share(None, None)
    causes: tuple[CauseLine, ...] = ()
    total: CauseLine | None = None


@dataclass(frozen=True)
class TeamLine:
    """A team on the span's last day. `leader` is the leader's name; `decision` the founding paper's number."""

    name: str
    villages: str = ""
    decision: str = ""
    decided_on: date | None = None
    leader: str = ""
    members: int | None = None
    women: int | None = None
    trained: int | None = None
    note: str = ""


class ChangeKind(StrEnum):
    FOUNDED = "founded"
    AMENDED = "amended"
    ENDED = "ended"
    JOINED = "joined"
    LEFT = "left"
    ROLE = "role"


@dataclass(frozen=True)
class TeamChange:
    """One coming, going or re-forming within the span; `who` is a team member, `basis` the paper it rests on."""

    on: date
    team: str
    kind: ChangeKind
    who: str = ""
    basis: str = ""


@dataclass(frozen=True)
class ChartPoint:
    """A period (its year and month) and its value; None leaves a gap."""

    year: int
    month: int
    value: int | Decimal | None


class ChartKind(StrEnum):
    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True)
class ChartSeries:
    """A row of periods, oldest first. `percent` says that values are percentages (the scale then starts at 0)."""

    code: str
    title: str
    unit: str
    points: tuple[ChartPoint, ...]
    kind: ChartKind = ChartKind.LINE
    percent: bool = False
    target: Decimal | None = None


@dataclass(frozen=True)
class FigureChange:
    """One figure that differs between two seals, old and new in plain digits ("-" for unknown, "3/4" for a share).

    `where` is "" for the place's own figures (then `name` names the indicator), else the village; its columns are named
    by `code` as in annex I.
    """

    where: str
    name: str
    old: str
    new: str
    code: str = ""


@dataclass(frozen=True)
class AreaCommune:
    """A commune in a consolidated report: its villages in the area of all it has, and the seal that was added up
    (`version` 0 and no hash where no report came). `is_beyond`: it reaches beyond the area."""

    name: str
    villages: Share = Share(None, None)
    is_beyond: bool = False
    version: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class AreaScope:
    """What a consolidated report adds up: villages with a sealed row of all the area's, and its communes.
    `is_recounted`: what annex I does not carry was counted anew for exactly these villages."""

    name: str
    communes: tuple[AreaCommune, ...] = ()
    villages: Share = Share(None, None)
    is_recounted: bool = False


@dataclass(frozen=True)
class SpanParts:
    """What a report over more, or other days, than one month was put together from: periods (by code) that entered as
    sealed, sealed ones whose villages moved since (added up anew for today's), periods that are still open, and days
    counted from the records themselves (both ends included)."""

    sealed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    days: tuple[tuple[date, date], ...] = ()
    stock_day: date | None = None  # the day the registry's figures hold for


@dataclass(frozen=True)
class ReportFacts:
    """Everything a commune's report counts, or (with `area`) what an area's consolidated report adds up. `parts`: of a
    report that is no monthly one."""

    organisation: Organisation = Organisation()
    reporting: Reporting | None = None
    figures: tuple[FigureLine, ...] = ()
    charts: tuple[ChartSeries, ...] = ()
    villages: VillageTable = VillageTable()
    difficulties: Difficulties = Difficulties()
    teams: tuple[TeamLine, ...] = ()
    changes: tuple[TeamChange, ...] = ()
    area: AreaScope | None = None
    parts: SpanParts | None = None


@dataclass(frozen=True)
class Narrative:
    """What the official writes, one text a chapter; line ends part paragraphs, and nothing in it is markup."""

    organisation: str = ""
    results: str = ""
    difficulties: str = ""
    next_steps: str = ""
    proposals: str = ""
