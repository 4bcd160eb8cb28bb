"""Reads the tree for the house tests: its files, the imports, names and strings in its Python."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = ("static/vendor/",)
GENERATED = {"constraints.txt"}


@functools.cache
def tracked() -> tuple[str, ...]:
    """Paths of every file that is in the repository or about to be: untracked ones count, ignored ones do not."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return tuple(sorted(path for path in set(listed) if path and (ROOT / path).is_file()))


def ours(*suffixes: str, under: tuple[str, ...] = ("",)) -> list[str]:
    """Tracked paths with one of the suffixes below one of the folders, but what others wrote."""
    return [
        path
        for path in tracked()
        if path.endswith(suffixes or "") and path.startswith(under) and not path.startswith(NOT_OURS)
    ]


@functools.cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@functools.cache
def tree_of(path: str) -> ast.Module:
    return ast.parse(text_of(path), path)


@dataclass(frozen=True)
class Import:
    """One imported module, dotted, and the line that imports it."""

    module: str
    line: int

    @property
    def package(self) -> str:
        return self.module.split(".")[0]


def imports(tree: ast.Module, path: str) -> Iterator[Import]:
    """Every import of a module, also inside functions; `from a import b` gives both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path)
            yield Import(base, node.lineno)
            yield from (Import(f"{base}.{name.name}", node.lineno) for name in node.names)


def _absolute(node: ast.ImportFrom, path: str) -> str:
    if not node.level:
        return node.module or ""
    parents = path.removesuffix(".py").split("/")[: -node.level]
    return ".".join([*parents, *([node.module] if node.module else [])])


def nothing(found: Iterable[object], why: str = "") -> None:
    """Fails with one line a find, unshortened."""
    lines = (
        [f"{key}: {value}" for key, value in found.items()]
        if isinstance(found, dict)
        else list(map(str, found))
    )
    assert not lines, "\n".join([why, *lines])
