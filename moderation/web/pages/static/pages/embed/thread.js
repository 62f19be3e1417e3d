/** A thread that is shown: its comments, their order, and all that ends with it. */
import { action, alertBox, make } from "./dom.js";
import { Api, ApiError, explain } from "./api.js";
import { Entry } from "./entry.js";
import { ReplyForm } from "./form.js";
import { loadLanguage } from "./i18n.js";
import { onKey } from "./keys.js";
import { later } from "./later.js";
import { goTo } from "./linked.js";

const TICK = 10_000; // milliseconds between two looks at the clock

export class Thread {
  constructor(element, { site, name, locale, signOn, order, refresh }) {
    Object.assign(this, { element, name, locale, signOn, order, attribute: order, refresh });
    this.ending = new AbortController();
    this.signal = this.ending.signal;
    this.api = new Api(site, locale, this.signal);
    this.entries = new Map();
    this.timers = {};
    this.clock = 0; // milliseconds by which the server's clock is ahead of the reader's
    this.section = make("section", { class: "leave-a-reply", part: "section", "aria-busy": true });
    this.section.addEventListener("keydown", onKey);
    this.status = make("p", { class: "notice", role: "status", part: "notice" });
    this.alert = alertBox();
  }

  get page() {
    return this.element.page;
  }

  /** Whether this reader may not write here. */
  get closed() {
    return this.rules.closed || (this.rules.members_only && !this.reader);
  }

  /** The time by the server's clock. */
  get now() {
    return Date.now() + this.clock;
  }

  start() {
    this.started = this.load();
    return this.started;
  }

  /** Load everything in parallel, then render it in one step, so that the layout does not shift. */
  async load() {
    const language = loadLanguage(this.locale);
    try {
      const [page, rules] = await Promise.all([this.loadPage(), this.loadRules(), this.signOnReader()]);
      this.language = await language;
      if (this.signal.aborted) return;
      this.rules = rules;
      this.render();
      this.show(page);
      this.element.emit("ready", { count: this.count });
      this.live();
    } catch (error) {
      this.language = await language;
      if (!this.signal.aborted) this.fail(error);
    }
    const { locale, direction } = this.language;
    this.section.removeAttribute("aria-busy");
    Object.assign(this.section, { lang: locale, dir: direction });
  }

  /** Begin all that goes on while the thread is shown. */
  live() {
    this.showOwn();
    goTo(this);
    this.poll();
    addEventListener("hashchange", () => goTo(this), { signal: this.signal });
    this.every("clock", TICK, () => this.entries.forEach((entry) => entry.tick()));
  }

  /** Look for new replies at an interval, while the page is seen. */
  poll() {
    this.every("polling", this.refresh * 1000, () => document.hidden || later().then((bundle) => bundle.poll(this), () => {}));
  }

  /** Call back at an interval, in place of the former timer of that name; 0 for never. */
  every(name, milliseconds, callback) {
    clearInterval(this.timers[name]);
    this.timers[name] = milliseconds && !this.signal.aborted && setInterval(callback, milliseconds);
  }

  /** End all requests, timers and listeners, and leave the page. */
  end() {
    this.ending.abort();
    Object.values(this.timers).forEach(clearInterval);
    this.section.remove();
  }

  /** Say calmly that there is no thread now, with a way to try again; the owner's own link shows, too. */
  fail(error) {
    const { gettext } = this.language;
    const again = action(gettext("Try again"), () => this.element.reload());
    this.status.append(gettext("The replies can't be loaded right now."), " ", again);
    this.section.append(this.status);
    this.element.fallback.hidden = false;
    addEventListener("online", () => this.element.reload(), { signal: this.signal });
    this.tellError(error);
  }

  /** Tell the page, not the reader, of an error. */
  tellError(error) {
    if (!(error instanceof ApiError)) console.error(error);
    this.element.emit("error", { code: error.code || "error", status: error.status || 0 });
  }

  /** Exchange the site's single sign-on token for a reader token that comments are posted with. */
  async signOnReader() {
    if (!this.signOn) return;
    this.reader = await this.api.post("sign-on", { token: this.signOn }).catch(() => null);
    this.signOnFailed = !this.reader;
  }

  async loadRules() {
    const rules = await this.api.get(`form?${new URLSearchParams({ thread: this.name })}`);
    if (rules.now) this.clock = new Date(rules.now) - Date.now();
    return rules;
  }

  /** Fetch a page of the thread: the first one, or the one that begins with the branch of comment `around`. */
  loadPage(around) {
    const query = new URLSearchParams({ thread: this.name, sort: this.order, ...(around ? { around } : {}) });
    return this.api.get(`comments?${query}`);
  }

  render() {
    const { gettext } = this.language;
    this.heading = make("h2", { id: "replies", part: "title" });
    this.news = make("p", { class: "news", role: "status" });
    this.list = make("ol", { class: "comments", part: "comments" });
    this.before = make("p", { class: "more" }, action(gettext("Previous replies"), () => this.extend(this.before, "loadBefore")));
    this.more = make("p", { class: "more" }, action(gettext("More replies"), () => this.extend(this.more, "loadMore")));
    this.form = this.closed ? null : new ReplyForm(this);
    this.section.setAttribute("aria-label", this.page.label(gettext("Replies")));
    if (this.closed) this.announce(this.rules.closed_message);
    else if (this.signOnFailed) this.announce(gettext("You could not be signed on. Load this page again, or write as a guest."));
    this.section.append(...(this.form ? [this.form.place] : []), this.status, make("header", { class: "bar" }, this.heading, this.sorter(), this.alert), this.news, this.before, this.list, this.more);
    this.element.fallback.hidden = true;
  }

  sorter() {
    const { gettext } = this.language;
    const best = this.rules.votes || this.order === "best";
    const orders = { newest: gettext("Newest first"), oldest: gettext("Oldest first"), ...(best ? { best: gettext("Best first") } : {}) };
    const options = Object.entries(orders).map(([value, label]) => make("option", { value }, label));
    this.select = make("select", { part: "input", onchange: () => this.sortBy(this.select.value) }, options);
    this.select.value = this.order;
    return make("label", { class: "sort" }, make("span", { class: "unseen" }, gettext("Order of replies")), this.select);
  }

  /** Take over attributes that need no other thread. */
  setOptions({ order, refresh }) {
    if (this.refresh !== refresh) Object.assign(this, { refresh }).poll();
    if (this.attribute === order) return;
    this.attribute = order;
    if (this.select) this.sortBy((this.select.value = order));
    else this.order = order;
  }

  /** Show the thread in another order; the former one stays where that fails. */
  async sortBy(order) {
    const former = this.order;
    this.order = order;
    if (!(await this.refreshList())) this.select.value = this.order = former;
  }

  /** Load the first page anew. Returns whether that went well; if not, the reader is told. */
  async refreshList() {
    this.alert.textContent = "";
    try {
      this.show(await this.loadPage());
      this.showOwn();
      return true;
    } catch (error) {
      this.alert.textContent = explain(error, this.language);
      this.tellError(error);
      return false;
    }
  }

  setCount(count) {
    const { gettext, ngettext } = this.language;
    this.count = Math.max(0, count);
    this.heading.textContent = this.count ? ngettext("%(count)s reply", "%(count)s replies", this.count) : gettext("No replies yet");
  }

  /** Replace the list with a page of it. Comments that stay keep their forms, and what is typed there. */
  show(page) {
    this.setCount(page.count);
    const keepFocus = this.form?.holdFocus();
    const former = this.entries;
    this.entries = new Map();
    this.former = former;
    this.news.replaceChildren();
    this.list.replaceChildren();
    this.add(page);
    this.addBefore({ ...page, results: [] });
    this.former = null;
    this.form?.stay();
    keepFocus?.();
    this.element.emit("loaded", { count: page.count });
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
    const known = this.former?.get(comment.id);
    const entry = known || new Entry(comment, this);
    this.entries.set(comment.id, entry);
    if (known) known.update(comment);
    else entry.addAll(comment);
    return entry;
  }

  /** Load more of the thread as `later/paging.js` does; `place` is where the button for it stands. */
  async extend(place, name, ...details) {
    place.querySelector(".error")?.remove();
    try {
      await (await later()).paging[name](this, ...details);
    } catch (error) {
      place.append(make("span", { class: "error", role: "alert" }, " ", explain(error, this.language)));
      this.tellError(error);
    }
  }

  /** Show what this reader wrote here and the list leaves out, and follow what is not settled. */
  async showOwn() {
    const isUnsettled = ([id, { thread, done }]) => !done && (thread === this.name || this.entries.has(id));
    if (!Object.entries(this.api.own).some(isUnsettled)) return;
    const bundle = await later().catch(() => null);
    if (!this.signal.aborted) await bundle?.followerOf(this).gather();
  }

  announce(message) {
    this.status.replaceChildren(message);
  }
}
