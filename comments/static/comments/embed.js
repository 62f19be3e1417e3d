/**
 * <leave-a-reply site="gazette"></leave-a-reply>: a thread of comments and the form to join it.
 *
 * Attributes: `site` (its slug), and, where the page's own address is not what names the thread,
 * `thread` (the site's key for it) or `url`; `page-title`. No cookies, no third party.
 */
const BASE = new URL(".", import.meta.url);
const STYLES = new CSSStyleSheet();
STYLES.replaceSync("STYLES");

/** Make an element: attributes by name, `on…` as listeners, children as nodes or text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** Text that other people chose must not turn the text around it. */
const isolated = (text, attributes = {}) => make("bdi", attributes, text || "Anonymous");

class Problem extends Error {
  constructor(answer) {
    super(answer.detail || "Something went wrong. Please try again.");
    this.errors = answer.errors || [];
  }
}

/** What this browser keeps: the last draft, and the tokens of the comments it wrote. */
const memory = {
  read(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`leave-a-reply ${key}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(`leave-a-reply ${key}`, JSON.stringify(value));
    } catch {
      // Private windows may refuse; then nothing is remembered.
    }
  },
};

class LeaveAReply extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [STYLES];
    this.heading = make("h2", {}, "Replies");
    this.list = make("ol", { class: "comments", part: "comments" });
    this.more = make("p", { hidden: true }, make("button", { class: "quiet", type: "button", onclick: () => this.loadMore() }, "Older replies"));
    this.status = make("p", { class: "notice", role: "status", hidden: true });
    this.place = make("div");
    this.shadowRoot.append(make("section", { class: "leave-a-reply", part: "section" }, this.heading, this.list, this.more, this.status, this.place));
    this.load();
  }

  get site() { return this.getAttribute("site"); }

  get key() { return this.getAttribute("thread"); }

  get page() {
    const canonical = document.querySelector('link[rel="canonical"]')?.href;
    return this.getAttribute("url") || canonical || location.href.split("#")[0];
  }

  get name() { return this.key || this.page; }

  get thread() {
    const title = (this.getAttribute("page-title") || document.title).slice(0, 300);
    return { url: this.page, title, ...(this.key ? { key: this.key } : {}) };
  }

  get tokens() { return memory.read(`tokens ${this.site}`, []); }

  async call(path, options = {}) {
    const address = new URL(path, new URL(`api/v1/sites/${this.site}/`, BASE));
    const answer = await fetch(address, { credentials: "omit", ...options });
    const content = await answer.json();
    if (!answer.ok) throw new Problem(content);
    return content;
  }

  async load() {
    try {
      await Promise.all([this.loadThread(), this.loadForm()]);
    } catch (problem) {
      this.tell(problem instanceof Problem ? problem.message : "The replies can't be loaded right now.");
    }
  }

  /** Put the newest page of the thread in the place of what is shown. */
  async loadThread() {
    const query = new URLSearchParams({ thread: this.name });
    const [page, { counts }] = await Promise.all([
      this.call(`comments?${query}`, this.identified()),
      this.call(`counts?${query}`),
    ]);
    const count = counts[this.name];
    this.heading.textContent = count ? `${count} ${count === 1 ? "reply" : "replies"}` : "No replies yet";
    this.list.replaceChildren();
    this.show(page);
  }

  async loadMore() {
    try {
      const cursor = new URL(this.next).search;
      this.show(await this.call(`comments${cursor}`, this.identified()));
    } catch {
      this.tell("Older replies can't be loaded right now.");
    }
  }

  identified() {
    return this.tokens.length ? { headers: { "X-Edit-Token": this.tokens.join(",") } } : {};
  }

  show({ results, next }) {
    this.list.append(...results.map((comment) => this.item(comment)));
    this.next = next;
    this.more.hidden = !next;
  }

  item(comment) {
    const item = make("li", { id: `comment-${comment.id}` });
    item.append(comment.status === "deleted" ? make("p", { class: "tombstone" }, "This reply is gone.") : this.article(comment, item));
    if (comment.replies?.length) {
      item.append(make("ol", { class: "comments" }, ...comment.replies.map((reply) => this.item(reply))));
    }
    return item;
  }

  article(comment, item) {
    const body = make("div", { class: "body", dir: "auto", part: "body" });
    body.innerHTML = comment.body_html; // sanitised by the server, and by nothing else
    const name = isolated(comment.author_name, { class: "author" });
    const author = comment.author_url ? make("a", { href: comment.author_url, rel: "nofollow ugc noopener" }, name) : name;
    const written = new Date(comment.created_at);
    const language = document.documentElement.lang || undefined;
    const time = make("time", { datetime: comment.created_at }, written.toLocaleString(language, { dateStyle: "long", timeStyle: "short" }));
    const public_ = comment.status === "approved";
    const waiting = !public_ && make("strong", { class: "waiting" }, "Waiting to be published. Only you see it.");
    const article = make("article", { class: "comment", part: "comment" }, make("header", {}, author, time, waiting), body);
    if (public_ && this.rules && comment.depth < this.rules.max_depth && !this.rules.closed) {
      const hidden = make("span", { class: "unseen" }, " to ", isolated(comment.author_name));
      article.append(make("footer", {}, make("button", { class: "quiet", type: "button", onclick: () => this.replyTo(comment, item) }, "Reply", hidden)));
    }
    return article;
  }

  async loadForm() {
    this.rules = await this.call(`form?${new URLSearchParams({ thread: this.name })}`);
    if (this.rules.closed) return this.tell("This page takes no more replies.");
    this.form = this.makeForm();
    this.place.replaceChildren(this.form);
    await this.loadThread();
  }

  makeForm() {
    const { require_name, require_email, allow_website, decoy_field, max_length, consent } = this.rules;
    const draft = memory.read(`draft ${this.name}`, "");
    const body = make("textarea", { id: "body", name: "body", rows: 6, required: true, dir: "auto", maxlength: max_length, oninput: (event) => memory.write(`draft ${this.name}`, event.target.value) });
    body.value = draft;
    this.formTitle = make("h3", {}, "Leave a Reply");
    this.alert = make("p", { class: "error", role: "alert", hidden: true });
    this.button = make("button", {}, "Post reply");
    return make(
      "form",
      { id: "leave-a-reply", part: "form", novalidate: true, onsubmit: (event) => this.submit(event) },
      this.formTitle,
      make("p", { class: "consent" }, consent),
      this.alert,
      field("Your reply", "", body, "wide"),
      field("Name", require_name ? "" : "optional", make("input", { id: "author_name", name: "author_name", autocomplete: "name", maxlength: 100, required: require_name, dir: "auto" })),
      field("Email", require_email ? "not published" : "optional, not published", make("input", { id: "author_email", name: "author_email", type: "email", autocomplete: "email", maxlength: 254, required: require_email })),
      allow_website && field("Website", "optional", make("input", { id: "author_url", name: "author_url", type: "url", autocomplete: "url", maxlength: 500, placeholder: "https://" })),
      make("p", { class: "aside", "aria-hidden": "true" }, make("label", {}, "Email again ", make("input", { type: "email", name: decoy_field, tabindex: -1, autocomplete: "off" }))),
      make("p", { class: "wide" }, this.button, make("small", { class: "hint" }, "*emphasis*, **strong**, > quotation, and links work.")),
    );
  }

  replyTo(comment, item) {
    this.parent = comment.id;
    const cancel = make("a", { href: "#", onclick: (event) => { event.preventDefault(); this.replyToPage(); } }, "Cancel");
    this.formTitle.replaceChildren("Reply to ", isolated(comment.author_name), " ", cancel);
    item.querySelector("article").after(this.form);
    this.form.elements.body.focus();
  }

  replyToPage() {
    this.parent = null;
    this.formTitle.replaceChildren("Leave a Reply");
    this.place.append(this.form);
    this.form.elements.body.focus();
  }

  async submit(event) {
    event.preventDefault();
    if (this.button.disabled) return;
    this.clearErrors();
    if (!this.form.reportValidity()) return;
    this.button.disabled = true;
    try {
      await this.send();
    } catch (problem) {
      this.showProblem(problem);
    } finally {
      this.button.disabled = false;
    }
  }

  async send() {
    const typed = Object.fromEntries(new FormData(this.form));
    const comment = await this.call("comments", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...typed, parent: this.parent || null, thread: this.thread, form_token: this.rules.form_token }),
    });
    memory.write(`tokens ${this.site}`, [comment.edit_token, ...this.tokens].slice(0, 20));
    memory.write(`draft ${this.name}`, "");
    const { author_name, author_email, author_url } = typed;
    this.parent = null;
    await this.loadForm();
    Object.assign(this.form.elements.author_name, { value: author_name });
    Object.assign(this.form.elements.author_email, { value: author_email });
    if (author_url) this.form.elements.author_url.value = author_url;
    this.tell("Thank you. Your reply is being looked at, and will appear when it is published.");
    this.shadowRoot.getElementById(`comment-${comment.id}`)?.scrollIntoView({ block: "nearest" });
  }

  showProblem(problem) {
    const known = problem instanceof Problem;
    const general = [];
    for (const { pointer, detail } of known ? problem.errors : []) {
      const input = this.form.elements[pointer.split("/")[1]];
      if (input instanceof Element) mark(input, detail);
      else general.push(detail);
    }
    const first = this.form.querySelector('[aria-invalid="true"]');
    if (first) first.focus();
    if (first && !general.length) return;
    const message = known ? problem.message : "Your reply could not be sent. It is still here: try again in a moment.";
    this.alert.textContent = general.join(" ") || message;
    this.alert.hidden = false;
  }

  clearErrors() {
    this.alert.hidden = true;
    for (const input of this.form.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
      this.form.querySelector(`#${input.id}-error`)?.remove();
    }
  }

  tell(message) {
    this.status.textContent = message;
    this.status.hidden = false;
  }
}

function field(label, note, input, kind = "") {
  return make("p", { class: `field ${kind}` }, make("label", { for: input.id }, `${label} `, note && make("small", {}, note)), input);
}

function mark(input, message) {
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.id}-error`);
  input.after(make("span", { class: "error", id: `${input.id}-error` }, message));
}

customElements.define("leave-a-reply", LeaveAReply);
