"""Agencies that sponsor communes: a list over the area that marks communes with too few, and a commune's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tdteam.actions import keep_sponsor as verbs
from tdteam.domain.errors import Conflict, NotFound, Refused
from tdteam.domain.periods import today
from tdteam.domain.places import Level
from tdteam.domain.roles import Power
from tdteam.domain.sponsors import FEW, least_of
from tdteam.store import places, sponsors
from tdteam.store.rule_limits import read_rules
from tdteam.store.tables import Place, Sponsor
from tdteam.web import choices
from tdteam.web.exports import Kind, ListColumn, export
from tdteam.web.forms.clashes import clashes_of, settle
from tdteam.web.forms.fields import options
from tdteam.web.forms.village_models import SponsorForm
from tdteam.web.gate import may, session
from tdteam.web.history import acts_on
from tdteam.web.records import export_links, version_of

pages = Blueprint("sponsors", __name__, url_prefix="/sponsors")


def _communes() -> list[sponsors.CommuneSponsors]:
    """Communes that villages of the scope stand in."""
    mine = frozenset(int(key) for key, _name in choices.commune_choices())
    return sponsors.list_communes(session(), today(), mine)


def _least() -> int:
    """How many agencies a commune should have here."""
    return least_of(read_rules(session(), (FEW,))[FEW.code])


@pages.get("/")
def index() -> Any:
    """Every commune with its agencies; those with too few are marked."""
    found, least = _communes(), _least()
    only = least > 0 and request.args.get("few") == "1"
    return render_template(
        "sponsors/index.html",
        communes=[one for one in found if not only or len(one.now) < least],
        few=sum(len(one.now) < least for one in found),
        every=len(found),
        only=only,
        least=least,
        exports=export_links("sponsors.export"),
    )


@pages.get("/export.<ending>")
def export_list(ending: str) -> Response:
    """All agencies as a workbook or CSV; contacts only for those who may see names."""
    names = session().scope.names
    columns = [
        ListColumn(_("Commune"), wide=22),
        ListColumn(_("Agencies now"), Kind.INT),
        ListColumn(_("Agency"), wide=36),
        ListColumn(_("Model village it helps"), wide=22),
        *([ListColumn(_("Contact at work"), wide=30)] if names else []),
        ListColumn(_("Sponsors since"), Kind.DATE),
        ListColumn(_("Until (last day)"), Kind.DATE),
    ]
    rows: list[tuple[object, ...]] = []
    for one in _communes():
        rows += [
            (
                one.name,
                len(one.now),
                line.row.agency,
                line.village,
                *((line.row.contact,) if names else ()),
                line.row.since,
                line.row.until,
            )
            for line in (*one.now, *one.gone)
        ] or [(one.name, 0, "", "", *(("",) if names else ()), None, None)]
    return export(ending, "sponsors", _("Sponsoring agencies"), columns, rows)


def _commune(commune_id: int) -> Place:
    commune = places.get_place(session(), commune_id)
    if commune.level != Level.COMMUNE:
        raise NotFound
    return commune


@pages.get("/<int:commune_id>")
def show(commune_id: int) -> Any:
    """A commune's agencies, now and before."""
    commune = _commune(commune_id)
    return render_template(
        "sponsors/show.html",
        commune=commune,
        found=sponsors.read_commune(session(), commune, today()),
        least=_least(),
        names=session().scope.names,
        may_keep=may(Power.KEEP_MODELS) and session().permits(commune_id),
    )


def _offer(form: SponsorForm, commune_id: int) -> SponsorForm:
    """Model villages of the commune to choose from; a contact only for those who may see names."""
    lines = [(str(line.id), line.label) for line in choices.villages(commune_id)]
    form.village_id.choices = options(lines, _("No village in particular"))
    if not session().scope.names:
        del form.contact
    return form


def _page(form: SponsorForm, commune: Place, row: Sponsor | None = None, clashes: Any = ()) -> Any:
    answer = render_template(
        "sponsors/edit.html",
        form=form,
        commune=commune,
        row=row,
        clashes=clashes,
        acts=acts_on(("sponsor", row.id)) if row else [],
    )
    return answer, form.status if request.method == "POST" and not clashes else 409 if clashes else 200


@pages.route("/<int:commune_id>/new", methods=["GET", "POST"])
def new(commune_id: int) -> Any:
    """Note an agency."""
    session().demand(commune_id)
    commune = _commune(commune_id)
    form = _offer(SponsorForm(), commune_id)
    if request.method == "POST" and form.validate():
        try:
            verbs.add_sponsor(session(), commune_id, form.draft())
        except Refused as refused:
            form.put(refused.flaws)
        else:
            flash(_("The agency is noted."), "ok")
            return redirect(url_for("sponsors.show", commune_id=commune_id))
    return _page(form, commune)


def _form_of(row: Sponsor) -> SponsorForm:
    names = ("agency", "contact", "since", "until", "note")
    form = SponsorForm(
        formdata=None,
        base_version=str(row.version),
        village_id=str(row.village_id or ""),
        **{name: getattr(row, name) for name in names},
    )
    return _offer(form, row.commune_id)


@pages.route("/<int:commune_id>/<int:sponsor_id>", methods=["GET", "POST"])
def edit(commune_id: int, sponsor_id: int) -> Any:
    """Change an agency; what somebody else saved meanwhile is shown beside, to choose from."""
    row = sponsors.get_sponsor(session(), commune_id, sponsor_id)
    commune, stored = _commune(commune_id), _form_of(row)
    if request.method == "GET":
        return _page(stored, commune, row)
    form = _offer(SponsorForm(), commune_id)
    settle(form, stored)
    if not form.validate():
        return _page(form, commune, row)
    try:
        verbs.change_sponsor(
            session(),
            commune_id,
            sponsor_id,
            form.draft(),
            version_of(form),
            with_contact=session().scope.names,
        )
    except Refused as refused:
        form.put(refused.flaws)
        return _page(form, commune, row)
    except Conflict:
        form.base_version.data = str(row.version)
        return _page(form, commune, row, clashes_of(form, stored))
    flash(_("The agency is saved."), "ok")
    return redirect(url_for("sponsors.show", commune_id=commune_id))
