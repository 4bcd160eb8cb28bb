"""What every page shows around its content: the sections open to an account, the search box, the words of scripts.

`install(app, …)` gives templates `frame` (a Frame, made once a request) and the helpers of `parts/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.routing import BuildError

from tdteam.domain.roles import Power
from tdteam.web import formats, resend, states, words
from tdteam.web.forms.base import flaws_of_form
from tdteam.web.forms.fields import shape_of
from tdteam.web.states import N_


@dataclass(frozen=True)
class Section:
    """One way in: an endpoint, the power it asks for, its label, and whether it stands in the bar or under More."""

    endpoint: str
    power: Power
    label: str
    in_bar: bool = True
    also: tuple[str, ...] = ()  # other blueprints whose pages belong to it


@dataclass(frozen=True)
class Link:
    """A section as one page shows it."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True)
class Who:
    """The account as the bar shows it: name, role (a message id) and the place it stands for."""

    name: str
    role: str
    place: str = ""


@dataclass(frozen=True)
class Frame:
    """Everything `base.html` needs and nothing a page does."""

    who: Who | None
    bar: list[Link]
    more: list[Link]
    home: str
    sign_in: str | None
    account: str | None
    search: str | None
    new: str | None
    demo: bool
    version: str


WATCH = ("attention", "coverage_map", "coverage_ranking", "coverage_trends", "quality", "samples")
SECTIONS = (
    Section("home.index", Power.SIGNED_IN, N_("This period")),
    Section("inbox.index", Power.DECIDE, N_("To decide"), in_bar=False),
    Section("coverage.index", Power.REVIEW_REPORT, N_("Coverage"), also=WATCH),
    Section("area_month.index", Power.REVIEW_REPORT, N_("Reports of the area"), also=("area_report",)),
    Section(
        "area_month.index", Power.SEE_AUDIT, N_("Reports of the area"), in_bar=False, also=("area_report",)
    ),
    Section("teams.index", Power.SEE_TEAMS, N_("Teams and members"), also=("members",)),
    Section("devices.index", Power.KEEP_TEAMS, N_("Members' phones"), in_bar=False, also=("joining",)),
    Section("households.index", Power.SEE_HOUSEHOLDS, N_("Households"), also=("residents",)),
    Section("visits.index", Power.SEE_VISITS, N_("Visits")),
    Section("gatherings.index", Power.SEE_VISITS, N_("Gatherings"), in_bar=False),
    Section("filings.index", Power.SEE_VISITS, N_("Filings"), in_bar=False),
    Section("outreach.index", Power.SEE_PLANS, N_("Outreach calendar"), in_bar=False),
    Section("proposals.index", Power.SEE_PLANS, N_("Proposals of villages"), in_bar=False),
    Section("reports.index", Power.SEE_FIGURES, N_("Reports")),
    Section("papers.index", Power.SEE_TEAMS, N_("Papers to print"), in_bar=False),
    Section("documents.index", Power.SEE_FIGURES, N_("Evidence documents"), in_bar=False, also=("bundle",)),
    Section("village_models.index", Power.SEE_FIGURES, N_("Model villages"), in_bar=False),
    Section("sponsors.index", Power.SEE_FIGURES, N_("Sponsoring agencies"), in_bar=False),
    Section("imports.index", Power.IMPORT, N_("Import from Excel")),
    Section(
        "declared.index",
        Power.DECLARE,
        N_("Declared figures"),
        in_bar=False,
        also=("declared_books", "declared_figures"),
    ),
    Section("accounts.index", Power.KEEP_ACCOUNTS, N_("Accounts")),
    Section("coverage.index", Power.WRITE_REPORT, N_("Coverage"), in_bar=False, also=WATCH),
    Section("coverage.index", Power.APPROVE_REPORT, N_("Coverage"), in_bar=False, also=WATCH),
    Section("places.index", Power.SEE_PLACES, N_("Places"), in_bar=False),
    Section(
        "catalogue.index", Power.KEEP_CATALOGUE, N_("Catalogues"), in_bar=False, also=("model_catalogue",)
    ),
    Section("targets.index", Power.KEEP_TARGETS, N_("Targets"), in_bar=False, also=("targets_books",)),
    Section("deadlines.index", Power.KEEP_CATALOGUE, N_("Deadlines of reports"), in_bar=False),
    Section("rule_limits.index", Power.KEEP_CATALOGUE, N_("Rules that speak up"), in_bar=False),
    Section("audit.index", Power.SEE_AUDIT, N_("Audit log")),
)
ROLES = {
    "member": N_("Team member"),
    "leader": N_("Team leader"),
    "official": N_("Commune official"),
    "approver": N_("Commune approver"),
    "reviewer": N_("Area reviewer"),
    "admin": N_("Administrator"),
    "auditor": N_("Auditor"),
}
# What scripts say: key in the script -> message id. The page carries them as JSON, so scripts hold no words.
SCRIPT_WORDS = {
    "copied": N_("Copied. Paste it into the Zalo group."),
    "copy_by_hand": N_("Press Ctrl+C to copy the selected text."),
    "draft_kept": N_("Draft kept on this computer at %(clock)s"),
    "draft_found": N_("An unsaved draft from %(when)s is on this computer."),
    "draft_restore": N_("Restore the draft"),
    "draft_drop": N_("Discard it"),
    "saved_at": N_("Draft saved %(clock)s"),
    "saving": N_("Saving the draft…"),
    "not_saved": N_("Not saved yet: no connection. The text is still here."),
    "signed_out": N_(
        "Not saved: you are signed out. Press the save button; the next page keeps the text and says what to do."
    ),
    "overtaken": N_(
        "Not saved: somebody else wrote here meanwhile. Press the save button to go on from there."
    ),
    "files_chosen": N_("Chosen: %(name)s (%(size)s)"),
    "letters_left": N_("%(count)s letters left"),
    "still_reading": N_("Read %(done)s of %(total)s rows"),
    "row_removed": N_("Row removed"),
    "undo": N_("Undo"),
}


def here(**changes: object) -> str:
    """This page's address with some query arguments changed; None drops one. Cursors go unless they are named."""
    # What a stranger adds to an address must not become an argument of url_for itself.
    gone = {"after", "before", "endpoint", *(request.view_args or {})}
    kept = {
        k: v for k, v in request.args.to_dict(flat=False).items() if k not in gone and not k.startswith("_")
    }
    for key, value in changes.items():
        kept.pop(key, None)
        if value is not None and value != "":
            kept[key] = [str(value)]
    return url_for(request.endpoint or "home.index", **(request.view_args or {}), **_flat(kept))


def _flat(many: dict[str, list[str]]) -> dict[str, Any]:
    return {key: values[0] if len(values) == 1 else values for key, values in many.items()}


def links(
    holds: Callable[[Power], bool], known: Callable[[str], bool], current: str
) -> list[tuple[Section, Link]]:
    """The sections an account may enter, in order; `current` is the blueprint of this request."""
    return [
        (section, Link(url_for(section.endpoint), section.label, _is_of(section, current)))
        for section in SECTIONS
        if known(section.endpoint) and holds(section.power)
    ]


def _is_of(section: Section, blueprint: str) -> bool:
    return section.endpoint.startswith(f"{blueprint}.") or blueprint in section.also


def _url(endpoint: str) -> str | None:
    try:
        return url_for(endpoint)
    except BuildError:
        return None


def _who_or_nobody(who: Callable[[], Who | None]) -> Who | None:
    """Whose page it is. Error pages come here too, perhaps because the database is away: then nobody's."""
    try:
        return who()
    except Exception:  # noqa: BLE001 - the page that reports a fault must not fail on the same fault
        return None


def _state_mark(app: Flask) -> Callable[[object, str], Markup]:
    """The filter `code|state("contact")`: `ui.state(noun, code)` drawn once a process, for lists of a hundred rows."""
    kept: dict[tuple[str, str, str], Markup] = {}

    def mark(code: object, noun: str) -> Markup:
        key = (words.language(), noun, str(code))
        if key not in kept:
            drawn: Any = app.jinja_env.get_template("parts/ui.html").module
            kept[key] = drawn.state(noun, str(code))
        return kept[key]

    return mark


def install(
    app: Flask,
    *,
    who: Callable[[], Who | None],
    holds: Callable[[Power], bool],
    demo: bool,
    version: str,
) -> None:
    """Give templates the frame, the filters of `formats` and the helpers of `parts/`.

    `who` and `holds` speak of the account of the running request; both must work on an error page too.
    """

    def frame() -> Frame:
        if "frame" not in g:
            seen = _who_or_nobody(who)
            current = (request.blueprint or "") if request else ""
            found = links(holds, app.view_functions.__contains__, current) if seen else []
            may_search = seen is not None and holds(Power.SEE_TEAMS)
            g.frame = Frame(
                who=seen,
                bar=[link for section, link in found if section.in_bar],
                more=[link for section, link in found if not section.in_bar],
                home=_url("home.index") or "/",
                sign_in=_url("sign_in.form") if seen is None and current != "sign_in" else None,
                account=_url("accounts.mine") if seen is not None else None,
                search=_url("search.index") if may_search else None,
                new=_url("visits.new") if seen is not None and holds(Power.RECORD) else None,
                demo=demo,
                version=version,
            )
        found_frame: Frame = g.frame
        return found_frame

    app.jinja_env.filters.update(formats.FILTERS, state=_state_mark(app))
    app.jinja_env.globals.update(
        frame=frame,
        here=here,
        state_of=states.state_of,
        here_plain=resend.back,
        shape_of=shape_of,
        flaws_of_form=flaws_of_form,
        cov_step=formats.step,
        cov_below=formats.below,
        script_words=lambda: {key: str(gettext(word)) for key, word in SCRIPT_WORDS.items()},
        DASH=formats.DASH,
    )
