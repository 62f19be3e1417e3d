/** Go to the comment that the address names. */
import { focusOn } from "./dom.js";
import { explain } from "./api.js";
import { linkedComment } from "./page.js";

/** Mark and focus a comment, loading its page of the thread where needed. Where it is gone, the reader is told. */
export async function goTo(thread, id = linkedComment()) {
  // The page may have comments of its own, with anchors like ours.
  if (!id || document.getElementById(`comment-${id}`)) return;
  const entry = thread.entries.get(id) || (await load(thread, id));
  if (!entry || thread.signal.aborted) return;
  thread.section.querySelector(".marked")?.classList.remove("marked");
  entry.item.classList.add("marked");
  entry.unfold();
  focusOn(entry.item, { seen: entry.article, block: "center" });
}

async function load(thread, id) {
  const { gettext } = thread.language;
  try {
    thread.show(await thread.loadPage(id));
    thread.showOwn();
  } catch (error) {
    if (thread.signal.aborted) return null;
    if (![400, 404].includes(error.status)) return thread.announce(explain(error, thread.language));
  }
  if (!thread.entries.has(id)) thread.announce(gettext("The reply that this link leads to is gone."));
  return thread.entries.get(id);
}
