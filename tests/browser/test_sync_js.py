"""The phone's sending in a real browser, against a server that misbehaves as networks and servers do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.lab import Lab
from tests.browser.lab import lab as make_lab


@pytest.fixture
def lab(browser: Browser) -> Iterator[Lab]:
    with make_lab(browser) as made:
        yield made


def test_what_waits_goes_in_order_and_the_state_says_so(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        const before = p.sync.state.phase;
        await f.saved(p, 120);
        const state = await p.sync.send();
        const seqs = p.server.batches.flatMap((batch) => batch.records.map((one) => one.seq));
        const { device_id, client, account, sent_at, records } = p.server.batches[0];
        const phases = p.states.map((one) => one.phase).filter((one, at, all) => one !== all[at - 1]);
        return { before, state, sizes: p.server.batches.map((b) => b.records.length), ordered: seqs.join() === [...seqs].sort((a, b) => a - b).join(),
            device: device_id === p.device.deviceId, client, account, sent_at, keys: Object.keys(records[0]).sort().join(), phases, inbox: p.server.inbox.size };
    """)
    assert told["before"] == "saved"
    assert told["sizes"] == [50, 50, 20] and told["ordered"] and told["inbox"] == 120
    assert (told["device"], told["client"], told["account"]) == (True, "1", 7)
    assert told["sent_at"] == "2026-11-20T12:00:10+07:00"
    assert told["keys"] == "base_version,body,clock_offset,id,kind,recorded_at,schema,seq,sha256"
    assert (told["state"]["phase"], told["state"]["waiting"]) == ("sent", 0)
    assert told["phases"][-2:] == ["sending", "sent"]


def test_a_fresh_record_is_left_to_undo_for_ten_seconds_unless_in_a_hurry(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        await p.box.add(f.visit(1));
        p.clock.pass(4000);
        const early = (await p.sync.send()).phase;
        const alarm = p.bed.last;
        const sent = p.server.batches.length;
        p.clock.pass(6000);
        p.bed.asked.at(-1).wake();
        await new Promise((done) => setTimeout(done));
        await p.sync.send();
        await p.box.add(f.visit(2));
        const hurried = (await p.sync.send({ hurry: true })).phase;
        return [early, alarm, sent, p.server.batches.length, hurried];
    """)
    assert told == ["saved", 6000, 0, 2, "sent"]


def test_a_batch_is_at_most_fifty_records_and_200_kb(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        const long = "\\u1ec5".repeat(10000);  // 30,000 bytes
        await f.saved(p, 14, (n) => f.visit(n, { note: long, n }));
        const huge = await p.box.add(f.visit(1, { note: "x".repeat(220000) }));
        await p.box.add(f.visit(99));
        p.clock.pass(10000);
        await p.sync.send();
        const sizes = p.server.batches.map((batch) => new TextEncoder().encode(JSON.stringify(batch.records)).length);
        return [p.server.batches.map((b) => b.records.length), sizes.slice(0, 3).every((size) => size <= 200500), p.server.inbox.size];
    """)
    assert told == [[6, 6, 2, 1, 1], True, 16]


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


def test_waiting_doubles_from_two_seconds_to_five_minutes_with_chance_in_it(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 1);
        p.server.before = f.dead;
        const waits = [];
        for (let n = 0; n < 10; n += 1) { await p.sync.send(); waits.push(p.bed.last); }
        const edge = await Promise.all([0, 0.999].map(async (chance) => {
            const q = await f.phone({ random: () => chance });
            q.server.before = f.dead;
            await q.sync.send();
            return q.bed.last;
        }));
        p.server.before = () => null;
        const { phase } = await p.sync.send();
        return [waits, edge, phase, p.sync.failures];
    """)
    waits, edge, phase, failures = told
    assert waits == [1500, 3000, 6000, 12000, 24000, 48000, 96000, 192000, 225000, 225000]
    assert edge == [1000, 1999]
    assert (phase, failures) == ("sent", 0)


def test_the_alarm_sends_again_by_itself(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 2);
        p.server.before = f.dead;
        await p.sync.send();
        const old = p.bed.asked.slice();
        p.server.before = () => null;
        old.at(-1).wake();
        await new Promise((done) => { const look = () => (p.sync.state.phase === "sent" ? done() : setTimeout(look, 5)); look(); });
        const count = p.server.batches.length;
        for (const one of old) one.wake();  // alarms of the past wake nobody
        await new Promise((done) => setTimeout(done, 20));
        return [count, p.server.asked.filter((one) => one === "POST /sync/records").length];
    """)
    assert told == [1, 1]


def test_a_save_rouses_the_sender_and_coming_back_online_too(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        const until = (phase) => new Promise((done) => { const look = () => (p.sync.state?.phase === phase ? done() : setTimeout(look, 5)); look(); });
        await p.sync.start();
        await p.box.add(f.visit(1));
        await new Promise((done) => { const look = () => (p.bed.last ? done() : setTimeout(look, 5)); look(); });
        const alarm = p.bed.last;
        p.clock.pass(10000);
        p.server.before = f.dead;
        p.bed.asked.at(-1).wake();
        await until("offline");
        p.server.before = () => null;
        dispatchEvent(new Event("online"));
        await until("sent");
        p.sync.stop();
        await f.saved(p, 1);
        dispatchEvent(new Event("online"));
        await new Promise((done) => setTimeout(done, 20));
        return [alarm, p.server.inbox.size];
    """)
    assert told == [10_000, 1]


def test_signed_out_keeps_everything_and_a_pin_sends_it(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.device.remember(f.ME, "device token");
        await p.sync.send();
        await f.saved(p, 3);
        p.server.account = null;
        const out = await p.sync.send();
        const asleep = p.bed.last;
        await p.box.add(f.visit(4));  // saving never asks
        const wrong = await p.session.signIn("000000");
        const right = await p.session.signIn("246810");
        const { phase, waiting } = await p.sync.send({ hurry: true });
        return [out.phase, out.waiting, asleep, wrong, right.ok, phase, waiting, p.server.inbox.size];
    """)
    out, waiting, asleep, wrong, right, phase, left, inbox = told
    assert (out, waiting) == ("signed_out", 3) and asleep is None
    assert (wrong["ok"], wrong["error"], wrong["left"]) == (False, "pin_wrong", 3)
    assert (right, phase, left, inbox) == (True, "sent", 0, 4)


def test_somebody_elses_session_sends_nothing_of_mine(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 2);
        p.server.account = { ...f.ME, id: 8 };
        const first = await p.sync.send();
        const rosters = p.server.asked.filter((one) => one.startsWith("GET /sync/roster")).length;
        p.server.account = f.ME;
        const { phase } = await p.sync.send();
        return [first.phase, first.waiting, rosters, phase, p.server.batches.length];
    """)
    assert told == ["signed_out", 2, 0, "sent", 1]


def test_a_stale_token_is_asked_for_anew(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        await f.saved(p, 2);
        p.server.csrf = "c2";
        const { phase } = await p.sync.send();
        const good = p.server.batches.length;
        await f.saved(p, 1);
        p.server.before = (method, path) => (path === "/sync/records" ? f.answer(400, { error: "csrf" }) : null);
        const bad = await p.sync.send();  // a server that is never content is not asked for ever
        return [phase, good, bad.waiting, p.server.asked.filter((one) => one === "POST /sync/records").length < 8];
    """)
    assert told == ["sent", 1, 1, True]


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


def test_three_tabs_have_one_sender(lab: Lab) -> None:
    tabs = [lab.page, lab.tab(), lab.tab()]
    lab.run(
        "const p = await f.phone(); for (let n = 0; n < 130; n += 1) await p.box.add(f.visit(n)); localStorage.clear();"
    )
    begin = """
        const clock = new f.Clock(f.NOON + 20000);
        const server = new f.Server(clock);
        const say = server.say.bind(server);
        server.say = async (method, path, ...more) => {
            if (path !== "/sync/records") return say(method, path, ...more);
            const flying = Number(localStorage.flying ?? 0) + 1;
            localStorage.flying = flying;
            localStorage.most = Math.max(flying, Number(localStorage.most ?? 0));
            await new Promise((done) => setTimeout(done, 5));
            localStorage.sent = (localStorage.sent ?? "") + more[0].records.map((one) => one.seq + " ").join("");
            const answer = await say(method, path, ...more);
            localStorage.flying = Number(localStorage.flying) - 1;
            return answer;
        };
        window.p = await f.phone({ server, lock: undefined });
        window.done = p.sync.send();
    """
    for tab in tabs:
        lab.run(begin, page=tab)
    assert [lab.run("return (await done).waiting", page=tab) for tab in tabs] == [0, 0, 0]
    most, sent = lab.run("return [localStorage.most, localStorage.sent]")
    assert most == "1"
    assert sorted(int(seq) for seq in sent.split()) == list(range(1, 131))


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


def test_a_timeout_of_its_own(lab: Lab) -> None:
    told = lab.run("""
        const stuck = (path, { signal }) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
        const device = await f.outbox.openPhone();
        const session = f.makeSession({ fetch: stuck, phone: device, timeout: 1 });
        const error = await session.ask().catch((error) => error);
        return [error.name, error.why, f.line.TIMEOUT];
    """)
    assert told == ["Away", "timeout", 30_000]


def test_the_clock_is_measured_and_told_with_each_record(lab: Lab) -> None:
    told = lab.run("""
        const clock = new f.Clock(f.NOON - 3 * f.DAY);
        const server = new f.Server(new f.Clock(f.NOON));
        const p = await f.phone({ server, clock });
        const before = await p.box.add(f.visit(1));
        await p.sync.send();
        const behind = await p.box.setting("offset");
        const after = await p.box.add(f.visit(2));
        return [before.clock_offset, behind, after.clock_offset, after.recorded_at, f.clock.dayOf(clock.now(), behind)];
    """)
    assert told == [0, 259_200_000, 259_200_000, "2026-11-17T12:00:00+07:00", "2026-11-20"]


def test_an_app_too_old_for_the_server_waits(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 1);
        p.server.minClient = 2;
        const { phase, waiting } = await p.sync.send();
        return [phase, waiting, p.server.batches.length];
    """)
    assert told == ["stuck", 1, 0]


def test_a_delivered_file_goes_under_its_authors_name(lab: Lab) -> None:
    told = lab.run("""
        const author = await f.outbox.openBox({ id: 8, name: "Other" });
        const written = await author.add(f.visit(1));
        const file = { ...(await f.parcel.exportUnsent(author, "their-phone", 1)) };
        const p = await f.phone();
        await f.parcel.importUnsent(p.box, file);
        await p.box.add(f.visit(2));
        p.clock.pass(10000);
        await p.sync.send();
        const seen = p.server.batches.map((b) => [b.device_id === p.device.deviceId ? "mine" : b.device_id, b.from_account ?? null, b.records.length, b.account]);
        const ours = await author.get(written.id);
        return [seen.sort(), ours.state, p.server.inbox.size];
    """)
    assert told == [[["mine", None, 1, 7], ["their-phone", 8, 1, 7]], "waiting", 2]


def test_a_photo_goes_in_pieces_and_on_where_it_broke_off(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.sync.send();
        const bytes = crypto.getRandomValues(new Uint8Array(60000));
        const all = new Uint8Array(600000).map((_, at) => bytes[at % 60000]);
        const { photos: [hash] } = await p.box.add({ ...f.visit(), photos: [{ blob: new Blob([all]) }] });
        p.clock.pass(10000);
        let pieces = 0;
        p.server.before = (method, path) => (method === "PUT" && (pieces += 1) === 2 ? f.dead() : null);
        const broken = await p.sync.send();
        const held = p.server.evidence.get(hash).length;
        p.server.before = () => null;
        const { phase, photos } = await p.sync.send();
        const whole = (await f.canon.sha256(p.server.evidence.get(hash))) === hash;
        const asked = p.server.asked.filter((one) => one.startsWith("PUT")).length;
        await p.sync.send({ refresh: true });
        return [broken.waiting, broken.photos, held, phase, photos, whole, asked, p.server.asked.filter((one) => one.startsWith("PUT")).length,
            (await p.box.photos())[0].state];
    """)
    assert told == [0, 1, 262_144, "sent", 0, True, 4, 4, "kept"]


def test_a_photo_the_server_refuses_is_told_and_keeps_nothing_else_back(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.box.add({ ...f.visit(), photos: [{ blob: new Blob(["no picture"]) }] });
        p.clock.pass(10000);
        p.server.before = (method) => (method === "PUT" ? f.answer(422, { error: "refused", flaws: [{ field: "photo", code: "image_kind", message: "M" }] }) : null);
        const { phase, photos } = await p.sync.send();
        const [photo] = await p.box.photos();
        return [phase, photos, photo.state, photo.flaws[0].message];
    """)
    assert told == ["sent", 0, "refused", "M"]


def test_a_picture_is_made_small_and_bare(lab: Lab) -> None:
    told = lab.run("""
        const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 2000 });
        canvas.getContext("2d").fillRect(0, 0, 10, 10);
        const big = await new Promise((done) => canvas.toBlob(done, "image/png"));
        const { blob, width, height, sha256 } = await f.photos.shrink(big);
        const head = [...new Uint8Array(await blob.arrayBuffer())];
        const exif = String.fromCharCode(...head.slice(0, 400)).includes("Exif");
        const shown = await f.photos.drawPhoto(document.createElement("canvas"), await blob.arrayBuffer(), 160);
        const none = await f.photos.shrink(new Blob(["not a picture"])).catch((error) => error.name);
        return [blob.type, width, height, exif, sha256 === (await f.canon.sha256(await blob.arrayBuffer())), shown.width, shown.height, none];
    """)
    assert told == ["image/jpeg", 1600, 1067, False, True, 160, 107, "InvalidStateError"]


def test_leaving_without_a_network_is_done_at_the_next_contact(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 1);
        p.server.before = f.dead;
        const done = await p.session.signOut();
        await p.box.wipeRoster();
        p.server.before = () => null;
        const account = await p.session.ask();
        return [done, account, p.server.asked.includes("POST /sync/sign-out"), (await p.box.counts()).waiting, await p.device.get("leaving")];
    """)
    assert told == [False, None, True, 1, False]


def test_canonical_json_is_that_of_the_server(lab: Lab) -> None:
    import hashlib

    from tdteam.domain.sync import canonical

    bodies = [
        {"b": 1, "a": [True, None, -0, 9007199254740991], "": "", "é": "ễ", "e\u0301": "\u20ac"},
        {
            "note": 'a"b\\c\n\t\u0001\u007f\u2028/<',
            "emoji": "\U0001f600",
            "\U0001f600": 1,
            "\ufb01": 2,
            "z": {},
            "y": [],
        },
        [],
        "",
        None,
    ]
    told = lab.run(
        "return Promise.all(given.map(async (one) => [f.canon.canonical(one), await f.canon.hashOf(one)]));",
        bodies,
    )
    assert told == [[canonical(one), hashlib.sha256(canonical(one).encode()).hexdigest()] for one in bodies]
    refused = lab.run("""
        const tries = [1.5, NaN, 2 ** 53, "\\ud800", Symbol("x"), { a: [0.1] }];
        return tries.map((one) => { try { f.canon.canonical(one); return "taken"; } catch (error) { return error.name; } });
    """)
    assert refused == ["TypeError"] * 6


def test_ids_are_of_version_7_and_sort_by_time(lab: Lab) -> None:
    import uuid

    ids = lab.run(
        "return [1, 1000, Date.parse('2026-11-20T00:00:00Z'), 2 ** 47].map((at) => f.canon.newId(at));"
    )
    assert ids == sorted(ids)
    assert all(uuid.UUID(one).version == 7 and str(uuid.UUID(one)) == one for one in ids)
    assert int(ids[2].replace("-", "")[:12], 16) == 1_795_132_800_000


def test_days_are_those_of_viet_nam_wherever_the_phone_thinks_it_is(lab: Lab) -> None:
    told = lab.run("""
        const at = (text) => Date.parse(text);
        return [f.clock.dayOf(at("2026-11-20T16:59:59Z")), f.clock.dayOf(at("2026-11-20T17:00:00Z")), f.clock.dayOf(at("2026-11-20T16:59:59Z"), 1000),
            f.clock.stamp(at("2026-12-31T18:30:05Z")), f.clock.measure(1000, 3000, "1970-01-01T00:00:10Z"), f.clock.measure(1, 2, "nonsense")];
    """)
    assert told == ["2026-11-20", "2026-11-21", "2026-11-21", "2027-01-01T01:30:05+07:00", 8000, None]
