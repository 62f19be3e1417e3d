/**
 * How many replies each article of a list has: <a href="…/article" data-replies></a>.
 *
 * `data-replies` names the thread by the site's key, or is empty where the link's address does.
 * The site is in the script's address: counts.js?site=gazette. One request for all articles, unless their
 * addresses are more than the line of a request may hold on its way.
 */
import { Api } from "./api.js";
import { speak, t, tn } from "./words.js";

const MOST = 200; // threads in one request
const LONGEST = 3_500; // characters: web servers take a line of 4,094 by default
const api = new Api(new URL(import.meta.url).searchParams.get("site"));
const places = [...document.querySelectorAll("[data-replies]")];
const nameOf = (place) => place.dataset.replies || place.closest("a").href.split("#")[0];

function* requests() {
  let some = [];
  let query = "";
  for (const place of places) {
    const more = new URLSearchParams({ thread: nameOf(place) }).toString();
    if (some.length === MOST || (query && query.length + more.length > LONGEST)) {
      yield [some, query];
      [some, query] = [[], ""];
    }
    some.push(place);
    query += query ? `&${more}` : more;
  }
  if (query) yield [some, query];
}

async function show(some, query) {
  const { counts } = await api.get(`counts?${query}`);
  for (const place of some) {
    const count = counts[nameOf(place)];
    place.textContent = count ? tn("%(count)s reply", "%(count)s replies", count) : t("No replies yet");
  }
}

await speak(document.documentElement.lang || "en");
for (const [some, query] of requests()) show(some, query);
