/**
 * What is loaded when it is first needed: the rest of the form, dialogs, votes, and what
 * follows own and new comments (`later/`).
 *
 * They are a second bundle, which shares nothing with the first but what `kit` holds: one copy of the
 * script has one Trusted Types policy. `LATER` is the bundle's path with a hash, which the build defines.
 */
import { action, alertBox, focusOn, make, setHtml } from "./dom.js";
import { ApiError, BASE, explain } from "./api.js";
import { interpolate } from "./i18n.js";
import { linkTo } from "./page.js";
import { addStyles } from "./styles.js";
import { tellOwner } from "./owner.js";
import { stateOf } from "./states.js";
import { storage } from "./storage.js";

const TIME_LIMIT = 10_000; // milliseconds
const kit = { ApiError, action, addStyles, alertBox, explain, focusOn, interpolate, linkTo, make, setHtml, stateOf, storage, tellOwner };
let loading;
let tries = 0;

/** Return the second bundle. Rejects with an ApiError where it can't be loaded; the next call tries again. */
export function later() {
  loading ??= load();
  return loading;
}

async function load() {
  // Some browsers remember that an import failed, so another try has another address.
  const url = new URL(LATER + (tries ? `&again=${tries}` : ""), BASE);
  let timer;
  const limit = new Promise((_, fail) => (timer = setTimeout(fail, TIME_LIMIT)));
  try {
    const bundle = await Promise.race([import(url), limit]);
    bundle.use(kit);
    return bundle;
  } catch {
    loading = null;
    tries += 1;
    throw new ApiError("unreachable");
  } finally {
    clearTimeout(timer);
  }
}
