"""What was just done, with a button that takes it back."""

from __future__ import annotations

from typing import Any, cast

from flask import flash


def toast(words: str, undo: str) -> None:
    """Show `words` on the next page with an undo button that posts to `undo`."""
    message: Any = {"text": words, "undo": undo}
    flash(cast(str, message), "undo")
