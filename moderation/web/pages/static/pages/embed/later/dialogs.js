/** Small forms below a comment: report, edit, delete. The reset event closes one; what is typed stays as a draft. */
import { alertBox, explain, focusOn, make, storage } from "./kit.js";
import { followerOf } from "./follow.js";

/** Return a form to report a comment to the moderators. */
export function report(entry) {
  const { language, api, reader } = entry.thread;
  const { gettext } = language;
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
  const text = draft(make("textarea", { name: "text", rows: 2, maxlength: 1000, dir: "auto" }), `report ${entry.comment.id}`);
  const send = async (values) => {
    await api.post(`comments/${entry.comment.id}/report`, { ...values, reader_token: reader?.reader_token });
    text.forget();
    entry.close();
    entry.thread.announce(gettext("Thank you. The moderators will look at that reply."));
    focusOn(entry.item, { seen: entry.article });
  };
  return dialog(
    entry,
    gettext("Send report"),
    send,
    make("fieldset", {}, make("legend", {}, gettext("Why should the moderators look at this reply?")), choices),
    make("label", {}, make("span", {}, gettext("Anything to add?"), " ", make("small", {}, gettext("optional"))), text.area),
  );
}

/** Fetch the Markdown of an own comment, and return a form to edit it. Throws ApiError. */
export async function edit(entry) {
  const { language, api } = entry.thread;
  const { gettext } = language;
  const path = `comments/${entry.comment.id}`;
  const { body } = await api.get(path);
  const text = draft(make("textarea", { name: "body", rows: 6, required: true, dir: "auto" }), `edit ${entry.comment.id}`, body);
  const save = async (values) => {
    if (!values.body.trim()) return gettext("This is needed.");
    const comment = await api.request(path, { method: "PATCH", payload: values });
    text.forget();
    changed(entry, comment, gettext("Your change is being looked at."));
  };
  return dialog(entry, gettext("Save"), save, make("label", {}, gettext("Your reply"), text.area));
}

/** Return a form to confirm that an own comment is to be deleted. */
export function remove(entry) {
  const { language, api } = entry.thread;
  const { gettext } = language;
  const send = async () => {
    await api.request(`comments/${entry.comment.id}`, { method: "DELETE" });
    changed(entry, { ...entry.comment, status: "deleted", state: "deleted", settled: true }, gettext("Your reply is deleted."));
  };
  return dialog(entry, gettext("Delete"), send, make("p", {}, gettext("Delete this reply for good?")));
}

/** Show what became of a change by the reader, and say so. */
function changed(entry, comment, message) {
  const follower = followerOf(entry.thread);
  entry.close();
  follower.change(entry, comment);
  follower.add(entry);
  entry.thread.announce(message);
  focusOn(entry.item, { seen: entry.article });
}

/** Keep what is typed in a text area until it is sent. */
function draft(area, key, text = "") {
  area.value = storage.read(key, text);
  area.addEventListener("input", () => storage.write(key, area.value !== text && area.value));
  return { area, forget: () => storage.write(key, "") };
}

/** Return a form that calls back with its values; what that returns, or the words of an error, are shown in it. */
function dialog({ thread }, label, onSubmit, ...content) {
  const { gettext } = thread.language;
  const alert = alertBox();
  const buttons = make("p", { class: "buttons" }, make("button", { part: "button" }, label), make("button", { type: "reset", class: "quiet", "data-cancel": true }, gettext("Cancel")));
  const form = make("form", { class: "dialog", part: "dialog", oninput: () => (alert.textContent = ""), onsubmit: submit }, content, alert, buttons);
  let busy = false;

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    alert.textContent = "";
    try {
      alert.textContent = (await onSubmit(Object.fromEntries(new FormData(form)))) || "";
    } catch (error) {
      alert.textContent = explain(error, thread.language);
      thread.tellError(error);
    } finally {
      busy = false;
    }
  }
  return form;
}
