// Reporting periods: the twin of tdteam/domain/periods.py. A month runs from the 15th of the month before to the 14th
// (Decree 09/2019); a setting may choose calendar months (startDay 1). Days are "2026-11-23", periods "2026-11".
import { addDays } from "./days.js";

export const START_DAY = 15;

const two = (number) => String(number).padStart(2, "0");
const four = (number) => String(number).padStart(4, "0");
const dayOf = (year, month, day) => `${four(year)}-${two(month)}-${two(day)}`;
const parts = (text) => text.split("-").map(Number);

/** The period `months` after (or, negative, before) a period. */
export function plus(period, months) {
  const [year, month] = parts(period);
  const index = year * 12 + month - 1 + months;
  return `${four(Math.floor(index / 12))}-${two((((index % 12) + 12) % 12) + 1)}`;
}

/** The period a day belongs to. */
export function periodOf(day, startDay = START_DAY) {
  const own = day.slice(0, 7);
  return startDay === 1 || Number(day.slice(8)) < startDay ? own : plus(own, 1);
}

/** First day of a period. */
export function since(period, startDay = START_DAY) {
  const [year, month] = parts(startDay === 1 ? period : plus(period, -1));
  return dayOf(year, month, startDay);
}

/** First day after a period. */
export function until(period, startDay = START_DAY) {
  const [year, month] = parts(startDay === 1 ? plus(period, 1) : period);
  return dayOf(year, month, startDay);
}

/** The cut-off day: the last one of a period. */
export const lastDay = (period, startDay = START_DAY) => addDays(until(period, startDay), -1);

/** The statutory year a period adds up to. */
export const yearOf = (period) => period.slice(0, 4);

/** The periods of the statutory year up to and with this one, oldest first. */
export function ofYearSoFar(period) {
  const month = Number(period.slice(5));
  return Array.from({ length: month }, (_, at) => plus(period, at + 1 - month));
}
