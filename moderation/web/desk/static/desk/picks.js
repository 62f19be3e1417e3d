// Several cards are picked (`x`, or the box; with Shift all up to it) and decided as one.
import { post, remember, showProblem } from "./actions.js";
import * as cards from "./cards.js";
import { text } from "./texts.js";

const form = document.getElementById("picks");
const all = () => [...document.querySelectorAll('#cards .card:not(.leaving) [name="pick"]')];
const picked = () => all().filter((box) => box.checked);
let last = null;

export const anyPicked = () => Boolean(form) && picked().length > 0;
export const pickBar = form;

function count() {
  const number = picked().length;
  document.getElementById("picked").textContent = number ? text("%(number)s picked", { number }) : text("Those picked:");
}

// Sets all boxes between the last one that was set and this one.
export function pickTo(box, checked = box.checked) {
  const boxes = all();
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
  for (const one of from < 0 ? [box] : boxes.slice(from, to + 1)) one.checked = checked;
  last = box;
  count();
}

async function decide(button) {
  const data = new FormData(form, button);
  const chosen = picked().map((box) => box.closest(".card"));
  if (!chosen.length) return;
  const places = chosen.map(cards.placeOf);
  for (const card of chosen) cards.leave(card);
  form.elements.namedItem("reason").value = "";
  const response = await post(form.action, data);
  const refused = response.ok ? response.refused : [];
  for (const card of chosen) {
    const problem = refused.find((one) => one.comment === card.dataset.comment);
    if (!response.ok || problem) showProblem(card, problem ?? response);
    else cards.remove(card);
  }
  count();
  if (response.ok) remember(response, places);
}

export function handlePicks() {
  if (!form) return;
  document.getElementById("cards").addEventListener("click", (event) => {
    if (!event.target.matches('[name="pick"]')) return;
    if (event.shiftKey) return pickTo(event.target);
    last = event.target;
    count();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    decide(event.submitter);
  });
  form.addEventListener("reset", () => setTimeout(count));
}
