// The phone's clock is not believed, only measured: how far behind the server's it is, and the days of Viet Nam by it.
const ZONE = 7 * 3600_000; // Asia/Ho_Chi_Minh, without summer time since 1975

/** Milliseconds the phone's clock is behind, from an answer's server_time; null where that says nothing. */
export function measure(askedAt, answeredAt, serverTime) {
  const theirs = Date.parse(serverTime);
  return Number.isNaN(theirs) ? null : Math.round(theirs - (askedAt + answeredAt) / 2);
}

/** "2026-11-20T09:12:00+07:00" for a moment in milliseconds. */
export function stamp(ms) {
  return `${local(ms).slice(0, 19)}+07:00`;
}

/** "2026-11-20": the day in Viet Nam of a moment, corrected by what the clock is behind. */
export function dayOf(ms, behind = 0) {
  return local(ms + behind).slice(0, 10);
}

function local(ms) {
  return new Date(ms + ZONE).toISOString();
}
