/** A comment in its place: who wrote it, when and what, what can be done about it, its replies. */
import { action, bring, make, render, unseen } from "./dom.js";
import { ago, moment, t, tn } from "./words.js";
import { avatar } from "./avatar.js";
import { editor, question, reporter } from "./dialogs.js";
import { votes } from "./votes.js";

const WAITING = ["pending", "held"];

/** Text that other people chose must not turn the text around it. */
export const named = (comment, attributes = {}) => make("bdi", attributes, comment.author_name || t("Anonymous"));

export class Entry {
  constructor(comment, section) {
    this.section = section;
    this.item = make("li", { id: `comment-${comment.id}` });
    this.replies = make("ol", { class: "comments" });
    this.more = make("p", { class: "more" });
    this.show(comment);
    this.add(comment.replies || []);
    this.leadOn(comment.replies_next, comment.replies_left);
  }

  get own() {
    return this.section.api.own[this.comment.id];
  }

  get minutesToEdit() {
    return this.section.rules.edit_minutes - (Date.now() - new Date(this.comment.created_at)) / 60000;
  }

  /** Show a comment, or what has become of it. */
  show(comment) {
    this.comment = comment;
    const gone = comment.status === "deleted";
    this.article = gone ? make("p", { class: "tombstone" }, t("This reply is gone.")) : this.write(comment);
    this.item.replaceChildren(this.article, this.replies, this.more);
  }

  add(replies) {
    this.replies.append(...replies.map((reply) => this.section.entry(reply).item));
  }

  /** Offer the replies of the branch that are not shown yet, if there are any. */
  leadOn(next, left) {
    const words = () => tn("Show %(count)s more reply", "Show %(count)s more replies", left);
    this.more.replaceChildren(...(next ? [action(words(), () => this.section.loadBranch(this, next))] : []));
  }

  write(comment) {
    const name = named(comment, { class: "author", part: "author" });
    const written = new Date(comment.created_at);
    const time = make("time", { datetime: comment.created_at, title: moment(written) }, ago(written));
    const edited = comment.edited_at && make("small", { title: moment(new Date(comment.edited_at)) }, t("edited"));
    this.body = render(make("div", { class: "body", dir: "auto", part: "body" }), comment.body_html);
    return make(
      "article",
      { class: "comment", part: "comment", "aria-label": t("Reply by %(name)s", { name: name.textContent }) },
      avatar(comment.avatar),
      make(
        "header",
        {},
        comment.author_url ? make("a", { href: comment.author_url, rel: "nofollow ugc noopener" }, name) : name,
        make("a", { class: "when", href: `#comment-${comment.id}` }, time),
        edited,
      ),
      WAITING.includes(comment.status) && this.waiting(),
      this.body,
      make("footer", {}, this.actions(comment)),
    );
  }

  waiting() {
    const { status_url } = this.own || {};
    const follow = status_url && make("a", { href: status_url, target: "_blank", rel: "noopener" }, t("Follow your reply"));
    return make("p", { class: "waiting" }, make("strong", {}, t("Waiting to be published. Only you see it.")), " ", follow);
  }

  actions(comment) {
    const { rules, replyTo } = this.section;
    const open = comment.status === "approved";
    const whose = () => unseen(" · ", named(comment));
    const button = (words, act) => action([words, whose()], act, { "aria-expanded": false });
    return [
      open && rules.votes && votes(comment, this.section),
      open && !rules.closed && comment.depth < rules.max_depth && action([t("Reply"), whose()], () => replyTo(this)),
      this.own && this.minutesToEdit > 0 && button(t("Edit"), (event) => this.ask(event, this.edit())),
      this.own && button(t("Delete"), (event) => this.ask(event, this.remove())),
      open && !this.own && button(t("Report"), (event) => this.ask(event, this.report())),
    ];
  }

  /** Put a question below the comment, in place of the one that stood there; again, to take it away. */
  async ask({ currentTarget: button }, dialog) {
    const asked = button.getAttribute("aria-expanded") === "true";
    this.close();
    if (asked) return;
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
    return reporter(async (typed) => {
      await this.section.api.post(`comments/${this.comment.id}/report`, typed);
      this.close();
      this.section.say(t("Thank you. The moderators will look at that reply."));
      bring(this.item);
    });
  }

  async edit() {
    const { body } = await this.section.api.get(`comments/${this.comment.id}`);
    return editor(body, async (typed) => {
      this.show({ ...this.comment, ...(await this.section.api.call(`comments/${this.comment.id}`, { method: "PATCH", content: typed })) });
      this.section.say(t("Your change is being looked at."));
      bring(this.item);
    });
  }

  remove() {
    return question(t("Delete this reply for good?"), t("Delete"), async () => {
      await this.section.api.call(`comments/${this.comment.id}`, { method: "DELETE" });
      this.show({ ...this.comment, status: "deleted" });
      this.section.say(t("Your reply is deleted."));
      bring(this.item);
    });
  }
}
