/** The public API of one site. */
import { locale, t } from "./words.js";
import { memory } from "./memory.js";

export const BASE = new URL(".", import.meta.url);

/** An answer that is an error: for people, and for the fields that it is about. */
export class Problem extends Error {
  constructor(answer, status) {
    super(answer.detail || t("Something went wrong. Please try again."));
    this.errors = answer.errors || [];
    this.status = status;
  }
}

export class Api {
  constructor(site) {
    this.site = site;
  }

  /** The comments that this browser wrote: by their ids, what proves it. */
  get own() {
    return memory.read(`own ${this.site}`, {});
  }

  /** Ask for something under the site's address, or for what an address that it gave leads to. */
  async get(path) {
    return this.call(path, {});
  }

  async post(path, content) {
    return this.call(path, { method: "POST", content });
  }

  async call(path, { method = "GET", content }) {
    const headers = { "Accept-Language": locale };
    const tokens = Object.values(this.own).map((own) => own.token);
    if (tokens.length) headers["X-Edit-Token"] = tokens.join(",");
    if (content) headers["Content-Type"] = "application/json";
    const address = new URL(path, new URL(`api/v1/sites/${this.site}/`, BASE));
    const body = content && JSON.stringify(content);
    const answer = await fetch(address, { method, headers, body, credentials: "omit" });
    const found = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) throw new Problem(found, answer.status);
    return found;
  }
}
