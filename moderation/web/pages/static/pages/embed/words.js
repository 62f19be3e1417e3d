/** The page's language: words, numbers and dates. English is what the code says, and never waits. */

const LANGUAGES = "LANGUAGES".split(" ");
const STEPS = { month: 2592000, week: 604800, day: 86400, hour: 3600, minute: 60 };
let messages = {};
export let locale = "en";
export let direction = "ltr";

/** Speak the language of a page, such as `de-AT`, as far as it is translated into; else English. */
export async function speak(wanted) {
  const language = wanted.toLowerCase().split("-")[0];
  if (!LANGUAGES.includes(language)) return;
  locale = Intl.getCanonicalLocales(wanted.replaceAll("_", "-"))[0]; // at once: requests name it
  try {
    const answer = await fetch(new URL(`embed/${language}.json`, import.meta.url));
    ({ messages, direction } = await answer.json());
  } catch {
    locale = "en";
  }
}

/** Translate; what is filled in, as `%(name)s`, may be elements: the answer is a list of parts. */
export const phrase = (text, values) => fill(messages[text] || text, values);

export const t = (text, values = {}) => phrase(text, values).join("");

/** Translate what differs by number. */
export function tn(one, many, count) {
  const forms = messages[one];
  const text = forms ? forms[new Intl.PluralRules(locale).select(count)] : count === 1 ? one : many;
  return fill(text, { count: new Intl.NumberFormat(locale).format(count) }).join("");
}

const fill = (text, values) => text.split(/%\((\w+)\)s/).map((part, i) => (i % 2 ? values[part] : part));

export const moment = (date) => date.toLocaleString(locale, { dateStyle: "long", timeStyle: "short" });

/** How long ago something was, or its date when that is more than a month. */
export function ago(date) {
  const seconds = (Date.now() - date) / 1000;
  if (seconds >= STEPS.month) return date.toLocaleDateString(locale, { dateStyle: "long" });
  const [unit, size] = Object.entries(STEPS).find(([, size]) => seconds >= size) || ["second", Infinity];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}
