"""Names and sizes of files, letters that do not belong in code, and addresses that do not belong in a repository."""

from __future__ import annotations

import ast
import html
import re
import unicodedata
from pathlib import PurePosixPath

import pytest

from tests.house.source import GENERATED, nothing, ours, text_of, tracked

MOST_LINES = 300
# path -> (most lines, why it may be longer). Anything that drops under the limit leaves the list.
LONGER: dict[str, tuple[int, str]] = {
    "tdteam/reports/wording.py": (575, "the fixed legal wording of all papers, sentence by sentence"),
}

MIGRATION = "tdteam/migrations/versions/"  # written by a tool from the tables, and never changed after

NOWHERE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "services",
    "misc",
}

# Files that may hold Vietnamese letters, and why.
VIETNAMESE = {
    "tdteam/reports/wording.py": "the fixed legal wording of papers",
    "tdteam/reports/span_words.py": "the same, of reports over other days than a month",
    "tdteam/domain/vietnamese.py": "the letter tables of folding and sorting",
    "tdteam/domain/legacy_text.py": "the letter tables of TCVN3 and VNI",
    "static/js/phone/fold.js": "the letter tables of folding, on the phone",
    "static/js/phone/privacy.js": "the words beside numbers that may not be kept, as in domain/privacy.py",
}
CODE = (".py", ".html", ".js")
SCREENED = ("tdteam/", "templates/", "static/")

# Split, so that this file passes its own test.
FOREIGN = [
    *("pypi" + ".org", "python" + "hosted", "npm" + "js.org", "deb." + "debian.org", "pypi" + ".python"),
    *("/wo" + "rk/", "/opt/" + "pypi", "/ro" + "ot/", "/home" + "/", "C:\\" + "Users", "index" + "-url"),
]
BINARY = (
    ".xlsx",
    ".xls",
    ".ods",
    ".png",
    ".jpg",
    ".woff2",
    ".ttf",
    ".otf",
    ".pdf",
    ".docx",
    ".ico",
    ".db",
    ".gz",
)


def line_count(text: str) -> int:
    return text.count("\n")


def nowhere_name(path: str) -> bool:
    """Whether a file or folder is called something that could hold anything."""
    return bool(NOWHERE_NAMES & {part.split(".")[0] for part in PurePosixPath(path).parts})


def vietnamese_letters(path: str, text: str) -> set[str]:
    """Letters outside ASCII in code, however they are written: as such, escaped, as entities, or decomposed."""
    seen = text
    if path.endswith(".py"):
        seen += "".join(
            node.value
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    elif path.endswith(".js"):
        seen += re.sub(r"\\u\{?([0-9a-fA-F]{4,5})\}?", lambda found: chr(int(found[1], 16)), text)
    else:
        seen += html.unescape(text)
    return {letter for letter in seen if letter > "\x7f" and unicodedata.category(letter)[0] in "LM"}


def foreign_addresses(text: str) -> list[str]:
    return [word for word in FOREIGN if word in text]


def test_no_file_is_called_something_that_could_hold_anything() -> None:
    nothing(
        [
            path
            for path in ours(under=("tdteam/", "tests/", "scripts/", "templates/", "static/js/"))
            if nowhere_name(path)
        ]
    )


def test_files_stay_small() -> None:
    counted = {
        path: line_count(text_of(path))
        for path in ours(".py", ".html", ".js", ".css", ".sh")
        if not path.startswith(MIGRATION)
    }
    allowed = {path: most for path, (most, _) in LONGER.items()}
    too_long = {path: count for path, count in counted.items() if count > allowed.get(path, MOST_LINES)}
    nothing(too_long)
    nothing([path for path in LONGER if counted.get(path, 0) <= MOST_LINES], "no longer needs its allowance")


def test_no_vietnamese_letter_stands_in_code() -> None:
    found = {
        path: sorted(letters)
        for path in ours(*CODE, under=SCREENED)
        if path not in VIETNAMESE and (letters := vietnamese_letters(path, text_of(path)))
    }
    nothing(found)


def test_the_files_that_may_hold_vietnamese_exist_and_do() -> None:
    present = set(tracked())
    nothing(
        [path for path in VIETNAMESE if path not in present or not vietnamese_letters(path, text_of(path))]
    )


def test_no_registry_and_no_place_on_some_machine_is_named() -> None:
    texts = (path for path in tracked() if not path.endswith(BINARY) and path not in GENERATED)
    nothing({path: found for path in texts if (found := foreign_addresses(text_of(path)))})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "x = 'xã'"),
        ("a.py", "x = '\\u00e3'"),
        ("a.py", "x = 1  # hộ"),
        ("a.html", "<p>h&#7897;"),
        ("a.html", "<p>x&atilde;"),
        ("a.js", 'say("\\u0111")'),
        ("a.js", "say('a\u0309')"),
    ],
)
def test_a_vietnamese_letter_is_seen_in_any_disguise(path: str, text: str) -> None:
    assert vietnamese_letters(path, text)


def test_signs_are_not_letters() -> None:
    assert not vietnamese_letters("a.html", "— · … &#8593; &times; ≥")


def test_bad_names_and_addresses_are_seen() -> None:
    assert nowhere_name("tdteam/web/utils.py")
    assert nowhere_name("tdteam/services/visits.py")
    assert not nowhere_name("tdteam/web/visits.py")
    assert foreign_addresses("pip install --index" + "-url x")
    assert foreign_addresses("cd /wo" + "rk/main")
    assert line_count("a\n" * 301) > MOST_LINES
