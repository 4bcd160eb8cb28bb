"""Model villages: the models and their criteria, the villages chosen for them, what was said of each criterion, and how far
each village has come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from tdteam.domain.errors import NotFound
from tdteam.domain.indicators import Indicator, pair
from tdteam.domain.periods import Period
from tdteam.domain.shares import Value
from tdteam.domain.village_models import Item, ItemState, Met, Model, Progress, Tick, reaches
from tdteam.domain.vocabulary import Source
from tdteam.store import declared, indicators
from tdteam.store.gate import GatedSession
from tdteam.store.indicators import by_village
from tdteam.store.places import commune_of, ids_inside
from tdteam.store.tables import Account, Document, ModelItem, ModelTick, ModelVillage, Place, VillageModel

Figures = dict[int, dict[str, tuple[Value, str]]]
"""Village -> indicator -> figure and who declared it."""


@dataclass(frozen=True)
class ModelLine:
    """A village chosen for a model, with the names around it."""

    row: ModelVillage
    village: str
    model: str
    commune: str = ""


def list_models(session: GatedSession, *, active: bool = True) -> list[Model]:
    """The models, in their order."""
    query = select(VillageModel).order_by(col(VillageModel.sort), col(VillageModel.code))
    rows = session.exec(query.where(col(VillageModel.is_active)) if active else query)
    return [Model(row.code, row.name, row.source, row.sort, row.is_active) for row in rows]


def list_items(session: GatedSession, model: str | None = None, *, active: bool = True) -> list[Item]:
    """The criteria of a model (of all), in their order."""
    query = select(ModelItem).order_by(col(ModelItem.model), col(ModelItem.sort), col(ModelItem.code))
    if model:
        query = query.where(ModelItem.model == model)
    if active:
        query = query.where(col(ModelItem.is_active))
    names = ("code", "model", "section", "name", "indicator", "at_least", "sort", "is_active")
    return [Item(**{name: getattr(row, name) for name in names}) for row in session.exec(query)]


def save_model(session: GatedSession, model: Model) -> None:
    """Add or change a model."""
    row = session.get(VillageModel, model.code) or VillageModel(code=model.code, name=model.name)
    row.name, row.source, row.sort, row.is_active = model.name, model.source, model.sort, model.is_active
    session.add(row)
    session.flush()


def save_item(session: GatedSession, item: Item) -> None:
    """Add or change a criterion."""
    row = session.get(ModelItem, item.code) or ModelItem(
        code=item.code, model=item.model, section=item.section, name=item.name
    )
    for name in ("section", "name", "indicator", "at_least", "sort", "is_active"):
        setattr(row, name, getattr(item, name))
    session.add(row)
    session.flush()


def list_villages(
    session: GatedSession,
    *,
    inside: int | None = None,
    model: str | None = None,
    village_id: int | None = None,
) -> list[ModelLine]:
    """Villages of the scope chosen for a model, by commune and name; those given up last."""
    query = (
        select(ModelVillage, Place.label, VillageModel.name)
        .join(Place, col(Place.id) == ModelVillage.village_id)
        .join(VillageModel, col(VillageModel.code) == ModelVillage.model)
        .order_by(col(ModelVillage.ended_on).is_not(None), Place.name_sort, col(VillageModel.sort))
    )
    if inside:
        query = query.where(col(ModelVillage.village_id).in_(ids_inside(inside)))
    if model:
        query = query.where(ModelVillage.model == model)
    if village_id:
        query = query.where(ModelVillage.village_id == village_id)
    return [
        ModelLine(row, village, name, commune_of(session, row.village_id).name)
        for row, village, name in session.execute(query).all()
    ]


def get_village(session: GatedSession, model_village_id: int) -> ModelVillage:
    """A village chosen for a model, held until the transaction ends where one writes; NotFound outside the scope."""
    query = select(ModelVillage).where(ModelVillage.id == model_village_id)
    row = session.exec(query.with_for_update() if session.is_writing else query).first()
    if row is None:
        raise NotFound
    return row


def find_chosen(session: GatedSession, village_id: int, model: str) -> ModelVillage | None:
    """Whether a village was chosen for a model already."""
    query = select(ModelVillage).where(ModelVillage.village_id == village_id, ModelVillage.model == model)
    return session.exec(query).first()


def list_ticks(session: GatedSession, village_ids: Collection[int]) -> dict[tuple[int, str], list[Tick]]:
    """What was said of each criterion in some villages, newest first."""
    query = (
        select(ModelTick, Account.name, Document.number, Document.abstract)
        .outerjoin(Account, col(Account.id) == ModelTick.ticked_by)
        .outerjoin(Document, col(Document.id) == ModelTick.document_id)
        .where(col(ModelTick.village_id).in_(list(village_ids)))
        .order_by(col(ModelTick.id).desc())
    )
    found: dict[tuple[int, str], list[Tick]] = {}
    for row, by, number, abstract in session.execute(query):
        told = number or abstract or ""
        tick = Tick(row.is_met, row.note, row.ticked_at, by, row.document_id if told else None, told)
        found.setdefault((row.village_id, row.item), []).append(tick)
    return found


def read_figures(
    session: GatedSession, place_id: int, period: Period, on: date, items: Sequence[Item]
) -> Figures:
    """What the criteria ask for, of every village inside a place: flows of the year so far, stocks as of its end, declared
    figures as they were last declared for the village itself."""
    wanted = {one.indicator for one in items if one.indicator}
    known = {one.code: one for one in indicators.list_indicators(session) if one.code in wanted}
    counted = [one for one in known.values() if one.source is Source.COUNTED]
    out: Figures = {}
    if counted:
        for village, values in indicators.read_year(
            session, place_id, period, on, counted, by_village()
        ).items():
            out[village] = {code: (value, "") for code, value in values.items()}
    if len(counted) < len(known):
        for row in declared.list_of_places(session, place_id, period, on):
            one = known.get(row.indicator)
            if one is not None and one.source is Source.DECLARED:
                out.setdefault(row.place_id, {}).setdefault(
                    one.code, (pair(one, row.part, row.whole), row.source)
                )
    return out


def read_progress(
    items: Sequence[Item],
    known: dict[str, Indicator],
    figures: dict[str, tuple[Value, str]],
    ticks: dict[str, list[Tick]],
) -> Progress:
    """Where each criterion stands in one village. `ticks`: by criterion, newest first."""
    return Progress(tuple(_state(item, known, figures, ticks.get(item.code, [])) for item in items))


def progress_of(
    session: GatedSession, place_id: int, period: Period, on: date, lines: Sequence[ModelLine]
) -> dict[int, Progress]:
    """The progress of villages inside a place, by the number of the model village."""
    items = list_items(session)
    figures = read_figures(session, place_id, period, on, items)
    ticks = list_ticks(session, {line.row.village_id for line in lines})
    known = {one.code: one for one in indicators.list_indicators(session, active=False)}
    out = {}
    for line in lines:
        own = {code: said for (village, code), said in ticks.items() if village == line.row.village_id}
        asked = [item for item in items if item.model == line.row.model]
        out[line.row.id or 0] = read_progress(asked, known, figures.get(line.row.village_id, {}), own)
    return out


def _state(
    item: Item, known: dict[str, Indicator], figures: dict[str, tuple[Value, str]], ticks: Sequence[Tick]
) -> ItemState:
    if item.indicator and item.at_least is not None and item.indicator in known:
        value, source = figures.get(item.indicator, (None, ""))
        met = reaches(known[item.indicator], value, item.at_least)
        return ItemState(item, met, value, source, tuple(ticks))
    if not ticks:
        return ItemState(item, Met.UNKNOWN)
    return ItemState(item, Met.YES if ticks[0].is_met else Met.NO, ticks=tuple(ticks))
