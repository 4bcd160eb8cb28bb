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
from flask import Flask
from flask_babel import Babel, get_locale, gettext
from flask_babel import Domain as BabelDomain

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


class PlainDomain(BabelDomain):
    """A gettext domain that reads our PO files."""

    def get_translations(self) -> Any:
        """The catalogue of the request's language."""
        locale = get_locale()
        return catalogue(locale.language if locale else DEFAULT)


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
    app.jinja_env.globals["say_flaw"] = say_flaw
