"""Annex I of Decree 30/2020/ND-CP in millimetres and points: the one table that PDF, DOCX and their tests share.

Where the decree gives a range, this is the size of its own sample column. Numbers in comments are its boxes ("o").
"""

from __future__ import annotations

from typing import Final

MM: Final = 72 / 25.4

# Page: A4, top 20-25, bottom 20-25, left 30-35, right 15-20 mm.
A4: Final = (210 * MM, 297 * MM)
TOP: Final = 20 * MM
BOTTOM: Final = 20 * MM
LEFT: Final = 30 * MM
RIGHT: Final = 15 * MM
TEXT_WIDTH: Final = A4[0] - LEFT - RIGHT
LANDSCAPE_WIDTH: Final = A4[1] - LEFT - RIGHT

PAGE_NUMBER: Final = 14.0  # centred in the top margin from page 2
PAGE_NUMBER_DROP: Final = 12.5 * MM  # its base line, from the top edge

COUNTRY: Final = 12.0  # 1, bold capitals
MOTTO: Final = 13.0  # 1, bold; a rule of its own length below
BODY_NAME: Final = 12.0  # 2, capitals; bold for the issuing body, rule of 1/3 to 1/2
BODY_RULE: Final = 0.4
NUMBER: Final = 13.0  # 3
PLACE_DATE: Final = 13.0  # 4, italic
KIND: Final = 14.0  # 5a, bold capitals
ABSTRACT: Final = 14.0  # 5a, bold; rule of 1/3 to 1/2 below
ABSTRACT_RULE: Final = 0.4
SUBJECT: Final = 12.0  # 5b, of a letter, 6 pt under its number
TEXT: Final = 14.0  # 6, justified
INDENT: Final = 12.7 * MM  # 1 or 1.27 cm
GAP: Final = 6.0  # at least 6 pt between paragraphs
LEADING: Final = 18.0  # single (16.1 for Times at 14) to 1.5 lines
SIGNER: Final = 14.0  # 7a, 7b, bold
ADDRESSEE: Final = 14.0  # 9a
COPIES_HEAD: Final = 12.0  # 9b, bold italic, level with the authority line
COPIES: Final = 11.0  # 9b
ANNEX: Final = 14.0  # label and title, bold
REFERENCE: Final = 14.0  # "(Kem theo ...)", italic

SIGNATURE_ROOM: Final = 30 * MM  # blank for the signature, its image or the seal
TABLE: Final = 11.0  # not regulated; offices use 11 to 12
RULE: Final = 0.75  # thickness of drawn rules

# Left and right halves of the letterhead; a commune's name must leave room for the country's at 12 pt (88.4 mm).
HEAD_LEFT: Final = 68 * MM
HEAD_RIGHT: Final = TEXT_WIDTH - HEAD_LEFT
SIGN_LEFT: Final = 80 * MM
SIGN_RIGHT: Final = TEXT_WIDTH - SIGN_LEFT

# The verifying code: a square of ink in the bottom margin, flush with the text's right edge. Office printers leave 5 mm
# white along the edge; the 2 mm below the text are the code's own white rim. Left of it small lines, and at the left the
# demonstration's stamp.
CODE_SIDE: Final = 13 * MM
CODE_BOTTOM: Final = 5 * MM
CODE_GAP: Final = 3 * MM
FOOT: Final = 7.5
FOOT_BASE: Final = 6 * MM
FOOT_LEADING: Final = 9.5
