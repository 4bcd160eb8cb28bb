"""What the documents name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, nothing, ours, text_of

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A word in backquotes is a path of ours when it starts with one of these.
FIRST = {
    path.name for path in (ROOT / "tdteam").iterdir() if path.is_dir() and path.name != "__pycache__"
} | {*("docs", "tdteam", "tests", "templates", "static", "scripts", ".ci")}
SUFFIXES = {"py", "md", "html", "js", "css", "po", "json", "sh", "txt", "toml", "sql", "xlsx"}
SHAPE = re.compile(r"[\w.*-]+(/[\w.*-]*)+")


def exists(path: str, root: Path = ROOT) -> bool:
    """Whether a path, stem or pattern as documents write them is there, from the root or from tdteam/."""
    wanted = path.rstrip("/")
    stem, dot, name = wanted.rpartition(".")
    if dot and name not in SUFFIXES and exists(stem, root):  # a function: store/tallies.apply
        return True
    return any(
        any(base.glob(pattern)) for base in (root, root / "tdteam") for pattern in (wanted, f"{wanted}.*")
    )


def missing(name: str, text: str) -> list[str]:
    """Links and backquoted paths of a document that lead nowhere."""
    out = []
    here = (ROOT / name).parent
    for target in LINK.findall(text):
        if "://" not in target and not target.startswith("mailto:") and not (here / target).exists():
            out.append(f"{name}: link {target}")
    for word in CODE.findall(FENCE.sub("", text)):
        if SHAPE.fullmatch(word) and word.split("/")[0] in FIRST and not exists(word):
            out.append(f"{name}: {word}")
    return out


def make_targets(text: str) -> set[str]:
    return set(re.findall(r"`make ([a-z]+)", text))


def test_documents_name_real_files() -> None:
    nothing([fault for path in ours(".md", under=DOCUMENTS) for fault in missing(path, text_of(path))])


def test_documents_name_real_make_targets() -> None:
    known = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert {
        path: bad for path in ours(".md", under=DOCUMENTS) if (bad := make_targets(text_of(path)) - known)
    } == {}


@pytest.mark.parametrize(
    "text",
    [
        "see `tdteam/gone.py`",
        "`store/gate.html`",
        "`store/gone.apply`",
        "in `store/gone`",
        "[a](docs/gone.md)",
        "`tests/*/gone*`",
    ],
)
def test_a_path_that_leads_nowhere_is_seen(text: str) -> None:
    assert missing("README.md", text)


@pytest.mark.parametrize(
    "text",
    [
        "`tdteam/domain/errors.py`",
        "`store/gate`",
        "`store/gate.open_session`",
        "[a](Makefile)",
        "`tests/*/test_files*`",
        "`docs/decisions/0001-….md`",
    ],
)
def test_a_path_that_leads_somewhere_is_left_alone(text: str) -> None:
    assert missing("README.md", text) == []
