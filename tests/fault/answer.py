"""What came back from a server that may have been killed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Answer:
    """What came back: `status`, headers in small letters, the page."""

    status: int
    headers: dict[str, str]
    text: str
