"""What the commands share: the configuration, sessions without scope (a shell is the system's own), places by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tdteam.cli_words import Failed, _
from tdteam.config import Config, read_config
from tdteam.domain.roles import Actor, Role
from tdteam.store import account_choices, migrate, settings
from tdteam.store.engine import Engine, make_engine
from tdteam.store.gate import EVERYWHERE, GatedSession, Scope, open_session

SHELL = Actor(None, "shell", Role.ADMIN)


def everywhere() -> Scope:
    """The shell's scope: all of it, named as the shell."""
    return replace(EVERYWHERE, actor=SHELL)


@contextmanager
def database(config: Config | None = None) -> Iterator[tuple[Config, Engine]]:
    """The configuration and an engine whose database stands at this version's revision."""
    read = config or read_config()
    engine = make_engine(read.database_url, key=read.database_key)
    try:
        if migrate.current(engine) != migrate.newest():
            raise Failed(_not_ready())
        yield read, engine
    finally:
        engine.dispose()


@contextmanager
def session(*, write: bool = False, config: Config | None = None) -> Iterator[GatedSession]:
    """A session without scope; committed at its end when it writes. Another start day of periods than the kept one
    stops every command."""
    with database(config) as (read, engine), open_session(engine, everywhere(), write=write) as opened:
        if settings.find_setting(opened, settings.START_DAY) is None:
            raise Failed(_not_ready())
        settings.fix_period_start_day(opened, read.period_start_day)
        yield opened
        if write:
            opened.commit()


def _not_ready() -> str:
    return _("The database is not ready for this version. Run first: python -m tdteam migrate")


def place_named(opened: GatedSession, text: str) -> int:
    """A place by its code in force today ("02926"), its name, or commune and village parted by a slash."""
    outer, _slash, inner = text.partition("/")
    found = account_choices.places_called(opened, outer)
    if inner:
        found = [
            village
            for one in found
            for village in account_choices.places_called(opened, inner, inside_of=one.id)
        ]
    if not found:
        raise Failed(_("There is no place called %(name)s today.", name=text))
    if len({one.id for one in found}) > 1:
        names = "; ".join(f"{one.name} ({', '.join(one.above)})" for one in found)
        raise Failed(
            _(
                "Several places are called %(name)s: %(names)s. Name the commune too: 02926/Name",
                name=text,
                names=names,
            )
        )
    return found[0].id
