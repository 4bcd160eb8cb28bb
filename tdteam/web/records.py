"""What the pages of visits, gatherings and filings share: paging by cursor, writing what a form tells, reasons, exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol, TypeVar

from flask import request, url_for
from flask_babel import gettext as _

from tdteam.domain.errors import Conflict, Flaw, NotFound, Refused
from tdteam.domain.ids import is_id
from tdteam.domain.periods import Period
from tdteam.domain.roles import Power
from tdteam.store import settings
from tdteam.store.evidence import Photo, photos_of
from tdteam.store.paging import Page
from tdteam.store.places import VillageLine
from tdteam.web import choices
from tdteam.web.forms.base import FilterForm
from tdteam.web.forms.fields import options, read_number
from tdteam.web.forms.visits import WhyForm
from tdteam.web.frame import here
from tdteam.web.gate import may, session

T = TypeVar("T", bound=FilterForm)
Draft = TypeVar("Draft")
Row = TypeVar("Row")
SIZES = (20, 50, 100)
_ROW = re.compile(r"assists\.(\d+)(.*)")


def page_size() -> int:
    """Rows a page: 20, 50 (default) or 100."""
    asked = request.args.get("size", "")
    return next((size for size in SIZES if str(size) == asked), SIZES[1])


def cursor_links(page: Page[Any]) -> tuple[str | None, str | None]:
    """Addresses of the page before and the page after in this list."""
    return (here(before=page.before) if page.before else None, here(after=page.after) if page.after else None)


def demand_id(text: str) -> str:
    """A record's id from the address, or NotFound: other text never reaches the database."""
    if not is_id(text):
        raise NotFound
    return text


def on_screen(flaws: Iterable[Flaw], rows: list[int]) -> list[Flaw]:
    """Flaws of sent assists moved to their rows on screen (empty rows were not sent)."""
    out = []
    for flaw in flaws:
        found = _ROW.fullmatch(flaw.field)
        if found and int(found[1]) < len(rows):
            flaw = replace(flaw, field=f"assists.{rows[int(found[1])]}{found[2]}")
        out.append(flaw)
    return out


class RecordForm(Protocol):
    """A form that tells a record in the wire's shape."""

    form_errors: list[str]

    def rows_pressed(self) -> bool: ...
    def validate(self) -> bool: ...
    def body(self) -> dict[str, Any]: ...
    def flaw_paths(self) -> list[int]: ...
    def put(self, flaws: Iterable[Flaw]) -> None: ...


def put_down(
    form: RecordForm,
    read: Callable[[Any], tuple[Draft, Sequence[Flaw]]],
    write: Callable[[Draft], Row],
    *,
    overtaken: str = "",
) -> Row | None:
    """The record a form tells, written. None where the form is to be shown again: what is wrong then stands beside its
    fields. `overtaken`: what to say where somebody else was faster; without it that is raised (Conflict)."""
    if form.rows_pressed() or not form.validate():
        return None
    draft, flaws = read(form.body())
    try:
        if flaws:
            raise Refused(flaws)
        return write(draft)
    except Refused as refused:
        form.put(on_screen(refused.flaws, form.flaw_paths()))
    except Conflict:
        if not overtaken:
            raise
        form.form_errors.append(overtaken)
    return None


def take_out(form: WhyForm, write: Callable[[str], object]) -> bool:
    """Whether a record was voided for the reason typed; else the form is to be shown."""
    if request.method != "POST" or not form.validate():
        return False
    try:
        write(form.why.data or "")
    except Refused as refused:
        form.put(refused.flaws)
        return False
    return True


def number_arg(name: str) -> int | None:
    """A whole number from the address; None where absent or something else."""
    return read_number(request.args.get(name))


def demand_period(text: str) -> Period:
    """A period from the address, or NotFound."""
    try:
        return settings.period_named(session(), text)
    except Refused as other:
        raise NotFound from other


def without_names(form: T) -> T:
    """A list's filter; without its search for names and codes where the account sees none."""
    if not session().scope.names:
        del form.q
    return form


def offer_places(form: Any) -> None:
    """Fill a list's choices of villages, and of communes and areas where the account sees several of them."""
    communes, areas = choices.commune_choices(), choices.area_choices()
    form.village_id.choices = options(choices.village_choices(form.commune_id.data), _("All"))
    form.commune_id.choices = options(communes, _("All"))
    form.area_id.choices = options(areas, _("All"))
    if len(communes) < 2:
        del form.commune_id
    if not areas:
        del form.area_id


def filters_of(form: FilterForm, numbers: Iterable[str] = (), days: Iterable[str] = ()) -> dict[str, Any]:
    """What a filter asks, as the query's arguments: empty is None, numbers and days are read, nonsense asks nothing."""
    out: dict[str, Any] = {}
    for field in form:
        if field.name == "size":
            continue
        value = field.data or None
        if value and field.name in numbers:
            value = read_number(value)
        if value and field.name in days:
            value = _day(str(value))
        out[field.name] = value
    return out


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def pick_village(text: str | None) -> VillageLine | None:
    """The village a form is about: as sent, as asked in the address, or the first of the scope. NotFound for a foreign one."""
    lines = choices.villages()
    asked = text or request.args.get("village_id") or ""
    if not asked:
        return lines[0] if lines else None
    found = next((line for line in lines if str(line.id) == asked), None)
    if found is None:
        raise NotFound
    return found


def version_of(form: Any) -> int:
    """The version a form was filled from; 0 for nonsense (which is then stale)."""
    return read_number(form.base_version.data) or 0


def export_links(endpoint: str) -> dict[str, str] | None:
    """Addresses of this list as workbook and CSV, with its filter; None without the power."""
    if not may(Power.EXPORT):
        return None
    gone = {"after", "before", "size", "ending", "endpoint"}  # the last two are arguments of url_for itself
    kept: dict[str, Any] = {k: v for k, v in request.args.items() if k not in gone and not k.startswith("_")}
    return {ending: url_for(f"{endpoint}_list", ending=ending, **kept) for ending in ("xlsx", "csv")}


def record_photos(record_ids: Sequence[str]) -> list[Photo]:
    """The photos of a record's versions, for whoever may see names: people are on them."""
    return photos_of(session(), record_ids) if session().scope.names else []
