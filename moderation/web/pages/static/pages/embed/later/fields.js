/** Form fields with their labels, notes and error messages. */
import { make } from "./kit.js";

/** The fields about the author, which are kept on request. */
export const REMEMBERED = ["author_name", "author_email", "author_url"];

export function field(label, note, input, kind = "") {
  // What is wrong is gone as soon as somebody mends it.
  input.addEventListener("input", () => clearInvalid(input));
  return make("p", { class: `field ${kind}`, part: "field" }, make("label", { for: input.id }, label, " ", note && make("small", {}, note)), input);
}

export const checkbox = (name, label) =>
  make("p", { class: "wide" }, make("label", { class: "choice" }, make("input", { type: "checkbox", name }), " ", label));

/** Show an error message beside a field, linked for screen readers. */
export function markInvalid(input, message) {
  clearInvalid(input);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.id}-error`);
  input.after(make("span", { class: "error", id: `${input.id}-error` }, message));
}

export function clearInvalid(input) {
  if (input.getAttribute("aria-invalid")) input.nextElementSibling.remove();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

/** Put a scheme before a URL that was typed without one, such as `example.org`. */
export function completeUrl({ target }) {
  if (target.value && !target.value.includes(":")) target.value = `https://${target.value}`;
}
