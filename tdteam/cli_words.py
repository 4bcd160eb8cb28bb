"""The command line's words: the catalogue of the screens, sentences for what can go wrong, progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from tdteam.config import BadConfig
from tdteam.domain.errors import Flaw, Refused, TdteamError
from tdteam.store.backup import BackupFailed
from tdteam.store.engine import Unusable
from tdteam.store.migrate import MigrationFailed
from tdteam.store.restore import RestoreFailed
from tdteam.web.words import DEFAULT, catalogue

Progress = Callable[[int, int, str], None]


def _(message: str, **params: object) -> str:
    """A message in the language of the screens."""
    text: str = catalogue(DEFAULT).gettext(message)
    return text % params if params else text


def say_flaw(flaw: Flaw) -> str:
    """A flaw's sentence."""
    return _(f"flaw:{flaw.code}", **flaw.params)


class Failed(Exception):
    """The command could not do what it was asked; the sentences go to standard error."""

    def __init__(self, *sentences: str, status: int = 1) -> None:
        super().__init__("\n".join(sentences))
        self.status = status


def problem(code: str, **params: object) -> str:
    """The sentence for a code that stopped a command; an unknown code is at least named."""
    key = f"problem:{code}"
    said = catalogue(DEFAULT).gettext(f"problem:{code}")
    if said == key:
        return _("The command stopped (%(code)s). Nothing was changed.", code=code)
    return said % params if params else said


def sentence_of(error: Exception) -> str:
    """What went wrong, in words; another error than those we raise on purpose is raised again."""
    if isinstance(error, Refused):
        return "\n".join(say_flaw(flaw) for flaw in error.flaws)
    if isinstance(error, BackupFailed):
        return problem(f"backup_{error.code}", detail=error.detail)
    if isinstance(error, RestoreFailed):
        return problem(f"restore_{error.code}", detail=error.detail)
    if isinstance(error, TdteamError):
        return problem(error.code, **error.params)
    if isinstance(error, BadConfig | Unusable | MigrationFailed):
        return problem(str(error))
    raise error


EXPECTED = (TdteamError, BadConfig, Unusable, MigrationFailed, BackupFailed, RestoreFailed)


class Plain(click.Group):
    """A group whose failures are one plain sentence on standard error, and whose exit code is 0 only when it is true."""

    def main(self, *args: Any, **extra: Any) -> Any:
        _use_utf8()
        try:
            done = super().main(*args, **{"prog_name": "python -m tdteam", **extra, "standalone_mode": False})
        except click.exceptions.Abort:
            _stop(_("Stopped."), 130)
        except click.UsageError as error:
            _stop(_usage(error), 2)
        except click.ClickException as error:
            _stop(error.format_message(), error.exit_code)
        except Failed as error:
            _stop(str(error), error.status)
        except EXPECTED as error:
            _stop(sentence_of(error), 1)
        sys.exit(done if isinstance(done, int) else 0)


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "python -m tdteam"
    return _("%(what)s\nSee: %(path)s --help", what=_what(error), path=path)


def _what(error: click.UsageError) -> str:
    """Click's own sentences, which speak English, in ours."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return _("%(name)s is missing.", name=_shown(error.param))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _("%(name)s is not right: %(why)s", name=_shown(error.param), why=error.message)
    if isinstance(error, click.NoSuchOption):
        return _("There is no option %(name)s.", name=error.option_name)
    if error.message.startswith("No such command"):
        return _(
            "There is no such command: %(name)s.",
            name=error.message.split("'")[1] if "'" in error.message else "",
        )
    return error.message


def _shown(param: click.Parameter) -> str:
    return param.opts[-1] if isinstance(param, click.Option) else str(param.human_readable_name)


def _stop(sentence: str, status: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(status)


def _use_utf8() -> None:
    """Old consoles say another encoding; better a letter wrong than a command that dies on it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar on standard error for long work; the work calls it with (done, all, message id of the stage)."""
    with click.progressbar(length=1000, label=label, file=sys.stderr, width=30) as bar:
        at = 0

        def told(done: int, whole: int, stage: str = "") -> None:
            nonlocal at
            now = min(1000, 1000 * done // max(1, whole))
            if stage:
                bar.label = _(stage)
            bar.update(max(0, now - at))
            at = max(at, now)

        yield told
        bar.update(1000 - at)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns as wide as their longest cell, two blanks between."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
