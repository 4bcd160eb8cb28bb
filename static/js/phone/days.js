// Days as people say them. A day is "2026-11-23" everywhere else; no time zone can shift it.
import { t } from "../words.js";

const DAY = 86_400_000;
const FORM = /^(\d{4})-(\d\d)-(\d\d)$/;

const utc = (iso) => Date.parse(`${iso}T00:00:00Z`);

/** Whether a text is a day of the calendar. */
export function isDay(text) {
  return FORM.test(text ?? "") && !Number.isNaN(utc(text)) && addDays(text, 0) === text;
}

export const addDays = (iso, days) => new Date(utc(iso) + days * DAY).toISOString().slice(0, 10);

/** Days from one day to another. */
export const daysBetween = (from, to) => Math.round((utc(to) - utc(from)) / DAY);

/** 05/03. */
export const shortDay = (iso) => (FORM.test(iso ?? "") ? `${iso.slice(8)}/${iso.slice(5, 7)}` : "\u2014");

/** 05/03/2026. */
export const longDay = (iso) => (FORM.test(iso ?? "") ? `${shortDay(iso)}/${iso.slice(0, 4)}` : "\u2014");

/** 05/03, with its year when that is not this one. */
export const nearDay = (iso, today) => (iso?.slice(0, 4) === today.slice(0, 4) ? shortDay(iso) : longDay(iso));

/** Today, yesterday, or 05/03. */
export function said(iso, today) {
  if (iso === today) return t("Today");
  if (iso === addDays(today, -1)) return t("Yesterday");
  return nearDay(iso, today);
}

const weekdays = () => [
  t("Sunday"),
  t("Monday"),
  t("Tuesday"),
  t("Wednesday"),
  t("Thursday"),
  t("Friday"),
  t("Saturday"),
];

export const weekday = (iso) => weekdays()[new Date(utc(iso)).getUTCDay()];

/** "Today, Wednesday 11/11". */
export function fullDay(iso, today) {
  const named = `${weekday(iso)} ${nearDay(iso, today)}`;
  if (iso === today) return t("Today, %(day)s", { day: named });
  if (iso === addDays(today, -1)) return t("Yesterday, %(day)s", { day: named });
  return named[0].toUpperCase() + named.slice(1);
}
