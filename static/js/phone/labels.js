// The words of vocabularies, as the phone says them.
import { t } from "../words.js";

export const placeWords = () => ({
  home: t("At home"),
  culture_house: t("Culture house"),
  office: t("At the commune"),
  phone: t("By phone"),
  other: t("Elsewhere"),
});

export const contactWords = () => ({
  met: t("Met them"),
  nobody_home: t("Nobody home"),
  moved: t("Moved away"),
  refused: t("Declined"),
});

export const kindWords = () => ({
  household: t("Household"),
  business: t("Household business"),
  cooperative: t("Cooperative"),
});

export const povertyWords = () => ({ none: t("Neither"), poor: t("Poor household"), near_poor: t("Near-poor household") });

export const pillarWords = () => ({
  government: t("Digital government"),
  economy: t("Digital economy"),
  society: t("Digital society"),
});

/** Pairs for chips, in the order of `codes`. */
export const pairs = (words, codes = Object.keys(words)) => codes.map((code) => [code, words[code]]);

/** A kind of help in short words; its code where the catalogue no longer knows it. */
export function kindName(catalogue, code) {
  const kind = catalogue.kinds.find((one) => one.code === code);
  return kind?.short_name || kind?.name || code;
}

export const outcomeName = (catalogue, code, outcome) =>
  catalogue.kinds.find((one) => one.code === code)?.outcomes[outcome] ?? outcome;

export const causeName = (catalogue, code) => catalogue.causes.find((one) => one.code === code)?.name ?? code;

export const villageName = (roster, id) => roster.villages.find((one) => one.id === id)?.name ?? "";

/** What to call a household: its head, or what can be said where names are not shown. */
export const homeName = (home) => home?.head || t("Household %(id)s", { id: (home?.id ?? "").slice(-6).toUpperCase() });
