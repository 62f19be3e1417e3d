// Focus mode (`f`): one comment at a time, large, with the progress; a swipe decides on a phone.
import { cards, currentCard, go, removedCount } from "./cards.js";
import { askReason } from "./reasons.js";
import { text } from "./texts.js";

const desk = document.getElementById("desk");
const bar = document.getElementById("focus-bar");
const list = document.getElementById("cards");
const button = document.querySelector("[data-focus]");
// How far a finger moves before it decides, in CSS pixels.
const FAR = 90;
let waiting = 0; // How many waited when the numbers came last, and how many were decided then.
let decidedThen = 0;

const isOn = () => desk.classList.contains("focus-mode");

function toggle(on) {
  localStorage.setItem("desk.focus", on ? "1" : "0");
  desk.classList.toggle("focus-mode", on);
  button.setAttribute("aria-pressed", on);
  bar.hidden = !on;
  if (on && cards().length) go(currentCard() || cards()[0]);
  count();
}

function count() {
  const decided = removedCount();
  const total = Math.max(waiting + decidedThen, decided + cards().length);
  const progress = bar.querySelector("progress");
  progress.max = total || 1;
  progress.value = decided;
  bar.querySelector("output").textContent = text("%(decided)s of %(total)s decided", { decided, total });
}

function swipe(card, distance) {
  const name = distance > 0 ? "a" : "r";
  const target = card.querySelector(`form[data-act] [data-key="${name}"]`);
  if (target?.matches("[data-reasons]")) askReason(target);
  else target?.click();
}

function handleSwipes() {
  let start = null;
  list.addEventListener("touchstart", (event) => {
    const card = event.target.closest(".card.current");
    const [touch] = event.touches;
    start = isOn() && card && event.touches.length === 1 ? { card, x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  const moved = (event) => {
    const [touch] = event.changedTouches;
    const x = touch.clientX - start.x;
    return Math.abs(x) > 2 * Math.abs(touch.clientY - start.y) ? x : 0;
  };
  list.addEventListener("touchmove", (event) => {
    if (!start) return;
    const x = moved(event);
    start.card.style.translate = `${x}px`;
    start.card.dataset.swipe = Math.abs(x) < FAR ? "" : x > 0 ? "approve" : "reject";
  }, { passive: true });
  const end = (event) => {
    if (!start) return;
    const { card } = start;
    const x = event.type === "touchend" ? moved(event) : 0;
    start = null;
    card.style.translate = "";
    delete card.dataset.swipe;
    if (Math.abs(x) >= FAR) swipe(card, x);
  };
  list.addEventListener("touchend", end);
  list.addEventListener("touchcancel", end);
}

export function handleFocusMode() {
  if (!button) return;
  button.hidden = false;
  for (const one of document.querySelectorAll("[data-focus], #focus-bar button")) {
    one.addEventListener("click", () => toggle(!isOn()));
  }
  list.addEventListener("focusin", count);
  document.addEventListener("desk:counted", (event) => {
    waiting = event.detail.matching;
    decidedThen = removedCount();
    count();
  });
  handleSwipes();
  if (localStorage.getItem("desk.focus") === "1") toggle(true);
}
