"""Migrations: the code and the tables agree, a filled database keeps every row, and one that loses rows is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Engine, inspect, text

from tdteam.store import migrate
from tdteam.store.base import metadata
from tdteam.store.engine import is_sqlite, make_engine
from tests import postgres

PARENTS = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{revision}", {down}, None, None

def upgrade():
{body}

def downgrade():
    pass
"""
FIRST = """
    op.create_table("parent", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))
    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", ondelete="CASCADE", name="fk_child"), nullable=False),
    )
"""
ALTER_THE_PARENT = """
    with op.batch_alter_table("parent") as batch:
        batch.alter_column("name", existing_type=sa.String(), nullable=False)
"""
LOSE_ROWS = """
    op.execute("DELETE FROM child WHERE id = 2")
"""
BREAK_KEYS = """
    op.execute("UPDATE child SET parent_id = 99 WHERE id = 2")
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with no tables at all."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    url = postgres.fresh_database(postgres.server().url("template1"))
    yield url
    postgres.drop_database(url)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A migrations folder of our own: parent and child in the first step; a test writes the second."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "script.py.mako").write_text("")
    (folder / "env.py").write_text((migrate.FOLDER / "env.py").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(migrate, "FOLDER", folder)
    write_step(folder, "0001", None, FIRST)
    yield folder


def write_step(folder: Path, revision: str, down: str | None, body: str) -> None:
    said = PARENTS.format(revision=revision, down=repr(down), body=body)
    (folder / "versions" / f"{revision}.py").write_text(said, "utf-8")


def fill(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO parent (id, name) VALUES (1, 'a'), (2, 'b')"))
        connection.execute(text("INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1), (3, 2)"))
    engine.dispose()


def look(url: str) -> tuple[str | None, int, int]:
    """Revision, parents, children."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            counts = migrate.counts(connection)
            return (
                MigrationContext.configure(connection).get_current_revision(),
                counts["parent"],
                counts["child"],
            )
    finally:
        engine.dispose()


def test_a_fresh_database_comes_to_the_newest_revision_once(empty_url: str) -> None:
    backups: list[int] = []
    assert migrate.upgrade(empty_url, before=lambda: backups.append(1))
    assert not migrate.upgrade(empty_url, before=lambda: backups.append(1))
    assert backups == []  # an empty database needs none
    engine = make_engine(empty_url)
    assert migrate.current(engine) == migrate.newest()
    engine.dispose()


def test_tables_and_code_agree(database_url: str, engine: Engine) -> None:
    """What `alembic check` looks at, and the CHECKs it does not see."""
    with make_engine(database_url, foreign_keys=False).begin() as connection:
        command.check(migrate.config(connection))
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata},
        )
        assert compare_metadata(context, metadata) == []
        kept = inspect(connection)
        for table in metadata.sorted_tables:
            ours = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
            theirs = {str(one["name"]) for one in kept.get_check_constraints(table.name)}
            assert theirs == ours, table.name


def test_every_constraint_has_a_name(database_url: str, engine: Engine) -> None:
    """Unnamed ones are lost when a batch recreates a table."""
    with engine.connect() as connection:
        kept = inspect(connection)
        for name in kept.get_table_names():
            if name != "alembic_version":
                found = [
                    *kept.get_foreign_keys(name),
                    *kept.get_unique_constraints(name),
                    *kept.get_check_constraints(name),
                ]
                assert [one for one in found if not one["name"]] == [], name


def test_down_and_up_again_leaves_the_same_tables(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    engine = make_engine(empty_url, foreign_keys=False)
    with engine.begin() as connection:
        before = sorted(inspect(connection).get_table_names())
        command.downgrade(migrate.config(connection), "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert migrate.upgrade(empty_url)
    with engine.begin() as connection:
        assert sorted(inspect(connection).get_table_names()) == before
        command.check(migrate.config(connection))
    engine.dispose()


def test_a_filled_database_keeps_every_row(empty_url: str, steps: Path) -> None:
    """The trap: changing a parent's column recreates it, and ON DELETE CASCADE would empty its children."""
    migrate.upgrade(empty_url)
    fill(empty_url)
    write_step(steps, "0002", "0001", ALTER_THE_PARENT)
    backups: list[tuple[str | None, int, int]] = []
    assert migrate.upgrade(empty_url, before=lambda: backups.append(look(empty_url)))
    assert look(empty_url) == ("0002", 2, 3)
    assert backups == [("0001", 2, 3)]  # made before anything changed


def test_the_trap_is_real(tmp_path: Path, steps: Path) -> None:
    """With foreign keys on, the same step does lose the children: the engine's setting is what keeps them."""
    url = f"sqlite:///{tmp_path}/trap.db"
    migrate.upgrade(url)
    fill(url)
    write_step(steps, "0002", "0001", ALTER_THE_PARENT)
    engine = make_engine(url, foreign_keys=True)
    with engine.execution_options(immediate=True).begin() as connection:
        command.upgrade(migrate.config(connection), "head")
    engine.dispose()
    assert look(url) == ("0002", 2, 0)


def test_a_step_that_loses_rows_is_rolled_back(empty_url: str, steps: Path) -> None:
    migrate.upgrade(empty_url)
    fill(empty_url)
    write_step(steps, "0002", "0001", LOSE_ROWS)
    with pytest.raises(migrate.MigrationFailed, match="rows_lost"):
        migrate.upgrade(empty_url)
    assert look(empty_url) == ("0001", 2, 3)


def test_a_step_that_breaks_foreign_keys_is_rolled_back(tmp_path: Path, steps: Path) -> None:
    url = f"sqlite:///{tmp_path}/keys.db"  # PostgreSQL refuses the statement itself
    migrate.upgrade(url)
    fill(url)
    write_step(steps, "0002", "0001", BREAK_KEYS)
    with pytest.raises(migrate.MigrationFailed, match="foreign_keys"):
        migrate.upgrade(url)
    assert look(url) == ("0001", 2, 3)


def test_no_step_runs_when_the_backup_fails(empty_url: str, steps: Path) -> None:
    migrate.upgrade(empty_url)
    fill(empty_url)
    write_step(steps, "0002", "0001", ALTER_THE_PARENT)

    def full_disk() -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        migrate.upgrade(empty_url, before=full_disk)
    assert look(empty_url) == ("0001", 2, 3)


def test_triggers_of_the_audit_are_there_after_the_last_step(database_url: str, engine: Engine) -> None:
    def names(connection: Connection) -> set[str]:
        if is_sqlite(engine):
            rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        else:
            rows = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        return {row[0] for row in rows}

    with engine.connect() as connection:
        found = names(connection)
    assert {"audit_no_update", "audit_no_delete"} <= found or {
        "audit_no_change",
        "audit_no_truncate",
    } <= found


def test_revisions_stand_in_one_line() -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(migrate.config())
    assert isinstance(migrate.config(), Config)
    assert len(script.get_heads()) == 1
    numbers = [revision.revision for revision in script.walk_revisions()][::-1]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
