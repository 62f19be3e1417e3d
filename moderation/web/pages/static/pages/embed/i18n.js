/** Translation with gettext, and numbers and dates in the page's language. English needs no catalog. */

let catalog = {};
let plural = {};
export let locale = "en";
export let direction = "ltr";

/**
 * Load the catalog for a BCP 47 tag such as `de-AT`; without a translation everything stays English.
 * `LANGUAGES` holds the codes that there are catalogs for; the build defines it.
 */
export async function loadCatalog(tag) {
  const language = tag.toLowerCase().split("-")[0];
  if (!LANGUAGES.includes(language)) return;
  locale = Intl.getCanonicalLocales(tag.replaceAll("_", "-"))[0]; // at once: API requests send it
  try {
    const response = await fetch(new URL(`embed/${language}.json`, import.meta.url));
    ({ catalog, plural, direction } = await response.json());
  } catch {
    locale = "en";
  }
}

export const gettext = (msgid) => catalog[msgid] ?? msgid;

/**
 * Translate a phrase with a count, and fill the count in as `%(count)s`.
 * `plural` maps a CLDR category to the index of the form, so no plural expression is evaluated here,
 * which a strict Content-Security-Policy would forbid.
 */
export function ngettext(singular, pluralForm, count) {
  const forms = catalog[singular];
  const text = forms ? forms[plural[new Intl.PluralRules(locale).select(count)]] : count === 1 ? singular : pluralForm;
  return interpolate(text, { count: new Intl.NumberFormat(locale).format(count) }).join("");
}

/** Fill in placeholders such as `%(name)s`. Returns a list of parts, since values may be elements. */
export const interpolate = (text, values) => text.split(/%\((\w+)\)s/).map((part, i) => (i % 2 ? values[part] : part));

export const formatDateTime = (date) => date.toLocaleString(locale, { dateStyle: "long", timeStyle: "short" });

const UNITS = { month: 2592000, week: 604800, day: 86400, hour: 3600, minute: 60 }; // seconds

/** Format the age of something, or its date where that is more than a month ago. */
export function formatAge(date) {
  const seconds = (Date.now() - date) / 1000;
  if (seconds >= UNITS.month) return date.toLocaleDateString(locale, { dateStyle: "long" });
  const [unit, size] = Object.entries(UNITS).find(([, size]) => seconds >= size) || ["second", Infinity];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}
