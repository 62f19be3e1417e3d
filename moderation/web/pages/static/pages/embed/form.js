/** The form: writes drafts down, shows how they will look, says a gentle word, and posts once. */
import { action, make, render } from "./dom.js";
import { choice, complete, field, mark, unmark } from "./fields.js";
import { memory } from "./memory.js";
import { locale, phrase, t, tn } from "./words.js";
import { named } from "./entry.js";
import { nudge } from "./nudge.js";
import { Problem } from "./api.js";

const REMEMBERED = ["author_name", "author_email", "author_url"];
const FRESH = 60 * 60 * 1000; // milliseconds for which a form is taken without a second thought
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Forget at once who does not want to be remembered any more. */
function forget({ target }) {
  if (target.name === "remember" && !target.checked) memory.write("author", null);
}

export class ReplyForm {
  constructor(section) {
    this.section = section;
    this.place = make("div", { class: "place" });
    this.parent = null;
    this.nudged = false;
    this.issue(section.rules);
    this.write();
    this.recall();
  }

  /** Take note of a form that the server has issued. */
  issue(rules) {
    this.rules = rules;
    this.issuedAt = Date.now();
    if (this.decoy) this.decoy.name = rules.decoy_field;
  }

  write() {
    this.title = make("h2", { id: "leave-a-reply", part: "title" }, t("Leave a Reply"));
    this.body = make("textarea", { id: "body", name: "body", rows: 4, required: true, dir: "auto", part: "input", oninput: () => this.typed() });
    this.count = make("small", { class: "count" });
    this.decoy = make("input", { type: "email", name: this.rules.decoy_field, tabindex: -1, autocomplete: "off" });
    this.alert = make("p", { class: "error wide", role: "alert" });
    this.button = make("button", { part: "button" }, t("Post reply"));
    this.form = make(
      "form",
      { part: "form", class: "folded", novalidate: true, "aria-labelledby": "leave-a-reply", onfocusin: () => this.unfold(), onchange: forget, onsubmit: (event) => this.submit(event) },
      this.title,
      make("p", { class: "consent" }, this.rules.consent),
      field(t("Your reply"), "", this.body, "wide"),
      make("p", { class: "hint wide" }, t("*emphasis*, **strong**, > quotation, - list and `code` work; so do links."), " ", this.count),
      this.preview(),
      this.section.reader ? this.signedOn() : this.author(),
      this.rules.notify && this.notify(),
      make("p", { class: "aside", "aria-hidden": "true" }, make("label", {}, "Email again ", this.decoy)),
      this.alert,
      make("p", { class: "buttons wide" }, this.button),
    );
    this.place.append(this.form);
  }

  author() {
    const { require_name, require_email, allow_website } = this.rules;
    const input = (name, attributes) => make("input", { id: name, name, part: "input", ...attributes });
    const secret = require_email ? t("not published") : t("optional, not published");
    return [
      field(t("Name"), !require_name && t("optional"), input("author_name", { autocomplete: "name", maxlength: 100, required: require_name, dir: "auto" })),
      field(t("Email"), secret, input("author_email", { type: "email", autocomplete: "email", maxlength: 254, required: require_email })),
      allow_website && field(t("Website"), t("optional"), input("author_url", { type: "url", autocomplete: "url", maxlength: 500, placeholder: "https://", onchange: complete })),
      choice("remember", t("Remember me in this browser")),
    ];
  }

  signedOn() {
    return make("p", { class: "wide" }, phrase("You write as %(name)s.", { name: make("bdi", {}, this.section.reader.name) }));
  }

  notify() {
    const option = (value, words) => make("option", { value }, words);
    const choices = [option("", t("Nothing")), option("replies", t("Replies to mine")), option("thread", t("All replies on this page"))];
    return field(t("Send me by mail"), "", make("select", { id: "notify", name: "notify", part: "input" }, choices));
  }

  preview() {
    this.shown = make("div", { class: "body", dir: "auto" });
    this.panel = make("details", { class: "wide preview", part: "preview", ontoggle: () => this.look() }, make("summary", {}, t("Preview")), this.shown);
    return this.panel;
  }

  unfold() {
    this.form.classList.remove("folded");
  }

  /** Keep what was typed, count it, and show how it will look if that is being looked at. */
  typed() {
    this.unfold();
    memory.write(this.draft, this.body.value);
    this.tally();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(), 400);
  }

  /** Count characters as the server does: not the halves of those beyond 16 bits. */
  tally() {
    const length = [...this.body.value].length;
    const left = this.rules.max_length - length;
    this.count.textContent =
      left < 0
        ? tn("%(count)s character too many", "%(count)s characters too many", -left)
        : length && tn("%(count)s character left", "%(count)s characters left", left);
    this.count.classList.toggle("error", left < 0);
  }

  async look() {
    if (!this.panel.open) return;
    try {
      render(this.shown, (await this.ask()).body_html);
    } catch (problem) {
      this.shown.textContent = problem.message;
    }
  }

  ask() {
    const { author_name, author_url } = this.read();
    return this.section.api.post("preview", { body: this.body.value, author_name, author_url });
  }

  get draft() {
    return `draft ${this.section.name} ${this.parent?.comment.id || ""}`;
  }

  /** Show what this browser keeps: the draft, and a name if that was wished. */
  recall() {
    this.body.value = memory.read(this.draft, "");
    if (this.body.value) this.typed();
    const author = memory.read("author", null);
    if (!author || this.section.reader) return;
    for (const name of REMEMBERED) if (this.form.elements[name]) this.form.elements[name].value = author[name] || "";
    this.form.elements.remember.checked = true;
  }

  /** Move below a comment, to reply to it; or, without one, back to the page's own place. */
  moveTo(entry) {
    this.parent = entry;
    const cancel = action(t("Cancel"), () => (this.moveTo(null), entry.article.querySelector("footer .quiet").focus()));
    this.title.replaceChildren(...(entry ? [...phrase("Reply to %(name)s", { name: named(entry.comment) }), " ", cancel] : [t("Leave a Reply")]));
    if (entry) entry.article.after(this.form);
    else this.place.append(this.form);
    this.body.value = memory.read(this.draft, "");
    this.typed();
    this.clear();
    this.nudged = false;
    if (entry) this.body.focus();
  }

  read() {
    return Object.fromEntries(new FormData(this.form));
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.clear();
    if (!this.check()) return;
    this.wait(true);
    try {
      if (this.nudged || !(await this.nudge())) await this.send();
    } catch (problem) {
      this.complain(problem);
    } finally {
      this.wait(false);
    }
  }

  wait(busy) {
    this.busy = busy;
    this.button.setAttribute("aria-disabled", busy);
  }

  /** Say once how readers may take it; true when something was said. */
  async nudge() {
    const { nudge: found } = await this.ask().catch(() => ({}));
    if (!found) return false;
    this.nudged = true;
    this.box = nudge(found, this.body.value, {
      change: () => (this.clear(), this.body.focus()),
      post: () => this.form.requestSubmit(),
    });
    this.alert.before(this.box);
    this.box.focus();
    return true;
  }

  async send() {
    if (Date.now() - this.issuedAt > FRESH) await this.renew();
    // A form that comes back at once is taken for a machine's; somebody may type that fast.
    await pause(this.issuedAt + this.rules.min_seconds * 1000 - Date.now());
    const typed = this.read();
    const { thread, reader, api } = this.section;
    const comment = await api.post("comments", { ...typed, parent: this.parent?.comment.id || null, thread, lang: locale, form_token: this.rules.form_token, reader_token: reader?.reader_token });
    memory.add(`own ${api.site}`, comment.id, { token: comment.edit_token, status_url: comment.status_url });
    memory.write(this.draft, "");
    if (!reader) memory.write("author", typed.remember && Object.fromEntries(REMEMBERED.map((name) => [name, typed[name]])));
    const parent = this.parent;
    this.moveTo(null);
    await this.renew().catch(() => {});
    this.section.posted(comment, parent);
  }

  async renew() {
    this.issue(await this.section.loadRules());
  }

  /** Mark what is missing or can't be right; true when there is nothing. */
  check() {
    for (const input of this.form.querySelectorAll("input, textarea")) {
      const { valueMissing, typeMismatch } = input.validity;
      if (valueMissing || (input === this.body && !input.value.trim())) mark(input, t("This is needed."));
      else if (typeMismatch) mark(input, input.type === "url" ? t("Enter an address like https://example.org.") : t("Enter an address like name@example.org."));
    }
    return !this.first();
  }

  first() {
    const wrong = this.form.querySelector('[aria-invalid="true"]');
    wrong?.focus();
    return wrong;
  }

  complain(problem) {
    const known = problem instanceof Problem;
    const general = [];
    for (const { pointer, detail } of known ? problem.errors : []) {
      const input = this.form.elements[pointer.split("/")[1]];
      if (input instanceof Element) mark(input, detail);
      else general.push(detail);
    }
    if (this.first() && !general.length) return;
    const message = known ? problem.message : t("Your reply could not be sent. It is still here: try again in a moment.");
    this.alert.textContent = general.join(" ") || message;
  }

  clear() {
    this.alert.textContent = "";
    this.box?.remove();
    this.form.querySelectorAll("[aria-invalid]").forEach(unmark);
  }
}
