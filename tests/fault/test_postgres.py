"""PostgreSQL goes away under the application and comes back: the next request works, nobody restarts anything."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.fault.served import LONG, Client, Crowd, Served, Told, check_kept, serving
from tests.fault.test_refusals import check_refusal

pytestmark = pytest.mark.postgres


@pytest.fixture
def served(postgres_template: str, tmp_path: Path) -> Iterator[Served]:
    url = postgres.fresh_database(postgres_template)
    with serving(tmp_path / "instance", url) as running:
        yield running
    postgres.drop_database(url)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_the_next_request_after_a_restart_works(served: Served, chi: Client, how: signal.Signals) -> None:
    told = Told()
    for _ in range(10 if LONG else 1):
        assert told.post(chi, served.seeded.form()) == 302
        postgres.server().stop(how)
        check_refusal(chi.get("/visits/"))
        assert told.post(chi, served.seeded.form()) == 503
        postgres.server().start()
        assert told.post(chi, served.seeded.form()) == 302
        postgres.server().restart(how)
        assert chi.get("/visits/").status == 200
    check_kept(served.url_of_database, told)


@pytest.mark.slow
def test_what_was_acknowledged_outlives_a_crash_of_postgresql(served: Served, chi: Client) -> None:
    told = Told()
    for _ in range(12 if LONG else 1):
        crowd = Crowd(served, chi, told)
        time.sleep(0.5)
        postgres.server().restart(signal.SIGQUIT)
        before = len(told.acknowledged)
        time.sleep(0.5)
        crowd.stop()
        assert told.strange == []
        assert len(told.acknowledged) > before, "the application did not find its way back"
        told.refusals_are_unknown()
        check_kept(served.url_of_database, told)
    print(f"{len(told.acknowledged)} acknowledged, {len(told.unknown)} refused or cut off")
