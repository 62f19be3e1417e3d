/** Poll for new replies, while the page is visible. */
import { action, focusOn } from "./dom.js";
import { gettext, ngettext } from "./i18n.js";

const DEFAULT_INTERVAL = 60; // seconds

/** Count replies at an interval; announce new ones, which are loaded on a click, since text must not jump. */
export function startPolling(section) {
  const seconds = Number(section.getAttribute("refresh") ?? DEFAULT_INTERVAL);
  if (!seconds) return;
  const query = new URLSearchParams({ thread: section.name });

  async function poll() {
    if (document.hidden || !section.isConnected) return;
    const { counts } = await section.api.get(`counts?${query}`).catch(() => ({ counts: {} }));
    const fresh = counts[section.name] - section.count;
    if (fresh > 0 && fresh !== section.fresh) announce(fresh);
    section.fresh = fresh;
  }

  function announce(fresh) {
    section.news.replaceChildren(ngettext("%(count)s new reply", "%(count)s new replies", fresh), " — ", action(gettext("Show"), show));
  }

  async function show() {
    const known = new Set(section.entries.keys());
    await section.reload();
    const [first] = [...section.entries].filter(([id]) => !known.has(id)).map(([, entry]) => entry);
    if (first) focusOn(first.item);
  }

  setInterval(poll, seconds * 1000);
}
