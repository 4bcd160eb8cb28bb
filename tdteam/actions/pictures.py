"""Draws a photo anew: turned the right way up, no larger than needed, with nothing in it but the picture.

What a camera writes beside the picture (place, moment, telephone, comments) is left behind, for only pixels are copied.
"""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from tdteam.domain.errors import Flaw, Refused
from tdteam.domain.evidence import LONGEST_SIDE, MOST_PIXELS, SMALL_SIDE, look

QUALITY = 82
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_one_at_a_time = threading.Lock()
"""A picture of 24 megapixels takes up to 200 MB while it is open; four at once would be the machine's end."""


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept: JPEG bytes and their size in pixels."""

    body: bytes
    width: int
    height: int


def redraw(body: bytes) -> Picture:
    """A photo as it is kept. Raises Refused: image_kind (none that can be read), image_pixels (too many)."""
    seen = look(body)
    if seen is None:
        raise Refused([Flaw("", "image_kind")])
    if not seen.fits:
        raise Refused([Flaw("", "image_pixels", {"megapixels": MOST_PIXELS // 1_000_000})])
    with _one_at_a_time:
        return _drawn(body, str(seen.kind), LONGEST_SIDE)


def small(body: bytes) -> bytes:
    """A kept photo in the size of a thumbnail."""
    with _one_at_a_time:
        return _drawn(body, "jpeg", SMALL_SIDE).body


def _drawn(body: bytes, kind: str, side: int) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=(kind.upper(),)) as opened:
                if opened.width * opened.height > MOST_PIXELS:  # a second frame header says another size
                    raise Refused([Flaw("", "image_pixels", {"megapixels": MOST_PIXELS // 1_000_000})])
                return _clean(opened, side)
    except Refused:
        raise
    except Exception as broken:  # decoders of hostile bytes raise nearly anything
        raise Refused([Flaw("", "image_kind")]) from broken


def _clean(opened: Image.Image, side: int) -> Picture:
    opened.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed
    image = ImageOps.exif_transpose(opened)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        see_through = image.convert("RGBA")
        clean.paste(see_through, mask=see_through.getchannel("A"))
    else:
        clean.paste(image.convert("RGB"))
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), clean.width, clean.height)
