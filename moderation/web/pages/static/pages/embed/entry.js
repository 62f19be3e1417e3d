/** A comment in the thread: author, date, text, actions and replies. */
import { action, focusOn, make, setHtml, visuallyHidden } from "./dom.js";
import { formatAge, formatDateTime, gettext, interpolate, ngettext } from "./i18n.js";
import { avatar } from "./avatar.js";
import { confirmDialog, editDialog, reportDialog } from "./dialogs.js";
import { votes } from "./votes.js";

const AWAITING_REVIEW = ["pending", "held"];

/** Return the author's name in a <bdi>, so that it can't change the direction of the text around it. */
export const authorName = (comment, attributes = {}) => make("bdi", attributes, comment.author_name || gettext("Anonymous"));

export class Entry {
  constructor(comment, section) {
    this.section = section;
    this.item = make("li", { id: `comment-${comment.id}` });
    this.replies = make("ol", { class: "comments" });
    this.more = make("p", { class: "more" });
    this.show(comment);
    this.add(comment.replies || []);
    this.offerMore(comment.replies_next, comment.replies_left);
  }

  get own() {
    return this.section.api.own[this.comment.id];
  }

  get minutesToEdit() {
    return this.section.rules.edit_minutes - (Date.now() - new Date(this.comment.created_at)) / 60000;
  }

  /** Show a comment, or a tombstone where it was deleted. */
  show(comment) {
    this.comment = comment;
    const deleted = comment.status === "deleted";
    this.article = deleted ? make("p", { class: "tombstone" }, gettext("This reply is gone.")) : this.render(comment);
    this.item.replaceChildren(this.article, this.replies, this.more);
  }

  add(replies) {
    this.replies.append(...replies.map((reply) => this.section.entry(reply).item));
  }

  /** Show a button that loads the rest of the branch, where there is more. `next` is its URL. */
  offerMore(next, left) {
    const label = () => ngettext("Show %(count)s more reply", "Show %(count)s more replies", left);
    this.more.replaceChildren(...(next ? [action(label(), () => this.section.loadBranch(this, next))] : []));
  }

  render(comment) {
    const name = authorName(comment, { class: "author", part: "author" });
    const createdAt = new Date(comment.created_at);
    const time = make("time", { datetime: comment.created_at, title: formatDateTime(createdAt) }, formatAge(createdAt));
    const edited = comment.edited_at && make("small", { title: formatDateTime(new Date(comment.edited_at)) }, gettext("edited"));
    this.body = setHtml(make("div", { class: "body", dir: "auto", part: "body" }), comment.body_html);
    return make(
      "article",
      { class: "comment", part: "comment", "aria-label": interpolate(gettext("Reply by %(name)s"), { name: name.textContent }).join("") },
      avatar(comment.avatar),
      make(
        "header",
        {},
        comment.author_url ? make("a", { href: comment.author_url, rel: "nofollow ugc noopener" }, name) : name,
        make("a", { class: "when", href: `#comment-${comment.id}` }, time),
        edited,
      ),
      AWAITING_REVIEW.includes(comment.status) && this.pendingNote(),
      this.body,
      make("footer", {}, this.actions(comment)),
    );
  }

  pendingNote() {
    const { status_url } = this.own || {};
    const follow = status_url && make("a", { href: status_url, target: "_blank", rel: "noopener" }, gettext("Follow your reply"));
    return make("p", { class: "waiting" }, make("strong", {}, gettext("Waiting to be published. Only you see it.")), " ", follow);
  }

  actions(comment) {
    const { rules, replyTo } = this.section;
    const open = comment.status === "approved";
    // Screen readers list buttons apart from their comments.
    const whose = () => visuallyHidden(" · ", authorName(comment));
    const button = (label, onclick) => action([label, whose()], onclick, { "aria-expanded": false });
    return [
      open && rules.votes && votes(comment, this.section),
      open && !rules.closed && comment.depth < rules.max_depth && action([gettext("Reply"), whose()], () => replyTo(this)),
      this.own && this.minutesToEdit > 0 && button(gettext("Edit"), (event) => this.open(event, this.edit())),
      this.own && button(gettext("Delete"), (event) => this.open(event, this.remove())),
      open && !this.own && button(gettext("Report"), (event) => this.open(event, this.report())),
    ];
  }

  /** Open a dialog below the comment in place of any other; a second click on its button closes it. */
  async open({ currentTarget: button }, dialog) {
    const wasOpen = button.getAttribute("aria-expanded") === "true";
    this.close();
    if (wasOpen) return;
    button.setAttribute("aria-expanded", "true");
    this.dialog = await dialog;
    this.dialog.addEventListener("reset", () => (this.close(), button.focus()));
    this.article.append(this.dialog);
    this.dialog.querySelector("textarea, input, button").focus();
  }

  close() {
    this.dialog?.remove();
    for (const button of this.article.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
  }

  report() {
    return reportDialog(async (values) => {
      await this.section.api.post(`comments/${this.comment.id}/report`, values);
      this.close();
      this.section.announce(gettext("Thank you. The moderators will look at that reply."));
      focusOn(this.item);
    });
  }

  async edit() {
    const { body } = await this.section.api.get(`comments/${this.comment.id}`);
    return editDialog(body, async (values) => {
      this.show({ ...this.comment, ...(await this.section.api.request(`comments/${this.comment.id}`, { method: "PATCH", payload: values })) });
      this.section.announce(gettext("Your change is being looked at."));
      focusOn(this.item);
    });
  }

  remove() {
    return confirmDialog(gettext("Delete this reply for good?"), gettext("Delete"), async () => {
      await this.section.api.request(`comments/${this.comment.id}`, { method: "DELETE" });
      this.show({ ...this.comment, status: "deleted" });
      this.section.announce(gettext("Your reply is deleted."));
      focusOn(this.item);
    });
  }
}
