/** Load more of a thread: the pages before and after, and the rest of a branch. All throw ApiError. */

/** Append the next page, and focus its first comment. */
async function loadMore(thread) {
  const page = await thread.api.get(thread.next);
  thread.add(page);
  focus(thread, page.results[0]);
}

/** Prepend the previous page, and keep the scroll position of what was there. */
async function loadBefore(thread) {
  const anchor = thread.list.firstElementChild;
  const page = await thread.api.get(thread.previous);
  const top = anchor.getBoundingClientRect().top;
  thread.addBefore(page);
  focus(thread, page.results.at(-1));
  scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
}

/** Load more replies of a branch, each below its parent. */
async function loadBranch(thread, top, url) {
  const { results, next, left } = await thread.api.get(url);
  const added = results.filter(({ id }) => !thread.entries.has(id));
  for (const reply of added) (thread.entries.get(reply.parent) || top).add([reply]);
  top.offerMore(next, left);
  focus(thread, added[0]);
}

export const paging = { loadBefore, loadBranch, loadMore };

/** Focus a comment without scrolling. */
function focus(thread, comment) {
  const item = comment && thread.entries.get(comment.id)?.item;
  item?.setAttribute("tabindex", "-1");
  item?.focus({ preventScroll: true });
}
