/**
 * How many replies each article of a list has: <a href="…/article" data-replies></a>.
 *
 * `data-replies` names the thread by the site's key, or is empty where the link's address does.
 * The site is in the script's address: counts.js?site=gazette. One request for all articles.
 */
import { Api } from "./api.js";
import { speak, t, tn } from "./words.js";

const MOST = 200; // threads in one request
const api = new Api(new URL(import.meta.url).searchParams.get("site"));
const places = [...document.querySelectorAll("[data-replies]")];
const nameOf = (place) => place.dataset.replies || place.closest("a").href.split("#")[0];

async function show(some) {
  const query = new URLSearchParams(some.map((place) => ["thread", nameOf(place)]));
  const { counts } = await api.get(`counts?${query}`);
  for (const place of some) {
    const count = counts[nameOf(place)];
    place.textContent = count ? tn("%(count)s reply", "%(count)s replies", count) : t("No replies yet");
  }
}

await speak(document.documentElement.lang || "en");
for (let i = 0; i < places.length; i += MOST) show(places.slice(i, i + MOST));
