"""`seal`: from a shell to the issued paper; in production only what was submitted, and never by the one who did."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sqlmodel import select

from tdteam.actions.report_life import take_step
from tdteam.actions.seal_report import seal_figures
from tdteam.domain.periods import Period
from tdteam.domain.report_life import Step
from tdteam.domain.roles import Actor
from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.places import commune_by_code
from tdteam.store.tables import Account, Paper, Sealing
from tests.shell import Run, failed, ready, run, url

__all__ = ["ready", "run"]
SEAL = ("seal", "--commune", "02926", "--period", "2026-10")
ADDRESS = {"TDTEAM_PUBLIC_URL": "https://to.example"}


@pytest.fixture
def office(ready: Run) -> Run:
    """Two officials and two approvers, one of them of another commune."""
    people = (
        ("chi", "official", "02926"),
        ("em", "approver", "02926"),
        ("xa", "approver", "02905"),
    )
    for username, role, place in people:
        made = ready(
            *("account", "add", username, "--name", "Nguyễn Văn Khác", "--role", role, "--place", place)
        )
        assert made.exit_code == 0, made.stderr
    return ready


def submit(tmp_path: Path) -> None:
    engine = make_engine(url(tmp_path))
    with open_session(engine, EVERYWHERE, write=True) as session:
        chi = session.exec(select(Account).where(Account.username == "chi")).one()
        actor = Actor(chi.id, chi.name, chi.role)
        commune = commune_by_code(session, "02926")
        seal_figures(session, commune, Period(2026, 10, 15), actor, address="https://to.example")
        take_step(session, commune, "2026-10", Step.SUBMIT, actor)
        session.commit()
    engine.dispose()


def rows(tmp_path: Path) -> tuple[int, int]:
    engine = make_engine(url(tmp_path))
    with open_session(engine, EVERYWHERE) as session:
        found = len(session.exec(select(Sealing.id)).all()), len(session.exec(select(Paper.id)).all())
    engine.dispose()
    return found


def test_production_signs_what_was_submitted_and_by_another_person(office: Run, tmp_path: Path) -> None:
    failed(office(*SEAL, "--by", "em"), "TDTEAM_PUBLIC_URL")
    failed(office(*SEAL, **ADDRESS), "--by")
    failed(office(*SEAL, "--by", "em", **ADDRESS), "chưa được trình ký")
    assert rows(tmp_path) == (0, 0)
    submit(tmp_path)
    failed(office(*SEAL, "--by", "chi", **ADDRESS), "chi")
    failed(office(*SEAL, "--by", "xa", **ADDRESS), "không có quyền ký")
    failed(office(*SEAL, "--by", "nobody", **ADDRESS), "nobody")
    assert rows(tmp_path) == (1, 0)
    done = office(*SEAL, "--by", "em", **ADDRESS)
    assert done.exit_code == 0, done.stderr
    assert "Xuân Quang" in done.stdout
    assert rows(tmp_path) == (1, 3)
    again = office(*SEAL, "--by", "em", **ADDRESS)
    assert again.exit_code == 0 and "đã phát hành" in again.stdout
    assert rows(tmp_path) == (1, 3)
    assert office("verify-audit").exit_code == 0


def test_what_cannot_be_sealed_is_said_plainly(office: Run) -> None:
    failed(office("seal", "--commune", "00001", "--period", "2026-10", "--by", "em", **ADDRESS), "00001")
    failed(office("seal", "--commune", "02926", "--period", "10/2026", "--by", "em", **ADDRESS), "kỳ|2026")


def test_the_issued_paper_is_what_report_draft_writes(office: Run, tmp_path: Path) -> None:
    submit(tmp_path)
    assert office(*SEAL, "--by", "em", **ADDRESS).exit_code == 0
    target = tmp_path / "paper.pdf"
    assert office("report", "draft", "--commune", "02926", "--period", "2026-10", "-o", target).exit_code == 0
    engine = make_engine(url(tmp_path))
    with open_session(engine, EVERYWHERE) as session:
        assert session.exec(select(Paper.body).where(Paper.form == "pdf")).one() == target.read_bytes()
    engine.dispose()


def test_all_communes_are_brought_to_paper_each_for_itself(office: Run, tmp_path: Path) -> None:
    submit(tmp_path)
    failed(office("seal", "--period", "2026-10", "--by", "em", **ADDRESS), "--all")
    archive = tmp_path / "papers.zip"
    done = office("seal", "--all", "--period", "2026-10", "--by", "em", "--zip", archive, **ADDRESS)
    assert done.exit_code == 1  # one of the six that have villages
    assert "Đã phát hành: 1/6 xã, phường" in done.stdout
    assert "Xã Bảo Thắng: " in done.stderr and "Xã Xuân Quang: " not in done.stderr
    assert rows(tmp_path) == (1, 3)
    with zipfile.ZipFile(archive) as packed:
        assert sorted(packed.namelist()) == [
            "02926-bao-cao-thang-10-2026-xa-xuan-quang.pdf",
            "02926-bao-cao-thang-10-2026-xa-xuan-quang.xlsx",
        ]
    assert office("verify-audit").exit_code == 0
