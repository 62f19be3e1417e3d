/**
 * <leave-a-reply site="gazette"></leave-a-reply>: a thread of comments and the form to join it.
 *
 * docs/embedding.md documents its attributes, custom properties, parts and events. It sets no cookies and
 * sends requests to the service alone.
 */
import { Api } from "./api.js";
import { action, focusOn, make } from "./dom.js";
import { Entry } from "./entry.js";
import { ReplyForm } from "./form.js";
import { direction, gettext, loadCatalog, locale, ngettext } from "./i18n.js";
import { startPolling } from "./polling.js";

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLES); // thread.css, minified; the build defines it

class LeaveAReply extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET];
    this.section = make("section", { class: "leave-a-reply", part: "section", "aria-busy": true });
    this.status = make("p", { class: "notice", role: "status", part: "notice" });
    this.shadowRoot.append(this.section);
    this.api = new Api(this.getAttribute("site"));
    this.sort = this.getAttribute("sort") || "newest";
    this.replyTo = (entry) => this.form.moveTo(entry);
    this.start();
  }

  /** The identifier of the thread: the site's key for it, or the page's URL. */
  get name() {
    return this.getAttribute("thread") || this.page;
  }

  get page() {
    const canonical = document.querySelector('link[rel="canonical"]')?.href;
    return this.getAttribute("url") || canonical || location.href.split("#")[0];
  }

  get thread() {
    const key = this.getAttribute("thread");
    return { ...(key ? { key } : {}), url: this.page, title: this.getAttribute("page-title") || document.title };
  }

  /** Load everything in parallel, then render it in one step, so that the layout does not shift. */
  async start() {
    try {
      const catalog = loadCatalog(this.closest("[lang]")?.lang || "en");
      const [, page, rules] = await Promise.all([catalog, this.loadPage(), this.loadRules(), this.signOn()]);
      this.rules = rules;
      this.render();
      this.show(page);
      this.goTo(location.hash);
      addEventListener("hashchange", () => this.goTo(location.hash));
      startPolling(this);
    } catch (error) {
      this.section.replaceChildren(this.status);
      this.announce(error.status ? error.message : gettext("The replies can't be loaded right now."));
    }
    this.section.removeAttribute("aria-busy");
    this.section.lang = locale;
    this.section.dir = direction;
  }

  /** Exchange the site's single sign-on token for a reader token that comments are posted with. */
  async signOn() {
    const token = this.getAttribute("sign-on");
    if (!token) return;
    this.reader = await this.api.post("sign-on", { token }).catch(() => null);
    this.signOnFailed = !this.reader;
  }

  loadRules() {
    return this.api.get(`form?${new URLSearchParams({ thread: this.name })}`);
  }

  /** Fetch a page of the thread: the first one, or the one that begins with the branch of comment `around`. */
  loadPage(around) {
    const query = new URLSearchParams({ thread: this.name, sort: this.sort, ...(around ? { around } : {}) });
    return this.api.get(`comments?${query}`);
  }

  render() {
    this.entries = new Map();
    this.heading = make("h2", { id: "replies", part: "title" });
    this.news = make("p", { class: "news", role: "status" });
    this.list = make("ol", { class: "comments", part: "comments" });
    this.before = make("p", { class: "more" }, action(gettext("Previous replies"), () => this.loadBefore()));
    this.more = make("p", { class: "more" }, action(gettext("More replies"), () => this.loadMore()));
    this.form = this.rules.closed ? null : new ReplyForm(this);
    if (this.rules.closed) this.announce(gettext("This page takes no more replies."));
    else if (this.signOnFailed) this.announce(gettext("You could not be signed on. Load this page again, or write as a guest."));
    this.section.replaceChildren(...(this.form ? [this.form.place] : []), this.status, make("header", { class: "bar" }, this.heading, this.sorter()), this.news, this.before, this.list, this.more);
  }

  sorter() {
    const orders = { newest: gettext("Newest first"), oldest: gettext("Oldest first"), ...(this.rules.votes ? { best: gettext("Best first") } : {}) };
    const options = Object.entries(orders).map(([value, label]) => make("option", { value, selected: value === this.sort }, label));
    const change = ({ target }) => ((this.sort = target.value), this.reload());
    return make("label", { class: "sort" }, make("span", { class: "unseen" }, gettext("Order of replies")), make("select", { part: "input", onchange: change }, options));
  }

  /** Replace the thread with a page of it. */
  show(page) {
    const { count } = page;
    this.count = count;
    this.heading.textContent = count ? ngettext("%(count)s reply", "%(count)s replies", count) : gettext("No replies yet");
    if (this.form?.parent) this.form.moveTo(null);
    this.news.replaceChildren();
    this.entries.clear();
    this.list.replaceChildren();
    this.add(page);
    this.addBefore({ ...page, results: [] });
    this.emit("loaded", { count });
  }

  add({ results, next }) {
    this.list.append(...this.items(results));
    this.next = next;
    this.more.hidden = !next;
  }

  addBefore({ results, previous }) {
    this.list.prepend(...this.items(results));
    this.previous = previous;
    this.before.hidden = !previous;
  }

  /** Return list items for the comments that are not shown yet. */
  items(results) {
    return results.filter(({ id }) => !this.entries.has(id)).map((comment) => this.entry(comment).item);
  }

  entry(comment) {
    const entry = new Entry(comment, this);
    this.entries.set(comment.id, entry);
    return entry;
  }

  async reload() {
    try {
      this.show(await this.loadPage());
    } catch (error) {
      this.announce(error.message);
    }
  }

  /** Append the next page, and focus its first comment. */
  async loadMore() {
    await this.extend(this.next, (page) => (this.add(page), page.results[0]));
  }

  /** Prepend the previous page, and keep the scroll position of what was there. */
  async loadBefore() {
    const anchor = this.list.firstElementChild;
    const top = anchor.getBoundingClientRect().top;
    await this.extend(this.previous, (page) => (this.addBefore(page), page.results.at(-1)));
    scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** Load more replies of a branch, each below its parent. */
  async loadBranch(top, url) {
    await this.extend(url, ({ results, next, left }) => {
      const added = results.filter(({ id }) => !this.entries.has(id));
      for (const reply of added) (this.entries.get(reply.parent) || top).add([reply]);
      top.offerMore(next, left);
      return added[0];
    });
  }

  /** Fetch a page, and focus the comment that `add` returns, without scrolling. */
  async extend(url, add) {
    try {
      const first = add(await this.api.get(url));
      const item = first && this.entries.get(first.id)?.item;
      item?.setAttribute("tabindex", "-1");
      item?.focus({ preventScroll: true });
    } catch {
      this.announce(gettext("More replies can't be loaded right now."));
    }
  }

  /** Show a comment that was posted here, and poll for its decision. */
  posted(comment, parent) {
    const entry = this.entry(comment);
    if (parent) parent.replies.append(entry.item);
    else this.list.prepend(entry.item);
    this.announce(gettext("Thank you. Your reply is being looked at, and will appear when it is published."));
    focusOn(entry.item);
    this.emit("posted", { id: comment.id, parent: comment.parent });
    this.awaitDecision(entry);
  }

  async awaitDecision(entry) {
    for (const seconds of [2, 4, 8, 16, 32]) {
      await new Promise((done) => setTimeout(done, seconds * 1000));
      const comment = await this.api.get(`comments/${entry.comment.id}`).catch(() => entry.comment);
      if (comment.status === "pending") continue;
      if (comment.status === "approved") {
        entry.show(comment);
        this.announce(gettext("Your reply is published."));
      } else if (comment.status === "held") this.announce(gettext("A moderator will look at your reply before it is published."));
      return;
    }
  }

  /** Mark and focus the comment that a URL's hash names, loading its page where needed. */
  async goTo(hash) {
    const id = hash.match(/^#comment-([\w-]+)$/)?.[1];
    const entry = id && (this.entries.get(id) || (await this.loadComment(id)));
    if (!entry) return;
    this.section.querySelector(".marked")?.classList.remove("marked");
    entry.item.classList.add("marked");
    focusOn(entry.item);
  }

  /** Load the page that holds a comment. */
  async loadComment(id) {
    const page = await this.loadPage(id).catch(() => null);
    if (page) this.show(page);
    return this.entries.get(id);
  }

  /** Show a message, which screen readers announce. */
  announce(message) {
    this.status.replaceChildren(message);
  }

  /** Dispatch an event that the page may listen to. */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`leave-a-reply:${name}`, { bubbles: true, composed: true, detail }));
  }
}

customElements.define("leave-a-reply", LeaveAReply);
