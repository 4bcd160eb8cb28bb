"""A storm of seeded nonsense: every route, every role, forms as the pages offer them with some fields made odd."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from werkzeug.routing import Rule

from tdteam.web.sane import IdConverter
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import World

ODD = (
    *("", "0", "-1", "1", "2", "²", "٣", "9" * 9, "9" * 19, "9" * 25, "9" * 5000, "1e9", "NaN", "0x10"),
    *("\0", "a\0b", "\u202eabc", "\u200b", "\ufeff", "\ud7ff", "\U0001f4a9", "A" * 3000, "ế" * 90),
    *("'", '"><script>alert(1)</script>', "{{7*7}}", "%(x)s", "%s%n", "=1+1", "../../etc/passwd", "\r\nX: y"),
    *("0000-00", "2026-13", "2026-11", "9999-12", "0001-01", "1/1/0001", "31/12/9999", "31/02/2026"),
    *(
        "29/2/2023",
        "0/0/0000",
        "null",
        "[]",
        "{}",
        "true",
        "WzEsMl0",
        "W10",
        "e30",
        "WyIxIiwiMiIsIjMiXQ",
        "-",
        "%",
    ),
    *("WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Il0", "WyIyMDI2LTExLTAxIiwiXHUwMDAwIl0", "WyJcdTAwMDAiLCJcdTAwMDAiXQ"),
)
SOUND = ("5/11/2026", "4", "met", "Lý Láo Tả", "2026-11", "yes", "all")
ARGS = (
    *(
        "q",
        "after",
        "before",
        "size",
        "order",
        "village_id",
        "team_id",
        "commune_id",
        "place_id",
        "place",
        "open",
    ),
    *("period", "span", "all", "state", "role", "since", "until", "on", "household_id", "member_id", "kind"),
    *(
        "outcome",
        "contact",
        "procedure",
        "teams",
        "next",
        "self",
        "endpoint",
        "_external",
        "_anchor",
        "_method",
    ),
    *(
        "units",
        "cols",
        "indicator",
        "indicators",
        "level",
        "rows",
        "tie",
        "target",
        "show",
        "silent",
        "of",
        "within",
    ),
    *(
        "rule",
        "commune",
        "from",
        "to",
        "inside",
        "limit",
        "page",
        "missing",
        "gaps",
        "place_id",
        "_scheme",
        "ending",
    ),
    *(
        "account",
        "action",
        "noun",
        "target",
        "decision",
        "joined",
        "ending",
        "team_id",
        "why",
        "values",
        "app",
    ),
)
LEAVING = {
    "sign_in.leave",
    "accounts.leave_everywhere",
    "accounts.disable",
    "accounts.reset",
    "accounts.hand_over",
}
"""What would end the storm's own sessions."""
PLAIN_IDS = ("0", "1", "2", "3", "9999", str(2**31), str(2**63 - 1), str(2**63), "9" * 40, "9" * 5000)


@dataclass
class Offer:
    """A form as a page offers it."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found = here, list[Offer]()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {k: v or "" for k, v in attrs}
        if tag == "form" and have.get("method", "").lower() == "post":
            self.found.append(Offer(have.get("action") or self.here))
        elif not self.found:
            return
        elif tag in ("input", "textarea", "select") and have.get("name") not in (None, "", "csrf_token"):
            self.found[-1].fields.append((have["name"], have.get("value", "")))
            self._select = have["name"] if tag == "select" else ""
        elif tag == "option" and self._select and have.get("value"):
            self.found[-1].fields.append((self._select, have["value"]))


def forms_of(html: str, here: str) -> list[Offer]:
    """The posted forms of a page."""
    reader = _Forms(here)
    reader.feed(html)
    return [
        form
        for form in reader.found
        if not form.action.endswith(("/sign-out", "everywhere", "able", "reset"))
    ]


class Storm:
    """Requests from one seed. `known` are ids of things that exist, so that some requests come through."""

    def __init__(self, client: CheckingClient, cast: Cast, known: list[str], seed: int) -> None:
        self.client, self.cast, self.known = client, cast, known
        self.dice = random.Random(seed)  # noqa: S311 - a seeded storm, not a secret
        self.forms: list[Offer] = []
        every = client.application.url_map.iter_rules()
        self.rules = [
            rule for rule in every if rule.endpoint not in LEAVING and "static" not in rule.endpoint
        ]

    def odd(self) -> str:
        return self.dice.choice((*ODD, *SOUND, *self.known))

    def _address(self, rule: Rule) -> str:
        parts = str(rule.rule)
        for name in sorted(rule.arguments):
            if isinstance(rule._converters[name], IdConverter):
                value = self.dice.choice((*PLAIN_IDS, *(one for one in self.known if one.isdigit())))
            else:
                value = self.dice.choice(
                    (*self.known, "2026-11", "csv", "xlsx", "0000-00", "x", "a\0b", "9" * 30)
                )
            parts = re.sub(rf"<([^<>]*:)?{name}>", lambda _found, value=value: value, parts)
        assert "<" not in parts, "an argument of the route was left unfilled"
        return parts

    def _query(self) -> list[tuple[str, str]]:
        return [(self.dice.choice(ARGS), self.odd()) for _ in range(self.dice.choice((0, 0, 1, 1, 2, 4)))]

    def _body(self, offer: Offer) -> dict[str, list[str]]:
        body: dict[str, list[str]] = {}
        for name, value in offer.fields:
            dice = self.dice.random()
            if dice < 0.08:
                continue
            if dice < 0.25:
                value = self.odd()
            elif not value and dice < 0.6:
                value = self.dice.choice(SOUND)
            kept = body.setdefault(name, [])
            if not kept or self.dice.random() < 0.2:
                kept.insert(self.dice.choice((0, len(kept))), value)
        return body

    def blow(self, count: int) -> Iterator[tuple[str, str, Any, Any]]:
        """(method, address, what was sent, answer) of each request."""
        for turn in range(count):
            if turn % 8 == 0:
                self.client.sign_in(self.dice.choice(self.cast.everybody))
            if self.forms and self.dice.random() < 0.45:
                offer = self.dice.choice(self.forms[-60:])
                method, address, sent = "POST", offer.action, self._body(offer)
            else:
                rule = self.dice.choice(self.rules)
                address = self._address(rule)
                method = self.dice.choice((*("GET",) * 12, "POST", "HEAD", "OPTIONS", "PUT"))
                sent = self._body(Offer("", [(self.dice.choice(ARGS), "") for _ in range(3)]))
            more: dict[str, Any] = {"query_string": self._query()}
            if method == "POST":
                more["data"] = sent
                if self.dice.random() < 0.05:
                    more["data"], more["content_type"] = b'{"a":[{}]}', "application/json"
            answer = self.client.open(address, method=method, **more)
            yield method, address, (more, sent), answer
            if method == "GET" and answer.status_code == 200 and answer.mimetype == "text/html":
                self.forms += forms_of(answer.get_data(as_text=True), answer.request.path)


def furnish(world: World, cast: Cast) -> list[str]:
    """Something of each kind, and the ids to ask for: own and foreign."""
    home, far = cast.village.household("Lý Láo Tả"), cast.next_village.household("Sùng A Chớ")
    person = cast.village.resident(home)
    world.session.commit()
    numbers = (
        *(cast.commune.id, cast.next_commune.id, cast.area.id, cast.village.id, cast.next_village.id),
        *(cast.village.team.id, cast.next_village.team.id, cast.an_member.id, cast.an.id, cast.dung.id),
    )
    return [home.id, far.id, person.id, *map(str, numbers)]
