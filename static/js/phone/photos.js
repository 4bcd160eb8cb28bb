// Photos: made small and bare before they are kept (no place, no camera), sent in pieces that go on where they broke off.
import { sha256 } from "./canon.js";

export const LONGEST = 1600; // px
const QUALITY = 0.8;
export const PIECE = 256 * 1024;

/** {sha256, blob, width, height} of a picked picture, redrawn as JPEG of at most LONGEST px; throws where it is none. */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = paint(picture, document.createElement("canvas"), scale);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new TypeError("no picture");
  return { sha256: await sha256(await blob.arrayBuffer()), blob, width: canvas.width, height: canvas.height };
}

/** Draw a kept photo (Blob or its bytes) on a canvas, at most `longest` px: pages may not show blob: addresses. */
export async function drawPhoto(canvas, photo, longest = 320) {
  const picture = await createImageBitmap(photo instanceof Blob ? photo : new Blob([photo], { type: "image/jpeg" }));
  return paint(picture, canvas, Math.min(1, longest / Math.max(picture.width, picture.height)));
}

function paint(picture, canvas, scale) {
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff"; // what is transparent would be black in a JPEG
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

const SPOILED = "hash_mismatch";

/** Send a photo from where the server has it: {state: "kept"}, {state: "refused", flaws} or the status that stopped it. Pieces that
 * do not make the photo are thrown away there, and it is sent once more from its first byte; a second time it is the photo itself.
 * `send(method, path, options)` is the session's; `folder` the address photos go to. Throws Away. */
export async function sendPhoto(send, hash, bytes, folder = "/sync/evidence") {
  const path = `${folder}/${hash}`;
  const told = await sendFrom(send, path, bytes);
  if (!told.flaws?.some((one) => one.code === SPOILED)) return told;
  return sendFrom(send, path, bytes);
}

async function sendFrom(send, path, bytes) {
  const total = bytes.byteLength;
  const head = await send("HEAD", path);
  if (head.headers.get("Upload-Complete") === "?1") return { state: "kept" };
  if (head.status !== 200 && head.status !== 404) return { status: head.status };
  let from = head.status === 200 ? Number(head.headers.get("Upload-Offset")) || 0 : 0;
  // A server that never moves on is not asked for ever: every piece may break off and be joined again once.
  for (let left = 2 * Math.ceil(total / PIECE) + 2; left > 0; left -= 1) {
    const to = Math.min(from + PIECE, total);
    const headers = { "Content-Type": "application/octet-stream", "Content-Range": `bytes ${from}-${to - 1}/${total}` };
    const { status, data } = await send("PUT", path, { body: bytes.slice(from, to), headers });
    if (status === 200 && data?.state === "kept") return { state: "kept" };
    if (status === 422) return { state: "refused", flaws: data?.flaws ?? [] };
    if ((status !== 202 && status !== 409) || !(data?.received >= 0) || data.received >= total) return { status };
    from = data.received;
  }
  return { status: 409 };
}
