// How much waits, asked for now and then: less often while nothing changes, never in a hidden tab.
const desk = document.getElementById("desk");
const SOONEST = 15_000;
const LATEST = 60_000;
const MOST = 1000;

let tag = "";
let first = null;
let wait = SOONEST;
let timer = 0;

async function count() {
  clearTimeout(timer);
  try {
    const headers = { Accept: "application/json", ...(tag && { "If-None-Match": tag }) };
    const answer = await fetch(desk.dataset.counts, { headers, cache: "no-store" });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") || "";
      wait = SOONEST;
      show(await answer.json());
    } else {
      wait = Math.min(wait * 2, LATEST);
    }
  } catch {
    wait = LATEST;
  }
  if (!document.hidden) timer = setTimeout(count, wait);
}

function show(numbers) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const [kind, name] = place.dataset.count.split(".");
    const number = name ? numbers[kind][name] : numbers[kind];
    place.textContent = number ? number.toLocaleString() : "";
  }
  const many = numbers.matching > MOST ? `more than ${MOST.toLocaleString()}` : numbers.matching;
  desk.querySelector("[data-matching]").textContent = `${many} here`;
  showHolders(numbers.holders);
  showLanguages(numbers);
  first ??= numbers.newest || "";
  document.getElementById("fresh").hidden = !numbers.newest || numbers.newest <= first;
}

function showHolders(holders) {
  const line = document.getElementById("holders");
  const minutes = (moment) => Math.max(1, Math.round((new Date(moment) - Date.now()) / 60_000));
  const told = holders.map((h) => `${h.name} ${h.number} (${minutes(h.until)} min)`);
  line.hidden = !told.length;
  line.textContent = `· Claimed: ${told.join(", ")}`;
}

function showLanguages({ languages, language_names: names }) {
  const select = desk.querySelector("[data-languages]");
  if (!select || document.activeElement === select) return;
  const chosen = select.value;
  const known = Object.entries(languages).sort(([, a], [, b]) => b - a);
  if (chosen && !languages[chosen]) known.push([chosen, 0]);
  const label = select.querySelector(`option[value="${chosen}"]`)?.textContent;
  select.replaceChildren(
    new Option("Any", ""),
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

export function watchCounts() {
  if (!desk?.dataset.counts) return;
  count();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else count();
  });
}
