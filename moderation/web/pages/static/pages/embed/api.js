/** Client of the public API of one site. */
import { storage } from "./storage.js";
import { tellOwner } from "./owner.js";

export const BASE = new URL(".", import.meta.url);
const PROBLEM = "urn:problem-type:leave-a-reply:";
const SECONDS = { GET: 15, others: 30 }; // until a request is given up
// Codes of problems that the page's owner alone can mend.
const FOR_THE_OWNER = ["site-unknown", "foreign-origin", "page-unusable", "page-foreign"];

/**
 * A request that failed. `status` is 0 without an answer, `code` that of the problem (RFC 9457), or
 * "timeout" or "unreachable"; `detail` and `errors` are for the reader, where the service said anything.
 */
export class ApiError extends Error {
  constructor(code, { status = 0, detail = "", errors = [] } = {}) {
    super(code);
    Object.assign(this, { code, status, detail, errors });
  }

  get isForOwner() {
    return FOR_THE_OWNER.includes(this.code);
  }
}

/** Return what a reader is told of any error: words of the service or ours, never those of an exception. */
export function explain(error, { gettext }) {
  const { status, code, detail } = error;
  if (!(error instanceof ApiError)) console.error(error);
  else if (!status) return navigator.onLine ? gettext("That took too long or can't be reached. Please try again in a moment.") : gettext("You are offline. Please try again when you are connected.");
  else if (status === 404) return gettext("This reply is gone.");
  else if (detail && status < 500 && !error.isForOwner) return error.errors[0]?.detail || detail;
  else if (status === 413) return gettext("That is more than can be sent. Please shorten it.");
  else if (status === 429) return gettext("That was often. Try again in a minute.");
  return gettext("Something went wrong. Please try again.");
}

export class Api {
  /** `signal` ends what is read; what is sent is sent to the end. */
  constructor(site, locale, signal) {
    Object.assign(this, { site, locale, signal });
  }

  /** What proves which comments this browser posted: edit tokens and status URLs, by comment id. */
  get own() {
    return storage.read(`own ${this.site}`, {});
  }

  /** Fetch a path relative to the site's API, or a link from one of its responses. */
  async get(path) {
    return this.request(path, {});
  }

  async post(path, payload, options = {}) {
    return this.request(path, { method: "POST", payload, ...options });
  }

  /** Send a request. Returns parsed JSON, or null for 204. Throws ApiError, at the latest after its time. */
  async request(path, { method = "GET", payload, seconds = SECONDS[method] || SECONDS.others }) {
    const limit = new AbortController();
    const end = () => limit.abort();
    const timer = setTimeout(end, seconds * 1000);
    if (method === "GET") this.signal.addEventListener("abort", end, { once: true });
    try {
      const { url, ...request } = this.prepare(path, { method, payload });
      const response = await fetch(url, { ...request, signal: limit.signal });
      if (response.ok) return response.status === 204 ? null : await response.json();
      throw await this.problem(response);
    } catch (error) {
      throw this.failure(error, limit.signal);
    } finally {
      clearTimeout(timer);
      this.signal.removeEventListener("abort", end);
    }
  }

  prepare(path, { method, payload }) {
    const headers = { "Accept-Language": this.locale };
    const tokens = Object.values(this.own).map((own) => own.token);
    if (tokens.length) headers["X-Edit-Token"] = tokens.join(",");
    if (payload) headers["Content-Type"] = "application/json";
    // A proxy may serve us below a path that links in our answers lack.
    const root = `api/v1/sites/${encodeURIComponent(this.site)}/`;
    const url = new URL(root + path.split(`/${root}`).at(-1), BASE);
    return { url, method, headers, body: payload && JSON.stringify(payload), credentials: "omit" };
  }

  /** Return the error of a response: a problem of ours, or what some proxy has to say, which nobody reads. */
  async problem(response) {
    const { status } = response;
    const { type, detail, errors } = (await response.json().catch(() => null)) || {};
    if (!type?.startsWith(PROBLEM)) return new ApiError("error", { status });
    const error = new ApiError(type.slice(PROBLEM.length), { status, detail, errors });
    if (error.isForOwner) tellOwner(detail);
    return error;
  }

  failure(error, { aborted }) {
    if (error instanceof ApiError) return error;
    if (aborted) return new ApiError("timeout");
    if (error instanceof SyntaxError) return new ApiError("error", { status: 502 });
    if (navigator.onLine) tellOwner(`${BASE} can't be reached, or does not allow this page: is the service up, is “${this.site}” the slug of the site, and is ${location.origin} among its origins?`);
    return new ApiError("unreachable");
  }
}
