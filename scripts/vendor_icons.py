"""Draw static/icons/: one sprite (Lucide icons plus our own state glyphs) and the app's PNG icons.

Only for maintainers, when an icon is added:

    npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
    .venv/bin/python scripts/vendor_icons.py package

Lucide's names are listed in `icons.txt`. Templates show an icon by `ui.icon("name")`; a name that stands neither
there nor in OWN draws nothing, and a test says so.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).resolve().parent.parent / "static" / "icons"

LUCIDE = (Path(__file__).parent / "icons.txt").read_text(encoding="ascii").split()

# State glyphs: ours, filled, so that each is told by its shape at 17 px. `--cut` is the colour behind.
_CUT = 'stroke="var(--cut,var(--surface))"'
_SHEET = "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z"
_SCALLOP = (
    "m12 2.6 2.5 1.9 3.1-.2.9 3 2.6 1.7-1 3 1 3-2.6 1.7-.9 3-3.1-.2-2.5 1.9-2.5-1.9-3.1.2-.9-3-2.6-1.7 1-3-1"
    "-3 2.6-1.7.9-3 3.1.2z"
)
OWN = {
    "mark": '<g stroke="none" fill="currentColor"><path d="M12 1 16.6 5.6 12 10.2 7.4 5.6z"/>'
    '<path d="M12 13.8 16.6 18.4 12 23 7.4 18.4z"/><path d="M5.6 7.4 10.2 12 5.6 16.6 1 12z"/>'
    '<path d="M18.4 7.4 23 12 18.4 16.6 13.8 12z"/></g>',
    "s-doing": '<circle cx="12" cy="12" r="8.6"/>'
    '<path d="M12 3.4a8.6 8.6 0 0 0 0 17.2z" fill="currentColor" stroke="none"/>',
    "s-done": '<circle cx="12" cy="12" r="9.5" fill="currentColor" stroke="none"/>'
    f'<path d="m7.8 12.4 2.9 2.9 5.6-6" {_CUT} stroke-width="2.4"/>',
    "s-zero": '<circle cx="12" cy="12" r="8.6"/><ellipse cx="12" cy="12" rx="2.7" ry="4.2"/>',
    "s-late": '<circle cx="12" cy="12" r="8.6"/><path d="M12 7.2V12l3.2 2"/>',
    "s-silent": '<circle cx="12" cy="12" r="8.6" stroke-dasharray="2.6 3.2"/>',
    "s-void": '<circle cx="12" cy="12" r="8.6"/><path d="m6.2 17.8 11.6-11.6"/>',
    "s-paper": f'<path d="{_SHEET}"/><path d="M9 9h3M9 13h6M9 16.5h6"/>',
    "s-draft": f'<path d="{_SHEET}" stroke-dasharray="3 2.6"/><path d="M9 13h6M9 16.5h4"/>',
    "s-seal": f'<path d="{_SCALLOP}" fill="currentColor" stroke="none"/>'
    f'<path d="m8.3 12 2.6 2.6 4.9-5.2" {_CUT} stroke-width="2.3"/>',
}

# Brocade diamonds on indigo; `inner` is the mark's share of the side (maskable ones may lose a fifth).
_INDIGO, _WHITE = (31, 66, 128, 255), (255, 255, 255, 255)
_DIAMONDS = (
    ((12, 1), (16.6, 5.6), (12, 10.2), (7.4, 5.6)),
    ((12, 13.8), (16.6, 18.4), (12, 23), (7.4, 18.4)),
    ((5.6, 7.4), (10.2, 12), (5.6, 16.6), (1, 12)),
    ((18.4, 7.4), (23, 12), (18.4, 16.6), (13.8, 12)),
)
_PNGS = {"app-192": (192, 0.66, 0.19), "app-512": (512, 0.66, 0.19), "maskable-512": (512, 0.5, 0)}
_PNGS |= {"apple-touch-180": (180, 0.62, 0)}


def lucide_symbol(folder: Path, name: str) -> str:
    """One Lucide file as a <symbol>; the drawing attributes come from the `.i` class that uses it."""
    svg = (folder / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    if inner is None:
        raise SystemExit(f"{name}: not an SVG of Lucide")
    body = re.sub(r"\s*\n\s*", "", inner[1]).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'


def draw_png(name: str, side: int, inner: float, corner: float) -> None:
    """The mark in white on an indigo square; drawn four times larger, then reduced, for smooth edges."""
    big = side * 4
    image = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, big - 1, big - 1), radius=big * corner, fill=_INDIGO)
    scale, start = big * inner / 24, big * (1 - inner) / 2
    for diamond in _DIAMONDS:
        pen.polygon([(start + x * scale, start + y * scale) for x, y in diamond], fill=_WHITE)
    image.resize((side, side), Image.Resampling.LANCZOS).save(HERE / f"{name}.png", optimize=True)


def main(folder: Path) -> None:
    own = [f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>' for name, body in OWN.items()]
    lines = sorted(lucide_symbol(folder, name) for name in LUCIDE) + own
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(lines) + "\n</svg>\n"
    (HERE / "sprite.svg").write_text(text, encoding="utf-8")
    licence = (folder / "LICENSE").read_text(encoding="utf-8")
    (HERE / "LICENSE-lucide.txt").write_text(licence, encoding="utf-8")
    for name, (side, inner, corner) in _PNGS.items():
        draw_png(name, side, inner, corner)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
