/** Client of the public API of one site. */
import { gettext, locale } from "./i18n.js";
import { storage } from "./storage.js";

export const BASE = new URL(".", import.meta.url);

/** An error response (RFC 9457): a message for the reader, and `errors` for single fields. */
export class ApiError extends Error {
  constructor(problem, status) {
    super(problem.detail || gettext("Something went wrong. Please try again."));
    this.errors = problem.errors || [];
    this.status = status;
  }
}

export class Api {
  constructor(site) {
    this.site = site;
  }

  /** What proves which comments this browser posted: edit tokens and status URLs, by comment id. */
  get own() {
    return storage.read(`own ${this.site}`, {});
  }

  /** Fetch a path relative to the site's API, or a link from one of its responses. */
  async get(path) {
    return this.request(path, {});
  }

  async post(path, payload) {
    return this.request(path, { method: "POST", payload });
  }

  /** Send a request. Returns parsed JSON, or null for 204. Throws ApiError. */
  async request(path, { method = "GET", payload }) {
    const headers = { "Accept-Language": locale };
    const tokens = Object.values(this.own).map((own) => own.token);
    if (tokens.length) headers["X-Edit-Token"] = tokens.join(",");
    if (payload) headers["Content-Type"] = "application/json";
    const url = new URL(path, new URL(`api/v1/sites/${this.site}/`, BASE));
    const body = payload && JSON.stringify(payload);
    const response = await fetch(url, { method, headers, body, credentials: "omit" });
    const content = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new ApiError(content, response.status);
    return content;
  }
}
