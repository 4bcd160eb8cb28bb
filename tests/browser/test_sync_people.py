"""Who sends, from a real browser: signed out, somebody else, leaving; and photos on their way."""

from __future__ import annotations

from tests.browser.lab import Lab


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


def test_a_revoked_phone_delivers_what_it_holds_and_nothing_else(lab: Lab) -> None:
    told = lab.run("""
        const p = await f.phone();
        await p.device.remember(f.ME, "device token");
        await p.sync.send();
        await f.saved(p, 3);
        Object.assign(p.server, { account: null, revoked: "device token", judge: () => ({ state: "held" }) });
        const before = await p.sync.send();  // nobody knows yet why: it only asks for the PIN
        const { error } = await p.session.signIn("246810");
        const asked = p.server.asked.length;
        const { phase, waiting } = await p.sync.send();
        const paths = [...new Set(p.server.asked.slice(asked))];
        const verdicts = (await p.box.records()).map((one) => one.verdict);
        const alarm = p.bed.last;
        p.server.revoked = null;
        p.server.account = f.ME;  // joined anew
        await f.saved(p, 1);
        const back = await p.sync.send();
        return [before.phase, before.waiting, error, phase, waiting, paths, verdicts, alarm, back.phase, p.server.asked.at(-2)];
    """)
    assert told[:5] == ["signed_out", 3, "device_revoked", "signed_out", 0]
    assert told[5] == ["GET /sync/session", "POST /sync/deliver"]
    assert told[6] == ["held"] * 3 and told[7] is None
    assert told[8:] == ["sent", "POST /sync/records"]


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
