/** Translation with gettext, and numbers and dates in the page's language. English needs no catalog. */

const MAX_TAG = 35; // characters that the API takes
const TIME_LIMIT = 8000; // milliseconds; then it is English
const UNITS = { month: 2592000, week: 604800, day: 86400, hour: 3600, minute: 60 }; // seconds

/** The words, numbers and dates of one language. Its functions need no `this`, to be taken apart. */
export class Language {
  constructor(locale = "en", { catalog = {}, plural = {}, direction = "ltr" } = {}) {
    this.locale = locale;
    this.direction = direction;
    const numbers = new Intl.NumberFormat(locale);
    const plurals = new Intl.PluralRules(locale);
    const ages = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    this.formatNumber = (number) => numbers.format(number);
    this.gettext = (msgid) => catalog[msgid] ?? msgid;

    /**
     * Translate a phrase with a count, and fill the count in as `%(count)s`.
     * `plural` maps a CLDR category to the index of the form, so no plural expression is evaluated
     * here, which a strict Content-Security-Policy would forbid.
     */
    this.ngettext = (singular, pluralForm, count) => {
      const forms = catalog[singular];
      const text = forms ? forms[plural[plurals.select(count)]] : count === 1 ? singular : pluralForm;
      return interpolate(text, { count: numbers.format(count) }).join("");
    };
    this.formatDate = (date) => date.toLocaleDateString(locale, { dateStyle: "long" });
    this.formatDateTime = (date) => date.toLocaleString(locale, { dateStyle: "long", timeStyle: "short" });

    /** Format the age of something, or its date where that is more than a month ago. */
    this.formatAge = (date, now) => {
      const seconds = Math.max(0, (now - date) / 1000);
      if (seconds >= UNITS.month) return this.formatDate(date);
      const [unit, size] = Object.entries(UNITS).find(([, size]) => seconds >= size) || ["second", Infinity];
      return ages.format(-Math.floor(seconds / size), unit);
    };
  }
}

/** Fill in placeholders such as `%(name)s`. Returns a list of parts, since values may be elements. */
export const interpolate = (text, values) => text.split(/%\((\w+)\)s/).map((part, i) => (i % 2 ? values[part] : part));

/**
 * Return the locale of a tag as pages write it, such as `de_AT` or the broken `fr-français`: as much of
 * it as is valid. `LANGUAGES` holds the codes that there are catalogs for, which the build defines;
 * everything else is English.
 */
export function localeOf(tag) {
  const parts = tag.trim().split(/[.@\s]/)[0].split(/[-_]/);
  if (!["en", ...LANGUAGES].includes(parts[0].toLowerCase())) return "en";
  for (; parts.length > 1; parts.pop()) {
    try {
      const [locale] = Intl.getCanonicalLocales(parts.join("-"));
      if (locale.length <= MAX_TAG) return locale;
    } catch {
      // Not valid as a whole: try what stands before.
    }
  }
  return parts[0].toLowerCase();
}

/** Return the words of a locale; English where they can't be loaded. Never fails. */
export async function loadLanguage(locale) {
  const code = locale.split("-")[0];
  if (code === "en") return new Language(locale);
  try {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TIME_LIMIT);
    const response = await fetch(new URL(`embed/${code}.json`, import.meta.url), { signal: limit.signal });
    const words = await response.json();
    clearTimeout(timer);
    return new Language(locale, words);
  } catch {
    return new Language();
  }
}
