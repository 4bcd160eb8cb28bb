"""A small world for the rules of drafts: two villages, a team that serves one of them, a household, a filing."""

from __future__ import annotations

from datetime import date

from tdteam.domain.catalogue import Catalogue, Cause, Kind, Procedure
from tdteam.domain.facts import Facts, KnownFiling, Span

TODAY = date(2026, 11, 23)
DAY = date(2026, 11, 20)
HOME = "01920000-0000-7000-8000-000000000001"
AWAY = "01920000-0000-7000-8000-000000000002"
MAY = "01920000-0000-7000-8000-000000000003"
FILING = "01920000-0000-7000-8000-000000000004"
CATALOGUE = Catalogue(
    kinds={
        "EID2_REFER": Kind("EID2_REFER", "Refer", "", "government", {"referred": "Yes", "not_done": "No"}),
        "EID2_ACTIVATE": Kind(
            "EID2_ACTIVATE", "Activate", "", "government", {"done": "Y", "in_progress": "?", "not_done": "N"}
        ),
        "FILING_SUBMIT": Kind("FILING_SUBMIT", "File", "", "government", {"done": "Y", "not_done": "N"}),
        "FILING_TRACK": Kind("FILING_TRACK", "Track", "", "government", {"done": "Y", "not_done": "N"}),
        "SAFETY": Kind("SAFETY", "Safety", "", "society", {"done": "Y"}),
    },
    causes={"NO_OTP": Cause("NO_OTP", "No OTP")},
    procedures={"BIRTH": Procedure("BIRTH", "Birth")},
)
FACTS = Facts(
    villages=frozenset({1, 2}),
    teams=frozenset({7}),
    serves={(7, 1): (Span(date(2024, 1, 1), None),)},
    members={(7, 31): (Span(date(2025, 1, 1), date(2026, 11, 15)),), (7, 32): (Span(),)},
    households={HOME: 1, AWAY: 2},
    residents={MAY: (HOME, 1)},
    filings={FILING: KnownFiling(FILING, "H38.12.05-261008-0975", 1)},
)
