/** Create DOM elements without markup, so that no text is parsed as HTML. */

/** Create an element: attributes by name, `on…` as listeners; children are nodes, text or lists of both. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svgElement(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter((child) => child || child === 0));
  return element;
}

/** Create a button that submits no form. */
export const action = (label, onclick, attributes = {}) =>
  make("button", { type: "button", class: "quiet", part: "action", onclick, ...attributes }, label);

/** Create text for screen readers alone. */
export const visuallyHidden = (...text) => make("span", { class: "unseen" }, ...text);

/** Create a paragraph for errors beside the control that causes them. */
export const alertBox = (kind = "") => make("p", { class: `error ${kind}`, role: "alert" });

let policy; // Made when first needed: a second copy of the script, which shows nothing, may make no other.

/** Insert HTML that the server has rendered and sanitised: the only HTML that is ever parsed here. */
export function setHtml(element, html) {
  policy ??= globalThis.trustedTypes?.createPolicy("leave-a-reply", { createHTML: (text) => text });
  element.innerHTML = policy ? policy.createHTML(html) : html;
  return element;
}

/** Focus an element that isn't usually focusable, and scroll `seen`, or all of it, into view. */
export function focusOn(element, { seen = element, block = "nearest" } = {}) {
  element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
  // What is higher than the window is read from its beginning.
  seen.scrollIntoView({ block: block === "center" && seen.offsetHeight > innerHeight ? "start" : block });
}
