"""`doctor` and `verify-audit`."""

from __future__ import annotations

import json

import click

from tdteam.cli_base import everywhere, session
from tdteam.cli_words import Failed, _
from tdteam.config import read_config
from tdteam.store import audit
from tdteam.store import doctor as doctors
from tdteam.store.proofs import Broken, compare_papers
from tdteam.web.formats import num, size
from tdteam.web.verify import FAULTS


@click.command(
    help=_(
        "Examine the database: sound, at this version, figures equal to a recount, audit chain, photos and scans, space."
    )
)
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON on standard output."))
def doctor(as_json: bool) -> None:
    """Run every check; exit 1 when one fails."""
    config = read_config()
    checks = []
    for check in doctors.examine(
        config.database_url,
        config.database_key,
        config.instance,
        everywhere(),
        start_day=config.period_start_day,
    ):
        checks.append(check)
        if not as_json:
            click.echo(f"{'✓' if check.ok else '✗'} {_words(check)}")
    ok = all(check.ok for check in checks)
    if as_json:
        listed = [{"name": c.name, "ok": c.ok, "code": c.code, "message": _words(c)} for c in checks]
        click.echo(json.dumps({"ok": ok, "checks": listed}, ensure_ascii=False, indent=2))
    if not ok:
        raise Failed(
            _("Something is not well; see the lines marked above.")
            if not as_json
            else _("Something is not well.")
        )


def _words(check: doctors.Check) -> str:
    params = dict(check.params)
    if isinstance(params.get("bytes"), int):
        params["size"] = size(int(str(params["bytes"])))
    if isinstance(params.get("num"), int):
        params["num"] = num(int(str(params["num"])))
    return _(f"check:{check.code}", **params) if params else _(f"check:{check.code}")


@click.command(
    "verify-audit",
    help=_(
        "Walk the audit chain and compare every sealed report with it; names the first entry, and each report, that does not hold."
    ),
)
def verify_audit() -> None:
    """Verify the audit chain, the heads printed on papers, and what is kept of them."""
    config = read_config()
    with session() as opened:
        found = audit.verify(opened)
        papers = compare_papers(opened, config.instance)
    said = [_broken(one) for one in papers.broken]
    if found.first_broken is not None:
        said.insert(0, _("check:chain_broken", id=found.first_broken, num=num(found.held)))
    if said:
        raise Failed(*said)
    click.echo(_("check:chain_holds", num=num(found.held)))
    click.echo(_("Newest hash: %(hash)s", hash=found.head))
    counts = {"seals": papers.seals, "papers": papers.papers, "copies": papers.copies}
    click.echo(_("check:papers_hold", **{name: num(count) for name, count in counts.items()}))


def _broken(one: Broken) -> str:
    fault = _(FAULTS[one.fault]) + (f" ({one.what})" if one.what else "")
    return _("%(code)s, sealing no. %(version)s: %(fault)s", code=one.code, version=one.version, fault=fault)
