"""The browser's files: one lasting address a version, squeezed, and nothing but what lies in static/."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from tdteam.web.assets import Assets
from tdteam.web.thin import thin_script, thin_sheet


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "static"
    (root / "css").mkdir(parents=True)
    (root / "fonts/tinos").mkdir(parents=True)
    (root / "css/base.css").write_text("p{color:red}" * 50)
    (root / "fonts/a.woff2").write_bytes(b"wOF2 font")
    (root / "fonts/tinos/Tinos.ttf").write_bytes(b"paper only")
    (tmp_path / "secret.txt").write_text("secret")
    return root


def browser(assets: Assets) -> Client:
    return Client(assets.serve(Response("the app")), Response)


def test_an_address_lasts_a_year_and_changes_with_any_file(tree: Path) -> None:
    first = Assets(tree)
    answer = browser(first).get(first.url("css/base.css"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/css; charset=utf-8"
    (tree / "fonts/a.woff2").write_bytes(b"wOF2 other")
    assert Assets(tree).url("css/base.css") != first.url("css/base.css")


def test_an_address_without_version_is_asked_again(tree: Path) -> None:
    answer = browser(Assets(tree)).get("/static/css/base.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    again = browser(Assets(tree)).get(
        "/static/css/base.css", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_text_is_squeezed_for_browsers_that_take_it(tree: Path) -> None:
    assets = Assets(tree)
    plain = browser(assets).get(assets.url("css/base.css"))
    squeezed = browser(assets).get(assets.url("css/base.css"), headers={"Accept-Encoding": "br;q=0, gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data and len(squeezed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    font = browser(assets).get(assets.url("fonts/a.woff2"), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in font.headers and font.content_type == "font/woff2"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "css/../../secret.txt",
        "css",
        "",
        "fonts/tinos/Tinos.ttf",
        "nothing.js",
    ],
)
def test_nothing_else_is_served(tree: Path, path: str) -> None:
    answer = browser(Assets(tree)).get(f"/static/{path}")
    assert answer.status_code == 404
    assert b"secret" not in answer.data and b"paper" not in answer.data


def test_only_reading_is_answered_and_other_addresses_reach_the_app(tree: Path) -> None:
    assets = Assets(tree)
    assert browser(assets).post("/static/css/base.css").status_code == 405
    assert browser(assets).get("/visits/").data == b"the app"
    head = browser(assets).head("/static/css/base.css")
    assert (head.status_code, head.data) == (200, b"")


def test_a_slip_in_a_template_shows_at_once(tree: Path) -> None:
    with pytest.raises(KeyError, match=r"static/css/bas\.css"):
        Assets(tree).url("css/bas.css")


def test_scripts_go_out_without_comments_and_with_every_line_of_code() -> None:
    written = '// Why.\n\n/** What:\n * a\n */\nexport function f(a) {\n  const url = "http://x"; // stays\n  // goes\n  return a / 2;\n}\n'
    assert thin_script(written) == (
        'export function f(a) {\nconst url = "http://x"; // stays\nreturn a / 2;\n}\n'
    )


def test_a_script_with_a_text_over_several_lines_is_left_alone() -> None:
    written = "const page = `\n  // not a comment\n`;\n  // a comment\n"
    assert thin_script(written) == written
    assert thin_script("const a = `x`; // one line\n  b();\n") == "const a = `x`; // one line\nb();\n"


def test_sheets_go_out_without_comments() -> None:
    assert thin_sheet("/* a\n b */\np {\n  color: red; /* c */\n}\n") == "p {\ncolor: red;\n}\n"
