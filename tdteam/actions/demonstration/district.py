"""Puts the district together, period by period, so that memory stays small; the demonstration's order of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from tdteam.actions.demonstration import proofs
from tdteam.actions.demonstration.accounts import Accounts, make_accounts, shown_village
from tdteam.actions.demonstration.calendar import Month, months
from tdteam.actions.demonstration.chance import Chance
from tdteam.actions.demonstration.filings import FilingDrawer
from tdteam.actions.demonstration.gatherings import GatheringDrawer
from tdteam.actions.demonstration.homes import Home, HomeDrawer
from tdteam.actions.demonstration.members import move_some, train_some
from tdteam.actions.demonstration.months import MonthDrawer, team_figures
from tdteam.actions.demonstration.offices import Commune, OfficeDrawer
from tdteam.actions.demonstration.papers import paper_settings, report_words, targets
from tdteam.actions.demonstration.past import Past
from tdteam.actions.demonstration.plan import draw_plan
from tdteam.actions.demonstration.villages import Village, draw_villages
from tdteam.actions.demonstration.visits import VisitDrawer, Work
from tdteam.domain.people import Channel
from tdteam.domain.periods import VIETNAM
from tdteam.store import demonstration
from tdteam.store.demonstration import Ground
from tdteam.store.gate import GatedSession
from tdteam.store.places import get_place

SEED = 188_1297
BEFORE = 45  # days before the first period on which the rolls were written down
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Size:
    """How much to draw."""

    households: int = 22_000
    visits: int = 60_000
    listed_villages: int = 47


@dataclass
class District:
    """One drawing. Call `homes`, `people`, `work` and `papers` in this order."""

    session: GatedSession
    area_id: int
    grounds: Sequence[Ground]
    size: Size
    today: date
    start_day: int
    instance: Path | None = None  # files of documents go there
    rows: Counter[str] = field(default_factory=Counter)
    reached: dict[int, list[Home]] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
    chance: Chance = field(default_factory=lambda: Chance(SEED))

    @cached_property
    def months(self) -> list[Month]:
        return months(self.today, self.start_day)

    @cached_property
    def villages(self) -> list[Village]:
        grounds = move_some(self.chance, self.session, self.grounds, self.months, self.today)
        return draw_villages(self.chance, grounds, self.size.households, self.size.listed_villages)

    def write(self, noun: str, rows: Sequence[dict[str, object]]) -> None:
        demonstration.write(self.session, noun, rows)
        self.rows[noun] += len(rows)

    def homes(self, told: Told) -> None:
        """Households and lists of residents, village by village."""
        since = self.months[0].period.since - timedelta(days=BEFORE)
        at = datetime.combine(since, time(8), VIETNAM).astimezone(UTC)
        self._counts: dict[int, list[tuple[int, int]]] = {}
        for done, village in enumerate(self.villages):
            drawn = HomeDrawer(self.chance, village, at, self.today).draw()
            self.write("Household", drawn.households)
            self.write("Resident", drawn.residents)
            self.write("Attainment", drawn.attainments)
            self.past.remember(village.id, drawn.households, drawn.attainments)
            self.reached[village.id] = drawn.homes
            self._counts.setdefault(village.ground.commune_id, []).extend(
                (row["people"] or 0, row["adults"] or 0) for row in drawn.households
            )
            told(done + 1, len(self.villages))
        self.past.write(self.session, self.villages, self.months, self.today)

    def people(self) -> Accounts:
        """Accounts, courses, and how teams send their work."""
        since = self.months[0].period.since
        self.write("Training", train_some(self.chance, self.session, self.grounds, since))
        for channel in (Channel.PAPER, Channel.ZALO):
            teams = [v.team_id for v in self.villages if v.channel is channel]
            demonstration.set_channel(self.session, teams, channel)
        return make_accounts(self.session, self.villages, self.area_id)

    def work(self, accounts: Accounts, told: Told) -> None:
        """Visits, gatherings, filings, confirmations and declared figures, period by period."""
        hero = shown_village(self.villages)
        plan = draw_plan(self.chance, self.villages, self.months, self.size.visits, hero.id)
        filings = FilingDrawer(self.chance, self.today, self.start_day)
        visits = VisitDrawer(self.chance, filings, self.today, accounts.of_member)
        gatherings = GatheringDrawer(self.chance, self.today)
        said = MonthDrawer(self.chance, self.today, accounts.leaders)
        offices = OfficeDrawer(self.chance, self.today, accounts.officials)
        for month in self.months:
            work = Work()
            for village in self.villages:
                key, homes = (village.id, month.index), self.reached[village.id]
                visits.draw(village, homes, month, plan.visits.get(key, 0), work)
                gatherings.draw(village, homes, month, plan.gatherings.get(key, 0), work)
            for noun, rows in work.rows.items():
                self.write(noun, rows)
            self.write("Confirmation", said.confirmations(self.villages, month, team_figures(work)))
            self.write("Declared", said.declared_by_teams(self.villages, month, accounts.officials))
            self.write("Declared", offices.draw(self.communes, month))
            told(month.index + 1, len(self.months))

    @cached_property
    def communes(self) -> list[Commune]:
        """The communes of the district, with the people its villages have in them."""
        out = []
        for commune_id, counts in sorted(self._counts.items()):
            place = get_place(self.session, commune_id)
            kind = place.name.removesuffix(place.short_name).strip()
            inside = [v for v in self.villages if v.ground.commune_id == commune_id]
            whole = sum(v.households for v in inside)
            then, now = (sum(v.eid[i] * v.households for v in inside) / whole for i in (0, 1))
            people, adults = (sum(count[i] for count in counts) for i in (0, 1))
            out.append(Commune(commune_id, kind, place.short_name, whole, people, adults, (then, now)))
        return out

    def papers(self, accounts: Accounts) -> None:
        """Settings, words and targets of the communes."""
        by = accounts.officials
        self.write("PaperSetting", paper_settings(self.communes, by, self.today, accounts.approvers))
        self.write("Report", report_words(self.chance, self.communes, by, self.months, self.today))
        self.write("Target", targets(self.chance, self.communes, self.area_id, self.months, accounts.admin))
        self._proofs(by)

    def _proofs(self, by: Mapping[int, int]) -> None:
        """Sponsors, model villages, what villages have, evidence documents."""
        picked = proofs.model_villages(self.communes, self.villages)
        self.write("Sponsor", proofs.sponsors(self.chance, self.communes, picked, self.today))
        self.write("VillageGround", proofs.grounds(self.chance, self.communes, self.villages, self.today))
        count = proofs.documents(self.session, self.communes, picked, by, self.today, self.instance)
        self.rows["Document"] += count
