"""An area over two communes for the tests of its month: all of Xuan Quang, and one of the two villages of Bao Thang."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from tdteam.actions.consolidate import issue_consolidated
from tdteam.actions.record_visit import record_visit
from tdteam.actions.report_life import take_step
from tdteam.actions.seal_report import seal_figures
from tdteam.actions.seal_through import Hands, seal_through
from tdteam.domain.report_life import Step
from tdteam.domain.roles import Role
from tdteam.store.area_month import Issued, find_issued
from tdteam.store.gate import EVERYWHERE, GatedSession, open_session
from tdteam.store.tables import Account, Place, Sealing
from tests.actions.given import actor_of, helped, signed_in, visit_at
from tests.actions.sealed import NOVEMBER, URL
from tests.cast import Cast
from tests.world import Hamlet, World

__all__ = ["NOVEMBER", "URL", "Ground", "make_ground", "Step", "seal_figures", "take_step", "GatedSession"]


@dataclass
class Ground:
    """The cast, the village of the second commune that lies beyond the area, and who signs there."""

    engine: Engine
    cast: Cast
    beyond: Hamlet
    next_approver: Account

    def visits(self, hamlet: Hamlet, count: int) -> None:
        with open_session(self.engine, EVERYWHERE, write=True) as session:
            for _ in range(count):
                record_visit(session, visit_at(hamlet, helped()), actor_of(self.cast.hai))
            session.commit()

    def issue(self, commune: Place) -> None:
        """Bring a commune's November to its issued paper."""
        own = commune.id == self.cast.commune.id
        writer, signer = (self.cast.chi, self.cast.em) if own else (self.cast.dung, self.next_approver)
        with open_session(self.engine, EVERYWHERE, write=True) as session:
            hands = Hands(actor_of(writer), actor_of(signer))
            seal_through(session, session.get_one(Place, commune.id), NOVEMBER, hands, address=URL)
            session.commit()

    def replace(self, commune: Place, why: str = "thiếu lượt") -> None:
        """Replace a commune's issued November by a newly counted one, issued."""
        from tdteam.actions.seal_report import replace_figures

        own = commune.id == self.cast.commune.id
        writer, signer = (self.cast.chi, self.cast.em) if own else (self.cast.dung, self.next_approver)
        with open_session(self.engine, EVERYWHERE, write=True) as session:
            place = session.get_one(Place, commune.id)
            replace_figures(session, place, NOVEMBER, actor_of(writer), why, address=URL)
            for step, who in ((Step.SUBMIT, writer), (Step.SIGN, signer), (Step.ISSUE, writer)):
                take_step(session, place, NOVEMBER.code, step, actor_of(who))
            session.commit()

    def issued(self, place: Place) -> Issued:
        with open_session(self.engine, EVERYWHERE) as session:
            found = find_issued(session, place.id or 0, NOVEMBER.code)
        assert found
        return found

    def consolidate(self) -> Sealing:
        with signed_in(self.engine, self.cast.giang) as session:
            area = session.get_one(Place, self.cast.area.id)
            return issue_consolidated(session, area, NOVEMBER, actor_of(self.cast.giang), address=URL)


def make_ground(engine: Engine, cast: Cast, world: World) -> Ground:
    """Two communes under the area: the second with one village in it and one beyond."""
    world.under(cast.next_village.place, cast.area)
    beyond = world.village("Khe Sáu", cast.next_commune)
    approver = world.account("phuong", Role.APPROVER, cast.next_commune, name="Hà Thị Phương")
    world.session.commit()
    return Ground(engine, cast, beyond, approver)
