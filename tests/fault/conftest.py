"""A server of one's own for each test of faults. `make test` runs the loops shortened, `make fault` whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.served import Client, Served, serving


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """The application on SQLite and on PostgreSQL in turn."""
    with serving(tmp_path / "instance", database_url) as running:
        yield running


@pytest.fixture
def hasty(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    """The application on SQLite, whose writers wait for each other half a second only."""
    with serving(tmp_path / "instance", sqlite_url, waits=0.5) as running:
        yield running


@pytest.fixture
def chi(served: Served) -> Client:
    return served.client().sign_in()
