/**
 * Write the number of replies beside links to articles: <a href="…/article" data-replies></a>.
 *
 * `data-replies` names the thread by the site's key, or is empty where the link's address does.
 * The site is in the script's URL: counts.js?site=gazette. One request counts all articles, unless their
 * URLs together exceed the length of a request line.
 */
import { Api } from "./api.js";
import { ANCHOR } from "./page.js";
import { loadLanguage, localeOf } from "./i18n.js";

const MAX_THREADS = 200; // in one request
const MAX_QUERY = 3_500; // characters: web servers accept a request line of 4,094 by default
const locale = localeOf(document.documentElement.lang || "en");
const api = new Api(new URL(import.meta.url).searchParams.get("site"), locale, new AbortController().signal);
const elements = [...document.querySelectorAll("[data-replies]")];
const threadOf = (element) => element.dataset.replies || element.closest("a").href.replace(ANCHOR, "");

/** Yield the elements in batches, each with the query string of its request. */
function* batches() {
  let batch = [];
  let query = "";
  for (const element of elements) {
    const more = new URLSearchParams({ thread: threadOf(element) }).toString();
    if (batch.length === MAX_THREADS || (query && query.length + more.length > MAX_QUERY)) {
      yield [batch, query];
      [batch, query] = [[], ""];
    }
    batch.push(element);
    query += query ? `&${more}` : more;
  }
  if (query) yield [batch, query];
}

/** Fill in the numbers; where they can't be had, the links stay as the page has them. */
async function show(batch, query) {
  const { counts } = await api.get(`counts?${query}`).catch(() => ({}));
  if (!counts) return;
  for (const element of batch) {
    const count = counts[threadOf(element)];
    element.textContent = count ? ngettext("%(count)s reply", "%(count)s replies", count) : gettext("No replies yet");
  }
}

const { gettext, ngettext } = await loadLanguage(locale);
for (const [batch, query] of batches()) show(batch, query);
