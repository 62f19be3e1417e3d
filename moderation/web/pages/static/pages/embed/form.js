/**
 * The form: its text, where it stands, and the drafts, one for each comment that may be replied to.
 *
 * The other fields, and what sends it, come when somebody begins to write (`later/form.js`).
 */
import { action, alertBox, make, setHtml } from "./dom.js";
import { explain } from "./api.js";
import { authorName } from "./entry.js";
import { interpolate } from "./i18n.js";
import { later } from "./later.js";
import { storage } from "./storage.js";

export class ReplyForm {
  constructor(thread) {
    this.thread = thread;
    this.place = make("div", { class: "place" });
    this.parent = null;
    this.issuedAt = Date.now(); // when the form token was
    this.render();
    this.loadDraft();
    if (this.body.value) this.complete();
  }

  get language() {
    return this.thread.language;
  }

  get rules() {
    return this.thread.rules;
  }

  render() {
    const { gettext } = this.language;
    const { consent, guidelines, prompt } = this.rules;
    this.title = make("h2", { id: "leave-a-reply", part: "title" });
    this.body = make("textarea", { id: "body", name: "body", rows: 4, required: true, dir: "auto", part: "input", oninput: () => this.onInput() });
    this.alert = alertBox("wide");
    this.form = make(
      "form",
      { part: "form", novalidate: true, onfocusin: () => this.complete(), onsubmit: (event) => this.submit(event) },
      this.title,
      guidelines && setHtml(make("div", { class: "guidelines wide", part: "guidelines", dir: "auto" }), guidelines),
      prompt && make("p", { class: "prompt wide", part: "prompt", dir: "auto" }, prompt),
      make("p", { class: "consent" }, consent),
      make("p", { class: "field wide", part: "field" }, make("label", { for: "body" }, gettext("Your reply")), this.body),
      this.alert,
    );
    this.place.append(this.form);
    this.setTitle();
  }

  setTitle() {
    const { gettext } = this.language;
    const entry = this.parent;
    const words = entry ? interpolate(gettext("Reply to %(name)s"), { name: authorName(entry.comment, this.language) }) : [gettext("Leave a Reply")];
    const cancel = entry && action(gettext("Cancel"), () => (this.moveTo(null), entry.focusReply()), { "data-cancel": true });
    this.form.setAttribute("aria-label", this.thread.page.label(words.map((part) => part.textContent ?? part).join("")));
    this.title.replaceChildren(...words, ...(cancel ? [" ", cancel] : []));
  }

  /** Load the rest of the form, once. Where that fails the text stays, and the reader is told. */
  complete() {
    this.completing ??= later().then(
      (bundle) => {
        this.alert.textContent = "";
        this.rest = bundle.completeForm(this);
      },
      (error) => {
        this.completing = null;
        this.alert.textContent = explain(error, this.language);
      },
    );
    return this.completing;
  }

  async submit(event) {
    event.preventDefault();
    await this.complete();
    await this.rest?.submission.submit();
  }

  /** Store the draft. */
  onInput() {
    storage.write(this.draftKey, this.body.value);
    if (this.rest) this.rest.onInput();
    else this.complete();
  }

  get draftKey() {
    return `draft ${this.thread.api.site} ${this.thread.name} ${this.parent?.comment.id || ""}`;
  }

  loadDraft() {
    this.body.value = storage.read(this.draftKey, "");
    this.rest?.onInput();
  }

  /** Move below a comment to reply to it, or with null back to its place on the page. */
  moveTo(entry, quotation = "") {
    this.parent = entry;
    this.setTitle();
    if (entry) entry.article.after(this.form);
    else this.place.append(this.form);
    this.rest?.clear();
    this.loadDraft();
    if (!entry) return;
    this.quote(quotation);
    this.body.focus();
  }

  /** Put a quotation behind what is there. */
  quote(text) {
    if (!text) return;
    const before = this.body.value.trimEnd();
    this.body.value = `${before}${before && "\n\n"}${text.trim().replace(/^/gm, "> ")}\n\n`;
    this.onInput();
  }

  /** Stay below the comment that is replied to when the list was replaced, or stand in front of the list. */
  stay() {
    if (!this.parent) return;
    this.parent = this.thread.entries.get(this.parent.comment.id) || this.parent;
    if (this.parent.item.isConnected) this.parent.article.after(this.form);
    else this.place.append(this.form);
  }

  /** Return a function that gives the focus back to where it is now in the form, if it is there. */
  holdFocus() {
    const focused = this.thread.element.shadowRoot.activeElement;
    if (!this.form.contains(focused)) return null;
    const { selectionStart, selectionEnd } = focused;
    return () => {
      focused.focus({ preventScroll: true });
      if (focused === this.body) focused.setSelectionRange(selectionStart, selectionEnd);
    };
  }
}
