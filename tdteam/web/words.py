"""Words: English message ids, Vietnamese by default. Every `translations/<language>/*.po` is read at start; a second
language is one folder away. Nothing has to be compiled or installed."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_request_context
from flask_babel import Babel, get_locale, gettext
from flask_babel import Domain as BabelDomain
from markupsafe import Markup

from tdteam.domain.errors import Flaw
from tdteam.web.formats import day

FOLDER = Path(__file__).parent.parent / "translations"
DEFAULT = "vi"


class Messages(Translations):
    """One language's messages. Singular and plural are message ids of their own, each with its sentence."""

    def ungettext(self, one: str, many: str, count: int) -> str:
        found: str = self.ugettext(one if count == 1 else many)
        return found


@cache
def catalogue(language: str) -> Messages:
    """All messages of one language."""
    whole = Messages()
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale=language)
        buffer = io.BytesIO()
        write_mo(buffer, messages)
        buffer.seek(0)
        part = Messages(fp=buffer)
        whole = part if not whole._catalog else whole.merge(part)
    return whole


def language() -> str:
    """The language of the running request, asked once: a page says two hundred words."""
    if not has_request_context():
        locale = get_locale()
        return locale.language if locale else DEFAULT
    spoken: str | None = g.get("language")
    if spoken is None:
        locale = get_locale()
        spoken = g.language = locale.language if locale else DEFAULT
    return spoken


_plain: dict[tuple[str, str], Markup] = {}
"""Messages without places to fill, as templates print them: two hundred a page, looked up once a process."""


def say(message: str, **figures: Any) -> Markup:
    """`_()` of templates: the message with its places filled, what fills them escaped. As Jinja's own gettext does,
    which takes ten times as long; a message is a format string even where it has no place (100%% is 100%)."""
    spoken = language()
    said = None if figures else _plain.get((spoken, message))
    if said is None:
        ours = Markup(catalogue(spoken).ugettext(message))  # noqa: S704 - our own words
        said = ours % figures
        if not figures:
            _plain[spoken, message] = said
    return said


class PlainDomain(BabelDomain):
    """A gettext domain that reads our PO files."""

    def get_translations(self) -> Any:
        """The catalogue of the request's language."""
        return catalogue(language())


def say_flaw(flaw: Flaw) -> str:
    """A flaw's sentence: what is wrong and what to do. Days in it are written as people write them."""
    figures = {name: day(value) if isinstance(value, date) else value for name, value in flaw.params.items()}
    message: str = gettext(f"flaw:{flaw.code}", **figures)
    return message


class PlainBabel(Babel):
    """Flask-Babel with that domain (it offers no other way to choose one)."""

    domain_instance = PlainDomain()


def install(app: Flask) -> None:
    """Vietnamese by default, the zone of Viet Nam."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Ho_Chi_Minh")
    PlainBabel(app)
    app.jinja_env.globals.update(_=say, gettext=say, say_flaw=say_flaw)
