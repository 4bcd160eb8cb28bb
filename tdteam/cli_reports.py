"""`report draft` and `seal`: a commune's monthly paper from a shell."""

from __future__ import annotations

from pathlib import Path

import click

from tdteam.actions.draft_report import DRAW
from tdteam.actions.report_life import draw_report
from tdteam.actions.seal_through import Hands, seal_through
from tdteam.cli_base import session
from tdteam.cli_words import Failed, _, problem
from tdteam.config import Config, read_config
from tdteam.domain.errors import Conflict, NotAllowed, NotFound
from tdteam.domain.roles import Actor
from tdteam.store import accounts, places, settings
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Place
from tdteam.web.formats import day, size

DEMO_HANDS = ("canbo", "lanhdao")


def _commune(opened: GatedSession, code: str) -> Place:
    try:
        return places.commune_by_code(opened, code)
    except NotFound:
        raise Failed(_("No commune has the code %(code)s today.", code=code)) from None


@click.group(help=_("Reports."))
def report() -> None:
    """Commands about reports."""


@report.command(help=_("Draw the draft of a commune's monthly report."))
@click.option("--commune", required=True, help=_("The commune's code in force today, such as 02926."))
@click.option("--period", required=True, help=_("The period, such as 2026-10."))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help=_("File to write: .pdf, .docx or .xlsx."),
)
def draft(commune: str, period: str, output: Path) -> None:
    """Draw a draft."""
    ending = output.suffix.lstrip(".").lower()
    if ending not in DRAW:
        raise Failed(_("The file must end in .pdf, .docx or .xlsx."))
    config = read_config()
    with session() as opened:
        place = _commune(opened, commune)
        asked = settings.period_named(opened, period)
        paper = draw_report(opened, place, asked, ending, demo=config.is_demo)
    try:
        output.write_bytes(paper.body)
    except OSError as error:
        raise Failed(problem("file_unwritable", path=str(output), why=error.strerror or "")) from error
    click.echo(_("Written: %(path)s (%(size)s)", path=output, size=size(len(paper.body))))


@click.command(
    help=_(
        "Sign and issue a commune's submitted report; in demonstration mode seal and submit it first. "
        "An issued report is left as it is."
    )
)
@click.option("--commune", required=True, help=_("The commune's code in force today, such as 02926."))
@click.option("--period", required=True, help=_("The period, such as 2026-10."))
@click.option("--by", "username", help=_("Who signs: another account than the one that submitted."))
def seal(commune: str, period: str, username: str | None) -> None:
    """Bring a report to its issued paper."""
    config = read_config()
    if not config.is_demo and not config.public_url:
        raise Failed(problem("address_missing"))
    with session(write=True) as opened:
        place = _commune(opened, commune)
        asked = settings.period_named(opened, period)
        hands = _hands(opened, config, place, username)
        try:
            done = seal_through(opened, place, asked, hands, address=config.address, demo=config.is_demo)
        except NotAllowed as refused:
            code = "four_eyes" if refused.code == "four_eyes" else "not_approver"
            raise Failed(problem(code, username=username or "")) from refused
        except Conflict as clash:
            raise Failed(_why_not(clash)) from clash
        told = {"place": place.name, "period": asked.code, "code": done.code} if done else None
        opened.commit()
    if told is None:
        click.echo(_("This report is issued already; nothing was changed."))
    else:
        click.echo(_("Sealed and issued: %(place)s, %(period)s. Code: %(code)s", **told))


def _why_not(clash: Conflict) -> str:
    if clash.code == "period_running":
        return problem("period_running", last_day=day(clash.params["last_day"]))  # type: ignore[arg-type]
    return problem("not_submitted") if clash.code == "stage" else problem(clash.code)


def _hands(opened: GatedSession, config: Config, place: Place, username: str | None) -> Hands:
    """Who writes and who signs: the demonstration's own two, or the account named."""
    if config.is_demo:
        writer, signer = (_actor(opened, name) for name in (DEMO_HANDS[0], username or DEMO_HANDS[1]))
        return Hands(writer, signer)
    if not username:
        raise Failed(_("Name who signs: --by USERNAME."))
    seen = _seen(opened, username)
    if not accounts.reaches(opened, seen, place.id or 0):
        raise Failed(problem("not_approver", username=username))
    return Hands(None, Actor(seen.id, seen.name, seen.role))


def _actor(opened: GatedSession, username: str) -> Actor:
    seen = _seen(opened, username)
    return Actor(seen.id, seen.name, seen.role)


def _seen(opened: GatedSession, username: str) -> accounts.Seen:
    row = accounts.find_by_username(opened, username)
    if row is None or row.disabled_at is not None:
        raise Failed(_("There is no account %(username)s in office.", username=username))
    return accounts.seen_of(opened, row)
