"""The phone's box in a real browser: saved is on the disk, numbers have no holes, only a receipt takes a record out."""

from __future__ import annotations

from typing import Any

from tests.browser.lab import Lab


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


def test_pressing_save_twice_saves_once(lab: Lab) -> None:
    told = lab.run("""
        const box = await f.outbox.openBox(f.ME);
        const id = f.canon.newId();
        const twice = await Promise.all([box.add({ ...f.visit(1), id }), box.add({ ...f.visit(1), id })]);
        const other = await box.add({ ...f.visit(2), id }).catch((error) => error.name);
        return [twice.map((one) => one.seq), other, (await box.records()).length, (await box.add(f.visit(3))).seq];
    """)
    assert told == [[1, 1], "TypeError", 1, 2]
