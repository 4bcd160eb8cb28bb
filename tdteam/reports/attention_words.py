"""The words of the digest and of the check sheet (`tdteam/data/watch_papers.json`): they are always Vietnamese."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent.parent / "data" / "watch_papers.json"
WORDS: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))


def say(key: str, **values: object) -> str:
    """A word or sentence, its places filled. KeyError for one that is not there."""
    return str(WORDS[key]).format(**values) if values else str(WORDS[key])
