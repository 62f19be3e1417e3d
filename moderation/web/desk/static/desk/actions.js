// Decides, undoes, escalates and adds notes without leaving the page.
import * as cards from "./cards.js";
import { countSoon } from "./counts.js";
import { text } from "./texts.js";

const UNREACHABLE = text("The server could not be reached. Nothing was recorded.");
const bar = document.getElementById("undo-bar");
const undoable = []; // Decisions that can be undone, the latest last.

// Announces a text to screen readers.
export function announce(words) {
  const region = document.getElementById("announcement");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = words));
}

export async function post(url, data) {
  if (!data.has("csrfmiddlewaretoken")) {
    data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  }
  try {
    const response = await fetch(url, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson) return { ok: response.ok, ...(await response.json()) };
    const missing = response.status === 404 ? text("This comment is gone.") : UNREACHABLE;
    return { ok: false, problem: response.redirected ? text("Sign in again, please.") : missing };
  } catch {
    return { ok: false, problem: UNREACHABLE };
  }
}

async function decide(form, button) {
  const card = form.closest(".card");
  if (card.classList.contains("leaving")) return;
  const data = new FormData(form);
  data.set(button.name, button.value);
  const places = [cards.placeOf(card)];
  cards.leave(card);
  const response = await post(form.action, data);
  if (!response.ok) return showProblem(card, response);
  cards.remove(card);
  remember(response, places);
}

// Offers to undo what was decided; `places` are where its cards stood, from the top.
export function remember(response, places) {
  undoable.push({ ...response, places, until: Date.now() + response.seconds * 1000 });
  announce(response.message);
  showUndo();
  countSoon();
}

// Shows why a request was refused, on the comment's present card.
export function showProblem(card, response) {
  let current = card;
  if (response.card) current = cards.put(response.card, { old: card });
  else cards.restore(card);
  current.querySelector(".problem")?.remove();
  const problem = document.createElement("p");
  problem.className = "notice problem";
  problem.textContent = response.problem;
  current.prepend(problem);
  announce(response.problem);
}

async function undo() {
  const last = undoable.pop();
  if (!last) return announce(text("There is nothing to undo."));
  showUndo();
  const data = new FormData();
  for (const decision of last.decisions ?? []) data.append("decision", decision);
  const response = await post(last.undo, data);
  announce(response.ok ? response.message : response.problem);
  const returned = response.cards ?? [response];
  // From below, so that the place of each is there.
  for (const place of last.places.reverse()) {
    const card = returned.find((one) => one.comment === place.comment)?.card;
    if (card) cards.put(card, { place });
  }
  countSoon();
}

function showUndo() {
  const last = undoable.at(-1);
  const hadFocus = bar.contains(document.activeElement);
  bar.hidden = !last;
  if (!last) return hadFocus && cards.go(cards.currentCard() || cards.cards()[0]);
  const left = Math.ceil((last.until - Date.now()) / 1000);
  document.getElementById("undo-message").textContent = last.message;
  document.getElementById("undo-until").textContent =
    left > 0 ? text("Nobody is told for %(seconds)s s", { seconds: left }) : text("Undo sends a correction");
}

const DIALOG_TEXTS = {
  escalate: [
    text("Leave it to the owners"),
    text("Why should they look? (may be empty)"),
    text("Escalate"),
  ],
  reply: [
    text("Publish and reply"),
    text("Stands below the comment, with the badge of the staff"),
    text("Publish reply"),
  ],
  remark: [
    text("Note about the author"),
    text("For colleagues; the author never sees it"),
    text("Write note"),
  ],
};

function openDialog(link) {
  const dialog = document.getElementById("text-dialog");
  const field = document.getElementById("text-dialog-text");
  const [title, label, yes] = DIALOG_TEXTS[link.dataset.dialog];
  document.getElementById("text-dialog-title").textContent = title;
  document.getElementById("text-dialog-label").textContent = label;
  document.getElementById("text-dialog-yes").textContent = yes;
  field.value = "";
  const kind = link.dataset.dialog;
  const quote = document.getElementById("text-dialog-quote");
  field.required = kind !== "escalate";
  field.maxLength = kind === "reply" ? 10_000 : 1000;
  quote.hidden = kind !== "reply";
  quote.firstElementChild.checked = false;
  const card = link.closest(".card");
  dialog.returnValue = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return cards.go(card);
    const data = new FormData();
    data.set("text", field.value);
    data.set("revision", card.dataset.revision);
    data.set("status", card.dataset.status);
    if (quote.firstElementChild.checked) data.set("quote", "1");
    const response = await post(link.dataset.to, data);
    if (!response.ok) return showProblem(card, response);
    if (response.card) cards.put(response.card, { old: card });
    else {
      cards.leave(card);
      cards.remove(card);
    }
    announce(response.message);
    countSoon();
  };
  dialog.showModal();
  field.focus();
}

export function handleActions() {
  if (!bar) return;
  document.addEventListener("submit", (event) => {
    if (event.target === bar) {
      event.preventDefault();
      undo();
    } else if (event.target.matches("form[data-act]")) {
      event.preventDefault();
      decide(event.target, event.submitter);
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openDialog(link);
  });
  document.getElementById("text-dialog").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.getElementById("text-dialog-yes").click();
    }
  });
  setInterval(showUndo, 1000);
}
