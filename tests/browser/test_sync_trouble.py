"""The phone's sending in a real browser, against a server that misbehaves as networks and servers do."""

from __future__ import annotations

import pytest

from tests.browser.lab import Lab


def test_a_portals_page_is_no_answer_whatever_it_says(lab: Lab) -> None:
    told = lab.run("""
        const out = [];
        const lies = [() => f.page(200), () => f.page(200, '{"results": []}'), () => f.answer(200, {}), () => f.answer(200, [1]), () => f.page(401), () => f.page(404),
            () => f.answer(200, { results: [{ id: "other", sha256: "x", state: "accepted" }], epoch: "e1" }),
            (m, p, body) => f.answer(200, { epoch: "e1", results: body.records.map(({ id }) => ({ id, sha256: "0".repeat(64), state: "accepted" })) })];
        for (const lie of lies) {
            const p = await f.phone({ account: { ...f.ME, id: 100 + out.length }, server: Object.assign(new f.Server(), { account: { ...f.ME, id: 100 + out.length } }) });
            await f.saved(p, 2);
            p.server.before = (method, path, body) => (path === "/sync/records" ? lie(method, path, body) : null);
            const bad = await p.sync.send();
            p.server.before = () => null;
            const good = await p.sync.send();
            out.push([bad.waiting, bad.phase === "sent", good.waiting, p.server.inbox.size]);
        }
        return out;
    """)
    assert told == [[2, False, 0, 2]] * 8


def test_a_reply_that_is_lost_costs_nothing(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        await f.saved(p, 3);
        p.server.after = (method, path) => (path === "/sync/records" || path === "/sync/session" ? f.dead() : null);
        const lost = await p.sync.send();
        p.server.after = () => null;
        const { phase, waiting } = await p.sync.send();
        const all = await p.box.records();
        return [lost.phase, lost.waiting, phase, waiting, p.server.inbox.size, all.map((one) => one.verdict), all.map((one) => one.tries), p.server.batches.length];
    """)
    assert told == ["offline", 3, "sent", 0, 3, ["accepted"] * 3, [2, 2, 2], 2]


def test_a_poisonous_record_is_found_and_the_others_flow(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        const all = await f.saved(p, 50);
        const poison = new Set([all[16].id, all[17].id, all[40].id]);
        p.server.before = (method, path, body) =>
            path === "/sync/records" && body.records.some((one) => poison.has(one.id)) ? f.answer(500, { error: "unexpected" }) : null;
        const first = await p.sync.send();
        const second = await p.sync.send();
        const third = await p.sync.send();
        const later = await f.saved(p, 3);
        const fourth = await p.sync.send();
        const kept = (await p.box.records({ state: "waiting" })).map((one) => [poison.has(one.id), one.tries > 3]);
        p.server.before = () => null;
        const healed = await p.sync.send();
        return [third.waiting, fourth.phase, fourth.waiting, kept, p.bed.last !== 0, healed.waiting, p.server.inbox.size];
    """)
    assert told == [3, "stuck", 3, [[True, True]] * 3, True, 0, 53]


@pytest.mark.parametrize(
    "fault",
    [
        "f.page(502, 'Bad gateway')",
        "f.answer(413, {error: 'too_large'})",
        "f.answer(400, {error: 'shape'})",
        "f.dead()",
    ],
)
def test_however_a_batch_fails_whole_it_is_halved(lab: Lab, fault: str) -> None:
    told = lab.run(
        """
        const p = await f.phone();
        const all = await f.saved(p, 8);
        const fault = new Function("f", `return ${given}`);
        p.server.before = (method, path, body) =>
            path === "/sync/records" && body.records.some((one) => one.id === all[2].id) ? fault(f) : null;
        const { waiting } = await p.sync.send();
        return [waiting, p.server.inbox.size];
        """,
        fault,
    )
    assert told == [1, 7]


def test_a_server_that_fails_at_everything_is_left_alone(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 50);
        p.server.before = (method, path) => (path === "/sync/records" ? f.answer(500, { error: "unexpected" }) : null);
        const { phase, waiting } = await p.sync.send();
        return [phase, waiting, p.server.asked.filter((one) => one === "POST /sync/records").length < 10, p.bed.last > 0];
    """)
    assert told == ["offline", 50, True, True]


def test_a_server_that_cannot_write_now_says_when_to_come_back(lab: Lab) -> None:
    told = lab.run("""
        const out = [];
        for (const status of [503, 507, 429]) {
            const server = Object.assign(new f.Server(), { account: { ...f.ME, id: status } });
            const p = await f.phone({ server, account: server.account });
            await f.saved(p, 20);
            p.server.before = (method, path) => (path === "/sync/records" ? f.answer(status, { error: "x" }, { "Retry-After": "40" }) : null);
            const { waiting } = await p.sync.send();
            out.push([waiting, p.server.asked.filter((one) => one === "POST /sync/records").length, p.bed.last]);
        }
        return out;
    """)
    assert told == [[20, 1, 40_000]] * 3


def test_a_restless_server_is_bounded(lab: Lab) -> None:
    """Unreceived for ever, rosters without an end: no loop turns hot."""
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        await f.saved(p, 3);
        p.server.judge = () => ({ state: "unreceived" });
        const { phase, waiting } = await p.sync.send();
        const wait = p.bed.last;
        p.server.rosters = Array.from({ length: 9 }, () => ({ cursor: "same", more: true, households: [] }));
        p.server.judge = () => ({ state: "accepted" });
        await p.sync.send();
        return [phase, waiting, wait, p.server.rosters.length];
    """)
    assert told == ["stuck", 3, 1500, 7]


def test_after_a_restore_everything_is_offered_and_what_is_lacking_sent_again(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 3);
        await p.sync.send();
        const refused = await p.box.add(f.visit(50));
        await p.box.settle([{ id: refused.id, sha256: refused.sha256, state: "refused", flaws: [] }]);
        await f.saved(p, 1);
        const [one, two, three] = await p.box.records({ newestFirst: false });
        p.server.inbox.delete(two.id);
        p.server.inbox.delete(three.id);
        p.server.epoch = "e2";
        p.server.judge = (record) => ({ state: record.id === refused.id ? "refused" : "accepted" });
        p.session.forget();  // the app was opened again
        const rosters = p.server.asked.filter((asked) => asked.startsWith("GET /sync/roster")).length;
        const { phase, waiting, refused: left } = await p.sync.send();
        const again = p.server.asked.filter((asked) => asked.startsWith("GET /sync/roster")).length > rosters;
        return [phase, waiting, left, p.server.inbox.size, p.server.pairs.length, await p.box.setting("epoch"), again];
    """)
    assert told == ["sent", 0, 1, 5, 5, "e2", True]


def test_a_photo_goes_again_with_its_record_and_one_the_server_names_without(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        const hashes = [];
        for (const words of ["one", "two", "three"]) {
          const { photos } = await p.box.add({ ...f.visit(), photos: [{ blob: new Blob([words]) }] });
          hashes.push(photos[0]);
        }
        p.clock.pass(10000);
        await p.sync.send();
        const kept = p.server.evidence.size;
        const [one] = await p.box.records({ newestFirst: false });
        p.server.inbox.delete(one.id);   // the backup lacks the first record with its photo, and the second's photo
        for (const hash of hashes.slice(0, 2)) p.server.evidence.delete(hash), p.server.kept.delete(hash);
        p.server.lackingPhotos = [hashes[1]];
        p.server.epoch = "e2";
        p.session.forget();
        const puts = p.server.asked.filter((asked) => asked.startsWith("PUT")).length;
        const { phase, waiting, photos } = await p.sync.send({ refresh: true });
        return [kept, phase, waiting, photos, hashes.every((hash) => p.server.evidence.has(hash)),
                p.server.asked.filter((asked) => asked.startsWith("PUT")).length - puts];
    """)
    assert told == [3, "sent", 0, 0, True, 2]


def test_an_offer_that_breaks_off_is_made_again_before_the_epoch_is_believed(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 2);
        await p.sync.send();
        p.server.inbox.clear();
        p.server.epoch = "e2";
        p.server.before = (method, path) => (path === "/sync/offer" ? f.dead() : null);
        await f.saved(p, 1);
        await p.sync.send();  // the epoch comes with the receipt, the offer fails
        const half = [await p.box.setting("epoch"), p.server.inbox.size];
        p.server.before = () => null;
        p.session.forget();
        const { waiting } = await p.sync.send({ refresh: true });
        return [...half, await p.box.setting("epoch"), p.server.inbox.size, waiting];
    """)
    assert told == ["e1", 1, "e2", 3, 0]


def test_six_hundred_records_are_offered_in_pieces(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        for (let n = 0; n < 600; n += 1) await p.box.add(f.visit(n));
        const sizes = [];
        p.server.epoch = "e2";
        p.server.before = (method, path, body) => (path === "/sync/offer" ? void sizes.push(body.pairs.length) : null);
        p.session.forget();
        await p.sync.send({ refresh: true });
        return sizes;
    """)
    assert told == [500, 100]


def test_a_number_the_server_never_saw_is_sent_again_once_or_told(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        const [one, two] = await f.saved(p, 2);
        await p.sync.send();
        p.server.inbox.delete(one.id);  // lost without a restore
        p.server.missing = [one.seq, 77];
        await f.saved(p, 1);
        await p.sync.send();
        const back = p.server.inbox.has(one.id);
        await f.saved(p, 1);
        const before = p.server.batches.length;
        const { waiting } = await p.sync.send();
        return [back, await p.box.setting("lost"), waiting, p.server.batches.length - before];
    """)
    assert told == [True, [77], 0, 1]
