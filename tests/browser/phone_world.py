"""A phone whose roster a test writes itself, on a day it chooses: what the server would tell is told here."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from playwright.sync_api import Error, Page, Route, expect

from tests.browser.screens import Visitors
from tests.browser.site import ROOT

TODAY = "2026-11-23"
VILLAGE, TEAM, COMMUNE = 900_001, 900_002, 900_003
LATE, DUE, FRESH, POOR, HELPED = (f"01920000-0000-7000-8000-00000000000{n}" for n in range(1, 6))


def data(name: str) -> Any:
    return json.loads((ROOT / "tdteam/data" / f"{name}.json").read_text("utf-8"))


def home(home_id: str, head: str, **more: Any) -> dict[str, Any]:
    blank = {"birth_year": 1980, "people": 4, "adults": 3, "eid2": 3, "poverty": None, "smartphone": True}
    rest = {"phone": None, "consent": None, "note": "", "version": 1, "last_visit": "2026-11-01", "done": []}
    return {
        "id": home_id,
        "village_id": VILLAGE,
        "kind": "household",
        "head": head,
        "reached_year": True,
        **blank,
        **rest,
        **more,
    }


def follow_up(visit: str, household: str, day: str | None, *kinds: tuple[str, str]) -> dict[str, Any]:
    told = [{"kind": kind, "outcome": outcome, "resident_id": None} for kind, outcome in kinds]
    return {"id": visit, "household_id": household, "village_id": VILLAGE, "return_on": day, "assists": told}


def month(period: str, confirmed: Any = None, **figures: int) -> dict[str, Any]:
    reached = {"HOUSEHOLDS_REACHED": {"part": figures.pop("reached", 0), "whole": 5}}
    return {
        "team_id": TEAM,
        "period": period,
        "figures": figures,
        "confirmed": confirmed,
        "shares": reached if figures else {},
    }


def roster(**more: Any) -> dict[str, Any]:
    """A page of GET /sync/roster: five households of one village, two with something promised."""
    return {
        "cursor": "x",
        "more": False,
        "reset": True,
        "server_time": f"{TODAY}T03:00:00+00:00",
        "period": "2026-12",
        "start_day": 15,
        "decisions": [],
        "removed": [],
        "residents": [],
        "visits": [],
        "villages": [{"id": VILLAGE, "name": "Hốc Đá", "commune_id": COMMUNE, "commune": "Xã Xuân Quang"}],
        "teams": [{"id": TEAM, "name": "Tổ CNSCĐ thôn Hốc Đá", "village_ids": [VILLAGE]}],
        "members": [],
        "households": [
            home(LATE, "Lý Thị Mẩy", phone="0912345678"),
            home(DUE, "Vàng Văn Sinh"),
            home(FRESH, "Lò Văn Pâng", reached_year=False, last_visit=None, eid2=1),
            home(POOR, "Sùng Thị Chúng", reached_year=False, last_visit=None, eid2=2, poverty="poor"),
            home(HELPED, "Phàn Tả Mẩy"),
        ],
        "follow_ups": [
            follow_up("v1", LATE, "2026-11-20", ("EID2_ACTIVATE", "in_progress")),
            follow_up("v2", DUE, TODAY),
            follow_up("v3", HELPED, None, ("HEALTH_BOOK", "in_progress")),
        ],
        "filings": [],
        "catalogue": {
            "kinds": data("assist_kinds"),
            "causes": data("causes"),
            "procedures": data("procedures"),
            "attainable": [{"code": "EID2", "name": "Mức 2"}],
            "hash": "x",
        },
        "targets": [],
        "outreach": [],
        "proposals": [],
        "month": [month("2026-12", visits=4, people=9, reached=3)],
        **more,
    }


def phone_with(
    visitors: Visitors, told: dict[str, Any], who: str = "totruong", day: str = TODAY, theme: str = "light"
) -> Page:
    """The phone of somebody with this roster, on this day, at the list of what to do. Nothing it saves is sent."""
    page = visitors(who, "phone", theme, service_workers="block")
    account = page.request.get("/sync/session").json()["account"]
    own = {"id": account["member_id"], "team_id": TEAM, "name": account["name"], "role": account["role"]}
    told = {**told, "server_time": f"{day}T03:00:00+00:00", "members": told["members"] or [own]}

    def answer(route: Route) -> None:
        route.fulfill(json=told)

    def session(route: Route) -> None:
        # The phone believes the server about the day. At a test's end the page may go while it asks.
        with contextlib.suppress(Error):
            said = route.fetch()
            route.fulfill(response=said, json={**said.json(), "server_time": f"{day}T03:00:00+00:00"})

    page.route("**/sync/roster*", answer)
    page.route("**/sync/session", session)
    page.route("**/sync/records", lambda route: route.abort())
    page.clock.set_fixed_time(f"{day}T03:00:00+00:00")
    page.goto("/phone/")
    page.get_by_role("link", name="Để sau").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible()
    return page


def go(page: Page, where: str, title: str) -> None:
    """To a screen of the phone."""
    page.evaluate("(hash) => { location.hash = hash; }", where)
    expect(page.locator("#title")).to_have_text(title)


def in_box(page: Page, work: str, *given: Any) -> Any:
    """Run `async (box, …given) => …` on the open account's box, as another tab would."""
    return page.evaluate(
        f"""async (given) => {{
            const {{openBox}} = await import("/static/js/phone/outbox.js");
            const names = (await indexedDB.databases()).map(({{name}}) => name);
            const id = Number(/^tdteam-(\\d+)$/.exec(names.find((name) => /^tdteam-\\d+$/.test(name)))[1]);
            const box = await openBox({{id, name: "x"}});
            try {{
                return await ({work})(box, ...given);
            }} finally {{
                box.close();
            }}
        }}""",
        list(given),
    )


def bigger(page: Page) -> None:
    """The reader's own letters at 200 %, as the browser's settings make them (style sheets see it in `em` too)."""
    line = page.context.new_cdp_session(page)
    line.send("Page.enable")
    line.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.wait_for_function("() => getComputedStyle(document.documentElement).fontSize === '32px'")
