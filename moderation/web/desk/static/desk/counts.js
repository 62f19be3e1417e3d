// Polls the queue's counts: with backoff while nothing changes, never in a hidden tab.
import { text } from "./texts.js";

const desk = document.getElementById("desk");
const MIN_DELAY = 15_000;
const MAX_DELAY = 60_000;
const MAX_COUNT = 1000;

let tag = "";
let first = null;
let delay = MIN_DELAY;
let timer = 0;

async function count() {
  clearTimeout(timer);
  try {
    const headers = { Accept: "application/json", ...(tag && { "If-None-Match": tag }) };
    const response = await fetch(desk.dataset.counts, { headers, cache: "no-store" });
    if (response.status === 200) {
      tag = response.headers.get("ETag") || "";
      delay = MIN_DELAY;
      show(await response.json());
    } else {
      delay = Math.min(delay * 2, MAX_DELAY);
    }
  } catch {
    delay = MAX_DELAY;
  }
  if (!document.hidden) timer = setTimeout(count, delay);
}

function show(numbers) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const [kind, name] = place.dataset.count.split(".");
    const number = name ? numbers[kind][name] : numbers[kind];
    place.textContent = number ? number.toLocaleString(document.documentElement.lang) : "";
  }
  const most = MAX_COUNT.toLocaleString(document.documentElement.lang);
  const many = numbers.matching > MAX_COUNT ? text("more than %(number)s", { number: most }) : numbers.matching;
  desk.querySelector("[data-matching]").textContent = text("%(number)s here", { number: many });
  document.dispatchEvent(new CustomEvent("desk:counted", { detail: numbers }));
  showHolders(numbers.holders);
  showLanguages(numbers);
  first ??= numbers.newest || "";
  const notice = document.getElementById("new-comments");
  notice.hidden = !numbers.newest || numbers.newest <= first;
  if (!notice.hidden && isIdle()) location.assign(notice.querySelector("a").href);
}

// Tells whether the page shows nothing, and nobody types: what is new may come by itself then.
function isIdle() {
  const busy = "#cards > .card, #desk dialog[open], #desk :is(input, select, textarea):focus";
  return !document.querySelector(busy);
}

function showHolders(holders) {
  const line = document.getElementById("holders");
  const minutes = (moment) => Math.max(1, Math.round((new Date(moment) - Date.now()) / 60_000));
  const claims = holders.map((h) => `${h.name} ${h.number} (${minutes(h.until)} min)`);
  line.hidden = !claims.length;
  line.textContent = `· ${text("Claimed: %(claims)s", { claims: claims.join(", ") })}`;
}

function showLanguages({ languages, language_names: names }) {
  const select = desk.querySelector("[data-languages]");
  if (!select || document.activeElement === select) return;
  const chosen = select.value;
  const known = Object.entries(languages).sort(([, a], [, b]) => b - a);
  if (chosen && !languages[chosen]) known.push([chosen, 0]);
  const label = select.querySelector(`option[value="${chosen}"]`)?.textContent;
  select.replaceChildren(
    new Option(text("Any"), ""),
    ...known.map(([code, n]) => new Option(`${names[code] || label} (${n})`, code)),
  );
  select.value = chosen;
}

// After a decision the numbers have changed.
export function countSoon() {
  if (!desk?.dataset.counts) return;
  clearTimeout(timer);
  timer = setTimeout(count, 800);
}

export function pollCounts() {
  if (!desk?.dataset.counts) return;
  // The page came with its numbers.
  const counted = JSON.parse(document.getElementById("counted").textContent);
  tag = counted.tag;
  show(counted.numbers);
  timer = setTimeout(count, delay);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else count();
  });
}
