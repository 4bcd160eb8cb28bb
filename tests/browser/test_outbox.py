"""The phone's box in a real browser: saved is on the disk, numbers have no holes, nothing unsent ever goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.lab import Lab
from tests.browser.lab import lab as make_lab


@pytest.fixture
def lab(browser: Browser) -> Iterator[Lab]:
    with make_lab(browser) as made:
        yield made


def test_a_record_is_saved_when_its_transaction_is_complete_and_not_before(lab: Lab) -> None:
    """A put that succeeds and a transaction that then aborts is a failure: success alone would have said saved."""
    told: list[Any] = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const order = [];
        const real = IDBObjectStore.prototype.put;
        const begin = IDBDatabase.prototype.transaction;
        let asked = null;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
            const tx = begin.call(this, stores, mode, options);
            if (mode === "readwrite") asked = options;
            tx.addEventListener("complete", () => order.push("complete"));
            return tx;
        };
        await box.add(f.visit()).then(() => order.push("saved"));
        IDBObjectStore.prototype.put = function (...given) {
            const request = real.apply(this, given);
            if (this.name === "records") request.addEventListener("success", () => (order.push("success"), this.transaction.abort()));
            return request;
        };
        const failed = await box.add(f.visit(30)).catch((error) => error);
        IDBObjectStore.prototype.put = real;
        return [order, asked, failed.name, failed.why, (await box.counts()).waiting];
    """)
    order, asked, name, why, waiting = told
    assert order[:2] == ["complete", "saved"] and "success" in order[2:]
    assert asked == {"durability": "strict"}
    assert (name, why, waiting) == ("SaveFailed", "closed", 1)


def test_a_full_disk_says_so_and_the_draft_stays(lab: Lab) -> None:
    lab.quota(500_000)  # before the browser first looks at how much it may keep
    why, saved, draft, waiting, photos = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        await box.saveDraft("visit", { note: "half written" });
        const saved = [];
        let why = null;
        while (!why && saved.length < 100) {
            const blob = new Blob([crypto.getRandomValues(new Uint8Array(60000))]);
            const done = await box.add({ ...f.visit(1), photos: [{ blob }], draftKey: "visit" }).catch((error) => error);
            if (done.why) why = done.why;
            else saved.push(done.seq), await box.saveDraft("visit", { note: "half written" });
        }
        return [why, saved, await box.draft("visit"), (await box.counts()).waiting, (await box.photos()).length];
    """)
    assert why == "quota"
    assert saved == list(range(1, len(saved) + 1)) and 0 < len(saved) < 9
    assert draft == {"note": "half written"}
    assert waiting == photos == len(saved)
    lab.quota(50_000_000)
    seq, draft, waiting = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const blob = new Blob([crypto.getRandomValues(new Uint8Array(60000))]);
        const { seq } = await box.add({ ...f.visit(1), photos: [{ blob }], draftKey: "visit" });
        return [seq, await box.draft("visit"), (await box.counts()).waiting];
    """)
    assert (seq, draft, waiting) == (
        len(saved) + 1,
        None,
        len(saved) + 1,
    )  # the failed attempt took no number


def test_on_a_full_disk_photos_the_server_keeps_make_room(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const picture = new Blob([new Uint8Array(1000)]);
        const { id, sha256, photos } = await box.add({ ...f.visit(), photos: [{ blob: picture }] });
        await box.settle([{ id, sha256, state: "accepted" }]);
        await box.markPhotos(photos, "kept");
        const put = IDBObjectStore.prototype.put;
        let full = true;  // one refusal, as from a disk without room
        IDBObjectStore.prototype.put = function (...given) {
            if (this.name === "records" && full) { full = false; throw new DOMException("full", "QuotaExceededError"); }
            return put.apply(this, given);
        };
        const record = await box.add(f.visit(2));
        return [record.seq, (await box.photos()).length, await box.photo(photos[0]), (await box.records()).length];
    """)
    assert told == [2, 0, None, 2]


def test_numbers_have_no_holes_whatever_is_taken_back(lab: Lab) -> None:
    told = lab.run("""
        const clock = new f.Clock();
        const box = await f.outbox.openBox(f.ME, { now: clock.now });
        const [one, two] = [await box.add(f.visit(1)), await box.add(f.visit(2))];
        const undone = await box.undo(one.id);
        const three = await box.add(f.visit(3));
        await box.undo(three.id); await box.undo(two.id);
        const rest = [await box.add(f.visit(4)), await box.add(f.visit(5)), await box.add(f.visit(6))];
        const tabs = await Promise.all([7, 8, 9].map(async (n) => (await f.outbox.openBox(f.ME)).add(f.visit(n))));
        return [undone.body.minutes, three.seq, rest.map((r) => r.seq), tabs.map((r) => r.seq).sort(), two.seq];
    """)
    assert told == [1, 1, [1, 2, 3], [4, 5, 6], 2]


def test_what_was_tried_is_neither_taken_back_nor_changed(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const { id } = await box.add(f.visit(1));
        const changed = await box.replace(id, f.visit(2).body);
        const rehashed = changed.sha256 === (await f.canon.hashOf(changed.body));
        await box.tried([id]);
        const late = [await box.undo(id), await box.replace(id, f.visit(3).body), await box.discard(id)];
        const now = await box.get(id);
        return [rehashed, late, now.body.minutes, now.tries, now.state];
    """)
    assert told == [True, [None, None, False], 2, 1, "waiting"]


def test_undo_takes_its_photo_along_but_not_one_that_another_record_names(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const same = () => [{ blob: new Blob(["the same"]) }];
        const one = await box.add({ ...f.visit(1), photos: [...same(), { blob: new Blob(["its own"]) }] });
        const two = await box.add({ ...f.visit(2), photos: same() });
        await box.undo(one.id);
        const left = (await box.photos()).map((photo) => photo.sha256);
        const bytes = new TextDecoder().decode(await box.photo(two.photos[0]));
        return [left.join() === two.photos.join(), bytes, two.body.photos.join() === two.photos.join(), one.photos.length];
    """)
    assert told == [True, "the same", True, 2]


def test_only_a_receipt_for_id_and_hash_takes_a_record_out(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const all = [];
        for (let n = 1; n <= 7; n += 1) all.push(await box.add(f.visit(n)));
        const [wrong, later, odd, late, held, refused, again] = all;
        const say = (record, more) => ({ id: record.id, sha256: record.sha256, flaws: [], version: 3, ...more });
        const settled = await box.settle([
            say(wrong, { sha256: "0".repeat(64), state: "accepted" }), say(later, { state: "unreceived" }),
            say(odd, { state: "approved" }), say(late, { state: "late" }), say(held, { state: "held" }),
            say(refused, { state: "refused", flaws: [{ field: "minutes", code: "x", message: "M" }] }),
            say(again, { state: "duplicate", was: "refused" }), say({ id: "stranger", sha256: "" }, { state: "accepted" }), null, 4,
        ]);
        const seen = {};
        for (const one of await box.records({ newestFirst: false })) seen[one.body.minutes] = [one.state, one.verdict];
        return [seen, settled.length, (await box.get(refused.id)).flaws[0].message, await box.counts()];
    """)
    seen, settled, message, counts = told
    assert seen == {
        "1": ["waiting", None],
        "2": ["waiting", None],
        "3": ["waiting", None],
        "4": ["received", "late"],
        "5": ["received", "held"],
        "6": ["refused", "refused"],
        "7": ["refused", "refused"],
    }
    assert settled == 4 and message == "M"
    assert (counts["waiting"], counts["refused"]) == (3, 2)


def test_a_refused_record_stays_until_a_person_corrects_sends_again_or_gives_up(lab: Lab) -> None:
    told = lab.run("""
        const clock = new f.Clock();
        const box = await f.outbox.openBox(f.ME, { now: clock.now });
        const ids = [];
        for (const n of [1, 2, 3]) {
            const { id, sha256 } = await box.add(f.visit(n));
            await box.settle([{ id, sha256, state: "refused", flaws: [] }]);
            ids.push(id);
        }
        clock.pass(400 * f.DAY);
        await box.purge();
        const after = (await box.counts()).refused;
        await box.again(ids[0]);
        const corrected = await box.add({ ...f.visit(22), instead: ids[1] });
        await box.discard(ids[2]);
        const left = (await box.records()).map((one) => [one.body.minutes, one.state]);
        return [after, left.sort(), corrected.seq];
    """)
    assert told == [3, [[1, "waiting"], [22, "waiting"]], 4]


def test_received_texts_go_after_45_days_photos_after_14_and_nothing_unsent(lab: Lab) -> None:
    told = lab.run("""
        const clock = new f.Clock();
        const box = await f.outbox.openBox(f.ME, { now: clock.now });
        const add = (n) => box.add({ ...f.visit(n), photos: [{ blob: new Blob([`photo ${n}`]) }] });
        const [sent, half, unsent] = [await add(1), await add(2), await add(3)];
        for (const { id, sha256 } of [sent, half]) await box.settle([{ id, sha256, state: "accepted" }]);
        await box.markPhotos(sent.photos, "kept");
        const look = async (days) => {
            clock.pass(days * f.DAY);
            await box.purge();
            return [(await box.records({ newestFirst: false })).map((one) => one.body.minutes), (await box.photos()).length];
        };
        return [await look(14), await look(1), await look(30), await look(1)];
    """)
    assert told == [
        [[1, 2, 3], 3],
        [[1, 2, 3], 2],  # 15 days: the kept photo
        [[1, 2, 3], 2],  # 45 days
        [[2, 3], 2],  # 46 days: its photo still waits, so the second stays
    ]


def test_another_account_on_the_same_phone_sees_nothing(lab: Lab) -> None:
    told = lab.run("""
        const mine = await f.outbox.openBox(f.ME);
        await mine.add(f.visit());
        await mine.takeRoster({ cursor: "c", households: [{ id: "h", head: "Secret" }] });
        const theirs = await f.outbox.openBox({ ...f.ME, id: 8 });
        const seen = [await theirs.records(), (await theirs.roster()).households.size, (await theirs.add(f.visit(2))).seq];
        await mine.wipeRoster();
        return [...seen, (await mine.roster()).households.size, (await mine.counts()).waiting];
    """)
    assert told == [[], 0, 1, 0, 1]


def test_a_closed_handle_is_opened_again(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        await box.add(f.visit(1));
        box.base.handle.close();  // as the browser does to a page it put away
        const two = await box.add(f.visit(2));
        return [two.seq, (await box.counts()).waiting];
    """)
    assert told == [2, 2]


def test_a_newer_app_in_another_tab_adds_its_stores_and_the_older_goes_on(lab: Lab) -> None:
    lab.run("window.box = await f.outbox.openBox(f.ME); await box.add(f.visit(1));")
    newer = lab.run(
        """
        const more = [...f.outbox.STORES, { plans: { keyPath: "id" } }];
        const base = new f.idb.Base("tdteam-7", more);
        await base.run(["plans"], "readwrite", (tx) => tx.objectStore("plans").put({ id: 1 }));
        const records = await base.run(["records"], "readonly", (tx) => f.idb.got(tx.objectStore("records").count()));
        return [base.handle.version, records];
        """,
        page=lab.tab(),
    )
    assert newer == [2, 1]
    told = lab.run("""
        const closed = box.base.handle === null;
        const { seq } = await box.add(f.visit(2));
        return [closed, seq, box.base.handle.version, [...box.base.handle.objectStoreNames].includes("plans")];
    """)
    assert told == [True, 2, 2, True]


def test_a_tab_in_the_way_of_a_newer_version_is_said_and_got_over(lab: Lab) -> None:
    other = lab.tab()
    other.evaluate("""() => new Promise((resolve) => {
        const request = indexedDB.open("tdteam-9", 1);
        request.onsuccess = () => { window.held = request.result; resolve(); };
    })""")
    lab.run("""
        window.base = new f.idb.Base("tdteam-9", [{}, { settings: {} }]);
        window.why = (await base.open().catch((error) => error)).why;
    """)
    assert lab.run("return window.why") == "blocked"
    other.evaluate("() => window.held.close()")
    assert lab.run("return (await base.open()).version") == 2


def test_every_tab_hears_of_a_change(lab: Lab) -> None:
    other = lab.tab()
    lab.run(
        """
        window.box = await f.outbox.openBox(f.ME);
        await box.records();
        window.heard = new Promise((resolve) => box.onChange(({ stores }) => stores.includes("records") && resolve()));
        """,
        page=other,
    )
    lab.run("await (await f.outbox.openBox(f.ME)).add(f.visit(5));")
    assert lab.run(
        "await heard; return (await box.records()).map((one) => one.body.minutes)", page=other
    ) == [5]


def test_a_listener_that_fails_does_not_make_a_saved_record_look_unsaved(lab: Lab) -> None:
    saved = lab.run("""
        addEventListener("error", (event) => event.preventDefault());
        const box = await f.outbox.openBox(f.ME);
        box.onChange(() => { throw new Error("a screen's fault"); });
        return (await box.add(f.visit())).seq;
    """)
    assert saved == 1
    lab.faults = [fault for fault in lab.faults if "a screen's fault" not in fault]


def test_the_roster_is_taken_page_by_page_and_forgotten_on_reset(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const seen = async () => {
            const { households, byHousehold, visits, villages, cursor, followUps } = await box.roster();
            return [[...households.keys()].sort(), byHousehold.get("h1")?.length ?? 0, visits.length, villages.length, cursor, followUps.length];
        };
        const page = (more) => ({ cursor: "1", more: false, reset: false, households: [], residents: [], visits: [], ...more });
        await box.takeRoster(page({ reset: true, households: [{ id: "h1" }, { id: "h2" }], residents: [{ id: "r", household_id: "h1" }],
            visits: [{ id: "v1" }], villages: [{ id: 12 }], follow_ups: [{ id: "v1" }] }));
        const one = await seen();
        await box.takeRoster(page({ cursor: "2", households: [{ id: "h3" }], visits: [{ id: "v2" }], removed: ["h2", "v1"], follow_ups: [] }));
        const two = await seen();
        await box.takeRoster(page({ cursor: "3", reset: true, households: [{ id: "h9" }] }));
        return [one, two, await seen()];
    """)
    assert told == [
        [["h1", "h2"], 1, 1, 1, "1", 1],
        [["h1", "h3"], 1, 1, 1, "2", 0],
        [["h9"], 0, 0, 0, "3", 0],
    ]


def test_what_the_commune_decided_changes_the_record(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const ids = [];
        for (const state of ["held", "conflict", "accepted"]) {
            const one = await box.add(f.visit(ids.length));
            await box.settle([{ id: one.id, sha256: one.sha256, state, flaws: [] }]);
            ids.push(one);
        }
        const waiting = await box.add(f.visit(9));
        const decide = (one, state, sha256 = one.sha256) => ({ id: one.id, sha256, state, version: 2, flaws: [] });
        await box.takeRoster({ cursor: "c", decisions: [decide(ids[0], "accepted"), decide(ids[1], "refused"),
            decide(ids[2], "refused", "0".repeat(64)), decide(waiting, "accepted")] });
        return Promise.all([...ids, waiting].map(async ({ id }) => { const r = await box.get(id); return [r.state, r.verdict]; }));
    """)
    assert told == [
        ["received", "accepted"],
        ["refused", "refused"],
        ["received", "accepted"],
        ["waiting", None],
    ]


def test_what_waits_lies_over_the_roster(lab: Lab) -> None:
    told = lab.run("""
        const clock = new f.Clock();
        const box = await f.outbox.openBox(f.ME, { now: clock.now });
        await box.takeRoster({ cursor: "c", households: [{ id: "h1", head: "A", people: 4, last_visit: "2026-10-01", reached_year: false, done: [] },
            { id: "h2", head: "B" }], residents: [{ id: "r1", household_id: "h1", attained: [] }] });
        clock.pass(1000);
        const add = (kind, body) => box.add({ kind, body });
        const home = await add("household", { village_id: 12, head: "New", consent: { consent: true, method: "spoken", on: "2026-11-20" } });
        await add("household", { household_id: "h1", base: { people: 4 }, set: { people: 5 } });
        await add("household", { household_id: "h2", base: { ended: null }, set: { ended: { why: "moved", on: "2026-11-20" } } });
        await add("resident", { household_id: home.id, name: "N", attained: [{ indicator: "EID2", on: null, source: "" }] });
        await add("resident", { resident_id: "r1", household_id: "h1", base: {}, set: { "attained.EID2": { on: null, source: "" }, name: "R" } });
        await add("visit", { household_id: "h1", contact: "met", visited_on: "2026-11-20", assists: [{ kind: "HEALTH_BOOK", outcome: "done" }] });
        const wrong = await add("visit", { household_id: home.id, contact: "met", visited_on: "2026-11-20" });
        await add("visit", { voids: wrong.id, village_id: 12, why: "twice" });
        const view = async () => {
            const plain = await box.roster();
            const { households, residents, byHousehold } = f.local.mergedHouseholds(plain, await box.records());
            const { people, reached_year, last_visit, done } = households.get("h1");
            return [[...households.values()].map((one) => one.head).sort(), people, reached_year, last_visit, done, residents.get("r1").attained,
                byHousehold.get(home.id)?.map((one) => one.attained[0]) ?? null, households.get(home.id)?.reached_year ?? null, plain.households.get("h1").people];
        };
        const waiting = await view();
        await box.settle((await box.records()).map(({ id, sha256 }) => ({ id, sha256, state: "accepted" })));
        const received = await view();  // the roster was asked for before: what was received still lies over it
        clock.pass(1000);
        await box.takeRoster({ cursor: "d", households: [{ id: "h1", head: "A", people: 6, reached_year: true, last_visit: "2026-11-20", done: [] }] });
        return [waiting, received, await view()];
    """)
    waiting, received, fresh = told
    assert waiting == [["A", "New"], 5, True, "2026-11-20", ["HEALTH_BOOK"], ["EID2"], ["EID2"], False, 4]
    assert received == waiting
    assert fresh[:2] == [["A", "B"], 6]  # the server's word, once it was asked after


def test_the_unsent_go_out_in_a_file_and_in_again_once(lab: Lab) -> None:
    told = lab.run("""
        const mine = await f.outbox.openBox(f.ME);
        const device = await f.outbox.openPhone();
        const one = await mine.add({ ...f.visit(1), photos: [{ blob: new Blob(["picture"]) }] });
        const two = await mine.add(f.visit(2));
        const gone = await mine.add(f.visit(3));
        await mine.settle([{ id: two.id, sha256: two.sha256, state: "refused", flaws: [] }, { id: gone.id, sha256: gone.sha256, state: "accepted" }]);
        const file = JSON.parse(JSON.stringify(await f.parcel.exportUnsent(mine, device.deviceId, 1)));
        const theirs = await f.outbox.openBox({ id: 8, name: "Other" });
        const first = await f.parcel.importUnsent(theirs, file);
        const second = await f.parcel.importUnsent(theirs, file);
        file.records[0].body.minutes = 99;
        file.records[0].id = "other";
        const spoilt = await f.parcel.importUnsent(theirs, file);
        const notOurs = await f.parcel.importUnsent(theirs, { hello: 1 }).catch((error) => error.name);
        const taken = await theirs.get(one.id);
        const own = await theirs.add(f.visit(4));
        return [first, second, spoilt, notOurs, taken.from.account_id, taken.from.device_id === device.deviceId, own.seq,
            new TextDecoder().decode(await theirs.photo(one.photos[0])), file.format, file.records.length];
    """)
    assert told == [
        {"added": 2, "known": 0, "bad": 0},
        {"added": 0, "known": 2, "bad": 0},
        {"added": 0, "known": 1, "bad": 1},
        "TypeError",
        7,
        True,
        1,
        "picture",
        "tdteam-unsent",
        2,
    ]


def test_drafts_and_settings_are_kept(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        await box.saveDraft("visit", { note: "x", photos: [new Blob(["p"])] });
        await box.set("theme", "dark");
        const again = await f.outbox.openBox(f.ME);
        const draft = await again.draft("visit");
        const kept = [draft.note, await draft.photos[0].text(), await again.setting("theme"), await again.setting("nothing")];
        await again.dropDraft("visit");
        return [...kept, await again.draft("visit")];
    """)
    assert told == ["x", "p", "dark", None, None]


def test_the_phone_knows_itself_and_who_used_it(lab: Lab) -> None:
    told = lab.run("""
        const [one, two] = await Promise.all([f.outbox.openPhone(), f.outbox.openPhone()]);
        await one.remember(f.ME, "token");
        await one.remember({ ...f.ME, id: 8 }, "other");
        await one.remember({ ...f.ME, name: "Renamed" });
        const known = await two.accounts();
        await two.forget(8);
        return [one.deviceId === two.deviceId, known.map((a) => [a.id, a.name, a.token]), (await one.accounts()).length];
    """)
    assert told == [True, [[7, "Renamed", "token"], [8, "Ly Lao Si", "other"]], 1]


def test_pressing_save_twice_saves_once(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const id = f.canon.newId();
        const twice = await Promise.all([box.add({ ...f.visit(1), id }), box.add({ ...f.visit(1), id })]);
        const other = await box.add({ ...f.visit(2), id }).catch((error) => error.name);
        return [twice.map((one) => one.seq), other, (await box.records()).length, (await box.add(f.visit(3))).seq];
    """)
    assert told == [[1, 1], "TypeError", 1, 2]
