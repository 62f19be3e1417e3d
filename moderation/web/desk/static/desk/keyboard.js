// Keyboard shortcuts of single keys. They can be switched off (WCAG 2.1, 2.1.4).
import { announce } from "./actions.js";
import { cards, currentCard, move } from "./cards.js";
import { anyPicked, pickBar, pickTo } from "./picks.js";
import { askReason } from "./reasons.js";
import { text } from "./texts.js";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const help = document.getElementById("help");
const isEnabled = () => localStorage.getItem("desk.keys") !== "0";

function press(key) {
  if (key === "j" || key === "k") return cards().length ? (move(key === "j" ? 1 : -1), true) : false;
  if (key === "?") return help ? (help.showModal(), true) : false;
  const selector = `[data-key="${CSS.escape(key)}"]`;
  // What is picked is decided about together.
  const card = "ars".includes(key) && anyPicked() ? pickBar : currentCard();
  if (key === "X") return pickUpTo(card);
  const visible = (element) => !element.closest("[hidden]");
  const outside = [...document.querySelectorAll(selector)].filter(
    (element) => visible(element) && !element.closest("#cards, #picks"),
  );
  const target = card?.querySelector(selector) || outside[0];
  if (target?.matches("[type=checkbox]")) target.click();
  else if (target?.matches("input, textarea")) target.focus();
  else if (target?.matches("summary")) open(target.parentElement);
  else if (target?.matches("[data-reasons]")) askReason(target);
  else if (target) target.click();
  else if ("arsenoixc".includes(key) && cards().length) announce(text("Choose a comment with j first."));
  return Boolean(target);
}

function pickUpTo(card) {
  const box = card?.querySelector('[name="pick"]');
  if (box) pickTo(box, true);
  return Boolean(box);
}

function open(details) {
  details.open = true;
  details.querySelector("textarea").focus();
}

export function handleKeys() {
  document.addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
    if (busy || event.isComposing || event.target.closest(TYPING)) return;
    if (!isEnabled() && event.key !== "?") return;
    if (document.querySelector("dialog[open]")) return;
    if (press(event.key)) event.preventDefault();
  });
  // A link from the queue opens a part of the page by its fragment.
  const target = location.hash && document.querySelector(`details${location.hash}`);
  if (target) open(target);
  const opener = document.querySelector("[data-help]");
  if (!opener || !help) return;
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  const box = document.getElementById("keys-on");
  box.checked = isEnabled();
  box.addEventListener("change", () => localStorage.setItem("desk.keys", box.checked ? "1" : "0"));
}
