/** Which page a section is on, by its attributes or by the document, and when that changes. */
import { tellOwner } from "./owner.js";

export const ANCHOR = /#(?![/!]).*$/; // an anchor, but not a route of the page's own (#/guide, #!guide)
const COMMENT = /#comment-([\w-]+)$/;
const INTERVAL = 500; // milliseconds between two looks, in browsers without the Navigation API

/** Return the address of the page without an anchor: `<base href>` makes no difference. */
export const here = () => location.href.replace(ANCHOR, "");

/** Return the link to a comment on this page. */
export const linkTo = (id) => `${here()}#comment-${id}`;

/** Return the id of the comment that the address names, if any. */
export const linkedComment = () => location.hash.match(COMMENT)?.[1];

export class Page {
  constructor(element) {
    this.element = element;
  }

  attribute(name) {
    return this.element.getAttribute(name)?.trim() || "";
  }

  /** The site's own key for the page, or "". */
  get key() {
    return this.attribute("thread");
  }

  get url() {
    const given = this.attribute("url");
    try {
      if (given) return new URL(given, document.baseURI).href;
    } catch {
      tellOwner(`url="${given}" is no address; the page's own is used.`);
    }
    return this.canonical() || here();
  }

  /** What names the thread in the API. */
  get name() {
    return this.key || this.url;
  }

  /** Return a name for a landmark: that of the page it is about, or a number where there are several. */
  label(words) {
    const all = [...document.querySelectorAll("leave-a-reply")];
    if (all.length < 2) return words;
    return `${words}: ${this.attribute("page-title") || all.indexOf(this.element) + 1}`;
  }

  /** The thread for a new comment. */
  get reference() {
    return { ...(this.key ? { key: this.key } : {}), url: this.url, title: this.attribute("page-title") || document.title };
  }

  /**
   * Return the canonical address. A link that stays as it was while the path changes has been left behind
   * by the page's router, and does not count.
   */
  canonical() {
    const href = document.querySelector('link[rel="canonical" i]')?.href;
    if (href !== this.href) Object.assign(this, { href, path: location.pathname });
    return location.pathname === this.path ? href : "";
  }

  /** The page's language: that of the nearest `lang`, also outside of the shadow tree that we may be in. */
  get language() {
    for (let node = this.element; node; node = node.getRootNode().host) {
      const lang = node.closest("[lang]")?.lang;
      if (lang) return lang;
    }
    return "en";
  }
}

/** Call back when the address, the canonical link or a language of the document may have changed. */
export function watchDocument(changed, signal) {
  for (const event of ["popstate", "hashchange"]) addEventListener(event, changed, { signal });
  const observer = new MutationObserver(changed);
  observer.observe(document, { subtree: true, attributes: true, attributeFilter: ["lang", "rel", "href"] });
  observer.observe(document.head, { childList: true });
  const timer = window.navigation ? navigation.addEventListener("currententrychange", changed, { signal }) : setInterval(changed, INTERVAL);
  signal.addEventListener("abort", () => (observer.disconnect(), clearInterval(timer)));
}
