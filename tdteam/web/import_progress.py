"""How far an import is: a small file in the instance folder, written by the request that imports, read by those that
ask. It is a courtesy: where it cannot be written, the import goes on without it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import current_app

from tdteam.actions.check_roster import Told
from tdteam.actions.import_roster import how_far

PAUSE = 0.3  # seconds between two writings
WHOLE = 1000


def _path(upload_id: int) -> Path:
    folder: Path = current_app.config["TDTEAM"].instance / "progress"
    return folder / f"import-{upload_id}.json"


@contextmanager
def telling(upload_id: int) -> Iterator[Told]:
    """Takes what an import tells of its progress; gone again where the import fails."""
    path, last = _path(upload_id), 0.0

    def told(done: int, whole: int, stage: str) -> None:
        nonlocal last
        now = time.monotonic()
        if done < whole and now - last < PAUSE:
            return
        last = now
        said = {
            "done": how_far(done, whole, stage),
            "total": WHOLE,
            "stage": stage,
            "row": done,
            "rows": whole,
        }
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            half = path.with_suffix(".half")
            half.write_text(json.dumps(said), "utf-8")
            half.replace(path)

    try:
        yield told
    except BaseException:
        forget(upload_id)
        raise


def read_progress(upload_id: int) -> dict[str, Any] | None:
    """What was told last; None before anything was."""
    try:
        told: dict[str, Any] = json.loads(_path(upload_id).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told


def forget(upload_id: int) -> None:
    """The import has ended."""
    with suppress(OSError):
        _path(upload_id).unlink(missing_ok=True)
