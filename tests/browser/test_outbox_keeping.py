"""What the phone's box keeps in a real browser: roster, what lies over it, files of unsent records, how long."""

from __future__ import annotations

from tests.browser.lab import Lab


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
