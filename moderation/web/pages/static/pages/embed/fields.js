/** Fields of the form, each with its label, its note, and room for what is wrong with it. */
import { make } from "./dom.js";

export function field(label, note, input, kind = "") {
  return make("p", { class: `field ${kind}`, part: "field" }, make("label", { for: input.id }, label, " ", note && make("small", {}, note)), input);
}

export const choice = (name, label) =>
  make("p", { class: "wide" }, make("label", { class: "choice" }, make("input", { type: "checkbox", name }), " ", label));

/** Say beside a field what is wrong with it. */
export function mark(input, message) {
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.id}-error`);
  input.after(make("span", { class: "error", id: `${input.id}-error` }, message));
}

export function unmark(input) {
  if (input.getAttribute("aria-invalid")) input.nextElementSibling.remove();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

/** People type `example.org` where an address begins with a scheme. */
export function complete({ target }) {
  if (target.value && !target.value.includes(":")) target.value = `https://${target.value}`;
}
