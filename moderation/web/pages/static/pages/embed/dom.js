/** Elements: made without markup, so that no text can become any. */

/** Make an element: attributes by name, `on…` as listeners, children as nodes, text or lists of both. */
export function make(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

export function drawing(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter((child) => child || child === 0));
  return element;
}

/** A button that does something other than to send a form. */
export const action = (words, onclick, attributes = {}) =>
  make("button", { type: "button", class: "quiet", part: "action", onclick, ...attributes }, words);

/** Text that is only heard. */
export const unseen = (...words) => make("span", { class: "unseen" }, ...words);

const policy = globalThis.trustedTypes?.createPolicy("leave-a-reply", { createHTML: (html) => html });

/** Show what the server has rendered and sanitised: the only markup that is ever taken as such. */
export function render(element, html) {
  element.innerHTML = policy ? policy.createHTML(html) : html;
  return element;
}

/** Put the keyboard and the reader's eye on an element that can't usually have them. */
export function bring(element) {
  element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}
