"""What the look promises whoever writes a page: icons exist, nothing is inline, states have their words."""

from __future__ import annotations

import re

import pytest
from flask import Flask, request
from jinja2 import Environment, nodes
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from tdteam.domain.errors import Flaw
from tdteam.domain.roles import Role
from tdteam.web import frame, words
from tdteam.web.forms.base import Form, flaws_of_form
from tdteam.web.forms.fields import ChipsField, CountField, DayField, options
from tdteam.web.states import STATES
from tests.house.source import ours, text_of

TEMPLATES = ours(".html", under=("templates/",))
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', text_of("static/icons/sprite.svg")))
ICON_ARGUMENT = {"icon": 0, "empty": 0, "post": 2}
ICON_KEYWORDS = {"icon_name", "glyph"}
PARSER = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 - only parses


def icons_named(source: str) -> set[str]:
    """Icons a template names by ui.icon("…"), ui.empty("…"), ui.post(…, "…"), ui.steps([("…", …), …]), icon_name="…",
    glyph="…" or {% set glyph = "…" %}."""
    tree = PARSER.parse(source)
    found = {
        node.node.value
        for node in tree.find_all(nodes.Assign)
        if getattr(node.target, "name", "") == "glyph" and isinstance(node.node, nodes.Const)
    }
    for call in tree.find_all(nodes.Call):
        name = getattr(call.node, "attr", getattr(call.node, "name", ""))
        place = ICON_ARGUMENT.get(name)
        if place is not None and len(call.args) > place and isinstance(call.args[place], nodes.Const):
            found.add(call.args[place].value)
        if name == "steps":
            for step in call.args[0].find_all(nodes.Tuple):
                found |= {one.value for one in step.items[:1] if isinstance(one, nodes.Const)}
        found |= {
            one.value.value
            for one in call.kwargs
            if one.key in ICON_KEYWORDS and isinstance(one.value, nodes.Const)
        }
    return {name for name in found if name}


@pytest.mark.parametrize("path", TEMPLATES)
def test_every_icon_is_in_the_sprite(path: str) -> None:
    assert sorted(icons_named(text_of(path)) - SPRITE) == []


def test_every_state_has_its_glyph_and_a_known_tone() -> None:
    assert sorted({state.icon for state in STATES.values()} - SPRITE) == []
    assert {state.tone for state in STATES.values()} <= {"ok", "info", "wait", "bad", "none"}
    told_apart = [(noun, state.icon, state.word) for (noun, _), state in STATES.items()]
    assert len(set(told_apart)) == len(told_apart)


@pytest.mark.parametrize("path", TEMPLATES)
def test_nothing_is_inline_and_nothing_is_asked_of_others(path: str) -> None:
    """The policy is default-src 'self': such things would only fail later, in the browser."""
    source = text_of(path)
    assert (
        re.findall(r"<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|javascript:|src=[\"']https?:|data:image", source)
        == []
    )
    scripts = re.findall(r"<script\b[^>]*>", source)
    assert [tag for tag in scripts if "src=" not in tag and 'type="application/json"' not in tag] == []


def test_style_sheets_ask_nothing_of_others() -> None:
    for path in ours(".css", under=("static/css/",)):
        assert re.findall(r"@import|url\((?![\"']?\.\./fonts/)", text_of(path)) == [], path


def test_every_role_has_a_name() -> None:
    assert set(frame.ROLES) == {role.value for role in Role}


# Forms.


class HelpRow(PlainForm):
    kind = StringField("Kind", validators=[InputRequired()])


class SampleForm(Form):
    visited_on = DayField("Day")
    people = CountField("People", low=1, high=500)
    place = ChipsField("Place", choices=options([("home", "At home"), ("phone", "By phone")]))
    note = TextAreaField("Note")
    assists = FieldList(FormField(HelpRow), min_entries=1)


@pytest.fixture(scope="module")
def app() -> Flask:
    made = Flask("look")
    made.config.update(SECRET_KEY="look", WTF_CSRF_ENABLED=False)
    words.install(made)
    return made


def sent(app: Flask, **fields: str) -> SampleForm:
    with app.test_request_context(
        "/", method="POST", data={k.replace("__", "-"): v for k, v in fields.items()}
    ):
        form = SampleForm()
        form.validate()
        return form


@pytest.mark.parametrize(
    "typed", ["5/3/2026", "05/03/2026", "5-3-26", "05.03.2026", "05032026", "2026-03-05", " 5 / 3 / 2026 "]
)
def test_a_day_is_read_as_people_write_it(app: Flask, typed: str) -> None:
    form = sent(app, visited_on=typed)
    assert str(form.visited_on.data) == "2026-03-05"
    assert form.visited_on.errors == []


@pytest.mark.parametrize("typed", ["31/02/2026", "13/13/2026", "3/2026", "yesterday", "2026"])
def test_a_day_that_is_none_is_said_and_stays_in_the_box(app: Flask, typed: str) -> None:
    form = sent(app, visited_on=typed)
    assert form.visited_on.data is None
    assert len(form.visited_on.errors) == 1
    assert form.visited_on._value() == typed


@pytest.mark.parametrize(
    ("typed", "read", "flaws"),
    [
        ("12", 12, 0),
        ("1.234", None, 1),
        ("", None, 0),
        ("1.5", None, 1),
        ("1,5", None, 1),
        ("0", None, 1),
        ("-3", None, 1),
    ],
)
def test_a_count_is_a_whole_number_within_its_bounds(
    app: Flask, typed: str, read: int | None, flaws: int
) -> None:
    form = sent(app, people=typed)
    assert len(form.people.errors) == flaws
    if not flaws:
        assert form.people.data == read


def test_a_point_parts_thousands_and_nothing_else(app: Flask) -> None:
    assert sent(app, people="1.234").people.data == 1234
    assert sent(app, people="12.34").people.data is None


def test_nothing_chosen_is_none_and_a_foreign_choice_is_refused(app: Flask) -> None:
    assert not sent(app).place.data
    assert sent(app, place="home").place.errors == []
    assert sent(app, place="moon").place.errors


def test_text_is_stored_composed_and_trimmed_line_by_line(app: Flask) -> None:
    form = sent(app, note="  ho\u0323\u0302  Páo \r\n\r\n thứ  Bảy \n")
    assert form.note.data == "hộ Páo\n\nthứ Bảy"


def test_a_flaw_stands_beside_its_field_or_on_top(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"assists-0-kind": "x"}):
        form = SampleForm()
        form.validate()
        form.put(
            [
                Flaw("note", "a"),
                Flaw("assists.0.kind", "b"),
                Flaw("assists.7.kind", "c"),
                Flaw("nowhere", "d"),
            ]
        )
        assert [str(e) for e in form.note.errors] == ["flaw:a"]
        assert list(flaws_of_form(form)) == [
            (None, "flaw:c"),
            (None, "flaw:d"),
            ("note", "flaw:a"),
            ("assists-0-kind", "flaw:b"),
        ]
        assert form.status == 422


@pytest.mark.parametrize(
    ("pressed", "left"),
    [
        ({"add-assists": "1"}, ["x", "y", None]),
        ({"drop-assists": "0"}, ["y"]),
        ({"drop-assists": "9"}, ["x", "y"]),
    ],
)
def test_rows_come_and_go_without_a_script(
    app: Flask, pressed: dict[str, str], left: list[str | None]
) -> None:
    data = MultiDict({"assists-0-kind": "x", "assists-1-kind": "y", **pressed})
    with app.test_request_context("/", method="POST", data=data):
        form = SampleForm()
        assert form.rows_pressed()
        assert [entry.form.kind.data for entry in form.assists.entries] == left


def test_saving_is_no_row_button(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"assists-0-kind": "x"}):
        assert not SampleForm().rows_pressed()


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"order": "-name"}, "/list?q=pao&village=3&order=-name"),
        ({"village": None}, "/list?q=pao"),
        ({"after": "x"}, "/list?q=pao&village=3&after=x"),
    ],
)
def test_links_of_a_list_keep_its_filters_and_drop_its_cursor(
    app: Flask, changes: dict[str, str], address: str
) -> None:
    if "list" not in app.view_functions:
        app.add_url_rule("/list", "list", lambda: "")
    with app.test_request_context("/list?q=pao&village=3&after=old"):
        assert request.endpoint == "list"
        assert frame.here(**changes) == address
