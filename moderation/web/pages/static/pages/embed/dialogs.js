/** Small forms below a comment: each calls back with what was typed, and is put away by a reset. */
import { make } from "./dom.js";
import { t } from "./words.js";

/** Ask why the moderators should look at a comment. */
export function reporter(send) {
  const reasons = {
    SPAM: t("Advertising or spam"),
    ABUSE: t("Insults or abuse"),
    HATE: t("Hatred of a group"),
    THREAT: t("A threat or violence"),
    PRIVATE: t("Private data"),
    OTHER: t("Something else"),
  };
  const choices = Object.entries(reasons).map(([value, words]) =>
    make("label", { class: "choice" }, make("input", { type: "radio", name: "reason", value, required: true }), " ", words),
  );
  return dialog(
    t("Send report"),
    send,
    make("fieldset", {}, make("legend", {}, t("Why should the moderators look at this reply?")), choices),
    make("label", {}, make("span", {}, t("Anything to add?"), " ", make("small", {}, t("optional"))), make("textarea", { name: "text", rows: 2, maxlength: 1000, dir: "auto" })),
  );
}

/** Show a text to be changed. */
export function editor(body, save) {
  const text = make("textarea", { name: "body", rows: 6, required: true, dir: "auto" });
  text.value = body;
  return dialog(t("Save"), save, make("label", {}, t("Your reply"), text));
}

/** Ask before something is done that can't be undone. */
export const question = (words, yes, act) => dialog(yes, act, make("p", {}, words));

function dialog(yes, act, ...content) {
  const alert = make("p", { class: "error", role: "alert" });
  const buttons = make("p", { class: "buttons" }, make("button", { part: "button" }, yes), make("button", { type: "reset", class: "quiet" }, t("Cancel")));
  const form = make("form", { class: "dialog", part: "dialog", onsubmit: submit }, content, alert, buttons);
  let busy = false;

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await act(Object.fromEntries(new FormData(form)));
    } catch (problem) {
      alert.textContent = problem.errors?.[0]?.detail || problem.message;
    } finally {
      busy = false;
    }
  }
  return form;
}
