/** Send the form: check the fields, show the nudge once, post once, and say what went wrong. */
import { ApiError, explain, storage, tellOwner } from "./kit.js";
import { REMEMBERED, markInvalid } from "./fields.js";
import { followerOf } from "./follow.js";
import { nudge } from "./nudge.js";
import { solve } from "./proof.js";

const MAX_TOKEN_AGE = 10 * 60 * 1000; // milliseconds after which the form token is renewed before posting
const MAX_CHALLENGES = 3; // that are solved for one comment: one may be used up or expire, or a flood begin meanwhile
const QUIET = 400; // milliseconds for which nobody needs to be told that something is worked on
const NUDGE_LIMIT = 4; // seconds that the check before posting may take, which is a courtesy
const UNSEEN = ["thread", "form_token", "lang"]; // what is sent along and no reader can mend
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Submission {
  constructor(form, rest) {
    Object.assign(this, { form, rest, thread: form.thread, nudged: false });
    // The form token is bound to the network, which readers on the move change.
    const moved = () => (this.moved = true);
    addEventListener("online", moved, { signal: this.thread.signal });
    navigator.connection?.addEventListener("change", moved, { signal: this.thread.signal });
  }

  async submit() {
    if (this.busy) return;
    this.hideErrors();
    if (!this.validate()) return;
    this.setBusy(true);
    // What is typed from now on is another text, and may be another reply's or page's.
    const { draftKey, parent } = this.form;
    const draft = { draftKey, parent, page: this.thread.page.reference, values: this.rest.values() };
    try {
      if (this.nudged || !(await this.showNudge())) await this.send(draft);
    } catch (error) {
      this.showError(error);
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.rest.button.setAttribute("aria-disabled", busy);
  }

  hideErrors() {
    const { nudged } = this;
    this.rest.clear();
    this.nudged = nudged;
  }

  /** Show the nudge, once for each comment. Returns whether there was one; nothing else stops a post. */
  async showNudge() {
    const { alert, body, form } = this.form;
    const text = body.value;
    const { nudge: found } = await this.rest.fetchPreview({ seconds: NUDGE_LIMIT }).catch(() => ({}));
    if (!found) return false;
    this.nudged = true;
    this.box = nudge(found, text, this.thread.language, {
      change: () => (this.hideErrors(), body.focus()),
      post: () => form.requestSubmit(),
    });
    alert.before(this.box);
    this.box.focus();
    return true;
  }

  forgetNudge() {
    this.box?.remove();
    this.nudged = false;
  }

  async send({ draftKey, page, parent, values }) {
    const { form, thread } = this;
    const { reader } = thread;
    // After a failure the same token makes sure that what did arrive is not stored twice.
    if (!this.unanswered && (this.moved || Date.now() - form.issuedAt > MAX_TOKEN_AGE)) await this.renewToken();
    const comment = await this.postSolved(() => ({ ...values, [this.rest.decoy.name]: this.rest.decoy.value, parent: parent?.comment.id || null, thread: page, lang: thread.locale, form_token: form.rules.form_token, reader_token: reader?.reader_token }));
    this.keep(comment, values);
    // Who has gone on writing meanwhile, or elsewhere, keeps that, and is not taken away from it.
    if (storage.read(draftKey, "") === values.body) storage.write(draftKey, "");
    const isHere = form.draftKey === draftKey;
    const goesOn = !isHere || form.body.value !== values.body;
    if (!goesOn) form.moveTo(null);
    else if (isHere) this.rest.clear();
    if (thread.signal.aborted) return;
    followerOf(thread).posted(comment, parent, { isSought: !goesOn });
    // Without a new token now, the next reply begins by asking for one.
    await this.renewToken().catch(() => (this.moved = true));
  }

  /** Keep in this browser what proves whose comment it is, and the author's details on request. */
  keep(comment, values) {
    const { api, name, reader } = this.thread;
    storage.add(`own ${api.site}`, comment.id, { token: comment.edit_token, status_url: comment.status_url, thread: name });
    if (!reader) storage.write("author", values.remember && Object.fromEntries(REMEMBERED.map((field) => [field, values[field]])));
  }

  /** Post what `payload` returns once the form's challenge is solved, if it has one; a refused one is solved anew. */
  async postSolved(payload) {
    const { form } = this;
    for (let tries = 1; ; tries += 1) {
      const altcha = await this.solved();
      // The server takes a form that is sent faster for a bot's; somebody may type that fast.
      await pause(form.issuedAt + form.rules.min_seconds * 1000 - Date.now());
      try {
        return await this.post({ ...payload(), altcha });
      } catch (error) {
        if (error.code !== "challenge-unsolved" || tries === MAX_CHALLENGES) throw error;
        await this.renewToken();
      }
    }
  }

  /** Begin to solve the form's challenge, once; there is one in a flood alone. */
  solve() {
    const { challenge } = this.form.rules;
    if (this.work?.challenge === challenge) return;
    this.work = challenge && { challenge, solution: solve(challenge, this.thread.signal) };
  }

  /** Return the solution; who waits for it is told. Undefined where there is no challenge. */
  async solved() {
    this.solve();
    if (!this.work) return undefined;
    const { gettext } = this.thread.language;
    const { working } = this.rest;
    const timer = setTimeout(() => (working.textContent = gettext("One moment: many replies come in just now, so your browser solves a small task before it posts yours.")), QUIET);
    const solution = await this.work.solution;
    clearTimeout(timer);
    working.textContent = "";
    return solution;
  }

  async post(payload) {
    this.unanswered = true;
    try {
      const comment = await this.thread.api.post("comments", payload);
      this.unanswered = false;
      return comment;
    } catch (error) {
      if (error.status) this.unanswered = error.status >= 500;
      throw error;
    }
  }

  async renewToken() {
    this.thread.rules = await this.thread.loadRules();
    this.form.issuedAt = Date.now();
    this.moved = false;
    this.rest.decoy.name = this.form.rules.decoy_field;
  }

  /** Mark the fields that are empty or malformed. Returns whether all are valid. */
  validate() {
    const { gettext } = this.thread.language;
    const { body, form } = this.form;
    for (const input of form.querySelectorAll("input, textarea")) {
      const { valueMissing, typeMismatch } = input.validity;
      if (valueMissing || (input === body && !input.value.trim())) markInvalid(input, gettext("This is needed."));
      else if (typeMismatch) markInvalid(input, input.type === "url" ? gettext("Enter an address like https://example.org.") : gettext("Enter an address like name@example.org."));
    }
    return !this.focusFirstInvalid();
  }

  /** Focus the first invalid field, and return it. */
  focusFirstInvalid() {
    const field = this.form.form.querySelector('[aria-invalid="true"]');
    field?.focus();
    return field;
  }

  /**
   * Show an error beside the fields that it points to (JSON Pointer), the rest above the button. What is
   * wrong with something that nobody sees, such as the page's title, is the owner's to know.
   */
  showError(error) {
    const { gettext } = this.thread.language;
    const { alert, form } = this.form;
    this.thread.tellError(error);
    const general = [];
    const errors = error.errors || [];
    for (const { pointer, detail } of errors) {
      const name = pointer.split("/")[1];
      const input = form.elements[name];
      if (UNSEEN.includes(name)) tellOwner(`${pointer}: ${detail}`);
      else if (input instanceof Element && input !== this.rest.decoy) markInvalid(input, detail);
      else general.push(detail);
    }
    if (this.focusFirstInvalid() && !general.length) return;
    const isTold = error instanceof ApiError && error.status && error.status < 500 && error.status !== 404 && !error.isForOwner && !errors.length;
    alert.textContent = general.join(" ") || (isTold ? explain(error, this.thread.language) : gettext("Your reply could not be sent. It is still here: try again in a moment."));
  }
}
