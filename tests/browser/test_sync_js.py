"""The phone's sending in a real browser: order, batches, waiting, tabs, the clock."""

from __future__ import annotations

from tests.browser.lab import Lab


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
        await p.sync.send();
        const old = p.bed.asked.slice();
        p.server.before = () => null;
        old.at(-1).wake();
        await new Promise((done) => { const look = () => (p.sync.state.phase === "sent" ? done() : setTimeout(look, 5)); look(); });
        const count = p.server.batches.length;
        await f.saved(p, 1);
        for (const one of old) one.wake();  // alarms of the past wake nobody
        await new Promise((done) => setTimeout(done, 20));
        return [count, p.server.batches.length];
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


def test_being_asked_to_send_while_the_state_is_read_is_not_forgotten(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await f.saved(p, 1);
        p.server.before = f.dead;
        const dueIn = p.box.dueIn.bind(p.box);
        let asked = 0;
        p.box.dueIn = async () => {
            if (p.sync.failures && !p.sync.busy && !asked) { asked += 1; p.server.before = () => null; p.sync.send(); }
            return dueIn();
        };
        const state = await p.sync.send();
        return [asked, state.phase, p.server.inbox.size, p.sync.running];
    """)
    assert told == [1, "sent", 1, None]


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
