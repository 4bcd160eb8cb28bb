// What runs once somebody is at the phone. The first screen of a new phone does without, so it comes apart from it.
export { mergedHouseholds } from "./local.js";
export { openBox } from "./outbox.js";
export { makeIndex } from "./search.js";
export { drawStrip, saySaveFailed } from "./strip.js";
export { makeSync } from "./sync.js";
