"""Every page and file, asked with arguments that name somebody else's things, or nothing at all: it answers, and shows
nobody's name to whom it must not.

Which arguments an endpoint reads is found by watching it read them, so that a new one is asked about by itself.
"""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from tdteam import create_app
from tdteam.config import Config
from tdteam.domain.roles import holds
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.web.access import ACCESS
from tests import quick
from tests.cast import make_cast
from tests.client import CheckingClient
from tests.conftest import ADDRESS, SECRET
from tests.web.fuzzing import LEAVING, ODD
from tests.web.stage import Stage
from tests.web.things import MAKERS, Things
from tests.world import Hamlet, World

# Of the next commune's village and people, whom Chi may not know of; and of the people of An's village, whom nobody
# without names may.
FOREIGN = (
    "Tả Hà 2",
    "Lù Thị Xa",
    "Vàng Văn Giấukín",
    "Sùng A Kínhoang",
    "Sùng Thị Bímật",
    "0977111222",
    "ghichuxa",
)
NAMES = ("Lý Láo Nhàkín", "Lý Thị Bímật", "0977555666", "ghichunha", *FOREIGN[3:])
STRANGE = [
    (name, "x")
    for name in ("endpoint", "values", "ending", "self", "_external", "_scheme", "_anchor", "_method")
]
"""What url_for would take for its own."""
SPANS = (
    "2026-11",
    "2026-10",
    "2026-Q4",
    "2026",
    "year",
    "before",
    "2024-01-01",
    "1945-09-03",
    "village",
    "villages",
)
QUERIES = 1


class Watched(ImmutableMultiDict[str, str]):
    """An address's arguments, which remember what was asked of them."""

    asked: set[str] = set()  # noqa: RUF012 - of the request that runs

    def get(self, key: Any, *more: Any, **named: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: Any, *more: Any, **named: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *more, **named)

    def __getitem__(self, key: Any) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def people(hamlet: Hamlet, head: str, other: str, phone: str, note: str) -> None:
    hamlet.resident(hamlet.household(head, phone=phone, note=note), other)


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("arguments")
    shutil.copy(sqlite_template, folder / "tdteam.db")
    url = f"sqlite:///{folder}/tdteam.db"
    engine = make_engine(url)
    with open_session(engine, EVERYWHERE, write=True) as building:
        building.expire_on_commit = False
        cast = make_cast(World(building))
        people(cast.next_village, *FOREIGN[3:])
        people(cast.village, *NAMES[:4])
        cast.next_village.member(FOREIGN[2])
        building.commit()
    app = create_app(Config(folder, url, SECRET, mode="production", public_url=ADDRESS))
    app.test_client_class = CheckingClient
    app.jinja_env.bytecode_cache = quick.COMPILED
    app.request_class = type("Watching", (app.request_class,), {"parameter_storage_class": Watched})
    yield Stage(app, engine, cast, folder)
    app.extensions["tdteam_engine"].dispose()
    engine.dispose()


def ids_of(stage: Stage, hamlet: Hamlet) -> list[str]:
    """Of one thing of each kind at a position, and of the places around it."""
    things = Things(stage, hamlet, "")
    found = {name: str(things[name]) for name in MAKERS if ":" not in name}
    told = [f"village:{hamlet.id}", f"team:{hamlet.team.id}", f"report:{things.commune_id}:2026-11"]
    told += [f"gathering:{found['gathering_id']}", f"silent_team,team:{hamlet.team.id},2026-11"]
    return [*found.values(), *told, str(hamlet.id), str(things.commune_id), str(hamlet.team.id)]


def letters(body: bytes) -> str:
    """All that can be read in an answer: parts of archives by name and content, texts and properties of papers."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            told = [f"{part.filename} {letters(archive.read(part))}" for part in archive.infolist()]
        return "\n".join(told)
    if body[:5] == b"%PDF-":
        with suppress(PyPdfError):  # the world's own scans are none
            paper = PdfReader(io.BytesIO(body))
            return "\n".join([str(paper.metadata), *(page.extract_text() for page in paper.pages)])
    return body.decode("utf-8", "replace")


def addresses(app: Flask, stage: Stage, rule: Rule) -> str:
    things = Things(stage, stage.cast.village, rule.endpoint)
    with app.test_request_context():
        built = rule.build({name: things[name] for name in rule.arguments})
    assert built
    return built[1]


def test_no_argument_opens_what_is_anothers_or_breaks_a_page(stage: Stage) -> None:
    app, cast = stage.app, stage.cast
    app.config["PROPAGATE_EXCEPTIONS"] = False
    dice = random.Random(20261124)  # noqa: S311 - a seeded storm, not a secret
    foreign, own = ids_of(stage, cast.next_village), ids_of(stage, cast.village)
    asking = ((cast.chi, FOREIGN), (cast.giang, NAMES))
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in ACCESS]
    faults: list[str] = []
    for rule in sorted(rules, key=lambda rule: (rule.endpoint, rule.rule)):
        if "GET" not in (rule.methods or ()) or rule.endpoint in LEAVING:
            continue
        for account, secrets in asking:
            if not holds(account.role, ACCESS[rule.endpoint]):
                continue
            client, path = stage.client(account), addresses(app, stage, rule)
            Watched.asked = set()
            query = STRANGE
            for _ in range(QUERIES + 1):
                answer = client.get(path, query_string=query)
                faults += wrong(f"{account.username} {path} {query}", answer, secrets, query)
                names = sorted(name for name in Watched.asked if isinstance(name, str)) or ["place"]
                values = dice.choice((foreign, foreign, foreign, own, SPANS, ODD))
                query = [(dice.choice(names), dice.choice(values)) for _ in range(dice.choice((1, 2, 4)))]
    assert faults == []


def wrong(what: str, answer: Any, secrets: tuple[str, ...], query: list[tuple[str, str]]) -> list[str]:
    if answer.status_code >= 500:
        return [f"{what}: {answer.status_code}"]
    told = letters(answer.data) + str(answer.headers)
    sent = " ".join(value for _name, value in query)
    return [f"{what}: {secret}" for secret in secrets if secret in told and secret not in sent]
