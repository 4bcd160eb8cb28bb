"""`report draft` and `seal`: a commune's monthly paper from a shell, or those of all communes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import click

from tdteam.actions.draft_report import DRAW
from tdteam.actions.report_life import draw_report
from tdteam.actions.seal_through import Hands, seal_through
from tdteam.actions.step_many import Asked, list_reporting, seal_each_through
from tdteam.cli_base import database, everywhere, place_named, session
from tdteam.cli_words import Failed, _, problem, progress
from tdteam.config import Config, read_config
from tdteam.domain.errors import Conflict, NotAllowed, NotFound, TdteamError
from tdteam.domain.periods import Period
from tdteam.domain.roles import Actor
from tdteam.store import accounts, places, settings
from tdteam.store.area_month import list_issued, list_papers
from tdteam.store.engine import Engine
from tdteam.store.gate import GatedSession, open_session
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
@click.option("--commune", help=_("The commune's code in force today, such as 02926."))
@click.option("--all", "is_all", is_flag=True, help=_("Every commune with villages, one after the other."))
@click.option("--area", help=_("With --all: only the communes of this area, by its name."))
@click.option("--period", required=True, help=_("The period, such as 2026-10."))
@click.option("--by", "username", help=_("Who signs: another account than the one that submitted."))
@click.option(
    "--zip",
    "target",
    type=click.Path(path_type=Path),
    help=_("With --all: put every issued paper into this archive."),
)
def seal(
    commune: str | None,
    is_all: bool,
    area: str | None,
    period: str,
    username: str | None,
    target: Path | None,
) -> None:
    """Bring a report to its issued paper; or those of all communes, each for itself."""
    config = read_config()
    if bool(commune) == is_all:
        raise click.UsageError(_("Name one commune (--commune) or all of them (--all)."))
    if not config.is_demo and not config.public_url:
        raise Failed(problem("address_missing"))
    if is_all:
        seal_all(config, period, username, area, target)
        return
    with session(write=True) as opened:
        place = _commune(opened, commune or "")
        asked = settings.period_named(opened, period)
        try:
            hands = _hands(opened, config, place, username)
            done = seal_through(opened, place, asked, hands, address=config.address, demo=config.is_demo)
        except (NotAllowed, Conflict) as error:
            raise Failed(_why_not(error, username)) from error
        told = {"place": place.name, "period": asked.code, "code": done.code} if done else None
        opened.commit()
    if told is None:
        click.echo(_("This report is issued already; nothing was changed."))
    else:
        click.echo(_("Sealed and issued: %(place)s, %(period)s. Code: %(code)s", **told))


def seal_all(
    config: Config, period: str, username: str | None, area: str | None, target: Path | None
) -> None:
    """Each commune in a transaction of its own; who could not is named with the reason, and the command fails."""
    with session() as opened:
        asked = settings.period_named(opened, period)
        inside = places.get_place(opened, place_named(opened, area)) if area else None
        communes = {place.id or 0: place.name for place in list_reporting(opened, asked, inside)}
        _hands(opened, config, None, username)  # who signs is there at all
    left = []
    with database(config) as (_config, engine), progress(_("Sealing and issuing")) as told:
        took = seal_each_through(
            engine,
            everywhere(),
            [Asked(key) for key in communes],
            asked,
            lambda opened, place: _hands(opened, config, place, username),
            address=config.address,
            demo=config.is_demo,
        )
        for count, one in enumerate(took, 1):
            told(count, len(communes), "")
            if not one.done:
                why = _why_not(Conflict(one.code, **one.params), username)
                left.append(f"{communes[one.commune_id]}: {why}")
        if target:
            _write_papers(engine, asked, list(communes), target)
    click.echo(
        _(
            "Issued: %(done)s of %(all)s communes, %(period)s.",
            done=len(communes) - len(left),
            all=len(communes),
            period=asked.code,
        )
    )
    if left:
        raise Failed(_("Not issued:"), *left)


def _write_papers(engine: Engine, period: Period, communes: list[int], target: Path) -> None:
    try:
        with zipfile.ZipFile(target, "w") as made, open_session(engine, everywhere()) as reading:
            for one in list_issued(reading, communes, [period.code]).values():
                code = reading.get_one(Place, one.commune_id).code or ""
                for paper in list_papers(reading, [one.sealing_id], ("pdf", "xlsx")):
                    made.writestr(f"{code}-{paper.name}" if code else paper.name, paper.body)
    except OSError as error:
        raise Failed(problem("file_unwritable", path=str(target), why=error.strerror or "")) from error


def _why_not(error: TdteamError, username: str | None) -> str:
    match error.code:
        case "four_eyes":
            return problem("four_eyes", username=username or "")
        case "not_allowed":
            return problem("not_approver", username=username or "")
        case "stage":
            return problem("not_submitted")
        case "period_running":
            return problem("period_running", last_day=day(error.params["last_day"]))  # type: ignore[arg-type]
    return problem(error.code)


def _hands(opened: GatedSession, config: Config, place: Place | None, username: str | None) -> Hands:
    """Who writes and who signs: the demonstration's own two, or the account named, where it reaches the place."""
    if config.is_demo:
        writer, signer = (_actor(opened, name) for name in (DEMO_HANDS[0], username or DEMO_HANDS[1]))
        return Hands(writer, signer)
    if not username:
        raise Failed(_("Name who signs: --by USERNAME."))
    seen = _seen(opened, username)
    if place is not None and not accounts.reaches(opened, seen, place.id or 0):
        raise NotAllowed
    return Hands(None, Actor(seen.id, seen.name, seen.role))


def _actor(opened: GatedSession, username: str) -> Actor:
    seen = _seen(opened, username)
    return Actor(seen.id, seen.name, seen.role)


def _seen(opened: GatedSession, username: str) -> accounts.Seen:
    row = accounts.find_by_username(opened, username)
    if row is None or row.disabled_at is not None:
        raise Failed(_("There is no account %(username)s in office.", username=username))
    return accounts.seen_of(opened, row)
