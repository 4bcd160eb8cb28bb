"""Sets a line of the attention list, or a finding about the data, aside with a word why, and takes that back."""

from __future__ import annotations

from collections.abc import Sequence

from tdteam.domain.attention_list import judge_why
from tdteam.domain.errors import Flaw, NotAllowed, Refused
from tdteam.domain.roles import Actor, Power
from tdteam.domain.vietnamese import fold
from tdteam.store import attention_asides as store
from tdteam.store import audit
from tdteam.store.attention_asides import Key
from tdteam.store.gate import GatedSession
from tdteam.store.named import judge_named
from tdteam.store.tables import SetAside

POWERS = {"attention": Power.HANDLE_ATTENTION, "quality": Power.SPOT_CHECK}


def set_aside(session: GatedSession, board: str, place_id: int, key: Key, why: str, actor: Actor) -> SetAside:
    """Set aside what `key` names (rule, target, span). Reviewers who see no names read the reason: Refused `person_named`
    where it names somebody of the place. Raises Refused, NotAllowed, NotFound, Conflict."""
    if not actor.holds(POWERS[board]):
        raise NotAllowed
    if flaws := judge_why(why) or judge_named(session, place_id, {"why": why}):
        raise Refused(flaws)
    row = store.set_aside(session, board, place_id, key, why.strip())
    audit.append(session, "set", "set_aside", row.id, place_id=place_id, board=board, rule=row.rule)
    return row


def dismiss(
    session: GatedSession, place_id: int, key: Key, why: str, names: Sequence[str], actor: Actor
) -> SetAside:
    """Dismiss a finding about the data. Reviewers who see no names read the reason: Refused `person_named` where it
    holds one of the `names` the finding is about."""
    told = f" {fold(why)} "
    if any(f" {fold(name)} " in told for name in names):
        raise Refused([Flaw("why", "person_named")])
    return set_aside(session, "quality", place_id, key, why, actor)


def take_back(session: GatedSession, board: str, aside_id: int, actor: Actor) -> None:
    """It stands on its list again. Raises NotAllowed, NotFound."""
    if not actor.holds(POWERS[board]):
        raise NotAllowed
    row = store.take_back(session, board, aside_id)
    if row is not None:
        audit.append(session, "undo", "set_aside", row.id, place_id=row.place_id, board=board, rule=row.rule)
