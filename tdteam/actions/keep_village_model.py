"""Keep model villages: models and criteria (by the administrator), villages chosen, words on criteria. The caller commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from tdteam.domain.errors import Conflict, Flaw, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.privacy import judge_text
from tdteam.domain.roles import Actor
from tdteam.domain.village_models import (
    NOTE_LENGTH,
    Item,
    Model,
    VillageDraft,
    judge_item,
    judge_model,
    judge_village,
)
from tdteam.domain.wire import stored
from tdteam.store import audit, documents, indicators, places, village_models
from tdteam.store.gate import GatedSession
from tdteam.store.named import judge_named
from tdteam.store.tables import ModelTick, ModelVillage

Entry = TypeVar("Entry", Item, Model)
_FIELDS = ("planned_on", "launched_on", "ended_on", "note")


def keep_model(session: GatedSession, model: Model, *, is_new: bool) -> None:
    """Add or change a model. Raises Refused, NotFound."""
    known = {one.code: one for one in village_models.list_models(session, active=False)}
    model = replace(model, name=stored(model.name), source=stored(model.source))
    before = _before(known.get(model.code), is_new=is_new)
    flaws = judge_model(model)
    if is_new and model.code in known:
        flaws.append(Flaw("code", "code_taken"))
    if flaws:
        raise Refused(flaws)
    village_models.save_model(session, model)
    _note(session, "village_model", model.code, before, model)


def keep_item(session: GatedSession, item: Item, *, is_new: bool) -> None:
    """Add or change a criterion; its model never changes. Raises Refused, NotFound."""
    known = {one.code: one for one in village_models.list_items(session, active=False)}
    before = _before(known.get(item.code), is_new=is_new)
    if before is not None:
        item = replace(item, model=before.model)
    item = replace(item, name=stored(item.name))
    flaws = judge_item(item, indicators.list_indicators(session))
    if is_new and item.code in known:
        flaws.append(Flaw("code", "code_taken"))
    if item.model not in {one.code for one in village_models.list_models(session, active=False)}:
        raise NotFound
    if flaws:
        raise Refused(flaws)
    village_models.save_item(session, item)
    _note(session, "model_item", item.code, before, item)


def _before(known: Entry | None, *, is_new: bool) -> Entry | None:
    if known is None and not is_new:
        raise NotFound
    return known


def _note(session: GatedSession, noun: str, code: str, before: Entry | None, after: Entry) -> None:
    if before is None:
        audit.append(session, "create", noun, code)
        return
    fields = [name for name in vars(after) if getattr(before, name) != getattr(after, name)]
    if fields:
        audit.append(session, "change", noun, code, fields=fields)


def choose_village(session: GatedSession, draft: VillageDraft) -> ModelVillage:
    """Choose a village for a model. Raises Refused: besides `judge_village`'s, not_found, model_twice."""
    _sound(session, draft)
    village_id = draft.village_id or 0
    places.hold_places(session, [village_id])
    if village_models.find_chosen(session, village_id, draft.model):
        raise Refused([Flaw("village_id", "model_twice")])
    row = ModelVillage(village_id=village_id, model=draft.model, changed_at=datetime.now(UTC))
    _put(session, row, draft)
    audit.append(session, "create", "model_village", row.id, place_id=village_id, kind=draft.model)
    return row


def change_village(
    session: GatedSession, model_village_id: int, draft: VillageDraft, base_version: int
) -> ModelVillage:
    """Change the days or the note, read at `base_version`. Raises Refused, NotFound, Conflict `stale`."""
    row = village_models.get_village(session, model_village_id)
    if row.version != base_version:
        raise Conflict("stale", version=row.version)
    draft = replace(draft, village_id=row.village_id, model=row.model, note=stored(draft.note))
    _sound(session, draft)
    fields = [name for name in _FIELDS if getattr(row, name) != getattr(draft, name)]
    if not fields:
        return row
    row.version += 1
    _put(session, row, draft)
    audit.append(session, "change", "model_village", row.id, place_id=row.village_id, fields=fields)
    return row


def _sound(session: GatedSession, draft: VillageDraft) -> None:
    models = [one.code for one in village_models.list_models(session, active=False)]
    flaws = judge_village(draft, models, today())
    if draft.village_id:
        if not session.permits(draft.village_id):
            flaws.append(Flaw("village_id", "not_found"))
        elif places.get_place(session, draft.village_id).level != Level.VILLAGE:
            flaws.append(Flaw("village_id", "choice_unknown"))
        else:
            flaws += judge_named(session, draft.village_id, {"note": draft.note})
    if flaws:
        raise Refused(flaws)


def _put(session: GatedSession, row: ModelVillage, draft: VillageDraft) -> None:
    for name in _FIELDS:
        setattr(row, name, getattr(draft, name))
    row.note = stored(draft.note)
    row.changed_at, row.changed_by = datetime.now(UTC), session.scope.actor.account_id
    session.add(row)
    session.flush()


def tick_item(
    session: GatedSession,
    model_village_id: int,
    code: str,
    *,
    is_met: bool,
    note: str,
    document_id: int | None,
    actor: Actor,
) -> None:
    """Say whether a village meets a criterion; earlier words stay. Raises Refused, NotFound (no such criterion of the
    village's model, or one that figures fill)."""
    row = village_models.get_village(session, model_village_id)
    items = {one.code: one for one in village_models.list_items(session, row.model)}
    if code not in items or items[code].indicator is not None:
        raise NotFound
    note = stored(note)
    flaws = judge_text("note", note, NOTE_LENGTH) + judge_named(session, row.village_id, {"note": note})
    if document_id is not None:
        document = documents.find_row(session, document_id)
        if document is None or document.withdrawn_at:
            flaws.append(Flaw("document_id", "not_found"))
    if is_met and document_id is None and not note:
        flaws.append(Flaw("note", "tick_without_evidence"))
    if flaws:
        raise Refused(flaws)
    session.add(
        ModelTick(
            village_id=row.village_id,
            item=code,
            is_met=is_met,
            document_id=document_id,
            note=note,
            ticked_at=datetime.now(UTC),
            ticked_by=actor.account_id,
        )
    )
    session.flush()
    audit.append(session, "decide", "model_village", row.id, place_id=row.village_id, kind=code)
