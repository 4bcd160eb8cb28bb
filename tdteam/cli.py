"""The command line: the same actions from a shell. `python -m tdteam --help` lists them.

Standard output holds results only; words about the work, progress and what went wrong go to standard error.
"""

from __future__ import annotations

import click

from tdteam.actions.set_up import Prepared, set_up
from tdteam.cli_accounts import account
from tdteam.cli_backup import backup, restore
from tdteam.cli_base import database, everywhere, in_use, session
from tdteam.cli_checks import doctor, verify_audit
from tdteam.cli_reports import report, seal
from tdteam.cli_rosters import import_roster
from tdteam.cli_words import Failed, Plain, _, problem, progress, table
from tdteam.config import Config, read_config
from tdteam.domain.accounts import DEMO_PASSWORD
from tdteam.store import accounts
from tdteam.web.frame import ROLES


@click.group(cls=Plain, help=_("tdteam: the tool of the community digital-technology teams."))
def main() -> None:
    """All commands."""


@main.command(help=_("Serve the pages. The database must be ready (migrate), or give --setup."))
@click.option(
    "--setup", is_flag=True, help=_("Make or upgrade the database first; in demonstration mode fill it once.")
)
def serve(setup: bool) -> None:
    """Serve until stopped."""
    config = read_config()
    if setup:
        prepared = _set_up(config)
        if config.is_demo and not prepared.has_teams:
            _demonstrate(config)
    with session(config=config) as opened:
        lines = accounts.list_demo(opened) if config.is_demo else []
    # Imported before the workers are forked, so that they share it; no connection is open by now.
    from tdteam.server import serve as serve_app
    from tdteam.web.app import make_app

    try:
        with in_use(config):
            serve_app(
                lambda: make_app(config),
                config.host,
                config.port,
                announce=lambda address: _announce(address, lines),
            )
    except OSError as error:
        raise Failed(problem("port_taken", port=config.port, why=error.strerror or "")) from error


@main.command(
    help=_("Make or upgrade the database (a filled one is backed up first) and load units and catalogue.")
)
def migrate() -> None:
    """Bring the database to this version."""
    _set_up(read_config())


@main.command(help=_("Fill an empty database with the demonstration district (demonstration mode only)."))
def demo() -> None:
    """Make the demonstration district."""
    config = read_config()
    if not config.is_demo:
        raise Failed(problem("not_demo"))
    if _set_up(config).has_teams:
        raise Failed(
            _("There are teams in this database already; the demonstration never touches such a one.")
        )
    _demonstrate(config)


for command in (account, backup, doctor, import_roster, report, restore, seal, verify_audit):
    main.add_command(command)


def _set_up(config: Config) -> Prepared:
    """Migrate, load, and say what was done (on standard error)."""

    def told(stage: str) -> None:
        if stage == "backup":
            click.echo(_("Backing up before the change…"), err=True)

    with in_use(config):
        done = set_up(config, everywhere(), told=told)
    if done.backup:
        click.echo(_("Backup: %(path)s", path=done.backup.path), err=True)
    if done.migrated:
        click.echo(_("The database stands at revision %(revision)s.", revision=done.revision), err=True)
    else:
        click.echo(_("The database is up to date (revision %(revision)s).", revision=done.revision), err=True)
    if done.units_loaded:
        click.echo(_("Units and catalogue are loaded."), err=True)
    return done


def _demonstrate(config: Config) -> None:
    from tdteam.actions.demonstrate import demonstrate

    with database(config) as (_config, engine), progress(_("Making the demonstration district")) as told:
        demonstrate(engine, config, told, instance=config.instance)


def _announce(address: str, lines: list[accounts.DemoLine]) -> None:
    click.echo(_("tdteam serves at %(address)s (Ctrl+C stops it)", address=address))
    if lines:
        rows = [(_("Sign-in name"), _("Role"), _("Places of this account"))]
        rows += [(line.username, _(ROLES[line.role]), ", ".join(line.places)) for line in lines]
        click.echo()
        click.echo(table(rows))
        click.echo(_("The password of all of them: %(password)s", password=DEMO_PASSWORD))
