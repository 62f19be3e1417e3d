/** Look for new replies; announce them, and load them on a click, since text must not jump. */
import { action, focusOn } from "./kit.js";
import { followerOf } from "./follow.js";

/** Count the replies once. The reader's own are counted before anything is announced as new. */
export async function poll(thread) {
  const query = new URLSearchParams({ thread: thread.name });
  const counts = thread.api.get(`counts?${query}`).then((answer) => answer.counts, () => ({}));
  const [numbers] = await Promise.all([counts, followerOf(thread).check()]);
  const fresh = numbers[thread.name] - thread.count;
  if (Number.isNaN(fresh) || thread.signal.aborted) return;
  if (fresh <= 0) thread.news.replaceChildren();
  else if (fresh !== thread.announced) announce(thread, fresh);
  thread.announced = fresh;
}

function announce(thread, fresh) {
  const { gettext, ngettext } = thread.language;
  const show = action(gettext("Show"), () => showNew(thread));
  thread.news.replaceChildren(ngettext("%(count)s new reply", "%(count)s new replies", fresh), " — ", show);
}

async function showNew(thread) {
  const known = new Set(thread.entries.keys());
  if (!(await thread.refreshList())) return;
  const [first] = [...thread.entries].filter(([id]) => !known.has(id)).map(([, entry]) => entry);
  if (first) focusOn(first.item, { seen: first.article });
}
