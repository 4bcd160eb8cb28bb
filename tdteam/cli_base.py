"""What the commands share: the configuration, sessions without scope (a shell is the system's own), places by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from tdteam.cli_words import Failed, _, problem
from tdteam.config import Config, read_config
from tdteam.domain.roles import Actor, Role
from tdteam.store import account_choices, locks, migrate, settings
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
    with in_use(read):
        engine = make_engine(read.database_url, key=read.database_key)
        try:
            if migrate.current(engine) != migrate.newest():
                raise Failed(_not_ready())
            yield read, engine
        finally:
            engine.dispose()


@contextmanager
def in_use(config: Config) -> Iterator[None]:
    """While this runs no restore begins; while a restore runs this does not."""
    path = config.instance / locks.SERVING
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.held(path, shared=True))
        except locks.InUse:
            raise Failed(_("A backup is being restored here. Wait until it is done.")) from None
        except OSError as error:
            raise Failed(problem("file_unwritable", path=path, why=error.strerror or "")) from error
        yield


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
