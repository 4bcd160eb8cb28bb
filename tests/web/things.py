"""How to make what the addresses of routes name.

A new route whose address has a new argument needs a line in MAKERS, and one in BAD.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from tdteam.actions.import_roster import take_file
from tdteam.actions.record_filing import record_filing
from tdteam.actions.record_gathering import record_gathering
from tdteam.actions.record_visit import record_visit
from tdteam.domain.filings import FilingDraft
from tdteam.domain.gatherings import GatheringDraft
from tdteam.domain.ids import new_id
from tdteam.domain.roles import Actor, Role
from tdteam.domain.slips import draw_code
from tdteam.domain.vietnamese import fold
from tdteam.domain.visits import VisitDraft
from tdteam.store import devices
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.places import commune_of
from tdteam.store.tables import Declared, Membership, PlaceAlias, Resident, Training
from tests.web import (
    area_things,
    book_things,
    document_things,
    machine_things,
    sealed_things,
    sent_things,
    shape_things,
    signed_things,
)
from tests.web.stage import Stage
from tests.web.watch_things import MAKERS as WATCHED
from tests.world import Hamlet, World

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY, PERIOD = date(2026, 11, 10), "2026-11"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(32)
NO_NUMBER, NO_ID = 99_999_999, "0192f0c1-0000-7000-8000-000000000000"


@contextmanager
def writing(stage: Stage) -> Iterator[GatedSession]:
    actor = Actor(stage.cast.hai.id, "maker", Role.ADMIN)
    with open_session(stage.engine, replace(EVERYWHERE, actor=actor), write=True) as opened:
        opened.expire_on_commit = False
        yield opened
        opened.commit()


class Things:
    """The things of one position, made when an address asks for them; those of one address belong together."""

    def __init__(self, stage: Stage, hamlet: Hamlet, endpoint: str) -> None:
        self.stage, self.hamlet, self.endpoint = stage, hamlet, endpoint
        self.made: dict[str, Any] = {}

    def __getitem__(self, argument: str) -> Any:
        if argument not in self.made:
            self.made[argument] = maker_of(self.endpoint, argument)(self)
        return self.made[argument]

    @property
    def commune_id(self) -> int:
        with open_session(self.stage.engine, EVERYWHERE) as looking:
            return commune_of(looking, self.hamlet.id).id or 0

    def row(self, row: Any) -> Any:
        return self.row_with("id", row)

    def row_with(self, key: str, row: Any) -> Any:
        with writing(self.stage) as opened:
            opened.add(row)
            opened.flush()
            return getattr(row, key)

    def built(self, build: Callable[[Hamlet], Any]) -> Any:
        """A row made by the world's builder of this village."""
        with writing(self.stage) as opened:
            world = World.__new__(World)
            world.session = opened
            return build(Hamlet(world, self.hamlet.place, self.hamlet.team))

    def recorded(self, record: Any, draft: Any) -> str:
        with writing(self.stage) as opened:
            return str(record(opened, draft, opened.scope.actor).id)


def _facts(things: Things) -> dict[str, Any]:
    return {"id": new_id(), "village_id": things.hamlet.id, "team_id": things.hamlet.team.id}


def _visit(things: Things) -> str:
    return things.recorded(record_visit, VisitDraft(visited_on=DAY, **_facts(things)))


def _gathering(things: Things) -> str:
    draft = GatheringDraft(held_on=DAY, attended=12, topic="Định danh", **_facts(things))
    return things.recorded(record_gathering, draft)


def _filing(things: Things) -> str:
    return things.recorded(record_filing, FilingDraft(submitted_on=DAY, **_facts(things)))


def _resident(things: Things) -> str:
    with writing(things.stage) as opened:
        query = select(Resident.id).where(Resident.household_id == things["household_id"])
        return str(opened.exec(query).one())


def _household(things: Things) -> str:
    def build(hamlet: Hamlet) -> str:
        row = hamlet.household("Vàng Seo Lử")
        hamlet.resident(row, "Vàng Thị Chứ")
        return row.id

    return str(things.built(build))


def _service(things: Things) -> int:
    with writing(things.stage) as opened:
        row = opened.exec(select(Membership).where(Membership.member_id == things["member_id"])).one()
    return row.id or 0


def _team(things: Things) -> int:
    """A team of its own, so that ending it harms nobody else."""
    from tdteam.store.tables import Team, TeamVillage

    name = f"Tổ {new_id()[-6:]}"
    team_id = things.row(Team(name=name, name_fold=fold(name), name_sort=name, since=date(2024, 1, 1)))
    with writing(things.stage) as opened:
        opened.add(TeamVillage(team_id=team_id, village_id=things.hamlet.id))
    return int(team_id)


def _account(things: Things) -> int:
    def build(hamlet: Hamlet) -> int:
        name = f"u{new_id()[-8:]}"
        return hamlet.world.account(name, Role.MEMBER, hamlet.place, name="Tài khoản thử").id or 0

    return int(things.built(build))


def _phone(things: Things) -> int:
    """A phone of a member of this village."""

    def build(hamlet: Hamlet) -> int:
        tail = new_id()[-8:]
        member = hamlet.member(f"Giàng Thị {tail}")
        account = hamlet.world.account(f"p{tail}", Role.MEMBER, hamlet.place, member_id=member.id)
        return (
            devices.enrol(hamlet.world.session, account.id or 0, f"phone-{tail}", "A05", new_id(), NOW).id
            or 0
        )

    return int(things.built(build))


def _upload(things: Things) -> int:
    body = "Thôn;Họ và tên chủ hộ;Số khẩu\nHốc Đá;Lý Láo Sì;4\nHốc Đá;;4\n".encode()
    with writing(things.stage) as opened:
        return take_file(opened, things.hamlet.id, "ho-dan.csv", body).id or 0


def _declared(things: Things, sha256: str | None = None) -> int:
    return int(
        things.row(
            Declared(
                place_id=things.hamlet.id, indicator=_indicator(things), as_of=DAY, part=3, source="Công an xã",
                declared_at=NOW, span_key=f"{DAY}#{new_id()}", scan_sha256=sha256, scan_name="scan.png" if sha256 else "",
            )
        )
    )  # fmt: skip


def _indicator(things: Things) -> str:
    from tdteam.store.tables import Indicator

    with open_session(things.stage.engine, EVERYWHERE) as looking:
        query = (
            select(Indicator.code)
            .where(Indicator.source == "declared", col(Indicator.is_places))
            .order_by(Indicator.code)
        )
        return str(looking.exec(query).first())


def _scan(things: Things) -> str:
    body = PICTURE + new_id().encode()
    sha256 = hashlib.sha256(body).hexdigest()
    folder = things.stage.instance / "scans"
    folder.mkdir(exist_ok=True)
    (folder / sha256).write_bytes(body)
    _declared(things, sha256)
    return sha256


def _photo(things: Things) -> str:
    """A kept photo that a visit of the village names."""
    from tests.web.photos import keep_photo

    return keep_photo(things.stage.engine, things.stage.instance, things["visit_id"], things.hamlet.id)


def _alias(things: Things) -> int:
    name = f"Thôn {new_id()[-6:]}"
    return int(things.row(PlaceAlias(place_id=things["place_id"], name=name, name_fold=fold(name))))


# argument (or endpoint:argument) -> how to make what it names
MAKERS: dict[str, Callable[[Things], Any]] = {
    **area_things.MAKERS,
    **book_things.MAKERS,
    **shape_things.MAKERS,
    **document_things.MAKERS,
    **document_things.CODES,
    **machine_things.MAKERS,
    **WATCHED,
    **sent_things.MAKERS,
    **signed_things.MAKERS,
    "account_id": _account,
    "alias_id": _alias,
    "code": _indicator,
    "catalogue.cause:code": lambda _: "NO_NETWORK",
    "catalogue.kind:code": lambda _: "SAFETY",
    "catalogue.procedure:code": lambda _: "BIRTH",
    "commune_id": lambda things: things.commune_id,
    "declared_id": _declared,
    "ending": lambda _: "xlsx",
    "filing_id": _filing,
    "gathering_id": _gathering,
    "household_id": _household,
    "imports.template:kind": lambda _: "teams",
    "member_id": lambda things: things.built(lambda hamlet: hamlet.member(f"Giàng Thị {new_id()[-4:]}").id),
    "period": lambda _: PERIOD,
    "joining.scanned:code": lambda _: draw_code(),
    **dict.fromkeys(("spans.show:code", "spans.paper:code", "spans.take:code"), lambda _: "2026-Q3"),
    "phone_id": _phone,
    "place_id": lambda things: things.hamlet.id,
    "resident_id": _resident,
    "service_id": _service,
    "step": lambda _: "return",
    "many_reports.show:step": lambda _: "issue",
    "version": sealed_things.version,
    "sha256": _scan,
    "evidence.picture:sha256": _photo,
    "evidence.piece:sha256": _photo,
    "evidence.remove:sha256": _photo,
    "team_id": _team,
    "training_id": lambda things: things.row(Training(member_id=things["member_id"], course="Dịch vụ công")),
    "upload_id": _upload,
    "visit_id": _visit,
}

# argument -> what nothing has, and what is no such thing at all
BAD: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys({**document_things.MAKERS, **machine_things.MAKERS, **WATCHED}, (NO_NUMBER,)),
    **dict.fromkeys(
        ("account_id", "alias_id", "commune_id", "declared_id", "member_id", "phone_id", "place_id"),
        (NO_NUMBER,),
    ),
    **dict.fromkeys(
        ("copy_id", "outreach_id", "record_n", "service_id", "team_id", "training_id", "upload_id"),
        (NO_NUMBER,),
    ),
    **dict.fromkeys(
        ("filing_id", "gathering_id", "household_id", "proposal_id", "resident_id", "visit_id"),
        (NO_ID, "1' OR '1'='1"),
    ),
    "code": ("NO_SUCH",),
    "ending": ("exe",),
    "kind": (),  # the address itself knows the two kinds
    "period": ("2026-13", "today"),
    "sha256": ("0" * 64, "../../etc/passwd"),
    "step": ("sealing", "unheard-of"),
    "version": (999,),
}


def maker_of(endpoint: str, argument: str) -> Callable[[Things], Any]:
    """The maker of an argument; a new argument must be given one above."""
    found = MAKERS.get(f"{endpoint}:{argument}") or MAKERS.get(argument)
    assert found, f"tests/web/things.py: MAKERS has no line for <{argument}> of {endpoint}"
    assert argument in BAD, f"tests/web/things.py: BAD has no line for <{argument}> of {endpoint}"
    return found
