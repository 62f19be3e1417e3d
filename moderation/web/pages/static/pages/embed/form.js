/** The form: keeps drafts, previews, shows the nudge, and submits once. */
import { action, make, setHtml } from "./dom.js";
import { checkbox, clearInvalid, completeUrl, field, markInvalid } from "./fields.js";
import { storage } from "./storage.js";
import { gettext, interpolate, locale, ngettext } from "./i18n.js";
import { authorName } from "./entry.js";
import { nudge } from "./nudge.js";
import { ApiError } from "./api.js";

const REMEMBERED = ["author_name", "author_email", "author_url"];
const MAX_TOKEN_AGE = 60 * 60 * 1000; // milliseconds after which the form token is renewed before posting
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Remove the stored name as soon as the checkbox is cleared. */
function forgetAuthor({ target }) {
  if (target.name === "remember" && !target.checked) storage.write("author", null);
}

export class ReplyForm {
  constructor(section) {
    this.section = section;
    this.place = make("div", { class: "place" });
    this.parent = null;
    this.nudged = false;
    this.setRules(section.rules);
    this.render();
    this.restore();
  }

  /** Use a form token and decoy field that the server has issued. */
  setRules(rules) {
    this.rules = rules;
    this.issuedAt = Date.now();
    if (this.decoy) this.decoy.name = rules.decoy_field;
  }

  render() {
    this.title = make("h2", { id: "leave-a-reply", part: "title" }, gettext("Leave a Reply"));
    this.body = make("textarea", { id: "body", name: "body", rows: 4, required: true, dir: "auto", part: "input", oninput: () => this.onInput() });
    this.count = make("small", { class: "count" });
    this.decoy = make("input", { type: "email", name: this.rules.decoy_field, tabindex: -1, autocomplete: "off" });
    this.alert = make("p", { class: "error wide", role: "alert" });
    this.button = make("button", { part: "button" }, gettext("Post reply"));
    this.form = make(
      "form",
      { part: "form", class: "folded", novalidate: true, "aria-labelledby": "leave-a-reply", onfocusin: () => this.unfold(), onchange: forgetAuthor, onsubmit: (event) => this.submit(event) },
      this.title,
      make("p", { class: "consent" }, this.rules.consent),
      field(gettext("Your reply"), "", this.body, "wide"),
      make("p", { class: "hint wide" }, gettext("*emphasis*, **strong**, > quotation, - list and `code` work; so do links."), " ", this.count),
      this.preview(),
      this.section.reader ? this.signedOnAuthor() : this.authorFields(),
      this.rules.notify && this.subscription(),
      make("p", { class: "aside", "aria-hidden": "true" }, make("label", {}, "Email again ", this.decoy)),
      this.alert,
      make("p", { class: "buttons wide" }, this.button),
    );
    this.place.append(this.form);
  }

  authorFields() {
    const { require_name, require_email, allow_website } = this.rules;
    const input = (name, attributes) => make("input", { id: name, name, part: "input", ...attributes });
    const secret = require_email ? gettext("not published") : gettext("optional, not published");
    return [
      field(gettext("Name"), !require_name && gettext("optional"), input("author_name", { autocomplete: "name", maxlength: 100, required: require_name, dir: "auto" })),
      field(gettext("Email"), secret, input("author_email", { type: "email", autocomplete: "email", maxlength: 254, required: require_email })),
      allow_website && field(gettext("Website"), gettext("optional"), input("author_url", { type: "url", autocomplete: "url", maxlength: 500, placeholder: "https://", onchange: completeUrl })),
      checkbox("remember", gettext("Remember me in this browser")),
    ];
  }

  signedOnAuthor() {
    return make("p", { class: "wide" }, interpolate(gettext("You write as %(name)s."), { name: make("bdi", {}, this.section.reader.name) }));
  }

  subscription() {
    const option = (value, label) => make("option", { value }, label);
    const choices = [option("", gettext("Nothing")), option("replies", gettext("Replies to mine")), option("thread", gettext("All replies on this page"))];
    return field(gettext("Send me by mail"), "", make("select", { id: "notify", name: "notify", part: "input" }, choices));
  }

  preview() {
    this.previewBody = make("div", { class: "body", dir: "auto" });
    this.panel = make("details", { class: "wide preview", part: "preview", ontoggle: () => this.updatePreview() }, make("summary", {}, gettext("Preview")), this.previewBody);
    return this.panel;
  }

  unfold() {
    this.form.classList.remove("folded");
  }

  /** Store the draft, count characters, and update an open preview after a pause in typing. */
  onInput() {
    this.unfold();
    storage.write(this.draftKey, this.body.value);
    this.updateCount();
    clearTimeout(this.previewTimer);
    this.previewTimer = setTimeout(() => this.updatePreview(), 400);
  }

  /** Count code points, as the server does, not UTF-16 code units. */
  updateCount() {
    const length = [...this.body.value].length;
    const left = this.rules.max_length - length;
    this.count.textContent =
      left < 0
        ? ngettext("%(count)s character too many", "%(count)s characters too many", -left)
        : length && ngettext("%(count)s character left", "%(count)s characters left", left);
    this.count.classList.toggle("error", left < 0);
  }

  async updatePreview() {
    if (!this.panel.open) return;
    try {
      setHtml(this.previewBody, (await this.fetchPreview()).body_html);
    } catch (error) {
      this.previewBody.textContent = error.message;
    }
  }

  /** Fetch the rendered draft, with the nudge if there is one. */
  fetchPreview() {
    const { author_name, author_url } = this.values();
    return this.section.api.post("preview", { body: this.body.value, author_name, author_url });
  }

  get draftKey() {
    return `draft ${this.section.name} ${this.parent?.comment.id || ""}`;
  }

  /** Fill in the stored draft, and the author's details where they were stored on request. */
  restore() {
    this.body.value = storage.read(this.draftKey, "");
    if (this.body.value) this.onInput();
    const author = storage.read("author", null);
    if (!author || this.section.reader) return;
    for (const name of REMEMBERED) if (this.form.elements[name]) this.form.elements[name].value = author[name] || "";
    this.form.elements.remember.checked = true;
  }

  /** Move below a comment to reply to it, or with null back to its place on the page. */
  moveTo(entry) {
    this.parent = entry;
    const cancel = action(gettext("Cancel"), () => (this.moveTo(null), entry.article.querySelector("footer .quiet").focus()));
    this.title.replaceChildren(...(entry ? [...interpolate(gettext("Reply to %(name)s"), { name: authorName(entry.comment) }), " ", cancel] : [gettext("Leave a Reply")]));
    if (entry) entry.article.after(this.form);
    else this.place.append(this.form);
    this.body.value = storage.read(this.draftKey, "");
    this.onInput();
    this.clear();
    this.nudged = false;
    if (entry) this.body.focus();
  }

  values() {
    return Object.fromEntries(new FormData(this.form));
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.clear();
    if (!this.validate()) return;
    this.setBusy(true);
    try {
      if (this.nudged || !(await this.showNudge())) await this.send();
    } catch (error) {
      this.showError(error);
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.button.setAttribute("aria-disabled", busy);
  }

  /** Show the nudge, once for each comment. Returns whether there was one. */
  async showNudge() {
    const { nudge: result } = await this.fetchPreview().catch(() => ({}));
    if (!result) return false;
    this.nudged = true;
    this.box = nudge(result, this.body.value, {
      change: () => (this.clear(), this.body.focus()),
      post: () => this.form.requestSubmit(),
    });
    this.alert.before(this.box);
    this.box.focus();
    return true;
  }

  async send() {
    if (Date.now() - this.issuedAt > MAX_TOKEN_AGE) await this.renewToken();
    // The server takes a form that is sent faster for a bot's; somebody may type that fast.
    await pause(this.issuedAt + this.rules.min_seconds * 1000 - Date.now());
    const values = this.values();
    const { thread, reader, api } = this.section;
    const comment = await api.post("comments", { ...values, parent: this.parent?.comment.id || null, thread, lang: locale, form_token: this.rules.form_token, reader_token: reader?.reader_token });
    storage.add(`own ${api.site}`, comment.id, { token: comment.edit_token, status_url: comment.status_url });
    storage.write(this.draftKey, "");
    if (!reader) storage.write("author", values.remember && Object.fromEntries(REMEMBERED.map((name) => [name, values[name]])));
    const parent = this.parent;
    this.moveTo(null);
    await this.renewToken().catch(() => {});
    this.section.posted(comment, parent);
  }

  async renewToken() {
    this.setRules(await this.section.loadRules());
  }

  /** Mark the fields that are empty or malformed. Returns whether all are valid. */
  validate() {
    for (const input of this.form.querySelectorAll("input, textarea")) {
      const { valueMissing, typeMismatch } = input.validity;
      if (valueMissing || (input === this.body && !input.value.trim())) markInvalid(input, gettext("This is needed."));
      else if (typeMismatch) markInvalid(input, input.type === "url" ? gettext("Enter an address like https://example.org.") : gettext("Enter an address like name@example.org."));
    }
    return !this.focusFirstInvalid();
  }

  /** Focus the first invalid field, and return it. */
  focusFirstInvalid() {
    const field = this.form.querySelector('[aria-invalid="true"]');
    field?.focus();
    return field;
  }

  /** Show an ApiError beside the fields that it points to (JSON Pointer), the rest above the button. */
  showError(error) {
    const isResponse = error instanceof ApiError;
    const general = [];
    for (const { pointer, detail } of isResponse ? error.errors : []) {
      const input = this.form.elements[pointer.split("/")[1]];
      if (input instanceof Element) markInvalid(input, detail);
      else general.push(detail);
    }
    if (this.focusFirstInvalid() && !general.length) return;
    const message = isResponse ? error.message : gettext("Your reply could not be sent. It is still here: try again in a moment.");
    this.alert.textContent = general.join(" ") || message;
  }

  clear() {
    this.alert.textContent = "";
    this.box?.remove();
    this.form.querySelectorAll("[aria-invalid]").forEach(clearInvalid);
  }
}
