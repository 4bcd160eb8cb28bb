"""`account add | disable | enable | reset | list`: the first administrator, and help when nobody can sign in."""

from __future__ import annotations

import click

from tdteam.actions import keep_account
from tdteam.actions.keep_account import Slip
from tdteam.actions.sign_in import Caller
from tdteam.cli_base import place_named, session
from tdteam.cli_words import Failed, _, table
from tdteam.config import read_config
from tdteam.domain.accounts import AccountDraft
from tdteam.domain.roles import Role
from tdteam.store import account_lists, accounts, throttle
from tdteam.store.gate import GatedSession
from tdteam.web.formats import moment
from tdteam.web.frame import ROLES


@click.group(help=_("Accounts: add, list, disable, enable, reset."))
def account() -> None:
    """The group of commands about accounts."""


@account.command(help=_("Make an account; its one-time password is printed once."))
@click.argument("username")
@click.option("--name", required=True, help=_("Full name."))
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True, help=_("Role."))
@click.option(
    "--place",
    "places",
    multiple=True,
    required=True,
    help=_("Place: a code in force (02926), a name, or commune/village. May be given several times."),
)
def add(username: str, name: str, role: str, places: tuple[str, ...]) -> None:
    """Make an account."""
    with session(write=True) as opened:
        ids = tuple(place_named(opened, text) for text in places)
        slip = keep_account.create(opened, AccountDraft(username, name, role, ids))
        opened.flush()
        said = _slip_words(slip)
    click.echo(said)


@account.command(help=_("Disable an account; it is signed out everywhere."))
@click.argument("username")
def disable(username: str) -> None:
    """Disable an account."""
    with session(write=True) as opened:
        keep_account.disable(opened, _id_of(opened, username))
    click.echo(_("The account %(username)s is disabled.", username=username))


@account.command(help=_("Enable a disabled account."))
@click.argument("username")
def enable(username: str) -> None:
    """Enable an account."""
    with session(write=True) as opened:
        keep_account.enable(opened, _id_of(opened, username))
    click.echo(_("The account %(username)s can be used again.", username=username))


@account.command(help=_("Draw a new one-time password, and forget failed tries."))
@click.argument("username")
def reset(username: str) -> None:
    """Reset an account's password."""
    with session(write=True) as opened:
        slip = keep_account.reset(opened, _id_of(opened, username))
        caller = Caller("", "", read_config().secret_key)
        throttle.clear(
            opened, [caller.account_key(slip.account.username), caller.code_key(slip.account.username)]
        )
        said = _slip_words(slip)
    click.echo(said)


@account.command("list", help=_("The accounts, with role and places."))
def list_all() -> None:
    """List the accounts."""
    rows = [(_("Sign-in name"), _("Full name"), _("Role"), _("State"), _("Places of this account"))]
    with session() as opened:
        after = None
        while True:
            page = account_lists.list_accounts(opened, after=after, limit=200)
            rows += [
                (
                    line.username,
                    line.name,
                    _(ROLES[line.role]),
                    _(_STATES[line.state]),
                    ", ".join(r.name for r in line.roots),
                )
                for line in page.rows
            ]
            after = page.after
            if after is None:
                break
    click.echo(table(rows))


_STATES = {"active": "In use", "invited": "Invited, not yet used", "disabled": "Disabled"}


def _id_of(opened: GatedSession, username: str) -> int:
    row = accounts.find_by_username(opened, username)
    if row is None or row.id is None:
        raise Failed(_("There is no account called %(username)s.", username=username))
    return row.id


def _slip_words(slip: Slip) -> str:
    rows = [
        (_("Sign-in name"), slip.account.username),
        (_("One-time password"), slip.password),
        (_("Good until"), moment(slip.good_until)),
    ]
    return (
        table(rows) + "\n" + _("It is shown this one time; its owner chooses another at the first sign-in.")
    )
