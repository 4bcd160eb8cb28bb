"""The litany: every route, asked by everybody, answers as the access table and the scopes say.

Signed out · without the power · with it: own, next village, next commune · no such thing · wrong method.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tdteam import create_app
from tdteam.config import Config
from tdteam.domain.roles import Power, holds
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Account
from tdteam.web.access import ACCESS
from tdteam.web.sane import MACHINES
from tests import postgres, quick
from tests.cast import make_cast
from tests.client import CheckingClient
from tests.conftest import ADDRESS, BOTH, SECRET
from tests.web.litany import is_seen, power_of
from tests.web.stage import Stage
from tests.web.things import BAD, Things
from tests.world import World

ASKED = ("GET", "POST")
# What a page that works may say: shown, moved on, or (an empty form was sent) what is wrong with it.
WORKS = {200, 302, 303, 409, 422}
# Endpoints that are held but answer 403 or 404 for a reason of their own, met with the accounts of the cast.
OTHERWISE = {
    "correction_letters.new": {200, 404, 422},  # found once the report is issued
    "attention.set_aside": {404},  # the query names no line of the list
    "quality.set_aside": {404},
    "two_step.picture": {404},  # no second step is being set up
    "area_month.paper": {200, 404},  # whether the commune's report is issued is not this test's affair
    "own_phones.revoke": {404},  # the query names no phone
    "phone_session.now": {401},  # who asks is nobody
    "phone_session.enrol": {400},  # an empty body is no JSON
    "phone_session.change_pin": {400},
    "phone_session.leave": {400},
    "offer.index": {400},
    "sync.records": {400},
}


@pytest.fixture(scope="module", params=BOTH)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One world an engine for the whole litany; what is changed by an answer was made for it."""
    folder = tmp_path_factory.mktemp("litany")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "tdteam.db")
        url = f"sqlite:///{folder}/tdteam.db"
    else:
        url = postgres.fresh_database(request.getfixturevalue("postgres_template"))
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE, write=True) as building:
        building.expire_on_commit = False
        cast = make_cast(World(building))
        building.commit()
    app = create_app(Config(folder, url, SECRET, mode="production", public_url=ADDRESS))
    app.testing, app.test_client_class = True, CheckingClient
    app.jinja_env.bytecode_cache = quick.COMPILED
    yield Stage(app, engine, cast, folder)
    app.extensions["tdteam_engine"].dispose()
    engine.dispose()
    if request.param != "sqlite":
        postgres.drop_database(url)


def rules(app: Flask, endpoint: str) -> list[Rule]:
    return list(app.url_map.iter_rules(endpoint))


def path_of(app: Flask, rule: Rule, values: dict[str, object]) -> str | None:
    """The address, or None where the route's own converter takes no such value (then there is no address to ask)."""
    with app.test_request_context():
        built = rule.build(values)
    return built[1] if built else None


def methods(rule: Rule) -> list[str]:
    return [method for method in ASKED if method in (rule.methods or ())]


def ask(client: CheckingClient, method: str, path: str) -> int:
    return client.open(path, method=method).status_code


def people(stage: Stage, power: Power) -> tuple[list[Account], list[Account]]:
    """Who holds a power, and who does not."""
    held = [account for account in stage.cast.everybody if holds(account.role, power)]
    return held, [account for account in stage.cast.everybody if account not in held]


@pytest.mark.parametrize("endpoint", sorted(ACCESS))
def test_every_route_answers_as_the_access_table_says(stage: Stage, endpoint: str) -> None:
    faults: list[str] = []
    for rule in rules(stage.app, endpoint):
        faults += wrong_methods(stage, rule)
        faults += strangers(stage, rule)
        if ACCESS[endpoint] is not Power.PUBLIC:
            faults += holders(stage, rule)
    assert faults == []


def some_path(stage: Stage, rule: Rule) -> str:
    things = Things(stage, stage.cast.village, rule.endpoint)
    path = path_of(stage.app, rule, {name: things[name] for name in rule.arguments})
    assert path, rule
    return path


def wrong_methods(stage: Stage, rule: Rule) -> list[str]:
    path = some_path(stage, rule)
    client = stage.client(stage.cast.hai)
    refused = [method for method in ("GET", "POST", "PUT", "DELETE") if method not in (rule.methods or ())]
    return [
        f"{method} {rule.rule}: {status} where 405 was due"
        for method in refused
        if (status := ask(client, method, path)) != 405
    ]


def strangers(stage: Stage, rule: Rule) -> list[str]:
    """Nobody, and those without the power."""
    path = some_path(stage, rule)
    power = ACCESS[rule.endpoint]
    out = []
    for method in methods(rule):
        page = stage.client(None).open(path, method=method)
        machine = stage.client(None).open(path, method=method, headers={"Accept": "application/json"})
        if power is Power.PUBLIC:
            if method == "GET" and page.status_code not in OTHERWISE.get(rule.endpoint, {200, 302}):
                out.append(f"GET {rule.rule}: {page.status_code} for everybody")
            continue
        is_machines = path.startswith(MACHINES)
        if not is_machines and (page.status_code != 302 or not str(page.location).startswith("/sign-in")):
            out.append(f"{method} {rule.rule}: {page.status_code} signed out")
        if machine.status_code != 401 or (machine.json or {}).get("error") != "signed_out":
            out.append(f"{method} {rule.rule}: {machine.status_code} for a machine signed out")
        for account in people(stage, power_of(rule.endpoint, method))[1]:
            status = ask(stage.client(account), method, path)
            if status != 403:
                out.append(f"{method} {rule.rule}: {status} for {account.username}, who lacks the power")
    return out


def holders(stage: Stage, rule: Rule) -> list[str]:
    """Those with the power: their own works, what lies outside is not found, nor is what nothing has."""
    out = []
    for method in methods(rule):
        for account in people(stage, power_of(rule.endpoint, method))[0]:
            for position, hamlet in stage.positions(account).items():
                things = Things(stage, hamlet, rule.endpoint)
                values = {name: things[name] for name in rule.arguments}
                path = path_of(stage.app, rule, values)
                assert path
                client = stage.client(account)
                status = ask(client, method, path)
                seen = is_seen(stage, rule.endpoint, set(rule.arguments), account, hamlet, method)
                due = OTHERWISE.get(rule.endpoint, WORKS) if seen else {404}
                if status not in due:
                    out.append(
                        f"{method} {rule.rule}: {status} for {account.username}, {position}, where {sorted(due)} was due"
                    )
                if position == "own" and seen:
                    out += bad_ids(stage, rule, method, account, values)
                if not rule.arguments:
                    break
    return out


def bad_ids(stage: Stage, rule: Rule, method: str, account: Account, values: dict[str, object]) -> list[str]:
    out = []
    for name in rule.arguments:
        for bad in BAD[name]:
            path = path_of(stage.app, rule, {**values, name: bad})
            status = ask(stage.client(account), method, path) if path else 404
            if status != 404:
                out.append(f"{method} {path}: {status} for {account.username} where nothing is")
    return out


def test_a_route_with_a_new_argument_is_told_what_to_do(stage: Stage) -> None:
    with pytest.raises(AssertionError, match="MAKERS has no line for <novelty_id>"):
        _ = Things(stage, stage.cast.village, "novelties.show")["novelty_id"]


def test_a_route_outside_the_table_does_not_answer(tmp_path: Path) -> None:
    app = create_app(Config(tmp_path, f"sqlite:///{tmp_path}/none.db", SECRET))
    app.add_url_rule("/forgotten", "forgotten.index", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 404
