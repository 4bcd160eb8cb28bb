"""What both ends agree on letter by letter: canonical JSON, ids, days."""

from __future__ import annotations

import hashlib
import uuid

from tdteam.domain.sync import canonical
from tests.browser.lab import Lab


def test_canonical_json_is_that_of_the_server(lab: Lab) -> None:
    bodies = [
        {"b": 1, "a": [True, None, -0, 9007199254740991], "": "", "é": "ễ", "e\u0301": "\u20ac"},
        {
            "note": 'a"b\\c\n\t\u0001\u007f\u2028/<',
            "emoji": "\U0001f600",
            "\U0001f600": 1,
            "\ufb01": 2,
            "z": {},
            "y": [],
        },
        [],
        "",
        None,
    ]
    told = lab.run(
        "return Promise.all(given.map(async (one) => [f.canon.canonical(one), await f.canon.hashOf(one)]));",
        bodies,
    )
    assert told == [[canonical(one), hashlib.sha256(canonical(one).encode()).hexdigest()] for one in bodies]
    refused = lab.run("""
        const tries = [1.5, NaN, 2 ** 53, "\\ud800", Symbol("x"), { a: [0.1] }];
        return tries.map((one) => { try { f.canon.canonical(one); return "taken"; } catch (error) { return error.name; } });
    """)
    assert refused == ["TypeError"] * 6


def test_ids_are_of_version_7_and_sort_by_time(lab: Lab) -> None:
    ids = lab.run(
        "return [1, 1000, Date.parse('2026-11-20T00:00:00Z'), 2 ** 47].map((at) => f.canon.newId(at));"
    )
    assert ids == sorted(ids)
    assert all(uuid.UUID(one).version == 7 and str(uuid.UUID(one)) == one for one in ids)
    assert int(ids[2].replace("-", "")[:12], 16) == 1_795_132_800_000


def test_days_are_those_of_viet_nam_wherever_the_phone_thinks_it_is(lab: Lab) -> None:
    told = lab.run("""
        const at = (text) => Date.parse(text);
        return [f.clock.dayOf(at("2026-11-20T16:59:59Z")), f.clock.dayOf(at("2026-11-20T17:00:00Z")), f.clock.dayOf(at("2026-11-20T16:59:59Z"), 1000),
            f.clock.stamp(at("2026-12-31T18:30:05Z")), f.clock.measure(1000, 3000, "1970-01-01T00:00:10Z"), f.clock.measure(1, 2, "nonsense")];
    """)
    assert told == ["2026-11-20", "2026-11-21", "2026-11-21", "2027-01-01T01:30:05+07:00", 8000, None]
