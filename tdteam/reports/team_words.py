"""The words of the papers beside the report (`tdteam/data/*_papers.json`): they are always Vietnamese."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent.parent / "data"
WORDS: dict[str, Any] = {}
for _file in sorted(_FOLDER.glob("*_papers.json")):
    WORDS |= json.loads(_file.read_text("utf-8"))


def say(key: str, **values: object) -> str:
    """A word or sentence, its places filled. KeyError for one that is not there."""
    return str(WORDS[key]).format(**values) if values else str(WORDS[key])
