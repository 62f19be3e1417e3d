/** A comment in the thread: author, date, text, actions and replies. */
import { action, alertBox, make, setHtml, visuallyHidden } from "./dom.js";
import { explain } from "./api.js";
import { avatar } from "./avatar.js";
import { stateOf } from "./states.js";
import { interpolate } from "./i18n.js";
import { later } from "./later.js";
import { goTo } from "./linked.js";
import { linkTo } from "./page.js";
import { standing } from "./standing.js";
import { votes } from "./votes.js";

/** Return the author's name in a <bdi>, so that it can't change the direction of the text around it. */
export const authorName = (comment, { gettext }, attributes = {}) => make("bdi", attributes, comment.author_name || gettext("Anonymous"));

export class Entry {
  constructor(comment, thread) {
    this.thread = thread;
    this.item = make("li", { id: `comment-${comment.id}` });
    this.replies = make("ol", { class: "comments" });
    this.more = make("p", { class: "more" });
    this.alert = alertBox();
    this.revision = 0;
    this.show(comment);
  }

  get own() {
    return this.thread.api.own[this.comment.id];
  }

  get isOpen() {
    return this.comment.status === "approved";
  }

  get isEditable() {
    const minutes = (this.thread.now - new Date(this.comment.created_at)) / 60000;
    return this.own && stateOf(this.comment) !== "not_published" && minutes < this.thread.rules.edit_minutes;
  }

  /** Show a comment, or a tombstone where it was deleted. An open dialog stays. */
  show(comment) {
    const { gettext } = this.thread.language;
    this.revision += 1;
    this.comment = comment;
    const former = this.article;
    const deleted = comment.status === "deleted";
    this.time = this.editing = this.folding = null;
    this.article = deleted ? make("p", { class: "tombstone" }, gettext("This reply is gone.")) : this.render(comment);
    if (!deleted && this.dialog) this.article.append(this.dialog);
    if (former) former.replaceWith(this.article);
    else this.item.append(this.article, this.replies, this.more);
    this.showFold();
  }

  /** Take over what a newer page of the list says; what has not changed is left as it is. */
  update(comment) {
    const changed = ["status", "body_html", "author_name", "edited_at", "pinned", "featured", "author_avatar"].some((name) => comment[name] !== this.comment[name]);
    const votesChanged = ["up", "down"].some((side) => comment.votes[side] !== this.comment.votes[side]);
    this.replies.replaceChildren();
    if (changed || votesChanged) this.show({ ...comment, state: undefined });
    this.addAll(comment);
  }

  /** Add the replies that came with a comment, and the way to the rest of them. */
  addAll(comment) {
    this.add(comment.replies || []);
    this.offerMore(comment.replies_next, comment.replies_left);
  }

  add(replies) {
    this.replies.append(...replies.map((reply) => this.thread.entry(reply).item));
    this.showFold();
  }

  /** Put an entry below this one. */
  place(entry) {
    this.replies.append(entry.item);
    this.unfold();
    this.showFold();
  }

  /** Show a button that loads the rest of the branch, where there is more. `next` is its URL. */
  offerMore(next, left) {
    const { ngettext } = this.thread.language;
    const label = () => ngettext("Show %(count)s more reply", "Show %(count)s more replies", left);
    this.more.replaceChildren(...(next ? [action(label(), () => this.thread.extend(this.more, "loadBranch", this, next))] : []));
  }

  render(comment) {
    const { language } = this.thread;
    const { formatDateTime, gettext } = language;
    const name = authorName(comment, language, { class: "author", part: "author" });
    const edited = comment.edited_at && make("small", { title: formatDateTime(new Date(comment.edited_at)) }, gettext("edited"));
    this.time = make("time", { datetime: comment.created_at, title: formatDateTime(new Date(comment.created_at)) });
    this.alert.textContent = "";
    this.footer = make("footer", {}, this.actions(comment));
    this.tick();
    return make(
      "article",
      { class: "comment", part: "comment", "aria-label": interpolate(gettext("Reply by %(name)s"), { name: name.textContent }).join("") },
      avatar(comment),
      make(
        "header",
        {},
        comment.author_url ? make("a", { href: comment.author_url, rel: "nofollow ugc noopener" }, name) : name,
        this.badges(comment),
        make("a", { class: "when", href: linkTo(comment.id), onclick: (event) => this.follow(event, comment.id) }, this.time),
        edited,
        comment.parent && this.parentLink(comment.parent),
      ),
      this.own && standing(this),
      setHtml(make("div", { class: "body", dir: "auto", part: "body" }), comment.body_html),
      this.footer,
      this.alert,
    );
  }

  badges({ author_badge, featured, pinned }) {
    const { gettext } = this.thread.language;
    const badge = (kind, text) => make("span", { class: `badge ${kind}`, part: "badge" }, text);
    return [author_badge && badge(author_badge.kind, make("bdi", {}, author_badge.label)), pinned && badge("pinned", gettext("Pinned")), featured && badge("featured", gettext("Featured"))];
  }

  parentLink(id) {
    const { language } = this.thread;
    const parent = this.thread.entries.get(id)?.comment;
    const words = interpolate(language.gettext("In reply to %(name)s"), { name: parent ? authorName(parent, language) : "…" });
    return make("a", { class: "when parent", href: linkTo(id), onclick: (event) => this.follow(event, id) }, make("span", { "aria-hidden": "true" }, "↑ "), visuallyHidden(...words), parent && make("span", { "aria-hidden": "true" }, authorName(parent, language)));
  }

  /** Follow a link to a comment on this page, whatever its `<base href>` is or its router makes of it. */
  follow(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    // Another anchor of the same document: that is told by an event, and loads nothing.
    if (location.href === linkTo(id)) goTo(this.thread, id);
    else location.assign(linkTo(id));
  }

  actions(comment) {
    const { language, rules } = this.thread;
    const { gettext } = language;
    // Screen readers list buttons apart from their comments.
    const whose = () => visuallyHidden(" · ", authorName(comment, language));
    const button = (label, dialog) => action([label, whose()], ({ currentTarget }) => this.open(currentTarget, dialog), { "aria-expanded": false });
    const replying = this.isOpen && !this.thread.closed && comment.depth < rules.max_depth;
    this.editing = this.isEditable ? button(gettext("Edit"), "edit") : null;
    this.folding = action("", () => this.fold(), { class: "quiet fold" });
    return [
      this.isOpen && rules.votes && votes(this),
      replying && action([gettext("Reply"), whose()], () => this.thread.form.moveTo(this)),
      this.editing,
      this.own && button(gettext("Delete"), "remove"),
      this.isOpen && !this.own && button(gettext("Report"), "report"),
      this.isOpen && button(gettext("More"), "menu"),
      this.folding,
    ];
  }

  /** Write the time anew, and take the offer to edit away when its time is over. */
  tick() {
    if (!this.time) return;
    this.time.textContent = this.thread.language.formatAge(new Date(this.comment.created_at), this.thread.now);
    if (this.editing && !this.isEditable) {
      if (this.opener === this.editing) return;
      this.editing.remove();
      this.editing = null;
    }
  }

  /** Hide the replies, or show them again. */
  fold(folded = !this.item.classList.contains("collapsed")) {
    this.item.classList.toggle("collapsed", folded);
    this.showFold();
  }

  /** Show the comment where a branch above it is collapsed. */
  unfold() {
    for (let entry = this; entry; entry = this.thread.entries.get(entry.comment.parent)) if (entry.item.classList.contains("collapsed")) entry.fold(false);
  }

  showFold() {
    const count = this.replies.querySelectorAll("article").length;
    if (!this.folding) return;
    const { gettext, ngettext } = this.thread.language;
    const folded = this.item.classList.contains("collapsed");
    this.folding.hidden = !count;
    this.folding.setAttribute("aria-expanded", !folded);
    this.folding.replaceChildren(folded ? ngettext("Show %(count)s reply", "Show %(count)s replies", count) : gettext("Hide replies"), visuallyHidden(" · ", authorName(this.comment, this.thread.language)));
  }

  /** Open a dialog below the comment in place of any other; a second click on its button closes it. */
  async open(button, name) {
    const again = this.opener === button;
    this.close();
    if (again) return;
    this.opener = button;
    button.setAttribute("aria-expanded", "true");
    try {
      const dialog = await (await later()).dialogs[name](this);
      if (this.opener !== button) return;
      this.dialog = dialog;
      dialog.addEventListener("reset", () => (this.close(), (button.isConnected ? button : this.item).focus()));
      this.article.append(dialog);
      dialog.querySelector("textarea, input, button").focus();
    } catch (error) {
      this.close();
      this.alert.textContent = explain(error, this.thread.language);
    }
  }

  close() {
    this.alert.textContent = "";
    this.dialog?.remove();
    this.opener?.setAttribute("aria-expanded", "false");
    this.dialog = this.opener = null;
  }

  focusReply() {
    const target = this.item.isConnected ? this.footer.querySelector("button.quiet") : this.thread.form.body;
    target?.focus();
  }
}
