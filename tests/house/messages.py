"""Collects message ids: those used in Python, templates and scripts, and those of the PO files."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polib
from jinja2 import Environment, nodes

from tdteam.web.script_words import said_by

MARKERS = {"_", "_l", "_n", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "N_"}
PLURALS = {"_n", "ngettext", "lazy_ngettext"}
JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701
SCRIPT_TEXT = re.compile(r"""\"([^"\n]*)\"|'([^'\n]*)'""")
SCRIPT_NAME = re.compile(r"\b(\w+):")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
STRAY_PERCENT = re.compile(r"%(?!\(\w+\)[sd])(?!%)")


@dataclass
class Used:
    """Message ids met in the code, and the starts of those put together at run time ("flaw:")."""

    ids: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    literals: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)
    """Constant beginnings of f-strings anywhere: problem(f"backup_{code}") is "backup_"."""
    flaws: dict[str, list[set[str] | None]] = field(default_factory=dict)
    """Flaw code -> the names of the figures each place gives with it; None where they cannot be read."""

    def uses(self, msgid: str) -> bool:
        """Whether the id is used as it stands, or is of a family and its rest is a word of the code."""
        family = next((start for start in self.families if msgid.startswith(start)), None)
        return msgid in self.ids or (family is not None and self._spells(msgid.removeprefix(family)))

    def _spells(self, word: str) -> bool:
        rests = (word.removeprefix(start) for start in self.starts if word.startswith(start))
        return word in self.literals or any(rest in self.literals for rest in rests)


def read_python(tree: ast.Module, into: Used) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            into.literals.add(node.value)
        elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
            into.starts.add(str(node.values[0].value))
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MARKERS:
                for argument in node.args[: 2 if name in PLURALS else 1]:
                    _read_argument(argument, into)
            elif name == "Flaw":
                _read_flaw(node, into)


def _read_argument(argument: ast.expr, into: Used) -> None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        into.ids.add(argument.value)
    elif isinstance(argument, ast.IfExp):
        _read_argument(argument.body, into)
        _read_argument(argument.orelse, into)
    elif isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        into.families.add(str(argument.values[0].value))
    elif isinstance(argument, ast.BinOp) and isinstance(argument.left, ast.Constant):
        into.families.add(str(argument.left.value))


def _read_flaw(call: ast.Call, into: Used) -> None:
    given = dict(zip(("field", "code", "params"), call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    for code in _literals(given.get("code")):
        into.flaws.setdefault(code, []).append(_keys(given.get("params")))


def _literals(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _keys(node: ast.expr | None) -> set[str] | None:
    if node is None:
        return set()
    if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
        return {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
    return None


def read_template(source: str, into: Used, name: str = "template") -> None:
    tree = JINJA.parse(source, name, name)
    into.literals |= {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name not in MARKERS:
            continue
        for argument in call.args[: 2 if call.node.name in PLURALS else 1]:
            _read_template_argument(argument, into)


def _read_template_argument(argument: nodes.Expr, into: Used) -> None:
    if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
        into.ids.add(argument.value)
    elif isinstance(argument, nodes.CondExpr):
        _read_template_argument(argument.expr1, into)
        if argument.expr2 is not None:
            _read_template_argument(argument.expr2, into)
    elif isinstance(argument, nodes.Concat | nodes.Add):
        first = argument.nodes[0] if isinstance(argument, nodes.Concat) else argument.left
        if isinstance(first, nodes.Const):
            into.families.add(str(first.value))


def read_script(source: str, into: Used) -> None:
    """A script of the phone, which says its sentences itself: t("Saved on this phone")."""
    said = said_by([source])
    into.ids |= said.ids
    into.families |= said.families
    into.literals |= {one or two for one, two in SCRIPT_TEXT.findall(source)} | set(
        SCRIPT_NAME.findall(source)
    )


def missing(used: Used, known: Iterable[str]) -> list[str]:
    """Ids used in the code, flaws among them, that no PO file has."""
    return sorted((used.ids | {f"flaw:{code}" for code in used.flaws}) - set(known) - {""})


def unused(used: Used, known: Iterable[str]) -> list[str]:
    return sorted(msgid for msgid in known if not used.uses(msgid))


def twice(entries: Iterable[polib.POEntry]) -> list[str]:
    return sorted(msgid for msgid, count in Counter(entry.msgid for entry in entries).items() if count > 1)


def sentences(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def entry_faults(entry: polib.POEntry, used: Used) -> list[str]:
    """What is wrong with one translation: empty, unsure, figures lost or invented, a stray percent sign."""
    out = []
    if not all(text.strip() for text in sentences(entry)):
        out.append("empty")
    if entry.fuzzy or entry.obsolete:
        out.append("fuzzy or obsolete")
    ours = set().union(*(PLACEHOLDER.findall(text) for text in sentences(entry)))
    if entry.msgid.startswith("flaw:"):
        given = [keys for keys in used.flaws.get(entry.msgid.removeprefix("flaw:"), []) if keys is not None]
        out += [
            f"%({name})s is not given by the code"
            for name in sorted(ours)
            if any(name not in keys for keys in given)
        ]
    elif ":" not in entry.msgid:
        theirs = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        if ours != theirs:
            out.append(f"figures differ: {sorted(theirs)} and {sorted(ours)}")
    if any(STRAY_PERCENT.search(text.replace("%%", "")) for text in [entry.msgid, *sentences(entry)]):
        out.append("a percent sign that is neither %% nor %(name)s")
    return [f"{entry.msgid!r}: {fault}" for fault in out]
