/**
 * <leave-a-reply site="gazette"></leave-a-reply>: a thread of comments and the form to join it.
 *
 * The element follows its page: it shows another thread when its attributes or the page's address say
 * so, and ends all that it began when it is removed. docs/embedding.md documents its attributes, custom
 * properties, parts, events and methods. It sets no cookies and sends requests to the service alone.
 */
import { make } from "./dom.js";
import { localeOf } from "./i18n.js";
import { Look } from "./look.js";
import { tellOwner } from "./owner.js";
import { Page, watchDocument } from "./page.js";
import { SHEET } from "./styles.js";
import { Thread } from "./thread.js";

const ORDERS = ["newest", "oldest", "best"];
const REFRESH = 60; // seconds
const PATIENCE = 5000; // milliseconds until the owner is told that something is missing

class LeaveAReply extends HTMLElement {
  static observedAttributes = ["site", "thread", "url", "page-title", "lang", "sort", "refresh", "sign-on", "theme"];

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET];
      this.shadowRoot.append(make("slot"), make("slot", { name: "leave-a-reply-look", hidden: true }));
      this.page = new Page(this);
    }
    this.schedule();
  }

  disconnectedCallback() {
    this.schedule();
  }

  attributeChangedCallback() {
    if (this.page) this.schedule();
  }

  /** Follow the page once what changes it has ended: frameworks set attributes one by one, and move elements. */
  schedule() {
    this.scheduled ??= setTimeout(() => {
      this.scheduled = null;
      this.follow();
    });
  }

  follow() {
    if (!this.isConnected) return this.stop();
    this.watch();
    const site = this.page.attribute("site");
    if (!site) return this.clear();
    const wanted = { site, name: this.page.name, locale: localeOf(this.page.language), signOn: this.page.attribute("sign-on") };
    const options = { order: this.order, refresh: this.refresh };
    if (this.shown === JSON.stringify(wanted)) return this.thread.setOptions(options);
    this.shown = JSON.stringify(wanted);
    this.start({ ...wanted, ...options });
  }

  /** Watch the document, from when the element is put there until it is removed. */
  watch() {
    if (this.watching) return;
    this.watching = new AbortController();
    const { signal } = this.watching;
    watchDocument(() => this.schedule(), signal);
    this.look = new Look(this, signal);
    const timer = setTimeout(() => this.page.attribute("site") || tellOwner("the attribute “site” is missing."), PATIENCE);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  start(options) {
    this.thread?.end();
    this.thread = new Thread(this, options);
    this.shadowRoot.prepend(this.thread.section);
    this.look.read();
    return this.thread.start();
  }

  clear() {
    this.thread?.end();
    this.shown = null;
  }

  stop() {
    this.watching?.abort();
    this.watching = null;
    this.clear();
  }

  /** The owner's own content of the element, which shows until there is a thread, and where none can be had. */
  get fallback() {
    return this.shadowRoot.querySelector("slot:not([name])");
  }

  /** Load the thread again, with its rules. Resolves when it is shown, or can't be. */
  async reload() {
    clearTimeout(this.scheduled);
    this.scheduled = this.shown = null;
    this.follow();
    await this.thread?.started;
  }

  get order() {
    const order = this.page.attribute("sort").toLowerCase();
    if (order && !ORDERS.includes(order)) tellOwner(`sort="${order}" is none of ${ORDERS.join(", ")}.`);
    return ORDERS.includes(order) ? order : ORDERS[0];
  }

  /** Seconds between two looks for new replies; 0 for none. */
  get refresh() {
    const given = this.page.attribute("refresh");
    const seconds = given ? Number(given) : REFRESH;
    if (seconds >= 0) return seconds;
    tellOwner(`refresh="${given}" is no number of seconds.`);
    return REFRESH;
  }

  /** Dispatch an event that the page may listen to. */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`leave-a-reply:${name}`, { bubbles: true, composed: true, detail }));
  }
}

// A page may have the script twice.
if (!customElements.get("leave-a-reply")) customElements.define("leave-a-reply", LeaveAReply);
