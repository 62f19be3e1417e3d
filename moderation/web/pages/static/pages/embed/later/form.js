/** The rest of the form, which comes when somebody begins to write: fields, preview, counter, buttons. */
import { explain, interpolate, make, setHtml, storage } from "./kit.js";
import { REMEMBERED, checkbox, clearInvalid, completeUrl, field } from "./fields.js";
import { Submission } from "./submit.js";

// Attributes by which browsers and password managers leave a field alone.
const UNFILLED = { autocomplete: "off", "data-1p-ignore": true, "data-lpignore": "true", "data-bwignore": true, "data-form-type": "other" };
const typed = {}; // what was typed about the author, while the page is open

/** Add what a form lacks to be sent. */
export const completeForm = (form) => new FormRest(form);

class FormRest {
  constructor(form) {
    this.form = form;
    this.thread = form.thread;
    this.language = form.language;
    this.submission = new Submission(form, this);
    this.render();
    this.restoreAuthor();
    this.updateCount();
  }

  render() {
    const { gettext } = this.language;
    const { alert, body, form, rules } = this.form;
    this.count = make("small", { class: "count" });
    this.decoy = make("input", { type: "text", name: rules.decoy_field, tabindex: -1, ...UNFILLED });
    this.button = make("button", { part: "button" }, gettext("Post reply"));
    this.working = make("span", { class: "working", role: "status" });
    body.addEventListener("input", () => clearInvalid(body));
    form.addEventListener("input", (event) => this.onEdit(event));
    const parts = [
      make("p", { class: "hint wide" }, gettext("*emphasis*, **strong**, > quotation, - list and `code` work; so do links."), " ", this.count),
      this.preview(),
      this.thread.reader ? this.signedOnAuthor() : this.authorFields(),
      rules.notify && this.subscription(),
      make("p", { class: "aside", "aria-hidden": "true" }, make("label", {}, gettext("Leave this field empty"), " ", this.decoy)),
    ];
    alert.before(...parts.flat().filter(Boolean));
    alert.after(make("p", { class: "buttons wide" }, this.button, this.working));
  }

  authorFields() {
    const { gettext } = this.language;
    const { require_name, require_email, allow_website } = this.form.rules;
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
    return make("p", { class: "wide" }, interpolate(this.language.gettext("You write as %(name)s."), { name: make("bdi", {}, this.thread.reader.name) }));
  }

  subscription() {
    const { gettext } = this.language;
    const option = (value, label) => make("option", { value }, label);
    const choices = [option("", gettext("Nothing")), option("replies", gettext("Replies to mine")), option("thread", gettext("All replies on this page"))];
    return field(gettext("Send me by mail"), "", make("select", { id: "notify", name: "notify", part: "input" }, choices));
  }

  preview() {
    this.previewBody = make("div", { class: "body", dir: "auto" });
    this.panel = make("details", { class: "wide preview", part: "preview", ontoggle: () => this.updatePreview() }, make("summary", {}, this.language.gettext("Preview")), this.previewBody);
    return this.panel;
  }

  /** Count characters, and update an open preview after a pause in typing. */
  onInput() {
    this.updateCount();
    this.submission.solve();
    clearTimeout(this.previewTimer);
    this.previewTimer = setTimeout(() => this.updatePreview(), 400);
  }

  /** Keep what is typed about the author; nothing of that is stored longer than somebody asks for. */
  onEdit({ target }) {
    this.form.alert.textContent = "";
    if (REMEMBERED.includes(target.name)) typed[target.name] = target.value;
    if (target.name === "remember" && !target.checked) storage.write("author", null);
  }

  /** Count code points, as the server does, not UTF-16 code units. */
  updateCount() {
    const { ngettext } = this.language;
    const length = [...this.form.body.value].length;
    const left = this.form.rules.max_length - length;
    const words = () => (left < 0 ? ngettext("%(count)s character too many", "%(count)s characters too many", -left) : ngettext("%(count)s character left", "%(count)s characters left", left));
    this.count.textContent = length ? words() : "";
    this.count.classList.toggle("error", left < 0);
  }

  async updatePreview() {
    if (!this.panel.open || !this.panel.isConnected) return;
    try {
      setHtml(this.previewBody, (await this.fetchPreview()).body_html);
    } catch (error) {
      this.previewBody.textContent = explain(error, this.language);
    }
  }

  /** Fetch the rendered draft, with the nudge if there is one. */
  fetchPreview(options) {
    const { author_name, author_url } = this.values();
    return this.thread.api.post("preview", { body: this.form.body.value, author_name, author_url }, options);
  }

  /** Fill in the author's details where they were stored on request, or typed while the page is open. */
  restoreAuthor() {
    const { elements } = this.form.form;
    const author = storage.read("author", null);
    if (this.thread.reader) return;
    for (const name of REMEMBERED) if (elements[name]) elements[name].value = typed[name] ?? author?.[name] ?? "";
    elements.remember.checked = !!author;
  }

  values() {
    return Object.fromEntries(new FormData(this.form.form));
  }

  /** Take away errors and the nudge, which is shown once for each comment. */
  clear() {
    this.form.alert.textContent = "";
    this.submission.forgetNudge();
    this.form.form.querySelectorAll("[aria-invalid]").forEach(clearInvalid);
  }
}
