/** Small forms below a comment. Each calls back with its values; the reset event closes it. */
import { make } from "./dom.js";
import { gettext } from "./i18n.js";

/** Return a form to report a comment to the moderators. */
export function reportDialog(send) {
  const reasons = {
    SPAM: gettext("Advertising or spam"),
    ABUSE: gettext("Insults or abuse"),
    HATE: gettext("Hatred of a group"),
    THREAT: gettext("A threat or violence"),
    PRIVATE: gettext("Private data"),
    OTHER: gettext("Something else"),
  };
  const choices = Object.entries(reasons).map(([value, label]) =>
    make("label", { class: "choice" }, make("input", { type: "radio", name: "reason", value, required: true }), " ", label),
  );
  return dialog(
    gettext("Send report"),
    send,
    make("fieldset", {}, make("legend", {}, gettext("Why should the moderators look at this reply?")), choices),
    make("label", {}, make("span", {}, gettext("Anything to add?"), " ", make("small", {}, gettext("optional"))), make("textarea", { name: "text", rows: 2, maxlength: 1000, dir: "auto" })),
  );
}

/** Return a form to edit a comment's Markdown. */
export function editDialog(body, save) {
  const text = make("textarea", { name: "body", rows: 6, required: true, dir: "auto" });
  text.value = body;
  return dialog(gettext("Save"), save, make("label", {}, gettext("Your reply"), text));
}

/** Return a form to confirm an action that can't be undone. */
export const confirmDialog = (message, label, onConfirm) => dialog(label, onConfirm, make("p", {}, message));

function dialog(label, onSubmit, ...content) {
  const alert = make("p", { class: "error", role: "alert" });
  const buttons = make("p", { class: "buttons" }, make("button", { part: "button" }, label), make("button", { type: "reset", class: "quiet" }, gettext("Cancel")));
  const form = make("form", { class: "dialog", part: "dialog", onsubmit: submit }, content, alert, buttons);
  let busy = false;

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await onSubmit(Object.fromEntries(new FormData(form)));
    } catch (error) {
      alert.textContent = error.errors?.[0]?.detail || error.message;
    } finally {
      busy = false;
    }
  }
  return form;
}
