"""Every shared piece of the pages in every state, served with the app's own headers and no database.

    .venv/bin/python scripts/specimen.py            then open the address it prints
    .venv/bin/python scripts/specimen.py shots DIR  both sizes, both themes, to look at; console errors fail it

For whoever changes `templates/parts`, `static/css` or `static/js`; nothing here is part of the product.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask, flash, render_template, request  # noqa: E402
from jinja2 import ChoiceLoader, FileSystemLoader  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402
from wtforms import (  # noqa: E402
    BooleanField,
    FieldList,
    FileField,
    FormField,
    PasswordField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms import Form as PlainForm  # noqa: E402
from wtforms.validators import InputRequired, Length  # noqa: E402

from tdteam.domain.errors import Flaw  # noqa: E402
from tdteam.domain.periods import VIETNAM, Period  # noqa: E402
from tdteam.domain.roles import Power  # noqa: E402
from tdteam.domain.shares import Share  # noqa: E402
from tdteam.web import assets, frame, security, words  # noqa: E402
from tdteam.web.forms.base import FilterForm, Form, blank_row  # noqa: E402
from tdteam.web.forms.fields import ChipsField, CountField, DayField, ManyChipsField, options  # noqa: E402

SAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "specimen/samples.json").read_text("utf-8"))
PAGES = (
    "home",
    "list",
    "form",
    "wrong",
    "report",
    "import",
    "pieces",
    "gate",
    "help",
    "privacy",
    "404",
    "503",
)
LABELS = SAMPLES["labels"]
_ALL_VILLAGES = list(SAMPLES["villages"])
for _choices in ("kinds", "outcomes", "causes", "villages", "places", "members"):
    SAMPLES[_choices] = options(SAMPLES[_choices])
KINDS = {
    "EID2_ACTIVATE": {"outcomes": ["done", "in_progress", "not_done"], "flags": []},
    "EID2_REFER": {"outcomes": ["referred"], "flags": []},
    "FILING_SUBMIT": {"outcomes": ["done", "not_done"], "flags": ["filing"]},
}


class AssistRow(PlainForm):
    kind = SelectField(LABELS["kind"], choices=SAMPLES["kinds"])
    outcome = SelectField(LABELS["outcome"], choices=SAMPLES["outcomes"])
    people = CountField(LABELS["people"], low=1, default=1)
    cause = SelectField(LABELS["cause"], choices=SAMPLES["causes"])
    filing = StringField(LABELS["filing"])


class VisitForm(Form):
    village = SelectField(LABELS["village"], choices=SAMPLES["villages"], validators=[InputRequired()])
    visited_on = DayField(LABELS["visited_on"], validators=[InputRequired()])
    place = ChipsField(LABELS["place"], choices=SAMPLES["places"], validators=[InputRequired()])
    members = ManyChipsField(LABELS["members"], choices=SAMPLES["members"])
    phone = TelField(LABELS["phone"])
    birth_year = CountField(LABELS["birth_year"], low=1900, high=2026)
    note = TextAreaField(LABELS["note"], validators=[Length(max=500)])
    consent = BooleanField(LABELS["consent"])
    assists = FieldList(FormField(AssistRow), min_entries=1)


class HouseholdFilter(FilterForm):
    q = StringField(LABELS["q"])
    village = SelectField(LABELS["village"], choices=options(_ALL_VILLAGES, empty=LABELS["all"]))
    since = DayField(LABELS["since"])
    poor = BooleanField(LABELS["poor"])


class UploadForm(Form):
    file = FileField(LABELS["file"], validators=[InputRequired()])


class SignInForm(Form):
    username = StringField(LABELS["username"], validators=[InputRequired()])
    password = PasswordField(LABELS["password"], validators=[InputRequired()])


def make_app() -> Flask:
    app = Flask("specimen", static_folder=None)
    folders = [ROOT / "scripts/specimen", ROOT / "templates"]
    app.jinja_loader = ChoiceLoader([FileSystemLoader(str(folder)) for folder in folders])
    app.config["SECRET_KEY"] = "specimen only"
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    words.install(app)
    security.install(app, https=False)
    assets.install(app)
    who = frame.Who(*SAMPLES["who"])
    frame.install(app, who=lambda: _who(who), holds=_holds, demo=True, version="0.1.0")
    for endpoint in {s.endpoint for s in frame.SECTIONS} | {"visits.new", "accounts.mine", "search.index"}:
        app.add_url_rule(f"/{endpoint.replace('.', '/')}", endpoint, lambda: page("pieces"))
    app.add_url_rule("/sign-in", "sign_in.form", lambda: page("gate"))
    app.add_url_rule("/sign-out", "sign_in.leave", lambda: page("gate"), methods=["POST"])
    app.add_url_rule("/help", "help.index", lambda: page("help"))
    app.add_url_rule("/privacy", "help.privacy", lambda: page("privacy"))
    app.add_url_rule("/saved", "saved", lambda: ("", 204), methods=["POST"])
    app.add_url_rule("/how-far", "how_far", lambda: {"done": 12400, "total": 50000, "next": None})
    app.add_url_rule("/paper.pdf", "paper", _paper)
    app.add_url_rule("/<name>", "page", page, methods=["GET", "POST"])
    return app


def _who(who: frame.Who) -> frame.Who | None:
    return None if (request.view_args or {}).get("name") == "gate" or request.path == "/sign-in" else who


def _holds(power: Power) -> bool:
    return power in (
        {Power.SIGNED_IN, Power.SEE_TEAMS, Power.SEE_HOUSEHOLDS, Power.SEE_VISITS, Power.SEE_FIGURES}
        | {Power.IMPORT, Power.DECLARE, Power.RECORD, Power.SEE_PLACES}
    )


def _paper() -> Any:
    from reportlab.pdfgen.canvas import Canvas

    pen = Canvas("", invariant=1)
    pen.drawString(90, 750, datetime.now(UTC).isoformat())
    return pen.getpdfdata(), 200, {"Content-Type": "application/pdf", "Content-Disposition": "inline"}


def page(name: str) -> Any:
    if name not in PAGES:
        return render_template("errors/404.html", code="not_found", flaws=[]), 404
    if name.isdecimal():
        return render_template(f"errors/{name}.html", code="", flaws=[]), int(name)
    if name in ("help", "privacy"):
        return render_template(f"help/{'index' if name == 'help' else name}.html")
    form = VisitForm(data={"visited_on": date(2026, 11, 11), "place": "home", "members": ["1"]})
    if name == "wrong":
        form.visited_on.raw_data, form.birth_year.raw_data = ["31/02/2026"], ["2962"]
        form.put([Flaw("visited_on", "specimen"), Flaw("birth_year", "specimen"), Flaw("place", "specimen")])
        form.put([Flaw("note", "specimen"), Flaw("assists.0.people", "specimen"), Flaw("", "specimen")])
    if name == "list":
        flash(SAMPLES["flash"], "ok")
        flash({"text": SAMPLES["undo"], "undo": "/saved"}, "undo")
    now = Period(2026, 11)
    return render_template(
        f"{'form' if name == 'wrong' else name}.html",
        form=form,
        blank=blank_row(form.assists),
        kinds=KINDS,
        filter=HouseholdFilter(),
        upload=UploadForm(),
        sign_in=SignInForm(),
        periods=(now.plus(-1), now, now.plus(1)),
        Share=Share,
        moment=datetime(2026, 11, 11, 14, 5, tzinfo=VIETNAM),
        day=date(2026, 3, 5),
        ago=lambda days: datetime(2026, 11, 11, 8, 40, tzinfo=VIETNAM) - timedelta(days=days),
        s=SAMPLES,
    )


def _listen(tab: Any, faults: list[str]) -> None:
    tab.on("console", lambda said: faults.append(f"{tab.url}: {said.text}"))
    tab.on("pageerror", lambda error: faults.append(f"{tab.url}: {error}"))


def shoot(folder: Path, only: list[str]) -> int:
    """Pictures of every page; returns 1 when a page logged anything to the console or scrolls sideways."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    faults: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size, width, height in (("desk", 1366, 768), ("phone", 360, 740), ("small", 320, 640)):
            for theme in ("light", "dark"):
                if size == "small" and theme == "dark":
                    continue
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme, locale="vi-VN"
                )
                tab = context.new_page()
                _listen(tab, faults)
                for name in only or PAGES:
                    tab.goto(f"http://127.0.0.1:{server.port}/{name}", wait_until="load")
                    tab.wait_for_timeout(150)
                    if size == "small":
                        tab.evaluate("document.documentElement.dataset.size = '3'")
                    wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        faults.append(f"{tab.url} at {width} px scrolls sideways by {wide} px")
                    tab.screenshot(path=str(folder / f"{name}-{size}-{theme}.png"), full_page=size != "desk")
                context.close()
        browser.close()
    server.shutdown()
    expected = [f for f in faults if "status of 404" not in f and "status of 503" not in f]
    print("\n".join(expected) or "no console message, no sideways scroll")
    return 1 if expected else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["shots"]:
        raise SystemExit(shoot(Path(sys.argv[2]), sys.argv[3:]))
    make_app().run(port=8099, debug=False)
