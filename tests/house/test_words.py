"""Every word on a screen is in the catalogue, once, whole, and used (CONTRIBUTING.md, rule 4)."""

from __future__ import annotations

import ast
import functools
import unicodedata

import polib
import pytest

from tdteam.web.script_words import said_by
from tests.house import messages
from tests.house.messages import Used
from tests.house.source import ROOT, nothing, ours, text_of, tree_of

# What the field says otherwise (the glossary's "not" column): these never stand in a translation.
UNSAID = (
    *("Chưa tới", "Hộ đã tới", "Độ phủ", "Trả phí qua mạng", "Phòng lừa đảo", "Hẹn làm mức 2", "tổ viên"),
    *("Chép lời nhắc", "mức độ 02"),
)
PHONE = "static/js/phone/"


@functools.cache
def used() -> Used:
    """Everything said under tdteam/, templates/ and by the phone. The desk's scripts are handed theirs by frame.py."""
    found = Used()
    for path in ours(".py", under=("tdteam/",)):
        messages.read_python(tree_of(path), found)
    for path in ours(".html", ".txt", under=("templates/",)):
        messages.read_template(text_of(path), found, path)
    for path in ours(".js", under=(PHONE,)):
        messages.read_script(text_of(path), found)
    return found


@functools.cache
def entries() -> tuple[tuple[str, polib.POEntry], ...]:
    paths = ours(".po", under=("tdteam/translations/vi/",))
    return tuple((path, entry) for path in paths for entry in polib.pofile(str(ROOT / path)))


def known() -> set[str]:
    return {entry.msgid for _, entry in entries()}


def test_every_message_has_its_vietnamese() -> None:
    nothing(messages.missing(used(), known()))


def test_no_message_is_left_over() -> None:
    nothing(messages.unused(used(), known()))


def test_no_message_stands_twice() -> None:
    nothing(messages.twice(entry for _, entry in entries()))


def test_every_translation_is_whole() -> None:
    nothing(
        [f"{path}: {fault}" for path, entry in entries() for fault in messages.entry_faults(entry, used())]
    )


def test_translations_are_composed_and_say_what_the_field_says() -> None:
    texts = [(path, text) for path, entry in entries() for text in messages.sentences(entry)]
    nothing([text for _, text in texts if unicodedata.normalize("NFC", text) != text])
    nothing([(path, word, text) for path, text in texts for word in UNSAID if word.lower() in text.lower()])


def test_scripts_and_pages_agree_on_the_words_of_scripts() -> None:
    """A script asks for its words by key; frame.SCRIPT_WORDS holds the keys."""
    import re

    from tdteam.web.frame import SCRIPT_WORDS

    asked: set[str] = set()
    for path in ours(".js", under=("static/js/",)):
        if path.startswith(PHONE):
            continue
        asked |= set(re.findall(r"""\bt\(\s*["'`](\w+)["'`]""", text_of(path)))
    nothing(sorted(asked - set(SCRIPT_WORDS)), "asked for by a script and not handed over")
    nothing(sorted(set(SCRIPT_WORDS) - asked), "handed over and never asked for")


def test_the_phone_says_its_sentences_where_they_can_be_found() -> None:
    """t() of a script is given a sentence in double quotes, a family (`place:${code}`), or a name that N_ marked."""
    import re

    odd = re.compile(r"\bt\(\s*(?!\"|[\w.]+\s*[,)]|`[^`$]+\$\{\w)")
    nothing(
        [
            f"{path}: {text_of(path)[found.start() : found.start() + 50]!r}"
            for path in ours(".js", under=(PHONE,))
            for found in odd.finditer(text_of(path))
        ]
    )


def test_the_phone_is_handed_every_sentence_it_says() -> None:
    from tdteam.web.assets import Assets
    from tdteam.web.phone import words_of

    handed = words_of(Assets())
    said = said_by([text_of(path) for path in ours(".js", under=(PHONE,))])
    nothing(sorted(said.ids - set(handed)))
    nothing([text for text in handed.values() if "%%" in text])


# The tests can fail.


def test_what_a_script_says_is_found() -> None:
    said = said_by(['x = t("Say \\"yes\\"", {a}); t(`place:${code}`) + N_("Later"); start("No"); t(`whole`)'])
    assert said.ids == {'Say "yes"', "Later"} and said.families == {"place:"}
    assert said.of(["Later", "place:home", "No", "places"]) == ["Later", "place:home"]


def read(code: str = "", template: str = "") -> Used:
    found = Used()
    messages.read_python(ast.parse(code), found)
    messages.read_template(template, found)
    return found


def test_a_message_without_translation_is_seen() -> None:
    assert messages.missing(read('_("Save")'), []) == ["Save"]
    assert messages.missing(read("", '{{ _("Save") }}'), []) == ["Save"]
    assert messages.missing(read("", "{% trans %}Save{% endtrans %}"), []) == ["Save"]
    assert messages.missing(read("", '{{ _("A") if x else _("B") }}{{ _("C" if y else "D") }}'), []) == [
        "A",
        "B",
        "C",
        "D",
    ]
    assert messages.missing(read('ngettext("%(num)d team", "%(num)d teams", n)'), ["%(num)d team"]) == [
        "%(num)d teams"
    ]


def test_a_flaw_without_sentence_is_seen() -> None:
    assert messages.missing(read('Flaw("note", "id_number")'), []) == ["flaw:id_number"]
    assert messages.missing(read('Flaw("note", "a" if x else "b")'), ["flaw:a"]) == ["flaw:b"]


def test_a_left_over_message_is_seen() -> None:
    family = 'gettext(f"flaw:{code}")\nreturned = "late"'
    assert messages.unused(read(family), ["Save", "flaw:late", "flaw:gone"]) == ["Save", "flaw:gone"]
    nested = 'gettext("problem:" + code)\nproblem(f"backup_{error.code}")\nBackupFailed("exists")'
    assert messages.unused(read(nested), ["problem:backup_exists", "problem:backup_gone"]) == [
        "problem:backup_gone"
    ]
    assert messages.unused(read("", '{{ _("role:" ~ code) }}{{ x("chief") }}'), ["role:chief", "role:x"]) == [
        "role:x"
    ]


def test_a_message_in_two_files_is_seen() -> None:
    assert messages.twice([polib.POEntry(msgid="Save"), polib.POEntry(msgid="Save")]) == ["Save"]


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("Save", ""),
        ("%(count)s teams", "teams"),
        ("teams", "%(count)s teams"),
        ("flaw:too_long", "at most %(most)s"),
        ("Share in %", "in %"),
    ],
)
def test_a_broken_translation_is_seen(msgid: str, msgstr: str) -> None:
    code = read('Flaw("note", "too_long", {"limit": 3})')
    assert messages.entry_faults(polib.POEntry(msgid=msgid, msgstr=msgstr), code)


def test_a_good_translation_is_left_alone() -> None:
    code = read('Flaw("note", "too_long", {"limit": 3})')
    for msgid, msgstr in [
        ("flaw:too_long", "at most %(limit)s"),
        ("%(n)s teams", "%(n)s tổ"),
        ("100%%", "100%%"),
    ]:
        assert messages.entry_faults(polib.POEntry(msgid=msgid, msgstr=msgstr), code) == []
