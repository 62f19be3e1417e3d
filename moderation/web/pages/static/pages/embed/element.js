/**
 * <leave-a-reply site="gazette"></leave-a-reply>: a thread of comments and the form to join it.
 *
 * docs/embedding.md tells of its attributes, custom properties, parts and events. No cookies, no
 * third party; nothing is asked for that the page did not place here.
 */
import { Api } from "./api.js";
import { action, bring, make } from "./dom.js";
import { Entry } from "./entry.js";
import { ReplyForm } from "./form.js";
import { direction, locale, speak, t, tn } from "./words.js";
import { watch } from "./watch.js";

const STYLES = new CSSStyleSheet();
STYLES.replaceSync("STYLES");

class LeaveAReply extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [STYLES];
    this.section = make("section", { class: "leave-a-reply", part: "section", "aria-busy": true });
    this.status = make("p", { class: "notice", role: "status", part: "notice" });
    this.shadowRoot.append(this.section);
    this.api = new Api(this.getAttribute("site"));
    this.sort = this.getAttribute("sort") || "newest";
    this.replyTo = (entry) => this.form.moveTo(entry);
    this.start();
  }

  /** What names the thread: the site's own key for it, or the page's address. */
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

  /** Load what is needed, all at once, then show it, all at once: nothing jumps. */
  async start() {
    try {
      const speaking = speak(this.closest("[lang]")?.lang || "en");
      const [, page, rules] = await Promise.all([speaking, this.loadPage(), this.loadRules(), this.signOn()]);
      this.rules = rules;
      this.write();
      this.show(page);
      this.goTo(location.hash);
      addEventListener("hashchange", () => this.goTo(location.hash));
      watch(this);
    } catch (problem) {
      this.section.replaceChildren(this.status);
      this.say(problem.status ? problem.message : t("The replies can't be loaded right now."));
    }
    this.section.removeAttribute("aria-busy");
    this.section.lang = locale;
    this.section.dir = direction;
  }

  /** Exchange the site's word on who reads for a token that comments are sent with. */
  async signOn() {
    const token = this.getAttribute("sign-on");
    if (!token) return;
    this.reader = await this.api.post("sign-on", { token }).catch(() => null);
    this.isStranger = !this.reader;
  }

  loadRules() {
    return this.api.get(`form?${new URLSearchParams({ thread: this.name })}`);
  }

  /** Ask for a page of the thread: the first one, or the one that begins with a comment's branch. */
  loadPage(around) {
    const query = new URLSearchParams({ thread: this.name, sort: this.sort, ...(around ? { around } : {}) });
    return this.api.get(`comments?${query}`);
  }

  write() {
    this.entries = new Map();
    this.heading = make("h2", { id: "replies", part: "title" });
    this.news = make("p", { class: "news", role: "status" });
    this.list = make("ol", { class: "comments", part: "comments" });
    this.before = make("p", { class: "more" }, action(t("Previous replies"), () => this.loadBefore()));
    this.more = make("p", { class: "more" }, action(t("More replies"), () => this.loadMore()));
    this.form = this.rules.closed ? null : new ReplyForm(this);
    if (this.rules.closed) this.say(t("This page takes no more replies."));
    else if (this.isStranger) this.say(t("You could not be signed on. Load this page again, or write as a guest."));
    this.section.replaceChildren(...(this.form ? [this.form.place] : []), this.status, make("header", { class: "bar" }, this.heading, this.sorter()), this.news, this.before, this.list, this.more);
  }

  sorter() {
    const orders = { newest: t("Newest first"), oldest: t("Oldest first"), ...(this.rules.votes ? { best: t("Best first") } : {}) };
    const options = Object.entries(orders).map(([value, words]) => make("option", { value, selected: value === this.sort }, words));
    const change = ({ target }) => ((this.sort = target.value), this.reload());
    return make("label", { class: "sort" }, make("span", { class: "unseen" }, t("Order of replies")), make("select", { part: "input", onchange: change }, options));
  }

  /** Put a page in the place of what is shown. */
  show(page) {
    const { count } = page;
    this.count = count;
    this.heading.textContent = count ? tn("%(count)s reply", "%(count)s replies", count) : t("No replies yet");
    if (this.form?.parent) this.form.moveTo(null);
    this.news.replaceChildren();
    this.entries.clear();
    this.list.replaceChildren();
    this.add(page);
    this.addBefore({ ...page, results: [] });
    this.tell("loaded", { count });
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

  /** Make what is not there yet. */
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
    } catch (problem) {
      this.say(problem.message);
    }
  }

  /** Add the next page below what is there, and lead on to it. */
  async loadMore() {
    await this.extend(this.next, (page) => (this.add(page), page.results[0]));
  }

  /** Add the page before above what is there, which stays where it is before the reader's eye. */
  async loadBefore() {
    const anchor = this.list.firstElementChild;
    const top = anchor.getBoundingClientRect().top;
    await this.extend(this.previous, (page) => (this.addBefore(page), page.results.at(-1)));
    scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** Add the replies of a branch that were not shown, each below what it answers. */
  async loadBranch(top, address) {
    await this.extend(address, ({ results, next, left }) => {
      const fresh = results.filter(({ id }) => !this.entries.has(id));
      for (const reply of fresh) (this.entries.get(reply.parent) || top).add([reply]);
      top.leadOn(next, left);
      return fresh[0];
    });
  }

  async extend(address, add) {
    try {
      const first = add(await this.api.get(address));
      const item = first && this.entries.get(first.id)?.item;
      item?.setAttribute("tabindex", "-1");
      item?.focus({ preventScroll: true });
    } catch {
      this.say(t("More replies can't be loaded right now."));
    }
  }

  /** Show a comment that was posted here, and what becomes of it. */
  posted(comment, parent) {
    const entry = this.entry(comment);
    if (parent) parent.replies.append(entry.item);
    else this.list.prepend(entry.item);
    this.say(t("Thank you. Your reply is being looked at, and will appear when it is published."));
    bring(entry.item);
    this.tell("posted", { id: comment.id, parent: comment.parent });
    this.follow(entry);
  }

  async follow(entry) {
    for (const seconds of [2, 4, 8, 16, 32]) {
      await new Promise((done) => setTimeout(done, seconds * 1000));
      const comment = await this.api.get(`comments/${entry.comment.id}`).catch(() => entry.comment);
      if (comment.status === "pending") continue;
      if (comment.status === "approved") {
        entry.show(comment);
        this.say(t("Your reply is published."));
      } else if (comment.status === "held") this.say(t("A moderator will look at your reply before it is published."));
      return;
    }
  }

  /** Lead to the comment that an address names, if it does. */
  async goTo(hash) {
    const id = hash.match(/^#comment-([\w-]+)$/)?.[1];
    const entry = id && (this.entries.get(id) || (await this.find(id)));
    if (!entry) return;
    this.section.querySelector(".marked")?.classList.remove("marked");
    entry.item.classList.add("marked");
    bring(entry.item);
  }

  /** Load the page on which a comment stands. */
  async find(id) {
    const page = await this.loadPage(id).catch(() => null);
    if (page) this.show(page);
    return this.entries.get(id);
  }

  say(message) {
    this.status.replaceChildren(message);
  }

  /** Tell the page what happened, as an event that it may listen to. */
  tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`leave-a-reply:${what}`, { bubbles: true, composed: true, detail }));
  }
}

customElements.define("leave-a-reply", LeaveAReply);
