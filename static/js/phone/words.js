// The sentences of the phone: the same as on the desk, handed over as JSON with the page.
export { clock, moment, number, t, two } from "../words.js";

/** Marks a sentence that is said later. */
export const N_ = (key) => key;
