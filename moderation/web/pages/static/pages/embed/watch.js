/** Looking out for new replies: politely, and only while the page is being looked at. */
import { action, bring } from "./dom.js";
import { t, tn } from "./words.js";

const USUAL = 60; // seconds

/** Ask now and then how many replies there are; say so when there are more, and show them at a click. */
export function watch(section) {
  const seconds = Number(section.getAttribute("refresh") ?? USUAL);
  if (!seconds) return;
  const query = new URLSearchParams({ thread: section.name });

  async function look() {
    if (document.hidden || !section.isConnected) return;
    const { counts } = await section.api.get(`counts?${query}`).catch(() => ({ counts: {} }));
    const fresh = counts[section.name] - section.count;
    if (fresh > 0 && fresh !== section.fresh) announce(fresh);
    section.fresh = fresh;
  }

  function announce(fresh) {
    section.news.replaceChildren(tn("%(count)s new reply", "%(count)s new replies", fresh), " — ", action(t("Show"), show));
  }

  async function show() {
    const known = new Set(section.entries.keys());
    await section.reload();
    const [first] = [...section.entries].filter(([id]) => !known.has(id)).map(([, entry]) => entry);
    if (first) bring(first.item);
  }

  setInterval(look, seconds * 1000);
}
