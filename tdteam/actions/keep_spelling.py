"""Other spellings under which lists name a place: an import then knows it again."""

from __future__ import annotations

from tdteam.domain.errors import Flaw, NotFound, Refused
from tdteam.domain.privacy import judge_text
from tdteam.domain.vietnamese import fold, nfc
from tdteam.store import audit, place_tree, places
from tdteam.store.gate import GatedSession
from tdteam.store.tables import PlaceAlias

LENGTH = 120


def add(session: GatedSession, place_id: int, name: str) -> PlaceAlias:
    """Add a spelling. Raises Refused where there is none, or it is known already."""
    place = places.get_place(session, place_id)
    session.demand(place_id)
    name = nfc(name)
    folded = fold(name)
    flaws = judge_text("name", name, LENGTH) if folded else [Flaw("name", "required")]
    if not flaws and (
        folded in (place.name_fold, fold(place.name))
        or place_tree.find_alias(session, place_id, folded=folded)
    ):
        flaws = [Flaw("name", "spelling_known")]
    if flaws:
        raise Refused(flaws)
    row = PlaceAlias(place_id=place_id, name=name, name_fold=folded)
    session.add(row)
    session.flush()
    audit.append(session, "alias", "place", place_id, place_id=place_id)
    return row


def drop(session: GatedSession, place_id: int, alias_id: int) -> None:
    """Take a spelling off."""
    places.get_place(session, place_id)
    session.demand(place_id)
    row = place_tree.find_alias(session, place_id, alias_id=alias_id)
    if row is None:
        raise NotFound
    session.delete(row)
    audit.append(session, "drop_alias", "place", place_id, place_id=place_id)
