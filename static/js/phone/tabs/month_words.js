// What the figures of the month are called.
import { t } from "../../words.js";

export const figureWords = () => ({
  VISITS: t("Visits to households"),
  HOUSEHOLDS_REACHED: t("Households visited and met"),
  PEOPLE: t("People helped"),
  HELP_DONE: t("Help finished"),
  HELP_PENDING: t("Help under way"),
  HELP_NOT_DONE: t("Help that did not work out"),
  FILINGS: t("Filings sent online"),
  GATHERINGS: t("Gatherings held"),
  ATTENDED: t("People at gatherings"),
  HELP_EID: t("Help with level 2 and VNeID"),
  HELP_PAYMENT: t("Help with payments"),
  HELP_HEALTH: t("Help with the health book"),
  HELP_SAFETY: t("Help against fraud"),
  HELP_COMMERCE: t("Help with online selling"),
  HELP_OTHER: t("Other help"),
});
export const targetWords = () => ({
  HOUSEHOLDS_REACHED: t("Households visited this year"),
  EID2_RESIDENTS: t("People with level 2"),
  SMARTPHONE_HOUSEHOLDS: t("Households with a smartphone"),
  FILINGS_PAID: t("Filings whose fee was paid online"),
});
export const percent = ({ part, whole }) => `${((100 * part) / whole).toFixed(1).replace(".", ",")}%`;
export const monthName = (period) => `${period.slice(5)}/${period.slice(0, 4)}`;
