/** What else can be done with a comment: quote it, copy the link to it. */
import { action, linkTo, make } from "./kit.js";

/** Return the menu of a comment, a form so that Escape closes it like any other dialog. */
export function menu(entry) {
  const { language, rules } = entry.thread;
  const { gettext } = language;
  const quoted = selectionIn(entry);
  const open = !entry.thread.closed && entry.comment.depth < rules.max_depth;
  const said = make("span", { role: "status" });
  const quote = action(quoted ? gettext("Quote what is selected") : gettext("Quote"), () => {
    entry.close();
    entry.thread.form.moveTo(entry, quoted || entry.article.querySelector(".body").innerText);
  });
  const copy = action(gettext("Copy link"), async () => said.replaceChildren(...(await copied(linkTo(entry.comment.id), gettext))));
  const close = make("button", { type: "reset", class: "quiet", "data-cancel": true }, gettext("Close"));
  return make("form", { class: "dialog menu", part: "dialog" }, make("p", { class: "buttons" }, open && quote, copy, close), said);
}

/** Copy a link; where the browser does not let us, return it in a field to be copied by hand. */
async function copied(link, gettext) {
  try {
    await navigator.clipboard.writeText(link);
    return [gettext("The link is copied.")];
  } catch {
    return [make("input", { type: "text", readonly: true, value: link, "aria-label": gettext("Link to this reply"), onfocus: ({ target }) => target.select() })];
  }
}

/** Return what is selected in the comment's text, if anything is. */
function selectionIn({ article, thread }) {
  const root = thread.element.shadowRoot;
  const selection = root.getSelection?.() || document.getSelection();
  const body = article.querySelector(".body");
  const inside = (node) => node && body.contains(node);
  return inside(selection?.anchorNode) && inside(selection.focusNode) ? String(selection).trim() : "";
}
